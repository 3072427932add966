"""Answers of devices held against the proof: expectations written from the configuration."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter import testimony as records
from aclproof.linter.hearing.hearing import hear
from aclproof.linter.hearing.transcripts import Heard
from aclproof.linter.program import Analysis, analyse, to_result
from aclproof.linter.result import Verdict
from aclproof.linter.site.reader import read
from aclproof.linter.testimony import Said, Transcript
from aclproof.linter.verdict.ending import Ending, ending
from aclproof.parsers.model.addresses import Family, parse
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    Count,
    DeviceAnswer,
    EndpointsAnswer,
    FactAnswer,
    PacketAnswer,
    Phase,
)
from tests.asa_edge import INTERFACES, SITE
from tests.reports.cases import waiver

DAY = date(2026, 11, 30)
AT = Span("answers.txt", 7, 7, "")
CONFIG = f"""ASA Version 9.16(4)
hostname edge-1
{INTERFACES}interface Management0/0
 nameif management
 management-only
 security-level 0
 ip address 192.0.2.9 255.255.255.0
time-range NIGHT
 periodic daily 22:00 to 23:59
access-list IN extended permit tcp 198.51.100.0 255.255.255.0 host 10.30.0.10 eq https
access-list DMZ extended permit tcp host 10.30.0.20 any eq 445 time-range NIGHT
access-list DMZ extended deny tcp any any eq 135
access-list DMZ extended permit ip any any
access-group IN in interface outside
access-group DMZ in interface dmz
: end
"""
HTTPS, SMB, RPC = "CM2007-PUSH-MP-HTTPS", "CM2007-PUSH-SMB", "CM2007-PUSH-RPC"
EPM = "CM2007-PUSH-EPM-TCP"


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Analysis:
    (tmp_path / "fw.cfg").write_text(CONFIG)
    (tmp_path / "aclproof.yaml").write_text(SITE)
    return analyse(read(tmp_path / "aclproof.yaml"), DAY)


def number(text: str) -> int:
    return parse(text).v4.ranges[0][0]


def packet(source: str, destination: str, port: int) -> Packet:
    return Packet(Family.V4, 6, number(source), number(destination), 50000, port)


def asked(allowed: bool, source: str, destination: str, port: int, ingress: str, *, config: str = "",
          device: str = "edge-1", complete: bool = True) -> PacketAnswer:
    phases = (Phase(1, "ACCESS-LIST", allowed, (config,), config),) if config else ()
    return PacketAnswer(span=AT, device=device, packet=packet(source, destination, port), ingress=ingress,
                        allowed=allowed, phases=phases, complete=complete)


def heard(site: Analysis, *answers: DeviceAnswer, vendor: str = "cisco-asa",
          firewall: str = "") -> tuple[Analysis, records.Testimony]:
    transcript = Transcript("answers.txt", "", len(answers))
    return hear(site, DAY, [Heard(transcript, firewall, tuple((vendor, each) for each in answers))])


def one(site: Analysis, answer: DeviceAnswer, **where: str) -> Said:
    said, = heard(site, answer, **where)[1].said
    return said


def verdicts(site: Analysis) -> dict[str, Verdict]:
    return {each.requirement.id: each.verdict for each in site.results}


OUTSIDE = ("198.51.100.7", "10.30.0.10", 443, "outside")
PUSH = ("10.30.0.20", "198.51.100.7", 135, "dmz")


def test_the_same_is_confirmed_and_changes_no_verdict(site: Analysis) -> None:
    found, testimony = heard(site, asked(True, *OUTSIDE), asked(False, *PUSH))
    assert [each.standing for each in testimony.said] == ["confirmed", "confirmed"]
    assert [each.requirements for each in testimony.said] == [(HTTPS,), (EPM,)]
    assert verdicts(found) == verdicts(site)


def test_a_contradiction_takes_back_all_that_passes_the_firewall(site: Analysis) -> None:
    """It names the phase, its line, and that the configuration does not have it."""
    assert verdicts(site)[HTTPS] is verdicts(site)[RPC] is Verdict.MET
    stale = "access-list IN extended deny tcp any host 10.30.0.10 eq https"
    found, testimony = heard(site, asked(False, *OUTSIDE, config=stale))
    said, = testimony.said
    assert said.standing == "contradicted"
    assert "the device drops it: phase 1, ACCESS-LIST" in said.says
    assert f"{stale}; the configuration does not have that line" in said.says
    assert said.decided_by
    assert said.decided_by.first_line == 18
    after = verdicts(found)
    assert after[HTTPS] is after[RPC] is Verdict.UNDECIDED
    assert after[EPM] is Verdict.MISSING
    open_, = next(each for each in found.results if each.requirement.id == RPC).undecided
    assert "whether edge runs this configuration" in open_.because[0]
    assert all(each.verdict.value != "works" for each in found.methods())
    assert found.tries().results({})[RPC].verdict is Verdict.UNDECIDED


def test_what_the_device_lets_pass_makes_nothing_met(site: Analysis) -> None:
    found, testimony = heard(site, asked(True, *PUSH))
    assert testimony.said[0].standing == "contradicted"
    assert verdicts(found)[EPM] is Verdict.MISSING
    assert verdicts(found)[HTTPS] is Verdict.UNDECIDED


def test_one_packet_settles_one_packet(site: Analysis) -> None:
    found, testimony = heard(site, asked(True, "10.30.0.20", "198.51.100.7", 445, "dmz"))
    assert testimony.said[0].standing in ("settled", "confirmed")
    assert verdicts(found) == verdicts(site)


@pytest.mark.parametrize(("answer", "why"), [
    (asked(False, *OUTSIDE, complete=False), "cut off"),
    (asked(False, *OUTSIDE, device="core"), "no firewall of the site has that name: core"),
    (Count(span=AT, device="edge-1", rule="permit ip any any", list_name="DMZ", packets=3, listing=1),
     "how often"),
])
def test_what_proves_nothing(site: Analysis, answer: DeviceAnswer, why: str) -> None:
    found, testimony = heard(site, answer)
    said, = testimony.said
    assert said.standing == "proves-nothing"
    assert why in said.says
    assert verdicts(found) == verdicts(site)


def test_whose_answer_it_is(site: Analysis) -> None:
    """By its host name, that of the site, what was said of the file, or as there is only one."""
    for device in ("edge-1", "EDGE", ""):
        assert one(site, asked(True, *OUTSIDE, device=device)).firewall == "edge"
    assert one(site, asked(True, *OUTSIDE, device="sw"), firewall="edge").firewall == "edge"
    several = heard(site, asked(True, *OUTSIDE, device="sw"), asked(True, *OUTSIDE), firewall="edge")[1].said
    assert [each.standing for each in several] == ["proves-nothing", "confirmed"]
    context = replace(asked(True, *OUTSIDE), context="lab")
    assert "context lab" in one(site, context).says
    assert one(site, asked(True, *OUTSIDE), vendor="iptables").standing == "proves-nothing"


def test_of_contexts_with_one_host_name_it_is_that_which_the_prompt_names(tmp_path: Path) -> None:
    head, _, place = SITE.partition("  - name: edge\n")
    places = [f"  - name: {name}\n    context: {name}\n{place.replace('fw.cfg', name)}"
              for name in ("red", "blue")]
    (tmp_path / "aclproof.yaml").write_text(head + "".join(places))
    config = CONFIG.replace("hostname edge-1", "hostname core").replace("(4)", "(4) <context>")
    for name in ("red", "blue"):
        (tmp_path / name).write_text(f"core/{name}# show running-config\n{config}")
    both = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    answer = replace(asked(True, *OUTSIDE), device="core")
    assert one(both, replace(answer, context="blue")).firewall == "blue"
    for context in ("", "admin"):
        assert "which firewall it is of does not show" in one(both, replace(answer, context=context)).says


@pytest.mark.parametrize(("device", "stated", "remark"), [
    ("edge-1", "", ""), ("EDGE", "", ""), ("edge-1", "edge", ""), ("", "edge", ""),
    ("", "", "no host name shows: its answers are taken to be of edge"),
    ("sw", "edge", "as --evidence says, though their host name, sw, is that of no firewall"),
    ("?", "edge", "")])
def test_whose_answers_they_are_taken_to_be_is_said(site: Analysis, device: str, stated: str,
                                                    remark: str) -> None:
    _, testimony = heard(site, asked(True, *OUTSIDE, device=device), firewall=stated)
    assert testimony.said[0].standing == "confirmed"
    transcript, = testimony.transcripts
    assert len(transcript.remarks) == bool(remark)
    assert remark in "".join(transcript.remarks)


def test_what_another_host_answers_is_nobodys(site: Analysis) -> None:
    said = one(site, asked(True, *OUTSIDE, device="?"))
    assert (said.standing, said.firewall) == ("proves-nothing", "")
    assert "leads to another host" in said.says


@pytest.mark.parametrize(("ingress", "standing"), [
    ("guests", "contradicted"), ("OUTSIDE", "confirmed"), ("management", "proves-nothing"),
    ("nlp_int_tap", "proves-nothing")])
def test_interfaces(site: Analysis, ingress: str, standing: str) -> None:
    """One that the configuration has not; another case; one that nothing passes; the device's own."""
    assert one(site, asked(True, "198.51.100.7", "10.30.0.10", 443, ingress)).standing == standing


