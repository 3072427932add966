"""What dnat, snat, masquerade and redirect make of packets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.effects import Divert, Effect, End, Translate
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.nftables.meaning import matches, values
from aclproof.parsers.nftables.meaning.packets import EVERYTHING, OF_FAMILY, DoubtError, Parts, both
from aclproof.parsers.nftables.meaning.scope import ALL_OTHERS, Scope
from aclproof.parsers.nftables.ruleset import FAMILY_OF, Tree
from aclproof.reason import Reason

ENDS: Mapping[str, End] = {"dnat": "destination", "redirect": "destination", "snat": "source",
                           "masquerade": "source"}
_UNKNOWN = Divert(Reason("to which address it translates"))


class Translated(NamedTuple):
    """What becomes of some packets."""

    parts: Parts
    effect: Effect


def translated(kind: str, body: Tree, scope: Scope) -> Iterator[Translated]:
    """Yield what a statement makes of packets, one entry for each key of a map."""
    options = body if isinstance(body, dict) else {}
    address, port = options.get("addr"), options.get("port")
    if kind in ("redirect", "masquerade"):
        yield from _itself(ENDS[kind], port)
        return
    named = FAMILY_OF.get(str(options.get("family", "")))
    families = [named] if named else scope.families
    try:
        yield from list(_each(ENDS[kind], address, port, families, options, scope))
    except DoubtError:
        yield Translated(EVERYTHING, _UNKNOWN)


def _each(end: End, address: Tree, port: Tree, families: Sequence[Family], options: Mapping[str, Tree],
          scope: Scope) -> Iterator[Translated]:
    for parts, where, ports in _choices(address, port, scope):
        if where is None:
            yield Translated(parts, Translate(end, None, _ports(ports)))
        else:
            family = _family(where, families)
            yield Translated(both(OF_FAMILY[family], parts), _to(end, family, where, ports, options))


def _itself(end: End, port: Tree) -> Iterator[Translated]:
    try:
        yield Translated(EVERYTHING, Translate(end, None, _ports(port), itself=True))
    except DoubtError:
        yield Translated(EVERYTHING, Divert(Reason("to which port it translates")))


def _family(address: Tree, families: Sequence[Family]) -> Family:
    """The family of an address; DoubtError where it is none."""
    for family in families:
        try:
            values.address(family)(address)
        except DoubtError:
            continue
        return family
    raise values.not_known(address)


def _choices(address: Tree, port: Tree, scope: Scope) -> Iterator[tuple[Parts, Tree, Tree]]:
    """The packets of each key of a map, with the address and the port that they get."""
    match address:
        case {"map": {"key": key, "data": data}}:
            field = matches.field_of(key, scope)
            found = pairs(data, scope)
            if any(each == ALL_OTHERS for each, _ in found):
                raise DoubtError
            for each, value in found:
                match value:
                    case {"concat": [where, ports]}:
                        yield matches.among(field, [each]), where, ports
                    case _:
                        yield matches.among(field, [each]), value, port
        case _:
            yield EVERYTHING, address, port


def pairs(data: Tree, scope: Scope) -> Sequence[tuple[Tree, Tree]]:
    """Return the keys and values of a map; DoubtError where they are not all known."""
    match data:
        case str(text) if text.startswith("@"):
            return [(each.key, each.value) for each in scope.elements(text[1:])]
        case {"set": [*several]}:
            found = []
            for each in several:
                if not isinstance(each, list | tuple) or len(each) != 2:
                    raise values.not_known(each)
                found.append((matches.key_of(each[0]), each[1]))
            return found
        case _:
            raise values.not_known(data)


def _to(end: End, family: Family, address: Tree, port: Tree, options: Mapping[str, Tree]) -> Effect:
    """Read `10.0.0.2`, a range, or a network that is mapped one to one."""
    kinds = options.get("type_flags")
    mapped = "prefix" in (kinds if isinstance(kinds, list | tuple) else [kinds])
    if isinstance(address, dict) and "prefix" in address and not mapped:
        raise values.not_known(address)
    return Translate(end, _range(values.address(family)(address), address), _ports(port), shifted=mapped)


def _ports(port: Tree) -> Range | None:
    return None if port is None else _range(values.port(port), port)


def _range(numbers: IntervalSet, tree: Tree) -> Range:
    if len(numbers.ranges) != 1:
        raise values.not_known(tree)
    return numbers.ranges[0]
