"""Keeps the catalogues: extracts what is to be translated, merges it into each .po file, compiles the .mo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message

from aclproof import rules
from aclproof.linter.reports.language.catalogue import DOMAIN, LOCALE, QUOTED, REASON
from aclproof.linter.reports.language.language import LANGUAGES
from tests.language.messages import messages, report_modules
from tests.language.reasons import core_modules, templates

Key = tuple[str, str]
"""Context and message: what finds it in a catalogue."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to translate; `many` is its form for more than one thing, empty where it has none."""

    context: str
    text: str
    many: str
    path: str
    line: int

    @property
    def key(self) -> Key:
        """What finds it in a catalogue."""
        return self.context, self.text


def key_of(message: Message) -> Key:
    """What finds a message of a catalogue."""
    return message.context or "", texts(message.id)[0]


@cache
def wanted() -> tuple[Wanted, ...]:
    """Everything that a catalogue has to hold, messages before reasons."""
    found = [Wanted("", each.key, each.many, each.path, each.line) for each in messages(report_modules())]
    found += [Wanted(REASON, each.text, "", each.path, each.line) for each in templates(core_modules())]
    return (*found, *_quoted())


def _quoted() -> Iterator[Wanted]:
    """What the packs that come with the tool have in one language only: where their pages say so."""
    for pack in map(rules.load, rules.builtin()):
        yield Wanted(QUOTED, pack.page.edition, "", f"rules/{pack.id}.yaml", 0)
        remarks = [*(each.remark for each in pack.init.roles.values()),
                   *(each.remark for each in pack.init.settings),
                   *(guess.because for each in pack.init.settings for guess in each.guesses),
                   *(each.because for each in pack.init.chosen_by)]
        for remark in filter(None, remarks):
            yield Wanted(QUOTED, remark, "", f"rules/{pack.id}.yaml", 0)
        for requirement in pack.requirements:
            said = requirement.citation
            for text in (said.table, said.note, said.row if said.row.isalpha() else None):
                if text:
                    yield Wanted(QUOTED, text, "", f"rules/{pack.id}.yaml", 0)


def files() -> list[Path]:
    """The .po file of each language that has one."""
    return [LOCALE / each / "LC_MESSAGES" / f"{DOMAIN}.po" for each in LANGUAGES if each != "en"]


def read(file: Path) -> Catalog:
    """Read a .po file."""
    with file.open("rb") as stream:
        return pofile.read_po(stream, locale=file.parts[-3], domain=DOMAIN)


def texts(text: str | Sequence[str] | None) -> list[str]:
    """A message or translation, by number where it has several."""
    return [text or ""] if isinstance(text, str | None) else list(text)


def merged(old: Catalog) -> Catalog:
    """The catalogue with what is wanted now; what is not wanted any more is kept aside and may come back.

    Nothing else of the file changes, such as dates.
    """
    known = {key_of(each): each for each in (*old.obsolete.values(), *old) if each.id}
    new = Catalog(locale=old.locale, domain=DOMAIN, header_comment=old.header_comment, charset="utf-8",
                  creation_date=_ALWAYS, revision_date=_ALWAYS, fuzzy=False)
    for each in wanted():
        had = known.get(each.key)
        new.add((each.text, each.many) if each.many else each.text, had.string if had else "",
                [(each.path, each.line)], user_comments=had.user_comments if had else (),
                context=each.context or None)
    kept = {key_of(each) for each in new if each.id}
    for key, message in known.items():
        if key not in kept and any(texts(message.string)):
            new.obsolete[key] = message
    return new


def write(catalog: Catalog, file: Path) -> None:
    """Write the .po file, with what is needed of the header, and the .mo file that the tool reads."""
    po, mo = BytesIO(), BytesIO()
    pofile.write_po(po, catalog, width=110, include_lineno=False)
    mofile.write_mo(mo, catalog)
    lines = po.getvalue().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in lines if not line.startswith(_NEEDLESS)))
    file.with_suffix(".mo").write_bytes(mo.getvalue())


_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_NEEDLESS = tuple(f'"{name}'.encode() for name in (
    "Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator",
    "Language-Team", "Generated-By"))


def told(language: str, catalog: Catalog) -> Iterator[str]:
    """Say what is left to translate."""
    lacking = [message for message in catalog if message.id and not all(texts(message.string))]
    yield from (f"{message.locations[0][0]}: {message.id}" for message in lacking)
    yield f"{language}: {len(catalog)} messages, {len(lacking)} not translated"
