"""How an unknown word is reported: with the nearest known one, or with all of them."""

import reprlib
from collections.abc import Iterable, Mapping

from aclproof.reason import OR, Reason, joined


def unknown(kind: str, word: str, known: Iterable[str]) -> str:
    """The message for a `word` that is not one of the `known` ones; `kind` says what it should name."""
    from difflib import get_close_matches

    choices = list(dict.fromkeys(known))
    message = Reason("unknown {kind} {word}", kind=_KINDS.get(kind, kind), word=reprlib.repr(word))
    if 0 < len(whole := [each for each in choices if word in each.split("-")]) <= _FEW:
        near = joined(OR, [repr(each) for each in whole])
        return Reason("{unknown}: did you mean {near}?", unknown=message, near=near)
    if close := get_close_matches(word, choices, n=1):
        return Reason("{unknown}: did you mean {near!r}?", unknown=message, near=close[0])
    return Reason("{unknown}: known are {known}", unknown=message, known=", ".join(choices)) if choices \
        else message


_FEW = 3
"""So many known words are suggested that have the unknown one between their hyphens."""
_KINDS: Mapping[str, Reason] = {each: each for each in (
    Reason("access list"), Reason("chain"), Reason("column"), Reason("command"), Reason("fact"),
    Reason("firewall"), Reason("format"), Reason("id"), Reason("interface"), Reason("key"),
    Reason("listener"), Reason("method"), Reason("pack"), Reason("profile"), Reason("requirement"),
    Reason("role"), Reason("schema"), Reason("setting"), Reason("state"), Reason("value"))}
