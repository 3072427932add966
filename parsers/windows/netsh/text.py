"""netsh's output as sections under dashed lines, in the language and the code page that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, NoReturn

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.netsh.code_pages import Decode, readings
from aclproof.parsers.windows.netsh.languages import LANGUAGES
from aclproof.parsers.windows.netsh.vocabulary import Language, normal
from aclproof.reason import Reason

_DASHES = re.compile(r"-{40,}\s*")
_HEADING = re.compile(r"^([^\s:][^:\n]*:[^\n]*)\n-{40,}\s*$", re.MULTILINE)
_POLICY = re.compile(r"\b(?:Block|Allow)Inbound(?:Always)?,(?:Block|Allow)Outbound\b")
_PROTOCOL = re.compile(r":\s+(?:TCP|UDP|ICMPv4|ICMPv6)\s*$", re.MULTILINE)
GLOBAL = re.compile(r"^FirewallRuleCategory[ \t]*+(.*?)[ \t]*$", re.MULTILINE)
"""In the global settings, which every language writes with English keys: who owns the firewall's rules."""
_PADDING = re.compile(r"[ \t]{2,}")
_HEADED = 100
"""What a known heading counts among the words of a language: some words of two languages are the same."""
_SHOWN = 400
"""So many lines show the language."""

INSTEAD = Reason("give the PowerShell export of docs/export-windows-firewall.md, which is the same in "
                 "every language")


class Section(NamedTuple):
    """A heading above a dashed line, and what follows it up to the next heading."""

    line: int
    """Of the heading, from 1."""
    heading: str
    body: tuple[str, ...]
    """The lines below the dashes."""


class Listing(NamedTuple):
    """A whole output, with its language found out."""

    language: Language
    preface: tuple[str, ...]
    """The lines above the first heading."""
    sections: tuple[Section, ...]


def label_of(line: str) -> tuple[str, str] | None:
    """Split `Label:   value`; None for a line without a label."""
    label, colon, value = line.partition(":")
    return (label.strip(), value.strip()) if colon and not line[:1].isspace() else None


def without_padding(line: str) -> str:
    """Write a line without the blanks that only align its columns."""
    return _PADDING.sub(" ", line)


def is_listing(text: str) -> bool:
    """Return whether this looks like such output, in whatever language."""
    found = _HEADING.search(text)
    if found:
        return bool(_headed(found[1]) or _POLICY.search(text) or _PROTOCOL.search(text)
                    or GLOBAL.search(text))
    head = normal(text[:_SHOWN])
    return any(normal(each.no_rules) in head for each in LANGUAGES if each.no_rules)


def _headed(heading: str) -> bool:
    label = normal(heading.partition(":")[0])
    return any(label in each.headings.meanings or each.labels.meanings.get(label) == "name"
               for each in LANGUAGES)


def listing(source: Source) -> Listing:
    """Cut an output into sections; UnsupportedInputError when no language that is known here has its
    words."""
    best: tuple[int, Language, Decode] | None = None
    head = "\n".join(source.text.split("\n", _SHOWN)[:_SHOWN])
    for text, decode in readings(source.text, head):
        shown = [line.rstrip("\r") for line in text.split("\n")]
        needed = _HEADED if _HEADING.search("\n".join(shown)) else 1
        for language in LANGUAGES:
            score = sum(_known(shown, language))
            if score >= needed and (best is None or score > best[0]):
                best = score, language, decode
    if best is None and GLOBAL.search(source.text):  # and nothing else
        best = 1, LANGUAGES[0], str
    if best is None:
        _refuse(source)
    _, language, decode = best
    source.decoded(decode(source.text))
    source.quotable = without_padding
    lines = [line.rstrip("\r") for line in source.lines()]
    heads = [number for number in range(len(lines) - 1)
             if _DASHES.fullmatch(lines[number + 1]) and lines[number].strip()]
    sections = tuple(Section(head + 1, lines[head].strip(), tuple(lines[head + 2:end]))
                     for head, end in pairwise([*heads, len(lines)]))
    return Listing(language, tuple(lines[:heads[0]] if heads else lines), sections)


def _known(lines: Iterable[str], language: Language) -> Iterator[int]:
    """Count words of a language: a heading counts most, and without one it is another language."""
    for line in lines:
        label, _, value = line.partition(":")
        word = normal(label)
        field = language.labels.meanings.get(word)
        if field == "name" or (not value.strip() and language.headings.find(word)):
            yield _HEADED
        elif field == "profiles":
            yield 1 + sum(normal(each) in language.profiles.meanings for each in value.split(","))
        elif field or (language.no_rules and normal(line) == normal(language.no_rules)):
            yield 1


def _refuse(source: Source) -> NoReturn:
    lines = source.lines()
    for number, (heading, dashes) in enumerate(pairwise(lines), 1):
        if _DASHES.fullmatch(dashes):
            word = heading.partition(":")[0].strip()
            raise UnsupportedInputError(Reason("{name}:{number}: '{word}' is no word of netsh in a "
                                               "language that is known here; {instead}", name=source.name,
                                               number=number, word=word, instead=INSTEAD))
    raise UnsupportedInputError(Reason("{name}: no output of netsh that is known here; {instead}",
                                       name=source.name, instead=INSTEAD))
