"""Translates finished English sentences by templates: the core knows no languages (docs/decisions/0013).

A template is a sentence with placeholders, `whether time-range {name} is active`. Values are carried over as
they are, but for some names: `{phrase}` is a sentence itself and has to be known, too; `{phrases}` are words
between commas, 'and' and 'or', each translated if it is known; `{span}` has to be a place, `fw.cfg:12`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from string import Formatter
from typing import NamedTuple

_MOST_READINGS = 50
"""So many ways of reading a text by one template are tried; values can hold anything."""
_DEEPEST, _LONGEST, _MOST_TRIES = 20, 4000, 300
_FEW_LETTERS = 5
"""A template with fewer letters of its own, and no colon, would fit anything: its values are single words."""
_KNOWN_KINDS = ("phrase", "phrases", "span")
_PLACE = re.compile(r":\d+$")
_BETWEEN = re.compile(r"(, | and | or |; )")


class _Told(NamedTuple):
    """A translation; the less of the text was only carried over, the surer it was read rightly."""

    carried: int
    text: str


@dataclass(frozen=True, slots=True)
class _Template:
    literals: tuple[str, ...]
    """The text before, between and behind the placeholders: one more than these."""
    names: tuple[str, ...]
    """Of the placeholders, without their numbers."""
    keys: tuple[str, ...]
    translation: str

    @property
    def vague(self) -> bool:
        own = "".join(self.literals)
        return sum(map(str.isalpha, own)) < _FEW_LETTERS and ":" not in own


class Sentences:
    """The templates of one language."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        made = [_template(*each) for each in templates.items()]
        self._plain = {each.literals[0]: each.translation.format() for each in made if not each.names}
        self._open = [each for each in made if each.names]
        self._known: dict[str, _Told | None] = {}
        self._tries = 0

    def translate(self, text: str) -> str | None:
        """Return the translation of a sentence, or of several with semicolons; None if it is not known.

        Nor is it where nobody could have written it for people: parts of it are foreign text, which may be
        made to be read in endless ways.
        """
        self._tries = _MOST_TRIES
        told = self._told(text, 0) if len(text) <= _LONGEST else None
        return told.text if told and self._tries else None

    def _told(self, text: str, depth: int) -> _Told | None:
        """Translate what stands `depth` sentences deep in another one."""
        if text in self._known:
            return self._known[text]
        if depth > _DEEPEST:
            self._tries = 0
        told = self._whole(text, depth) or self._several(text, depth)
        if self._tries:
            self._known[text] = told
        return told

    def _whole(self, text: str, depth: int) -> _Told | None:
        if text in self._plain:
            return _Told(0, self._plain[text])
        if not self._tries:
            return None
        self._tries -= 1
        return min((told for template in self._open
                    for values in islice(_readings(template.literals, text), _MOST_READINGS)
                    if (told := self._filled(template, values, depth))), default=None)

    def _filled(self, template: _Template, values: tuple[str, ...], depth: int) -> _Told | None:
        told: list[_Told] = []
        for name, value in zip(template.names, values, strict=True):
            if name == "phrases":
                said: _Told | None = self._phrases(value, depth + 1)
            else:
                said = self._told(value, depth + 1) if name == "phrase" else _Told(len(value), value)
            if said is None or (name == "span" and not _PLACE.search(value)):
                return None
            if template.vague and " " in value and name not in _KNOWN_KINDS:
                return None
            told.append(said)
        filled = dict(zip(template.keys, (each.text for each in told), strict=True))
        return _Told(sum(each.carried for each in told), template.translation.format(**filled))

    def _phrases(self, text: str, depth: int) -> _Told:
        words = [self._word(part, depth) for part in _BETWEEN.split(text)]
        return self._told(text, depth) or _Told(sum(each.carried for each in words),
                                                "".join(each.text for each in words))

    def _word(self, text: str, depth: int) -> _Told:
        bare = text.strip()
        told = self._told(bare, depth)
        return _Told(told.carried, text.replace(bare, told.text)) if told else _Told(len(text), text)

    def _several(self, text: str, depth: int) -> _Told | None:
        """Read sentences joined by semicolons, which may hold semicolons themselves."""
        for found in re.finditer("; ", text):
            first = self._whole(text[:found.start()], depth)
            rest = first and self._told(text[found.end():], depth + 1)
            if first and rest:
                return _Told(first.carried + rest.carried, f"{first.text}; {rest.text}")
        return None


def _template(source: str, translation: str) -> _Template:
    literals, keys = [""], list[str]()
    for literal, key, _, _ in Formatter().parse(source):
        literals[-1] += literal
        if key is not None:
            literals.append("")
            keys.append(key)
    names = tuple(key.rstrip("0123456789") for key in keys)
    return _Template(tuple(literals), names, tuple(keys), translation)


def _readings(literals: tuple[str, ...], text: str) -> Iterator[tuple[str, ...]]:
    """Yield all ways to read a text as literals with a value between each two, the shortest values first."""
    first, *rest = literals
    if not text.startswith(first):
        return
    text = text[len(first):]
    if not rest:
        if not text:
            yield ()
        return
    if not rest[1:]:  # the last value goes up to the last literal
        if text.endswith(rest[0]) and len(text) > len(rest[0]):
            yield (text.removesuffix(rest[0]),)
        return
    at = text.find(rest[0], 1)
    while at > 0:
        yield from ((text[:at], *others) for others in _readings(tuple(rest), text[at:]))
        at = text.find(rest[0], at + 1)
