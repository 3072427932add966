"""The keys of statements and expressions in libnftables-json(5): another one may change what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.nftables.ruleset import Tree, walk

_NAT = frozenset({"addr", "family", "port", "flags", "type_flags"})
_KEYS: Mapping[str, frozenset[str]] = {name: frozenset(keys.split()) for name, keys in {
    "match": "op left right", "payload": "protocol field base offset len", "prefix": "addr len",
    "exthdr": "name field offset", "tcp option": "name field base offset len", "ip option": "name field",
    "sctp chunk": "name field", "dccp option": "type", "meta": "key", "rt": "key family",
    "ct": "key dir family", "numgen": "mode mod offset", "jhash": "mod offset expr seed",
    "symhash": "mod offset", "fib": "result flags", "socket": "key", "osf": "key ttl",
    "ipsec": "key dir spnum family", "map": "key data op elem map stmt", "set": "op elem set stmt",
    "vmap": "key data", "mangle": "key value", "jump": "target", "goto": "target", "reject": "type expr",
    "queue": "num flags"}.items()} | dict.fromkeys(("snat", "dnat", "masquerade", "redirect"), _NAT)
_VERDICTS = frozenset({"accept", "drop", "continue", "return", "notrack"})
_OF_LISTS = frozenset({"concat", "range", "set", "|", "&", "^", "<<", ">>"})
OF_RULES = frozenset({"family", "table", "chain", "expr", "handle", "index", "comment"})
"""The keys of a rule."""
OF_CHAINS = frozenset({"family", "table", "name", "newname", "handle", "type", "hook", "prio", "priority",
                       "policy", "dev", "flags", "comment"})
"""Those of a chain."""
OF_SETS = frozenset({"family", "table", "name", "handle", "type", "map", "policy", "flags", "elem", "timeout",
                     "gc-interval", "size", "count", "stmt", "comment", "auto-merge"})
"""Those of a set, a map or a meter."""


def all_known(tree: Tree) -> bool:
    """Whether every key in a statement or an element is one of its kind."""
    return not any(isinstance(each, dict) and any(_is_odd(each, name) for name in each)
                   for each in walk(tree))


def _is_odd(tree: Mapping[str, Tree], name: str) -> bool:
    inner = tree[name]
    if name in _VERDICTS:
        return inner is not None or len(tree) > 1
    if isinstance(inner, Mapping) and name in _KEYS:
        return len(tree) > 1 or not inner.keys() <= _KEYS[name]
    return isinstance(inner, list) and name in _OF_LISTS and len(tree) > 1
