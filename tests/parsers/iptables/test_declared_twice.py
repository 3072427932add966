"""Chains that a rule file makes twice: the older back end refuses the file, the nft one empties the chain.

Both were asked (iptables 1.8.9): `iptables-legacy-restore` says *File exists* and loads nothing, and
`iptables-nft-restore` keeps no rule that the chain had before its second declaration.
"""

from __future__ import annotations

import pytest

from tests.oracle.judge import Judge, Way, of_iptables
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

HEAD = ("*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]")
MADE = ("-A OURS -p tcp -j ACCEPT", "-A FORWARD -j OURS")


def _fate(*lines: str) -> str:
    """What becomes of a SYN packet that a router forwards."""
    text = "\n".join((*HEAD, *lines, "COMMIT", ""))
    ends = PLANS[4].clients.address(5), PLANS[4].servers.address(9)
    judge, way = Judge(of_iptables(4, text), 4), Way.by("forward", INGRESS[0])
    return judge.judge(way, Probe(4, TCP, *ends, 50000, 80, SYN), "NEW").verdict


@pytest.mark.parametrize("first", [":OURS - [0:0]", "-N OURS"])
@pytest.mark.parametrize("again", [":OURS - [0:0]", "-N OURS"])
def test_a_chain_that_is_made_twice_is_open(first: str, again: str) -> None:
    assert _fate(first, *MADE) == "permit"
    assert _fate(first, *MADE, again) == "undecided"


def test_a_chain_of_the_kernel_may_be_said_twice() -> None:
    assert _fate(":OURS - [0:0]", *MADE, ":FORWARD DROP [0:0]") == "permit"
    assert _fate(":OURS - [0:0]", *MADE, ":FORWARD - [0:0]") == "permit"
