"""`check --checks`: what each check names, and that every report that lists findings has it."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import jsonschema
import pytest

from aclproof import parsers
from aclproof.linter import schemas
from aclproof.linter.audit.checks import audit
from aclproof.linter.cli import run
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.observation import CHECKS, CheckId
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.reports.explain.glossary import CHECKS as EXPLAINED
from aclproof.linter.reports.writing.observed import TITLES
from aclproof.linter.site import reader
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import from_bytes
from tests.reports.cases import NAMES

ROOT = Path(__file__).parents[2]
DAY = date(2026, 6, 1)
SITE = """pack: configmgr-2007
settings: {mode: native, client-os: windows-xp, schema-published: true, untrusted-clients: false}
roles: {client: [198.51.100.0/24], management-point: [10.30.0.10]}
firewalls:
  - {name: edge, config: grown.cfg, interfaces: {client: outside, management-point: dmz}}
"""
ASA = """ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
time-range OLD
 absolute end 12:00 01 March 2026
access-list IN extended permit tcp any any eq https time-range OLD
access-list IN extended permit udp any any eq domain time-range OLD inactive
access-list IN extended permit ip any any
access-list SPARE extended permit ip any any
access-list CRYPTO extended permit ip host 10.0.0.1 any
crypto map M 1 match address CRYPTO
access-group IN in interface outside
: end
"""
LINUX = """*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:used - [0:0]
:spare - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -j used
-A FORWARD -j ACCEPT
-A used -j ACCEPT
-A spare -j ACCEPT
COMMIT
"""


def _without_requirements(firewall: Firewall) -> Analysis:
    return cast(Analysis, SimpleNamespace(
        firewalls={"fw": firewall}, asking={"fw": firewall}, results=(), proofs={},
        judged_at=lambda name: iter(()), site=SimpleNamespace(firewalls=(), origin=None)))


def named(text: str, *checks: CheckId) -> list[tuple[str, int]]:
    firewall = parsers.parse_all([from_bytes(text.encode(), "fw")])
    site = _without_requirements(firewall)
    return [(each.check, each.span.first_line) for each in audit(site, checks, DAY).found]


def test_every_check_has_its_words() -> None:
    assert CHECKS.keys() == EXPLAINED.keys() == TITLES.keys()


LISTING = """access-list IN; 3 elements; name hash: 0x1
access-list IN line 1 extended permit tcp any host 10.0.0.1 eq www (hitcnt=7) 0x2
access-list IN line 2 extended permit tcp any host 10.0.0.2 eq www (hitcnt=0) 0x3
access-list IN line 3 extended permit tcp any host 10.0.0.3 eq www (hitcnt=0) 0x4
"""
SAVED = """*filter
:FORWARD DROP [9:9]
[12:840] -A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
[0:0] -A FORWARD -p tcp -m tcp --dport 81 -j ACCEPT
COMMIT
"""
LISTED = """Chain FORWARD (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
  12K  840K ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80
    0     0 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:81
"""
NFT = """table ip filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp dport 80 counter packets 12 bytes 840 accept
		tcp dport 81 counter packets 0 bytes 0 accept
		tcp dport 82 accept
	}
}
"""


@pytest.mark.parametrize(("text", "check", "lines"), [
    (LISTING, "no-hits", [3, 4]),
    (LISTING.replace("hitcnt=7", "hitcnt=0"), "no-hits", []),  # nothing was counted at all
    (SAVED, "no-hits", [4]),
    (LISTED, "no-hits", [4]),
    (NFT, "no-hits", [5]),  # the last rule does not count
    (ASA, "no-hits", []),
    (ASA.replace("time-range OLD", """object network USED
 host 10.0.0.1
object network SPARE-HOST
 host 10.0.0.2
object network TRANSLATED
 host 10.0.0.3
 nat (any,outside) static 192.0.2.3
object-group network GROUP
 network-object object USED
