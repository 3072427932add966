"""The objects of libnftables-json(5), and the commands that may be around them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping

from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import UNKNOWN as UNKNOWN_STATEMENT
from aclproof.parsers.nftables.ruleset import Base, NftObject, NftRule, NftSet, NftTable, Tree, only_counts
from aclproof.parsers.nftables.text import editing, host_bits, json_keys, sets
from aclproof.parsers.nftables.text.commands import CHANGING
from aclproof.parsers.nftables.text.datatypes import UNKNOWN, Types
from aclproof.parsers.nftables.text.editing import EditError, Place
from aclproof.parsers.nftables.text.expressions import Member
from aclproof.parsers.nftables.text.lexer import Tokens
from aclproof.parsers.nftables.text.normal import expression, listed, single
from aclproof.parsers.nftables.text.normal_rule import statement
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.reason import Reason

Inner = Mapping[str, Tree]

_LISTED = ""
"""Instead of a verb: the object stands in a list by itself."""
_VERBS = CHANGING | {"list", "reset"}
_OBJECTS = frozenset(("counter", "quota", "limit", "secmark", "synproxy", "tunnel", "ct helper", "ct timeout",
                      "ct expectation", "flowtable"))
_HEAD = 1000
_BEGINS = re.compile(r'\{\s*"([a-z ]+)"\s*:\s*\{')
_NAMES = re.compile(r'"(family|table|chain|name)"\s*:\s*"([^"\\]*)"')
_WHERE = frozenset(("family", "table", "name", "handle", "comment"))


class Objects:
    """Fills a form from the objects of its list, one after the other."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._ruleset = form.ruleset
        self._anonymous: dict[tuple[str, str], int] = {}

    def take(self, tree: Tree, line: int) -> None:
        """Take one object or one command; EditError says what is not understood."""
        name, inner = single(tree)
        try:
            if name in _VERBS:
                self._ruleset.is_file = True
                self._carry_out(name, inner, line)
            else:
                self._add(_LISTED, name, inner, line)
        except (KeyError, TypeError, ValueError, AttributeError, AssertionError):
            raise EditError(Reason("this object is not as libnftables-json(5) has it")) from None

    def _carry_out(self, verb: str, tree: Tree, line: int) -> None:
        name, inner = single(tree)
        if verb in ("add", "create", "insert", "replace"):
            self._add(verb, name, inner, line)
        elif verb in ("delete", "destroy"):
            self._delete(name, _object(inner))
        elif verb == "flush":
            self._flush(name, inner)
        elif verb == "rename":
            self._rename(_object(inner))

    def _add(self, verb: str, name: str, inner: Tree, line: int) -> None:
        if name == "metainfo":
            self._ruleset.version = str(_object(inner).get("version", ""))
            return
        reader = _READERS.get(name)
        if reader is None and name != "table":
            raise EditError(Reason("the object '{name}' is not known", name=name))
        found = _object(inner)
        if reader is None:
            table = editing.table(self._ruleset, _family(found), str(found["name"]), line)
            table.flags |= frozenset(map(str, listed(found.get("flags", []))))
            if verb != _LISTED and table.flags:
                raise EditError(Reason("whether nft takes the flags of a table from JSON depends on its "
                                       "version"))
            return
        reader(self, verb, name, found, line)

    def _table(self, found: Inner) -> NftTable:
        return editing.known_table(self._ruleset, _family(found), str(found["table"]))

    def _chain(self, verb: str, name: str, found: Inner, line: int) -> None:
        chain = editing.chain(self._table(found), str(found["name"]), line)
        _check_keys(found, json_keys.OF_CHAINS)
        if "hook" not in found:
            if found.keys() & {"type", "prio", "policy"}:
                raise ValueError  # it is bound, and not said where
            return
        policy = found.get("policy", "accept")
        if policy not in ("accept", "drop"):
            raise ValueError
        level = found.get("prio", found.get("priority"))
        devices = tuple(map(str, listed(found["dev"]))) if "dev" in found else ()
        chain.base = Base(str(found.get("type", "filter")), str(found["hook"]),
                          level if isinstance(level, int) else None, str(policy),
                          devices)
        chain.policy_line = line

    def _rule(self, verb: str, name: str, found: Inner, line: int) -> None:
        table = self._table(found)
        chain = editing.known_chain(table, str(found["chain"]))
        statements = tuple(self._statement(each, table, line) for each in listed(found.get("expr", [])))
        if odd := sorted(found.keys() - json_keys.OF_RULES):
            statements = ({UNKNOWN_STATEMENT: " ".join(odd)}, *statements)
        handle = found.get("handle")
        rule = NftRule(line, statements, handle if isinstance(handle, int) else None,
                       str(found.get("comment") or ""))
        place = Place(verb)
        index = found.get("index")
        if verb != _LISTED:  # the handle in a command is that of another rule
            place.index = index if isinstance(index, int) else None
            place.handle = rule.handle if place.index is None else None
        editing.add_rule(chain, rule, place)

    def _statement(self, tree: Tree, table: NftTable, line: int) -> Tree:
        if not isinstance(tree, str):
            if not json_keys.all_known(tree):
                return {UNKNOWN_STATEMENT: json.dumps(tree)}
            if not self._ruleset.is_file:
                tree = host_bits.as_listed(tree, surely=bool(self._ruleset.version))
            return statement(tree, table.family)
        lines = ((line, text) for text in tree.split("\n"))  # a statement without JSON is printed as text
        reading = Reading(self._form, Tokens(lines, lambda name: None), {}, self._anonymous)
        return reading.statement(table)

    def _set(self, verb: str, name: str, found: Inner, line: int) -> None:
        table = self._table(found)
        key = str(found["name"])
        kept = table.sets.get(key)
        made = kept or NftSet(key, line, ())
        table.sets[key] = made
        made.merges = True  # versions before 1.1 do not say whether
        made.whole = made.whole and found.keys() <= json_keys.OF_SETS
        _check_keys(found, json_keys.OF_SETS)
        made.types = _types(found.get("type")) or made.types
        made.maps_to = _types(found.get("map")) or made.maps_to
        made.flags |= frozenset(map(str, listed(found.get("flags", []))))
        made.limited |= not all(map(only_counts, listed(found.get("stmt", []))))
        self._elements(made, found.get("elem"), line, bool(found.get("timeout")))

    def _element(self, verb: str, name: str, found: Inner, line: int) -> None:
        inside = editing.known_set(self._table(found), str(found["name"]))
        self._elements(inside, found.get("elem"), line, False)

    def _elements(self, inside: NftSet, tree: Tree, line: int, vanish: bool) -> None:
        if tree is None:
            return
        name, members = single(tree)
        found = listed(members if name == "set" else tree)
        inside.whole = inside.whole and json_keys.all_known(found)
        sets.add_elements(inside, [_member(each, line) for each in found], vanish)

    def _named(self, verb: str, name: str, found: Inner, line: int) -> None:
        kept = {key: value for key, value in found.items() if key not in _WHERE}
        self._table(found).objects[name, str(found["name"])] = NftObject(line, kept)

    def _delete(self, name: str, found: Inner) -> None:
        family = _family(found)
        if name == "table":
            editing.delete_table(self._ruleset, family, str(found["name"]))
            return
        table = self._ruleset.tables.get((family, str(found["table"])))
        if name == "rule":
            inside = editing.known_chain(self._table(found), str(found["chain"]))
            handle = found.get("handle")
            editing.delete_rule(inside, Place("delete", handle if isinstance(handle, int) else None))
        elif name == "element":
            within = editing.known_set(self._table(found), str(found["name"]))
            keys = [expression(_member(each, 0).key, within.types or UNKNOWN)
                    for each in listed(found.get("elem", []))]
            editing.delete_elements(within, keys)
        elif table is not None and name == "chain":
            table.chains.pop(str(found["name"]), None)
        elif table is not None and name in ("set", "map"):
            table.sets.pop(str(found["name"]), None)
        elif table is not None:
            table.objects.pop((name, str(found["name"])), None)

    def _flush(self, name: str, tree: Tree) -> None:
        found = _object(tree or {})
        if name == "ruleset":
            editing.flush(self._ruleset, str(found.get("family", "")))
            return
        key = _family(found), str(found["name" if name == "table" else "table"])
        table = self._ruleset.tables.get(key)
        if table is None:
            return
        if name == "table":
            for chain in table.chains.values():
                chain.rules.clear()
        elif name == "chain" and found["name"] in table.chains:
            table.chains[str(found["name"])].rules.clear()
        elif str(found["name"]) in table.sets:
            table.sets[str(found["name"])].elements.clear()

    def _rename(self, tree: Inner) -> None:
        name, inner = "chain", tree
        if name in tree:
            inner = _object(tree[name])
        editing.rename_chain(self._table(inner), str(inner["name"]), str(inner["newname"]))


