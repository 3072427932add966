"""A packet's way through netfilter: the tables of each hook, in the kernel's order.

raw, then connection tracking, mangle, nat, routing, mangle, filter, security, mangle, nat: each of them must
let the packet on; accepting ends only the table. With two back ends both are evaluated at every hook.
"""

from __future__ import annotations

from msgspec.structs import replace

from aclproof.parsers.iptables.meaning import implicit
from aclproof.parsers.iptables.meaning.chain_id import ChainId
from aclproof.parsers.model.conditions import Place
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.rules import Action, Default, Stage
from aclproof.reason import Reason

_BEFORE = (("raw", "PREROUTING"), ("mangle", "PREROUTING"), ("nat", "PREROUTING"))
_ROUTED = (("", implicit.ROUTES), ("", implicit.NO_ROUTE))
_BEHIND = (("mangle", "POSTROUTING"), ("nat", "POSTROUTING"), ("", implicit.LEAVING))
_ORDER: dict[Hook, tuple[tuple[str, str], ...]] = {
    "forward": (*_BEFORE, *_ROUTED, ("", implicit.ROUTING), ("mangle", "FORWARD"), ("filter", "FORWARD"),
                ("security", "FORWARD"), *_BEHIND),
    "input": (*_BEFORE, ("mangle", "INPUT"), ("filter", "INPUT"), ("security", "INPUT"), ("nat", "INPUT")),
    "output": (("", implicit.ROUTES), ("raw", "OUTPUT"), ("mangle", "OUTPUT"), ("nat", "OUTPUT"),
               *_ROUTED, ("filter", "OUTPUT"), ("security", "OUTPUT"), *_BEHIND),
}
_TRANSLATES = {"forward": "PREROUTING", "input": "PREROUTING", "output": "OUTPUT"}


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters of one hook; after a translation, only those after it.

    KeyError never: an interface that no rule names is as good as any.
    """
    order = _ORDER[transit.hook]
    if transit.translated:
        order = order[order.index(("nat", _TRANSLATES[transit.hook])) + 1:]
    found: list[Stage] = []
    for table, chain in order:
        if not table and chain in firewall.chains and (chain != implicit.NO_ROUTE or (
                transit.by_routes and transit.translated)):
            found.append(Stage(chain, (chain,), _passing(firewall), _place(firewall, transit, table, chain)))
        for binding in firewall.bindings:
            if binding.family is transit.family and ChainId.of(binding.chain)[:2] == (table, chain):
                wanted = (implicit.ahead(transit.family, table), binding.chain, implicit.rest(binding.chain))
                chains = tuple(name for name in wanted if name in firewall.chains)
                end = firewall.defaults[binding.chain]
                if table == "filter" or end.action is Action.DENY or any(firewall.chains[name].rules
                                                                         for name in chains):
                    place = _place(firewall, transit, table, chain)
                    found.append(Stage(f"{table} {chain}", chains, end, place, once=table == "nat"))
    if transit.hook == "input" and transit.to_router and not transit.translated:
        found.append(Stage(implicit.ITSELF, (implicit.ITSELF,), _passing(firewall)))
    return tuple(found if transit.translated else _with_unseen(firewall, transit, found))


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return one chain as a filter of its own; without a policy, what falls out of it is dropped."""
    rules = firewall.chains[chain].rules
    end = firewall.defaults.get(chain) or Default(
        Action.DENY, "end-of-chain", Reason("nothing in {chain} accepts it", chain=chain),
        firewall.source.span(rules[-1].line if rules else 1))
    return (Stage(chain, (chain,), end),)


def _with_unseen(firewall: Firewall, transit: Transit, found: list[Stage]) -> list[Stage]:
    """What the inputs do not show may stop the packets as well: it comes first in the first filter."""
    name = implicit.beside(transit.family)
    if name not in firewall.chains:
        return found
    at = next((at for at, stage in enumerate(found) if not stage.once), None)
    if at is None:
        return [Stage(name, (name,), _passing(firewall)), *found]
    return [*found[:at], replace(found[at], chains=(name, *found[at].chains)), *found[at + 1:]]


def _passing(firewall: Firewall) -> Default:
    return Default(Action.PERMIT, "policy", Reason("nothing that is not shown stops it"),
                   firewall.source.span(1))


def _place(firewall: Firewall, transit: Transit, table: str, chain: str) -> Place:
    """Which interfaces the packet has there, and what routing has found out by then."""
    tracked = table != "raw"
    match chain:
        case "PREROUTING":
            known = transit.family in firewall.all_addresses
            itself = True if transit.hook == "input" else False if known else None
            return Place(transit.ingress, "", itself, False, tracked)
        case "INPUT":
            return Place(transit.ingress, "", True, False)
        case "FORWARD" | implicit.ROUTING | implicit.ROUTES | implicit.NO_ROUTE:
            return Place(transit.ingress, transit.egress, False, False)
        case "OUTPUT":
            return Place("", transit.egress, False, True, tracked)
        case _:
            local = transit.hook == "output"
            return Place("" if local else None, transit.egress, False, local)