access-list IN extended permit tcp any object-group GROUP
time-range OLD""", 1), "unused-object", [8]),
    (ASA, "any-any", [10]),  # of a list that is bound
    (ASA, "expired-rule", [8]),  # not the one that is off anyway
    *((LINUX.replace("-A FORWARD", f"-A FORWARD -m time {test}"), "expired-rule", lines) for test, lines in (
        ("--datestop 2026-03-01T00:00:00", [9]), ("--datestop 2026-05-31T00:00:00", [9]),
        ("--datestop 2026-05-31T10:00:00", []),  # in some zone that is 1 June, the day of the audit
        ("--datestart 2026-03-01", []), ("--timestart 08:00 --timestop 10:00", []))),
    (ASA, "unbound-list", [11]),  # a crypto map uses the other one
    (LINUX, "any-any", [9]),  # lo is a test, and the chains are called for some packets
    ("*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j ACCEPT\nCOMMIT\n" + LINUX, "any-any", [13]),
    (LINUX, "unbound-list", [11]),
    (LINUX.replace("COMMIT", "-A INPUT --unheard-of 1 -j spare\nCOMMIT"), "unbound-list", []),
])
def test_what_is_named(text: str, check: CheckId, lines: list[int]) -> None:
    assert named(text, check) == [(check, line) for line in lines]


def perhaps(text: str, check: CheckId) -> dict[int, str]:
    firewall = parsers.parse_all([from_bytes(text.encode(), "fw")])
    site = _without_requirements(firewall)
    return {each.span.first_line: each.perhaps for each in audit(site, [check], DAY).found}


def test_what_a_doubt_could_change() -> None:
    """A list is unbound unless a line that was not read uses it; what a time range takes is dead in it."""
    known = LINUX.replace("COMMIT", "-A INPUT --unheard-of 1 -j ACCEPT\nCOMMIT")
    assert perhaps(LINUX, "unbound-list") == perhaps(known, "unbound-list") == {11: ""}
    assert perhaps(LINUX.replace("COMMIT", "nonsense\nCOMMIT"), "unbound-list") == {
        11: "whether lines use it that were not wholly read, such as fw:12"}
    at_night = ASA.replace("absolute end 12:00 01 March 2026", "periodic daily 22:00 to 23:59")
    assert perhaps(at_night, "covered-rule") == {}
    at_night = at_night.replace("permit ip any any\n", "permit ip any any time-range OLD\n"
                                "access-list IN extended deny tcp any host 10.0.0.1 eq 22\n", 1)
    night = "whether time-range OLD is active"
    assert perhaps(at_night, "shadowed-rule") == {11: night}
    assert perhaps(at_night, "any-any") == {10: night}
    over = at_night.replace("periodic daily 22:00 to 23:59", "absolute end 12:00 01 March 2026")
    assert perhaps(over, "shadowed-rule") == perhaps(over, "any-any") == {}


def test_a_clock_of_nft_that_ran_out() -> None:
    tests = {'meta time < "2026-03-01 00:00:00"': True, 'meta time "2026-01-01"-"2026-03-01 00:00:00"': True,
             'meta time != "2026-01-01"-"2026-03-01 00:00:00"': False, 'meta hour < "08:00"': False,
             'meta time > "2026-03-01 00:00:00"': False}
    for test, over in tests.items():
        assert bool(named(OF_PACKETS_NFT.format(test=test), "expired-rule")) == over, test


def test_until_is_kept_by_a_clock() -> None:
    """A remark that says until when its rule is for is right where the rule asks for that."""
    rule = '-A FORWARD -m comment --comment "until 2026-03-01" {} -j ACCEPT'
    text = LINUX.replace("-A FORWARD -j ACCEPT", rule)
    assert named(text.format("-m time --datestop 2026-03-01T23:59:59"), "contradicting-remark") == []
    assert len(named(text.format("-p tcp"), "contradicting-remark")) == 1


@pytest.mark.parametrize("text", [
    """ASA Version 9.16(4)
