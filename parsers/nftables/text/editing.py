"""What commands do to a ruleset: the same for text and for JSON."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.parsers.nftables.ruleset import (
    Base,
    Element,
    NftChain,
    NftRule,
    NftSet,
    NftTable,
    Ruleset,
    Tree,
    walk,
)
from aclproof.reason import Reason


class EditError(Exception):
    """What a command names is not in the input: the sentence says what."""


class UnknownHandleError(EditError):
    """No rule that the input shows has this handle."""


class Place:
    """Where a rule goes: `add` after others, `insert` before them, `replace` instead of one."""

    def __init__(self, verb: str = "add", handle: int | None = None, index: int | None = None) -> None:
        self.verb, self.handle, self.index = verb, handle, index


def table(ruleset: Ruleset, family: str, name: str, line: int) -> NftTable:
    """Return a table, a new one where there is none; one that is named again is awake again."""
    found = ruleset.tables.get((family, name))
    if found is None:
        found = ruleset.tables[family, name] = NftTable(family, name, line)
    found.flags -= {"dormant"}  # each command gives the flags anew
    return found


def delete_table(ruleset: Ruleset, family: str, name: str) -> None:
    """Take a table away; one that is not in the input may be on the host."""
    ruleset.tables.pop((family, name), None)
    ruleset.begun_anew.add((family, name))


def known_table(ruleset: Ruleset, family: str, name: str) -> NftTable:
    """Return a table that has to be there."""
    found = ruleset.tables.get((family, name))
    if found is None:
        raise EditError(Reason("there is no table {family} {name} in this file", family=family, name=name))
    return found


def chain(inside: NftTable, name: str, line: int) -> NftChain:
    """Return a chain, a new one where there is none."""
    found = inside.chains.get(name)
    if found is None:
        found = inside.chains[name] = NftChain(name, line, policy_line=line)
    return found


def known_chain(inside: NftTable, name: str) -> NftChain:
    """Return a chain that has to be there."""
    found = inside.chains.get(name)
    if found is None:
        raise EditError(Reason("there is no chain {name} in this file", name=name))
    return found


def known_set(inside: NftTable, name: str) -> NftSet:
    """Return a set or a map that has to be there."""
    found = inside.sets.get(name)
    if found is None:
        raise EditError(Reason("there is no set {name} in this file", name=name))
    return found


def known(inside: NftTable, kind: str, name: str) -> None:
    """EditError where a table has no such chain, set or object."""
    if kind in ("chain", "rule"):
        known_chain(inside, name)
    elif kind in ("set", "map", "meter", "element"):
        known_set(inside, name)
    elif (kind, name) not in inside.objects:
        raise EditError(Reason("there is no {kind} {name} in this file", kind=kind, name=name))


def rename_chain(inside: NftTable, old: str, new: str) -> None:
    """Give a chain another name, at its place and where rules call it."""
    known_chain(inside, old).name = new
    if new in inside.chains:
        raise EditError(Reason("there is a chain {name} already", name=new))
    inside.chains = {new if name == old else name: each for name, each in inside.chains.items()}
    for chain in inside.chains.values():
        chain.rules = [replace(rule, statements=tuple(_renamed(each, old, new) for each in rule.statements))
                       if {"target": old} in walk(rule.statements) else rule for rule in chain.rules]
    for each in inside.sets.values():
        each.elements = [replace(element, value=_renamed(element.value, old, new))
                         for element in each.elements]


def _renamed(tree: Tree, old: str, new: str) -> Tree:
    """A tree with calls of a chain by its new name."""
    if tree == {"target": old}:
        return {"target": new}
    if isinstance(tree, Mapping):
        return {key: _renamed(value, old, new) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_renamed(each, old, new) for each in tree]
    return tree


def set_policy(inside: NftChain, policy: str, line: int) -> None:
    """Give a base chain its policy."""
    inside.base = replace(inside.base or Base("filter", "", None), policy=policy)
    inside.policy_line = line


def add_rule(inside: NftChain, rule: NftRule, place: Place) -> None:
    """Put a rule where it belongs; EditError where that cannot be told."""
    rules = inside.rules
    if place.handle is None and place.index is None:
        if place.verb == "insert":
            rules.insert(0, rule)
        else:
            rules.append(rule)
        return
    at = place.index if place.index is not None else _with_handle(inside, place.handle)
    if not 0 <= at < len(rules):
        raise EditError(Reason("there is no rule {index} in the chain {name} of this file", index=at,
                               name=inside.name))
    if place.verb == "replace":
        rules[at] = replace(rule, handle=rules[at].handle)  # the kernel keeps it
    else:
        rules.insert(at if place.verb == "insert" else at + 1, rule)


def _with_handle(inside: NftChain, handle: int | None) -> int:
    for number, rule in enumerate(inside.rules):
        if rule.handle == handle:
            return number
    raise UnknownHandleError(Reason("no rule of this file is known by the handle {handle}", handle=handle))


def delete_rule(inside: NftChain, place: Place) -> None:
    """Take a rule out."""
    at = place.index if place.index is not None else _with_handle(inside, place.handle)
    if not 0 <= at < len(inside.rules):
        raise EditError(Reason("there is no rule {index} in the chain {name} of this file", index=at,
                               name=inside.name))
    del inside.rules[at]


def delete_elements(inside: NftSet, keys: list[Tree]) -> None:
    """Take elements out of a set."""
    elements: list[Element] = inside.elements
    for key in keys:
        kept = [each for each in elements if each.key != key]
        if len(kept) == len(elements):
            raise EditError(Reason("what is taken out of the set {name} is no element of it in this file",
                                   name=inside.name))
        elements[:] = kept


def flush(ruleset: Ruleset, family: str = "") -> None:
    """Forget everything, or all tables of one family."""
    if not family:
        ruleset.flushed = True
        ruleset.tables.clear()
    for key in [key for key in ruleset.tables if key[0] == family]:
        del ruleset.tables[key]
