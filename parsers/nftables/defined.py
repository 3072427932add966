"""Chains, sets, maps and objects: which there are, which rules name them, and what rules name in vain."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from aclproof.parsers.iptables import defined as of_iptables
from aclproof.parsers.iptables import forms as iptables_forms
from aclproof.parsers.model import products
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import values
from aclproof.parsers.nftables.meaning.extent import Extent, extent, may_lack_elements
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.meaning.scope import changed_sets
from aclproof.parsers.nftables.ruleset import FAMILY_OF, UNKNOWN, NftSet, NftTable, Tree
from aclproof.parsers.nftables.text import uses
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.nftables.text.uses import Named
from aclproof.parsers.source import Joined, files_of

_READ: Mapping[str, Callable[[Tree], IntervalSet]] = {
    "ipv4_addr": values.address(Family.V4), "ipv6_addr": values.address(Family.V6),
    "inet_service": values.port, "inet_proto": values.protocol}
_UNTOLD = frozenset({"", "integer"})
"""Types of which there are several that are no type of each other's."""
_WORD = re.compile(r"[\w./\\-]+")


def find(firewall: Firewall) -> Iterator[Definition]:
    """Yield those of a host, with those of the dumps of iptables beside."""
    joined = Joined(files_of(firewall.source))
    own = [forms.read(each) for each in joined.sources if kind(each.text)]
    beside = [iptables_forms.read(each) for each in joined.sources if not kind(each.text)]
    shown_there = {(ruleset.family, name) for form in beside for ruleset in form.rulesets
                   for name in ruleset.tables}
    for form in own:
        for table in form.ruleset.tables.values():
            if (FAMILY_OF.get(table.family), table.name) not in shown_there:
                yield from _Table(form, table, joined.first(form.source)).definitions()
    compat = any("xt" in each for form in own for table in form.ruleset.tables.values()
                 for chain in table.chains.values() for rule in chain.rules for each in rule.statements
                 if isinstance(each, Mapping))
    yield from of_iptables.find(beside, joined, others=compat)


class _Table:
    """One table: what is in it is named by its own rules only."""

    def __init__(self, form: Form, table: NftTable, first: int) -> None:
        self._form, self._table, self._first = form, table, first
        self._lacking = may_lack_elements(form)
        self._rules = [rule for chain in table.chains.values() for rule in chain.rules]
        self._changed = {name for rule in self._rules for name in changed_sets(rule.statements)}
        self._uses: dict[Named, dict[int, None]] = {}
        for line, each in uses.in_table(table):
            self._uses.setdefault(each, {})[line] = None
        self._words = {word for rule in self._rules for each in rule.statements
                       if isinstance(each, Mapping) and UNKNOWN in each
                       for word in _WORD.findall(str(each[UNKNOWN]))}
        self._missing = [each for each in self._uses if not self._has(each)]
        in_vain = {line for each in self._missing for line in self._uses[each]}
        self._unread = min((first + line for line in form.deciding - in_vain), default=0)
        self._whole = self._is_whole()

    def definitions(self) -> Iterator[Definition]:
        """Yield what is there, and what is not."""
        table = self._table
        filled_later = {each.maps_to[0] for each in table.sets.values() if each.maps_to and self._open(each)}
        for chain in table.chains.values():
            if not (chain.base or chain.name.startswith("__chain")) and chain.rules:
                named = self._named(("chain", chain.name), sure="verdict" not in filled_later)
                yield Definition("chain", chain.name, self._first + chain.line, named, self._unread,
                                 filters=True)
        for each in table.sets.values():
            known = each.whole and not self._open(each)
            yield Definition("map" if each.maps_to else "set", each.name, self._first + each.line,
                             self._named(("set", each.name)), self._unread,
                             self._content(each) if known else None, empty=known and not each.elements)
        for (what, name), found in table.objects.items():
            yield Definition(what, name, self._first + found.line,
                             self._named((what, name), sure=what not in filled_later), self._unread)
        if self._whole and not self._unread and self._form.ruleset.is_file:
            for what, name in self._missing:
                yield Definition(what, name, uses=self._lines((what, name)))

    def _is_whole(self) -> bool:
        """Whether all rules of the table are shown: a list of one chain, or of sets, has less than these."""
        ruleset, table = self._form.ruleset, self._table
        if ruleset.is_file:
            return ruleset.flushed or table.key in ruleset.begun_anew
        block = rf"(?m)^\s*table {re.escape(' '.join(table.key))} {{"
        if len(re.findall(block, self._form.source.text)) > 1:
            return False  # pieces of it, put together
        return extent(self._form) is Extent.ALL or bool(
            self._rules and (len(table.chains) > 1 or table.sets or table.objects))

    def _has(self, named: Named) -> bool:
        what, name = named
        return name in self._table.chains if what == "chain" else \
            name in self._table.sets if what == "set" else named in self._table.objects

    def _lines(self, named: Named) -> tuple[int, ...]:
        return tuple(self._first + line for line in sorted(self._uses.get(named, ())))

    def _named(self, named: Named, *, sure: bool = True) -> tuple[int, ...] | None:
        found = self._lines(named)
        return found if found or (sure and self._whole and named[1] not in self._words) else None

    def _open(self, known: NftSet) -> bool:
        """Whether there may be elements that are not shown, or some go and come."""
        lacks = self._lacking and not (known.elements if known.shown is None else known.shown)
        return lacks or known.name in self._changed or known.limited or not known.flags.isdisjoint(
            ("timeout", "dynamic")) or any(each.timeout for each in known.elements)

    def _content(self, known: NftSet) -> Hashable:
        """Its elements, alike for equal sets however they are written; None for none."""
        keys: dict[str, list[Sequence[Tree]]] = {}
        for each in known.elements:
            keys.setdefault(repr(each.value), []).append(_fields(each.key))
        of_all = frozenset((value, _together(known.types, found)) for value, found in keys.items())
        told = known.types and _UNTOLD.isdisjoint((*known.types, *known.maps_to))
        return (self._table.key, known.types, known.maps_to, of_all) if of_all and told else None


def _fields(key: Tree) -> Sequence[Tree]:
    match key:
        case {"concat": [*fields]}:
            return fields
        case _:
            return (key,)


def _together(types: Sequence[str], keys: Sequence[Sequence[Tree]]) -> Hashable:
    """The keys as products of sets, where all of their fields are numbers; else as they are written."""
    try:
        return products.canonical([tuple(_READ[word](part) for word, part in zip(types, key, strict=True))
                                   for key in keys])
    except (DoubtError, KeyError, ValueError):
        return frozenset(map(repr, keys))
