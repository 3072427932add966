"""How verdicts are put together from proofs of a small site: what is doubted is never called proven."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand
from aclproof.linter.demands.not_needed import NotNeeded
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Bypassing, Unplaced
from aclproof.linter.questions import Question
from aclproof.linter.result import Coverage, DemandResult, HopVerdict, MethodVerdict, Undecided, Verdict
from aclproof.linter.site import reader
from aclproof.linter.verdict import decide
from aclproof.linter.verdict.coverage import KeptBack, classify, kept_back
from aclproof.parsers.model.packets import size

FIREWALL = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
access-list CLIENTS extended permit tcp any host 10.1.1.13 eq 445
access-list CLIENTS extended permit tcp any host 10.1.1.12 eq 445 time-range NIGHT
access-list CLIENTS extended permit tcp 10.20.0.0 255.255.128.0 host 10.1.1.11 eq 80
access-list CLIENTS extended deny tcp 10.20.128.0 255.255.240.0 any
access-group CLIENTS in interface clients
time-range NIGHT
 periodic daily 20:00 to 23:00
: end
"""
SITE = """\
settings: {mode: mixed, ccmsetup-source: true}
methods: [group-policy, software-distribution]
roles:
  client: [10.20.0.0/16]
  management-point: [10.1.1.11]
  distribution-point: [10.1.1.12]
  source-server: [10.1.1.13]
firewalls: [{name: fw, config: fw.cfg}]
"""
MISSING, UNDECIDED, MET = "CM2007-GPO-MP-HTTP", "CM2007-SWD-SMB", "CM2007-GPO-SOURCE"
"""HTTP of the clients from 10.20.128.0 to .143.255 is denied by line 13, of those after them by the end of
the list; SMB to the distribution point is open at night only."""
DOUBT = "which way they take"
OPEN = Undecided("request", "", (), (Question("whether it is so"),), None, "fw")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("site")
    (folder / "fw.cfg").write_text(FIREWALL, encoding="utf-8")
    (folder / "aclproof.yaml").write_text(SITE, encoding="utf-8")
    return analyse(reader.read(folder / "aclproof.yaml"))


def of(site: Analysis, name: str) -> tuple[Demand, list[Proof]]:
    return (next(each for each in site.work.demands if each.requirement.id == name),
            list(site.proofs[name]))


def judged(site: Analysis, name: str, *, doubt: str = "", seen: bool = True) -> DemandResult:
    """One demand, as if its path were in doubt or its packets had not been followed to the firewall."""
    what, proofs = of(site, name)
    return decide.demand(replace(what, path=replace(what.path, doubt=doubt)), proofs if seen else [])


def test_without_doubts_there_is_one_of_each(site: Analysis) -> None:
    found = {name: judged(site, name) for name in (MISSING, UNDECIDED, MET)}
    assert [each.verdict for each in found.values()] == [Verdict.MISSING, Verdict.UNDECIDED, Verdict.MET]
    assert found[MET].witness is None
    stopped = found[MISSING].witness
    assert stopped
    assert any(stopped in box for box in found[MISSING].missing[0].boxes)
    assert [(each.blocked_by.span.first_line, each.blocked_by.kind) for each in found[MISSING].missing] == [
        (14, "implicit-deny"), (13, "rule")]  # the bigger part first; line 14 puts the list in force


@pytest.mark.parametrize(("name", "passing", "denied", "undecided"), [
    (MET, 1, 0, 0), (UNDECIDED, 0, 0, 1), (MISSING, 0.5, 0.5, 0)])
def test_packets_are_counted_and_sorted_by_what_becomes_of_them(
        name: str, passing: float, denied: float, undecided: float, site: Analysis) -> None:
    what, proofs = of(site, name)
    found = judged(site, name)
    whole = size(what.request.boxes)
    assert found.coverage == Coverage(whole * passing, whole, whole * denied)  # type: ignore[arg-type]
    sorted_ = classify(what, proofs, found.verdict)
    assert [size(sorted_.passing), size(sorted_.denied), size(sorted_.undecided)] == [
        whole * passing, whole * denied, whole * undecided]


def test_what_was_not_followed_is_sorted_as_undecided(site: Analysis) -> None:
    what, _ = of(site, MET)
    assert classify(what, [], Verdict.UNDECIDED).undecided == list(what.request.boxes)


def test_what_one_firewall_keeps_back(site: Analysis) -> None:
    (_, stopping), (what, doubting) = of(site, MISSING), of(site, UNDECIDED)
    stops, leaves = kept_back(stopping, "fw")["request"], kept_back(doubting, "fw")["request"]
    assert size(stops.stopped) * 2 == size(of(site, MISSING)[0].request.boxes)
    assert (stops.left_open, leaves.stopped) == ([], [])
    assert size(leaves.left_open) == size(what.request.boxes)
    assert kept_back(stopping, "another") == {}


