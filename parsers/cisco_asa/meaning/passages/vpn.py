"""What tunnels do to the packets that come out of them, and to those that go in.

What leaves by the interface of a crypto map and matches its list goes through the tunnel, or is lost while
that is down; what comes out of it matches the list in reverse. Decrypted packets skip the lists of both
interfaces unless the file has `no sysopt connection permit-vpn` (VPN guide, "bypass ACLs"). A `vpn-filter`
decides first: its source is the far side, in both directions (TAC 99103). The lists hold translated
addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from msgspec.structs import replace

from aclproof.parsers.cisco_asa.features.row import Doubt
from aclproof.parsers.cisco_asa.features.rows import vpn as doubts
from aclproof.parsers.cisco_asa.meaning.alternatives import ANY_SERVICES
from aclproof.parsers.cisco_asa.meaning.passages.passage import Passage, stopped
from aclproof.parsers.cisco_asa.meaning.tunnels import Split, Tunnel
from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, join
from aclproof.parsers.model.conditions import Condition, Membership, Opaque
from aclproof.parsers.model.firewall import Translation
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import Service, is_icmp
from aclproof.reason import Reason


def passages(tunnels: Iterable[Tunnel], lists: Mapping[str, Chain], table: Sequence[Translation], *,
             skips_lists: bool) -> Iterator[Passage]:
    """Rules for both directions of every tunnel, where it ends."""
    with_real = cache(partial(_with_real, table))  # many rules have the same addresses
    for number, tunnel in enumerate(tunnels):
        out = list(_selected(tunnel, lists, with_real))
        back = [turned_round(rule) for rule in out]
        for interface in tunnel.interfaces or (None,):
            name = f"tunnel {number} {interface or '*'}"
            arrived = _chains(tunnel, f"({name} in)", lists, arriving=True, permits=skips_lists)
            sent = _chains(tunnel, f"({name} out)", lists, arriving=False, permits=False)
            yield Passage(_calling(back, f"({name} in)", tunnel), entry=interface, skips_lists=skips_lists,
                          called=arrived)
            yield Passage(_calling(out, f"({name} out)", tunnel), leave=interface, called=sent)


def _selected(tunnel: Tunnel, lists: Mapping[str, Chain],
              with_real: Callable[[AddressSet], AddressSet]) -> Iterator[Rule]:
    """The packets that go in, as permits: local addresses to far ones."""
    if not tunnel.selector:
        yield Rule(Action.PERMIT, ANY, tunnel.far, ANY_SERVICES, tunnel.line)
        return
    chain = lists.get(tunnel.selector)
    if chain is None:
        unknown = Opaque("", Reason("which packets the tunnel to {peer} takes: access-list {name} is not in "
                                    "the file", peer=tunnel.name, name=tunnel.selector))
        yield Rule(Action.PERMIT, ANY, ANY, ANY_SERVICES, tunnel.line, (unknown,))
        return
    for rule in chain.rules:
        if rule.enabled:
            yield rule._replace(sources=with_real(rule.sources))


def _with_real(table: Iterable[Translation], local: AddressSet) -> AddressSet:
    """Translated addresses, with the real ones that may be translated to them."""
    for line in table:
        if line.end == "source" and line.effect and line.effect.addresses and line.sources.v4:
            mapped = IntervalSet.of(line.effect.addresses)
            if mapped.overlaps(local.v4):
                local |= line.sources
    return local


def kept_out(line: int, interface: str) -> str:
    """The chain of tunnels that a line which translates sources keeps packets out of, where they end."""
    return f"(kept out {line} {interface})"


def kept_out_chains(tunnels: Iterable[Tunnel], lists: Mapping[str, Chain], table: Iterable[Translation],
                    own: Mapping[str, AddressSet]) -> Iterator[Chain]:
    """Build them, by the firewall's own addresses at its interfaces.

    Lists of crypto maps select by the addresses that translation makes; and users reach the address at which
    their tunnel ends beside it. Most lines make addresses that no list has: these share one chain.
    """
    ends: dict[str, list[_End]] = {}
    for number, tunnel in enumerate(tunnels):
        end = _End(tunnel, lists.get(tunnel.selector), f"(kept out of {number})")
        yield Chain(end.chain, list(end.missed()), synthetic=True)
        for interface in tunnel.interfaces:
            ends.setdefault(interface, []).append(end)
    lines = [line for line in table if line.end == "source" and not line.refuses and (
        line.effect.addresses if line.effect else line.because)]
    for interface, here in ends.items():
        every, address = f"(kept out {interface})", own.get(interface, NOWHERE)
        yield Chain(every, [_jump(end.tunnel.line, end.chain) for end in here], synthetic=True)
        listed = join([address, *(end.local for end in here)])
        for line in lines:
            made = IntervalSet.of(line.effect.addresses) if line.effect and line.effect.addresses else EMPTY
            rules = [] if _meet(made, listed) else [_jump(line.line, every)]
            for end in here if not rules else ():
                if end.tunnel.of_users and _meet(made, address):
                    rules += stopped(doubts.ANSWERS, line.line, line.sources, end.tunnel.far, line=line.line,
                                     pool=end.tunnel.name)
                if not _meet(made, end.local):
                    rules.append(_jump(line.line, end.chain))
                elif missed := list(end.missed(made)):
                    name = f"{end.chain[:-1]} {line.line})"
                    yield Chain(name, missed, synthetic=True)
                    rules.append(_jump(line.line, name))
            yield Chain(kept_out(line.line, interface), rules, synthetic=True)


class _End:
    """One end of a tunnel, with the list that selects its packets."""

    def __init__(self, tunnel: Tunnel, selector: Chain | None, chain: str) -> None:
        self.tunnel, self.chain = tunnel, chain
        self._rules = [rule for rule in selector.rules if rule.enabled] if selector else []
        self.local = join(rule.sources for rule in self._rules)
        """All addresses of this side that its list has."""

    def missed(self, made: IntervalSet = EMPTY) -> Iterator[Rule]:
        """Packets that the list selects by other addresses than translation makes."""
        for rule in self._rules:
            if rule.action is not Action.PERMIT:
                yield rule._replace(action=Action.RETURN)
            elif not _meet(made, rule.sources):
                yield from stopped(doubts.KEPT_OUT, rule.line, rule.sources, rule.destinations, rule.services,
                                   conditions=rule.conditions, list=self.tunnel.selector)


def _meet(made: IntervalSet, addresses: AddressSet) -> bool:
    return made.overlaps(addresses.v4) or made.overlaps(addresses.v6)


def _jump(line: int, target: str) -> Rule:
    return Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, line, target=target)


def _calling(rules: Iterable[Rule], target: str, tunnel: Tunnel) -> list[Rule]:
    """Packets of the tunnel go to its chain; others go on."""
    found: list[Rule] = []
    for rule in rules:
        if rule.action is Action.PERMIT:
            found.append(rule._replace(action=Action.GOTO, target=target, line=tunnel.line))
        else:
            found += stopped(doubts.CLEAR, tunnel.line, rule.sources, rule.destinations, rule.services,
                             conditions=rule.conditions, list=tunnel.selector)
            found.append(rule._replace(action=Action.RETURN, line=tunnel.line))
    return found


def _if_up(tunnel: Tunnel, *, permits: bool) -> list[Rule]:
    """What passes once the filter let it: all while the tunnel is up, nothing while it is down."""
    users, peer = doubts.POOL.opaque(pool=tunnel.name), doubts.TUNNEL.opaque(peer=tunnel.name)
    up = users if tunnel.of_users else peer
    passes = Action.PERMIT if permits else Action.RETURN
    own_way = stopped(doubts.OWN_VLAN, tunnel.vlan) if tunnel.vlan else ()
    return [*own_way, Rule(passes, ANY, ANY, ANY_SERVICES, tunnel.line, (up,)),
            Rule(Action.DENY, ANY, ANY, ANY_SERVICES, tunnel.line)]


def _chains(tunnel: Tunnel, name: str, lists: Mapping[str, Chain], *, arriving: bool,
            permits: bool) -> dict[str, Sequence[Rule]]:
    """The chain of a tunnel's packets in one direction: its filters in turn, then whether it is up."""
    doubt = doubts.USER_FILTER if tunnel.of_users else None
    filters = {f"{name[:-1]} by {each})": list(
        _of_filter(tunnel, each, lists.get(each), doubt, arriving=arriving)) for each in tunnel.filters}
    filters |= {f"{name[:-1]} by {each}, of some)": list(
        _of_filter(tunnel, each, lists.get(each), doubts.OWN_FILTER, arriving=arriving))
        for each in tunnel.own_filters}
    filters |= {f"{name[:-1]} split {number} by {each.list})":
                list(_beside(tunnel, each, lists.get(each.list), arriving=arriving))
                for number, each in enumerate(tunnel.splits)}
    jumps = [Rule(Action.JUMP, ANY, ANY, ANY_SERVICES, tunnel.line, target=each) for each in filters]
    return {**filters, name: [*jumps, *_if_up(tunnel, permits=permits)]}


