"""Chains and ipsets: which there are, which rules name them, and which rules name some that there are not."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import takewhile

from msgspec import Struct, field

from aclproof.parsers.iptables import shown
from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.ipset.entries import DECIDABLE, PORT, SET
from aclproof.parsers.iptables.ipset.read import IpSet, is_dynamic
from aclproof.parsers.iptables.shown import Absent
from aclproof.parsers.iptables.text import targets
from aclproof.parsers.iptables.text.known_matches import MATCHES
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.words import BUILT_IN, Ruleset, Spec, Table, Unread
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.source import Joined

_FILLED_BY_PEOPLE = "DOCKER-USER"
"""Docker sends packets there, once it runs; a file for people's rules only says what is in it."""
_MODULE = re.compile("[A-Z0-9]+")
"""What the name of a target looks like that may be an addon."""
_HEADER = 7
"""So many lines may come before the members of a set in a listing."""
_REFERENCES = "References: "
"""Before the number of rules and lists that name a set, in what `ipset list` prints."""
_PRINTED = frozenset({"maxelem", "range", "size"})
"""Options of which `ipset save` prints one for every set, and people leave out the most."""
_ONE_SET = re.compile(r"ipset\s+(?:-\S+\s+)*(?:save|list|-S|-L)\s+[^-\s;&|<>]")
"""A command that prints one set, whatever else there is."""


def find(inputs: Sequence[Form], joined: Joined, *, others: bool = False) -> Iterator[Definition]:
    """Yield those of one host; `others`: rules that are not here may name ipsets as well."""
    for form in inputs:
        first = joined.first(form.source)
        for ruleset in form.rulesets:
            for table in ruleset.tables.values():
                yield from _chains(form, ruleset, table, first)
    yield from _sets(inputs, joined, others=others)


def _chains(form: Form, ruleset: Ruleset, table: Table, first: int) -> Iterator[Definition]:
    if shown.hidden(ruleset, table.name) or ruleset.form == "commands":
        return  # rules that are not shown may lead to them
    unread = min((first + line for line in (*table.odd, *form.strays)), default=0)
    texts, uses = form.source.text_lines(), dict[str, list[int]]()
    for chain, specs in table.chains.items():
        for spec in specs:
            for target in {spec.target} if isinstance(spec, Spec) else {*_words(texts, spec)} - {chain}:
                uses.setdefault(target, []).append(first + spec.line)
    people = _is_of_people(ruleset)
    for name, rules in table.chains.items():
        if name not in BUILT_IN[table.name] and rules and not (people and name == _FILLED_BY_PEOPLE):
            yield Definition("chain", name, first + rules[0].line, tuple(uses.get(name, ())), unread,
                             filters=True)
    read = {spec.target for spec in _rules(table) if isinstance(spec, Spec)}
    for name in sorted(read - table.chains.keys() - TARGETS.keys()) if people and not unread else ():
        if name and not _MODULE.fullmatch(name):
            yield Definition("chain", name, uses=tuple(uses[name]))


def _is_of_people(ruleset: Ruleset) -> bool:
    """Whether it is a file that is to be loaded."""
    return shown.form(ruleset) is shown.FORMS["restore"]


def _rules(table: Table) -> Iterator[Spec | Unread]:
    return (spec for specs in table.chains.values() for spec in specs)


def _words(texts: Sequence[str | None], spec: Unread) -> Sequence[str]:
    """All that a line may name that could not be read."""
    return re.split(r"[\s\"',]+", " ".join(texts[line - 1] or "" for line in (spec.line, *spec.rest)))


