"""How an unknown word is reported: with the nearest known one, or with all of them."""

import reprlib
from collections.abc import Iterable
from difflib import get_close_matches


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """The message for a `word` that is not one of the `known` ones; `kind` says what it should name."""
    choices = list(dict.fromkeys(known))
    message = f"unknown {kind} {reprlib.repr(word)}"
    if near := get_close_matches(word, choices, n=1):
        return f"{message}: did you mean {near[0]!r}?"
    return f"{message}: known are {', '.join(choices)}" if choices else message