access-list IN extended permit tcp any host 10.0.0.1 eq 80
{between}
access-list IN extended permit tcp any any eq 80
access-group IN in interface outside
{after}
""", """*filter
:FORWARD DROP [0:0]
-A FORWARD -d 10.0.0.1 -p tcp --dport 80 -j ACCEPT
{between}
-A FORWARD -p tcp --dport 80 -j ACCEPT
COMMIT
{after}
""", """flush ruleset
table ip filter {{
	chain forward {{
		type filter hook forward priority filter; policy drop;
		ip daddr 10.0.0.1 tcp dport 80 accept
		{between}
		tcp dport 80 accept
	}}
	{after}
}}
"""])
def test_a_line_that_was_not_read_may_stand_between(text: str) -> None:
    """It may deny what the later one permits; one after both leaves them as they are."""
    unread = 'include "not-there.nft"' if "table" in text else "acess-list IN deny tcp any any eq 80"
    assert len(named(text.format(between="", after=""), "redundant-rule")) == 1
    assert named(text.format(between=unread, after=""), "redundant-rule") == []
    if "filter\n" not in text:
        assert len(named(text.format(between="", after=unread), "redundant-rule")) == 1


OF_PACKETS = LINUX.replace("-A FORWARD -j ACCEPT", """-A FORWARD {test} -j ACCEPT
-A FORWARD -s 10.0.0.0/8 -j DROP""")
OF_PACKETS_NFT = """table inet fw {{
	chain forward {{
		type filter hook forward priority filter; policy accept;
		{test} accept
		ip saddr 10.0.0.0/8 drop
	}}
}}
"""
OF_USERS = ASA.replace("permit ip any any\n", "permit ip user CORP\\\\ann any any\n"
                       "access-list IN extended deny tcp any host 10.0.0.1 eq 22\n", 1)


@pytest.mark.parametrize(("text", "lines"), [
    (OF_PACKETS.format(test="-m time --timestart 08:00:00 --timestop 18:00:00"), [9, 10]),
    *((OF_PACKETS.format(test=test), []) for test in (
        "-m mac --mac-source 00:11:22:33:44:55", "-m owner --uid-owner 33", "-m length --length 100:200",
        "-m policy --dir in --pol ipsec", "-m string --string x --algo bm", "-m dscp --dscp 0x2e")),
    (OF_PACKETS_NFT.format(test='meta hour "08:00"-"18:00"'), [4, 5]),
    *((OF_PACKETS_NFT.format(test=test), []) for test in (
        "meta skuid 33", "ether saddr 00:11:22:33:44:55", "meta length 100-200", "ip dscp 0x2e")),
    (OF_USERS, []),
])
def test_what_only_some_packets_have_is_no_doubt_about_all(text: str, lines: list[int]) -> None:
    """A test of the clock may hold for all packets at once: then a rule permits everything, and what stands
    after it is dead. One of a card, a user, a length holds for some packets and not for others."""
    found = {**perhaps(text, "any-any"), **perhaps(text, "shadowed-rule")}
    assert [line for line, why in found.items() if why] == lines


def test_all_checks_the_worst_first() -> None:
    assert named(ASA, *CHECKS) == [
        ("any-any", 10), ("expired-rule", 8), ("redundant-rule", 8), ("unbound-list", 11)]


@pytest.fixture
def _site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "fixtures" / "asa" / "grown.cfg", tmp_path)
    (tmp_path / "aclproof.yaml").write_text(SITE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.usefixtures("_site")
def test_reports_have_it_and_the_exit_code_stays(capsys: pytest.CaptureFixture[str]) -> None:
    reports = [f"--format={form}=out.{form}" for form in ("json", "sarif", "csv", "markdown", "html")]
    assert run(["check", "--checks", "hygiene", *reports, "--format", "text"]) == run(["check", "-qq"]) == 0
    text = capsys.readouterr().out
    for check, line in (("shadowed-rule", 26), ("covered-rule", 27), ("redundant-rule", 21)):
        assert check in text
        assert f"grown.cfg:{line}" in text
    document = json.loads(Path("out.json").read_text())
    jsonschema.Draft202012Validator(schemas.load("check")).validate(document)
    assert [(each["check"], each["line"]) for each in document["audit"]["found"]] == [
        ("shadowed-rule", 26), ("covered-rule", 27), ("redundant-rule", 21), ("surplus", 21),
        ("unlogged-deny", 25)]
    sarif = json.loads(Path("out.sarif").read_text())
    schema = json.loads((ROOT / "tests" / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(sarif)
    of_run, = sarif["runs"]
    rules = [each["id"] for each in of_run["tool"]["driver"]["rules"]]
    assert [(each["ruleId"], rules[each["ruleIndex"]], each["level"]) for each in of_run["results"]] == [
        ("audit/shadowed-rule", "audit/shadowed-rule", "warning"),
        ("audit/covered-rule", "audit/covered-rule", "note"),
        ("audit/redundant-rule", "audit/redundant-rule", "note"), ("audit/surplus", "audit/surplus", "note"),
        ("audit/unlogged-deny", "audit/unlogged-deny", "note")]
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        rows = [each for each in csv.DictReader(file) if each["status"] == "named"]
    assert [(each["requirement"], each["line"]) for each in rows] == [
        ("audit/shadowed-rule", "26"), ("audit/covered-rule", "27"), ("audit/redundant-rule", "21"),
        ("audit/surplus", "21"), ("audit/unlogged-deny", "25")]
    assert "| shadowed-rule (warning) | `grown.cfg:26`" in Path("out.markdown").read_text(encoding="utf-8")
    assert 'id="audit"' in Path("out.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("_site")
def test_what_a_permit_opens_besides() -> None:
    """https from everywhere, of which one client network's is needed."""
    assert run(["check", "--checks", "surplus", "--format", "json=out.json", "-qq"]) == 0
    found, = json.loads(Path("out.json").read_text())["audit"]["found"]
    assert (found["check"], found["line"], found["needed"]) == ("surplus", 21, 256 * 2**16)
    assert found["surplus"] == (2**32 - 256) * 2**16
    assert found["surplus_packets"] == [
        "0.0.0.0-198.51.99.255, 198.51.101.0-255.255.255.255 -> 10.30.0.10  TCP 443"]


