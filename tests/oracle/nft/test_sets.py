"""The engine of sets on nftables: what it says of a demand is what the kernel does with the packets in it."""

from __future__ import annotations

import pytest

from tests.oracle import demands, traffic
from tests.oracle.demands import SAMPLE
from tests.oracle.judge import Way
from tests.oracle.kernel import Kernel
from tests.oracle.nft import rulesets
from tests.oracle.nft.differential import as_listed, read
from tests.oracle.nft.scale import RULESETS
from tests.oracle.plan import HOOKS, INGRESS, LOOPBACK, PLANS, Hook
from tests.oracle.probes import ACK, PSH, SYN, TCP
from tests.oracle.traffic import Shot

_PLAIN = frozenset({SYN})
_SEVERAL = frozenset({SYN, ACK, PSH | ACK})
"""All of them are NEW when they come first."""
_MAY_STAY_OPEN = ("ct original", "ct protocol", "map")
"""What may treat the packets of one demand each in its own way, and so leave a part of it undecided."""


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("family", PLANS)
def test_every_packet_of_a_part_fares_as_the_part(kernel: Kernel, family: int, hook: Hook) -> None:
    seen = {True: 0, False: 0}
    for seed in range(3000, 3000 + 3 * RULESETS):
        if seed >= 3000 + RULESETS // 2 and min(seen.values()) >= SAMPLE:
            break
        ruleset = as_listed(kernel, rulesets.make(seed, family, hook))
        rng = ruleset.constants.rng
        kernel.load_native(ruleset.loaded)
        way = Way.by(hook, LOOPBACK if hook == "output" else rng.choice(INGRESS))
        demand = demands.draw(ruleset)
        flags = rng.choice((_PLAIN, _PLAIN, _SEVERAL)) if demand.protocol == TCP else _PLAIN
        parts = read(ruleset).sets(way, demand, "NEW", flags)
        if len(flags) == 1 and not ruleset.leaves_open and not any(
                word in ruleset.loaded for word in _MAY_STAY_OPEN):
            assert not parts["undecided"], f"{ruleset}\n{demand}\n{parts['undecided']}"
        for name, wanted in (("permitted", True), ("denied", False)):
            shots = [Shot(way.ingress or LOOPBACK, each)
                     for each in demands.sample(rng, demand, parts[name], flags)]
            for batch in traffic.batches(ruleset, shots):
                passed = kernel.send(hook, [(shot.by, shot.probe) for shot in batch])
                wrong = [shot for shot, each in zip(batch, passed, strict=True) if each is not wanted]
                assert not wrong, f"{ruleset}\n{demand}, {flags}: {name}, but {wrong[0]!r}"
                seen[wanted] += len(batch)
    assert min(seen.values()) >= SAMPLE
