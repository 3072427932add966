"""The grammar of tables and chains in braces."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from aclproof.parsers.nftables.ruleset import Base, NftChain, NftTable
from aclproof.parsers.nftables.text import editing, sets
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens, unquoted
from aclproof.parsers.nftables.text.objects import OBJECTS, add_object, flowtable, object_kind
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.parsers.nftables.text.symbols import BRIDGE_PRIORITIES, PRIORITIES
from aclproof.parsers.nftables.text.variables import DEFINITIONS, definition
from aclproof.reason import Reason

HOOKS = frozenset("prerouting input forward output postrouting ingress egress".split())


def table_block(reading: Reading, table: NftTable) -> None:
    """Read what is in the braces of a table."""
    reading.tokens.expect("{")
    with reading.scope():
        _table_lines(reading, table)


def _table_lines(reading: Reading, table: NftTable) -> None:
    tokens = reading.tokens
    while reading.more():
        line = tokens.line
        try:
            _in_table(reading, table)
            _end(tokens)
        except GrammarError as error:
            reading.unread(line, Reason("in the table {name}: {reason}", name=table.name, reason=str(error)))
            tokens.rest()


def _end(tokens: Tokens) -> None:
    if not tokens.ended():
        raise GrammarError(Reason("'{word}' is not known here", word=tokens.word))


def _in_table(reading: Reading, table: NftTable) -> None:
    tokens = reading.tokens
    word = tokens.word
    if word in DEFINITIONS:
        definition(reading)
        return
    reader = _IN_TABLE.get(word)
    if word in OBJECTS or (word == "ct" and tokens.following in ("helper", "timeout", "expectation")):
        add_object(reading, table, object_kind(tokens))
    elif reader is not None:
        tokens.at += 1
        reader(reading, table)
    else:
        raise GrammarError(Reason("'{word}' is not known in a table", word=word))


def _flags(reading: Reading, table: NftTable) -> None:
    table.flags |= frozenset(words_with_commas(reading.tokens))


def words_with_commas(tokens: Tokens) -> list[str]:
    """Read `dormant, owner`."""
    found = [name_here(tokens)]
    while tokens.accept(","):
        found.append(name_here(tokens))
    return found


def _comment(reading: Reading, table: NftTable) -> None:
    name_here(reading.tokens)


def _chain(reading: Reading, table: NftTable) -> None:
    line = reading.tokens.line
    name = name_here(reading.tokens)
    if name in table.chains and not reading.form.ruleset.is_file:
        raise GrammarError(Reason("the chain {name} is listed twice; give one list of it", name=name))
    chain = editing.chain(table, name, line)
    chain_block(reading, table, chain)


def _flowtable(reading: Reading, table: NftTable) -> None:
    flowtable(reading, table)


def _set(reading: Reading, table: NftTable) -> None:
    sets.set_block(reading, table)


_IN_TABLE: Mapping[str, Callable[[Reading, NftTable], None]] = {
    "flags": _flags, "comment": _comment, "chain": _chain, "set": _set, "map": _set, "meter": _set,
    "flowtable": _flowtable}


def chain_block(reading: Reading, table: NftTable, chain: NftChain) -> None:
    """Read what is in the braces of a chain."""
    reading.tokens.expect("{")
    with reading.scope():
        _chain_lines(reading, table, chain)


def _chain_lines(reading: Reading, table: NftTable, chain: NftChain) -> None:
    tokens = reading.tokens
    while reading.more():
        line = tokens.line
        try:
            if not _binding(reading, table, chain):
                chain.rules.append(reading.rule(table, line))
        except GrammarError as error:
            reading.unread(line, Reason("in the chain {name}: {reason}", name=chain.name, reason=str(error)))
            tokens.rest()


def _binding(reading: Reading, table: NftTable, chain: NftChain) -> bool:
    """Read how a chain is bound; False where a rule stands instead."""
    tokens = reading.tokens
    word = tokens.word
    if word == "type" and tokens.peek(2) == "hook":
        _hook(tokens, table, chain)
    elif word == "policy":
        line = tokens.line
        tokens.at += 1
        editing.set_policy(chain, _policy(tokens), line)
    elif word in ("devices", "device"):
        tokens.at += 1
        tokens.accept("=")
        chain.base = replace(chain.base or Base("filter", "", None), devices=devices(tokens))
    elif word == "flags":
        tokens.at += 1
        words_with_commas(tokens)
    elif word == "comment" and tokens.peek(2) in ("\n", ";", "}"):
        tokens.at += 2
    elif word in DEFINITIONS:
        definition(reading)
    else:
        return False
    return True


def _policy(tokens: Tokens) -> str:
    policy = name_here(tokens)
    if policy not in ("accept", "drop"):
        raise GrammarError(Reason("'{policy}' is no policy", policy=policy))
    return policy


def _hook(tokens: Tokens, table: NftTable, chain: NftChain) -> None:
    tokens.at += 1
    kind = name_here(tokens)
    tokens.expect("hook")
    hook = name_here(tokens)
    if hook not in HOOKS or kind not in ("filter", "nat", "route"):
        raise GrammarError(Reason("a chain of type {kind} at the hook {hook} is not known", kind=kind,
                                  hook=hook))
    found: tuple[str, ...] = ()
    if tokens.word in ("device", "devices"):
        tokens.at += 1
        tokens.accept("=")
        found = devices(tokens)
    level = priority(tokens, table.family) if tokens.accept("priority") else None
    policy = chain.base.policy if chain.base else "accept"
    if chain.base and chain.base.hook and (chain.base.kind, chain.base.hook, chain.base.priority) != (
            kind, hook, level):
        raise GrammarError(Reason("a chain that is there already cannot be bound in another way"))
    chain.base = Base(kind, hook, level, policy, found)


def devices(tokens: Tokens) -> tuple[str, ...]:
    """Read `"eth0"` or `{ eth0, eth1 }`."""
    if not tokens.accept("{"):
        return (name_here(tokens),)
    found: list[str] = []
    tokens.skip_lines()
    while not tokens.accept("}"):
        if tokens.word == "{":
            found += devices(tokens)
        else:
            found.append(unquoted(tokens.next()))
        tokens.skip_lines()
        if tokens.word != "}":
            tokens.expect(",")
            tokens.skip_lines()
    return tuple(found)


def priority(tokens: Tokens, family: str) -> int | None:
    """Read `0`, `-5`, `filter`, `filter - 5`; None where it is not known."""
    names = BRIDGE_PRIORITIES if family == "bridge" else PRIORITIES
    if tokens.accept("-"):
        return _signed(tokens, 0, -1)
    word = unquoted(tokens.next())
    if word.lstrip("-").isdecimal():
        return int(word)
    name, dash, offset = word.partition("-")
    if name not in names or (dash and not offset.isdecimal()):
        return None
    base = names[name] - int(offset or 0)
    if tokens.accept("+"):
        return _signed(tokens, base, 1)
    return _signed(tokens, base, -1) if tokens.accept("-") else base


def _signed(tokens: Tokens, base: int, sign: int) -> int:
    word = tokens.next()
    if not word.isdecimal():
        raise GrammarError(Reason("'{word}' is no number", word=word))
    return base + sign * int(word)
