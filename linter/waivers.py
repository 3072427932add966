"""Waivers: somebody's word for what is not proven, read from a file and laid on a finished result.

They change no verdict. Whether one applies is decided by the day of the run, never by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

import msgspec
from aclproof.linter.result import DemandResult, HopVerdict, Result, Verdict, Waiver, WaiverUse
from aclproof.parsers.model.notes import Span
from aclproof.rules.pack import Pack
from aclproof.rules.shapes import faults
from aclproof.rules.strict_yaml import Data, Document, Fault, InputError, load, read_text
from aclproof.rules.suggest import unknown

_Entries: TypeAlias = Mapping[int, Mapping[str, Data]]
"""The entries of a waiver file that are mappings, by their position."""

LONGEST = timedelta(days=366)
"""So long a waiver may live; then somebody has to look again."""


class _Life(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    expires: date
    created: date | None = None


class _Entry(_Life, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    id: str
    requirement: str
    reason: str
    owner: str
    firewall: str = ""
    approved_by: str = ""
    ticket: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    waivers: tuple[_Entry, ...]


def read(file: str, pack: Pack, firewalls: Sequence[str], as_of: date) -> tuple[Waiver, ...]:
    """Read a waiver file for a site with these firewalls; InputError holds every problem with its line."""
    document = load(read_text(file), file)
    entries = _entries(document.data)
    ids = [each.id for each in pack.requirements]
    wrong = [*faults(document.data, _File),
             *_unnamed(entries, "requirement", ids, f" (pack {pack.id})"),
             *_unnamed(entries, "firewall", firewalls), *_twice(entries, document),
             *_too_long(entries, as_of)]
    if wrong:
        problems = [document.problem(path, message) for path, message in wrong]
        raise InputError(*sorted(problems, key=lambda each: (each.line, each.path)))
    return tuple(_waiver(msgspec.convert(entry, _Entry), document, number)
                 for number, entry in entries.items())


def _entries(data: Data) -> _Entries:
    items = data.get("waivers") if isinstance(data, dict) else None
    return {number: each for number, each in enumerate(items if isinstance(items, list) else [])
            if isinstance(each, dict)}


def _texts(entries: _Entries, key: str) -> Iterator[tuple[int, str]]:
    for number, entry in entries.items():
        text = entry.get(key)
        if isinstance(text, str) and text.strip():
            yield number, text


def _unnamed(entries: _Entries, key: str, known: Sequence[str], where: str = "") -> Iterator[Fault]:
    for number, name in _texts(entries, key):
        if name not in known:
            yield ("waivers", number, key), f"{unknown(key, name, known)}{where}"


def _twice(entries: _Entries, document: Document) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, name in _texts(entries, "id"):
        if first.setdefault(name, number) != number:
            line = document.line_of(("waivers", first[name]))
            yield ("waivers", number, "id"), f"a second waiver has this id: the first is on line {line}"


def _too_long(entries: _Entries, as_of: date) -> Iterator[Fault]:
    for number, entry in entries.items():
        with suppress(msgspec.ValidationError):  # of dates that are none, the shape tells
            life = msgspec.convert(entry, _Life)
            start = life.created or as_of
            whence = f"'created' ({start})" if life.created else f"{start}, the day of this run"
            path = ("waivers", number, "expires")
            if life.created and life.expires < life.created:
                yield path, f"lies before {whence}"
            elif life.expires - start > LONGEST:
                too_long = f"is more than {LONGEST.days} days after {whence}"
                yield path, f"{too_long}: write {start + LONGEST} or an earlier day"


def _waiver(entry: _Entry, document: Document, number: int) -> Waiver:
    line = document.line_of(("waivers", number))
    reason = " ".join(entry.reason.split())  # people fold long ones
    return Waiver(entry.id, entry.requirement, reason, entry.owner, entry.expires, entry.firewall,
                  entry.approved_by, entry.ticket, Span(document.file, line, line, entry.id), entry.created)


def apply(result: Result, waivers: Sequence[Waiver]) -> Result:
    """Add to a result who answers for what is not proven, and what became of every waiver."""
    demands = {each.requirement.id: each for each in result.demands}
    uses: list[WaiverUse] = []
    for waiver in waivers:
        demand = demands.get(waiver.requirement)
        if waiver.days_left(result.scope.as_of) < 0:
            uses.append(WaiverUse(waiver, "expired"))
        elif because := _unfit(waiver, demand, result.scope.as_of):
            uses.append(WaiverUse(waiver, "unused", because))
        elif demand:
            demands[waiver.requirement] = replace(demand, waiver=waiver)
            uses.append(WaiverUse(waiver, "applied"))
    return replace(result, demands=tuple(demands.values()), waivers=tuple(uses))


def _unfit(waiver: Waiver, demand: DemandResult | None, as_of: date) -> str:
    """Why a waiver that has not ended applies to nothing; empty if it does."""
    if waiver.created and waiver.created > as_of:
        return f"it was created later, on {waiver.created}"
    if demand is None:
        return "the requirement is not checked in this run"
    if demand.verdict is Verdict.MET:
        return "the requirement is met without it"
    if demand.verdict is Verdict.NOT_APPLICABLE:
        return "the requirement does not apply to this site"
    if demand.waiver:
        return f"{demand.waiver.id} covers the requirement already"
    return _elsewhere(waiver.firewall, demand) if waiver.firewall else ""


def _elsewhere(firewall: str, demand: DemandResult) -> str:
    """Why a demand is not this one firewall's alone; empty if every other one is proven to let it pass."""
    places = [*(part.blocked_by.firewall for part in demand.missing),
              *(part.firewall for part in demand.undecided)]
    if firewall not in places:
        return f"{firewall} neither stops the requirement nor leaves it open"
    others = [name for name in dict.fromkeys(places) if name != firewall]
    if others:
        return f"not {firewall} alone stops the requirement or leaves it open: {', '.join(others)} does, too"
    unseen = [hop.firewall for hop in demand.hops if hop.verdict is HopVerdict.UNSEEN]
    return f"what {', '.join(unseen)} does with the packets is not known" if unseen else ""
