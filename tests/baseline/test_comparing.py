"""What becomes of the gaps of a site when its configuration changes, derived by hand from the lines.

The site server may push to the clients all but TCP 445 and UDP 135: those are the gaps.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.baseline.comparing import compare, shrunk
from aclproof.linter.baseline.file import read_known, write_known
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.engine import algebra
from aclproof.linter.gap import Gaps, Known
from aclproof.linter.program import check
from aclproof.linter.result import Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.packets import Box, size
from tests.reports.cases import NAMES, result_of

SITE = """\
settings: {mode: mixed, client-os: windows-7}
methods: [client-push]
roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
firewalls:
  - {name: fw, config: fw.cfg}
"""
HEAD = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
object-group network PART
 network-object 10.20.0.0 255.255.128.0
time-range NIGHT
 periodic daily 20:00 to 23:00
access-list CLIENTS extended permit ip any any
access-group CLIENTS in interface clients
access-group SERVERS in interface servers
"""
REST = """\
access-list SERVERS extended permit icmp any any
access-list SERVERS extended permit tcp any any
"""
CLOSED = f"access-list SERVERS extended deny tcp any any eq 445\n{REST}"
SMB, UDP, PUSH = "CM2007-PUSH-SMB", "CM2007-PUSH-EPM-UDP", "client-push"
AS_OF = date(2026, 1, 15)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "aclproof.yaml").write_text(SITE, encoding="utf-8")
    return tmp_path


def result(folder: Path, rules: str) -> Result:
    (folder / "fw.cfg").write_text(HEAD + rules, encoding="utf-8")
    return check(reader.read(folder / "aclproof.yaml"), AS_OF)


def states(result: Result) -> dict[str, str | None]:
    return {each.requirement.id: each.baseline for each in result.demands if each.missing or each.undecided}


def after(folder: Path, rules: str, before: str = CLOSED) -> Result:
    return compare(result(folder, rules), gaps_of(result(folder, before)), "known.json")


PERMIT = "access-list SERVERS extended permit tcp any {} eq 445\n"


@pytest.mark.parametrize("rules", [
    CLOSED, f"access-list SERVERS remark moved\n\n{CLOSED}", CLOSED.replace("SERVERS", "RENAMED"),
    # stopped by other lines, in other parts
    "access-list SERVERS extended deny tcp any object-group PART eq 445\n" + CLOSED,
    REST.replace("permit tcp any any", "permit tcp any any range 1 444") +
    "access-list SERVERS extended permit tcp any any gt 445\n"])
def test_what_is_stopped_by_other_lines_is_unchanged(folder: Path, rules: str) -> None:
    lines = HEAD.replace("SERVERS", "RENAMED") if "RENAMED" in rules else HEAD
    before = gaps_of(result(folder, CLOSED))
    (folder / "fw.cfg").write_text(lines + rules, encoding="utf-8")
    found = compare(check(reader.read(folder / "aclproof.yaml"), AS_OF), before, "known.json")
    assert states(found) == {SMB: "unchanged", UDP: "unchanged"}
    assert {each.requirement.id for each in found.known} == {SMB, UDP}
    assert found.baseline is not None
    assert found.baseline.cured == ()


def test_a_renamed_group_changes_nothing(folder: Path) -> None:
    rules = "access-list SERVERS extended deny tcp any object-group PART eq 445\n" + REST
    before = gaps_of(result(folder, rules))
    (folder / "fw.cfg").write_text((HEAD + rules).replace("PART", "HALF"), encoding="utf-8")
    found = compare(check(reader.read(folder / "aclproof.yaml"), AS_OF), before, "known.json")
    assert states(found) == {SMB: "unchanged", UDP: "unchanged"}


def test_less_is_known_and_more_has_grown(folder: Path) -> None:
    half = PERMIT.format("object-group PART") + CLOSED
    assert states(after(folder, half)) == {SMB: "shrunk", UDP: "unchanged"}
    grown = after(folder, CLOSED, half)
    assert states(grown) == {SMB: "grown", UDP: "unchanged"}
    assert not next(each for each in grown.demands if each.requirement.id == SMB).known


def test_as_many_other_packets_have_grown(folder: Path) -> None:
    """Half of the clients are open before and after, but another half."""
    before = PERMIT.format("object-group PART") + CLOSED
    other = PERMIT.format("10.20.128.0 255.255.128.0") + CLOSED
    assert states(after(folder, other, before))[SMB] == "grown"


def test_of_what_has_grown_the_part_that_was_there_is_known(folder: Path) -> None:
    part = "access-list SERVERS extended deny tcp any object-group PART eq 445\n"
    found = after(folder, part + CLOSED, part + REST)
    demand = next(each for each in found.demands if each.requirement.id == SMB)
    assert demand.baseline == "grown"
    assert sorted(each.baseline or "" for each in demand.missing) == ["grown", "unchanged"]


