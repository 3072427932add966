"""Which requirements hang on which lines, each expectation as a person sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import analyse
from aclproof.linter.site import reader
from aclproof.linter.usage import usage as module
from aclproof.linter.usage.records import LIMIT, FirewallUsage, LineUse
from aclproof.linter.usage.usage import usage

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
DAY = date(2026, 1, 15)
SITE = """\
pack: configmgr-2007
methods: [group-policy]
settings: {{mode: mixed}}
roles: {{client: 10.20.0.0/16, management-point: 10.1.1.11}}
firewalls: [{{name: fw, config: fw.cfg{more}}}]
"""
ASA = """\
ASA Version 9.16(4)
hostname fw
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 0
 ip address 10.20.0.1 255.255.0.0
{}
access-group IN in interface clients
: end
"""
IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:SITE - [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
{}
COMMIT
"""


def used(tmp_path: Path, config: str, more: str = "") -> FirewallUsage:
    (tmp_path / "fw.cfg").write_text(config)
    (tmp_path / "aclproof.yaml").write_text(SITE.format(more=more))
    found, = usage(analyse(reader.read(tmp_path / "aclproof.yaml"), DAY), DAY).firewalls
    return found


def told(uses: tuple[LineUse, ...]) -> list[tuple[str, str, bool]]:
    """Of each rule its last words, what is lost without it, and whether that is a warning."""
    return [(" ".join(use.line.span.text.split()[-4:]), use.dependents[0].share, bool(use.only_any_any))
            for use in uses if use.line.kind == "rule"]


def asa(tmp_path: Path, *entries: str) -> FirewallUsage:
    return used(tmp_path, ASA.format("\n".join(f"access-list IN extended {each}" for each in entries)))


WEB = "permit tcp any host 10.1.1.11 eq www"


@pytest.mark.parametrize(("entries", "expected"), [
    ([WEB, "deny ip any any"], [("host 10.1.1.11 eq www", "all", False)]),
    ([WEB, "permit ip any any"], [("host 10.1.1.11 eq www", "none", False)]),
    ([WEB, WEB.replace("any", "10.20.0.0 255.255.0.0")], [("host 10.1.1.11 eq www", "none", False)]),
    ([WEB.replace("any", "10.20.0.0 255.255.128.0"), WEB.replace("any", "10.20.128.0 255.255.128.0")],
     [("host 10.1.1.11 eq www", "part", False), ("host 10.1.1.11 eq www", "part", False)]),
    (["permit udp any any eq domain", "permit ip any any"], [("permit ip any any", "all", True)]),
    (["permit tcp any any eq www", "permit ip any any"], [("any any eq www", "none", False)]),
])
def test_alone_in_part_or_not_alone(tmp_path: Path, entries: list[str],
                                    expected: list[tuple[str, str, bool]]) -> None:
    assert told(asa(tmp_path, *entries).lines) == expected


def test_the_last_line_of_a_list_takes_the_list_with_it(tmp_path: Path) -> None:
    """Then the levels decide: what comes from the clients does not pass, what comes from the servers does."""
    found = asa(tmp_path, "permit ip any any")
    assert told(found.lines) == [("permit ip any any", "all", True)]
    swapped = ASA.replace("level 100", "level 9").replace("level 0", "level 90").format(
        "access-list IN extended permit ip any any")
    assert told(used(tmp_path, swapped).lines) == [("permit ip any any", "none", False)]


def test_a_jump_is_needed_as_much_as_the_rule_that_it_leads_to(tmp_path: Path) -> None:
    found = used(tmp_path, IPTABLES.format(
        "-A FORWARD -d 10.1.1.11/32 -j SITE\n-A FORWARD -d 10.1.1.12/32 -j SITE\n"
        "-A SITE -s 10.20.7.0/24 -j RETURN\n-A SITE -p tcp --dport 80 -j ACCEPT\n"
        "-A FORWARD -s 10.20.7.0/24 -p tcp --dport 80 -j ACCEPT"))
    assert told(found.lines) == [
        ("--ctstate ESTABLISHED,RELATED -j ACCEPT", "all", False), ("-d 10.1.1.11/32 -j SITE", "part", False),
        ("--dport 80 -j ACCEPT", "part", False), ("--dport 80 -j ACCEPT", "part", False)]
    assert [each.text for each in found.idle] == ["-A FORWARD -d 10.1.1.12/32 -j SITE",
                                                  "-A SITE -s 10.20.7.0/24 -j RETURN"]
    roles = {use.line.span.text: use.dependents[0].roles for use in found.lines}
    assert roles["-A FORWARD -d 10.1.1.11/32 -j SITE"] == ("leads",)


def test_everything_in_a_chain_that_others_send_to_is_not_everything(tmp_path: Path) -> None:
    found = used(tmp_path, IPTABLES.format("-A FORWARD -d 10.1.1.11/32 -j SITE\n-A SITE -j ACCEPT"))
    assert [each for each in told(found.lines) if each[2]] == []
    found = used(tmp_path, IPTABLES.format("-A FORWARD -j ACCEPT"))
    assert [each for each in told(found.lines) if each[2]] == [("-A FORWARD -j ACCEPT", "all", True)]


def test_a_policy_is_told_and_not_tried(tmp_path: Path) -> None:
    found = used(tmp_path, "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p udp -j ACCEPT\nCOMMIT\n")
    (policy,) = found.lines
    assert (policy.line.kind != "rule", policy.dependents[0].share) == (True, "not-tried")
    assert len(found.idle) == found.idle_permits == 1


def test_a_line_of_a_site_that_is_not_met_is_told_by_what_it_lets_pass(tmp_path: Path) -> None:
    half = WEB.replace("any", "10.20.0.0 255.255.128.0")
    use, = asa(tmp_path, half, "deny ip any any").lines
    assert (use.dependents[0].verdict.value, use.dependents[0].share) == ("missing", "all")


def test_what_many_lines_would_take_is_said_not_to_be_tried(tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_LINES", 1)
    first, second = asa(tmp_path, WEB.replace("any", "10.20.0.0 255.255.128.0"),
                        WEB.replace("any", "10.20.128.0 255.255.128.0")).lines
    assert (first.not_tried, first.dependents[0].share) == ("", "part")
    assert (second.not_tried, second.dependents[0].share) == (LIMIT, "not-tried")


def test_names_are_those_of_objects_groups_and_time_ranges() -> None:
    site = reader.read(SITES / "branch" / "aclproof.yaml")
    found, = usage(analyse(site, DAY), DAY).firewalls
    names = {use.line.span.first_line: [each.text for each in use.line.names] for use in found.lines}
    assert names[63] == ["object network DP1", "time-range OFFICE-HOURS"]
    assert names[69] == ["object network SITE-SERVER"]


def test_lines_that_translate_or_exempt_from_it_are_told() -> None:
    for name in ("nat-published-servers", "native-works", "linux-dnat"):
        site = reader.read(SITES / name / "aclproof.yaml")
        found = usage(analyse(site, DAY), DAY)
        assert any("translates" in each.roles for firewall in found.firewalls for use in firewall.lines
                   for each in use.dependents), name


def test_only_the_firewalls_that_are_named() -> None:
    site = reader.read(SITES / "windows-three-vendors" / "aclproof.yaml")
    analysis = analyse(site, DAY)
    names = [each.name for each in site.firewalls]
    assert [each.name for each in usage(analysis, DAY, names[1:2]).firewalls] == names[1:2]
    assert [each.name for each in usage(analysis, DAY).firewalls] == names
