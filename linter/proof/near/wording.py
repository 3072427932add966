"""How it is said what keeps a rule from permitting packets."""

from __future__ import annotations

from aclproof import parsers
from aclproof.linter.proof.near.records import Near, RuleList
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.firewall import Binding, Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Default, Rule
from aclproof.parsers.vendor import door
from aclproof.reason import Reason, joined

_MOST_RANGES = 2


def few(family: Family, addresses: IntervalSet) -> str:
    """Write the first ranges."""
    return spell_few(family, addresses, _MOST_RANGES)


def few_ports(ports: IntervalSet) -> str:
    """Write the first ports and ranges of ports."""
    more = ", ..." if len(ports.ranges) > _MOST_RANGES else ""
    return ", ".join(str(low) if low == high else f"{low}-{high}"
                     for low, high in ports.ranges[:_MOST_RANGES]) + more


def kept_out(firewall: Firewall, rule: Rule, place: RuleList) -> str:
    """Say in the vendor's words why a rule is not in force for packets; empty where it has none."""
    return parsers.kept_out(firewall, rule.line, place.context.place.profile)


def loses_to(firewall: Firewall, rule: Rule, by: Rule | Default) -> Near | None:
    """A rule that permits what another one has decided."""
    if not isinstance(by, Rule) or not by.in_file:
        return None
    line = firewall.quote(by.line).first_line
    if door(firewall.vendor).traits.allow_cannot_beat_block:
        return Near("overruled", rule, Reason("permits it, but the block rule of line {line} wins",
                                              line=line))
    return Near("below", rule, Reason("permits it, but line {line} is asked before it", line=line))


def too_late(firewall: Firewall, by: Rule | Default, rule: Rule, place: RuleList) -> Near | None:
    """A rule of a list to which packets are sent only after the line that stops them was asked."""
    stops = place.stops.get(id(by), {})
    if not isinstance(by, Rule) or any(each.number <= stops.get(each.list, each.number)
                                       for each in place.calls):
        return None
    return Near("below", rule, Reason("permits it, but line {line} stops it before it is sent to {name} "
                                      "(line {lines})", line=firewall.quote(by.line).first_line,
                                      name=place.name, lines=_lines(firewall, place)))


def _lines(firewall: Firewall, place: RuleList) -> Reason:
    """The first lines that send packets to a list."""
    return joined(", ", [str(firewall.quote(each.line).first_line) for each in place.calls[:_MOST_RANGES]])


def not_called(firewall: Firewall, rule: Rule, place: RuleList) -> Near:
    """A rule of a list to which other lines send other packets."""
    return Near("elsewhere", rule, Reason("permits it, but {name} is evaluated only for what is sent there "
                                          "(line {lines})", name=place.name, lines=_lines(firewall, place)))


def elsewhere(firewall: Firewall, name: str, rule: Rule) -> Near:
    """A rule of a list that the packets do not come to."""
    bound = [_binding(binding) for binding in firewall.bindings if binding.chain == name]
    if bound:
        return Near("elsewhere", rule, Reason("permits it, but {name} is bound {bound}", name=name,
                                              bound=joined(", ", bound)))
    if firewall.on_host:
        return Near("elsewhere", rule, Reason("permits it, but in {name}, which these packets do not pass",
                                              name=name))
    return Near("unbound", rule, Reason("permits it, but {name} is bound to no interface", name=name))


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
