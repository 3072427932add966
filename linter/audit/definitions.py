"""Checks of what a configuration defines and names: objects, groups, sets, lists."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import CheckId, Observation
from aclproof.parsers.model.definitions import Definition
from aclproof.reason import Reason

_MOST = 8
"""So many lines that name something are listed."""


def undefined(subject: Alone) -> Iterator[Observation]:
    """Lines that name what the input does not define; of several the first, with the others."""
    for each in subject.definitions:
        if not each.line and each.uses:
            first, *others = each.uses
            what = f"{each.kind} {each.name}"
            text = Reason("{what}; also named in {lines}", what=what,
                          lines=_lines(subject, others)) if others else what
            yield Observation("undefined-object", subject.name, subject.firewall.quote(first), text=text)


def empty(subject: Alone) -> Iterator[Observation]:
    """Objects, groups and sets without members."""
    for each in subject.definitions:
        if each.empty:
            text = Reason("named in {lines}", lines=_lines(subject, each.uses)) if each.uses else ""
            yield Observation("empty-object", subject.name, subject.firewall.quote(each.line), text=text)


def _lines(subject: Alone, lines: Sequence[int]) -> str:
    places = [str(subject.firewall.quote(line)) for line in lines[:_MOST]]
    return ", ".join([*places, *(["..."] if len(lines) > _MOST else [])])


def duplicate(subject: Alone) -> Iterator[Observation]:
    """Definitions that stand for the same as another one: all but the first of them."""
    alike: dict[tuple[str, Hashable], list[Definition]] = {}
    for each in subject.definitions:
        if each.value is not None:
            alike.setdefault((each.kind, each.value), []).append(each)
    for found in alike.values():
        first, *others = sorted(found, key=lambda each: (not each.does_more, each.line))
        for each in others:
            if not each.does_more:
                yield Observation("duplicate-object", subject.name, subject.firewall.quote(each.line),
                                  (subject.firewall.quote(first.line),))


def unused(subject: Alone) -> Iterator[Observation]:
    """Objects, groups and sets that no line names."""
    return (_unnamed(subject, "unused-object", each) for each in subject.definitions
            if each.uses == () and not each.filters)


def unbound(subject: Alone) -> Iterator[Observation]:
    """Lists that nothing uses, by their first line."""
    return (_unnamed(subject, "unbound-list", each) for each in subject.definitions
            if each.uses == () and each.filters)


def _unnamed(subject: Alone, check: CheckId, each: Definition) -> Observation:
    quote = subject.firewall.quote
    perhaps = Reason("whether lines use it that were not wholly read, such as {line}",
                     line=quote(each.unread)) if each.unread else ""
    return Observation(check, subject.name, quote(each.line), perhaps=perhaps)
