"""A packet's way through an ASA: translation, inspection, the ingress and the egress access lists.

Order and defaults follow Cisco's CLI guide: interface list, then the global list, then an implicit deny;
without any list the security levels decide; a list on the way out must permit as well.
"""

from __future__ import annotations

from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning import bridges, implicit, reverse_path
from aclproof.parsers.cisco_asa.meaning.passages import rpc, vpn
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import ANYWHERE, Place
from aclproof.parsers.model.firewall import Binding, Direction, Firewall, Interface, Transit
from aclproof.parsers.model.rules import Action, Default, Stage
from aclproof.reason import Reason


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters that a packet passes from one interface to another.

    KeyError when the firewall has no such interface.
    """
    entry, leave, family = _known(firewall, transit.ingress), _known(firewall, transit.egress), transit.family
    came = _bound_in(firewall, _bridge(firewall, entry), family, transit.named_list)
    ahead = implicit.ahead(firewall, entry, leave, _opening(firewall, transit, came, leave))
    first = (*_kept_out(firewall, transit, leave), *implicit.passing(firewall, entry, leave))
    translated = reverse_path.check(firewall, transit)
    refused = (Stage(Reason("translation"), (), translated),) if isinstance(translated, Default) else ()
    opened = () if isinstance(translated, Default) else translated
    return (*_between_equals(firewall, entry, leave, came), *_member(firewall, entry, "in", ahead),
            _ingress(firewall, entry, leave, came, (*opened, *first, *ahead)), *refused,
            *_egress(firewall, _bridge(firewall, leave), family, ahead),
            *_member(firewall, leave, "out", ahead))


def _kept_out(firewall: Firewall, transit: Transit, leave: Interface) -> tuple[str, ...]:
    """What the translation of the source keeps out of tunnels that end where the packets leave."""
    line = transit.met.source if transit.met else None
    name = vpn.kept_out(line.line, leave.name) if line else ""
    return (name,) if name in firewall.chains else ()


def _bridge(firewall: Firewall, interface: Interface) -> Interface:
    """The bridge's interface of a member in routed mode, else the interface itself."""
    return firewall.interface(interface.bridge) or interface


