"""Packets between two interfaces by the line of the translation table that their answers would meet."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import answer
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
    found = list(first_nat_matches(firewall, "source", back, leave, entry, answers=True))
    lines = {id(line): line for line in map(_changing, found)}
    if len(lines) == 1:
        yield Met(dialled.box, MetTranslations(dialled.by, source.by, *lines.values()))
    elif unknown or (changed and not changed.exact):
        yield Met(dialled.box, None)
    else:
        for match in found:
            part = answer(match.box)
            for rewriting in (changed, dialled.rewriting):
                part = rewriting.back(part) if rewriting else part
            yield Met(part, MetTranslations(dialled.by, source.by, _changing(match)))


def _changing(match: NatMatch) -> Translation | None:
    return None if match.by is None or match.by.keeps else match.by