def test_what_is_gone_is_cured(folder: Path) -> None:
    found = after(folder, REST)
    assert states(found) == {UDP: "unchanged"}
    assert found.baseline is not None
    assert [each.key for each in found.baseline.cured] == [(SMB, "fw", "request", "missing")]


def test_what_is_missing_elsewhere_is_new(folder: Path) -> None:
    found = after(folder, REST.replace("permit icmp", "deny icmp"))
    assert states(found) == {"CM2007-PUSH-ECHO": "new", UDP: "unchanged"}


def test_missing_may_become_undecided_but_not_the_other_way_round(folder: Path) -> None:
    at_night = f"access-list SERVERS extended permit tcp any any eq 445 time-range NIGHT\n{CLOSED}"
    found = after(folder, at_night)
    demand = next(each for each in found.demands if each.requirement.id == SMB)
    assert (demand.verdict, demand.baseline, demand.status) == (Verdict.UNDECIDED, "shrunk", "known")
    assert found.baseline is not None
    assert found.baseline.cured == ()  # it is not proven
    back = compare(result(folder, CLOSED), gaps_of(result(folder, at_night)), "known.json")
    assert states(back)[SMB] == "new"


def test_shrinking_takes_out_what_is_cured_and_adds_nothing(folder: Path) -> None:
    before = gaps_of(result(folder, CLOSED))
    now = compare(result(folder, REST.replace("permit icmp", "deny icmp")), before, "known.json")
    assert [each.key[0] for each in shrunk(before, now)] == [UDP]
    half = compare(result(folder, PERMIT.format("object-group PART") + CLOSED), before, "known.json")
    less = shrunk(before, half)
    assert [each.key for each in less] == [each.key for each in before]
    assert states(compare(result(folder, CLOSED), less, "known.json"))[SMB] == "grown"


def test_a_requirement_that_has_grown_keeps_what_was_known(folder: Path) -> None:
    before = gaps_of(result(folder, PERMIT.format("object-group PART") + CLOSED))
    assert shrunk(before, compare(result(folder, CLOSED), before, "known.json")) == before


def test_what_is_not_checked_is_neither_cured_nor_taken_out(folder: Path) -> None:
    before = gaps_of(result(folder, CLOSED))
    site = reader.read(folder / "aclproof.yaml")
    other = replace(site, methods=("software-distribution",), roles={**site.roles, "distribution-point":
                                                                    site.roles["management-point"]})
    found = compare(check(other, AS_OF), before, "known.json")
    assert found.baseline is not None
    assert found.baseline.cured == ()
    assert set(before) <= set(shrunk(before, found))


def test_a_waiver_takes_its_gap_out_of_the_baseline(folder: Path) -> None:
    """Otherwise nobody would be told when it ends."""
    plain = result(folder, CLOSED)
    waiver = Waiver("W-1", SMB, "reason", "owner", date(2026, 6, 30))
    waived = replace(plain, demands=tuple(
        replace(each, waiver=waiver) if each.requirement.id == SMB else each for each in plain.demands))
    assert [each.requirement for each in gaps_of(waived)] == [UDP]
    found = compare(waived, gaps_of(plain), "known.json")
    assert [each.requirement.id for each in found.known] == [UDP]
    assert {each.status for each in found.demands if each.requirement.id == SMB} == {"waived"}
    assert [each.requirement for each in shrunk(gaps_of(plain), found)] == [UDP]


@pytest.mark.parametrize("name", NAMES)
def test_no_verdict_changes_and_only_what_is_in_the_baseline_is_known(name: str) -> None:
    plain = result_of(name)
    gaps = gaps_of(plain)
    for known in (gaps, gaps[1:], gaps[::2], tuple(replace(each, boxes=each.boxes[1:]) for each in gaps)):
        found = compare(plain, known, "known.json")
        assert found.methods == plain.methods
        assert [each.verdict for each in found.demands] == [each.verdict for each in plain.demands]
        for demand in found.demands:
            if demand.known:
                assert demand.verdict in (Verdict.MISSING, Verdict.UNDECIDED)
                assert left_over(gaps, known, demand.requirement.id) == []
        assert set(shrunk(known, found)) <= {*known, *gaps}
    assert shrunk(gaps, compare(plain, gaps, "known.json")) == gaps
    assert {each.baseline for each in compare(plain, (), "known.json").demands} <= {None, "new"}


def left_over(gaps: Gaps, known: Gaps, requirement: str) -> list[Box]:
    """Packets of a requirement that the baseline does not have, by the engine's own difference."""
    def boxes(of: Gaps) -> list[Box]:
        return [box for each in of if each.requirement == requirement for box in each.boxes]

    return algebra.minus(boxes(gaps), boxes(known))


