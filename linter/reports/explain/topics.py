"""Everything that has a page, by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from aclproof.linter.reports.explain import glossary, pack_pages, report_words
from aclproof.linter.reports.explain.fact_pages import of_kind
from aclproof.linter.reports.explain.rows import titled, wrapped
from aclproof.linter.reports.language.language import Words
from aclproof.linter.site.fact_answers import fact_kinds
from aclproof.rules.joined import bare
from aclproof.rules.pack import Method, Pack, Requirement, Role, Setting

if TYPE_CHECKING:
    from aclproof.linter.observation import CheckId

_Entry = TypeVar("_Entry", Method, Requirement, Setting, Role)
_MOST_IDS = 6
"""So many of a kind are named where all kinds are listed."""


class Page(Struct, frozen=True):
    """A word that is explained."""

    id: str
    title: str
    text: Callable[[int], str]
    """For so many columns."""
    names: tuple[str, ...] = ()
    """What else it is called: its words in reports, in this language and in English."""


class Topic(Struct, frozen=True):
    """Pages of one kind."""

    id: str
    title: str
    pages: tuple[Page, ...]


def topics(pack: Pack, words: Words) -> tuple[Topic, ...]:
    """Return all topics."""
    return (
        Topic("methods", words("Methods"), _of_pack(pack.methods, words, partial(pack_pages.method, pack))),
        Topic("requirements", words("Requirements"), _of_pack(
            pack.requirements, words, partial(pack_pages.requirement, pack))),
        Topic("settings", words("Settings"), _of_pack(pack.settings, words, pack_pages.setting)),
        Topic("roles", words("Roles"), _of_pack(pack.roles, words, partial(pack_pages.role, pack))),
        Topic("verdicts", words("Verdicts"), _words(glossary.VERDICTS, words)),
        Topic("reports", words("Words of text reports"), _printed(words)),
        Topic("facts", words("Facts"), _facts(words)),
        Topic("notes", words("Notes on lines"), _words(glossary.NOTES, words)),
        Topic("near", words("Why a near rule does not permit it"), _words(glossary.NEAR, words)),
        Topic("checks", words("Checks of an audit"), _checks(words)),
        Topic("site-file", words("Keys of the site file"), _words(glossary.SITE_FILE, words)))


def contents(pack: Pack, known: Iterable[Topic], words: Words, width: int) -> str:
    """Write which topics there are, and some words of each."""
    lines = [f"{words.of(pack.title)}\n\n"]
    for topic in known:
        ids = [page.id for page in topic.pages]
        more = ", ..." if len(ids) > _MOST_IDS else ""
        lines.append(wrapped(", ".join(ids[:_MOST_IDS]) + more, f"  {topic.id:<14}", " " * 16, width))
    hint = words("'aclproof explain TOPIC' lists all words of a topic, 'aclproof explain WORD' explains one.")
    return "".join(lines) + "\n" + wrapped(hint, width=width)


def listed(topic: Topic, words: Words, width: int) -> str:
    """Write every word of a topic with its title; what the site file means by it comes first."""
    about = f"\n{wrapped(words(glossary.SITE_FILE[topic.id]), '  ', '  ', width)}\n" \
        if topic.id in glossary.SITE_FILE else ""
    return f"{topic.title}\n{about}" + titled(((page.id, page.title) for page in topic.pages), width)


def pages_of(word: str, known: Iterable[Topic]) -> list[Page]:
    """Return the pages of exactly that word, else of one that differs in case or hyphens.

    They are several where the same word is of two kinds, or where several packs have it.
    """
    pages = [page for topic in known for page in topic.pages]
    ways: tuple[Callable[[str], str], ...] = (str, _plain)
    for plain in ways:
        found = [page for page in pages if plain(word) in map(plain, (page.id, bare(page.id), *page.names))]
        if found:
            return [page for page in found if bare(page.id) == bare(found[0].id)]
    return []


def _plain(word: str) -> str:
    """A word without case, hyphens, and what stands around it in a report."""
    return " ".join(word.lower().replace("-", " ").split()).strip("():")


def nearest(word: str, known: Iterable[Topic]) -> str:
    """Return the word that was probably meant; empty where none is near."""
    ids = {page.id.lower(): page.id for topic in known for page in topic.pages}
    ids |= {topic.id: topic.id for topic in known}
    found = get_close_matches(word.lower(), ids, n=1)
    return ids[found[0]] if found else ""


def _of_pack(entries: Iterable[_Entry], words: Words,
             page: Callable[[_Entry, Words, int], str]) -> tuple[Page, ...]:
    return tuple(Page(each.id, words.of(each.title), partial(page, each, words),
                      (each.title.en, words.of(each.title))) for each in entries)


def _words(texts: Mapping[str, str], words: Words) -> tuple[Page, ...]:
    return tuple(Page(name, words(text), partial(_meaning, name, words(text)), _as_printed(name, words))
                 for name, text in texts.items())


def _checks(words: Words) -> tuple[Page, ...]:
    return tuple(Page(check, words(text), partial(_check, check, words))
                 for check, text in glossary.CHECKS.items())


def _check(check: CheckId, words: Words, width: int) -> str:
    """A check of an audit, with its level."""
    from aclproof.linter.observation import CHECKS
    from aclproof.linter.reports.writing.observed import LEVELS

    return _meaning(f"{check} ({words(LEVELS[CHECKS[check]])})", words(glossary.CHECKS[check]), width)


def _as_printed(name: str, words: Words) -> tuple[str, ...]:
    """How reports print a verdict or a note: in capitals or not."""
    said = name.replace("-", " ")
    return words.perhaps(name), words.perhaps(said), words.perhaps(said.upper())


def _printed(words: Words) -> tuple[Page, ...]:
    """The words of reports, as they print them in this language; what stands in brackets may be left out."""
    return tuple(Page(words(name), words(text), partial(_meaning, words(name), words(text)),
                      _called(name, words)) for name, text in report_words.WORDS.items())


def _called(name: str, words: Words) -> tuple[str, ...]:
    """How else a word of reports is called, in English, in this language, and by programs."""
    short = report_words.IDS.get(name, name)
    return name, short, words.perhaps(short), *(each.partition(" (")[0] for each in (name, words(name)))


def _meaning(name: str, text: str, width: int) -> str:
    return f"{name}\n\n{wrapped(text, '  ', '  ', width)}"


def _facts(words: Words) -> tuple[Page, ...]:
    return tuple(Page(each.shown, words.sentence(each.question), partial(of_kind, each, each.shown, words))
                 for each in fact_kinds())
