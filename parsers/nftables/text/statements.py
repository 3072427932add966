"""The grammar of the statements of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import expressions, selectors, translations
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens, unquoted
from aclproof.parsers.nftables.text.selectors import name_here, number_here, reset_option
from aclproof.parsers.nftables.text.stateful import STATEFUL, stateful
from aclproof.reason import Reason

COMPARISONS = {"==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!": "!", "eq": "==",
               "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "not": "!"}
IMPLICIT = ""
"""A comparison without an operator: the type says which one is meant."""

_NAMED = frozenset(("counter", "limit", "quota", "synproxy", "tunnel"))
_LEVELS = frozenset("emerg alert crit err warn notice info debug audit".split())


def begins(word: str) -> bool:
    """Whether a statement begins with this word."""
    return word in _READERS or word in STATEFUL or word == "(" or selectors.begins(word)


def statement(tokens: Tokens) -> Tree:
    """Read one statement; GrammarError says what is not understood of it."""
    word = tokens.word
    if word in _NAMED and tokens.following == "name":
        return _named(tokens)
    reader = _READERS.get(word)
    if reader is not None:
        found = reader(tokens)
        if found is not None:
            return found
    if word in STATEFUL and word != "ct":
        return stateful(tokens)
    return _asked(tokens)


def _asked(tokens: Tokens) -> Tree:
    """A comparison, a verdict map, or a change of what was asked of the packet."""
    word = tokens.word
    asked = expressions.left(tokens)
    if not isinstance(asked, dict):
        raise GrammarError(Reason("'{word}' begins no statement that is known", word=word))
    if tokens.accept("vmap"):
        return {"vmap": {"key": asked, "data": expressions.collection(tokens)}}
    if tokens.accept("set"):
        return {"mangle": {"key": asked, "value": expressions.given(tokens)}}
    if tokens.accept("map"):
        asked = {"map": {"key": asked, "data": expressions.collection(tokens)}}
    operator = COMPARISONS.get(tokens.word)
    if operator is not None:
        tokens.at += 1
    wanted = expressions.right(tokens)
    if tokens.accept("/"):
        asked = {"&": [asked, expressions.mask(tokens)]}
        operator = operator or "=="
    return {"match": {"op": operator or IMPLICIT, "left": asked, "right": wanted}}


def _named(tokens: Tokens) -> Tree:
    kind = tokens.next()
    tokens.at += 1
    return {kind: _object(tokens)}


def _object(tokens: Tokens) -> Tree:
    """The name of a stateful object, or a map of names."""
    return expressions.given(tokens)


def _ct(tokens: Tokens) -> Tree:
    what = tokens.following
    if what == "count":
        return stateful(tokens)
    if what in ("helper", "timeout", "expectation") and tokens.peek(2) == "set":
        tokens.at += 3
        return {f"ct {what}": _object(tokens)}
    return None


def _meta(tokens: Tokens) -> Tree:
    if tokens.following != "secmark" or tokens.peek(2) != "set":
        return None
    at = tokens.at
    tokens.at += 3
    value = expressions.given(tokens)
    if isinstance(value, Mapping) and "ct" in value:
        tokens.at = at
        return None
    return {"secmark": value}


def _verdict(tokens: Tokens) -> Tree:
    return expressions.verdict(tokens)


def _log(tokens: Tokens) -> Tree:
    tokens.at += 1
    found: dict[str, Tree] = {}
    flags: list[Tree] = []
    while True:
        word = tokens.word
        if word == "prefix":
            tokens.at += 1
            found["prefix"] = name_here(tokens)
        elif word in ("group", "snaplen", "queue-threshold"):
            tokens.at += 1
            found[word] = number_here(tokens)
        elif word == "level":
            tokens.at += 1
            found["level"] = _one_of(tokens, _LEVELS)
        elif word == "flags":
            tokens.at += 1
            flags += _log_flags(tokens)
        else:
            break
    if flags:
        found["flags"] = flags
    return {"log": found or None}


def _log_flags(tokens: Tokens) -> list[Tree]:
    word = _one_of(tokens, frozenset(("tcp", "ip", "skuid", "ether", "all")))
    if word == "ip":
        return [f"ip {_one_of(tokens, frozenset(('options',)))}"]
    if word != "tcp":
        return [word]
    flags: list[Tree] = [f"tcp {_one_of(tokens, frozenset(('sequence', 'options')))}"]
    while tokens.accept(","):
        flags.append(f"tcp {_one_of(tokens, frozenset(('sequence', 'options')))}")
    return flags


def _one_of(tokens: Tokens, known: frozenset[str]) -> str:
    word = unquoted(tokens.next())
    if word not in known:
        raise GrammarError(Reason("'{word}' is not known here", word=word))
    return word


def _reject(tokens: Tokens) -> Tree:
    tokens.at += 1
    if not tokens.accept("with"):
        return {"reject": None}
    kind = _one_of(tokens, frozenset(("icmp", "icmpv6", "icmpx", "tcp")))
    if kind == "tcp":
        tokens.expect("reset")
        return {"reject": {"type": "tcp reset"}}
    tokens.accept("type")
    return {"reject": {"type": kind, "expr": name_here(tokens)}}


def _notrack(tokens: Tokens) -> Tree:
    tokens.at += 1
    return {"notrack": None}


def _flow(tokens: Tokens) -> Tree:
    if tokens.following not in ("add", "offload"):
        return _meter(tokens)  # its old spelling
    tokens.at += 2
    tokens.expect("@")
    return {"flow": {"op": "add", "flowtable": f"@{name_here(tokens)}"}}


def _meter(tokens: Tokens) -> Tree:
    tokens.at += 1
    if tokens.word == "table":
        tokens.at += 1
    name = name_here(tokens) if tokens.word != "{" else ""
    size = number_here(tokens) if tokens.accept("size") else 65535
    tokens.expect("{")
    key = _element(tokens)
    counted = stateful(tokens)
    tokens.expect("}")
    found: dict[str, Tree] = {"key": key, "stmt": counted, "size": size}
    return {"meter": found | {"name": name} if name else found}


def _element(tokens: Tokens) -> Tree:
    key = expressions.left(tokens)
    options: dict[str, Tree] = {}
    while tokens.word in ("timeout", "expires", "comment"):
        option = tokens.next()
        options[option] = name_here(tokens)
    return {"elem": {"val": key, **options}} if options else key


def _change(tokens: Tokens) -> Tree:
    """`add @set { key timeout 1h limit rate 5/second : value }`."""
    operation = tokens.next()
    tokens.expect("@")
    name = f"@{name_here(tokens)}"
    tokens.expect("{")
    key = _element(tokens)
    counted = _counted(tokens)
    data = expressions.given(tokens) if tokens.accept(":") else None
    tokens.expect("}")
    if data is not None:
        found: dict[str, Tree] = {"op": operation, "elem": key, "data": data, "map": name}
        return {"map": found | {"stmt": counted} if counted else found}
    found = {"op": operation, "elem": key, "set": name}
    return {"set": found | {"stmt": counted} if counted else found}


def _counted(tokens: Tokens) -> list[Tree]:
    found: list[Tree] = []
    while tokens.word in STATEFUL:
        found.append(stateful(tokens))
    return found


def _set(tokens: Tokens) -> Tree:
    """The old spelling: `set update ip saddr timeout 1m @set`."""
    tokens.at += 1
    operation = _one_of(tokens, frozenset(("add", "update", "delete")))
    key = _element(tokens)
    tokens.expect("@")
    return {"set": {"op": operation, "elem": key, "set": f"@{name_here(tokens)}"}}


def _queue(tokens: Tokens) -> Tree:
    tokens.at += 1
    found: dict[str, Tree] = {}
    flags: list[Tree] = []
    while (word := tokens.word) in ("num", "to", "flags", "bypass", "fanout"):
        tokens.at += 1
        if word in ("num", "to"):
            found["num"] = expressions.given(tokens)
        elif word != "flags":
            flags.append(word)
            tokens.accept(",")
    if flags:
        found["flags"] = flags
    return {"queue": found or None}


def _synproxy(tokens: Tokens) -> Tree:
    tokens.at += 1
    found = synproxy(tokens)
    return {"synproxy": found or None}


def synproxy(tokens: Tokens) -> dict[str, Tree]:
    """Read the options of a proxy for SYN packets."""
    found: dict[str, Tree] = {}
    flags: list[Tree] = []
    while True:
        word = tokens.word
        if word in ("mss", "maxseg", "wscale"):
            tokens.at += 1
            found["wscale" if word == "wscale" else "mss"] = number_here(tokens)
        elif word in ("timestamp", "sack-perm", "sack-permitted"):
            tokens.at += 1
            flags.append("timestamp" if word == "timestamp" else "sack-perm")
        else:
            break
    return found | {"flags": flags} if flags else found


def _reset(tokens: Tokens) -> Tree:
    tokens.at += 1
    tokens.expect("tcp")
    tokens.expect("option")
    return {"reset": {"tcp option": reset_option(tokens)}}


def _xt(tokens: Tokens) -> Tree:
    tokens.at += 1
    kind = name_here(tokens)
    return {"xt": {"type": kind, "name": name_here(tokens)}}


_READERS: Mapping[str, Callable[[Tokens], Tree]] = {
    **dict.fromkeys((*(expressions.VERDICTS - {"queue"}), "jump", "goto"), _verdict),
    "ct": _ct, "meta": _meta, "log": _log, "reject": _reject, "notrack": _notrack, "flow": _flow,
    "meter": _meter, "add": _change, "update": _change, "delete": _change, "set": _set, "queue": _queue,
    "synproxy": _synproxy, "reset": _reset, "xt": _xt, **translations.READERS}
