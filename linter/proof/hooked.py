"""Where a demand meets a firewall that runs on a host: what it routes, what it gets, what it sends.

The first packet of a connection decides how the rest is translated, so replies and later packets follow
the ways that the request took.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aclproof import parsers
from aclproof.linter.demands.demands import Leg, answer
from aclproof.linter.engine.traverse import Way
from aclproof.linter.proof.routed import Crossing
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, Family, single, write
from aclproof.parsers.model.conditions import ANYWHERE, Condition, Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall, Hook, Passage
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, Service, service

_ANY_SERVICES = (ANY_SERVICE,)


def requests(firewall: Firewall, place: SiteFirewall, leg: Leg) -> Iterator[Crossing]:
    """Place the first packets of a demand; none where they do not pass this host."""
    hook = _hook(place, leg)
    if hook is None:
        return
    for box in leg.boxes:
        passage = Passage(box.family, place.interfaces.get(leg.source), place.interfaces.get(leg.destination),
                          hook, profile=place.profile)
        own = NOWHERE
        if hook != "forward":
            own = single(box.family, box.destinations if hook == "input" else box.sources)
        onward = _Onward(firewall, passage, own)
        yield Crossing(box, parsers.stages(firewall, passage), said(passage), passage, own, onward,
                       dict(_arrivals(firewall, leg, box)))


def _hook(place: SiteFirewall, leg: Leg) -> Hook | None:
    if not place.host:
        return "forward"
    to, away = leg.destination in place.host, leg.source in place.host
    if to is away:  # not of this host, or inside it
        return None
    return "input" if to else "output"


def said(passage: Passage) -> str:
    """Name a way for people: `INPUT from eth0`, `FORWARD eth1 -> eth0`."""
    match passage.hook:
        case "input":
            return f"INPUT from {passage.ingress}" if passage.ingress else "INPUT"
        case "output":
            return f"OUTPUT to {passage.egress}" if passage.egress else "OUTPUT"
        case _:
            known = passage.ingress or passage.egress
            return f"FORWARD {passage.ingress or '?'} -> {passage.egress or '?'}" if known else "FORWARD"


# Translated packets


@dataclass(frozen=True, slots=True)
class _Onward:
    """Where packets go behind a translation: routing is asked again."""

    firewall: Firewall
    passage: Passage
    own: AddressSet

    def __call__(self, box: Box, rule: Rule) -> Sequence[Stage]:
        passage = behind(self.passage, box, rule, self.own)
        stages = parsers.stages(self.firewall, replace(passage, translated=True))
        text = "translated to another address, which was said not to be the same service"
        end = Default(Action.DENY, "translation", text, self.firewall.source.span(rule.line))
        return (*stages, Stage("arrival", (_arrival(rule),), end))


def behind(passage: Passage, box: Box, rule: Rule, own: AddressSet) -> Passage:
    """Say by which hook packets go on when a rule has made them to `box`."""
    if passage.hook == "output":
        return passage
    itself = isinstance(rule.effect, Translate) and rule.effect.itself
    mine = own.of(box.family)
    return replace(passage, hook="input" if itself or (mine and box.destinations <= mine) else "forward")


def _arrival(rule: Rule) -> str:
    return f"(arrival by line {rule.line})"


def _arrivals(firewall: Firewall, leg: Leg, box: Box) -> Iterator[tuple[str, Sequence[Rule]]]:
    """For each translating rule: its packets arrive if the new ends are ends of the demand, too."""
    goal = IntervalSet.union(each.destinations for each in leg.boxes if each.family is box.family)
    wanted: tuple[Service, ...] = (service(box.protocol, box.source_ports, box.destination_ports),)
    for chain in firewall.chains.values():
        for rule in chain.rules:
            if isinstance(rule.effect, Translate) and rule.effect.end == "destination":
                target = _target(rule.effect, box.family)
                because = (f"whether {target}, to which the packets are translated, is the "
                           f"{leg.destination}, too")
                doubt: Condition = Opaque(f"translation to {target}", because)
                yield _arrival(rule), (
                    Rule(Action.PERMIT, ANY, single(box.family, goal), wanted, rule.line),
                    Rule(Action.PERMIT, ANY, ANY, _ANY_SERVICES, rule.line, (doubt,)))


def _target(effect: Translate, family: Family) -> str:
    where = "the firewall itself" if effect.itself else "the same address"
    if effect.addresses:
        where = _range([write(family, each) for each in effect.addresses])
    return f"{where} port {_range([str(each) for each in effect.ports])}" if effect.ports else where


def _range(ends: Sequence[str]) -> str:
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]}-{ends[-1]}"


# Later packets of a connection


def replies(firewall: Firewall, asked: Crossing, way: Way) -> Iterator[Crossing]:
    """Place the answers to packets that took one way: they come from where those were sent to."""
    assert asked.passage is not None
    box = answer(way.after)
    passage = _back(_final(asked, way))
    behind_source = any(_rewrites(rule, "source") for rule in way.translations)
    if behind_source:
        before = _before_translation(firewall, passage)
        for each in _outer_ends(way, box) if before else ():
            yield Crossing(each, before, f"{said(passage)}, to the translated address", passage,
                           some=each.destinations.size > 1)
        passage = replace(passage, translated=True)
    yield Crossing(box, parsers.stages(firewall, passage), said(passage), passage)


def follow_ups(firewall: Firewall, asked: Crossing, way: Way) -> Iterator[Crossing]:
    """Place later packets of the asking side: they are translated as the first one was."""
    assert asked.passage is not None
    found = [rule for rule in way.translations if _rewrites(rule, "destination")]
    if not found:
        yield Crossing(way.before, asked.stages, asked.way, asked.passage, asked.own)
        return
    rule = found[0]
    name = f"(as line {rule.line})"
    whole = Rule(Action.PERMIT, ANY, ANY, _ANY_SERVICES, rule.line, effect=rule.effect)
    end = Default(Action.PERMIT, "translation", "translated like the first packet",
                  firewall.source.span(rule.line))
    as_before = Stage("translation", (name,), end, ANYWHERE)
    yield Crossing(way.before, (*_before_translation(firewall, asked.passage), as_before), asked.way,
                   asked.passage, asked.own, asked.onward, {**asked.arrivals, name: (whole,)})


def _rewrites(rule: Rule, end: str) -> bool:
    return isinstance(rule.effect, Translate) and rule.effect.end == end


def _final(asked: Crossing, way: Way) -> Passage:
    assert asked.passage is not None
    passage = asked.passage
    for rule in way.translations:
        if _rewrites(rule, "destination"):
            passage = behind(passage, way.after, rule, asked.own)
    return passage


def _back(passage: Passage) -> Passage:
    hooks: Mapping[Hook, Hook] = {"input": "output", "output": "input", "forward": "forward"}
    return replace(passage, ingress=passage.egress, egress=passage.ingress, hook=hooks[passage.hook])


def _before_translation(firewall: Firewall, passage: Passage) -> tuple[Stage, ...]:
    """The stages that a packet passes before its destination is translated."""
    later = parsers.stages(firewall, replace(passage, translated=True))
    whole = [stage for stage in parsers.stages(firewall, passage) if not stage.once]
    rest = [stage for stage in later if not stage.once]
    return tuple(whole[:len(whole) - len(rest)])


def _outer_ends(way: Way, box: Box) -> Iterator[Box]:
    """The answers as they come in from outside, where the source was translated on the way out."""
    for rule in way.translations:
        if isinstance(rule.effect, Translate) and rule.effect.end == "source":
            addresses: Range = rule.effect.addresses or (0, box.family.last)
            yield replace(box, destinations=IntervalSet.of(addresses))
