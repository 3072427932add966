"""Inspection as permits: which engines follow which traffic where, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning.policies import Step
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.firewall import Inspection

_WHOLE = {"dcerpc": (("match port tcp eq 135",), ("match port tcp eq msrpc",))}
"""Class-maps that hold all that an engine looks at."""
_STOPS = frozenset({"reset", "drop", "drop-connection"})


def inspections(steps: Sequence[Step], maps: Mapping[str, Section]) -> Iterator[Inspection]:
    """Yield the engines in force.

    One is not certain in a class that leaves traffic out, or may; after a class that gives everything to
    another engine; or beside tcp-state-bypass for part of the traffic. It is none where that bypasses all.
    """
    seen_by_others: set[int] = set()
    for step in steps:
        match list(step.words):
            case ["inspect", "icmp", "error", *_]:
                continue  # an engine of its own, for the errors only
            case ["inspect", engine, *rest]:
                closed = engine == "dcerpc" and _bypassed(steps, whole=True)
                certain = (_holds_all(step, engine) and step.policy not in seen_by_others
                           and not (engine == "dcerpc" and _bypassed(steps, whole=False))
                           and not _replaced(step, engine, steps))
                if not closed:
                    yield Inspection(engine, step.interface, step.line, certain,
                                     rest[-1] if stops(rest, maps) else "", _mapper_only(rest, maps))
                if not step.traffic.by_engine and step.traffic.matches not in _WHOLE.get(engine, ()):
                    seen_by_others.add(step.policy)
            case _:
                continue


def stops(words: Sequence[str], maps: Mapping[str, Section]) -> bool:
    """Return whether the inspection map that a line names stops something."""
    section = maps.get(words[-1]) if words else None
    return section is not None and any(_stopping(line) for line in lines_of(section))


def _mapper_only(words: Sequence[str], maps: Mapping[str, Section]) -> bool:
    """Whether its map has `endpoint-mapper epm-service-only` (FW, DCERPC inspection maps)."""
    section = maps.get(words[-1]) if words else None
    return section is not None and any("epm-service-only" in line.words for line in lines_of(section))


def lines_of(section: Section) -> Iterator[Section]:
    """All lines of a section, whatever their depth."""
    for child in section.children:
        yield child
        yield from lines_of(child)


def _stopping(line: Section) -> bool:
    return bool(_STOPS & set(line.words)) and line.words[0] not in ("match", "description")


def _holds_all(step: Step, engine: str) -> bool:
    """Whether the class leaves nothing out: besides the default traffic, an access list may narrow it."""
    matches = step.traffic.matches
    return step.traffic.whole or (step.traffic.by_engine and len(matches) == 1) \
        or matches in _WHOLE.get(engine, ())


def _bypassed(steps: Sequence[Step], *, whole: bool) -> bool:
    bypasses = [step for step in steps if "tcp-state-bypass" in step.words]
    if whole:
        return any(step.traffic.whole and step.interface is None for step in bypasses)
    return bool(bypasses)


def _replaced(step: Step, engine: str, steps: Sequence[Step]) -> bool:
    """Whether an interface has the engine in a policy of its own, which replaces the global one's."""
    return step.interface is None and any(other.interface is not None and list(other.words[:2]) ==
                                          ["inspect", engine] for other in steps)
