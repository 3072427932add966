"""Addresses that stand for others: a list holds the one, and packets are compared with the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.engine import changes
from aclproof.linter.engine.overlaps import Overlaps
from aclproof.linter.proof.near.records import Near
from aclproof.linter.proof.near.wording import few
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Side
from aclproof.parsers.model.effects import End, Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import Service
from aclproof.reason import Reason

_MOST_ORIGINS = 1 << 16
"""An address that stands for more than so many others stands for none of them."""


class Rewrite(Struct, frozen=True):
    """A line that makes other addresses of some."""

    end: End
    before: AddressSet
    effect: Translate
    services: tuple[Service, ...]
    line: int


class Alternative(Struct, frozen=True):
    """What some needed addresses of one side are elsewhere, by one line."""

    side: Side
    mapped: bool
    """Whether these are the mapped addresses, and the needed ones are real."""
    addresses: IntervalSet
    line: int


class Rewrites:
    """The lines that translate to addresses that are known, by their addresses before it and after."""

    def __init__(self, lines: Sequence[Rewrite]) -> None:
        self._lines = lines
        self._before = {family: Overlaps(each.before.of(family) for each in lines) for family in Family}
        self._after = Overlaps(IntervalSet.of(*filter(None, [each.effect.addresses])) for each in lines)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def touching(self, box: Box) -> list[Rewrite]:
        """Return those that translate an end of packets, or translate to one, in their order."""
        ends = box.sources | box.destinations
        found = {*self._before[box.family].meeting(ends), *self._after.meeting(ends)}
        return [self._lines[number] for number in sorted(found)]


def rewrites(firewall: Firewall) -> Rewrites:
    """Return the lines that translate to addresses that are known."""
    found = [Rewrite(line.end, line.sources if line.end == "source" else line.destinations, line.effect,
                     line.services, line.line)
             for line in firewall.translations if line.effect and not line.because]
    for chain in firewall.chains.values():
        found += [Rewrite(rule.effect.end, rule.sources if rule.effect.end == "source" else rule.destinations,
                          rule.effect, rule.services, rule.line)
                  for rule in special(chain.rules) if isinstance(rule.effect, Translate) and rule.enabled]
    return Rewrites([each for each in found if each.effect.addresses])


def alternatives(lines: Rewrites, box: Box) -> Iterator[Alternative]:
    """Yield what the ends of packets are before a line has translated them, or after it."""
    for each in lines.touching(box):
        if each.effect.ports is None and not _concerns(each, box):
            continue
        before, hides = each.before.of(box.family), each.end == "source"
        assert each.effect.addresses
        after = IntervalSet.of(each.effect.addresses)
        sides: tuple[tuple[Side, IntervalSet], ...] = (
            ("destination", box.destinations), ("source", box.sources))
        for side, ends in sides:
            if before.overlaps(ends):
                yield Alternative(side, hides, _images(each, box, ends & before) - ends, each.line)
            elif after.overlaps(ends):
                yield Alternative(side, not hides, _origins(each, ends & after, before) - ends, each.line)


def near(firewall: Firewall, box: Box, side: Side, lines: Rewrites, rule: Rule) -> Near | None:
    """A rule for an address that stands for a needed one, or the other way round."""
    own, written = (box.sources, rule.sources) if side == "source" else (box.destinations, rule.destinations)
    others = written.of(box.family)
    for each in alternatives(lines, box):
        if each.side == side and others.overlaps(each.addresses):
            return _near(firewall, box, each, rule, others & each.addresses, own)
    return None


def compared_after(firewall: Firewall, box: Box, lines: Rewrites, rule: Rule) -> Near | None:
    """A rule for just these packets, which come to its list translated."""
    written = rule.destinations.of(box.family) & box.destinations
    for each in alternatives(lines, box):
        if each.side == "destination" and not each.mapped and each.addresses:
            return _near(firewall, box, replace(each, mapped=True), rule, written, each.addresses)
    return None


def _near(firewall: Firewall, box: Box, by: Alternative, rule: Rule, written: IntervalSet,
          wanted: IntervalSet) -> Near:
    said = {"written": few(box.family, written), "wanted": few(box.family, wanted),
            "line": firewall.quote(by.line).first_line}
    match by.side, by.mapped, firewall.lists_before_translation:
        case "destination", True, False:
            reason = Reason("permits it to the mapped address {written}; this list is compared with the real "
                            "one, {wanted} (translated by line {line})", **said)
        case "destination", False, True:
            reason = Reason("permits it to the real address {written}; this list is compared with the mapped "
                            "one, {wanted} (translated by line {line})", **said)
        case "destination", _, _:
            reason = Reason("permits it to {written}, and line {line} translates between that and {wanted}",
                            **said)
        case _, True, False:
            reason = Reason("permits it from the mapped address {written}; this list is compared with the "
                            "real one, {wanted} (translated by line {line})", **said)
        case _:
            reason = Reason("permits it from {written}, and line {line} translates between that and {wanted}",
                            **said)
    return Near("translated", rule, reason)


def _concerns(each: Rewrite, box: Box) -> bool:
    return any(box.protocol in service.protocols and service.destination_ports.overlaps(box.destination_ports)
               and service.source_ports.overlaps(box.source_ports) for service in each.services)


def _images(each: Rewrite, box: Box, ends: IntervalSet) -> IntervalSet:
    """What the line makes of addresses."""
    made = changes.rewriting(each.effect, replace(box, sources=ends, destinations=ends), EMPTY)
    if made is None:
        return EMPTY
    return made.after.sources if each.end == "source" else made.after.destinations


def _origins(each: Rewrite, ends: IntervalSet, before: IntervalSet) -> IntervalSet:
    """The addresses of which the line makes these."""
    offset = each.effect.offset
    if offset is not None:
        return IntervalSet(tuple((low - offset, high - offset) for low, high in ends.ranges)) & before
    return before if before.size <= _MOST_ORIGINS else EMPTY
