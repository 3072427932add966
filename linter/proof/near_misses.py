"""Rules that almost permit missing packets, which explains the mistake better than the blocking line does.

One pass over each list for all that is missing at a firewall; nothing here decides a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.engine.evaluate import callees_first
from aclproof.linter.engine.prefilter import FirstCandidates
from aclproof.linter.result import NearKind
from aclproof.parsers.model.addresses import spell_few
from aclproof.parsers.model.conditions import Condition, Context, InProfile, OnInterface, TimeRange
from aclproof.parsers.model.firewall import Binding, Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import AND, Reason, joined
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, TCP, UDP, is_icmp
from aclproof.parsers.model.ternary import Ternary, settle

_MOST = 3
_MOST_RULES = 200
"""So many rules of one list are compared for one finding; beyond that no rule is informative."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Packets that one line stops, as the filters see them."""

    box: Box
    whole: Box
    """All packets of the demand there."""
    stages: tuple[Stage, ...]
    context: Context
    by: Rule | Default


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that would let the packets through but for one thing."""

    kind: NearKind
    rule: Rule
    text: str


@dataclass(frozen=True, slots=True)
class _Variant:
    """Packets changed by one slip: a rule that permits these almost permits the blocked ones."""

    blocked: Blocked
    kind: NearKind | None
    """None: the packets themselves, or others of the same demand."""
    box: Box


def near_misses(firewall: Firewall, blocked: Sequence[Blocked]) -> list[tuple[Near, ...]]:
    """For each of `blocked` the few rules that come nearest, those that explain the mistake best first."""
    if not blocked:
        return []
    variants = [(number, variant) for number, each in enumerate(blocked) for variant in _variants(each)]
    boxes = [variant.box for _, variant in variants]
    stage_of = _stages_by_list(firewall, blocked)
    compared = FirstCandidates(boxes, _MOST_RULES)
    stopping = {id(each.by) for each in blocked}
    found: list[list[_Ranked]] = [[] for _ in blocked]
    for name, chain in firewall.lists.items():
        of_chain = {id(rule) for rule in chain.rules if id(rule) in stopping}
        for order, rules in compared.of(chain.rules).items():
            number, variant = variants[order]
            stops = id(variant.blocked.by) in of_chain
            place = _List(name, stage_of[number].get(name), stops)
            found[number] += _near_in(firewall, variant, rules, place)
    return [_best(ranked) for ranked in found]


@dataclass(frozen=True, slots=True)
class _List:
    """The list that holds a rule."""

    name: str
    stage: Stage | None
    """The filter that evaluates it for the packets, if one does."""
    stops: bool
    """Whether the line that stops the packets is in it as well."""


_Ranked = tuple[int, Near]
"""A rule with its rank: the lowest explains the mistake best."""


def _near_in(firewall: Firewall, variant: _Variant, rules: Sequence[Rule],
             place: _List) -> Iterator[_Ranked]:
    """Yield those of a list's rules that almost permit the packets."""
    for rule in rules:
        if rule.action is not Action.PERMIT or rule.effect is not None:
            continue
        near = _compare(firewall, variant, rule, place)
        if near:
            unspecific = 0 if _specific(rule, variant) else _UNSPECIFIC
            yield _RANK[near.kind] + unspecific, near


def _variants(blocked: Blocked) -> Iterator[_Variant]:
    box = blocked.box
    yield _Variant(blocked, None, blocked.whole)
    yield _Variant(blocked, "reversed", replace(box, sources=box.destinations, destinations=box.sources))
    if box.protocol in (TCP, UDP):
        yield _Variant(blocked, "other-protocol", replace(box, protocol=UDP if box.protocol == TCP else TCP))
        yield _Variant(blocked, "source-side", replace(box, source_ports=box.destination_ports,
                                                       destination_ports=ANY_PORT))


def _stages_by_list(firewall: Firewall, blocked: Sequence[Blocked]) -> list[Mapping[str, Stage]]:
    """For each of `blocked` the first filter that evaluates a list, called ones included, by its name."""
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    of_stages: dict[int, Mapping[str, Stage]] = {}  # by identity: many packets pass the same stages
    for each in blocked:
        if id(each.stages) not in of_stages:
            of_stages[id(each.stages)] = {name: stage for stage in reversed(each.stages)
                                          for name in callees_first(rules, stage.chains)}
    return [of_stages[id(each.stages)] for each in blocked]


def _compare(firewall: Firewall, variant: _Variant, rule: Rule, place: _List) -> Near | None:
    """Return what keeps one rule from the packets, if it is one thing only."""
    context = replace(variant.blocked.context, facts={})
    if place.stage:
        context = replace(context, place=place.stage.place)
    hindering = [condition for condition in rule.conditions if settle(condition, context) is not Ternary.YES]
    if not hindering:
        return _without_conditions(firewall, variant, rule, place)
    of_these = place.stage and not variant.kind
    if len(hindering) == 1 and rule.enabled and of_these:
        return _but_for(rule, hindering[0], context)
    return None


def _without_conditions(firewall: Firewall, variant: _Variant, rule: Rule, place: _List) -> Near | None:
    """Compare a rule that no condition keeps from the packets."""
    if variant.kind:
        return _by_slip(variant, variant.kind, rule, place)
    meant = rule.enabled and _specific(rule, variant)
    box = variant.blocked.box
    if not _same_ends(rule, box) or not _same_service(rule, box):
        return _partly(rule, variant.blocked) if meant and place.stage else None
    if place.stage is None:
        return Near(*_elsewhere(firewall, place.name, rule)) if meant else None
    if not rule.enabled:
        return Near("disabled", rule, Reason("permits it, but is inactive"))
    return _below(rule, variant.blocked.by) if place.stops else None


