"""One structure for one statement of a rule, whoever wrote it; see `normal`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import JOINED, Tree
from aclproof.parsers.nftables.ruleset import UNKNOWN as NOT_UNDERSTOOD
from aclproof.parsers.nftables.text.datatypes import Types, number, of
from aclproof.parsers.nftables.text.normal import expression, listed, member, single
from aclproof.parsers.nftables.text.normal_counted import counted
from aclproof.parsers.nftables.text.symbols import BITS, PRINTED

Inner = Mapping[str, Tree]

_DEFAULT_REJECT = {"ip": "icmp", "ip6": "icmpv6"}
_LOG_FLAGS = ("tcp sequence", "tcp options", "ip options", "skuid", "ether")
_NAT_FLAGS = ("random", "fully-random", "persistent", "netmap")
_EXISTS = ("exists", "missing", True, False, "0", "1")
"""Whether there is a route; numbers are what `nft -n` prints."""
_ADDRESS: Types = ("address",)
_PORT: Types = ("inet_service",)
_BOTH: Types = ("address", "inet_service")


def statement(tree: Tree, family: str) -> Tree:
    """Write one statement of a rule in a table of this family."""
    name, inner = single(tree)
    writer = _STATEMENTS.get(name)
    try:
        if writer is not None:
            return {name: writer(inner, family)}
        return {name: counted(name, inner)} if name in _COUNTED else tree
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError):
        return {NOT_UNDERSTOOD: json.dumps(tree)}


def _object(inner: Tree) -> Inner:
    if not isinstance(inner, dict):
        raise TypeError
    return inner


def _match(inner: Tree, family: str) -> Tree:
    found = _object(inner)
    asked = _with_family(expression(found["left"]), found["right"], family)
    kinds = of(asked)
    name, looked = single(asked)
    if name == "fib" and found["right"] in _EXISTS and isinstance(looked, dict) \
            and looked.get("result") in ("oif", "oifname", "check"):
        kinds = ("boolean",)
        if looked.get("result") == "check":
            asked = {"fib": {**looked, "result": "oif"}}
    wanted = expression(found["right"], kinds)
    op = _operator(found.get("op", ""), asked, kinds, wanted)
    bits = _bits_asked(asked, kinds) if wanted == 0 and op in ("==", "!=") else None
    return bits | {"op": "in" if op == "!=" else "!"} if bits else {"op": op, "left": asked, "right": wanted}


def _operator(given: Tree, asked: Tree, kinds: Types, wanted: Tree) -> Tree:
    """A bare value of a type of bits asks whether one of them is set."""
    plain = isinstance(wanted, str | int | list) and not (isinstance(wanted, str) and wanted[:1] == "@")
    if given == JOINED:
        return JOINED if kinds[0] in BITS and isinstance(wanted, list) else "=="
    if given:
        return "==" if given == "in" and not plain else given
    return "in" if plain and kinds[0] in BITS and single(asked)[0] != "&" else "=="


def _bits_asked(asked: Tree, kinds: Types) -> dict[str, Tree] | None:
    """`tcp flags & (syn | ack) == 0` asks for bits as `tcp flags ! syn,ack` does."""
    sign, operands = single(asked)
    if sign != "&" or kinds[0] not in BITS or len(both := listed(operands)) != 2:
        return None
    return {"left": both[0], "right": both[1]}


def _with_family(asked: Tree, wanted: Tree, family: str) -> Tree:
    """An address of a connection or a route, whose family old versions leave to the table."""
    name, inner = single(asked)
    if not isinstance(inner, dict):
        return asked
    key = inner.get("key")
    kind = family if family in ("ip", "ip6") else "ip6" if ":" in str(wanted) else "ip"
    if name == "ct" and key in ("saddr", "daddr") and "dir" in inner:
        return {"ct": {**inner, "key": f"{kind} {key}"}}
    if name == "rt" and key == "nexthop" and "family" not in inner:
        return {"rt": {**inner, "family": kind}}
    return asked


def _vmap(inner: Tree, family: str) -> Tree:
    found = _object(inner)
    key = expression(found["key"])
    name, members = single(found["data"])
    data = found["data"] if name != "set" else {"set": [member(each, of(key)) for each in listed(members)]}
    return {"key": key, "data": data}


def _mangle(inner: Tree, family: str) -> Tree:
    found = _object(inner)
    key = expression(found["key"])
    return {"key": key, "value": expression(found["value"], of(key))}


def _nat(inner: Tree, family: str) -> Tree:
    if inner is None:
        return None
    given = _object(inner)
    found: dict[str, Tree] = {}
    if "family" in given:
        found["family"] = given["family"]
    if given.get("addr") is not None:
        found["addr"] = _target(given["addr"])
    if given.get("port") is not None:
        found["port"] = expression(given["port"], _PORT)
    flags = set(map(str, listed(given.get("flags", []))))
    kinds = listed(given.get("type_flags", []))
    if "prefix" in kinds:
        flags.add("netmap")
    if flags:
        found["flags"] = [flag for flag in _NAT_FLAGS if flag in flags] + sorted(flags.difference(_NAT_FLAGS))
    if "prefix" in kinds:
        found["type_flags"] = ["prefix"]
    return found or None


def _target(tree: Tree) -> Tree:
    if single(tree)[0] in ("concat", "map"):
        return _plain_data(expression(tree, _BOTH))
    return expression(tree, _ADDRESS)


def _plain_data(tree: Tree) -> Tree:
    """A map to addresses, or to addresses with ports."""
    name, inner = single(tree)
    if name != "map" or not isinstance(inner, dict):
        return tree
    label, members = single(inner["data"])
    if label != "set":
        return tree
    pairs: list[Tree] = []
    for pair in listed(members):
        key, value = listed(pair)
        pairs.append([key, expression(value, _BOTH if single(value)[0] == "concat" else _ADDRESS)])
    return {"map": {**inner, "data": {"set": pairs}}}


def _tproxy(inner: Tree, family: str) -> Tree:
    return _nat(inner, family) or {}


def _log(inner: Tree, family: str) -> Tree:
    if inner is None:
        return None
    found = dict(_object(inner))
    if found.get("level") in ("warn", "warning"):
        del found["level"]
    if "flags" in found:
        flags = listed(found["flags"])
        every = "all" in flags or all(flag in flags for flag in _LOG_FLAGS)
        found["flags"] = ["all"] if every else [flag for flag in _LOG_FLAGS if flag in flags]
        if not flags:
            del found["flags"]
    return found or None


def _reject(inner: Tree, family: str) -> Tree:
    if inner is None or inner == {}:
        return {"type": _DEFAULT_REJECT.get(family, "icmpx"), "expr": "port-unreachable"}
    found = dict(_object(inner))
    code = number(str(found.get("expr")))
    names = PRINTED.get(f"{found.get('type')}_code")
    if code is not None and names:
        found["expr"] = names.get(code, code)
    return found


def _queue(inner: Tree, family: str) -> Tree:
    found = dict(_object(inner or {}))
    found["num"] = expression(found.get("num", 0), ("integer",))
    flags = listed(found.pop("flags", []))
    if flags:
        found["flags"] = [flag for flag in ("bypass", "fanout") if flag in flags]
    return found


def _synproxy(inner: Tree, family: str) -> Tree:
    if not isinstance(inner, dict):
        return inner
    if "map" in inner:
        return _given(inner, family)
    found = dict(inner)
    flags = listed(found.pop("flags", []))
    if flags:
        found["flags"] = [flag for flag in ("timestamp", "sack-perm") if flag in flags]
    return found or None


def _set(inner: Tree, family: str) -> Tree:
    found = dict(_object(inner))
    found["elem"] = expression(found["elem"])
    if "data" in found:
        found["data"] = expression(found["data"])
    return _with_counted(found, family)


def _with_counted(found: dict[str, Tree], family: str) -> Tree:
    if "stmt" in found:
        counting = [statement(each, family) for each in listed(found.pop("stmt"))]
        if counting:
            found["stmt"] = counting
    return found


def _meter(inner: Tree, family: str) -> Tree:
    found = dict(_object(inner))
    found["key"] = expression(found["key"])
    found["stmt"] = statement(found["stmt"], family)
    return found


def _given(inner: Tree, family: str) -> Tree:
    """A name, or a map of names."""
    return expression(inner, ("string",)) if isinstance(inner, dict) and "map" in inner else inner


def _counter(inner: Tree, family: str) -> Tree:
    return _given(inner, family)


def _limit(inner: Tree, family: str) -> Tree:
    return _given(inner, family) if isinstance(inner, dict) and "map" in inner else counted("limit", inner)


def _quota(inner: Tree, family: str) -> Tree:
    return _given(inner, family) if isinstance(inner, dict) and "map" in inner else counted("quota", inner)


def _fields(inner: Tree, family: str) -> Tree:
    return {key: expression(value, ("ifname",) if key == "dev" else _ADDRESS) if key in ("addr", "dev")
            else value for key, value in _object(inner).items()}


def _option(inner: Tree, family: str) -> Tree:
    return expression(inner)


_COUNTED = frozenset(("ct count", "last"))
_STATEMENTS: Mapping[str, Callable[[Tree, str], Tree]] = {
    "match": _match, "vmap": _vmap, "mangle": _mangle, "snat": _nat, "dnat": _nat, "masquerade": _nat,
    "redirect": _nat, "tproxy": _tproxy, "log": _log, "reject": _reject, "queue": _queue,
    "synproxy": _synproxy, "set": _set, "map": _set, "meter": _meter, "counter": _counter, "limit": _limit,
    "quota": _quota, "ct helper": _given, "ct timeout": _given, "ct expectation": _given, "secmark": _given,
    "dup": _fields, "fwd": _fields, "reset": _option}
