"""Packets between two interfaces by the line of the translation table that their answers would meet."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import answer
from aclproof.linter.engine.algebra import minus, split
from aclproof.linter.proof.nat_table import NatMatch, first_nat_matches
from aclproof.parsers.model.firewall import Firewall, MetTranslations, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box


class Met(Struct, frozen=True):
    """Packets, and all that the table says of them; no lines where those differ with an unknown address."""

    box: Box
    lines: MetTranslations | None


def cut(firewall: Firewall, entry: str, leave: str, dialled: NatMatch, source: NatMatch) -> Iterator[Met]:
    """Cut packets, as they come in, by the line that a connection from their destination back would meet.

    `dialled` and `source` are what the table makes of the two ends, the same packets in both.
    """
    of_source = NatMatch(dialled.after, source.by)
    changed = of_source.rewriting
    unknown = bool(source.by and source.by.because)
    back = answer(of_source.after)
    if unknown:
        back = replace(back, destinations=IntervalSet.of((0, back.family.last)))
    asked: dict[int, tuple[Translation | None, list[Box]]] = {}
    for match in first_nat_matches(firewall, "source", back, leave, entry, answers=True):
        part = answer(match.box)
        if unknown:
            part = replace(part, sources=dialled.box.sources)
        for rewriting in (changed, dialled.rewriting):
            part = rewriting.back(part) if rewriting else part
        line = _changing(match)
        asked.setdefault(id(line), (line, []))[1].append(part)
    whole, choice = dialled.box, unknown or bool(changed and not changed.exact)
    certain: list[Box] = []
    for key, (line, boxes) in asked.items():
        others = [box for other, (_, those) in asked.items() if other != key for box in those]
        if not others:
            boxes = [whole]
        elif choice:
            boxes = minus(split(whole, boxes)[0], others)
        certain += boxes
        yield from (Met(box, MetTranslations(dialled.by, source.by, line)) for box in boxes)
    if choice:
        yield from (Met(box, None) for box in minus([whole], certain))


def _changing(match: NatMatch) -> Translation | None:
    return None if match.by is None or match.by.keeps else match.by
