"""A thousand edits of one line: what `diff` tells is what the tracer finds, packet by packet."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

import pytest
from msgspec.structs import replace

from aclproof.linter.demands.demands import Demand
from aclproof.linter.diff.chain_difference import Packets, changed_lists, compare_list
from aclproof.linter.diff.chain_pair import ChainPair
from aclproof.linter.diff.comparison import DemandChange
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Packet
from tests.diff import sides
from tests.diff.sides import AS_OF, ON_LINUX, SITE, Edit

EDITS = 1_000 if os.environ.get("CI") else 500
"""Of each vendor."""
_NOW = {"permit": "permitted", "deny": "denied", "undecided": "undecided"}
_FULL_KEYS = ("newly_permitted", "newly_denied", "undecided_on_one_side")
_FULL = {("deny", "permit"): "newly_permitted", ("permit", "deny"): "newly_denied"}


@pytest.mark.parametrize(("make", "site"), [(sides.asa, SITE), (sides.iptables, ON_LINUX)],
                         ids=["asa", "iptables"])
def test_the_tracer_finds_what_is_told(make: Callable[[Random], Edit], site: Site) -> None:
    seen: Counter[str] = Counter()
    demands = {each.requirement.id: each for each in sides.demands(site)}
    for number in range(EDITS):
        random = Random(f"{make.__name__} {number}")
        edit = make(random)
        old, new = sides.read(edit.old), sides.read(edit.new)
        _, comparison = sides.compared(site, old, new)
        for change in comparison.demands:
            if change.requirement.id in demands:
                requirement(site, edit, old, new, demands[change.requirement.id], change, random, seen)
        lists(edit, old, new, random, seen)
    keys = ("permitted", "denied", "undecided", *_FULL_KEYS)
    assert all(seen[key] > EDITS / 20 for key in keys), seen


@pytest.mark.parametrize("make", [sides.asa, sides.iptables])
def test_lists_with_nothing_in_common(make: Callable[[Random], Edit]) -> None:
    seen: Counter[str] = Counter()
    for number in range(EDITS // 5):
        random = Random(f"{make.__name__} rewritten {number}")
        edit = Edit(make(random).old, make(random).new, "another file")
        lists(edit, sides.read(edit.old), sides.read(edit.new), random, seen)
    assert all(seen[key] > EDITS / 5 for key in _FULL_KEYS), seen


def requirement(site: Site, edit: Edit, old: Firewall, new: Firewall, demand: Demand, change: DemandChange,
                random: Random, seen: Counter[str]) -> None:
    """Sampled packets are newly permitted, denied or undecided exactly when the tracer says so."""
    parts = {"permitted": change.permitted, "denied": change.denied, "undecided": change.undecided}
    found = [box for boxes in parts.values() for box in boxes]
    for packet in sides.samples(demand.request, found, random, 2):
        before, after = (sides.fate(site, firewall, demand, packet) for firewall in (old, new))
        told = [key for key, boxes in parts.items() if any(packet in box for box in boxes)]
        assert told == ([_NOW[after]] if before != after else []), f"{edit.what}\n{edit.old}\n{packet}"
        assert change.worse or (before, after) not in (
            ("permit", "deny"), ("permit", "undecided"), ("undecided", "deny"))
        seen[_NOW[after]] += before != after
    assert not found or change.changed, f"no line is named for {edit.what}\n{edit.old}"


def lists(edit: Edit, old: Firewall, new: Firewall, random: Random, seen: Counter[str]) -> None:
    """Packets of any kind fare in a list as its difference says."""
    for pair in changed_lists(old, new):
        difference = compare_list(ChainPair(pair, old, new), Context(as_of=AS_OF))
        assert difference.complete
        parts = {key: getattr(difference, key) for key in _FULL_KEYS}
        for packet in packets([each for some in parts.values() for each in some], random):
            before, after = (sides.through(*side, packet) for side in ((old, pair.old), (new, pair.new)))
            wanted = [] if before == after else [_FULL.get((before, after), "undecided_on_one_side")]
            told = [key for key, some in parts.items() if any(holds(each, packet) for each in some)]
            assert told == wanted, f"{edit.what}\n{edit.old}\n{packet} {before} {after}"
            seen.update(wanted)


def packets(parts: Sequence[Packets], random: Random) -> list[Packet]:
    """Some packets of every part, by other protocols too, and random ones near what the lists speak of."""
    found = [sides.drawn(box, random) for each in parts for box in each.boxes[:3] for _ in range(2)]
    protocols = [low for part in parts for low, _ in part.protocols.ranges]
    found += [replace(each, protocol=random.choice(protocols)) for each in found[:4]]
    for _ in range(6):
        source, target = (random.choice([0x0A140000, 0x0A010100]) + random.randint(0, 20) for _ in range(2))
        port = random.choice([79, 80, 81, 135, 136, 440, 445, 446, 1024])
        found.append(Packet(Family.V4, random.choice([1, 6, 6, 17, 47]), source, target,
                            random.choice([0, 8, 50000]), port))
    return found


def holds(part: Packets, packet: Packet) -> bool:
    """Whether a part has the packet, by one of its protocols."""
    return packet.protocol in part.protocols and any(
        replace(packet, protocol=box.protocol) in box for box in part.boxes)
