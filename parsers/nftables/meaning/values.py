"""Values of expressions as numbers: addresses, ports, protocols and whatever else has names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from aclproof.parsers.iptables.text import names as iptables_names
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import spell
from aclproof.reason import Reason

Read: TypeAlias = Callable[[Tree], IntervalSet]
"""Reads one value: a scalar, a prefix or a range; DoubtError for what it does not understand."""


def not_known(tree: Tree) -> DoubtError:
    """Return the doubt about a value that is not understood."""
    return DoubtError(Reason("what '{text}' means", text=spell.expression(tree)))


def address(family: Family) -> Read:
    """Return what reads addresses of a family."""
    def read(tree: Tree) -> IntervalSet:
        match tree:
            case {"prefix": {"addr": str(text), "len": int(length)}}:
                found = _address(f"{text}/{length}", family, tree)
            case {"range": [str(low), str(high)]}:
                found = _address(f"{low}-{high}", family, tree)
            case str(text):
                found = _address(text, family, tree)
            case _:
                raise not_known(tree)
        return found

    return read


def _address(text: str, family: Family, tree: Tree) -> IntervalSet:
    try:
        found = addresses.parse(text)
    except ValueError:
        raise not_known(tree) from None
    if not found.of(family):
        raise not_known(tree)
    return found.of(family)


def number(most: int, names: Mapping[str, int] | None = None) -> Read:
    """Return what reads numbers up to `most`, and their names."""
    known = names or {}

    def one(tree: Tree) -> int:
        value: int | None = tree if isinstance(tree, int) and not isinstance(tree, bool) else None
        if isinstance(tree, str) and tree:
            value = known[tree] if tree in known else iptables_names.number(tree, most)
        if value is None or not 0 <= value <= most:
            raise not_known(tree)
        return value

    return _or_range(one, most)


def _or_range(one: Callable[[Tree], int], most: int) -> Read:
    def read(tree: Tree) -> IntervalSet:
        match tree:
            case {"range": [low, high]}:
                ends = one(low), one(high)
            case {"prefix": {"addr": low, "len": int(length)}} if 0 <= length <= most.bit_length():
                beyond = most >> length
                ends = one(low) & ~beyond, one(low) | beyond
            case _:
                ends = (one(tree),) * 2
        if ends[0] > ends[1]:
            raise not_known(tree)
        return IntervalSet.of(ends)

    return read


def _protocol(tree: Tree) -> int:
    try:
        found: object = iptables_names.protocol(tree) if isinstance(tree, str) else tree
    except RuleError:
        raise not_known(tree) from None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 255:
        raise not_known(tree)
    return found


def _port(tree: Tree) -> int:
    try:
        found: object = iptables_names.port(tree) if isinstance(tree, str) else tree
    except RuleError:
        raise not_known(tree) from None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 65535:
        raise not_known(tree)
    return found


protocol: Read = _or_range(_protocol, 255)
port: Read = _or_range(_port, 65535)


def bits(tree: Tree, names: Mapping[str, int]) -> int:
    """Read flags as one number: a name, a number, or several of them joined; DoubtError for others."""
    match tree:
        case str(text) if text in names:
            return names[text]
        case bool():
            raise not_known(tree)
        case int(number_of_bits):
            return number_of_bits
        case str(text) if (value := iptables_names.number(text, 0xFFFFFFFF)) is not None:
            return value
        case {"|": [*several]}:
            return _all_bits(several, names)
        case [*several]:
            return _all_bits(several, names)
        case _:
            raise not_known(tree)


def _all_bits(several: Sequence[Tree], names: Mapping[str, int]) -> int:
    found = 0
    for each in several:
        found |= bits(each, names)
    return found


def only(read: Read, tree: Tree) -> int:
    """Return the one number that a value is; DoubtError where it is several."""
    numbers = read(tree)
    if numbers.size != 1:
        raise not_known(tree)
    return numbers.lowest
