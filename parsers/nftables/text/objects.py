"""The grammar of stateful objects and of flow tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import NftObject, NftTable, Tree
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens, unquoted
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here, number_here
from aclproof.parsers.nftables.text.stateful import quota, rate
from aclproof.parsers.nftables.text.statements import synproxy
from aclproof.reason import Reason

OBJECTS = frozenset("counter quota limit secmark synproxy tunnel".split())


def object_kind(tokens: Tokens) -> str:
    """Read the kind of an object: one word, or two such as `ct helper`."""
    word = tokens.next()
    return f"ct {tokens.next()}" if word == "ct" else word


def add_object(reading: Reading, table: NftTable, kind: str) -> None:
    """Read an object from its name on."""
    tokens = reading.tokens
    at = tokens.line
    name = name_here(tokens)
    found: dict[str, Tree] = {}
    if not tokens.accept("{"):
        found |= _config(tokens, kind)
        table.objects[kind, name] = NftObject(at, found)
        return
    while reading.more():
        line = tokens.line
        try:
            if tokens.accept("comment"):
                name_here(tokens)
            else:
                found |= _config(tokens, kind)
            if not tokens.ended():
                raise GrammarError(Reason("'{word}' is not known here", word=tokens.word))
        except GrammarError as error:
            reading.unread(line, str(error))
            tokens.rest()
    table.objects[kind, name] = NftObject(at, found)


def _config(tokens: Tokens, kind: str) -> dict[str, Tree]:
    reader = _CONFIGS.get(kind)
    if reader is not None:
        return {} if tokens.ended() else reader(tokens)
    return _words(tokens)


def _counter(tokens: Tokens) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    while tokens.word in ("packets", "bytes"):
        key = tokens.next()
        found[key] = number_here(tokens)
    return found


def _limit(tokens: Tokens) -> dict[str, Tree]:
    tokens.accept("rate")
    return rate(tokens)


def _secmark(tokens: Tokens) -> dict[str, Tree]:
    return {"context": unquoted(tokens.next())}


_CONFIGS: Mapping[str, Callable[[Tokens], dict[str, Tree]]] = {
    "counter": _counter, "quota": quota, "limit": _limit, "secmark": _secmark, "synproxy": synproxy}


def _words(tokens: Tokens) -> dict[str, Tree]:
    """Read `type "ftp" protocol tcp` and the like; what decides no packet keeps its words."""
    found: dict[str, Tree] = {}
    while not tokens.ended():
        key = tokens.next()
        if tokens.word in ("=", "{"):
            found[key] = tokens.rest()
        elif not tokens.ended():
            found[key] = unquoted(tokens.next())
    return found


def flowtable(reading: Reading, table: NftTable) -> None:
    """Read a flow table from its name on."""
    from aclproof.parsers.nftables.text.blocks import devices, priority

    tokens = reading.tokens
    line = tokens.line
    name = name_here(tokens)
    found: dict[str, Tree] = {}
    tokens.expect("{")
    while reading.more():
        word = tokens.next()
        if word == "hook":
            found["hook"] = name_here(tokens)
            if tokens.accept("priority"):
                found["prio"] = priority(tokens, table.family)
        elif word == "devices":
            tokens.accept("=")
            found["dev"] = list(devices(tokens))
        elif word == "flags":
            found["flags"] = tokens.rest()
        elif word != "counter":
            tokens.rest()
    table.objects["flowtable", name] = NftObject(line, found)
