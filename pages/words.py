"""What words of reports, packs and site files mean, as `aclproof explain` says it: a page for a language."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof import rules
from aclproof.linter.reports.explain.topics import Topic, topics
from aclproof.linter.reports.language.language import Language, Words
from pages.requirements import joined, wrapped

_OF_A_PACK = ("methods", "settings", "roles")
_TRANSLATED = ("verdicts", "notes")
"""Reports in other languages have words of their own for these."""
_ABOVE: dict[Language, tuple[str, str]] = {
    "en": ("Words", "What the words of reports, site files and packs mean. `make docs` writes this page from "
                    "the program; `aclproof explain WORD` says the same offline, and `--lang de` in German."),
    "de": ("Wörter", "Was die Wörter in Berichten, Standortdateien und Regelpaketen bedeuten. `make docs` "
                     "schreibt diese Seite aus dem Programm; `aclproof explain WORT --lang de` sagt dasselbe "
                     "ohne Netz."),
}


def page(language: Language) -> str:
    """The words of all packs; those of methods, settings and roles under the pack that has them."""
    words = Words(language)
    packs = {words.of(pack.title): topics(pack, words) for pack in map(rules.load, rules.builtin())}
    shared = next(iter(packs.values()))
    title, about = _ABOVE[language]
    lines = [f"# {title}", "", *wrapped(about)]
    for topic in shared:
        if topic.id not in (*_OF_A_PACK, "requirements"):
            lines += ["", f"## {topic.title}", *_table(topic, words)]
    for name, known in packs.items():
        lines += ["", f"## {name}"]
        for topic in known:
            if topic.id in _OF_A_PACK:
                lines += ["", f"### {topic.title}", *_table(topic, words)]
    return joined(lines)


def _table(topic: Topic, words: Words) -> Iterator[str]:
    yield from ("", "| | |", "|---|---|")
    for each in topic.pages:
        plain = each.id.replace("-", " ")
        said = words.perhaps(plain) if topic.id in _TRANSLATED else plain
        yield f"| `{each.id}`{'' if said == plain else f', {said}'} | {_cell(each.title)} |"


def _cell(text: str) -> str:
    """A text whose signs mean nothing in Markdown."""
    for sign in r"\|<*_[":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
