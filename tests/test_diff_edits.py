"""A thousand edits of one line: the sets that `diff` tells are those that the walker finds packet by packet."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest

from linter.diff.chains import Packets, difference, pairs
from linter.engine.packets import Packet
from linter.site import Site
from parsers.model.addresses import Family
from parsers.model.conditions import Context
from tests import diffs
from tests.diffs import AS_OF, ON_LINUX, SITE, Edit

EDITS = 2_000 if os.environ.get("CI") else 500
"""Of each vendor."""

vendors = pytest.mark.parametrize(("make", "site"), [(diffs.asa, SITE), (diffs.iptables, ON_LINUX)],
                                  ids=["asa", "iptables"])


@vendors
def test_what_requirements_gain_and_lose_is_what_the_walker_finds(make: Callable[[Random], Edit],
                                                                  site: Site) -> None:
    seen = {"permitted": 0, "denied": 0, "undecided": 0}
    demands = {each.requirement.id: each for each in diffs.demands(site)}
    for number in range(EDITS):
        random = Random(f"{site.firewalls[0].interfaces} {number}")
        edit = make(random)
        old, new = diffs.read(edit.old), diffs.read(edit.new)
        _, comparison = diffs.compared(site, old, new)
        for change in comparison.demands:
            demand = demands.get(change.requirement.id)
            if demand is None:
                continue
            parts = {"permitted": change.permitted, "denied": change.denied, "undecided": change.undecided}
            found = [box for boxes in parts.values() for box in boxes]
            for packet in diffs.samples(demand.request, found, random, 2):
                before, after = (diffs.fate(site, firewall, demand, packet) for firewall in (old, new))
                wanted = {"permit": "permitted", "deny": "denied", "undecided": "undecided"}[after]
                told = [key for key, boxes in parts.items() if any(packet in box for box in boxes)]
                assert told == ([wanted] if before != after else []), f"{edit.what}\n{edit.old}\n{packet}"
                seen[wanted] += before != after
            lost = bool(change.denied) or any(
                diffs.fate(site, old, demand, diffs.drawn(box, random)) == "permit" for box in change.undecided)
            assert change.worse >= lost
            assert not found or change.changed, f"no line is named for {edit.what}\n{edit.old}"
    assert all(count > EDITS / 20 for count in seen.values()), seen


@vendors
def test_whole_lists_are_compared_as_the_walker_does(make: Callable[[Random], Edit], site: Site) -> None:
    seen = {"gained": 0, "lost": 0, "unsure": 0}
    for number in range(EDITS):
        random = Random(f"whole {site.firewalls[0].interfaces} {number}")
        edit = make(random)
        old, new = diffs.read(edit.old), diffs.read(edit.new)
        for pair in pairs(old, new):
            whole = difference(pair, old, new, Context(as_of=AS_OF))
            assert whole.complete
            parts = {"gained": whole.gained, "lost": whole.lost, "unsure": whole.unsure}
            for packet in _packets([each for some in parts.values() for each in some], random):
                before, after = (diffs.through(*side, packet) for side in ((old, pair.old), (new, pair.new)))
                wanted = [] if before == after else [
                    {("deny", "permit"): "gained", ("permit", "deny"): "lost"}.get((before, after), "unsure")]
                told = [key for key, some in parts.items() if any(_holds(each, packet) for each in some)]
                assert told == wanted, f"{edit.what}\n{edit.old}\n{packet} {before} {after}"
                for key in wanted:
                    seen[key] += 1
    assert all(count > EDITS / 20 for count in seen.values()), seen


def _packets(parts: list[Packets], random: Random) -> list[Packet]:
    """Random packets near what the lists speak of, and some of every part."""
    found = [diffs.drawn(box, random) for each in parts for box in each.boxes[:3] for _ in range(2)]
    found += [each.__class__(each.family, random.choice([low for part in parts for low, _ in part.protocols.ranges]),
                             each.source, each.destination, each.source_port, each.destination_port)
              for each in found[:4]]
    for _ in range(6):
        ends = [random.choice([0x0A140000, 0x0A010100]) + random.randint(0, 20) for _ in range(2)]
        port = random.choice([79, 80, 81, 135, 136, 440, 445, 446, 1024])
        found.append(Packet(Family.V4, random.choice([1, 6, 6, 17, 47]), ends[0], ends[1],
                            random.choice([0, 8, 50000]), port))
    return found


def _holds(part: Packets, packet: Packet) -> bool:
    """Whether a part has the packet, by one of its protocols."""
    return packet.protocol in part.protocols and any(
        packet.family is box.family and packet.source in box.sources and packet.destination in box.destinations
        and packet.source_port in box.source_ports and packet.destination_port in box.destination_ports
        for box in part.boxes)
