"""Random named sets and maps of one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tests.oracle.constants import Constants
from tests.oracle.nft import fields
from tests.oracle.nft.expressions import CONCATENATIONS, Scope, drawn_elements
from tests.oracle.nft.fields import Field
from tests.oracle.plan import write

Fields = tuple[str, ...]

_SINGLE = ("saddr", "daddr", "tcp dport", "udp dport", "th dport", "iifname", "mark", "l4proto", "tcp sport")
KEYS: Sequence[Fields] = (*((each,) for each in _SINGLE), *CONCATENATIONS)
CHANGED = "seen"
"""The set that rules change, where some do."""


def created(scope: Scope, count: int) -> Iterator[tuple[str, Fields, list[str]]]:
    """Make some sets: name, what each looks at, its lines."""
    constants = scope.constants
    for number in range(count):
        names = constants.rng.choice(KEYS)
        ranges = constants.chance(0.6) and _may_have_ranges(scope, names)
        elements = _elements(scope, names, ranges=ranges) if constants.chance(0.9) else []
        yield f"s{number}", names, _lines(scope, "set", f"s{number}", names, elements, ranges=ranges)


def created_maps(scope: Scope, count: int) -> Iterator[tuple[str, Fields, list[str]]]:
    """Make some maps from keys to verdicts."""
    constants = scope.constants
    scope = replace(scope, callees=scope.callees[-1:])  # rules of any chain may ask them
    for number in range(count):
        names = constants.rng.choice(KEYS)
        ranges = constants.chance(0.6) and _may_have_ranges(scope, names)
        elements = [f"{key} : {verdict(scope)}" for key in _elements(scope, names, ranges=ranges)]
        if constants.chance(0.3):
            elements.append(f"* : {verdict(scope)}")
        yield f"v{number}", names, _lines(scope, "map", f"v{number}", names, elements, ranges=ranges)


def changed(constants: Constants) -> list[str]:
    """The set to which rules add."""
    address = write(constants.family, constants.base("source"))
    return [f"set {CHANGED} {{", f"type ipv{constants.family}_addr", "flags dynamic,timeout", "timeout 1h",
            f"elements = {{ {address} }}", "}"]


def verdict(scope: Scope) -> str:
    """Draw what an element of a map does with the packet."""
    constants = scope.constants
    choices = ["accept", "accept", "drop", "drop", "return", "continue"]
    choices += [f"{how} {each}" for each in scope.callees for how in ("jump", "goto")]
    return constants.rng.choice(choices)


def _known(scope: Scope) -> Mapping[str, Field]:
    return fields.of_packets(scope.constants.family)


def _may_have_ranges(scope: Scope, names: Fields) -> bool:
    return any(_known(scope)[name].draw_range for name in names)


def _elements(scope: Scope, names: Fields, *, ranges: bool) -> list[str]:
    known = _known(scope)
    return drawn_elements(scope.constants, [known[name] for name in names],
                          scope.constants.rng.randint(1, 8), ranges=ranges)


def _lines(scope: Scope, kind: str, name: str, names: Fields, elements: Sequence[str], *, ranges: bool
           ) -> list[str]:
    of = [_known(scope)[each] for each in names]
    how = "typeof" if scope.constants.chance(0.3) else "type"
    key = " . ".join(each.word if how == "typeof" else each.type for each in of)
    found = [f"{kind} {name} {{", f"{how} {key}{' : verdict' if kind == 'map' else ''}"]
    if ranges:
        found.append("flags interval")
        if kind == "set" and len(names) == 1 and scope.constants.chance(0.3):
            found.append("auto-merge")
    if elements:
        found.append(f"elements = {{ {', '.join(elements)} }}")
    return [*found, "}"]


def translations(constants: Constants, name: str, *, ports: bool) -> list[str]:
    """Make a map from ports to where packets go."""
    drawn = [(fields.of_packets(constants.family)["tcp dport"].draw(constants),) for _ in range(3)]
    to = [write(constants.family, constants.base("destination")) for _ in drawn]
    elements = [f"{key.text} : {end}{f' . {constants.rng.choice(constants.ports)}' if ports else ''}"
                for (key,), end in zip(fields.disjoint(drawn), to, strict=False)]
    gives = f"ipv{constants.family}_addr{' . inet_service' if ports else ''}"
    return [f"map {name} {{", f"type inet_service : {gives}", f"elements = {{ {', '.join(elements)} }}", "}"]
