"""Random policies of an ASA with packets at the edges of everything that they speak about."""

from __future__ import annotations

from random import Random

from tests.oracle.translated import asa_nft, asa_packets, asa_random, asa_text
from tests.oracle.translated.asa_policy import Policy
from tests.oracle.translated.faults import NO_FAULT, Fault
from tests.oracle.translated.trials import Trial


def make(seed: int, packets: int, fault: Fault[Policy] = NO_FAULT) -> Trial:
    """Make the trial of a number."""
    policy, edges = asa_random.make(seed)
    worlds = asa_nft.worlds(fault.policy(policy))
    sent = asa_packets.draw(Random(f"packets {seed}"), policy, edges, packets)
    return Trial(f"--vendor asa --seed {seed} --rulesets 1",
                 {"judged.cfg": fault.text(asa_text.text(policy))}, tuple(map(fault.rules, worlds)),
                 "forward", sent, asa_packets.whereabouts)
