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
    "for": "", "fuer": "", "f": ""}
"""What stands after these words; after those without an end either may ('DNS for', 'web for'; `f` is what
is left of 'für')."""
_OTHER: dict[End, End] = {"source": "destination", "destination": "source"}
_ANOTHER = frozenset({*_MEANS, "that", "what", "which", "where"})
"""Words after which a description speaks of somebody else."""


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
    before, after = _around(text, word)
    found = _first(before[::-1])
    return found if found is not None else _OTHER.get(_first(after) or "", "")


def is_of_another(description: str, word: str) -> bool:
    """Whether a description says by a word for a role who else has to do with its object: 'proxy for the
    relay', 'what agents connect to'; 'relay for the branch' is one itself."""
    return not _ANOTHER.isdisjoint(_around(description, word)[0])


def _around(text: str, word: str) -> tuple[list[str], list[str]]:
    """What is said before a word, and after it; nothing where it is not said."""
    said, wanted = tokens(_ARROW.sub(" to ", text)), word.split()
    for place in range(len(said)):
        if said[place:place + len(wanted)] == wanted:
            return said[:place], said[place + len(wanted):]
    return [], []


def _first(said: Sequence[str]) -> End | None:
    return next((_MEANS[each] for each in said if each in _MEANS), None)
