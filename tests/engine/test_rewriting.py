"""Translations of whole boxes against those of their packets, one by one."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from msgspec.structs import replace

from aclproof.linter.demands.demands import answer
from aclproof.linter.engine.changes import rewriting, to_any_address, undone
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import ICMP, TCP
from tests.engine.test_sets_agree_with_tracer import packets

OWN = IntervalSet.of((9, 9))
ENDS: tuple[End, End] = ("source", "destination")
EFFECTS = [each for end in ENDS for each in (
    Translate(end, (4, 4)), Translate(end, (4, 6)), Translate(end, None, (2, 2)),
    Translate(end, None, (2, 3)), Translate(end, (5, 5), (0, 0)), Translate(end, (4, 5), (1, 2)),
    Translate(end, (8, 11), shifted=True),
    Translate(end, (8, 9), shifted=True), Translate(end, (8, 11), (2, 2), shifted=True),
    Translate(end, itself=True), Translate(end, None, (1, 1), itself=True), Translate(end, (7, 9), offset=5))]
RANGES = [(0, 3), (1, 2), (2, 3), (3, 3), (4, 5), (2, 6)]


def images(effect: Translate, packet: Packet) -> set[Packet]:
    """What may become of one packet (nf_nat_core.c, xt_NETMAP.c; of ICMP no port is rewritten)."""
    address, port = (packet.source, packet.source_port) if effect.end == "source" else (
        packet.destination, packet.destination_port)
    addresses: Range = effect.addresses or (address, address)
    if effect.itself:
        addresses = OWN.ranges[0]
    elif effect.offset is not None:
        addresses = (address + effect.offset, address + effect.offset)
    elif effect.shifted:
        size = addresses[1] - addresses[0] + 1
        addresses = (addresses[0] + address % size, addresses[0] + address % size)
    ports = (port, port) if packet.protocol == ICMP or effect.ports is None else effect.ports
    numbers = product(*(range(low, high + 1) for low, high in (addresses, ports)))
    if effect.end == "source":
        return {Packet(packet.family, packet.protocol, new, packet.destination, at, packet.destination_port)
                for new, at in numbers}
    return {Packet(packet.family, packet.protocol, packet.source, new, packet.source_port, at)
            for new, at in numbers}


def box(draw: Random, protocol: int, *within: IntervalSet) -> Box:
    sets = [IntervalSet.of(*draw.sample(RANGES, draw.choice((1, 1, 2)))) for _ in range(4)]
    met = [one & other or other for one, other in zip(sets, within or sets, strict=True)]
    return Box(Family.V4, protocol, *met)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("protocol", [TCP, ICMP])
def test_what_becomes_of_a_box_and_what_it_was(effect: Translate, protocol: int) -> None:
    draw = Random(7)
    for _ in range(12):
        before = box(draw, protocol)
        of_each = {packet: images(effect, packet) for packet in packets(before)}
        found = rewriting(effect, before, OWN)
        size = effect.addresses[1] - effect.addresses[0] + 1 if effect.addresses and effect.shifted else 2**32
        end = before.sources if effect.end == "source" else before.destinations
        if len({number // size for low, high in end.ranges for number in range(low, high + 1)}) > 1:
            assert found is None, "of several networks"
            continue
        assert found is not None
        after = found.after
        assert set(packets(after)) == set().union(*of_each.values())
        assert found.exact is all(len(some) == 1 for some in of_each.values())
        part = box(draw, protocol, after.sources, after.destinations, after.source_ports,
                   after.destination_ports)
        wanted = set(packets(part))
        assert set(packets(found.back(part))) == {packet for packet, some in of_each.items() if some & wanted}
        if protocol == TCP:
            asked, answered = answer(before), answer(after)
            again = undone(found, asked, answered)
            assert again.before == again.back(asked) == answered
            if found.shift is not None and found.ports_kept:
                some = box(draw, TCP, before.sources, before.destinations, before.source_ports,
                           before.destination_ports)
                changed = rewriting(effect, some, OWN)
                assert changed is not None
                assert again.back(answer(some)) == answer(changed.after)


def test_which_of_several_own_addresses_is_not_known() -> None:
    effect, before = Translate("source", itself=True), box(Random(7), TCP)
    assert rewriting(effect, before, IntervalSet.of((8, 9))) is None
    assert rewriting(effect, before, IntervalSet()) is None


def test_addresses_of_two_networks_keep_no_one_distance() -> None:
    effect, ends = Translate("source", (8, 11), shifted=True), IntervalSet.of((1, 1), (5, 5))
    assert rewriting(effect, replace(box(Random(7), TCP), sources=ends), OWN) is None


@pytest.mark.parametrize("effect", [each for each in EFFECTS if not each.itself])
@pytest.mark.parametrize("end", ENDS)
def test_what_is_chosen_is_so_for_all_packets_or_for_none(effect: Translate, end: End) -> None:
    """What some packets get, others may have got that differ from them in what was chosen."""
    draw, (addresses, ports) = Random(7), _AXES[end]
    found = rewriting(effect, replace(box(draw, TCP), sources=ONE, destinations=ONE), OWN)
    assert found
    to = None if effect.shifted or effect.offset is not None else effect.addresses
    chosen = [name for name, values in ((addresses, to), (ports, effect.ports))
              if values and values[0] < values[1]]
    for _ in range(6):
        whole = box(draw, TCP)
        part = box(draw, TCP, whole.sources, whole.destinations, whole.source_ports, whole.destination_ports)
        spread = found.spread(whole, end)
        assert (spread.before, spread.after, spread.end) == (whole, whole, end)
        assert spread.back(part) == replace(part, **{name: getattr(whole, name) for name in chosen})


_AXES = {"source": ("sources", "source_ports"), "destination": ("destinations", "destination_ports")}
ONE = IntervalSet.of((1, 1))


@pytest.mark.parametrize(("protocol", "ports", "kept"), [
    (TCP, None, True), (TCP, (5, 6), False), (ICMP, None, True), (ICMP, (5, 6), True)])
def test_an_address_that_no_file_shows_may_be_any(protocol: int, ports: Range | None, kept: bool) -> None:
    """Of ICMP no port is rewritten."""
    before = box(Random(7), protocol)
    found = to_any_address(before, ports)
    assert found.after == replace(before, sources=IntervalSet.of((0, 2**32 - 1)),
                                  source_ports=before.source_ports if kept else IntervalSet.of((5, 6)))
    assert found.back(replace(found.after, sources=ONE)) == before