_READERS: Mapping[str, Callable[[Objects, str, str, Inner, int], None]] = {
    "chain": Objects._chain, "rule": Objects._rule, "set": Objects._set, "map": Objects._set,
    "meter": Objects._set, "element": Objects._element, **dict.fromkeys(_OBJECTS, Objects._named)}


def _object(tree: Tree) -> Inner:
    if not isinstance(tree, Mapping):
        raise TypeError
    return tree


def _check_keys(found: Inner, known: Collection[str]) -> None:
    """EditError for a key that may mean anything."""
    for name in sorted(found.keys() - known):
        raise EditError(Reason("the key '{name}' is not known here", name=name))


def _family(found: Inner) -> str:
    return str(found.get("family", "ip"))


def _types(tree: Tree) -> Types:
    if tree is None:
        return ()
    name, inner = single(tree)
    if name == "typeof":
        return sets.types_of(expression(inner))
    if isinstance(tree, str):
        return (tree,) if tree.startswith("ct ") else tuple(tree.replace(".", " ").split())
    return tuple(str(each) for each in listed(tree))


def _member(tree: Tree, line: int) -> Member:
    if not isinstance(tree, str | int | Mapping) and tree is not None:
        key, value = tree
        inner = _member(key, line)
        return Member(line, inner.key, value, True, inner.options)
    name, inner_tree = single(tree)
    if name == "elem":
        found = dict(_object(inner_tree))
        return Member(line, found.pop("val"), options=found)
    return Member(line, tree)


def quotable(line: str) -> str:
    """Return a line of JSON as nft would write it."""
    from aclproof.parsers.nftables.text import spell_object

    return spell_object.written(_whole(line))


def _whole(line: str) -> Tree:
    start = line.find("{")
    try:
        tree: Tree = json.JSONDecoder().raw_decode(line, start)[0] if start >= 0 else None
    except (ValueError, RecursionError):
        return _head(line)
    return tree


def _head(line: str) -> Tree:
    """The beginning of an object that was broken for its length."""
    head = line[:_HEAD]
    found = _BEGINS.search(head)
    return {found[1]: dict(_NAMES.findall(head))} if found else None

