"""A packet's way through netfilter: at each hook the base chains by priority, and routing between them.

Each of them must let the packet on; accepting ends only the chain that was called. So it is whatever program
wrote the chains: both back ends of iptables, and nftables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from aclproof.parsers.model.conditions import Place
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.model.rules import Action, Default, Stage
from aclproof.parsers.netfilter import implicit
from aclproof.reason import Reason

TRACKS = -200
"""The priority at which packets are looked up among the known connections."""
TRANSLATES_DESTINATIONS, TRANSLATES_SOURCES = -100, 100
"""The priorities at which the kernel translates, whatever a chain of translation asks for: that is its rank
among such chains (nf_nat_core.c). What a host sends is routed once more after the first."""

_HOOKS: Mapping[Hook, Sequence[str]] = {
    "forward": ("prerouting", implicit.TABLES, implicit.ROUTES, implicit.NO_ROUTE, implicit.ROUTING,
                "forward", "postrouting", implicit.LEAVING),
    "input": ("prerouting", "input"),
    "output": (implicit.TABLES, implicit.ROUTES, "output", "postrouting", implicit.LEAVING),
}
"""The hooks of a way, and the chains of what routing does between them."""
_AFTER_TRANSLATION: Mapping[Hook, str] = {"forward": "prerouting", "input": "prerouting", "output": "output"}
"""The hook at which destinations are translated."""


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the filters of one way; after a translation, only those after it.

    KeyError never: an interface that no rule names is as good as any.
    """
    found: list[Stage] = []
    hooks = _HOOKS[transit.hook]
    for hook in hooks[hooks.index(_AFTER_TRANSLATION[transit.hook]):] if transit.translated else hooks:
        if hook.startswith("("):
            found += _routing(firewall, transit, hook)
        else:
            found += _at(firewall, transit, hook)
    if transit.translated:
        return tuple(found)
    if transit.hook == "input" and transit.to_router:
        found.append(Stage(implicit.ITSELF, (implicit.ITSELF,), _passing(firewall)))
    return tuple(_with_unseen(firewall, transit, found))


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return one chain as a filter of its own; without a policy, what falls out of it is dropped."""
    rules = firewall.chains[chain].rules
    end = firewall.defaults.get(chain) or Default(
        Action.DENY, "end-of-chain", Reason("nothing in {chain} accepts it", chain=chain),
        firewall.source.span(rules[-1].line if rules else 1))
    return (Stage(chain, (chain,), end),)


def _at(firewall: Firewall, transit: Transit, hook: str) -> Iterator[Stage]:
    """The base chains at one hook."""
    bound = [(each.point, each.chain) for each in firewall.bindings
             if each.point and each.point.hook == hook and each.family in (None, transit.family)]
    # at one priority, what may be translated first is left open: then no filter is sure to see the old ends
    bound.sort(key=lambda each: (each[0].priority, not each[0].translates, each[0].rank))
    if transit.translated and hook == _AFTER_TRANSLATION[transit.hook]:  # one translation is all
        bound = [(point, chain) for point, chain in bound
                 if point.priority >= TRANSLATES_DESTINATIONS and not point.translates]
    rerouted = hook != "output"
    for point, chain in bound:
        if not rerouted and point.priority > TRANSLATES_DESTINATIONS:
            yield from _routed_again(firewall, transit)
            rerouted = True
        stage = _stage(firewall, transit, point, chain)
        if stage:
            yield stage
    if not rerouted:
        yield from _routed_again(firewall, transit)


def _stage(firewall: Firewall, transit: Transit, point: HookPoint, chain: str) -> Stage | None:
    """The filter that a base chain is; None where it has nothing to say."""
    wanted = (implicit.ahead(transit.family, point.table), chain, implicit.rest(chain))
    chains = tuple(name for name in wanted if name in firewall.chains)
    end = firewall.defaults[chain]
    if point.table != "filter" and end.action is not Action.DENY \
            and not any(firewall.chains[name].rules for name in chains):
        return None
    return Stage(point.title, chains, end, _place(firewall, transit, point.hook, point.priority),
                 once=point.translates, undone=_undone(point))


def _undone(point: HookPoint) -> End | None:
    """Which end of a request is not sure to be translated yet where an answer is filtered.

    At the kernel's own priority the order is not known; before it the source of a request is not undone, and
    what is after it meets the packets as they are then.
    """
    if point.hook in ("prerouting", "output"):
        return "source" if point.priority == TRANSLATES_DESTINATIONS else None
    return "destination" if point.priority >= TRANSLATES_SOURCES and point.hook != "forward" else None


def _routed_again(firewall: Firewall, transit: Transit) -> Iterator[Stage]:
    for chain in (implicit.TABLES, implicit.ROUTES, implicit.NO_ROUTE):
        yield from _routing(firewall, transit, chain)


def _routing(firewall: Firewall, transit: Transit, chain: str) -> Iterator[Stage]:
    """What routing does to packets at this place."""
    if chain not in firewall.chains or (chain == implicit.NO_ROUTE and not (
            transit.by_routes and transit.translated)) or (
            chain == implicit.TABLES and transit.egress is not None):  # the site file says where they lead
        return
    yield Stage(chain, (chain,), _passing(firewall), _place(firewall, transit, chain))


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


def _place(firewall: Firewall, transit: Transit, hook: str, priority: int = 0) -> Place:
    """Which interfaces the packet has there, and what routing has found out by then."""
    tracked = priority > TRACKS
    match hook:
        case "prerouting":
            known = transit.family in firewall.all_addresses
            itself = True if transit.hook == "input" else False if known else None
            return Place(transit.ingress, "", itself, False, tracked)
        case "input":
            return Place(transit.ingress, "", True, False)
        case "forward" | implicit.ROUTING | implicit.TABLES | implicit.ROUTES | implicit.NO_ROUTE:
            return Place(transit.ingress, transit.egress, False, False)
        case "output":
            return Place("", transit.egress, False, True, tracked)
        case _:
            local = transit.hook == "output"
            return Place("" if local else None, transit.egress, False, local)
