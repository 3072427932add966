"""The grammar of commands: what a rule file holds, or `nft list` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import Base, NftTable
from aclproof.parsers.nftables.text import blocks, editing, expressions, sets, uses
from aclproof.parsers.nftables.text.editing import EditError, Place
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens
from aclproof.parsers.nftables.text.normal import expression
from aclproof.parsers.nftables.text.objects import OBJECTS, add_object, flowtable, object_kind
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here, number_here
from aclproof.parsers.nftables.text.variables import DEFINITIONS, definition
from aclproof.reason import Reason

BY_NUMBER = "iptables-number"
"""Before the place of a rule that a command of iptables gives; no word of nft."""
FAMILIES = frozenset(("ip", "ip6", "inet", "arp", "bridge", "netdev"))
"""Of tables."""
CHANGING = frozenset("add create insert replace delete destroy flush rename".split())
"""The verbs of commands that change a ruleset."""


def begins(word: str) -> bool:
    """Whether a command begins with this word."""
    return word in DEFINITIONS or word in _VERBS or word in _ADDED or word in _OTHERS


def command(reading: Reading) -> None:
    """Carry out one command; GrammarError or EditError says what is not understood."""
    tokens = reading.tokens
    word = tokens.word
    if word in DEFINITIONS:
        reading.form.ruleset.is_file = True
        definition(reading)
        return
    verb = "add"
    if word in _VERBS:
        tokens.at += 1
        verb = word
        reading.form.ruleset.is_file = True
    _VERBS[verb](reading, verb)


def _family(tokens: Tokens) -> str:
    return tokens.next() if tokens.word in FAMILIES else "ip"


def _add(reading: Reading, verb: str) -> None:
    tokens = reading.tokens
    line = tokens.line
    if tokens.word not in _ADDED and tokens.word not in _OTHERS:
        _add_rule(reading, "add")  # `add inet filter input accept`, the word `rule` left out
        return
    kind = object_kind(tokens)
    if kind == "rule":
        _add_rule(reading, verb)
        return
    family = _family(tokens)
    if verb == "create":
        _new(reading, kind, family)
    if kind == "table":
        table = editing.table(reading.form.ruleset, family, name_here(tokens), line)
        if tokens.word == "{":
            blocks.table_block(reading, table)
        return
    table = _table(reading, family)
    reader = _ADDED.get(kind)
    if reader is None:
        add_object(reading, table, kind)
    else:
        reader(reading, table)


def _new(reading: Reading, kind: str, family: str) -> None:
    """EditError where `create` names what is there already."""
    tokens = reading.tokens
    table = reading.form.ruleset.tables.get((family, tokens.word))
    if table is None:
        return
    name = tokens.following
    there = kind == "table" or (kind == "chain" and name in table.chains) or (
        kind in ("set", "map") and name in table.sets) or (kind, name) in table.objects
    if there:
        raise EditError(Reason("there is a {kind} {name} already", kind=kind,
                               name=table.name if kind == "table" else name))


def _table(reading: Reading, family: str) -> NftTable:
    return editing.known_table(reading.form.ruleset, family, name_here(reading.tokens))


def _add_chain(reading: Reading, table: NftTable) -> None:
    tokens = reading.tokens
    line = tokens.line
    name = name_here(tokens)
    known = table.chains.get(name)
    before = known.base if known else None
    chain = editing.chain(table, name, line)
    if tokens.word == "{":
        blocks.chain_block(reading, table, chain)
    moved = known is not None and _bound(chain.base) != _bound(before)
    if reading.entering and (moved or (chain.base and not chain.base.hook)):
        raise EditError(Reason("the chain {name} cannot be bound like that", name=name))


def _bound(base: Base | None) -> tuple[str, str, int | None] | None:
    """Where a chain is bound, which no command changes later; None for one that rules call."""
    return (base.kind, base.hook, base.priority) if base else None


def _add_element(reading: Reading, table: NftTable) -> None:
    tokens = reading.tokens
    found = editing.known_set(table, name_here(tokens))
    members = expressions.members(tokens)
    if "constant" in found.flags:
        raise GrammarError(Reason("nft adds no elements to the constant set {name}", name=found.name))
    if reading.entering:
        for member in members:
            uses.check(table, member.value)
    sets.add_elements(found, members)


def _add_flowtable(reading: Reading, table: NftTable) -> None:
    flowtable(reading, table)


def _add_set(reading: Reading, table: NftTable) -> None:
    before = set(table.sets)
    sets.set_block(reading, table)
    for name in table.sets.keys() - before if reading.entering else ():
        table.sets[name].shown = True


_ADDED: Mapping[str, Callable[[Reading, NftTable], None]] = {
    "chain": _add_chain, "set": _add_set, "map": _add_set, "element": _add_element,
    "flowtable": _add_flowtable}
_OTHERS = OBJECTS | {"table", "rule", "ct"}


def _place(tokens: Tokens, verb: str) -> Place:
    """`handle 5`, `index 3` or `position 5`, before the rule or after its chain."""
    place = Place(verb)
    adds = verb in ("add", "create", "insert")
    known = ("handle", "position", "index") if adds else ("handle", BY_NUMBER)
    while tokens.word in known and tokens.following.isdecimal():
        word = tokens.next()
        if word in ("index", BY_NUMBER):
            place.index = number_here(tokens)
        else:
            place.handle = number_here(tokens)
    if not adds and place.handle is None and place.index is None:
        raise GrammarError(Reason("nft replaces and deletes rules by their handle only"))
    return place


def _add_rule(reading: Reading, verb: str) -> None:
    tokens = reading.tokens
    line = tokens.line
    tokens.accept("rule")
    table = _table(reading, _family(tokens))
    chain = editing.known_chain(table, name_here(tokens))
    place = _place(tokens, verb)
    rule = reading.rule(table, line)
    if reading.entering:
        uses.check(table, rule.statements)
    editing.add_rule(chain, rule, place)


def _insert(reading: Reading, verb: str) -> None:
    _add_rule(reading, verb)


def _closed(reading: Reading) -> bool:
    """Whether nothing is there but what was read so far: of a host as listed, or after `flush ruleset`."""
    return reading.entering or reading.form.ruleset.flushed


def _delete(reading: Reading, verb: str) -> None:
    """What is not in the file may be on the host: taken away, it is nowhere."""
    tokens = reading.tokens
    ruleset = reading.form.ruleset
    kind = object_kind(tokens)
    family = _family(tokens)
    if "handle" in (tokens.word, tokens.following) and kind != "rule":
        raise GrammarError(Reason("what has this handle is not shown by the file"))
    name = name_here(tokens)
    known = _closed(reading) and verb == "delete"
    table = editing.known_table(ruleset, family, name) if known else ruleset.tables.get((family, name))
    if kind == "table":
        editing.delete_table(ruleset, family, name)
        return
    inside = name_here(tokens)
    if known and table is not None:
        editing.known(table, kind, inside)
        if kind in ("chain", "set", "map") and uses.is_used(table, kind, inside):
            raise EditError(Reason("rules use the {kind} {name}, so nft does not delete it", kind=kind,
                                   name=inside))
    if kind == "rule":
        place = _place(tokens, verb)
        editing.delete_rule(editing.known_chain(editing.known_table(ruleset, family, name), inside), place)
    elif kind == "element":
        found = editing.known_set(editing.known_table(ruleset, family, name), inside)
        members = expressions.members(tokens)
        found.taken_away += [member.line for member in members]
        editing.delete_elements(found, [expression(each.key, found.types or ("",)) for each in members])
    elif table is not None and kind == "chain":
        table.chains.pop(inside, None)
        tokens.rest()
    elif table is not None and kind in ("set", "map"):
        table.sets.pop(inside, None)
    elif table is not None:
        table.objects.pop((kind, inside), None)


def _flush(reading: Reading, verb: str) -> None:
    tokens = reading.tokens
    ruleset = reading.form.ruleset
    kind = tokens.next()
    if kind == "ruleset":
        editing.flush(ruleset, tokens.next() if tokens.word in FAMILIES else "")
        return
    family, name = _family(tokens), name_here(tokens)
    table = ruleset.tables.get((family, name))
    if _closed(reading):
        table = editing.known_table(ruleset, family, name)
    if table is None:
        return
    if kind == "table":
        for chain in table.chains.values():
            chain.rules.clear()
        return
    line, name = tokens.line, name_here(tokens)
    if _closed(reading):
        editing.known(table, kind, name)
    if kind == "chain" and name in table.chains:
        table.chains[name].rules.clear()
    elif kind in ("set", "map", "meter") and name in table.sets:
        table.sets[name].taken_away.append(line)
        table.sets[name].elements.clear()
        table.sets[name].shown = True if reading.entering else table.sets[name].shown


def _rename(reading: Reading, verb: str) -> None:
    tokens = reading.tokens
    tokens.expect("chain")
    table = _table(reading, _family(tokens))
    old = name_here(tokens)
    editing.rename_chain(table, old, name_here(tokens))


def _show(reading: Reading, verb: str) -> None:
    """`list` and the like change nothing."""
    reading.tokens.rest()


_VERBS: Mapping[str, Callable[[Reading, str], None]] = {
    "add": _add, "create": _add, "insert": _insert, "replace": _insert, "delete": _delete,
    "destroy": _delete, "flush": _flush, "rename": _rename, "list": _show, "get": _show, "reset": _show,
    "describe": _show, "monitor": _show}
