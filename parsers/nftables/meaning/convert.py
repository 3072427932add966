"""From rulesets of nftables to the common model, with the dumps of iptables of the same host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest

from aclproof.parsers.iptables import forms as iptables_forms
from aclproof.parsers.iptables.meaning import convert as iptables
from aclproof.parsers.iptables.meaning import unseen as iptables_unseen
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Binding, Firewall
from aclproof.parsers.model.notes import Note, State
from aclproof.parsers.model.rules import Action, Chain, Default, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.netfilter import host, implicit
from aclproof.parsers.netfilter.host import Filters
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import hook_points, managed, translated, turns, unseen
from aclproof.parsers.nftables.meaning.calls import circular
from aclproof.parsers.nftables.meaning.equal_sets import Sets
from aclproof.parsers.nftables.meaning.extent import extent, may_lack_elements
from aclproof.parsers.nftables.meaning.rules import RuleReader
from aclproof.parsers.nftables.meaning.scope import FAMILIES, Scope
from aclproof.parsers.nftables.meaning.turns import Stretches
from aclproof.parsers.nftables.ruleset import NftChain, NftRule, NftTable, Tree, walk
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Joined, Source, UnsupportedInputError
from aclproof.reason import Reason

VENDOR = "nftables"


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert the inputs of one host: rulesets of nftables, dumps of iptables, sets, addresses and routes.

    UnsupportedInputError for what is no part of one.
    """
    return converted([forms.read(each) for each in sources if kind(each.text)],
                     [iptables_forms.read(each) for each in sources if not kind(each.text)], sources)


def converted(own: Sequence[Form], beside: Sequence[iptables_forms.Form],
              sources: Sequence[Source]) -> Firewall:
    """Convert inputs that are read: the rulesets of nftables, and those of iptables."""
    _refuse_twice(own)
    joined = Joined(sources)
    beside = [*beside, *(_places(each) for each in own if each.places)]
    extents = [extent(each) for each in own]  # before what is shown twice is taken out of one
    managed.settle(own, beside)
    filters = iptables.converted(beside, joined)
    tracked = any(each.rulesets for each in beside) or any(
        hook_points.uses_tracking(rule.statements) for form in own for table in form.ruleset.tables.values()
        for chain in table.chains.values() for rule in chain.rules)
    sets = Sets()
    for form in own:
        for table in form.ruleset.tables.values():
            if table.family in FAMILIES and "dormant" not in table.flags:
                _Converter(form, table, joined, filters, sets, tracked=tracked).convert()
    if any(each.rulesets for each in beside):
        filters.add(iptables_unseen.chains(beside, joined, of_nftables=False))
    filters.add(unseen.chains(own, extents, beside, joined, filters.chains))
    states = {id(source): states for source, states in (
        *((each.source, each.states) for each in beside), *((each.source, each.states) for each in own))}
    files = [file for each in sources for file in host.files(each, states[id(each)])]
    notes = [*(note for each in own for note in _notes(each)),
             *(note for each in beside for note in iptables.notes(each))]
    return host.firewall(VENDOR, joined, beside, filters, files, notes,
                         iptables_unseen.other_tables_route(beside))


def _places(form: Form) -> iptables_forms.Form:
    """What `ip` prints in a session with nft, as if it were in a file of its own."""
    return iptables_forms.Form(form.source, states=[State.IGNORED] * len(form.states), places=form.places)


def _refuse_twice(inputs: Sequence[Form]) -> None:
    """One table in two files is two states of one host, or two hosts."""
    seen: dict[tuple[str, str], str] = {}
    for form in inputs:
        for key in form.ruleset.tables:
            if key in seen:
                raise UnsupportedInputError(Reason(
                    "{name}: the table {table} is in {other} as well; give each table once",
                    name=form.source.name, table=" ".join(key), other=seen[key]))
            seen[key] = form.source.name


def _notes(form: Form) -> Iterable[Note]:
    for line, reason in sorted(form.reasons.items()):
        state = form.states[line - 1]
        decides = state is State.UNREAD and line in form.deciding
        span = form.source.place(line) if state is State.UNREAD else form.source.span(line)
        yield Note(state, span, reason, decides)


