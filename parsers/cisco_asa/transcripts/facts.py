"""What settles a question: its key as `check` writes it, and the answer.

Only outputs that say exactly that are read; docs/evidence-sources.md says why others prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.source import Source


class Settled(Struct, frozen=True):
    """One fact, and where an answer says it."""

    key: str
    value: Fact
    line: int
    whole: bool = True
    """Whether all that it follows from is there."""


def answers(command: Command, source: Source, at: datetime | None,
            found: Iterable[Settled], *, changed: bool) -> Iterator[FactAnswer]:
    """Yield each fact once, none that one answer states in two ways; whether it was `changed` after that."""
    by_key: dict[str, list[Settled]] = {}
    for each in found:
        by_key.setdefault(each.key, []).append(each)
    for key, said in by_key.items():
        if all(each.value == said[0].value for each in said):
            whole = not changed and all(each.whole for each in said)
            yield FactAnswer(span=source.span(said[0].line), device=command.device, context=command.context,
                             at=at, complete=whole, key=key, value=said[0].value)