def test_more_clients_behind_the_same_translated_address_have_grown(tmp_path: Path) -> None:
    """The router hides half of the branch at first, and then all of it: the second firewall, which stops
    what is hidden, sees the same packets."""
    site = Path(__file__).parents[2] / "fixtures" / "sites" / "nat-linux-snat-branch"
    for file in site.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    whole = (site / "branch.rules").read_text(encoding="utf-8")
    half = whole.replace("-s 10.228.0.0/16 -o ppp0 -j SNAT", "-s 10.228.0.0/17 -o ppp0 -j SNAT")
    found = []
    for rules in (half, whole):
        (tmp_path / "branch.rules").write_text(rules, encoding="utf-8")
        found.append(check(reader.read(tmp_path / "aclproof.yaml"), AS_OF))
    smb = "CM2007-SWD-SMB"
    before, after = (next(gap for gap in gaps_of(each) if gap.requirement == smb) for each in found)
    assert before.boxes == after.boxes
    assert size(after.sent) == 2 * size(before.sent)
    assert states(compare(found[1], gaps_of(found[0]), "known.json"))[smb] == "grown"
    assert states(compare(found[0], gaps_of(found[1]), "known.json"))[smb] == "shrunk"


HIDDEN = """\
roles: {application: [10.20.0.0/23], database-server: [10.1.1.10]}
pack: sql-server
methods: [default-instance]
firewalls: [{name: a, config: a.cfg}, {name: b, config: b.cfg}]
paths: [{from: application, to: database-server, through: [a, b]}]
"""
FIRST = """\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 100
 ip address 10.20.0.1 255.255.254.0
object network C
 subnet {hidden}
 nat (clients,outside) {nat}
route outside 10.1.1.0 255.255.255.0 192.0.2.2
access-list CIN extended deny ip 10.20.1.0 {stopped} any
access-list CIN extended permit ip any any
access-group CIN in interface clients
"""
SECOND = """\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
route outside 10.20.0.0 255.255.254.0 192.0.2.1
route outside 203.0.113.0 255.255.255.0 192.0.2.1
access-list OIN extended permit tcp 10.20.0.0 255.255.254.0 host 10.1.1.10 eq 1433
access-group OIN in interface outside
"""
LOWER, UPPER = "10.20.0.0 255.255.255.128", "10.20.0.128 255.255.255.128"
BOTH, FEW = "10.20.0.0 255.255.255.0", "10.20.0.0 255.255.255.192"
ALL_STOPPED, FEW_STOPPED = "255.255.255.0", "255.255.255.192"
PAT, STATIC = "dynamic 203.0.113.1", "static 203.0.113.0"


def of_hidden(folder: Path, hidden: str, stopped: str, nat: str = PAT) -> Result:
    """The first firewall hides some clients and stops others; the second stops what is hidden."""
    (folder / "aclproof.yaml").write_text(HIDDEN, encoding="utf-8")
    (folder / "a.cfg").write_text(FIRST.format(hidden=hidden, stopped=stopped, nat=nat), encoding="utf-8")
    (folder / "b.cfg").write_text(SECOND, encoding="utf-8")
    return check(reader.read(folder / "aclproof.yaml"), AS_OF)


@pytest.mark.parametrize(("before", "after", "state"), [
    ((BOTH, FEW_STOPPED), (BOTH, FEW_STOPPED), "unchanged"),
    ((BOTH, FEW_STOPPED), (LOWER, FEW_STOPPED), "shrunk"),
    ((LOWER, FEW_STOPPED), (BOTH, FEW_STOPPED), "grown"),
    ((LOWER, FEW_STOPPED), (UPPER, FEW_STOPPED), "grown"),  # as many, and others
    ((FEW, ALL_STOPPED), (BOTH, FEW_STOPPED), "grown"),     # 256 + 64 hosts, and 64 + 256: 192 are others
    ((LOWER, FEW_STOPPED, STATIC), (UPPER, FEW_STOPPED, STATIC), "grown")])
def test_of_what_is_hidden_the_hosts_count_that_sent_it(
        tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], state: str) -> None:
    known = gaps_of(of_hidden(tmp_path, *before))
    found = compare(of_hidden(tmp_path, *after), known, "known.json")
    [demand] = found.demands
    at_second = {each.baseline for each in demand.missing if each.blocked_by.firewall == "b"}
    assert at_second == {state}
    assert demand.known == (state != "grown")
    assert (shrunk(known, found) == gaps_of(found)) == (state != "grown")


def test_a_gap_of_translated_packets_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = gaps_of(of_hidden(tmp_path, LOWER, FEW_STOPPED))
    assert [(each.firewall, bool(each.sent)) for each in known] == [("a", False), ("b", True)]
    assert read_known(write_known(Known(known))).gaps == known
    [hidden] = [each for each in known if each.firewall == "b"]
    assert [box.sources.size for box in hidden.sent] == [128]
    other = of_hidden(tmp_path, LOWER, FEW_STOPPED)
    plain = tuple(replace(each, sent=()) for each in known)  # who sent it is not known
    assert [each.baseline for each in compare(other, plain, "known.json").demands] == ["grown"]