@pytest.mark.parametrize(("now", "before", "more"), [
    ("stops", "nothing", True), ("leaves open", "nothing", True), ("stops", "leaves open", True),
    ("leaves open", "stops", False), ("nothing", "stops", False), ("stops", "stops", False),
    ("leaves open", "leaves open", False)])
def test_more_is_kept_back_where_less_surely_passes_or_more_is_stopped(
        now: str, before: str, more: bool, site: Analysis) -> None:
    boxes = list(of(site, MET)[0].request.boxes)
    found = {"nothing": KeptBack(), "stops": KeptBack(boxes), "leaves open": KeptBack([], boxes)}
    assert found[now].exceeds(found[before]) is more


def test_a_doubt_about_the_path_takes_back_what_is_met(site: Analysis) -> None:
    found = judged(site, MET, doubt=DOUBT)
    assert found.verdict is Verdict.UNDECIDED
    assert [each.because for each in found.undecided] == [(DOUBT,)]
    assert found.coverage.permitted == 0 < found.coverage.required
    assert found.witness


@pytest.mark.parametrize("name", [MISSING, UNDECIDED])
def test_it_hides_nothing_that_was_found(name: str, site: Analysis) -> None:
    assert judged(site, name, doubt=DOUBT) == judged(site, name)


def test_what_was_not_followed_is_undecided(site: Analysis) -> None:
    found = judged(site, MET, seen=False)
    assert found.verdict is Verdict.UNDECIDED
    assert [each.because for each in found.undecided] == [
        ("whether the packets pass fw: they could not be followed so far",)]
    assert found.undecided[0].firewall == "fw"
    assert [hop.verdict for hop in found.hops] == [HopVerdict.UNSEEN]
    assert found.coverage.permitted == 0


def test_a_doubt_about_the_path_is_told_before_what_follows_of_it(site: Analysis) -> None:
    found = judged(site, MET, doubt=DOUBT, seen=False)
    assert [each.because for each in found.undecided] == [(DOUBT,)]


@pytest.mark.parametrize("name", [MISSING, UNDECIDED])
def test_what_no_line_answers_for_is_not_proven_either(name: str, site: Analysis) -> None:
    """Wherever packets are kept back some line is found that does it; if one ever is not, nothing is met."""
    what, proofs = of(site, name)
    blank = [replace(each, finding=replace(each.finding, outcome=replace(
        each.finding.outcome, denials=(), doubts=()))) for each in proofs if isinstance(each.finding, Judged)]
    found = decide.demand(what, blank)
    assert (found.verdict, len(blank)) == (Verdict.UNDECIDED, len(proofs))
    assert [each.because for each in found.undecided] == [("what becomes of some of these packets",)]


def test_a_later_doubt_takes_back_only_what_is_met(site: Analysis) -> None:
    found = decide.doubted(judged(site, MET), replace(OPEN, boxes=judged(site, MET).boxes))
    assert found.verdict is Verdict.UNDECIDED
    assert found.undecided[0].because == OPEN.because
    assert found.coverage.permitted == 0 < found.coverage.required
    assert found.witness
    assert found.witness in found.boxes[0]
    for name in (MISSING, UNDECIDED):
        assert decide.doubted(judged(site, name), OPEN) == judged(site, name)


def test_a_doubt_of_no_packets_has_no_witness(site: Analysis) -> None:
    assert decide.doubted(judged(site, MET), OPEN).witness is None


def test_what_does_not_apply_counts_no_packets(site: Analysis) -> None:
    found = decide.not_applicable(NotNeeded(of(site, MET)[0].requirement, ("group-policy",)))
    assert (found.verdict, found.coverage) == (Verdict.NOT_APPLICABLE, Coverage(0, 0, 0))


# Firewalls, and what is said once


def test_what_the_firewall_does_with_each(site: Analysis) -> None:
    hops = {name: judged(site, name).hops for name in (MISSING, UNDECIDED, MET)}
    assert [(each.verdict, each.ways) for hop in hops.values() for each in hop] == [
        (HopVerdict.STOPS, ("clients -> servers",)), (HopVerdict.OPEN, ("clients -> servers",)),
        (HopVerdict.PASSES, ("clients -> servers",))]
    assert [(each.permitted_by.span.first_line, each.leg) for each in judged(site, MET).evidence] == [
        (10, "request")]
    assert [each.passing for part in judged(site, UNDECIDED).undecided for each in part.questions] == [True]


