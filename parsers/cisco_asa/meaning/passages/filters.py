"""`filter url|https|ftp`: a server decides on requests to certain ports (CLI8, filtering services).

`filter url [http|PORT[-PORT]] LOCAL MASK FOREIGN MASK [allow] ...`, or `filter url except` with such ends.
Only connections to a lower or an equal level are filtered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.features.rows.connections import FILTERED
from aclproof.parsers.cisco_asa.meaning.passages.cut_through import Line
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_PORT, TCP, Service, service

_PORTS = {"url": 80, "https": 443, "ftp": 21}
_NAMES = {"http": 80, "https": 443, "ftp": 21}


def passages(lines: Iterable[Line], names: Mapping[str, str]) -> Iterator[Passage]:
    """Read the `filter` lines of a file; exceptions go first."""
    exempt: dict[str, list[Rule]] = {}
    asked: dict[str, list[Rule]] = {}
    for words, line in lines:
        what = "".join(words[1:2])
        if what not in _PORTS:
            continue
        if words[2:3] == ["except"]:
            ends = _ends(words[3:], names)
            if ends:
                exempt.setdefault(what, []).append(Rule(Action.RETURN, *ends, (service(TCP),), line))
            continue
        named = len(words) > 2 and "." not in words[2] and words[2] != "0"
        services = _services(words[2] if named else str(_PORTS[what]))
        ends = _ends(words[2 + named:], names) or (ANY, ANY)
        asked.setdefault(what, []).extend(stopped(FILTERED, line, *ends, services, what=what))
    for what, rules in asked.items():
        yield Passage([*exempt.get(what, []), *rules], outward=True)


def _ends(words: Sequence[str], names: Mapping[str, str]) -> tuple[AddressSet, AddressSet] | None:
    """`LOCAL MASK FOREIGN MASK`; None where it is something else."""
    try:
        return literals.network(words[0], words[1], names), literals.network(words[2], words[3], names)
    except (LineError, IndexError):
        return None


def _services(word: str) -> tuple[Service, ...]:
    """`http`, `8080`, `8080-8090`; every port where it cannot be read."""
    first, _, last = word.partition("-")
    low = _NAMES.get(first) or literals.number(first, 65535)
    high = literals.number(last, 65535) if last else low
    if low is None or high is None or high < low:
        return (service(TCP),)
    return (service(TCP, ANY_PORT, IntervalSet.of((low, high))),)
