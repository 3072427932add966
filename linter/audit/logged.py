"""Which denies stop packets that no rule has logged, where it is rules that log.

A log rule is taken for one that keeps its packets: what then still comes to a deny, nothing has logged. How
often a log rule may log is not looked at, and a rule that is not understood may have logged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.assumed import Lasting, lasting
from aclproof.linter.audit.chain_audit import STEPS
from aclproof.linter.audit.pieces import Piece, ProtocolClasses, pieces
from aclproof.linter.audit.reach import Reaches, Surroundings, reach
from aclproof.linter.audit.ways import Way, Ways
from aclproof.linter.engine.budget import Budget
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.relevant import RulesByChain, relevant
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, Condition, InState, Opaque
from aclproof.parsers.model.firewall import Binding, Firewall
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.rules import DENY_REST, NO_LINE, Action, Chain, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, common
from aclproof.reason import Reason

_BATCH = 256
"""Pieces that are looked at in one pass."""
_STATES = (NEW, ESTABLISHED, INVALID)
"""What a packet that is stopped may belong to, as rules ask."""
_NOTHING = Reason("no rule before it logs what it stops")
_NOT_ALL = Reason("no rule before it logs all that it stops")
_EVERY: Mapping[Family | None, AddressSet] = {None: ANY, Family.V4: ANY4, Family.V6: ANY6}


class Found(Struct, frozen=True):
    """A deny, or a policy, that stops what was not logged."""

    span: Span
    why: str
    logs: tuple[Span, ...] = ()
    """The rules before it that log some of what comes to it, or would."""


class _Deny(Struct, frozen=True):
    """A rule that stops packets, or a policy as the last rule of its chain."""

    chain: str
    rule: Rule
    span: Span


class LogRules:
    """The rules of a firewall with those that log."""

    def __init__(self, firewall: Firewall, besides: Mapping[int, Besides]) -> None:
        self._besides, self._steps = besides, Budget(STEPS)
        self._logging: dict[int, int] = {}
        """By the identity of what is taken for them, the lines of rules that log; NO_LINE for what may. Those
        that log what they decide themselves are not among them."""
        self._taken_ids: set[int] = set()
        self._bindings = {each.chain: each for each in firewall.bindings if each.chain in firewall.chains}
        """By the chain in which packets begin; a policy that denies has one, which calls the other."""
        self._calls_of_policies: dict[str, str] = {}
        taken = {name: [self._taken(rule) for rule in chain.rules]
                 for name, chain in firewall.chains.items()}
        self._that_log = self._leading_to_logs(taken)
        chains = {name: [rule._replace(conditions=_unlimited(rule)) if rule.target in self._that_log else rule
                         for rule in rules] for name, rules in taken.items()}
        self._denies = [*self._of_rules(firewall), *self._policies(firewall, chains)]
        self._chains: RulesByChain = chains
        self._firewall = replace(firewall, chains={
            name: Chain(name, rules) for name, rules in chains.items()})
        self._ways = Ways(chains, self._bindings)
        self._quote = firewall.quote
        self._lasting: dict[str, Lasting | None] = {}
        self._unsettled: dict[Span, None] = {}

    def unlogged(self) -> Iterator[Found | Span]:
        """Yield every deny, and every policy, of which some packets leave no line in a log; and the lines of
        which it would take too long to tell."""
        said: set[Span] = set()
        left = self._pieces(said)
        while batch := list(islice(left, _BATCH)):
            met = relevant(self._firewall, [(self._stages(way), piece.box) for _, way, piece in batch])
            for (deny, way, piece), rules in zip(batch, met, strict=True):
                if deny.span not in said and self._reaches(deny, way, piece, rules):
                    said.add(deny.span)
                    yield self._found(deny)
        yield from (span for span in self._unsettled if span not in said)

    def _pieces(self, said: Collection[Span]) -> Iterator[tuple[_Deny, Way, Piece]]:
        """The packets of all denies, by the ways on which they come; of what is `said` already no more."""
        classes = ProtocolClasses(rule for rules in self._chains.values() for rule in rules)
        for deny in self._denies:
            ways, whole = self._ways.to(deny.chain, deny.rule)
            if not whole:
                self._unsettled[deny.span] = None
            yield from ((deny, way, piece) for way in ways if deny.span not in said
                        for piece in pieces([way.whole()], classes))

    def _taken(self, rule: Rule) -> Rule:
        """A rule that logs, or may, as one that keeps its packets; any other one as it is."""
        logs = self._besides.get(rule.line, NOTHING).logs
        if not logs and not any(isinstance(each, Opaque) and not each.key for each in rule.conditions):
            return rule
        made = Rule(Action.PERMIT, rule.sources, rule.destinations, rule.services, NO_LINE,
                    _unlimited(rule), rule.enabled)
        self._taken_ids.add(id(made))
        if rule.action is Action.CONTINUE or not logs:
            self._logging[id(made)] = rule.line if logs else NO_LINE
        return made

    def _of_rules(self, firewall: Firewall) -> Iterator[_Deny]:
        """The rules that deny and do nothing else; a program or an unread line may let packets pass."""
        for name, chain in firewall.lists.items():
            others = {rule.line for rule in chain.rules if rule.action is not Action.DENY}
            for rule in chain.rules:
                open_ = [each for each in rule.conditions if isinstance(each, Opaque)]
                if (rule.action is Action.DENY and rule.in_file and rule.enabled
                        and not self._besides.get(rule.line, NOTHING).logs
                        and all(each.key for each in open_) and not (open_ and rule.line in others)):
                    yield _Deny(name, rule, firewall.quote(rule.line))

    def _policies(self, firewall: Firewall, chains: dict[str, list[Rule]]) -> Iterator[_Deny]:
        """The policies that deny, each as a rule after a call of its chain: what returns comes to it."""
        for name, binding in list(self._bindings.items()):
            default = firewall.defaults.get(name)
            if default and default.action is Action.DENY:
                every, outer = _EVERY[binding.family], f"policy of {name}"
                call = Rule(Action.JUMP, every, every, (ANY_SERVICE,), NO_LINE, target=name)
                chains[outer] = [call, call._replace(action=Action.DENY, target="")]
                self._bindings[outer] = self._bindings.pop(name)
                self._calls_of_policies[outer] = name
                yield _Deny(outer, chains[outer][-1], default.span)

    def _leading_to_logs(self, chains: RulesByChain) -> frozenset[str]:
        """The chains that log, or call one that does; what is not understood may, and is none of them."""
        found: set[str] = set()
        for name in callees_first(chains, chains):
            if any(self._logging.get(id(rule)) or rule.target in found for rule in chains[name]):
                found.add(name)
        return frozenset(found)

    def _earlier(self, base: str) -> list[str]:
        """The chains that the kernel calls before one for the same packets."""
        here = self._bindings[base]
        return [name for name, each in self._bindings.items() if _is_before(each, here)]

    def _stages(self, way: Way) -> tuple[Stage, ...]:
        return (Stage("", (*self._earlier(way.base), way.base), DENY_REST),)

    def _found(self, deny: _Deny) -> Found:
        """What is to be said of a deny that stops what is not logged."""
        ways, _ = self._ways.to(deny.chain, deny.rule)
        some = [rule for each in ways for rule in self._before(each)]
        lines = dict.fromkeys(line for rule in some if (line := self._logging.get(id(rule), NO_LINE)))
        return Found(deny.span, _NOT_ALL if some else _NOTHING, tuple(map(self._quote, lines)))

    def _before(self, way: Way) -> Iterator[Rule]:
        """What logs, or calls what does, and may meet what comes to the end of a way."""
        whole = way.whole()
        for chain, step in way.steps:
            name = self._calls_of_policies.get(chain, chain) if not step.target else chain
            for rule in self._chains[name] if name in self._that_log else ():
                if rule is step:
                    break
                if (id(rule) in self._logging or rule.target in self._that_log) and rule.enabled and (
                        rule.sources & whole.sources and rule.destinations & whole.destinations
                        and common(rule.services, whole.services)):
                    yield rule

    def _asked(self, rule: Rule, asked: Sequence[Condition]) -> Rule:
        """A rule that logs, of which only those tests are open that the deny does not make itself."""
        if id(rule) not in self._taken_ids or not rule.conditions:
            return rule
        return rule._replace(conditions=tuple(each for each in rule.conditions if each not in asked))

    def _reaches(self, deny: _Deny, way: Way, piece: Piece, met: RulesByChain) -> bool:
        """Whether some packet comes to a deny unlogged: of one state, where rules ask for that."""
        asked = piece.rule.conditions
        ahead = [self._asked(rule, asked) for base in self._earlier(way.base)
                 for name in callees_first(self._chains, [base]) for rule in met.get(name, ())
                 if id(rule) in self._taken_ids]
        own = [*ahead, *(self._asked(each, asked) for each in way.before(met))]
        called = {name: [self._asked(each, asked) for each in rules] for name, rules in met.items()}
        known = self._lasting_of(way.base)

        def of(rule: Rule) -> bool:
            if known is None or known.seen(rule, known.held(rule.conditions)) is None:
                return False  # packets may be others by then, or the rule's own tests exclude each other
            found = reach(Surroundings(Piece(rule, piece.box), [*own, rule], called, known), self._steps)
            if found is None:
                self._unsettled[deny.span] = None
            return isinstance(found, Reaches)

        by_state = any(isinstance(each, InState) for rules in (own, *called.values()) for rule in rules
                       for each in rule.conditions)
        return of(piece.rule) and (not by_state or any(
            of(piece.rule._replace(conditions=(*asked, InState(frozenset((state,)))))) for state in _STATES))

    def _lasting_of(self, base: str) -> Lasting | None:
        if base not in self._lasting:
            self._lasting[base] = lasting((rule for name in callees_first(self._chains, [base])
                                           for rule in self._chains[name]), self._besides)
        return self._lasting[base]


def _unlimited(rule: Rule) -> tuple[Condition, ...]:
    """What a rule tests, but for limits, and for what is hidden."""
    return tuple(each for each in rule.conditions
                 if not isinstance(each, Opaque) or not (each.mostly or not each.key))


def _is_before(one: Binding, other: Binding) -> bool:
    if one.point is None or other.point is None:
        return False
    if one.family and other.family and one.family != other.family:
        return False
    if one.point.hook == other.point.hook:
        return (one.point.priority, one.point.rank) < (other.point.priority, other.point.rank)
    return one.point.hook in _BEFORE.get(other.point.hook, ())


_BEFORE: Mapping[str, Sequence[str]] = {"input": ("prerouting",), "forward": ("prerouting",),
                                        "postrouting": ("prerouting", "forward", "output")}
"""By hook, the hooks that the same packets may have passed."""
