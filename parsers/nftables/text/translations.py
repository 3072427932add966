"""The grammar of statements that send packets elsewhere: NAT, `tproxy`, `dup`, `fwd`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import expressions
from aclproof.parsers.nftables.text.lexer import Tokens

_FLAGS = frozenset(("random", "fully-random", "persistent"))


def _nat(tokens: Tokens) -> Tree:
    kind = tokens.next()
    found: dict[str, Tree] = {}
    flags: list[Tree] = []
    if tokens.word in ("ip", "ip6") and tokens.following in ("to", "addr", "prefix", "interval"):
        found["family"] = tokens.next()
    if tokens.accept("addr"):  # `dnat ip addr . port to`
        tokens.expect(".")
        tokens.expect("port")
    elif tokens.accept("prefix"):
        found["type_flags"] = ["prefix"]
        flags.append("netmap")
    else:
        tokens.accept("interval")
    tokens.accept("to")
    if tokens.word != ":":
        found["addr"] = expressions.given(tokens)
    if tokens.accept(":"):
        found["port"] = expressions.given(tokens)
    return {kind: _with_flags(tokens, found, flags)}


def _with_flags(tokens: Tokens, found: dict[str, Tree], flags: list[Tree]) -> Tree:
    while tokens.word in _FLAGS:
        flags.append(tokens.next())
        tokens.accept(",")
    if flags:
        found["flags"] = flags
    return found or None


def _to_itself(tokens: Tokens) -> Tree:
    """`masquerade` and `redirect`, of which only ports may be given."""
    kind = tokens.next()
    found: dict[str, Tree] = {}
    if tokens.accept("to"):
        tokens.accept(":")
        found["port"] = expressions.given(tokens)
    return {kind: _with_flags(tokens, found, [])}


def _tproxy(tokens: Tokens) -> Tree:
    tokens.at += 1
    found: dict[str, Tree] = {}
    if tokens.word in ("ip", "ip6") and tokens.following == "to":
        found["family"] = tokens.next()
    tokens.expect("to")
    if tokens.word != ":":
        found["addr"] = expressions.given(tokens)
    if tokens.accept(":"):
        found["port"] = expressions.given(tokens)
    return {"tproxy": found}


def _dup(tokens: Tokens) -> Tree:
    tokens.at += 1
    tokens.expect("to")
    found = {"addr": expressions.given(tokens)}
    if tokens.accept("device"):
        found["dev"] = expressions.given(tokens)
    return {"dup": found}


def _fwd(tokens: Tokens) -> Tree:
    tokens.at += 1
    family = tokens.next() if tokens.word in ("ip", "ip6") else ""
    tokens.expect("to")
    target = expressions.given(tokens)
    if not family:
        return {"fwd": {"dev": target}}
    tokens.expect("device")
    return {"fwd": {"dev": expressions.given(tokens), "family": family, "addr": target}}


READERS: Mapping[str, Callable[[Tokens], Tree]] = {
    "snat": _nat, "dnat": _nat, "masquerade": _to_itself, "redirect": _to_itself, "tproxy": _tproxy,
    "dup": _dup, "fwd": _fwd}
