"""Waivers: accepted gaps, read from a file and applied to a finished result.

They change no verdict. Whether one applies is decided by the day of the run, never by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec

from aclproof.linter.site import root as roots
from aclproof.linter.site.root import Root
from aclproof.linter.site.site_patterns import SitePatterns
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.notes import Span
from aclproof.reason import Reason, joined
from aclproof.rules.pack import Pack
from aclproof.rules.shapes import faults
from aclproof.rules.strict_yaml import Data, Document, Fault, InputError, load, read_text
from aclproof.rules.suggest import unknown

_Entries: TypeAlias = Mapping[int, Mapping[str, Data]]
"""The entries of a waiver file that are mappings, by their position."""

LONGEST = timedelta(days=366)
"""The longest life of a waiver; then somebody has to review it."""


class _Life(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    expires: date
    created: date | None = None


class _Entry(_Life, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    id: str
    requirement: str
    reason: str
    owner: str
    firewall: str = ""
    site: str | tuple[str, ...] = ()
    approved_by: str = ""
    ticket: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    waivers: tuple[_Entry, ...]


class _Form(msgspec.Struct, frozen=True):
    """A waiver file before it is held against a site."""

    document: Document
    entries: _Entries
    wrong: tuple[Fault, ...]


def read(file: str, pack: Pack, firewalls: Sequence[str], as_of: date,
         site_file: str = "", root: Root | None = None) -> tuple[Waiver, ...]:
    """Read the waivers for a site with these firewalls; InputError holds every problem with its line.

    Those of other sites are left out, and need not fit this one; without a site file those of any. `root` is
    where files may be named, by default that of the waiver file.
    """
    form = _form(read_text(file), file, as_of)
    sites = _patterns(file, site_file, root)
    entries = _of_site(form, sites)
    ids = [each.id for each in pack.requirements]
    wrong = [*form.wrong, *_no_sites(form.entries, sites),
             *_unnamed(entries, "requirement", ids, f" (pack {pack.id})"),
             *_unnamed(entries, "firewall", firewalls)]
    if wrong:
        problems = [form.document.problem(path, message) for path, message in wrong]
        raise InputError(*sorted(problems, key=lambda each: (each.line, each.path)))
    return tuple(_waiver(msgspec.convert(entry, _Entry), form.document, number)
                 for number, entry in entries.items())


def meant(file: str, as_of: date, site_file: str, root: Root | None) -> list[str]:
    """Return which entries are for a site, and what is wrong with sites that are named: all that `read` takes
    from elsewhere than from the waiver file."""
    form, sites = _form(read_text(file), file, as_of), _patterns(file, site_file, root)
    return [*map(str, _of_site(form, sites)), *(str(wrong) for _, wrong in _no_sites(form.entries, sites))]


def site_paths(file: str, as_of: date) -> list[str]:
    """Return every path and pattern that calls sites in a waiver file; InputError where it cannot be read."""
    folder = Path(file).parent
    return [str(folder / each) for entry in _form(read_text(file), file, as_of).entries.values()
            for each in _sites(entry)]


def has_wrong_sites(file: str, as_of: date, root: Root | None) -> bool:
    """Whether it calls a site that is not there: an error at every site; InputError as `site_paths`."""
    return any(_no_sites(_form(read_text(file), file, as_of).entries, _patterns(file, "", root)))


def _patterns(file: str, site_file: str, root: Root | None) -> SitePatterns:
    folder = Path(file).parent
    return SitePatterns(str(folder), site_file, root or roots.of(folder))


def _of_site(form: _Form, sites: SitePatterns) -> _Entries:
    return {number: entry for number, entry in form.entries.items()
            if "site" not in entry or any(map(sites.mean, _sites(entry)))}


@lru_cache(maxsize=4)
def _form(text: str, file: str, as_of: date) -> _Form:
    """Read the text once for the many sites that share it."""
    document = load(text, file)
    entries = _entries(document.data)
    return _Form(document, entries, (*faults(document.data, _File), *_twice(entries, document),
                                    *_too_long(entries, as_of)))


def _entries(data: Data) -> _Entries:
    items = data.get("waivers") if isinstance(data, dict) else None
    return {number: each for number, each in enumerate(items if isinstance(items, list) else [])
            if isinstance(each, dict)}


def _sites(entry: Mapping[str, Data]) -> list[str]:
    """The site files that an entry is for, as far as they are written as text."""
    named = entry.get("site")
    return [each for each in (named if isinstance(named, list) else [named]) if isinstance(each, str)]


def _no_sites(entries: _Entries, sites: SitePatterns) -> Iterator[Fault]:
    for number, entry in entries.items():
        path = ("waivers", number, "site")
        if entry.get("site") == []:
            yield path, Reason("names no site: write one, or leave the key out")
        yield from ((path, wrong) for each in _sites(entry) if (wrong := sites.fault(each)))


def _texts(entries: _Entries, key: str) -> Iterator[tuple[int, str]]:
    for number, entry in entries.items():
        text = entry.get(key)
        if isinstance(text, str) and text.strip():
            yield number, text


def _unnamed(entries: _Entries, key: str, known: Sequence[str], where: str = "") -> Iterator[Fault]:
    for number, name in _texts(entries, key):
        if name not in known:
            yield ("waivers", number, key), joined("", (unknown(key, name, known), where))


def _twice(entries: _Entries, document: Document) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, name in _texts(entries, "id"):
        if first.setdefault(name, number) != number:
            line = document.line_of(("waivers", first[name]))
            yield ("waivers", number, "id"), Reason(
                "a second waiver has this id: the first is on line {line}", line=line)


def _too_long(entries: _Entries, as_of: date) -> Iterator[Fault]:
    for number, entry in entries.items():
        with suppress(msgspec.ValidationError):  # invalid dates are reported by the schema check
            life = msgspec.convert(entry, _Life)
            start = life.created or as_of
            whence = Reason("'created' ({day})", day=start) if life.created else \
                Reason("{day}, the day of this run", day=start)
            path = ("waivers", number, "expires")
            if life.created and life.expires < life.created:
                yield path, Reason("lies before {day}", day=whence)
            elif life.expires - start > LONGEST:
                yield path, Reason("is more than {most} days after {day}: write {last} or an earlier day",
                                   most=LONGEST.days, day=whence, last=start + LONGEST)


def _waiver(entry: _Entry, document: Document, number: int) -> Waiver:
    line = document.line_of(("waivers", number))
    reason = " ".join(entry.reason.split())  # people fold long ones
    return Waiver(entry.id, entry.requirement, reason, entry.owner, entry.expires, entry.firewall,
                  entry.approved_by, entry.ticket, Span(document.file, line, line, entry.id), entry.created,
                  (entry.site,) if isinstance(entry.site, str) else entry.site)
