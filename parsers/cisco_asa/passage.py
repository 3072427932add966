"""A packet's way through an ASA: translation, inspection, the ingress and the egress access lists.

Order and defaults follow Cisco's CLI guide: interface list, then the global list, then an implicit deny;
without any list the security levels decide; a list on the way out must permit as well.
"""

from __future__ import annotations

from parsers.cisco_asa import nat
from parsers.cisco_asa.convert import INSPECTION_CHAIN, LOOSE_CHAIN
from parsers.model.addresses import Family
from parsers.model.conditions import Opaque
from parsers.model.firewall import Binding, Direction, Firewall, Interface
from parsers.model.rules import Action, Default, Stage

_BEFORE = (LOOSE_CHAIN, INSPECTION_CHAIN)


def stages(firewall: Firewall, ingress: str, egress: str, family: Family) -> tuple[Stage, ...]:
    """Return the filters that a packet of `family` passes from one interface to another.

    KeyError when the firewall has no such interface.
    """
    entry, leave = _known(firewall, ingress), _known(firewall, egress)
    return (_translation(firewall), *_between_equals(firewall, entry, leave, family),
            _ingress(firewall, entry, leave, family), *_egress(firewall, leave, family))


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the one filter that a list is, where the file does not say where it is bound."""
    span = firewall.source.span(firewall.chains[chain].rules[-1].line) if firewall.chains[chain].rules \
        else firewall.source.span(1)
    deny = Default(Action.DENY, "implicit-deny", f"implicit deny at the end of {chain}", span)
    return (_translation(firewall), Stage(f"access-list {chain}", (*_BEFORE, chain), deny))


def _known(firewall: Firewall, name: str) -> Interface:
    found = firewall.interface(name)
    if found is None:
        raise KeyError(name)
    return found


def _translation(firewall: Firewall) -> Stage:
    span = firewall.source.span(1)
    return Stage("nat", (nat.CHAIN,), Default(Action.PERMIT, "no-translation", "no translation", span))


def _bound(firewall: Firewall, place: str | None, direction: Direction, family: Family) -> list[Binding]:
    return [each for each in firewall.bindings
            if each.interface == place and each.direction == direction and each.family in (None, family)]


def _between_equals(firewall: Firewall, entry: Interface, leave: Interface,
                    family: Family) -> tuple[Stage, ...]:
    """Equal levels beside an access list: Cisco asks for the option, and sources differ on what a list
    does without it. So without the option nothing there is sure."""
    option = _option(entry, leave)
    if entry.level != leave.level or option in firewall.options or not _bound_in(firewall, entry, family):
        return ()
    because = (f"whether traffic from {entry.name} to {leave.name} passes at all: both have security level "
               f"{entry.level}, and 'same-security-traffic permit {option}' is not in the file")
    open_ = Opaque(f"same-security-traffic {option}", because)
    span = firewall.source.span(entry.line)
    return (Stage("levels", (), Default(Action.DENY, "security-level", because, span, (open_,))),)


def _option(entry: Interface, leave: Interface) -> str:
    return "intra-interface" if entry.name == leave.name else "inter-interface"


def _bound_in(firewall: Firewall, entry: Interface, family: Family) -> list[Binding]:
    return _bound(firewall, entry.name, "in", family) + _bound(firewall, None, "in", family)


def _ingress(firewall: Firewall, entry: Interface, leave: Interface, family: Family) -> Stage:
    bound = _bound_in(firewall, entry, family)
    if not bound:
        return Stage(f"into {entry.name}", _BEFORE, _by_level(firewall, entry, leave))
    return _lists(firewall, f"into {entry.name}", bound)


def _egress(firewall: Firewall, leave: Interface, family: Family) -> tuple[Stage, ...]:
    bound = _bound(firewall, leave.name, "out", family)
    return (_lists(firewall, f"out of {leave.name}", bound),) if bound else ()


def _lists(firewall: Firewall, name: str, bound: list[Binding]) -> Stage:
    chains = tuple(dict.fromkeys(each.chain for each in bound))
    deny = Default(Action.DENY, "implicit-deny", f"implicit deny at the end of {chains[-1]}",
                   firewall.source.span(bound[-1].line))
    return Stage(name, (*_BEFORE, *chains), deny)


def _by_level(firewall: Firewall, entry: Interface, leave: Interface) -> Default:
    """No list is bound: traffic to a lower level passes, to an equal one only if the file says so."""
    span = firewall.source.span(entry.line)
    levels = f"security level {entry.level} of {entry.name} to {leave.level} of {leave.name}"
    if entry.level is None or leave.level is None:
        open_ = Opaque(f"security-level {entry.name}", f"the {levels}")
        return Default(Action.DENY, "security-level", levels, span, (open_,))
    if entry.level > leave.level:
        return Default(Action.PERMIT, "security-level", f"{levels}: higher to lower passes", span)
    if entry.level < leave.level:
        return Default(Action.DENY, "security-level", f"{levels}: lower to higher needs an access list", span)
    option = _option(entry, leave)
    line = firewall.options.get(option)
    if line is not None:
        return Default(Action.PERMIT, "security-level", f"{levels}: same-security-traffic permit {option}",
                       firewall.source.span(line))
    return Default(Action.DENY, "security-level", f"{levels}: equal levels need same-security-traffic", span)
