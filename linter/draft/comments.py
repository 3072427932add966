"""Which end of a rule its name or comment means by a word: `from the relay`, `agents -> relay`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from aclproof.linter.draft.signs import Signs, tokens
from aclproof.parsers.model.intervals import IntervalSet

End: TypeAlias = Literal["source", "destination", "either", ""]
"""`either`: the only one that may be it."""

_ARROW = re.compile(r"[-=]+>|→|>+")
_MEANS: dict[str, End] = {
    "from": "source", "by": "source", "von": "source", "vom": "source", "aus": "source",
    "to": "destination", "into": "destination", "towards": "destination", "nach": "destination",
    "zu": "destination", "zum": "destination", "zur": "destination", "auf": "destination",
    "for": "", "für": "", "fuer": "", "f": ""}
"""What stands after these words; after those without an end either may ('DNS for', 'web for')."""
_OTHER: dict[End, End] = {"source": "destination", "destination": "source"}


def end_meant(text: str, role: str, word: str, ports: IntervalSet, signs: Signs) -> End:
    """Return the end of a rule for some ports that its text means by a word for a role; nothing where that
    is not certain enough: 'DNS for relay' is for a server of another kind."""
    if said := _end_said(text, word):
        return said
    listens, opens = ports & signs.listens_on(role), ports & signs.connects_to(role)
    if bool(listens) != bool(opens):
        return "destination" if listens else "source"
    if role == signs.near or listens or not ports or signs.names_only(text):
        return "either"
    return ""


def _end_said(text: str, word: str) -> End:
    """The end that a text says: the last preposition before the word decides, else the first one after it.

    'relay to agents' speaks of the relay as the source.
    """
    said, wanted = tokens(_ARROW.sub(" to ", text)), word.split()
    for place in range(len(said)):
        if said[place:place + len(wanted)] == wanted:
            before, after = said[:place][::-1], said[place + len(wanted):]
            found = _first(before)
            return found if found is not None else _OTHER.get(_first(after) or "", "")
    return ""


def _first(said: Sequence[str]) -> End | None:
    return next((_MEANS[each] for each in said if each in _MEANS), None)