@pytest.mark.usefixtures("_site")
def test_a_permit_of_no_more_than_is_needed_is_not_named() -> None:
    config = Path("grown.cfg")
    config.write_text(config.read_text().replace(
        "permit tcp any host 10.30.0.10 eq https",
        "permit tcp 198.51.100.0 255.255.255.0 host 10.30.0.10 eq https"))
    assert run(["check", "--checks", "surplus", "--format", "json=out.json", "-qq"]) == 0
    assert json.loads(Path("out.json").read_text())["audit"]["found"] == []


@pytest.mark.usefixtures("_site")
def test_without_checks_nothing_of_it_is_written() -> None:
    assert run(["check", "--format", "json=out.json", "--format", "html=out.html", "-qq"]) == 0
    assert "audit" not in json.loads(Path("out.json").read_text())
    assert 'id="audit"' not in Path("out.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("_site")
def test_some_checks_and_none_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--checks", "any-any,shadowed-rule"]) == 0
    assert "covered-rule" not in capsys.readouterr().out
    assert run(["check", "--checks", "shadowd-rule"]) == 2
    assert "did you mean 'shadowed-rule'" in capsys.readouterr().err
    assert run(["explain", "shadowed-rule"]) == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_site_is_audited(name: str) -> None:
    found = result_of(reader.read(ROOT / "fixtures" / "sites" / name / "aclproof.yaml"), DAY,
                      checks=tuple(CHECKS)).audit
    assert found
    assert len({each.fingerprint for each in found.found}) == len(found.found)
    assert all(each.span.text for each in found.found)


ROUTER = """*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -s 198.51.100.7/32 -j DROP
{}COMMIT
"""
HOOKS = """table inet early {{
	chain forward {{
		type filter hook forward priority filter - 5; policy {};
	}}
}}
table inet fw {{
	chain forward {{
		type filter hook forward priority filter; policy accept;
		{}
	}}
}}
"""


@pytest.mark.parametrize(("text", "place", "line"), [
    (ROUTER.format(""), "", 3),
    (ROUTER.format("-A FORWARD -p tcp -j REJECT\n"), "", 3),  # of one protocol
    (ROUTER.format("-A FORWARD -j REJECT\n"), "", 0),
    (ROUTER.format("-A FORWARD -i eth0 -j DROP\n"), "", 0),  # not told: of how much, interfaces say
    (ROUTER.format(":rest - [0:0]\n-A FORWARD -j rest\n-A rest -j DROP\n"), "", 0),
    (ROUTER.format("").replace("FORWARD ACCEPT", "FORWARD DROP"), "", 0),
    (ROUTER.format(""), ", host: management-point", 0),  # it forwards nothing here
    (HOOKS.format("accept", "ip saddr 198.51.100.7 drop"), "", 8),
    (HOOKS.format("drop", "ip saddr 198.51.100.7 drop"), "", 0),
    (HOOKS.format("accept", "counter reject"), "", 0),
])
def test_a_policy_that_lets_all_through_a_router(text: str, place: str, line: int, tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("grown.cfg").write_text(text)
    Path("aclproof.yaml").write_text(SITE.replace(", interfaces: {client: outside, management-point: dmz}",
                                                  place))
    site = analyse(reader.read("aclproof.yaml"), DAY)
    assert [each.span.first_line for each in audit(site, ["any-any"], DAY).found] == ([line] if line else [])


def test_what_a_program_makes_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """firewalld closes each of its chains, and reaches the last of them never."""
    monkeypatch.chdir(ROOT / "fixtures" / "sites" / "nft-firewalld")
    found, = audit(analyse(reader.read("aclproof.yaml"), DAY), ["shadowed-rule"], DAY).found
    assert (found.severity, found.span.first_line) == ("note", 65)
    assert found.text.startswith("firewalld makes this list")
    text = Path("firewalld.nft").read_text(encoding="utf-8").replace("table inet firewalld", "table inet own")
    own = _without_requirements(parsers.parse_all([from_bytes(text.encode(), "own.nft")]))
    assert [each.severity for each in audit(own, ["shadowed-rule"], DAY).found] == ["warning"]
