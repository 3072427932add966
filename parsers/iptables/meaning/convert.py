"""From iptables' words to the common model: tables become chains, and every line is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.parsers.iptables import forms
from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.meaning import calls, implicit, matches
from aclproof.parsers.iptables.meaning.matched import Matched
from aclproof.parsers.iptables.text import targets
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Ruleset, Spec, Table, Unread
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Binding, File, Firewall
from aclproof.parsers.model.notes import LineCounts, Note, State
from aclproof.parsers.model.reason import Reason, joined
from aclproof.parsers.model.rules import Action, Chain, Default, Rule
from aclproof.parsers.model.services import ANY_SERVICE, Service
from aclproof.parsers.source import Joined, Source, UnsupportedInputError

VENDOR = "iptables"

ANY_SERVICES = (ANY_SERVICE,)


def parse(sources: Sequence[Source]) -> Firewall:
    """Convert the dumps of one host: rules of either family and back end, and the sets that they name.

    UnsupportedInputError when no input holds rules; lines that cannot be read become notes and open rules.
    """
    inputs = [forms.read(each) for each in sources]
    if not any(each.rulesets for each in inputs):
        raise UnsupportedInputError(f"{sources[0].name}: ipsets without the rules that use them; give the "
                                    "iptables-save output as well")
    joined = Joined(sources)
    sets: dict[str, IpSet] = {}
    for each in inputs:
        sets.update(each.sets)
    _mark_changed_sets(inputs, sets)
    chains: dict[str, Chain] = {}
    bindings: list[Binding] = []
    defaults: dict[str, Default] = {}
    seen: Counter[Family] = Counter()
    for form in inputs:
        for ruleset in form.rulesets:
            seen[ruleset.family] += 1
            suffix = implicit.suffix(ruleset.family, seen[ruleset.family])
            converter = _Converter(form, ruleset, sets, joined, suffix)
            for table in ruleset.tables.values():
                converter.table(table)
            chains |= converter.chains
            bindings += converter.bindings
            defaults |= converter.defaults
    chains |= {chain.name: chain for chain in implicit.hop_limit(list(chains.values()))}
    chains |= {chain.name: chain for chain in implicit.chains(inputs, joined)}
    files = tuple(File(each.source.name, each.source.sha256, _counts(each)) for each in inputs)
    notes = tuple(note for each in inputs for note in _notes(each))
    return Firewall(sources[0].name, VENDOR, "", joined, files, chains, bindings=tuple(bindings),
                    defaults=defaults, notes=notes, on_host=True)


def _mark_changed_sets(inputs: Iterable[Form], sets: Mapping[str, IpSet]) -> None:
    """Say of each set which rule changes it: with every packet its members may be others."""
    for form in inputs:
        for spec in (spec for ruleset in form.rulesets for table in ruleset.tables.values()
                     for specs in table.chains.values() for spec in specs if isinstance(spec, Spec)):
            for name in targets.changed_sets(spec):
                if name in sets:
                    sets[name].changed_by = Reason("line {line} (SET)", line=spec.line)


_RULE_LIKE = ("-", ":", "[", "*")


def _counts(form: Form) -> LineCounts:
    counts = Counter(form.states)
    return LineCounts(counts[State.UNDERSTOOD], counts[State.IGNORED], counts[State.APPROXIMATED],
                      counts[State.UNREAD])


def _notes(form: Form) -> Iterable[Note]:
    for line, reason in sorted(form.reasons.items()):
        state = form.states[line - 1]
        decides = state is State.UNREAD and line in form.deciding
        span = form.source.span(line)
        rule = decides if form.shown else span.text.startswith(_RULE_LIKE)
        if state is State.UNREAD and not rule:
            span = form.source.place(line)  # prose around a dump may hold anything
        yield Note(state, span, reason, decides)


class _Converter:
    """One ruleset; equal sets are kept once, so that the engine meets each only once."""

    def __init__(self, form: Form, ruleset: Ruleset, sets: Mapping[str, IpSet], joined: Joined,
                 suffix: str) -> None:
        self._form, self._ruleset, self._sets = form, ruleset, sets
        self._joined, self._first, self._suffix = joined, joined.first(form.source), suffix
        self._any: AddressSet = ANY4 if ruleset.family is Family.V4 else ANY6
        self._addresses: dict[AddressSet, AddressSet] = {ANY: ANY, ANY4: ANY4, ANY6: ANY6}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {ANY_SERVICES: ANY_SERVICES}
        self.chains: dict[str, Chain] = {}
        self.bindings: list[Binding] = []
        self.defaults: dict[str, Default] = {}

    def table(self, table: Table) -> None:
        """Convert the chains of one table, and bind those that the kernel calls."""
        circular, callers = calls.circular(table), calls.callers(table) if table.name == "nat" else {}
        for name, specs in table.chains.items():
            rules: list[Rule] = []
            for spec in specs:
                rules += self._rules(spec, table, name, circular, callers.get(name, frozenset()))
            self.chains[self._name(table, name)] = Chain(self._name(table, name), rules)
        for name in BUILT_IN[table.name]:
            if name in table.chains or name in table.policies:
                self._bind(table, name)

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
        self.bindings.append(Binding(chain, None, "in", where, self._ruleset.family))

    def _rules(self, spec: Spec | Unread, table: Table, chain: str, circular: frozenset[int],
               hooks: frozenset[str]) -> list[Rule]:
        line = self._first + spec.line
        if isinstance(spec, Unread):
            self._form.unread(spec.line, spec.reason)
            return implicit.unread(line, spec.reason, self._any)
        try:
            effect = targets.understand(spec, self._ruleset.family, table.chains, hooks)
            meaning = matches.understand(spec, self._ruleset.family, self._sets)
            if spec.line in circular:
                raise RuleError(Reason("{caller} and {called} call each other, which the kernel refuses",
                                       caller=chain, called=effect.chain))
        except RuleError as error:
            self._form.unread(spec.line, str(error))
            return implicit.unread(line, str(error), self._any)
        self._note_doubts(spec, effect, meaning.packets)
        plain = Rule(effect.action, self._any, self._any, ANY_SERVICES, line,
                     target=self._name(table, effect.chain) if effect.chain else "", effect=effect.effect)
        rules = [rule for part in meaning.packets for rule in self._matching(plain, part)]
        if not rules:  # it can match nothing, but it is there
            rules = [plain._replace(sources=AddressSet(), destinations=AddressSet(), effect=None)]
        asides = [rule for aside in meaning.asides for part in aside.packets for rule in self._matching(
            Rule(aside.action, self._any, self._any, ANY_SERVICES, line, effect=aside.effect),
            part.copy(aside.doubt))]
        doubt = implicit.of_target(effect.deed, spec.target, self._name_of(spec.line))
        if doubt:
            asides += [rule._replace(action=Action.DENY, conditions=(*rule.conditions,
                                                                     doubt)) for rule in rules]
        return asides + rules

    def _matching(self, plain: Rule, part: Matched) -> Iterator[Rule]:
        conditions = (*part.conditions, *self._form.of_every_rule(self._ruleset))
        for sources, destinations, services in part.products():
            yield plain._replace(sources=self._one(sources), destinations=self._one(destinations),
                                 services=self._same(services), conditions=conditions)

    def _note_doubts(self, spec: Spec, effect: targets.TargetEffect, parts: Iterable[Matched]) -> None:
        """Note a rule of which something stays open that can matter."""
        opaque = dict.fromkeys(each.because for part in parts for each in part.conditions
                               if isinstance(each, Opaque))
        if opaque and (effect.action is not Action.CONTINUE or effect.effect):
            self._form.approximated(spec.line, Reason("open: {reasons}", reasons=joined("; ", opaque)))

    def _name_of(self, line: int) -> str:
        """Name a line of the files as they were given: facts keep their keys when a script moves lines."""
        given = self._form.source.given(line)
        if not given:
            return f"the line {self._form.source.span(line).first_line} of the script"
        sources = self._joined.sources
        before = sources[:next(at for at, each in enumerate(sources) if each is self._form.source)]
        return f"line {sum(len(each.original.lines()) for each in before) + given}"

    def _one(self, found: AddressSet) -> AddressSet:
        return self._addresses.setdefault(found, found)

    def _same(self, services: tuple[Service, ...]) -> tuple[Service, ...]:
        return self._services.setdefault(services, services)
