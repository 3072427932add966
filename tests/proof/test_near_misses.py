"""What almost lets missing packets through, kind by kind; the tracer confirms that it is one slip only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.demands.demands import plan
from aclproof.linter.engine.budget import STEPS_OF_A_RUN, Budget
from aclproof.linter.program import check
from aclproof.linter.proof.near.records import Near
from aclproof.linter.proof.path import prove_along_paths
from aclproof.linter.proof.records import Judged
from aclproof.linter.site import reader
from aclproof.linter.site.packs import pack_of
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import parse
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.rules import Action, Chain, Default, Stage
from aclproof.parsers.model.services import TCP, UDP
from tests.parsers.cisco_asa.asa import INTERFACES

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
AS_OF = date(2026, 1, 15)
HEAD = INTERFACES + "time-range OLD\n absolute end 23:59 31 December 2024\n"
DENY = "access-list A extended deny ip any any\n"
BOUND = "access-group A in interface outside\n"
CLIENTS, SERVER = "192.0.2.128 255.255.255.128", "host 10.1.0.11"


def near(tmp_path: Path, lines: str, version: str = "9.12(4)") -> list[tuple[str, int, str]]:
    """The near misses of SMB from clients outside to a server inside: kind, line of the list, text."""
    (tmp_path / "fw.cfg").write_text(HEAD.replace("9.12(4)", version) + lines)
    site = Site({"client": parse("192.0.2.128/25"), "distribution-point": parse("10.1.0.11")},
                (SiteFirewall("fw", (str(tmp_path / "fw.cfg"),)),), methods=("software-distribution",),
                settings={"mode": "mixed"})
    found, = (each for each in check(site, AS_OF).demands if each.requirement.id == "CM2007-SWD-SMB")
    first = HEAD.count("\n")
    return [(each.kind, each.rule.span.first_line - first, each.text)
            for missing in found.missing for each in missing.near]


@pytest.mark.parametrize(("lines", "kind", "line", "says"), [
    (f"access-list A extended permit tcp {CLIENTS} {SERVER} eq 445 inactive\n{BOUND}", "disabled", 1,
     "inactive"),
    (f"access-list A extended permit tcp {CLIENTS} {SERVER} eq 445 time-range OLD\n{BOUND}", "expired", 1,
     "time-range OLD ended on 2024-12-31"),
    (f"{DENY}access-list A extended permit tcp any any eq 445\n{BOUND}", "below", 2,
     "line 16 is asked before"),
    (f"{DENY}access-list A extended permit ip any any\n{BOUND}", "below", 2, "line 16 is asked before"),
    (f"access-list A extended permit tcp host 192.0.2.130 {SERVER} eq 445\n{BOUND}", "partly", 1,
     "from 192.0.2.130 only"),
    (f"access-list B extended permit tcp {CLIENTS} {SERVER} eq 445\n{DENY}{BOUND}", "unbound", 1,
     "B is bound to no interface"),
    (f"access-list B extended permit tcp {CLIENTS} {SERVER} eq 445\n{DENY}{BOUND}"
     "access-group B in interface dmz\n", "elsewhere", 1, "B is bound in dmz"),
    (f"access-list A extended permit udp {CLIENTS} {SERVER} eq 445\n{BOUND}", "other-protocol", 1,
     "permits UDP, not TCP"),
    (f"access-list A extended permit tcp {CLIENTS} eq 445 {SERVER}\n{BOUND}", "source-side", 1,
     "source side"),
    (f"access-list B extended permit tcp {SERVER} {CLIENTS} eq 445\n{DENY}{BOUND}", "reversed", 1,
     "other direction")])
def test_a_slip_is_named(tmp_path: Path, lines: str, kind: str, line: int, says: str) -> None:
    found = near(tmp_path, lines)
    assert [(each[0], each[1]) for each in found] == [(kind, line)]
    assert says in found[0][2]


OUT = "access-list B extended permit tcp {} {server} eq 445 inactive\naccess-group B out interface inside\n"


def test_a_list_that_sees_other_addresses_is_not_compared(tmp_path: Path) -> None:
    """Before 8.3 a list on the way out holds the addresses that translation has given by then."""
    passes = "access-list A extended permit ip any any\n" + BOUND
    out = OUT.format(CLIENTS, server=SERVER)
    found = near(tmp_path, passes + out)
    assert [each[:2] for each in found] == [("disabled", 3)]
    moved = "static (outside,inside) 10.1.9.128 192.0.2.128 netmask 255.255.255.128\n"
    assert near(tmp_path, passes + out + moved, version="8.2(5)") == []



@pytest.mark.parametrize("lines", [
    f"access-list A extended permit tcp any any eq 80\n{BOUND}",
    f"access-list B extended permit ip any any\n{DENY}{BOUND}",
    f"access-list A extended permit udp any any\n{BOUND}",
    f"access-list A extended permit tcp host 10.9.9.9 any eq 445\n{BOUND}",
    f"access-list A extended permit tcp any any eq 445 time-range WHEN inactive\n{BOUND}"])
def test_what_is_far_off_or_means_everything_is_no_near_miss(tmp_path: Path, lines: str) -> None:
    assert near(tmp_path, lines) == []


def test_the_most_telling_come_first_and_few(tmp_path: Path) -> None:
    many = "".join(f"access-list A extended permit tcp host 192.0.2.{n} any eq 445\n"
                   for n in range(130, 140))
    found = near(tmp_path, many + "access-list A extended permit tcp any any eq 445 inactive\n" + BOUND)
    assert [kind for kind, _, _ in found[:3]] == ["disabled", "partly", "partly"]
    assert len(found) == 3


@pytest.mark.parametrize("name", sorted(each.parent.name for each in SITES.glob("*/aclproof.yaml")))
def test_the_tracer_says_that_only_this_keeps_the_rule_from_the_packets(name: str) -> None:
    """The rule alone, without what hinders it, lets through the packets that its slip stands for."""
    site = reader.read(SITES / name / "aclproof.yaml")
    firewalls = {place.name: parsers.read(*place.configs) for place in site.firewalls}
    demands = plan(site, pack_of(site)).demands
    for proof in prove_along_paths(site, firewalls, demands, Context(site.facts, AS_OF),
                                   Budget(STEPS_OF_A_RUN)):
        judged = proof.finding
        if not isinstance(judged, Judged):
            continue
        for denial in judged.outcome.denials:
            for each in judged.near_rules(denial.by):
                assert any(lets_through(each, box) for box in denial.boxes), (each, denial.boxes[0])


def lets_through(near: Near, box: Box) -> bool:
    bare = near.rule._replace(enabled=True, conditions=(), target="")
    stage = Stage("alone", ("alone",), Default(Action.DENY, "", "", Span("", 1, 1, "")))
    chains = {"alone": Chain("alone", (bare,))}
    return any(trace_packet((stage,), chains, packet, Context()).verdict == "permit"
               for packet in slipped(near, box))


def changed_once(near: Near, box: Box) -> Iterator[Packet]:
    """Packets of the rule that differ from the needed ones in one of the four numbers only."""
    for each in near.rule.services:
        if box.protocol not in each.protocols:
            continue
        of_rule = {"source": near.rule.sources.of(box.family), "source_port": each.source_ports,
                   "destination": near.rule.destinations.of(box.family),
                   "destination_port": each.destination_ports}
        needed = {"source": box.sources, "destination": box.destinations, "source_port": box.source_ports,
                  "destination_port": box.destination_ports}
        common = {name: of_rule[name] & needed[name] for name in needed}
        for other in needed:
            numbers = {name: numbers.lowest for name, numbers in common.items() if numbers and name != other}
            if len(numbers) == len(needed) - 1:
                yield Packet(box.family, box.protocol, **numbers, **{other: of_rule[other].lowest})


def slipped(near: Near, box: Box) -> list[Packet]:
    """A packet for which the rule is meant, taken from the rule where the packets themselves are not."""
    packet = box.witness()
    match near.kind:
        case "reversed":
            return [replace(packet, source=packet.destination, destination=packet.source)]
        case "other-protocol":
            return [replace(packet, protocol=UDP if packet.protocol == TCP else TCP)]
        case "source-side":
            return [replace(packet, source_port=each) for low, high in box.destination_ports.ranges
                    for each in (low, high)]
        case "other-network" | "other-port" | "other-source-port" | "translated":
            return list(changed_once(near, box))
        case "partly":
            sources, destinations = near.rule.sources.of(box.family), near.rule.destinations.of(box.family)
            ports = [low for each in near.rule.services for low, _ in each.destination_ports.ranges]
            from_ports = [low for each in near.rule.services for low, _ in each.source_ports.ranges]
            return [replace(packet, source=source, destination=destination, source_port=from_port,
                            destination_port=port)
                    for source in (packet.source, sources.lowest)
                    for destination in (packet.destination, destinations.lowest)
                    for port in (packet.destination_port, *ports)
                    for from_port in (packet.source_port, *from_ports)]
        case _:
            sources, destinations = box.sources & near.rule.sources.of(box.family), \
                box.destinations & near.rule.destinations.of(box.family)
            return [replace(packet, source=sources.lowest, destination=destinations.lowest,
                            destination_port=port)
                    for port in (packet.destination_port, *(
                        low for each in near.rule.services for low, _ in each.destination_ports.ranges))]
