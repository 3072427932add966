"""Values of a drafted site file, and the comment that says where each comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aclproof.linter.draft.placement import Suggestion
from aclproof.linter.draft.wording import Wording, said
from aclproof.linter.harmless import yaml_text
from aclproof.linter.questions import FILL_IN
from aclproof.reason import Reason

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off"})


def scalar(text: str) -> str:
    """Write a text as a YAML value that means just this text."""
    if not text.isprintable():  # no site file takes it
        return FILL_IN
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else yaml_text(text)


def one_or_many(texts: Sequence[str]) -> str:
    """Write one value, or a list of several."""
    return scalar(texts[0]) if len(texts) == 1 else f"[{', '.join(map(scalar, texts))}]"


def guessed(value: str, reasons: Iterable[str], words: Wording) -> str:
    """Write a value that has to be confirmed, with what suggests it."""
    return f"{value}     # {words.sentence(GUESS)}: {'; '.join(reasons)}"


def commented(value: str, remark: str, words: Wording) -> str:
    """Write a value that is known, or one to fill in, with what is said of it."""
    return f"{scalar(value)}     # {words.sentence(remark)}"


def suggested(found: Suggestion, words: Wording) -> str:
    """Write a suggestion with the line that it comes from."""
    return guessed(scalar(found.value), [f"{found.place} {said(found.basis, words)}"], words)


GUESS = Reason("guess")