def test_the_side_on_which_a_packet_comes_in_counts(site: Analysis) -> None:
    """What DMZ drops at dmz is not what IN permits at outside; no requirement sends it there."""
    said = one(site, asked(True, "198.51.100.7", "10.30.0.10", 443, "dmz"))
    assert said.requirements == ()
    assert said.decided_by is None or said.decided_by.first_line != 18


def test_the_way_out_and_what_becomes_of_a_packet_count(site: Analysis) -> None:
    answer = asked(True, *OUTSIDE)
    assert one(site, replace(answer, egress="dmz", left=answer.packet)).standing == "confirmed"
    assert one(site, replace(answer, egress="outside")).standing == "contradicted"
    elsewhere = packet("198.51.100.7", "10.30.0.99", 443)
    assert one(site, replace(answer, egress="dmz", left=elsewhere)).standing == "contradicted"


def test_the_firewalls_own_address_sends_no_requirement(site: Analysis) -> None:
    said = one(site, asked(False, "198.51.100.1", "10.30.0.10", 443, "outside"))
    assert said.standing == "proves-nothing"


def test_an_answer_counts_for_its_day(site: Analysis) -> None:
    night = FactAnswer(span=AT, device="edge-1", key="time-range NIGHT", value=True)
    times = {datetime(2026, 11, 29, 23, 5): "settled", datetime(2020, 11, 29, 2, 12): "proves-nothing"}
    for at, standing in times.items():
        assert one(site, replace(night, at=at)).standing == standing
    old = replace(asked(False, *OUTSIDE), at=datetime(2020, 11, 29, 2, 12))
    found, testimony = heard(site, old)
    assert testimony.said[0].standing == "proves-nothing"
    assert "--as-of 2020-11-29" in testimony.said[0].says
    assert verdicts(found) == verdicts(site)


