"""What stays English in a German report."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from string import Formatter

from aclproof.linter.reports.language.catalogue import REASON
from aclproof.reason import Reason
from tests.language.keeping import files, key_of, read, texts


def english_in(text: object) -> Iterator[str]:
    """Yield the parts of a sentence that stay English: what is no reason, what has no translation."""
    if not isinstance(text, Reason):
        yield str(text)
        return
    if has_words(text.template) and (REASON, text.template) not in _translated():
        yield text.template
    for value in text.values.values():
        if isinstance(value, Reason):
            yield from english_in(value)


def is_sentence(text: str) -> bool:
    """Whether a text says something; the way from one interface to another, or a name, does not."""
    return " " in text.replace(" -> ", "")


def has_words(template: str) -> bool:
    """Whether a template says something besides its values."""
    return any(letter.isalpha() for own, *_ in Formatter().parse(template) for letter in own)


@cache
def _translated() -> frozenset[tuple[str, str]]:
    """The keys that every catalogue has a translation for."""
    return frozenset.intersection(*(
        frozenset(key_of(message) for message in read(file) if message.id and all(texts(message.string)))
        for file in files()))
