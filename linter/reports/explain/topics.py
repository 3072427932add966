"""Everything that has a page, by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import TypeVar

from msgspec import Struct

from aclproof.linter.reports.explain import glossary, pack_pages
from aclproof.linter.reports.explain.fact_pages import of_kind
from aclproof.linter.reports.explain.rows import bullets, wrapped
from aclproof.linter.reports.language.language import Words
from aclproof.linter.site.fact_answers import fact_kinds
from aclproof.rules.pack import Method, Pack, Requirement, Role, Setting

_Entry = TypeVar("_Entry", Method, Requirement, Setting, Role)
_MOST_IDS = 6
"""So many of a kind are named where all kinds are listed."""


class Page(Struct, frozen=True):
    """A word that is explained."""

    id: str
    title: str
    text: Callable[[], str]


class Topic(Struct, frozen=True):
    """Pages of one kind."""

    id: str
    title: str
    pages: tuple[Page, ...]


def topics(pack: Pack, words: Words) -> tuple[Topic, ...]:
    """Return all topics."""
    return (
        Topic("methods", words("Methods"), _of_pack(
            pack.methods, words, lambda one: pack_pages.method(pack, one, words))),
        Topic("requirements", words("Requirements"), _of_pack(
            pack.requirements, words, lambda one: pack_pages.requirement(pack, one, words))),
        Topic("settings", words("Settings"), _of_pack(
            pack.settings, words, lambda one: pack_pages.setting(one, words))),
        Topic("roles", words("Roles"), _of_pack(
            pack.roles, words, lambda one: pack_pages.role(pack, one, words))),
        Topic("verdicts", words("Verdicts"), _words(glossary.VERDICTS, words)),
        Topic("facts", words("Facts"), _facts(words)),
        Topic("notes", words("Notes on lines"), _words(glossary.NOTES, words)),
        Topic("near", words("Why a near rule does not permit it"), _words(glossary.NEAR, words)),
        Topic("site-file", words("Keys of the site file"), _words(glossary.SITE_FILE, words)))


def contents(pack: Pack, known: Iterable[Topic], words: Words) -> str:
    """Write which topics there are, and some words of each."""
    lines = [f"{words.of(pack.title)}\n\n"]
    for topic in known:
        ids = [page.id for page in topic.pages]
        more = ", ..." if len(ids) > _MOST_IDS else ""
        lines.append(wrapped(", ".join(ids[:_MOST_IDS]) + more, f"  {topic.id:<14}", " " * 16))
    hint = words("'aclproof explain TOPIC' lists all words of a topic, 'aclproof explain WORD' explains one.")
    return "".join(lines) + "\n" + wrapped(hint)


def listed(topic: Topic, words: Words) -> str:
    """Write every word of a topic with its title; what the site file means by it comes first."""
    width = max(24, *(len(page.id) + 2 for page in topic.pages))
    rows = (f"{page.id:<{width}}{page.title}" for page in topic.pages)
    about = f"\n{wrapped(words(glossary.SITE_FILE[topic.id]), '  ', '  ')}\n" \
        if topic.id in glossary.SITE_FILE else ""
    return f"{topic.title}\n{about}" + bullets(
        row if len(row) <= _WIDTH else f"{row[:_WIDTH - 3]}..." for row in rows)


_WIDTH = 108


def nearest(word: str, known: Iterable[Topic]) -> str:
    """Return the word that was probably meant; empty where none is near."""
    ids = {page.id.lower(): page.id for topic in known for page in topic.pages}
    ids |= {topic.id: topic.id for topic in known}
    found = get_close_matches(word.lower(), ids, n=1)
    return ids[found[0]] if found else ""


def _of_pack(entries: Iterable[_Entry], words: Words, page: Callable[[_Entry], str]) -> tuple[Page, ...]:
    return tuple(Page(each.id, words.of(each.title), partial(page, each)) for each in entries)


def _words(texts: Mapping[str, str], words: Words) -> tuple[Page, ...]:
    return tuple(Page(name, words(text), partial(_meaning, name, words(text)))
                 for name, text in texts.items())


def _meaning(name: str, text: str) -> str:
    return f"{name}\n\n{wrapped(text, '  ', '  ')}"


def _facts(words: Words) -> tuple[Page, ...]:
    return tuple(Page(each.shown, words.sentence(each.question), partial(of_kind, each, each.shown, words))
                 for each in fact_kinds())