def _of_filter(tunnel: Tunnel, name: str, chain: Chain | None, whether: Doubt | None, *,
               arriving: bool) -> Iterator[Rule]:
    """A filter's entries as they are for packets from the far side: what it permits returns."""
    doubt: tuple[Condition, ...] = (whether.opaque(list=name),) if whether else ()
    if chain is None:
        doubt = (Opaque("", Reason("what vpn-filter {name} permits: it is not in the file", name=name)),)
    line = tunnel.line
    for rule in chain.rules if chain else ():
        seen = rule if arriving else turned_round(rule)
        line = rule.line
        if rule.action is Action.PERMIT:
            yield seen._replace(action=Action.RETURN)
        else:
            yield seen._replace(conditions=(*seen.conditions, *doubt))
    yield Rule(Action.DENY, ANY, ANY, ANY_SERVICES, line, doubt)


def _beside(tunnel: Tunnel, split: Split, chain: Chain | None, *, arriving: bool) -> Iterator[Rule]:
    """Packets that users send past the tunnel, as a split tunnel says: what is in it returns."""
    doubt: Condition = doubts.SPLIT.opaque(list=split.list)
    if chain is None:
        doubt = Opaque("", Reason("which addresses users reach through the tunnel: access-list {name} is not "
                                  "in the file", name=split.list))
    end = Rule(Action.DENY, ANY, ANY, ANY_SERVICES, split.line)
    for rule in (*(chain.rules if chain else ()), end):
        of_standard = rule.sources == ANY and not rule.destinations & tunnel.far
        network = (rule.destinations if of_standard else rule.sources) & split.family
        stays = (rule.action is Action.PERMIT) is not split.excludes
        yield Rule(Action.RETURN if stays else Action.DENY, ANY if arriving else network,
                   network if arriving else ANY, ANY_SERVICES, rule.line,
                   rule.conditions if stays else (*rule.conditions, doubt))


def turned_round(rule: Rule) -> Rule:
    """The same rule for packets in the other direction."""
    conditions = tuple(replace(each, side="source" if each.side == "destination" else "destination")
                       if isinstance(each, Membership) else each for each in rule.conditions)
    return rule._replace(sources=rule.destinations, destinations=rule.sources, conditions=conditions,
                         services=tuple(map(_answering, rule.services)))


def _answering(one: Service) -> Service:
    """The ports change places; type and code of ICMP do not."""
    if all(is_icmp(protocol) for low, high in one.protocols.ranges for protocol in (low, high)):
        return one
    return Service(one.protocols, one.destination_ports, one.source_ports)
