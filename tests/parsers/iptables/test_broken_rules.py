"""Rules that a terminal broke: of one that goes on in the next line, what both readings do is sure."""

from __future__ import annotations

import pytest

from tests.oracle.judge import Judge, Way, of_iptables
from tests.oracle.plan import INGRESS, PLANS
from tests.oracle.probes import SYN, TCP, Probe

SURE, OPEN = ("permit", "undecided"), ("undecided", "undecided")
ALONE = "-A FORWARD -j ACCEPT -p tcp"


def _fates(*lines: str) -> tuple[str, ...]:
    """What becomes of SYN packets to ports 80 and 443."""
    text = "\n".join(("*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", *lines,
                      "COMMIT", ""))
    ends = PLANS[4].clients.address(5), PLANS[4].servers.address(9)
    judge, way = Judge(of_iptables(4, text), 4), Way.by("forward", INGRESS[0])
    return tuple(judge.judge(way, Probe(4, TCP, *ends, 50000, port, SYN), "NEW").verdict
                 for port in (80, 443))


@pytest.mark.parametrize(("head", "rest", "fates"), [
    (ALONE, "--dport 80", SURE), (ALONE, "! --dport 443", SURE),
    (f"{ALONE} -m multiport", "--ports 80", SURE), (ALONE, "-m comment --comment web", ("permit", "permit")),
    (f"{ALONE} -m comment --comment", "web", ("permit", "permit")),
    ("-A FORWARD -j ACCEPT -m conntrack ! --ctstate INVALID", "-p tcp --dport 80", SURE),
    ("-A FORWARD -p tcp --dport 80 -j", "ACCEPT", ("undecided", "deny")),  # alone it is no rule
    ("-A FORWARD -p tcp --dport 8", "0 -j ACCEPT", OPEN), (f"{ALONE} -m limit", "--limit 3/s", OPEN),
    # what a packet without a connection does is another half of the test: no longer one product
    ("-A FORWARD -j ACCEPT -m conntrack ! --ctstate INVALID", "--ctproto 6", OPEN)])
def test_what_both_readings_do_is_sure(head: str, rest: str, fates: tuple[str, ...]) -> None:
    assert _fates(head, rest) == fates


@pytest.mark.parametrize("test", ["-m set --return-nomatch", "-m set --match-set x", "-m set"])
def test_a_match_that_lost_its_set_may_hold_for_anything(test: str) -> None:
    assert _fates(f"-A FORWARD {test} -j ACCEPT") == OPEN


@pytest.mark.parametrize("between", ["", " "])
def test_two_rules_in_one_line_may_be_about_any_packet(between: str) -> None:
    """iptables-restore refuses such a line: it was two, and neither asks for what the other one does."""
    line = f"-A FORWARD -p udp --dport 135 -j DROP{between}-A FORWARD -p tcp --dport 443 -j DROP"
    assert _fates(line, "-A FORWARD -j ACCEPT") == OPEN


@pytest.mark.parametrize("words", ['-m comment --comment "zone-A"', "-m comment --comment zone-A -m tcp", ""])
def test_names_and_comments_may_end_as_a_rule_begins(words: str) -> None:
    fates = _fates("-N ZONE-A", f"-A FORWARD -p tcp {words} -j ZONE-A", "-A ZONE-A -j ACCEPT")
    assert fates == ("permit", "permit")