def _member(firewall: Firewall, interface: Interface, way: Direction,
            ahead: tuple[str, ...]) -> tuple[Stage, ...]:
    """The lists at the members of a bridge: of the one that is named, or of the one that it happens to be."""
    name = f"{'into' if way == 'in' else 'out of'} a member of {interface.bridge or interface.name}"
    if _bridge(firewall, interface) is not interface:
        bound = [each for each in firewall.bindings
                 if each.interface == interface.name and each.direction == way]
        return (_lists(firewall, name, ahead, bound),) if bound else ()
    chain = bridges.chain_of(interface.name, way)
    if chain not in firewall.chains:
        return ()
    passes = Default(Action.PERMIT, "no-list", Reason("no access list at the member"),
                     firewall.source.span(interface.line))
    return (Stage(name, (*ahead, chain), passes),)


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the one filter that a list is, where the file does not say where it is bound."""
    span = firewall.source.span(_end(firewall, chain))
    deny = Default(Action.DENY, "implicit-deny", Reason("implicit deny at the end of {chain}",
                                                        chain=chain), span)
    return (Stage(f"access-list {chain}", (*implicit.nowhere(firewall, chain), chain), deny),)


def _end(firewall: Firewall, chain: str) -> int:
    """The last line of a list."""
    rules = firewall.chains[chain].rules
    return rules[-1].line if rules else 1


def _known(firewall: Firewall, name: str | None) -> Interface:
    found = firewall.interface(name) if name else None
    if found is None:
        raise KeyError(name)
    return found


def _bound(firewall: Firewall, place: str | None, direction: Direction, family: Family) -> list[Binding]:
    return [each for each in firewall.bindings
            if each.interface == place and each.direction == direction and each.family in (None, family)]


def _between_equals(firewall: Firewall, entry: Interface, leave: Interface,
                    came: list[Binding]) -> tuple[Stage, ...]:
    """Equal levels besides an access list: Cisco requires the option, and sources differ on what a list
    does without it. So without the option nothing there is sure (docs/decisions/0005)."""
    option, one = _option(entry, leave), entry is leave
    unread = _unread_levels(entry, leave)
    if option in firewall.options or not (came or one):
        return ()
    if entry.level != leave.level and not unread:
        return ()
    deny = Default(Action.DENY, "security-level", _levels(entry, leave), firewall.source.span(entry.line))
    asked = (unread or (implicit.equals(entry.name, option),)) if came else ()
    skipping = () if one else implicit.skipping(firewall, entry, leave)  # users of VPNs turn back by it, too
    return (Stage(Reason("levels"), (*skipping, *asked), deny),)


def _unread_levels(entry: Interface, leave: Interface) -> tuple[str, ...]:
    return tuple(implicit.level(each.name) for each in (entry, leave) if each.level is None)


def _option(entry: Interface, leave: Interface) -> str:
    return "intra-interface" if entry.name == leave.name else "inter-interface"


def _bound_in(firewall: Firewall, entry: Interface, family: Family, named: str) -> list[Binding]:
    """The lists on the way in. One that the site file names stands for the interface's own, unless the file
    binds it there."""
    everywhere = _bound(firewall, None, "in", family)
    if named and not _binds(firewall, named, entry):
        return [Binding(named, entry.name, "in", _end(firewall, named)), *everywhere]
    return _bound(firewall, entry.name, "in", family) + everywhere


def _binds(firewall: Firewall, chain: str, entry: Interface) -> bool:
    """Whether the file binds a list on the way in, everywhere or at a port of the same bridge."""
    bound = [each.interface for each in firewall.bindings if each.chain == chain and each.direction == "in"]
    return None in bound or any(_bridge(firewall, known) is _bridge(firewall, entry)
                                for known in map(firewall.interface, filter(None, bound)) if known)


def _opening(firewall: Firewall, transit: Transit, came: list[Binding], leave: Interface) -> str:
    """The chain of the ports that inspection opens on this way: it rests on the lists of the file."""
    entry, named = _known(firewall, transit.ingress), transit.named_list
    if not named or _binds(firewall, named, entry):
        return rpc.between(entry.name, leave.name)
    goes = _bound(firewall, _bridge(firewall, leave).name, "out", transit.family)
    return "" if goes or len(came) > 1 else rpc.by_list(named)


def _ingress(firewall: Firewall, entry: Interface, leave: Interface, bound: list[Binding],
             ahead: tuple[str, ...]) -> Stage:
    place = _place(firewall, entry, leave)
    came, goes = _bridge(firewall, entry), _bridge(firewall, leave)
    ahead += implicit.perhaps(firewall, came, goes)
    if came is not goes:  # else the levels of the members count
        entry, leave = came, goes
    if not bound:
        return Stage(Reason("into {interface}", interface=entry.name), ahead + _unread_levels(entry, leave),
                     _by_level(firewall, entry, leave))
    return _lists(firewall, Reason("into {interface}", interface=entry.name), ahead, bound, place)


def _egress(firewall: Firewall, leave: Interface, family: Family,
            ahead: tuple[str, ...]) -> tuple[Stage, ...]:
    bound = _bound(firewall, leave.name, "out", family)
    if not bound:
        return ()
    stage = _lists(firewall, Reason("out of {interface}", interface=leave.name), ahead, bound)
    return (replace(stage, leaving=firewall.lists_before_translation),)


def _place(firewall: Firewall, entry: Interface, leave: Interface) -> Place:
    """Where packets are between two interfaces; at a bridge, by which of its members is not known."""
    came, goes = (None if bridges.members(firewall.interfaces, each.name) else each.name
                  for each in (entry, leave))
    return Place(came, goes)


def _lists(firewall: Firewall, name: str, ahead: tuple[str, ...], bound: list[Binding],
           place: Place = ANYWHERE) -> Stage:
    chains = tuple(dict.fromkeys(each.chain for each in bound))
    own = tuple(implicit.users(each.interface) for each in bound if each.conditional and each.interface)
    deny = Default(Action.DENY, "implicit-deny", Reason("implicit deny at the end of {chain}",
                                                        chain=chains[-1]),
                   firewall.source.span(bound[-1].line))
    return Stage(name, (*ahead, *own, *chains), deny, place)


def _levels(entry: Interface, leave: Interface) -> str:
    return Reason("security level {entry_level} of {entry} to {leave_level} of {leave}",
                  entry_level=entry.level, entry=entry.name, leave_level=leave.level, leave=leave.name)


def _by_level(firewall: Firewall, entry: Interface, leave: Interface) -> Default:
    """No list is bound: traffic to a lower level passes, to an equal one only if the file says so."""
    span = firewall.source.span(entry.line)
    levels = _levels(entry, leave)
    required = firewall.options.get("lists-required")
    if required is not None:
        return Default(Action.DENY, "implicit-deny",
                       Reason("no access list is bound at {entry}: an FWSM then drops everything",
                              entry=entry.name), firewall.source.span(required))
    if entry.level is None or leave.level is None:  # decided before, by its own chain
        return Default(Action.DENY, "security-level", levels, span)
    if entry.level > leave.level:
        return Default(Action.PERMIT, "security-level", Reason("{levels}: higher to lower passes",
                                                               levels=levels), span)
    if entry.level < leave.level:
        return Default(Action.DENY, "security-level", Reason("{levels}: lower to higher needs an access "
                                                             "list", levels=levels), span)
    option = _option(entry, leave)
    line = firewall.options.get(option)
    if line is not None:
        return Default(Action.PERMIT, "security-level", Reason("{levels}: same-security-traffic permit "
                                                               "{option}", levels=levels, option=option),
                       firewall.source.span(line))
    return Default(Action.DENY, "security-level", Reason("{levels}: equal levels need "
                                                         "same-security-traffic", levels=levels), span)
