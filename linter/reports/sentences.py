"""Translates finished English sentences by templates: the core knows no languages (docs/decisions/0013).

A template is a sentence with placeholders, `whether time-range {name} is active`. Values are carried over as
they are, except two kinds: `{phrase}` is a sentence itself and has to be known, too; `{phrases}` are words
between commas, 'and' and 'or', each translated if it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from string import Formatter

_MOST_READINGS = 50
"""So many ways of reading a text by one template are tried; values can hold anything."""
_DEEPEST, _LONGEST, _MOST_SENTENCES = 12, 4000, 20
_BETWEEN = re.compile(r"(, | and | or |; )")


@dataclass(frozen=True, slots=True)
class _Template:
    literals: tuple[str, ...]
    """The text before, between and behind the placeholders: one more than these."""
    names: tuple[str, ...]
    translation: str


class Sentences:
    """The templates of one language."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        made = [_template(*each) for each in templates.items()]
        self._plain = {each.literals[0]: each.translation.format() for each in made if not each.names}
        self._open = sorted((each for each in made if each.names),
                            key=lambda each: (-sum(map(len, each.literals)), each.literals))
        self._known: dict[tuple[str, int], str | None] = {}

    def translate(self, text: str, depth: int = 0) -> str | None:
        """Return the translation of a sentence, or of several with semicolons; None if it is not known.

        `depth` counts the sentences that it is part of.
        """
        if depth > _DEEPEST or len(text) > _LONGEST or text.count("; ") > _MOST_SENTENCES:
            return None  # nobody wrote that for people
        if (text, depth) not in self._known:
            self._known[text, depth] = (self._plain.get(text) or self._whole(text, depth)
                                        or self._several(text, depth))
        return self._known[text, depth]

    def _whole(self, text: str, depth: int) -> str | None:
        """Try the most telling template first: the one with the most text of its own."""
        for template in self._open:
            for values in islice(_readings(template.literals, text), _MOST_READINGS):
                filled = self._filled(template, values, depth)
                if filled is not None:
                    return filled
        return None

    def _filled(self, template: _Template, values: tuple[str, ...], depth: int) -> str | None:
        told: dict[str, str] = {}
        for name, value in zip(template.names, values, strict=True):
            kind = name.rstrip("0123456789")
            said = self.translate(value, depth + 1) if kind == "phrase" else \
                self._phrases(value, depth + 1) if kind == "phrases" else value
            if said is None:
                return None
            told[name] = said
        return template.translation.format(**told)

    def _phrases(self, text: str, depth: int) -> str:
        whole = self.translate(text, depth)
        return whole or "".join(self._word(part, depth) for part in _BETWEEN.split(text))

    def _word(self, text: str, depth: int) -> str:
        bare = text.strip()
        return text.replace(bare, self.translate(bare, depth) or bare)

    def _several(self, text: str, depth: int) -> str | None:
        """Read sentences joined by semicolons, which may hold semicolons themselves."""
        for found in re.finditer("; ", text):
            first = self._plain.get(text[:found.start()]) or self._whole(text[:found.start()], depth)
            rest = first and self.translate(text[found.end():], depth + 1)
            if rest:
                return f"{first}; {rest}"
        return None


def _template(source: str, translation: str) -> _Template:
    literals, names = [""], []
    for literal, name, _, _ in Formatter().parse(source):
        literals[-1] += literal
        if name is not None:
            literals.append("")
            names.append(name)
    return _Template(tuple(literals), tuple(names), translation)


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