def test_packets_whose_way_is_not_known_leave_it_open(site: Analysis) -> None:
    what, (proof, *others) = of(site, MET)
    lost = replace(proof, finding=Unplaced(what.request.boxes[0], "why"))
    for proofs in ([lost], [proof, lost, *others]):
        found = decide.demand(what, proofs)
        assert (found.verdict, found.hops[0].verdict) == (Verdict.UNDECIDED, HopVerdict.OPEN)
        assert [each.because for each in found.undecided] == [("fw: why",)]
        assert found.undecided[0].line is None


def test_the_worst_of_its_proofs_is_what_a_firewall_does(site: Analysis) -> None:
    (what, met), stops, doubts = of(site, MET), of(site, MISSING)[1], of(site, UNDECIDED)[1]
    for proofs, verdict in (([*met, *stops, *doubts], HopVerdict.STOPS), ([*met, *doubts], HopVerdict.OPEN)):
        assert decide.demand(what, proofs).hops[0].verdict is verdict


def test_packets_that_no_firewall_sees_are_beside_it(site: Analysis) -> None:
    what, proofs = of(site, MET)
    beside = replace(proofs[0], finding=Bypassing(what.request.boxes[0], "servers", True))
    found = decide.demand(what, [beside])
    assert (found.verdict, found.hops[0].verdict) == (Verdict.UNDECIDED, HopVerdict.BESIDE)


@pytest.mark.parametrize(("certain", "kind", "verdict"), [
    (True, "reply", Verdict.MET), (False, "reply", Verdict.UNDECIDED), (False, "request", Verdict.UNDECIDED)])
def test_only_what_surely_passes_beside_is_no_doubt(certain: bool, kind: str, verdict: Verdict,
                                                   site: Analysis) -> None:
    """Where rules were evaluated for the requests."""
    what, proofs = of(site, MET)
    beside = replace(proofs[0], leg=replace(proofs[0].leg, kind=kind),
                     finding=Bypassing(what.request.boxes[0], "servers", certain))
    assert decide.demand(what, [*proofs, beside]).verdict is verdict


@pytest.mark.parametrize("name", [MISSING, UNDECIDED, MET])
def test_what_is_found_twice_is_said_once(name: str, site: Analysis) -> None:
    what, proofs = of(site, name)
    later = [replace(each, leg=replace(each.leg, kind="follow-up")) for each in proofs]
    answers = [replace(each, leg=replace(each.leg, kind="reply")) for each in proofs]

    def said(proofs: list[Proof]) -> list[object]:
        found = decide.demand(what, proofs)
        return [*found.missing, *found.undecided, *found.evidence]

    once = len(said(proofs))
    assert said(proofs + proofs) == said(proofs + later) == said(later + proofs) == said(proofs)
    assert len(said(later)) == len(said(later + later)) == once
    assert len(said(proofs + answers)) == 2 * once


# Methods


def demands(site: Analysis, **given: str) -> list[DemandResult]:
    """Demands of the method `m`, as errors or warnings, that ended so."""
    like = judged(site, MET)
    return [replace(like, methods=("m",), verdict=Verdict[verdict.upper()],
                    requirement=replace(like.requirement, id=name, severity=name.split("_")[0]))
            for name, verdict in given.items()]


ANY = [each.value.replace("-", "_") for each in Verdict]


@pytest.mark.parametrize(("one", "other", "warning"), list(product(ANY, ANY, ANY[:3])))
def test_the_worst_of_what_applies_decides(one: str, other: str, warning: str, site: Analysis) -> None:
    """By hand: blocked where an error is missing, else undecided where one is, else it works; and a method
    works only if at least one of its errors applies."""
    found = demands(site, error_1=one, error_2=other, warning=warning)
    counted = {one, other} - {"not_applicable"}
    wanted = MethodVerdict.NOT_ASSESSED if not counted else MethodVerdict.BLOCKED if "missing" in counted \
        else MethodVerdict.UNDECIDED if "undecided" in counted else MethodVerdict.WORKS
    method = decide.method("m", "M", found, "")
    assert method.verdict is wanted
    assert method.requirements == tuple(each.requirement.id for each in found
                                        if each.verdict is not Verdict.NOT_APPLICABLE)
    assert method.reason == ("" if counted else "only what the pack warns of applies to this site")


def test_a_method_of_nothing_is_not_assessed(site: Analysis) -> None:
    for found in ([], demands(site, error="not_applicable"), [judged(site, MET)]):
        method = decide.method("m", "M", found, "")
        assert (method.verdict, method.requirements) == (MethodVerdict.NOT_ASSESSED, ())
        assert method.reason == "no requirement of it applies to this site"


def test_a_reason_that_is_given_stays(site: Analysis) -> None:
    for found in ([], demands(site, error="met"), demands(site, warning="met")):
        method = decide.method("m", "M", found, "the site says so")
        assert (method.verdict, method.reason) == (MethodVerdict.NOT_ASSESSED, "the site says so")