class _SetUses(Struct):
    """Which lines name which ipsets."""

    lines: dict[str, set[int]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Sets whose members rules change."""
    loaded: set[str] = field(default_factory=set)
    """Sets that rules of a file name: of what a host has in force, each name is known there."""

    def read(self, form: Form, first: int, known: Mapping[str, IpSet]) -> None:
        """Take in the rules of an input, and the lists of sets."""
        texts = form.source.text_lines()
        for ruleset in form.rulesets:
            people = _is_of_people(ruleset)
            for spec in (spec for table in ruleset.tables.values() for spec in _rules(table)):
                names = set(_named(spec)) if isinstance(spec, Spec) else set()
                self.loaded |= names if people else set()
                if isinstance(spec, Spec):
                    self.changed.update(targets.changed_sets(spec.jump))
                for name in names or known.keys() & _may_name(texts, spec):
                    self.lines.setdefault(name, set()).add(first + spec.line)
        for each in form.sets.values():
            for member in each.members:
                self.lines.setdefault(member, set()).add(first + each.line)


def _named(spec: Spec) -> Iterator[str]:
    for test in spec.criteria.tests:
        if (test.module, test.name) == ("set", "match-set"):
            yield from test.values[:1]
    if spec.target == "SET":
        yield from (value.split()[0] for option, value in spec.jump.arguments
                    if option.endswith("-set") and value)


def _may_name(texts: Sequence[str | None], spec: Spec | Unread) -> frozenset[str]:
    """Words of what is not known here."""
    if isinstance(spec, Unread):
        return frozenset(_words(texts, spec))
    return frozenset(value for test in spec.criteria.tests if test.module and test.module not in MATCHES
                     for value in test.values)


def _sets(inputs: Sequence[Form], joined: Joined, *, others: bool) -> Iterator[Definition]:
    given = [form for form in inputs if form.sets]
    known = {name: each for form in given for name, each in form.sets.items()}
    uses = _SetUses()
    for form in inputs if known else ():
        uses.read(form, joined.first(form.source), known)
    families = frozenset() if others else _shown_families(inputs)
    filled = any(each.size for each in known.values())
    for form in given:
        for each in form.sets.values():
            lines = tuple(sorted(uses.lines.get(each.name, ())))
            live, references = _printed(form, each)
            unnamed = references == 0 or (references is None and families.issuperset(
                {each.family} if each.family else Family))
            sure = not (each.reason or each.name in uses.changed or is_dynamic(each.name, known))
            yield Definition("ipset", each.name, joined.first(form.source) + each.line,
                             lines if lines or unnamed else None,
                             value=_content(each) if sure and each.size else None,
                             empty=sure and live and filled and not each.size)
    if not any(form.reasons or _ONE_SET.search(form.source.text) for form in given):
        for name in sorted(uses.loaded - known.keys()):
            yield Definition("ipset", name, uses=tuple(sorted(uses.lines[name])))


def _printed(form: Form, known: IpSet) -> tuple[bool, int | None]:
    """Whether a program printed a set, with all that it has, and how many name it, if it says so.

    Else somebody wrote what there is to begin with.
    """
    texts = form.source.text_lines()[known.line - 1:known.line + _HEADER]
    head, *others = (text or "" for text in texts)
    if not head.startswith("Name:"):
        return not _PRINTED.isdisjoint(head.split()), None
    header = takewhile(lambda text: not text.startswith("Members:"), others)
    counts = (text.removeprefix(_REFERENCES) for text in header if text.startswith(_REFERENCES))
    return True, next((int(count) for count in counts if count.strip().isdecimal()), None)


def _shown_families(inputs: Sequence[Form]) -> frozenset[Family]:
    """Families of which all tables are shown, and every line of them was read."""
    rulesets = [(form, ruleset) for form in inputs for ruleset in form.rulesets]
    return frozenset(ruleset.family for _, ruleset in rulesets).difference(
        ruleset.family for form, ruleset in rulesets if shown.form(ruleset).tables is not Absent.NOT_LOADED
        or form.strays or any(table.odd for table in ruleset.tables.values()))


def _content(known: IpSet) -> Hashable:
    """Its members, alike for equal sets of either type; None where the reader does not keep them."""
    if not DECIDABLE.issuperset(known.dimensions):
        return None
    if known.dimensions == (SET,):
        return frozenset(known.members)
    ranked = any(each.excluded for each in known.odd)  # then the length of each prefix counts
    plain = frozenset(known.plain) if ranked else IntervalSet.of(*known.plain)
    ported = frozenset((ports, IntervalSet.of(*members)) for ports, members in known.ported.items())
    return (known.family, tuple(each == PORT for each in known.dimensions), plain, ported,
            frozenset(known.odd))
