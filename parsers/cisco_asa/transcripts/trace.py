"""What `packet-tracer` prints, before it is judged: phases, and a result at the end."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Step(Struct, frozen=True):
    """One phase."""

    number: int
    kind: str
    """Its `Type`."""
    subtype: str
    allowed: bool
    config: tuple[str, ...]
    extra: tuple[str, ...]
    """Its `Additional Information`."""
    line: int


class Trace(Struct, frozen=True):
    """All that was printed of one packet."""

    steps: tuple[Step, ...]
    result: Mapping[str, str]
    """By its names in small letters: `action`, `drop-reason`, `input-interface`."""
    line: int
    """That says the action."""
    sound: bool = True
    """Whether everything is where it belongs."""


REASON = "drop-reason"
_IN = frozenset({"input-interface", "input-status", "input-line-status"})
_OUT = frozenset({"output-interface", "output-status", "output-line-status"})
RESULTS = frozenset({*_IN, *_OUT, "action", "time taken", "time-taken", REASON})
"""What may stand in a result; the time came with FTD 7."""
VERDICTS = {"ALLOW": True, "DROP": False}


def in_order(steps: tuple[Step, ...]) -> bool:
    """Return whether no phase is missing before the last one that is there."""
    return [each.number for each in steps] == list(range(1, len(steps) + 1))


def has_interfaces(result: Mapping[str, str]) -> bool:
    """Return whether a result says all of one interface, and all or nothing of the other."""
    return result.keys() >= _IN and len(result.keys() & _OUT) in (0, len(_OUT))
