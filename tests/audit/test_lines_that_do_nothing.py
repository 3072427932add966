"""Lines that may go, against every packet of a small universe and every answer to what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof.linter.audit.chain_audit import DeadLine, audit_chain
from aclproof.linter.engine.budget import Budget
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Membership, Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_PORT, TCP, UDP
from aclproof.parsers.source import from_bytes
from tests import strategies
from tests.strategies import TOP

Chains = Mapping[str, Sequence[Rule]]
Answers = Mapping[tuple[int, Condition], bool]
"""Of each condition of each rule. What is opaque answers each rule apart: it may be a limit, or chance."""
_MOST_QUESTIONS = 5

_ONE = IntervalSet.of((0, 0))
UNIVERSE = [Packet(Family.V4, protocol, source, destination, 0, port) for protocol in (TCP, UDP, 1)
            for source, destination, port in product(range(TOP + 1), repeat=3)]


def called(name: str, chains: Chains) -> set[str]:
    """A chain and those that it calls, and so on."""
    return {name}.union(*(called(rule.target, chains) for rule in chains[name] if rule.target))


def questions(chains: Chains) -> dict[tuple[int, Condition], object]:
    """What each condition of each rule asks. Rules that let packets go on may change members of sets."""
    every = [rule for rules in chains.values() for rule in rules]
    met = [rule for name in called("a", chains) for rule in chains[name]]
    changing = Opaque, *([Membership] if any(each.action is Action.CONTINUE for each in met) else ())
    return {(id(rule), each): (id(rule), each) if isinstance(each, changing) else each
            for rule in every for each in rule.conditions}


def answers(chains: Chains) -> Iterator[dict[tuple[int, Condition], bool]]:
    asked = questions(chains)
    different = list(dict.fromkeys(asked.values()))
    assume(len(different) <= _MOST_QUESTIONS)
    for values in product((False, True), repeat=len(different)):
        known = dict(zip(different, values, strict=True))
        yield {each: known[question] for each, question in asked.items()}


def matches(rule: Rule, packet: Packet, known: Answers) -> bool:
    return (rule.enabled and packet.source in rule.sources.v4 and packet.destination in rule.destinations.v4
            and any(packet.protocol in each.protocols and packet.source_port in each.source_ports
                    and packet.destination_port in each.destination_ports for each in rule.services)
            and all(known[id(rule), each] for each in rule.conditions))


def walk(chains: Chains, name: str, packet: Packet, known: Answers, met: list[Rule]) -> Action:
    """What becomes of a packet in a chain, and the rules that match it on its way."""
    for rule in chains[name]:
        if not matches(rule, packet, known):
            continue
        met.append(rule)
        if rule.target:
            found = walk(chains, rule.target, packet, known, met)
            if found in (Action.PERMIT, Action.DENY) or rule.action is Action.GOTO:
                return found
        elif rule.action is not Action.CONTINUE:
            return rule.action
    return Action.RETURN


Fate = tuple[Action, list[Rule]]


def fates(chains: Chains, without: frozenset[int] = frozenset()) -> tuple[list[Fate], set[int]]:
    """The fate of every packet under every answer, and what notes it on its way; the rules that any meets."""
    few = {name: [rule for rule in rules if id(rule) not in without] for name, rules in chains.items()}
    every: set[int] = set()
    found: list[Fate] = []
    for known in answers(chains):
        for packet in UNIVERSE:
            met: list[Rule] = []
            action = walk(few, "a", packet, known, met)
            found.append((action, [each for each in met if each.action is Action.CONTINUE]))
            every.update(map(id, met))
    return found, every


def firewall(chains: Chains) -> Firewall:
    return Firewall("fw", "cisco-asa", "", from_bytes(b"x", "fw"), (),
                    {name: Chain(name, rules) for name, rules in chains.items()})


def found_in(chains: Chains) -> tuple[DeadLine, ...]:
    audit = audit_chain(firewall(chains), "a", Budget(10**9), {})
    assert audit is not None
    assert not audit.unsettled
    return audit.dead


def small(rule: Rule, line: int) -> Rule:
    """A rule of the universe: of IPv4, from any port; of one that matches nothing, nothing is said."""
    return rule._replace(
        line=line, sources=AddressSet(rule.sources.v4 or _ONE),
        destinations=AddressSet(rule.destinations.v4 or _ONE),
        services=tuple(replace(each, source_ports=ANY_PORT) for each in rule.services))


@st.composite
def lists(draw: st.DrawFn, *, calls: bool) -> Chains:
    """Chains of IPv4 rules, some lines of the first one of two rules."""
    names = ("a", "b", "c") if calls else ("a",)
    chains = {}
    for at, name in enumerate(names):
        rules = draw(st.lists(strategies.rules(names[at + 1:]), max_size=6 if name == "a" else 3))
        lines = sorted(draw(st.integers(1, 5)) for _ in rules)
        chains[name] = list(map(small, rules, lines))
    return chains


@given(lists(calls=True))
def test_all_that_is_found_may_go_at_once(chains: Chains) -> None:
    lines = {each.line for each in found_in(chains)}
    gone = frozenset(id(rule) for rule in chains["a"] if rule.line in lines)
    assert fates(chains)[0] == fates(chains, gone)[0]


@given(lists(calls=True))
def test_no_packet_reaches_what_is_called_unreached(chains: Chains) -> None:
    _, met = fates(chains)
    for each in found_in(chains):
        own = {id(rule) for rule in chains["a"] if rule.line == each.line and rule.enabled}
        if each.why != "redundant":
            assert not own & met
            assert each.by


@given(lists(calls=False))
def test_every_line_that_no_packet_reaches_is_found(chains: Chains) -> None:
    _, met = fates(chains)
    unreached = {line for line in {each.line for each in chains["a"] if each.enabled}
                 if not any(id(rule) in met for rule in chains["a"] if rule.line == line)}
    assert {each.line for each in found_in(chains) if each.why != "redundant"} == unreached


@given(lists(calls=False))
def test_every_redundant_line_is_found(chains: Chains) -> None:
    """From the last to the first, each without those that went before; what is shadowed may go, or stay."""
    chains = {"a": [rule._replace(conditions=tuple(
        each for each in rule.conditions if isinstance(each, Opaque))) for rule in chains["a"]]}
    found = found_in(chains)
    shadowed, covered = ({id(rule) for each in found if each.why == why for rule in chains["a"]
                          if rule.line == each.line and rule.enabled} for why in ("shadowed", "covered"))
    gone, redundant = shadowed | covered, set()
    for line in sorted({each.line for each in chains["a"] if each.enabled}, reverse=True):
        own = {id(rule) for rule in chains["a"] if rule.line == line and rule.enabled}
        decide = all(rule.action in (Action.PERMIT, Action.DENY) for rule in chains["a"] if id(rule) in own)
        if decide and not own & gone and fates(chains)[0] == fates(chains, frozenset(
                gone | own))[0] == fates(chains, frozenset((gone | own) - shadowed))[0]:
            gone |= own
            redundant.add(line)
    assert {each.line for each in found if each.why == "redundant"} == redundant