def test_two_answers_to_one_question_settle_nothing(site: Analysis) -> None:
    night = FactAnswer(span=AT, device="edge-1", key="time-range NIGHT", value=True)
    for answers in ((night, replace(night, value=False)), (replace(night, value=False), night)):
        found, testimony = heard(site, *answers)
        assert [each.standing for each in testimony.said] == ["proves-nothing", "proves-nothing"]
        assert verdicts(found) == verdicts(site)


def test_a_packet_at_another_time_contradicts_nothing(site: Analysis) -> None:
    """Active when the time range was shown, dropped when the packet was tried: both agree with the file."""
    night = FactAnswer(span=AT, device="edge-1", key="time-range NIGHT", value=False)
    found, testimony = heard(site, night, asked(True, "10.30.0.20", "198.51.100.7", 445, "dmz"))
    assert "contradicted" not in {each.standing for each in testimony.said}
    assert verdicts(found)[HTTPS] is Verdict.MET


def test_a_drop_of_what_is_open_ends_the_run_as_something_missing(tmp_path: Path) -> None:
    """Nobody may allow it as undecided: the device has shown that it does not pass. Who answers for what is
    missing has answered for it already."""
    config = CONFIG.replace("deny tcp any any eq 135", "deny tcp any any eq 445").replace(
        "access-list IN", "access-list IN extended permit icmp any any\naccess-list IN", 1)
    (tmp_path / "fw.cfg").write_text(config)
    (tmp_path / "aclproof.yaml").write_text(SITE)
    site = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    dropped = asked(False, "10.30.0.20", "198.51.100.7", 445, "dmz")

    def ended(answer: DeviceAnswer, verdict: Verdict = Verdict.UNDECIDED) -> Ending:
        found, testimony = heard(site, answer)
        result = replace(to_result(found, DAY), testimony=testimony)
        return ending(replace(result, demands=tuple(
            replace(each, verdict=verdict, waiver=waiver(1, each.requirement.id))
            if each.verdict is Verdict.UNDECIDED else each for each in result.demands)))

    said = one(site, dropped)
    assert (said.standing, said.requirements) == ("settled", (SMB,))
    assert ended(dropped) is Ending.MISSING
    assert ended(replace(dropped, allowed=True)) is Ending.PROVEN
    assert ended(dropped, Verdict.MISSING) is Ending.PROVEN
    assert ended(asked(False, *OUTSIDE)) is Ending.MISSING  # so is a contradiction of what is met


