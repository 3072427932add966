"""From iptables' words to the common model: tables become chains, and every line is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from aclproof.parsers.iptables import forms, shown
from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.meaning import calls, damaged, matches, one_host, unseen
from aclproof.parsers.iptables.meaning.hook_points import HOOKS, PRIORITIES
from aclproof.parsers.iptables.meaning.understood import ANY_SERVICES, Asked, Understood
from aclproof.parsers.iptables.text import targets
from aclproof.parsers.iptables.text.known_targets import Deed
from aclproof.parsers.iptables.text.remarks import is_rule_like
from aclproof.parsers.iptables.text.words import BUILT_IN, Jump, RuleError, Ruleset, Spec, Table, Unread
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Binding, File, Firewall
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.model.notes import HIDDEN, Note, State
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Default, Rule
from aclproof.parsers.netfilter import host, implicit
from aclproof.parsers.netfilter.host import Filters
from aclproof.parsers.source import Joined, Source, UnsupportedInputError
from aclproof.reason import Reason

VENDOR = "iptables"
_MAY_STOP: frozenset[Deed] = frozenset({"program", "may stop"})
"""What targets do that may also stop what matches."""


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert the dumps of one host: rules of either family and back end, and the sets that they name.

    UnsupportedInputError when no input holds rules; lines that cannot be read become notes and open rules.
    """
    inputs = [forms.read(each) for each in sources]
    if not any(each.rulesets for each in inputs):
        what = Reason("ipsets without the rules that use them") if any(each.sets for each in inputs) else \
            Reason("interfaces and routes, without the rules") if any(each.places for each in inputs) else \
            Reason("the list of nftables' tables, without the rules of iptables")
        raise UnsupportedInputError(Reason("{name}: {what}; give the rules of that host beside it, as the "
                                           "other files of one 'config' in a site file",
                                           name=sources[0].name, what=what))
    joined = Joined(sources)
    filters = converted(inputs, joined)
    filters.add(unseen.chains(inputs, joined))
    return host.firewall(VENDOR, joined, inputs, filters, [file_of(each) for each in inputs],
                         [note for each in inputs for note in notes(each)],
                         unseen.other_tables_route(inputs))


def converted(inputs: Sequence[Form], joined: Joined) -> Filters:
    """Convert all rulesets of a host; UnsupportedInputError where they are not one's."""
    one_host.refuse_a_family_that_nothing_says(inputs)
    one_host.refuse_several(joined.sources)
    sets: dict[str, IpSet] = {}
    for each in inputs:
        sets.update(each.sets)
    _mark_changed_sets(inputs, sets)
    known, found = KnownSets(sets), Filters()
    seen: Counter[Family] = Counter()
    for form in inputs:
        for ruleset in form.rulesets:
            seen[ruleset.family] += 1
            suffix = implicit.suffix(ruleset.family, seen[ruleset.family])
            converter = _Converter(form, ruleset, known, joined, suffix)
            for table in ruleset.tables.values():
                converter.table(table)
            found.chains.update(converter.chains)
            found.bindings += converter.bindings
            found.defaults.update(converter.defaults)
    return found


def _mark_changed_sets(inputs: Iterable[Form], sets: Mapping[str, IpSet]) -> None:
    """Say of each set which rule changes it: with every packet its members may be others."""
    for form in inputs:
        for spec in (spec for ruleset in form.rulesets for table in ruleset.tables.values()
                     for specs in table.chains.values() for spec in specs
                     if isinstance(spec, Spec) and spec.jump.target == "SET"):
            for name in targets.changed_sets(spec.jump):
                if name in sets:
                    sets[name].changed_by = Reason("line {line} (SET)", line=spec.line)


def file_of(form: Form) -> File:
    """Return what is known of an input."""
    return host.file(form.source, form.states)


def notes(form: Form) -> Iterable[Note]:
    """Yield what is to be said of lines that are not plain."""
    for line, reason in sorted(form.reasons.items()):
        state = form.states[line - 1]
        decides = state is State.UNREAD and line in form.deciding
        span = form.source.span(line)
        rule = decides if form.is_listing else is_rule_like(span.text)
        if state is State.UNREAD and (not rule or span.text == HIDDEN):
            span = form.source.place(line)  # prose around a dump may hold anything
        yield Note(state, span, reason, decides)


class _Does(NamedTuple):
    """What a target does, as a rule for all packets."""

    rule: Rule
    deed: Deed
    may_stop: bool
    """Whether it may also stop what matches."""


