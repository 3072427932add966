"""Mistakes that a reader or a tracer of rules could make: the oracle has to see each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.conditions import Condition, HasFlags, InState, IsItself, OnInterface
from aclproof.parsers.model.effects import ChangeHopLimit, SetMark, Translate, Untrack
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, Service, is_icmp
from tests.oracle.judge import Fault


def _rules(change: Callable[[Rule], Rule]) -> Fault:
    """Misunderstand single rules."""
    return Fault(firewall=lambda firewall: replace(firewall, chains={
        name: Chain(name, [change(rule) for rule in chain.rules])
        for name, chain in firewall.chains.items()}))


def _built_in(change: Callable[[Rule], Rule]) -> Fault:
    """Misunderstand rules of the chains that the kernel itself calls."""
    return Fault(firewall=lambda firewall: replace(firewall, chains={
        name: Chain(name, [change(rule) for rule in chain.rules]) if name in firewall.defaults else chain
        for name, chain in firewall.chains.items()}))


def _defaults(change: Callable[[Default], Default]) -> Fault:
    return Fault(firewall=lambda firewall: replace(firewall, defaults={
        name: change(default) for name, default in firewall.defaults.items()}))


def _services(change: Callable[[Service], Service]) -> Fault:
    return _rules(lambda rule: rule._replace(services=tuple(change(each) for each in rule.services)))


def _addresses(change: Callable[[IntervalSet], IntervalSet]) -> Fault:
    def both(found: AddressSet) -> AddressSet:
        return AddressSet(change(found.v4), change(found.v6))

    return _rules(lambda rule: rule._replace(sources=both(rule.sources),
                                             destinations=both(rule.destinations)))


def _conditions(change: Callable[[Condition], Condition]) -> Fault:
    return _rules(lambda rule: rule._replace(conditions=tuple(change(each) for each in rule.conditions)))


def _action(wrong: Action, right: Action) -> Callable[[Rule], Rule]:
    return lambda rule: rule._replace(action=wrong) if rule.action is right else rule


def _longer(found: IntervalSet) -> IntervalSet:
    return IntervalSet.of(*((low, min(high + 1, 65535)) for low, high in found.ranges))


def _without_lowest(found: IntervalSet) -> IntervalSet:
    (low, _), *rest = found.ranges
    return found - IntervalSet.of((low, low)) if rest else found


def _shorter(found: IntervalSet) -> IntervalSet:
    """Ranges that are no network end one address too early."""
    return IntervalSet.of(*((low, high - (high - low + 1 & high - low > 0)) for low, high in found.ranges))


def _first_block(found: IntervalSet) -> IntervalSet:
    return IntervalSet(found.ranges[:1]) if len(found.ranges) > 3 else found


def _flags(condition: Condition) -> Condition:
    return replace(condition, mask=condition.mask & ~0x10) if isinstance(condition, HasFlags) else condition


def _plain_state(condition: Condition) -> Condition:
    return replace(condition, negated=False) if isinstance(condition, InState) else condition


def _plain_interface(condition: Condition) -> Condition:
    return replace(condition, negated=False) if isinstance(condition, OnInterface) else condition


def _plain_itself(condition: Condition) -> Condition:
    return replace(condition, negated=False) if isinstance(condition, IsItself) else condition


def _literal_plus(condition: Condition) -> Condition:
    if isinstance(condition, OnInterface) and condition.name.endswith("+"):
        return replace(condition, name=condition.name[:-1])
    return condition


def _invalid_is_new(condition: Condition) -> Condition:
    if isinstance(condition, InState) and "NEW" in condition.states:
        return replace(condition, states=condition.states | {"INVALID"})
    return condition


def _no_codes(service: Service) -> Service:
    only_icmp = service.protocols.size == 1 and is_icmp(service.protocols.lowest)
    return replace(service, destination_ports=ANY_PORT) if only_icmp else service


def _without(effect: type) -> Callable[[Rule], Rule]:
    return lambda rule: rule._replace(effect=None) if isinstance(rule.effect, effect) else rule


def _same_port(rule: Rule) -> Rule:
    if isinstance(rule.effect, Translate):
        return rule._replace(effect=replace(rule.effect, ports=None))
    return rule


def _mark_ends(rule: Rule) -> Rule:
    return rule._replace(action=Action.PERMIT) if isinstance(rule.effect, SetMark) else rule


def _without_tables(*tables: str) -> Callable[[Firewall], Firewall]:
    return lambda firewall: replace(firewall, bindings=tuple(
        each for each in firewall.bindings if each.chain.partition("/")[0] not in tables))


def _nat_accepts_for_good(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Walk the chains of nat and of the filter after it as if they were one."""
    joined: list[Stage] = []
    for stage in stages:
        if joined and joined[-1].once and not stage.once:
            stage = replace(stage, chains=joined.pop().chains + stage.chains)
        joined.append(stage)
    return tuple(joined)


