"""Rules as nft writes them, from their trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aclproof.parsers.nftables.ruleset import JOINED, UNKNOWN, Tree
from aclproof.parsers.nftables.text.datatypes import Types, of
from aclproof.parsers.nftables.text.normal import is_list, listed, single
from aclproof.parsers.nftables.text.spell_values import asked, data, quoted, value
from aclproof.parsers.nftables.text.stateful import PACKETS_AT_ONCE
from aclproof.parsers.nftables.text.symbols import BITS

Inner = Mapping[str, Tree]

_ADDRESS: Types = ("address",)
_PORT: Types = ("inet_service",)
_DEFAULT_REJECT = {("ip", "icmp"), ("ip6", "icmpv6")}
"""Families of tables whose rules say only `reject` for these."""


def rule(statements: Sequence[Tree], family: str = "", comment: str = "") -> str:
    """Write the statements of a rule, in a table of this family."""
    words = [statement(each, family) for each in statements]
    if comment:
        words.append(f"comment {quoted(comment)}")
    return " ".join(words)


def expression(tree: Tree) -> str:
    """Write what is asked of a packet, or a value."""
    return asked(tree)


def statement(tree: Tree, family: str = "") -> str:
    """Write one statement; what has no form of its own is written as its tree."""
    name, inner = single(tree)
    writer = _WRITERS.get(name)
    try:
        if writer is not None:
            return writer(inner, family)
        return _plain(name, inner)
    except (KeyError, TypeError, ValueError, AttributeError):
        return str(tree)


def _plain(name: str, inner: Tree) -> str:
    if inner is None and name:
        return name
    raise ValueError


def _object(inner: Tree) -> Inner:
    if not isinstance(inner, Mapping):
        raise TypeError
    return inner


def _match(inner: Tree, family: str) -> str:
    found = _object(inner)
    left, right, op = found["left"], found["right"], str(found.get("op", "=="))
    kinds = of(left)
    name, _ = single(left)
    if name == "fib" and isinstance(right, bool):
        kinds = ("boolean",)
    sign, operands = single(left)
    if sign == "&" and kinds[0] in BITS and op in ("==", "!=") and not isinstance(right, Mapping) \
            and is_list(mask := listed(operands)[-1]):
        field = listed(operands)[0]
        given = value(right, kinds) if op == "==" else f"!= {value(right, kinds)}"
        return f"{asked(field)} {given} / {value(mask, kinds)}"
    if op == JOINED:
        return f"{asked(left)} {' | '.join(value(bit, kinds) for bit in listed(right))}"
    if op == "in" or (op == "==" and not _said(left, right, kinds)):
        return f"{asked(left)} {value(right, kinds)}"
    if is_list(right) and op in ("==", "!="):
        return f"{asked(left)} {op} {' | '.join(value(bit, kinds) for bit in listed(right))}"
    return f"{asked(left)} {op} {value(right, kinds)}"


def _said(left: Tree, right: Tree, kinds: Types) -> bool:
    """Whether `==` has to be written."""
    scalar = isinstance(right, str | int) and not str(right).startswith("@")
    return (kinds[0] in BITS and (scalar or is_list(right))) or single(left)[0] in ("&", "|", "^", "<<", ">>")


def _vmap(inner: Tree, family: str) -> str:
    found = _object(inner)
    return f"{asked(found['key'])} vmap {data(found['data'], of(found['key']))}"


def _mangle(inner: Tree, family: str) -> str:
    found = _object(inner)
    return f"{asked(found['key'])} set {value(found['value'], of(found['key']))}"


def _jump(name: str) -> Callable[[Tree, str], str]:
    return lambda inner, family: f"{name} {_object(inner)['target']}"


def _counter(inner: Tree, family: str) -> str:
    if inner is None:
        return "counter"
    if isinstance(inner, Mapping) and "packets" in inner:
        return f"counter packets {inner['packets']} bytes {inner['bytes']}"
    return f"counter name {_named(inner)}"


def _named(inner: Tree) -> str:
    return quoted(inner) if isinstance(inner, str) else value(inner, ("string",))


def _limit(inner: Tree, family: str) -> str:
    if not isinstance(inner, Mapping) or "rate" not in inner:
        return f"limit name {_named(inner)}"
    over = "over " if inner.get("inv") else ""
    unit, burst = inner.get("rate_unit"), inner.get("burst", PACKETS_AT_ONCE)
    rate = f"{inner['rate']} {unit}" if unit else inner["rate"]
    written = f"limit rate {over}{rate}/{inner['per']}"
    if burst and (unit or burst != PACKETS_AT_ONCE):
        written += f" burst {burst} {inner.get('burst_unit', 'packets')}"
    return written


def _quota(inner: Tree, family: str) -> str:
    if not isinstance(inner, Mapping) or "val" not in inner:
        return f"quota name {_named(inner)}"
    over = "over " if inner.get("inv") else ""
    used = f" used {inner['used']} {inner['used_unit']}" if "used" in inner else ""
    return f"quota {over}{inner['val']} {inner['val_unit']}{used}"


def _count(inner: Tree, family: str) -> str:
    found = _object(inner)
    return f"ct count {'over ' if found.get('inv') else ''}{found['val']}"


def _log(inner: Tree, family: str) -> str:
    found = _object(inner or {})
    words = ["log"]
    if "prefix" in found:
        words.append(f"prefix {quoted(found['prefix'])}")
    words += [f"{name} {found[name]}" for name in ("group", "snaplen", "queue-threshold", "level")
              if name in found]
    flags = [str(flag) for flag in listed(found.get("flags", []))]
    tcp = [flag.removeprefix("tcp ") for flag in flags if flag.startswith("tcp ")]
    words += [f"flags tcp {','.join(tcp)}"] if tcp else []
    words += [f"flags {flag}" for flag in flags if not flag.startswith("tcp ")]
    return " ".join(words)


def _reject(inner: Tree, family: str) -> str:
    if inner is None:
        return "reject"
    found = _object(inner)
    kind, code = found.get("type"), found.get("expr")
    usual = kind == "icmpx" or (family, kind) in _DEFAULT_REJECT
    if code == "port-unreachable" and usual:
        return "reject"
    return f"reject with {kind}" if code is None else f"reject with {kind} {code}"


def _nat(name: str) -> Callable[[Tree, str], str]:
    def nat(inner: Tree, family: str) -> str:
        found = _object(inner or {})
        words = [name]
        if "family" in found:
            words.append(str(found["family"]))
        prefix = "prefix" in listed(found.get("type_flags", []))
        if prefix:
            words.append("prefix")
        if "addr" in found or "port" in found:
            words.append(f"to {_target(found)}")
        words += _flags(found, () if not prefix else ("netmap",))
        return " ".join(words)
    return nat


def _flags(found: Inner, without: Sequence[str] = ()) -> list[str]:
    flags = [str(flag) for flag in listed(found.get("flags", [])) if flag not in without]
    return [",".join(flags)] if flags else []


def _target(found: Inner, *, always: bool = False) -> str:
    """An address with a port; IPv6 stands in brackets then, or `always`."""
    address = value(found["addr"], _ADDRESS) if "addr" in found else ""
    if "port" not in found and not always:
        return address
    if ":" in address and single(found["addr"])[0] != "map":
        low, dash, high = address.partition("-")
        address = f"[{low}]-[{high}]" if dash else f"[{address}]"
    return f"{address}:{value(found['port'], _PORT)}" if "port" in found else address


def _change(inner: Tree, family: str) -> str:
    found = _object(inner)
    words = [asked(found["elem"])]
    words += [statement(each, family) for each in listed(found.get("stmt", []))]
    if "data" in found:
        words.append(f": {asked(found['data'])}")
    return f"{found['op']} {found.get('set') or found['map']} {{ {' '.join(words)} }}"


def _meter(inner: Tree, family: str) -> str:
    found = _object(inner)
    return (f"meter {found.get('name', '')} size {found['size']} {{ {asked(found['key'])} "
            f"{statement(found['stmt'], family)} }}")


def _queue(inner: Tree, family: str) -> str:
    found = _object(inner or {"num": 0})
    flags = _flags(found)
    return " ".join(["queue", *([f"flags {flags[0]}"] if flags else []),
                     f"to {value(found['num'], ('integer',))}"])


def _synproxy(inner: Tree, family: str) -> str:
    if isinstance(inner, str) or (isinstance(inner, Mapping) and "map" in inner):
        return f"synproxy name {_named(inner)}"
    found = _object(inner or {})
    words = [f"{name} {found[name]}" for name in ("mss", "wscale") if name in found]
    return " ".join(["synproxy", *words, *map(str, listed(found.get("flags", [])))])


def _connection_object(name: str) -> Callable[[Tree, str], str]:
    return lambda inner, family: f"{name} set {_named(inner)}"


def _flow(inner: Tree, family: str) -> str:
    return f"flow add {_object(inner)['flowtable']}"


def _tproxy(inner: Tree, family: str) -> str:
    found = _object(inner)
    kind = f"{found['family']} " if "family" in found else ""
    return f"tproxy {kind}to {_target(found, always=True)}"


def _dup(inner: Tree, family: str) -> str:
    found = _object(inner)
    device = f" device {value(found['dev'], ('ifname',))}" if "dev" in found else ""
    kinds = ("ifname",) if family == "netdev" else _ADDRESS
    return f"dup to {value(found['addr'], kinds)}{device}"


def _fwd(inner: Tree, family: str) -> str:
    found = _object(inner)
    device = value(found["dev"], ("ifname",))
    if "addr" not in found:
        return f"fwd to {device}"
    return f"fwd {found['family']} to {value(found['addr'], _ADDRESS)} device {device}"


def _xt(inner: Tree, family: str) -> str:
    found = _object(inner)
    return f"xt {found.get('type')} {quoted(found.get('name'))}"


_WRITERS: Mapping[str, Callable[[Tree, str], str]] = {
    "match": _match, "vmap": _vmap, "mangle": _mangle, "jump": _jump("jump"), "goto": _jump("goto"),
    "counter": _counter, "limit": _limit, "quota": _quota, "ct count": _count, "log": _log,
    "reject": _reject, **{name: _nat(name) for name in ("snat", "dnat", "masquerade", "redirect")},
    "set": _change, "map": _change, "meter": _meter, "queue": _queue, "synproxy": _synproxy,
    **{name: _connection_object(name) for name in ("ct helper", "ct timeout", "ct expectation")},
    "secmark": _connection_object("meta secmark"), "flow": _flow, "tproxy": _tproxy, "dup": _dup,
    "fwd": _fwd, "xt": _xt, "reset": lambda inner, family: f"reset {asked(inner)}",
    "tunnel": lambda inner, family: f"tunnel name {_named(inner)}",
    UNKNOWN: lambda inner, family: str(inner)}
