"""Whole sites, each with an expectation derived by hand from its configuration and the source page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.linter.demands.demands import Leg, plan
from aclproof.linter.demands.systems import told
from aclproof.linter.program import check
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.reports.writing import wording
from aclproof.linter.result import DemandResult, Evidence, Line, Missing, Result, Undecided, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site
from aclproof.linter.trace.later_packets import SESSION
from aclproof.linter.trace.records import Connection, Trace
from aclproof.linter.trace.site import follow
from aclproof.linter.trace.tracer import PacketTrace
from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Default
from aclproof.rules.strict_yaml import Data, load

ROOT = Path(__file__).parent.parent
SITES = ROOT / "fixtures" / "sites"
NAMES = sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml"))
AS_OF = date(2026, 1, 15)
PACKETS = 300 if os.environ.get("CI") else 60
"""Of each leg of a demand, at least; and always every corner of every part."""

Part = TypeVar("Part", Missing, Undecided)

all_sites = pytest.mark.parametrize("name", NAMES)


@cache
def site_of(name: str) -> Site:
    return reader.read(SITES / name / "aclproof.yaml")


@cache
def result_of(name: str) -> Result:
    return check(site_of(name), AS_OF)


@cache
def expected(name: str) -> dict[str, Data]:
    file = SITES / name / "expected.yaml"
    return mapping(load(file.read_text(encoding="utf-8"), str(file)).data)


def mapping(data: Data) -> dict[str, Data]:
    assert data is None or isinstance(data, dict)
    return data or {}


def texts(data: Data) -> list[str]:
    assert isinstance(data, list)
    return [str(each) for each in data]


def place_of(line: Line, result: Result) -> str:
    """As expected.yaml writes it: the line, and before it the firewall where there are two."""
    number = str(line.span.first_line)
    return number if len({each.name for each in result.inputs}) == 1 else f"{line.firewall}:{number}"


# What was derived by hand


@all_sites
def test_the_result_is_what_was_derived_by_hand(name: str) -> None:
    wanted, result = expected(name), result_of(name)
    assert {each.id: each.verdict.value for each in result.methods} == wanted["methods"]
    assert {each.requirement.id: each.verdict.value for each in result.demands} == wanted["verdicts"]
    assert {each.requirement.id: missing(each, result) for each in result.demands if each.missing} == {
        key: {"flows": sorted(texts(mapping(data)["flows"])), "lines": sorted(texts(mapping(data)["lines"]))}
        for key, data in mapping(wanted.get("missing")).items()}
    assert {each.requirement.id: undecided(each, result) for each in result.demands if each.undecided} == {
        key: {"lines": sorted(texts(mapping(data)["lines"])), "facts": sorted(texts(mapping(data)["facts"]))}
        for key, data in mapping(wanted.get("undecided")).items()}


def missing(demand: DemandResult, result: Result) -> dict[str, list[str]]:
    return {"flows": sorted(wording.flow(box, whole=demand.boxes)
                            for each in demand.missing for box in each.boxes),
            "lines": sorted({place_of(each.blocked_by, result) for each in demand.missing})}


def undecided(demand: DemandResult, result: Result) -> dict[str, list[str]]:
    return {"lines": sorted({place_of(each.line, result) for each in demand.undecided if each.line}),
            "facts": sorted({fact for each in demand.undecided for fact in each.facts})}


@all_sites
def test_the_exit_code_is_what_was_derived_by_hand(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", str(SITES / name / "aclproof.yaml"), "--as-of", AS_OF.isoformat()])
    out, err = capsys.readouterr()
    assert str(code) == expected(name)["exit"]
    heading = pack_of(site_of(name)).method_heading
    assert out.startswith(heading.en if heading else "Method")
    assert err == ""


@all_sites
def test_a_requirement_is_met_exactly_if_all_of_it_is_covered(name: str) -> None:
    for each in result_of(name).demands:
        covered = each.coverage.permitted == each.coverage.required
        assert covered == (each.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE))
        assert bool(each.witness) == (each.verdict in (Verdict.MISSING, Verdict.UNDECIDED))


# The tracer as an oracle that knows nothing of sets


def way_of(site: Site, leg: Leg) -> list[str]:
    """The names on the way of a leg, by the words of the site file."""
    middle = [place.name for place in site.firewalls if not place.host]
    near = next((role.id for each in pack_of(site).each for role in each.roles if role.near), "")
    own = site.roles.get(near, NOWHERE)  # computers of other roles may be some of these
    towards = leg.destination == near or (leg.source != near and site.roles[leg.destination] <= own)
    middle = middle[::-1] if towards else middle
    for path in site.paths:
        for each in path.destinations:
            if {leg.source, leg.destination} == {path.source, each}:
                middle = list(path.through) if leg.source == path.source else list(path.through)[::-1]
    ends = [[place.name for place in site.firewalls if mine in place.host and other not in place.host]
            for mine, other in ((leg.source, leg.destination), (leg.destination, leg.source))]
    return [*ends[0], *middle, *ends[1]]


@all_sites
def test_the_tracer_agrees_about_sampled_packets(name: str) -> None:
    agree_about_samples(name, result_of(name))


@all_sites
def test_firewalls_are_met_in_the_order_of_the_site_file(name: str) -> None:
    site, results = site_of(name), {each.requirement.id: each for each in result_of(name).demands}
    for demand in plan(site, pack_of(site)).demands:
        found = results[demand.requirement.id]
        assert [hop.firewall for hop in found.hops] == way_of(site, demand.request)


def agree_about_samples(name: str, result: Result) -> None:
    """Trace packets of every leg of every demand, and compare each with the result of the sets."""
    site = site_of(name)
    firewalls = {place.name: parsers.read(*place.configs) for place in site.firewalls}
    results = {each.requirement.id: each for each in result.demands}
    pack = pack_of(site)
    for demand in plan(site, pack, told(site, firewalls)).demands:
        found = results[demand.requirement.id]
        ends = Connection(demand.request.source, demand.request.destination, demand, pack.nears)
        for leg in demand.legs:
            for packet in sample(leg, found, Random(f"{name} {demand.requirement.id} {leg.kind}")):
                seen = follow(site, firewalls, ends, packet, leg.kind, AS_OF)
                met = [hop.firewall for hop in found.hops]
                assert [hop.name for hop in seen.hops] == (met[::-1] if leg.kind == "reply" else met)
                agree(found, leg, seen)


def agree(found: DemandResult, leg: Leg, seen: Trace) -> None:
    """The result says of the packet at each hop, as it came there, what the tracer says."""
    doubted = False
    for hop in seen.hops:
        denied = {deciding_line(hop.packet_trace)} if hop.verdict == "deny" and hop.packet_trace else set()
        stopped = {each.blocked_by.span.first_line for each in holding(found.missing, leg, hop.packet)
                   if each.blocked_by.firewall == hop.name}
        if leg.kind == "follow-up":  # said once only, where the first packet met the same line
            assert stopped <= denied
        else:
            assert stopped == denied
        doubted |= hop.verdict == "undecided"
        assert found.verdict is not Verdict.MET or not denied
    held = any(list(holding(found.undecided, leg, hop.packet)) for hop in seen.hops)
    placed = leg.kind == "request" or all(hop.packet_trace or hop.because == (SESSION,) for hop in seen.hops)
    assert not doubted or held or not placed or leg.kind == "follow-up"
    if leg.kind == "request" or not any(may_translate(hop.firewall) for hop in seen.hops):
        assert doubted or not held  # after a translation answers to two connections may look alike
    assert found.verdict is not Verdict.MET or not doubted


def holding(parts: Iterable[Part], leg: Leg, packet: Packet) -> Iterator[Part]:
    return (each for each in parts if each.leg == leg.kind and any(packet in box for box in each.boxes))


def deciding_line(trace: PacketTrace) -> int:
    assert trace.deciding is not None
    by = trace.deciding.by
    return by.span.first_line if isinstance(by, Default) else by.line


def sample(leg: Leg, found: DemandResult, random: Random) -> list[Packet]:
    """The corners of the demand and of every part that was found, then random packets of them all."""
    parts: list[Missing | Undecided | Evidence] = [*found.missing, *found.undecided, *found.evidence]
    found_boxes = (box & whole for part in parts if part.leg == leg.kind for box in part.boxes
                   for whole in leg.boxes)  # after a translation they are of other packets
    boxes = [*leg.boxes, *(box for box in found_boxes if box)]
    chosen = [packet for box in boxes for packet in corners(box)]
    while len(chosen) < PACKETS:
        box = random.choice(boxes)
        chosen.append(Packet(box.family, box.protocol, *(any_of(axis, random) for axis in axes(box))))
    return chosen


def axes(box: Box) -> tuple[IntervalSet, IntervalSet, IntervalSet, IntervalSet]:
    return box.sources, box.destinations, box.source_ports, box.destination_ports


def corners(box: Box) -> Iterator[Packet]:
    ends = [sorted({axis.ranges[0][0], axis.ranges[-1][1]}) for axis in axes(box)]
    return (Packet(box.family, box.protocol, *each) for each in product(*ends))


def any_of(axis: IntervalSet, random: Random) -> int:
    return random.randint(*random.choice(axis.ranges))


# Reports of whole sites


@all_sites
def test_the_json_report_holds_together(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(SITES / name / "aclproof.yaml"), "--as-of", AS_OF.isoformat(), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    packs = ["packs"] if len(site_of(name).packs) > 1 else []
    assert list(report) == ["schema", "tool", "as_of", "site", "pack", *packs, "inputs", "assumptions",
                            "methods", "results", "waivers", "summary"]
    assert report["schema"] == "aclproof/check/v1"
    assert [each["verdict"] for each in report["methods"]] == list(report["summary"]["methods"].values())
    verdicts = [each["verdict"] for each in report["results"]]
    words = [*(each.value for each in Verdict), "waived"]
    assert report["summary"]["requirements"] == {word: verdicts.count(word) for word in words}
    files = {each["path"]: each["line_counts"]["total"] for each in report["inputs"]}
    for path, total in files.items():
        assert total == len(Path(path).read_bytes().splitlines())
    for each in report["results"]:
        lines = [part["blocked_by"] for part in each["missing"]]
        lines += [part["permitted_by"] for part in each["evidence"]]
        lines += [part["line"] for part in each["undecided"] if part["line"]]
        assert all(1 <= line["line"] <= files[line["file"]] and line["text"] for line in lines)
        assert (each["verdict"] == "missing") == bool(each["missing"])
        assert each["flow"] or each["verdict"] == "not-applicable"


@all_sites
def test_the_same_site_gives_the_same_reports_twice(name: str) -> None:
    again = check(reader.read(SITES / name / "aclproof.yaml"), AS_OF)
    for render in FORMATS.values():
        assert render(again, Look()) == render(result_of(name), Look())


@pytest.mark.parametrize("name", ["dual-stack", "two-in-series"])
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_the_hash_seed_does_not_show_in_a_report(name: str, form: str) -> None:
    arguments = ["check", f"fixtures/sites/{name}/aclproof.yaml", "--format", form, "--as-of", "2026-01-15"]
    command = [sys.executable, "-c", "from aclproof.linter.cli import main; main()", *arguments]
    outputs = set()
    for seed in ("0", "1", "4242"):
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed},
                              capture_output=True, timeout=60)
        assert done.stderr == b""
        outputs.add((done.returncode, done.stdout))
    assert len(outputs) == 1