def _without_connection(rule: Rule) -> Rule:
    return rule._replace(conditions=tuple(each for each in rule.conditions
                                          if not isinstance(each, HasConnection)))


FAULTS: Mapping[str, Fault] = {
    "a range of ports ends one too late": _services(lambda each: replace(
        each, destination_ports=_longer(each.destination_ports))),
    "the lowest port of a list is missed": _services(lambda each: replace(
        each, source_ports=_without_lowest(each.source_ports),
        destination_ports=_without_lowest(each.destination_ports))),
    "multiport --ports looks at destinations only": Fault(text=lambda text: text.replace(
        "--ports", "--dports")),
    "a range of addresses ends one too early": _addresses(_shorter),
    "a scattered mask is read as one network": _addresses(_first_block),
    "codes of ICMP do not matter": _services(_no_codes),
    "--syn does not look at ACK": _conditions(_flags),
    "a negated state is not negated": _conditions(_plain_state),
    "a negated interface is not negated": _conditions(_plain_interface),
    "a negated LOCAL is not negated": _conditions(_plain_itself),
    "the + of an interface means nothing": _conditions(_literal_plus),
    "INVALID is as good as NEW": _conditions(_invalid_is_new),
    "a negation is lost": Fault(text=lambda text: text.replace("! ", "")),
    "goto comes back": _rules(_action(Action.JUMP, Action.GOTO)),
    "jump does not come back": _rules(_action(Action.GOTO, Action.JUMP)),
    "RETURN does nothing": _rules(_action(Action.CONTINUE, Action.RETURN)),
    "RETURN in a built-in chain accepts": _built_in(_action(Action.PERMIT, Action.RETURN)),
    "a rule that only counts comes back": _rules(_action(Action.RETURN, Action.CONTINUE)),
    "MARK accepts": _rules(_mark_ends),
    "MARK does nothing": _rules(_without(SetMark)),
    "NOTRACK does nothing": _rules(_without(Untrack)),
    "TTL does nothing": _rules(_without(ChangeHopLimit)),
    "what has no connection passes tests of it": _rules(_without_connection),
    "a list of address types means its first": Fault(text=lambda text: re.sub(
        r"(-type [A-Z]+),[A-Z,]+", r"\1", text)),
    "DNAT does nothing": _rules(_without(Translate)),
    "DNAT leaves the port alone": _rules(_same_port),
    "policies accept": _defaults(lambda each: replace(each, action=Action.PERMIT)),
    "only filter and nat are looked at": Fault(firewall=_without_tables("raw", "mangle")),
    "nat is not looked at": Fault(firewall=_without_tables("nat")),
    "ACCEPT in nat accepts for good": Fault(stages=_nat_accepts_for_good),
    "all packets are asked in nat": Fault(stages=lambda stages: tuple(
        replace(each, once=False) for each in stages)),
    "an exception in a set is a member": Fault(text=lambda text: text.replace(" nomatch", "")),
    "exceptions of a set are not wanted": Fault(text=lambda text: text.replace(" --return-nomatch", "")),
    "the second direction of a set is the first": Fault(text=lambda text: text.replace(
        "src,dst", "src,src").replace("dst,src", "dst,dst")),
}
"""What is wrong, in words, and how to make it so."""