def test_what_would_be_met_under_conditions_is_taken_back_as_well(site: Analysis) -> None:
    found, _ = heard(site, asked(False, *OUTSIDE))
    assert all(each.conditional is None for each in to_result(found, DAY).methods)


TWO = SITE.replace("firewalls:\n", "firewalls:\n  - {name: core, config: core.cfg, interfaces: "
                   "{client: outside, management-point: dmz, site-server: dmz}}\n")


def test_only_the_firewall_that_asks_answers(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(CONFIG.replace("any any eq 135", "any any eq 136").replace(
        "permit tcp host 10.30.0.20 any eq 445 time-range", "deny tcp host 10.30.0.20 any eq 445 time-range"))
    core = CONFIG.replace("edge-1", "core-1").replace(" time-range NIGHT", "")
    (tmp_path / "core.cfg").write_text(core.replace("deny tcp any any eq 135", "deny tcp any any eq 136"))
    (tmp_path / "aclproof.yaml").write_text(TWO)
    site = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    answers = {device: FactAnswer(span=AT, device=device, key="time-range NIGHT", value=False)
               for device in ("core-1", "edge-1")}
    assert "time-range NIGHT" in site.facts.looked_up
    assert one(site, answers["edge-1"]).standing == "settled"
    found, testimony = heard(site, answers["core-1"])
    assert testimony.said[0].standing == "proves-nothing"
    assert verdicts(found) == verdicts(site)


def test_a_question_is_settled_and_the_next_ones_as_well(site: Analysis) -> None:
    night = FactAnswer(span=AT, device="edge-1", key="time-range NIGHT", value=True)
    asks = {each.key for result in site.results for part in result.undecided for each in part.questions}
    found, testimony = heard(site, night)
    said, = testimony.said
    assert said.standing == ("settled" if night.key in site.facts.looked_up else "proves-nothing")
    assert night.key in site.facts.looked_up
    assert not asks or night.key not in {
        each.key for result in found.results for part in result.undecided for each in part.questions}
    other = FactAnswer(span=AT, device="edge-1", key="time-range DAY", value=True)
    assert one(site, other).standing == "proves-nothing"
    again = heard(found, night, FactAnswer(span=AT, device="edge-1", key=night.key, value=False))[1].said
    assert [each.standing for each in again] == ["confirmed", "contradicted"]


def connection(heard_as: str, port: int, source: str | None = "10.30.0.20") -> ConnectionAnswer:
    return ConnectionAnswer(span=AT, protocol=6, family=Family.V4, source=number(source) if source else None,
                            destination=number("198.51.100.7"), port=port,
                            heard=heard_as)  # type: ignore[arg-type]


@pytest.mark.parametrize(("heard_as", "port", "standing"), [
    ("open", 1030, "confirmed"), ("open", 135, "contradicted"), ("filtered", 135, "confirmed"),
    ("filtered", 1030, "unexplained"), ("closed", 135, "proves-nothing"), ("open", 8080, "proves-nothing")])
def test_connections_on_the_whole_way(site: Analysis, heard_as: str, port: int, standing: str) -> None:
    found, testimony = heard(site, connection(heard_as, port), vendor="windows")
    assert testimony.said[0].standing == standing
    taken_back = verdicts(found)[HTTPS] is Verdict.UNDECIDED
    assert taken_back == (standing == "contradicted")


def test_only_the_firewall_that_stops_the_connection_does_otherwise(tmp_path: Path) -> None:
    """What core stops is something else, and nobody has tried that."""
    pings = CONFIG.replace("access-list IN", "access-list IN extended permit icmp any any\naccess-list IN", 1)
    (tmp_path / "fw.cfg").write_text(pings)
    (tmp_path / "core.cfg").write_text(pings.replace("hostname edge-1", "hostname core").replace(
        "any any eq 135", "any any eq 999").replace("IN extended permit tcp", "IN extended deny tcp"))
    (tmp_path / "aclproof.yaml").write_text(SITE + (
        "  - name: core\n    config: core.cfg\n"
        "    interfaces: {client: outside, management-point: dmz, site-server: dmz}\n"))
    site = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    stopped = {each.requirement.id: part.blocked_by.firewall
               for each in site.results for part in each.missing}
    assert stopped == {EPM: "edge", HTTPS: "core"}
    found, _ = heard(site, connection("open", 135), vendor="windows")
    open_, = (each for each in found.results if each.requirement.id == RPC)
    assert [part.firewall for part in open_.undecided] == ["edge"]


def test_a_connection_from_an_unknown_address(site: Analysis) -> None:
    assert one(site, connection("open", 135, None), vendor="windows").standing == "proves-nothing"


def test_the_name_of_another_firewall_is_refused(tmp_path: Path) -> None:
    """Whatever is said of the file, and whatever make the other one is of."""
    (tmp_path / "fw.cfg").write_text(CONFIG)
    (tmp_path / "core.cfg").write_text("*filter\n:FORWARD DROP [0:0]\nCOMMIT\n")
    (tmp_path / "aclproof.yaml").write_text(SITE.replace(
        "firewalls:\n", "firewalls:\n  - {name: core, config: core.cfg}\n"))
    site = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    said = one(site, asked(True, *OUTSIDE, device="core"), firewall="edge")
    assert said.standing == "proves-nothing"
    assert "its host name is that of core" in said.says


@pytest.mark.parametrize(("destination", "ports", "standing", "says"), [
    ("198.51.100.7", (1030, 5000), "confirmed", "among those of rpc-dynamic-ports (1025-5000)"),
    ("198.51.100.7", (135, 445, 1025), "confirmed", "rpc-dynamic-ports"),
    ("198.51.100.7", (1030, 5001, 49664), "contradicted",
     "it names TCP 5001, 49664, which rpc-dynamic-ports (1025-5000) does not have"),
    ("10.30.0.10", (49664,), "proves-nothing", "no requirement"),
    (None, (49664,), "proves-nothing", "does not show")])
def test_ports_that_an_endpoint_mapper_names(site: Analysis, destination: str | None, ports: tuple[int, ...],
                                             standing: str, says: str) -> None:
    """Only what was proven of other ports is taken back: of RPC to clients, and of no firewall."""
    answer = EndpointsAnswer(span=AT, family=Family.V4, ports=ports,
                             destination=number(destination) if destination else None)
    found, testimony = heard(site, answer, vendor="windows")
    said, = testimony.said
    assert (said.standing, said.requirements) == (standing, () if standing == "proves-nothing" else (RPC,))
    assert says in said.says
    other = {RPC: Verdict.UNDECIDED} if standing == "contradicted" else {}
    assert verdicts(site)[RPC] is Verdict.MET
    assert verdicts(found) == verdicts(site) | other
    assert not testimony.transcripts[0].remarks


def test_ports_of_a_host_say_nothing_of_the_firewall_that_stops_them(tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(CONFIG.replace(
        "any any eq 135\n", "any any eq 135\naccess-list DMZ extended deny tcp any any range 1025 5000\n"))
    (tmp_path / "aclproof.yaml").write_text(SITE)
    site = analyse(read(tmp_path / "aclproof.yaml"), DAY)
    found, testimony = heard(site, EndpointsAnswer(span=AT, family=Family.V4, ports=(5001,),
                                                   destination=number("198.51.100.7")), vendor="windows")
    assert (testimony.said[0].standing, testimony.said[0].requirements) == ("contradicted", (RPC,))
    assert verdicts(site)[RPC] is Verdict.MISSING
    assert verdicts(found) == verdicts(site)


@pytest.mark.parametrize(("listings", "met"), [
    ([[3], [9]], [False, True]), ([[9], [9]], [False, False]), ([[9], [3]], [False, False]),
    ([[3, 9]], [False, False]), ([[3], [9, 9]], [False, False, False]),
    ([[3], [9], [10]], [False, True, True]),
    ([[3, 3], [9]], [False, False, False])])
def test_a_line_that_counts_more_in_a_later_listing_is_met(site: Analysis, listings: list[list[int]],
                                                           met: list[bool]) -> None:
    """Where it stands once in both; and nothing is confirmed by it."""
    counts = [Count(span=replace(AT, first_line=10 * listing), device="edge-1", rule="permit ip any any",
                    list_name="DMZ", packets=packets, listing=10 * listing)
              for listing, found in enumerate(listings, 1) for packets in found]
    found, testimony = heard(site, *counts)
    assert {each.standing for each in testimony.said} == {"proves-nothing"}
    assert ["so the line is met" in each.says for each in testimony.said] == met
    assert verdicts(found) == verdicts(site)
    others = heard(site, counts[0], replace(counts[-1], device="", context="lab"))[1].said
    assert not any("so the line is met" in each.says for each in others)
