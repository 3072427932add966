"""What is asked of a packet, and values of all types, as nft writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import EITHER, Tree
from aclproof.parsers.nftables.text.datatypes import UNKNOWN, Types, of
from aclproof.parsers.nftables.text.normal import is_list, listed, single

Inner = Mapping[str, Tree]

_QUOTED = frozenset("ifname iface_index string day hour time devgroup realm uid gid ct_label".split())
"""Types whose words are written in quotes."""
_HEXADECIMAL = {"mark": 8, "ether_type": 4, "iface_type": 4, "dscp": 2, "ct_state": 1,
                "ct_status": 1, "tcp_flag": 1, "ct_event": 1, "bitmask": 1, "raw": 1}
"""Digits of numbers that are written so."""
_LEVELS = {"<<": 1, ">>": 1, "&": 2, "^": 3, "|": 4}
_BARE = frozenset(("iif", "oif", "iifname", "oifname", "iifgroup", "oifgroup"))
_SECONDS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_NO_CONTROLS = dict.fromkeys([*range(32), 127], "?")


def quoted(word: Tree) -> str:
    """Write a word in quotes, without anything that a terminal obeys."""
    text = str(word).translate(_NO_CONTROLS).replace('"', "'")
    return f'"{text}"'


def value(tree: Tree, kinds: Types) -> str:
    """Write a value of these types."""
    if isinstance(tree, str | int):
        return _scalar(tree, kinds[0] if len(kinds) == 1 else "")
    if is_list(tree):
        return ",".join(value(each, kinds) for each in listed(tree))
    name, inner = single(tree)
    writer = _VALUES.get(name)
    return writer(inner, kinds) if writer else asked(tree, kinds)


def _scalar(word: str | int | bool, kind: str) -> str:
    if isinstance(word, bool):
        return "exists" if word else "missing"
    if isinstance(word, int):
        if kind == "ct_time":
            return time(word)
        return f"0x{word:0{_HEXADECIMAL[kind]}x}" if kind in _HEXADECIMAL else str(word)
    if word[:1] == "@" or word == "*":
        return word
    if kind == "iface_index" and word.isdecimal():
        return word
    return quoted(word) if kind in _QUOTED else word.translate(_NO_CONTROLS)


def time(seconds: int) -> str:
    """Write a time as nft does: `1d2h3m4s`."""
    words = []
    for unit, length in _SECONDS:
        count, seconds = divmod(seconds, length)
        if count:
            words.append(f"{count}{unit}")
    return "".join(words) or "0s"


def _range(inner: Tree, kinds: Types) -> str:
    low, high = listed(inner)
    if kinds == ("ct_time",):
        return f"{low}s-{high}s"
    return f"{value(low, kinds)}-{value(high, kinds)}"


def _prefix(inner: Tree, kinds: Types) -> str:
    assert isinstance(inner, Mapping)
    return f"{value(inner.get(EITHER, inner['addr']), kinds)}/{inner['len']}"


def _concat(inner: Tree, kinds: Types) -> str:
    parts = listed(inner)
    if len(kinds) != len(parts):
        return " . ".join(value(part, UNKNOWN) for part in parts)
    return " . ".join(value(part, (kind,)) for part, kind in zip(parts, kinds, strict=True))


def _set(inner: Tree, kinds: Types) -> str:
    return f"{{ {', '.join(member(each, kinds) for each in listed(inner))} }}"


def data(tree: Tree, kinds: Types, gives: Types = UNKNOWN) -> str:
    """Write the data of a map whose keys have these types: its name, or its pairs."""
    name, inner = single(tree)
    if name != "set":
        return str(tree)
    return f"{{ {', '.join(member(each, kinds, gives) for each in listed(inner))} }}"


def member(tree: Tree, kinds: Types, gives: Types = UNKNOWN) -> str:
    """Write an element of a set, or a pair of a map."""
    if is_list(tree):
        key, given = listed(tree)
        return f"{member(key, kinds)} : {verdict(given) or value(given, gives)}"
    name, inner = single(tree)
    return _element(inner, kinds) if name == "elem" else value(tree, kinds)


def verdict(tree: Tree) -> str:
    """Write a verdict; nothing for anything else."""
    name, inner = single(tree)
    if name in ("jump", "goto") and isinstance(inner, Mapping):
        return f"{name} {inner['target']}"
    return name if inner is None else ""


def _element(inner: Tree, kinds: Types) -> str:
    from aclproof.parsers.nftables.text.spell import statement

    assert isinstance(inner, Mapping)
    words = [asked(inner["val"], kinds)]
    for name in ("timeout", "expires"):
        if name in inner:
            given = inner[name]
            words.append(f"{name} {time(given) if isinstance(given, int) else given}")
    words += [statement({name: tree}) for name, tree in inner.items()
              if name not in ("val", "timeout", "expires", "comment")]
    if "comment" in inner:
        words.append(f"comment {quoted(inner['comment'])}")
    return " ".join(words)


def asked(tree: Tree, kinds: Types = UNKNOWN) -> str:
    """Write what is asked of a packet; values in it have these types where nothing says more."""
    name, inner = single(tree)
    if name in _LEVELS:
        return _operation(name, listed(inner), kinds)
    writer = _ASKED.get(name)
    if writer is not None and isinstance(inner, Mapping):
        return writer(inner)
    if name == "concat":
        return " . ".join(asked(each) for each in listed(inner))
    if name == "map" and isinstance(inner, Mapping):
        return f"{asked(inner['key'])} map {data(inner['data'], of(inner['key']), kinds)}"
    if name == "elem":
        return _element(inner, kinds)
    if tree is None or isinstance(tree, str | int) or name in _VALUES or is_list(tree):
        return value(tree, kinds) if tree is not None else ""
    return str(tree)


def _operation(sign: str, operands: list[Tree], kinds: Types) -> str:
    own = of({sign: operands})
    shift = sign in ("<<", ">>")
    kinds = ("integer",) if shift else own if own != UNKNOWN else kinds
    words = []
    for operand in operands:
        several = is_list(operand)
        plain = "" if several else _constant(operand, kinds, shift)
        written = _bits(operand, kinds) if several else plain or asked(operand, kinds)
        name, _ = single(operand)
        brackets = _LEVELS[sign] < (_LEVELS["|"] if several else _LEVELS.get(name, 0))
        words.append(f"({written})" if brackets else written)
    return f" {sign} ".join(words)


def _bits(bits: Tree, kinds: Types) -> str:
    return " | ".join(value(bit, kinds) for bit in listed(bits))


def _constant(operand: Tree, kinds: Types, shift: bool) -> str:
    """A number among operands; where nothing else is known, to base 16."""
    plain = isinstance(operand, int) and not isinstance(operand, bool) and kinds[0] not in _HEXADECIMAL
    return f"0x{operand:x}" if plain and not shift else ""


def _payload(inner: Inner) -> str:
    if "base" in inner:
        return f"@{inner['base']},{inner['offset']},{inner['len']}"
    tunnel = f"{inner['tunnel']} " if "tunnel" in inner and inner["tunnel"] != inner["protocol"] else ""
    field = "param-problem" if inner["field"] == "parameter-problem" else inner["field"]
    return f"{tunnel}{inner['protocol']} {field}"


def _meta(inner: Inner) -> str:
    return str(inner["key"]) if inner["key"] in _BARE else f"meta {inner['key']}"


def _ct(inner: Inner) -> str:
    return f"ct {inner['dir']} {inner['key']}" if "dir" in inner else f"ct {inner['key']}"


def _extension(inner: Inner) -> str:
    return f"{inner['name']} {inner['field']}" if "field" in inner else f"exthdr {inner['name']}"


def _option(protocol: str) -> Callable[[Inner], str]:
    def option(inner: Inner) -> str:
        if inner.get("len") == 0:  # the whole option
            return f"{protocol} {inner['base']}"
        if "base" in inner:
            return f"{protocol} @{inner['base']},{inner['offset']},{inner['len']}"
        return f"{protocol} {inner['name']} {inner['field']}" if "field" in inner else \
            f"{protocol} {inner['name']}"
    return option


def _fib(inner: Inner) -> str:
    return f"fib {' . '.join(map(str, listed(inner.get('flags', []))))} {inner['result']}"


def _numgen(inner: Inner) -> str:
    offset = f" offset {inner['offset']}" if inner.get("offset") else ""
    return f"numgen {inner['mode']} mod {inner['mod']}{offset}"


def _hash(inner: Inner) -> str:
    seed = f" seed 0x{inner['seed']:x}" if isinstance(inner.get("seed"), int) else ""
    offset = f" offset {inner['offset']}" if inner.get("offset") else ""
    return f"mod {inner['mod']}{seed}{offset}"


def _osf(inner: Inner) -> str:
    ttl = f"ttl {inner['ttl']} " if "ttl" in inner else ""
    return f"osf {ttl}{inner['key']}"


def _ipsec(inner: Inner) -> str:
    number = f" spnum {inner['spnum']}" if inner.get("spnum") else ""
    family = f" {inner['family']}" if "family" in inner else ""
    return f"ipsec {inner['dir']}{number}{family} {inner['key']}"


def _rt(inner: Inner) -> str:
    return f"rt {inner['family']} {inner['key']}" if "family" in inner else f"rt {inner['key']}"


_VALUES: Mapping[str, Callable[[Tree, Types], str]] = {
    "range": _range, "prefix": _prefix, "concat": _concat, "set": _set}
_ASKED: Mapping[str, Callable[[Inner], str]] = {
    "payload": _payload, "meta": _meta, "ct": _ct, "exthdr": _extension, "tcp option": _option("tcp option"),
    "ip option": _option("ip option"), "sctp chunk": _option("sctp chunk"),
    "dccp option": lambda inner: f"dccp option {inner['type']}", "fib": _fib, "numgen": _numgen,
    "jhash": lambda inner: f"jhash {asked(inner['expr'])} {_hash(inner)}",
    "symhash": lambda inner: f"symhash {_hash(inner)}", "osf": _osf, "ipsec": _ipsec, "rt": _rt,
    "socket": lambda inner: f"socket {inner['key']}", "tunnel": lambda inner: f"tunnel {inner['key']}"}