class _Converter:
    """One table."""

    def __init__(self, form: Form, table: NftTable, joined: Joined, filters: Filters, sets: Sets, *,
                 tracked: bool) -> None:
        self._form, self._table, self._joined, self._filters = form, table, joined, filters
        self._first, self._tracked = joined.first(form.source), tracked
        scope = Scope(table, may_lack_elements=may_lack_elements(form),
                      translated=translated.shows(form, table))
        self._reader = RuleReader(scope, self._first, self._name, sets)

    def convert(self) -> None:
        """Convert its chains, and bind those that the kernel calls."""
        chains = self._table.chains
        odd = in_a_circle(self._table)
        for chain in chains.values():
            name = self._name(chain.name)
            found = {name: self._in_a_circle(chain)} if chain.name in odd else \
                turns.joined(name, list(self._all_rules(chain, name)))
            self._bind(chain, found[name])
            self._filters.chains |= {each: Chain(each, rules, synthetic=each != name)
                                     for each, rules in found.items()}

    def _name(self, chain: str) -> str:
        return hook_points.chain_name(self._table, chain)

    def _all_rules(self, chain: NftChain, name: str) -> Iterator[Stretches]:
        for number, (rule, after) in enumerate(zip_longest(chain.rules, chain.rules[1:]), 1):
            first, *own = self._rules(rule, partial(turns.name, name, number))
            yield [[*first, *self._torn(rule, after)], *own]

    def _rules(self, rule: NftRule, called: Callable[[int], str]) -> Stretches:
        found, left_open = self._reader.rules(rule, called)
        if left_open and any(each.action is not Action.CONTINUE or each.effect
                             for stretch in found for each in stretch):
            self._form.approximated(rule.line, Reason("open: {reasons}", reasons=left_open))
        return found

    def _torn(self, rule: NftRule, after: NftRule | None) -> Iterable[Rule]:
        """What a rule may be the rest of: a terminal breaks lines, and then both halves are rules."""
        if after is None or rule.handle is not None or not all(map(_is_test, rule.statements)):
            return
        doubt = Opaque("", Reason("whether the rule of line {line} ends there: it only tests, so the next "
                                  "line may be the rest of it", line=rule.line))
        yield from implicit.unread(self._first + after.line, (doubt,), ANY)

    def _in_a_circle(self, chain: NftChain) -> list[Rule]:
        """Chains that call each other: the kernel refuses them, so what it has is not known."""
        reason = Reason("{chain} calls itself by way of other chains, which the kernel refuses",
                        chain=chain.name)
        for rule in chain.rules[:1]:
            self._form.unread(rule.line, reason)
        return [Rule(action, ANY, ANY, (ANY_SERVICE,), self._first + chain.line,
                     (Opaque("", Reason("what the line means: {reason}", reason=reason)),))
                for action in (Action.PERMIT, Action.DENY)]

    def _bind(self, chain: NftChain, rules: list[Rule]) -> None:
        point = hook_points.point(self._table, chain)
        if point is None or chain.base is None:
            return
        name, line = self._name(chain.name), self._first + (chain.policy_line or chain.line)
        drops = chain.base.policy == "drop"
        self._filters.bindings.append(Binding(name, None, "in", line, hook_points.family(self._table),
                                              point=point))
        self._filters.defaults[name] = Default(
            Action.DENY if drops else Action.PERMIT, "policy",
            Reason("policy {policy} of {chain}", policy=chain.base.policy, chain=point.title),
            self._joined.span(line))
        if point.translates and not self._tracked:
            rules.insert(0, unseen.untracked(point.title, line))


def in_a_circle(table: NftTable) -> frozenset[str]:
    """Return the chains of a table that call themselves by way of others."""
    return circular({name: list(_called(chain, table)) for name, chain in table.chains.items()})


def _is_test(statement: Tree) -> bool:
    return isinstance(statement, dict) and "match" in statement


def _called(chain: NftChain, table: NftTable) -> Iterator[str]:
    """The chains that the rules of one call, by a map of verdicts too."""
    trees = [statement for rule in chain.rules for statement in rule.statements]
    for tree in list(trees):
        match tree:
            case {"vmap": {"data": str(data)}} if known := table.sets.get(data.removeprefix("@")):
                trees += [element.value for element in known.elements]
            case {"vmap": {"data": data}}:
                trees += walk(data)
            case _:
                pass
    for tree in trees:
        match tree:
            case {"jump": {"target": str(name)}} | {"goto": {"target": str(name)}} if name in table.chains:
                yield name
            case _:
                pass
