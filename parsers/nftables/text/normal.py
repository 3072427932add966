"""One structure for one meaning: trees as the present libnftables prints them, whoever wrote them.

Readers of text give values as words, other versions and other programs write JSON otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aclproof.parsers.nftables.ruleset import EITHER, Tree
from aclproof.parsers.nftables.text.datatypes import (
    UNKNOWN,
    Types,
    address_prefix,
    of,
    protocol_number,
    scalar,
)
from aclproof.parsers.nftables.text.fields import META_ALIASES, TCP_OPTION_ALIASES
from aclproof.parsers.nftables.text.normal_counted import counted
from aclproof.parsers.nftables.text.symbols import BITS, SYMBOLS

Inner = Mapping[str, Tree]

_FLATTENED = frozenset(("|", "&", "^"))
_OPERATORS = frozenset(("|", "&", "^", "<<", ">>"))


def single(tree: Tree) -> tuple[str, Tree]:
    """Return the only key of a tree and what it holds; an empty key for anything else."""
    if isinstance(tree, dict) and len(tree) == 1:
        for found in tree.items():
            return found
    return "", None


def is_list(tree: Tree) -> bool:
    """Whether a tree is a list of trees."""
    return isinstance(tree, list)


def listed(tree: Tree) -> list[Tree]:
    """Return a list as it is, and anything else as a list of one."""
    return tree if isinstance(tree, list) else [tree]


def expression(tree: Tree, kinds: Types = UNKNOWN) -> Tree:
    """Write a value, or what is asked of a packet; `kinds` are the types of its values."""
    if isinstance(tree, str | int):
        return _scalar(tree, kinds)
    if tree is None:
        return None
    if isinstance(tree, list):
        return _several(tree, kinds)
    key, inner = single(tree)
    if key in _OPERATORS and is_list(inner):
        return _operation(key, listed(inner), kinds)
    writer = _EXPRESSIONS.get(key)
    return writer(inner, kinds) if writer else tree


def _scalar(value: str | int | bool, kinds: Types) -> Tree:
    if isinstance(value, str) and (value[:1] == "@" or value == "*"):
        return value
    return scalar(kinds[0] if len(kinds) == 1 else "", value)


def _several(values: Sequence[Tree], kinds: Types) -> Tree:
    """Several values at once: bits in their order, one alone without the list."""
    written = [expression(each, kinds) for each in values]
    kind = kinds[0] if len(kinds) == 1 else ""
    names = SYMBOLS.get(kind, {})
    if kind in BITS and names and all(isinstance(each, str) and each in names for each in written):
        written = [name for name in names if name in written]
    return written[0] if len(written) == 1 else written


def _operation(sign: str, operands: list[Tree], kinds: Types) -> Tree:
    own = of({sign: operands}) if sign in _FLATTENED else of(operands[0])
    kinds = own if own != UNKNOWN else kinds if sign in _FLATTENED else ("integer",)
    written: list[Tree] = []
    for number, operand in enumerate(operands):
        shift = sign in ("<<", ">>") and number
        each = expression(operand, ("integer",) if shift else kinds)
        key, inner = single(each)
        if key == sign and (sign in _FLATTENED or not number):
            written += listed(inner)
        else:
            written.append(each)
    if sign == "|" and kinds[0] in BITS and all(isinstance(each, str) or is_list(each) for each in written):
        return _several([bit for each in written for bit in listed(each)], kinds)
    if all(isinstance(each, int) and not isinstance(each, bool) for each in written):
        return _computed(sign, [each for each in written if isinstance(each, int)], kinds)
    if sign in _FLATTENED:  # constants last, as nft has them
        written.sort(key=lambda each: isinstance(each, int))
    return {sign: written}


def _computed(sign: str, numbers: list[int], kinds: Types) -> Tree:
    found, *others = numbers
    for each in others:
        match sign:
            case "|":
                found |= each
            case "&":
                found &= each
            case "^":
                found ^= each
            case "<<" if each < 64:
                found = (found << each) & (2**64 - 1)
            case _:
                found >>= each
    return _scalar(found, kinds)


def _range(inner: Tree, kinds: Types) -> Tree:
    low, high = (expression(end, kinds) for end in listed(inner))
    if kinds == ("inet_proto",):
        low, high = protocol_number(low), protocol_number(high)
    return low if low == high else {"range": [low, high]}


def _prefix(inner: Tree, kinds: Types) -> Tree:
    assert isinstance(inner, dict)
    if EITHER in inner:
        return {"prefix": inner}
    address, length = expression(inner["addr"], kinds), inner["len"]
    if not isinstance(address, str) or not isinstance(length, int):
        return {"prefix": {"addr": address, "len": length}}
    address, whole = address_prefix(address, length)
    return address if whole else {"prefix": {"addr": address, "len": length}}


def _concat(inner: Tree, kinds: Types) -> Tree:
    parts = listed(inner)
    each = [(kind,) for kind in kinds] if len(kinds) == len(parts) else [UNKNOWN] * len(parts)
    return {"concat": [expression(part, kind) for part, kind in zip(parts, each, strict=True)]}


def _set(inner: Tree, kinds: Types) -> Tree:
    return {"set": [member(each, kinds) for each in listed(inner)]}


def member(tree: Tree, kinds: Types, gives: Types = UNKNOWN) -> Tree:
    """Write an element of a set, or a pair of a map, whose values have the types `gives`."""
    if is_list(tree):
        key, value = listed(tree)
        return [member(key, kinds), expression(value, gives)]
    name, inner = single(tree)
    if name == "elem" and isinstance(inner, dict):
        return element(inner, kinds)
    found = expression(tree, kinds)
    return {"|": found} if is_list(found) else found  # a list would be a pair


def element(inner: Inner, kinds: Types) -> Tree:
    """Write an element that has a timeout, a comment or a counter."""
    found: dict[str, Tree] = {"val": expression(inner["val"], kinds)}
    for name, value in inner.items():
        if name in ("timeout", "expires"):
            found[name] = _scalar(value, ("ct_time",)) if isinstance(value, str | int) else value
        elif name not in ("val", "comment"):
            found[name] = counted(name, value)
        elif name == "comment":
            found[name] = value
    return {"elem": found}


def _mapping(tree: Tree) -> Inner:
    assert isinstance(tree, dict)
    return tree


def _map(inner: Tree, kinds: Types) -> Tree:
    asked = _mapping(inner)
    key = expression(asked["key"])
    return {"map": {"key": key, "data": _mapped(asked["data"], of(key), kinds)}}


def _mapped(data: Tree, kinds: Types, gives: Types) -> Tree:
    name, inner = single(data)
    if name != "set":
        return data
    return {"set": [member(each, kinds, gives) for each in listed(inner)]}


def _as_it_is(name: str) -> Callable[[Tree, Types], Tree]:
    return lambda inner, kinds: {name: inner}


def _fib(inner: Tree, kinds: Types) -> Tree:
    found = dict(_mapping(inner))
    if "flags" in found:
        found["flags"] = listed(found["flags"])
    return {"fib": found}


_PORTS = {0: "sport", 16: "dport"}
"""Where the ports are in a header of the transport layer, 16 bits long: offset in bits."""


def _payload(inner: Tree, kinds: Types) -> Tree:
    found = _mapping(inner)
    offset = found.get("offset")
    if found.get("base") == "th" and found.get("len") == 16 and isinstance(offset, int) and offset in _PORTS:
        return {"payload": {"protocol": "th", "field": _PORTS[offset]}}
    return {"payload": found}


def _meta(inner: Tree, kinds: Types) -> Tree:
    found = _mapping(inner)
    return {"meta": {**found, "key": META_ALIASES.get(str(found.get("key")), found.get("key"))}}


def _option(inner: Tree, kinds: Types) -> Tree:
    found = dict(_mapping(inner))
    if "name" in found:
        found["name"] = TCP_OPTION_ALIASES.get(str(found["name"]), found["name"])
    return {"tcp option": found}


def _jhash(inner: Tree, kinds: Types) -> Tree:
    found = {key: value for key, value in _mapping(inner).items() if key != "offset" or value}
    if "expr" in found:
        found["expr"] = expression(found["expr"])
    return {"jhash": found}


def _hash(inner: Tree, kinds: Types) -> Tree:
    return {"symhash": {key: value for key, value in _mapping(inner).items() if key != "offset" or value}}


def _numgen(inner: Tree, kinds: Types) -> Tree:
    return {"numgen": {"offset": 0, **_mapping(inner)}}


_EXPRESSIONS: Mapping[str, Callable[[Tree, Types], Tree]] = {
    "range": _range, "prefix": _prefix, "concat": _concat, "set": _set, "map": _map, "fib": _fib,
    "payload": _payload, "tcp option": _option, "meta": _meta, "jhash": _jhash, "symhash": _hash,
    "numgen": _numgen,
    "elem": lambda inner, kinds: element(_mapping(inner), kinds)}