_RANK: Mapping[NearKind, int] = {
    "disabled": 0, "expired": 0, "below": 1, "other-profile": 1, "other-interface": 1, "partly": 2,
    "elsewhere": 3, "unbound": 3, "other-protocol": 4, "source-side": 5, "reversed": 6}
_UNSPECIFIC = 10


def _below(rule: Rule, by: Rule | Default) -> Near | None:
    if not isinstance(by, Rule):
        return None
    return Near("below", rule, Reason("permits it, but line {line} is asked before it", line=by.line))


def _but_for(rule: Rule, condition: Condition, context: Context) -> Near | None:
    """A rule that one condition keeps from the packets."""
    if settle(condition, context) is not Ternary.NO:
        return None
    match condition:
        case TimeRange(name=name, ended=ended):
            return Near("expired", rule, Reason("permits it, but time-range {name} ended on {ended}",
                                                name=name, ended=ended))
        case InProfile(profiles=profiles):
            return Near("other-profile", rule,
                        Reason("permits it, but only in the profile {profiles}",
                               profiles=joined(AND, sorted(profiles))))
        case OnInterface(way=way, name=name, negated=False):
            reason = Reason("permits it, but only where packets go out by {name}", name=name)
            if way == "in":
                reason = Reason("permits it, but only where packets come in by {name}", name=name)
            return Near("other-interface", rule, reason)
        case _:
            return None


def _same_ends(rule: Rule, box: Box) -> bool:
    """Whether a rule is for any of these addresses, on both sides."""
    return (box.sources.overlaps(rule.sources.of(box.family))
            and box.destinations.overlaps(rule.destinations.of(box.family)))


def _same_service(rule: Rule, box: Box) -> bool:
    for service in rule.services:
        ports_meet = (box.source_ports.overlaps(service.source_ports)
                      and box.destination_ports.overlaps(service.destination_ports))
        if box.protocol in service.protocols and ports_meet:
            return True
    return False


def _specific(rule: Rule, variant: _Variant) -> bool:
    """Whether a rule means this service, and not everything."""
    box = variant.box
    by_source = variant.kind == "source-side" or is_icmp(box.protocol)
    wanted = box.source_ports if by_source else box.destination_ports
    for service in rule.services:
        if box.protocol not in service.protocols or service.protocols.size > 2:
            continue
        ports = service.source_ports if by_source else service.destination_ports
        if ports != ANY_PORT and ports.overlaps(wanted):
            return True
    return False


def _by_slip(variant: _Variant, kind: NearKind, rule: Rule, place: _List) -> Near | None:
    """A rule that means and permits the packets changed by one slip, in a list that they come to."""
    if not rule.enabled or not _specific(rule, variant):
        return None
    if place.stage is None and kind != "reversed":  # the other direction has lists of its own
        return None
    return Near(kind, rule, _slip(variant))


def _slip(variant: _Variant) -> str:
    match variant.kind:
        case "reversed":
            return Reason("permits the other direction")
        case "other-protocol":
            names = [PROTOCOL_NAMES[box.protocol].upper() for box in (variant.box, variant.blocked.box)]
            return Reason("permits {names}, not {names2}", names=names[0], names2=names[1])
        case _:
            return Reason("has the port on the source side")


def _partly(rule: Rule, blocked: Blocked) -> Near:
    """A rule for other packets of the demand: on which axis it is too narrow."""
    box, whole = blocked.box, blocked.whole
    sources = rule.sources.of(box.family) & whole.sources
    destinations = rule.destinations.of(box.family) & whole.destinations
    if not box.sources.overlaps(sources):
        return Near("partly", rule, Reason("permits it from {few} only",
                                           few=spell_few(box.family, sources, 2)))
    if not box.destinations.overlaps(destinations):
        return Near("partly", rule, Reason("permits it to {few} only",
                                           few=spell_few(box.family, destinations, 2)))
    source_ports = [service.source_ports for service in rule.services if box.protocol in service.protocols]
    if any(ports != ANY_PORT and ports.overlaps(box.destination_ports) for ports in source_ports):
        return Near("source-side", rule, Reason("has the port on the source side"))
    if ANY_PORT in source_ports:
        return Near("partly", rule, Reason("permits it for some of the ports only"))
    return Near("partly", rule, Reason("permits it for some of the source ports only"))


def _elsewhere(firewall: Firewall, name: str, rule: Rule) -> tuple[NearKind, Rule, str]:
    bound = [_binding(binding) for binding in firewall.bindings if binding.chain == name]
    if bound:
        return "elsewhere", rule, Reason("permits it, but {name} is bound {bound}", name=name,
                                         bound=joined(", ", bound))
    if firewall.on_host:
        return "elsewhere", rule, Reason("permits it, but in {name}, which these packets do not pass",
                                         name=name)
    return "unbound", rule, Reason("permits it, but {name} is bound to no interface", name=name)


def _binding(binding: Binding) -> Reason:
    match binding.direction, binding.interface:
        case "in", None:
            return Reason("in globally")
        case "out", None:
            return Reason("out globally")
        case "in", interface:
            return Reason("in {interface}", interface=interface)
        case _, interface:
            return Reason("out {interface}", interface=interface)


def _best(found: Iterable[_Ranked]) -> tuple[Near, ...]:
    once: dict[int, _Ranked] = {}
    for rank, near in found:
        known = once.get(near.rule.line)
        if known is None or rank < known[0]:
            once[near.rule.line] = (rank, near)
    best = sorted(once.values(), key=lambda each: (each[0], each[1].rule.line))
    return tuple(near for _, near in best[:_MOST])