class _Converter:
    """One ruleset."""

    def __init__(self, form: Form, ruleset: Ruleset, sets: KnownSets, joined: Joined,
                 suffix: str) -> None:
        self._form, self._ruleset, self._sets = form, ruleset, sets
        self._joined, self._first, self._suffix = joined, joined.first(form.source), suffix
        self._known = Understood(ruleset.family, sets, form.of_every_rule(ruleset))
        self._jumps: dict[tuple[int, frozenset[str]], _Does] = {}
        """What targets do in the present table, by their identity and by where packets come from."""
        self._circular: frozenset[int] = frozenset()
        self._callers: Mapping[str, frozenset[str]] = {}
        self.chains: dict[str, Chain] = {}
        self.bindings: list[Binding] = []
        self.defaults: dict[str, Default] = {}

    def table(self, table: Table) -> None:
        """Convert the chains of one table, and bind those that the kernel calls."""
        called = calls.calls(table)
        self._circular = calls.circular(called)
        self._callers = calls.callers(called, table.name) if table.name == "nat" else {}
        self._jumps = {}
        for name, specs in table.chains.items():
            rules: list[Rule] = []
            for spec in specs:
                rules += self._rules(spec, table, name)
            self.chains[self._name(table, name)] = Chain(self._name(table, name), rules)
        hidden = shown.hidden(self._ruleset, table.name)
        for name in BUILT_IN[table.name]:
            self._bind(table, name)
            if name in hidden:
                self._leave_open(table, name)
        for line in table.odd:
            self._form.deciding.add(line)

    def _name(self, table: Table, chain: str) -> str:
        return f"{table.name}/{chain}{self._suffix}"

    def _bind(self, table: Table, name: str) -> None:
        chain = self._name(table, name)
        self.chains.setdefault(chain, Chain(chain, ()))
        policy, line = table.policies.get(name, ("ACCEPT", 0))
        rules = self.chains[chain].rules
        where = self._first + line if line else rules[0].line if rules else self._first + 1
        action = Action.DENY if policy == "DROP" else Action.PERMIT
        said = Reason("policy {policy} of {table} {chain}", policy=policy, table=table.name,
                      chain=name) if line else \
            Reason("no policy is given for {table} {chain}: ACCEPT, as the kernel has it", table=table.name,
                   chain=name)
        self.defaults[chain] = Default(action, "policy", said, self._joined.span(where))
        priority = PRIORITIES[table.name, name]
        point = HookPoint(HOOKS[name], priority, table.name, f"{table.name} {name}",
                          translates=table.name == "nat", rank=priority)
        self.bindings.append(Binding(chain, None, "in", where, self._ruleset.family, point=point))

    def _leave_open(self, table: Table, name: str) -> None:
        """What follows the shown rules of a chain that the input does not show, or not with its policy."""
        chain = self._name(table, name)
        doubt = unseen.policy(self._ruleset, table.name, name) if shown.form(self._ruleset).chains \
            or table.chains.get(name) else unseen.hidden(self._ruleset, table.name, name)
        self.chains[implicit.rest(chain)] = Chain(implicit.rest(chain), [
            implicit.may_stop(NO_LINE, (doubt,), self._known.everything)], synthetic=True)

    def _rules(self, spec: Spec | Unread, table: Table, chain: str) -> list[Rule]:
        if isinstance(spec, Unread):
            return self._unread(spec, table, chain)
        try:
            does = self._does(spec.jump, table, chain)
            sources, destinations = self._known.ends[spec.source], self._known.ends[spec.destination]
            if sources is None or destinations is None:  # all together say what is odd
                sources = destinations = self._known.everything
                asked = self._known.asked(spec.whole)
            else:
                asked = self._known.shared(spec.criteria)
            if spec.line in self._circular:
                raise RuleError(Reason("{caller} and {called} call each other, which the kernel refuses",
                                       caller=chain, called=spec.jump.target))
        except RuleError as error:
            return self._not_understood(spec, str(error), table, chain)
        rule, line = does.rule, self._first + spec.line
        if asked.open and (rule.action is not Action.CONTINUE or rule.effect):
            self._form.approximated(spec.line, Reason("open: {reasons}", reasons=asked.open))
        if asked.plain and not does.may_stop:
            _, _, services, conditions = asked.plain
            return [Rule(rule.action, sources, destinations, services, line, conditions, True, rule.target,
                         rule.effect)]
        return self._several(spec, asked, does,
                             rule._replace(sources=sources, destinations=destinations, line=line))

    def _several(self, spec: Spec, asked: Asked, does: _Does, rule: Rule) -> list[Rule]:
        """The rules of one that is more than one, or may be none; `rule` has its addresses."""
        rules = list(self._known.rules(rule, asked.parts))
        if not rules:  # it can match nothing, but it is there
            rules = [rule._replace(sources=AddressSet(), destinations=AddressSet(), effect=None)]
        found = [each for aside in asked.asides for each in self._known.rules(
            rule._replace(action=aside.action, target="", effect=aside.effect), aside.parts)]
        if does.may_stop:
            name = self._name_of(spec.line)
            doubt = implicit.of_program(name) if does.deed == "program" else \
                implicit.of_target(spec.jump.target, name)
            found += [each._replace(action=Action.DENY, conditions=(*each.conditions, doubt))
                      for each in rules]
        return found + rules

    def _not_understood(self, spec: Spec, reason: str, table: Table, chain: str) -> list[Rule]:
        tests = spec.tests
        if not self._form.source.entered(spec.line) and (never := damaged.never(tests)):
            self._form.approximated(spec.line, never)
            return [Rule(Action.CONTINUE, AddressSet(), AddressSet(), ANY_SERVICES, self._first + spec.line)]
        return self._unread(Unread(spec.line, reason, tests if spec.target else tests[:-1]), table, chain)

    def _does(self, jump: Jump, table: Table, chain: str) -> _Does:
        """What a target does in a chain; RuleError where it is not understood."""
        hooks = self._callers.get(chain, frozenset())
        known = self._jumps.get((id(jump), hooks))
        if known is None:
            effect = targets.understand(jump, self._ruleset.family, table.chains, hooks)
            everything = self._known.everything
            rule = Rule(effect.action, everything, everything, ANY_SERVICES, NO_LINE, effect=effect.effect,
                        target=self._name(table, effect.chain) if effect.chain else "")
            known = self._jumps[id(jump), hooks] = _Does(rule, effect.deed,
                                                             effect.deed in _MAY_STOP)
        return known

    def _unread(self, spec: Unread, table: Table, chain: str) -> list[Rule]:
        """Rules for a line that is not understood: it may do anything to the packets that pass its tests."""
        line, reason = self._first + spec.line, spec.reason
        whole: list[Rule] = []
        readings = [each for each in damaged.different(spec.joined) if self._is_readable(each, table)]
        if len(readings) == 1:
            reason = self._take_together(spec, table)
            if self._surely_narrower(spec.head, readings[0], table):
                whole = self._rules(readings[0], table, chain)
        meaning = damaged.readable(spec.tests, self._ruleset.family, self._sets)
        products = [each for part in meaning.packets for each in part.products()]
        everything = (self._known.everything, self._known.everything, ANY_SERVICES)
        if products == [everything] or self._form.source.entered(spec.line):
            self._form.unread(spec.line, reason)
        else:
            self._form.approximated(spec.line, Reason("open for what passes its other tests: {reason}",
                                                      reason=reason))
        doubt = Opaque("", Reason("what the line means: {reason}", reason=reason))
        for part in meaning.packets:
            part.conditions = [*(each for each in part.conditions if not isinstance(each, Opaque)), doubt]
            for sources, destinations, services in part.products():
                plain = Rule(Action.PERMIT, self._known.one(sources), self._known.one(destinations),
                             self._known.same(services), line, tuple(part.conditions))
                whole += [plain._replace(effect=implicit.changed(table.name)),
                          plain._replace(action=Action.DENY)]
        return whole

    def _take_together(self, spec: Unread, table: Table) -> str:
        """The lines after a rule say something only together with it: they are no lines of their own."""
        table.odd[:] = [line for line in table.odd if line not in spec.rest]
        for line in spec.rest:
            self._form.approximated(line, Reason("taken for the end of the line above"))
        return Reason("the rule seems to be broken into several lines; give it unbroken, as iptables-save "
                      "prints it")

    def _is_readable(self, spec: Spec, table: Table) -> bool:
        try:
            targets.understand(spec.jump, self._ruleset.family, table.chains)
            matches.understand(spec.whole, self._ruleset.family, self._sets)
        except RuleError:
            return False
        return True

    def _surely_narrower(self, head: Spec | None, whole: Spec, table: Table) -> bool:
        """Whether both readings of a broken rule do the same, to what the narrower one matches."""
        if head is None or not head.target or not self._is_readable(head, table):
            return False
        broad, narrow = (matches.understand(each.whole, self._ruleset.family, self._sets)
                         for each in (head, whole))
        return (targets.understand(head.jump, self._ruleset.family, table.chains)
                == targets.understand(whole.jump, self._ruleset.family, table.chains)
                and damaged.within(narrow, broad))

    def _name_of(self, line: int) -> str:
        """Name a line of the files as they were given: facts keep their keys when a script moves lines."""
        source = self._form.source
        given = self._joined.given(self._joined.first(source) + line)
        return f"line {given}" if given else f"the line {source.span(line).first_line} of the script"
