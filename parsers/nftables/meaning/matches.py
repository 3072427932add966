"""Which packets a test matches: an expression, an operator, and values or a set of them."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables import ruleset
from aclproof.parsers.nftables.meaning import connection_fields, header_fields, values, way_fields
from aclproof.parsers.nftables.meaning.fields import Concatenation, Field
from aclproof.parsers.nftables.meaning.packets import (
    EVERYTHING,
    NOTHING,
    OF_FAMILY,
    DoubtError,
    Parts,
    both,
)
from aclproof.parsers.nftables.meaning.scope import ALL_OTHERS, Scope
from aclproof.parsers.nftables.ruleset import Tree, asks_more
from aclproof.parsers.nftables.text import spell
from aclproof.reason import Reason


def matched(body: Tree, scope: Scope) -> Parts:
    """Return the packets that a test matches; DoubtError where that cannot be told."""
    match body:
        case {"op": str(op), "left": left, "right": right}:
            return _matched(op, left, right, scope)
        case _:
            raise values.not_known(body)


def _matched(op: str, left: Tree, right: Tree, scope: Scope) -> Parts:
    if parts := _without_values(left, right, op):
        return parts[0]
    field = field_of(left, scope)
    try:
        return _compared(op, field, right, scope)
    except DoubtError as doubt:  # whatever a test asks, a packet without the field fails it
        doubt.within = both(field.has, doubt.within)
        raise


def _compared(op: str, field: Field, right: Tree, scope: Scope) -> Parts:
    match right:
        case {"prefix": {ruleset.EITHER: _}}:
            raise DoubtError(Reason("whether {text} is its network, as in a file of rules, or nothing, as in "
                                    "a list of nft: write the network itself", text=spell.expression(right)),
                             within=field.among([right]) if op == "==" else field.has)
        case _:
            pass
    match op:
        case "in":
            return field.any_bit(_listed(right))
        case "!":
            return field.no_bit(_listed(right))
        case "==" if (one := _only_element(right)) is not None:
            return field.alone(one)
        case "==":
            return among(field, members(right, scope))
        case "!=":
            return outside(field, members(right, scope))
        case "<" | "<=" | ">" | ">=":
            return field.ordered(op, right)
        case ruleset.JOINED:
            raise DoubtError(Reason("whether one of the values suffices, as in a file of rules, or all have "
                                    "to be there and no other, as in a list of nft"), within=field.has)
        case _:
            raise DoubtError(within=field.has)


def among(field: Field, keys: Sequence[Tree]) -> Parts:
    """Return the packets that have one of these values; one of them may stand for all others."""
    return field.has if ALL_OTHERS in keys else field.among(keys) if keys else NOTHING


def outside(field: Field, keys: Sequence[Tree]) -> Parts:
    """Return the packets that have the field, and none of these values."""
    return NOTHING if ALL_OTHERS in keys else field.outside(keys) if keys else field.has


def members(right: Tree, scope: Scope) -> Sequence[Tree]:
    """Return the values of the right side of a test: of a set all, else the one."""
    match right:
        case str(text) if text.startswith("@"):
            return [each.key for each in scope.elements(text[1:])]
        case {"set": [*several]}:
            return [key_of(each) for each in several]
        case _:
            return [right]


def _only_element(right: Tree) -> Tree:
    """The element of a set without a name that has no other; None where there are more, or it is for all."""
    match right:
        case {"set": [one]} if (key := key_of(one)) != ALL_OTHERS:
            return key
        case _:
            return None


def key_of(element: Tree) -> Tree:
    """Return the value of an element that may carry a timeout, a comment or a counter."""
    match element:
        case {"elem": {"val": value} as found}:
            if asks_more(found):
                raise DoubtError(Reason("whether an element matches that has a limit, a quota or a number of "
                                        "connections"))
            return value
        case _:
            return element


def _listed(right: Tree) -> Sequence[Tree]:
    return right if isinstance(right, list | tuple) else [right]


def _without_values(left: Tree, right: Tree, op: str) -> Sequence[Parts]:
    """Tests whether something is there at all: headers and options that only other packets have."""
    match left:
        case {"exthdr": {"name": _, **rest}}:
            if "field" in rest or (right is not False) is (op == "=="):
                return [NOTHING]
            return [OF_FAMILY[Family.V6]]
        case _:
            return []


def field_of(tree: Tree, scope: Scope) -> Field:
    """Return what an expression looks at; DoubtError for what is not followed."""
    match tree:
        case {"payload": {"tunnel": _}}:
            raise DoubtError
        case {"payload": {"protocol": str(protocol), "field": str(name)}}:
            return header_fields.field(protocol, name)
        case {"meta": {"key": str(key)}}:
            return way_fields.meta(key)
        case {"ct": {"key": str(key), **rest}}:
            return connection_fields.field(key, str(rest.get("dir", "")))
        case {"fib": {"result": str(result), "flags": flags}}:
            return way_fields.fib(result, [str(each) for each in _listed(flags)], scope.families)
        case {"concat": [*several]}:
            return Concatenation([field_of(each, scope) for each in several])
        case {"&": [inner, mask]}:
            return field_of(inner, scope).masked(mask)
        case _:
            raise DoubtError(Reason("what an expression means") if tree is None else "")


def everything(scope: Scope) -> Parts:
    """Return all packets that the rules of a table see."""
    return EVERYTHING if len(scope.families) > 1 else OF_FAMILY[scope.families[0]]
