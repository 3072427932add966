"""What is told with a verdict: what it relies on, what cures it, and which line let the packets pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import DemandResult
from aclproof.linter.site import reader
from tests.asa_edge import INTERFACES
from tests.reports.cases import result_of

WMI = "enable the group 'Windows Management Instrumentation (WMI)' for the Domain profile"
SHARING = "enable the group 'File and Printer Sharing' for the Domain profile"


def of(site: str, name: str) -> DemandResult:
    return next(each for each in result_of(site).demands if each.requirement.id == f"CM2007-{name}")


@pytest.mark.parametrize(("site", "name", "told"), [
    ("dcerpc-inspection", "PUSH-RPC", ["relies on 'inspect dcerpc', which opens the port that RPC agrees on "
                                       "over TCP 135"]),
    ("dcerpc-settled", "PUSH-RPC", []),  # the site file says it
    ("dcerpc-inspection", "PUSH-ECHO", []),
    ("linux-reply-missing", "PUSH-SMB", []),
])
def test_what_a_rule_that_permits_relies_on(site: str, name: str, told: list[str]) -> None:
    assert [each.split(maxsplit=1)[1] for each in of(site, name).caveats] == told


@pytest.mark.parametrize(("site", "name", "advice", "cure"), [
    ("windows-nothing-open", "PUSH-ECHO", SHARING, ""),
    ("windows-nothing-open", "PUSH-SMB", SHARING, ""),
    ("windows-nothing-open", "PUSH-RPC", WMI, ""),
    ("windows-nothing-open", "PUSH-EPM-UDP", "", ""),
    ("show-access-list", "PUSH-RPC", "", ""),  # a list alone: what inspects is not known
    ("echo-without-inspection", "PUSH-ECHO", "",
     "let the firewall follow ICMP (inspect icmp), or permit the echo reply"),
    ("linux-reply-missing", "SWD-SMB", "", "accept what belongs to a connection (state ESTABLISHED)"),
])
def test_what_cures_it(site: str, name: str, advice: str, cure: str) -> None:
    assert [(each.advice, each.reply_cure) for each in of(site, name).missing] == [(advice, cure)]


def test_a_firewall_is_passed_the_way_that_requests_take() -> None:
    assert [hop.ways for hop in of("dcerpc-inspection", "PUSH-ECHO").hops] == [("servers -> clients",)]


def test_rules_come_first_and_then_requests_and_the_biggest_part(tmp_path: Path) -> None:
    (tmp_path / "fw.v4").write_text("""\
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -s 10.20.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.20.128.0/17 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
""")
    (tmp_path / "aclproof.yaml").write_text("""\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [10.20.0.0/16], management-point: [10.1.1.11]}
firewalls: [{name: fw, config: fw.v4}]
""")
    demand, = (each for each in check(reader.read(tmp_path / "aclproof.yaml")).demands if each.evidence)
    assert [(each.permitted_by.span.first_line, each.leg) for each in demand.evidence] == [
        (5, "request"), (4, "request"), (3, "reply"), (3, "follow-up"), (2, "request")]


@pytest.mark.parametrize(("site", "name", "parts"), [
    ("identity-rules", "MAN-SHARE", [(34, True), (35, False)]),  # who is permitted, and who is denied
    ("time-range-open", "PUSH-SMB", [(28, True)]),
    ("time-range-open", "PUSH-MP-HTTP", [(33, False)]),
    ("linux-ipv4-only", "GPO-MP-HTTP", [(None, False), (None, False)]),  # what no file shows has no line
])
def test_with_which_answer_more_passes_and_which_line_asks(site: str, name: str,
                                                           parts: list[tuple[int | None, bool]]) -> None:
    assert [(each.line.span.first_line if each.line else None, each.questions[0].passing)
            for each in of(site, name).undecided] == parts


@pytest.mark.parametrize(("site", "name", "asked"), [
    ("time-range-open", "PUSH-SMB", {("time-range MAINTENANCE", "active-inactive")}),
    ("fqdn-open", "SUP-HTTPS", {("fqdn wsus.example.com", "addresses")}),
    ("bound-list-not-in-file", "PUSH-ECHO", {("", None)}),  # only the list itself answers it
])
def test_how_a_question_is_answered(site: str, name: str, asked: set[tuple[str, str | None]]) -> None:
    assert {(each.key, each.answers) for part in of(site, name).undecided for each in part.questions} == asked


def test_a_question_about_an_interface_names_the_roles_of_both_ends() -> None:
    part, = of("linux-interfaces-unnamed", "SWD-SMB").undecided
    assert [each.partition("file: ")[2] for each in part.because] == [
        "'interfaces: {client: eth1}'", "'interfaces: {distribution-point: eth0}'"]


def test_a_line_that_may_send_packets_anywhere_is_quoted(tmp_path: Path) -> None:
    """Two servers under one address: to which of them a connection goes is not known."""
    (tmp_path / "fw.cfg").write_text(f"""\
ASA Version 9.16(4)
hostname edge
{INTERFACES}object network ALL-OF-THEM
 host 198.51.100.9
object network SERVERS
 range 10.30.0.10 10.30.0.11
 nat (dmz,outside) static ALL-OF-THEM
access-list IN extended permit ip any any
access-group IN in interface outside
: end
""")
    (tmp_path / "aclproof.yaml").write_text("""\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [198.51.100.128/25], management-point: [198.51.100.9]}
firewalls: [{name: edge, config: fw.cfg}]
""")
    demands = check(reader.read(tmp_path / "aclproof.yaml")).demands
    part, = (part for each in demands for part in each.undecided)
    assert part.line
    assert part.line.text == "nat (dmz,outside) static ALL-OF-THEM"
