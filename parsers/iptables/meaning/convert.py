"""From iptables' words to the common model: tables become chains, and every line is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from aclproof.parsers.iptables import forms
from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.meaning import implicit, matches
from aclproof.parsers.iptables.text import targets
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Ruleset, Spec, Table, Unread
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
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
    chains |= {chain.name: chain for chain in implicit.chains(inputs, joined)}
    files = tuple(File(each.source.name, each.source.sha256, _counts(each)) for each in inputs)
    notes = tuple(note for each in inputs for note in _notes(each))
    return Firewall(sources[0].name, VENDOR, "", joined, files, chains, bindings=tuple(bindings),
                    defaults=defaults, notes=notes, on_host=True)


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
        circular = _circular(table)
        for name, specs in table.chains.items():
            rules: list[Rule] = []
            for spec in specs:
                rules += self._rules(spec, table, name, circular)
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

    def _rules(self, spec: Spec | Unread, table: Table, chain: str, circular: frozenset[int]) -> list[Rule]:
        line = self._first + spec.line
        if isinstance(spec, Unread):
            self._form.unread(spec.line, spec.reason)
            return implicit.unread(line, spec.reason, self._any)
        try:
            effect = targets.understand(spec, self._ruleset.family, table.chains)
            meaning = matches.understand(spec.tests, self._ruleset.family, self._sets)
            if spec.line in circular:
                raise RuleError(Reason("{caller} and {called} call each other, which the kernel refuses",
                                       caller=chain, called=effect.chain))
        except RuleError as error:
            self._form.unread(spec.line, str(error))
            return implicit.unread(line, str(error), self._any)
        conditions: list[Condition] = [*meaning.conditions, *self._form.of_every_rule(self._ruleset)]
        opaque = [each.because for each in meaning.conditions if isinstance(each, Opaque)]
        if opaque and (effect.action is not Action.CONTINUE or effect.effect):
            self._form.approximated(spec.line, Reason("open: {reasons}", reasons=joined("; ", opaque)))
        target = self._name(table, effect.chain) if effect.chain else ""
        rules = [Rule(effect.action, self._one(sources), self._one(destinations), self._same(services), line,
                      tuple(conditions), True, target, effect.effect)
                 for sources, destinations, services in meaning.products()]
        if not rules:  # it can match nothing, but it is there
            rules = [Rule(effect.action, AddressSet(), AddressSet(), ANY_SERVICES, line, (), True, target)]
        if not effect.program:
            return rules
        name = self._name_of(spec.line)
        return [each for rule in rules for each in implicit.program(rule, name)]

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


def _circular(table: Table) -> frozenset[int]:
    """Lines whose jump closes a circle of chains; the kernel loads it only where nothing leads there."""
    done: set[str] = set()
    lines: set[int] = set()
    for root in table.chains:
        above: dict[str, None] = {}
        work: list[tuple[str, int, bool]] = [(root, 0, True)]
        while work:
            name, line, entering = work.pop()
            if not entering:
                above.pop(name, None)
                done.add(name)
            elif name in above:
                lines.add(line)
            elif name not in done:
                above[name] = None
                work.append((name, line, False))
                work += [(spec.target, spec.line, True) for spec in table.chains[name]
                         if isinstance(spec, Spec) and spec.target in table.chains]
    return frozenset(lines)
