"""Inspection as permits: which engines follow which traffic where, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.row import Doubt
from aclproof.parsers.cisco_asa.features.rows.policies import INSPECTION_MAP, UNSHOWN_INSPECTION_MAP
from aclproof.parsers.cisco_asa.meaning.policies import Step
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.model.addresses import ANY4
from aclproof.parsers.model.firewall import Inspection
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action
from aclproof.parsers.model.services import ANY_PORT, TCP, service

_WORDS_OF_ENGINES = {"ftp": ("strict",), "h323": ("h225", "ras"), "icmp": ("error",)}
"""What may stand between an engine and its map."""
_AFTER_MAP = frozenset("""tls-proxy phone-proxy uc-ime dynamic-filter-snoop fail-open fail-close
    maximum-length""".split())
_MAPPER = (service(TCP, ANY_PORT, IntervalSet.of((135, 135))),)
_UUIDS_OF_DCOM = [["match", "uuid", uuid] for uuid in ("ms-rpc-isystemactivator", "ms-rpc-oxidresolver")]
_FOLLOWED = ("icmp", "dcerpc")
"""The engines that let something pass."""
_STOPS = frozenset({"reset", "drop", "drop-connection"})


def inspections(steps: Sequence[Step], maps: Mapping[str, Section]) -> Iterator[Inspection]:
    """Yield the engines in force.

    One is not certain in a class that leaves traffic out, or may; after a class that gives everything to
    another engine; or beside tcp-state-bypass for part of the traffic. It is none where that bypasses all.
    A policy that is not in the file may have any.
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
                    yield _inspection(step, certain, map_named(engine, rest), maps)
                if _takes_all(step):
                    seen_by_others.add(step.policy)
            case _ if step.unshown:
                yield from (Inspection(engine, step.interface, step.line, certain=False,
                                       unshown_policy=step.words[1]) for engine in _FOLLOWED)
            case _:
                continue


def _inspection(step: Step, certain: bool, name: str, maps: Mapping[str, Section]) -> Inspection:
    doubt = doubt_of(name, maps)
    return Inspection(step.words[1], step.interface, step.line, certain, name if doubt else "",
                      bool(name) and name not in maps, _mapper_only(name, maps), _spares_mapper(name, maps))


def map_named(engine: str, words: Sequence[str]) -> str:
    """Return the inspection map that a line names after its engine; empty for none, or a built-in one."""
    word = next((each for each in words if each not in _WORDS_OF_ENGINES.get(engine, ())), "")
    return "" if word in _AFTER_MAP or word.startswith("_default_") else word


def doubt_of(name: str, maps: Mapping[str, Section]) -> Doubt | None:
    """Return what an inspection map leaves open; None where it stops nothing, or there is none."""
    if name and name not in maps:
        return UNSHOWN_INSPECTION_MAP
    return INSPECTION_MAP if name and any(_stopping(line) for line in lines_of(maps[name])) else None


def _mapper_only(name: str, maps: Mapping[str, Section]) -> bool:
    """Whether its map has `endpoint-mapper epm-service-only` (FW, DCERPC inspection maps)."""
    return name in maps and any("epm-service-only" in line.words for line in lines_of(maps[name]))


def _spares_mapper(name: str, maps: Mapping[str, Section]) -> bool:
    """Whether its map stops only what it finds by a UUID of DCOM (FW, DCERPC inspection maps).

    Messages of the endpoint mapper have another one.
    """
    return name in maps and all(child.words in _UUIDS_OF_DCOM for child in maps[name].children
                                if any(map(_stopping, (child, *lines_of(child)))))


def lines_of(section: Section) -> Iterator[Section]:
    """All lines of a section, whatever their depth."""
    for child in section.children:
        yield child
        yield from lines_of(child)


def _stopping(line: Section) -> bool:
    return bool(_STOPS & set(line.words)) and line.words[0] not in ("match", "description")


def _holds_all(step: Step, engine: str) -> bool:
    """Whether the class leaves nothing out: besides the default traffic, an access list may narrow it."""
    return step.traffic.whole or (step.traffic.by_engine and len(step.traffic.matches) == 1) \
        or _is_own(step, engine)


def _is_own(step: Step, engine: str) -> bool:
    """Whether the class is all that RPC's engine looks at, and nothing else: TCP 135 from and to anywhere."""
    if engine != "dcerpc" or len(step.traffic.matches) != 1 or not step.traffic.rules:
        return False
    rule = step.traffic.rules[0]
    return rule.action is Action.PERMIT and not rule.conditions and rule.services == _MAPPER \
        and all(end >= ANY4 for end in (rule.sources, rule.destinations)) and all(
            each.services == _MAPPER for each in step.traffic.rules)


def _bypassed(steps: Sequence[Step], *, whole: bool) -> bool:
    """Whether packets may skip inspection; with `whole`, whether all surely do."""
    if whole:
        return any("tcp-state-bypass" in step.words and step.traffic.whole and step.interface is None
                   for step in steps)
    return any("tcp-state-bypass" in step.words or step.unshown for step in steps)


def _replaced(step: Step, engine: str, steps: Sequence[Step]) -> bool:
    """Whether an interface has, or may have, the engine in a policy of its own, which replaces this one, or
    gives these packets to another engine."""
    return step.interface is None and any(
        other.interface is not None and (other.unshown or list(other.words[:2]) == ["inspect", engine]
                                         or (other.words[0] == "inspect" and _takes_all(other)))
        for other in steps)


def _takes_all(step: Step) -> bool:
    """Whether an engine gets all of its class, and not only what is on its own ports: no other one does then,
    but for the one of IP options, which stands beside all others in the default policy."""
    engine = step.words[1]
    return engine != "ip-options" and not step.traffic.by_engine and not _is_own(step, engine)
