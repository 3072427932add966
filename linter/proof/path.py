"""Proves every demand from firewall to firewall along its path, as each of them sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec import Struct

from aclproof.linter.demands.demands import Demand
from aclproof.linter.engine.budget import Budget
from aclproof.linter.proof import outgoing
from aclproof.linter.proof.hop import Hop, prove_at_hop
from aclproof.linter.proof.incoming import IncomingFlow, untranslated
from aclproof.linter.proof.progress import Progress, no_progress, reporting
from aclproof.linter.proof.records import Proof
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall


class _Waiting(Struct, frozen=True):
    """Packets before the firewalls that they still have to pass."""

    flow: IncomingFlow
    ahead: tuple[SiteFirewall, ...]


def prove_along_paths(site: Site, firewalls: Mapping[str, Firewall], demands: Sequence[Demand],
                      known: Context, work: Budget, progress: Progress = no_progress) -> list[Proof]:
    """Prove all demands at every firewall on their paths; `firewalls` by the names of the site.

    `known` are the user's facts and the date, `work` the steps that it may take. All firewalls up to the next
    one that translates see the same packets, so these are evaluated in one round, and each of them once for
    everything that waits before it: one pass over a list of a million lines.
    """
    translating = {name for name, firewall in firewalls.items() if outgoing.may_translate(firewall)}
    waiting = [_Waiting(untranslated(demand), demand.path.firewalls) for demand in demands]
    proofs: list[Proof] = []
    while waiting:
        flows: dict[str, list[IncomingFlow]] = {}
        for packets in waiting:
            for place in _up_to_translation(packets.ahead, translating):
                flows.setdefault(place.name, []).append(packets.flow)
        places = [place for place in site.firewalls if place.name in flows]
        found: dict[str, list[Proof]] = {}
        for place in reporting(places, progress, firewalls):
            hop = Hop(place, firewalls[place.name], known, work, firewalls)
            found[place.name] = prove_at_hop(hop, flows[place.name])
            proofs += found[place.name]
        waiting, untraceable = _next_round(waiting, translating, found)
        proofs += untraceable
    return proofs


def _up_to_translation(ahead: Sequence[SiteFirewall], translating: Set[str]) -> Iterator[SiteFirewall]:
    for place in ahead:
        yield place
        if place.name in translating:
            return


def _next_round(waiting: Sequence[_Waiting], translating: Set[str],
                proofs: Mapping[str, Sequence[Proof]]) -> tuple[list[_Waiting], list[Proof]]:
    """Return what waits after the firewalls that translate, and what cannot be traced any further."""
    by_flow: dict[tuple[str, int], list[Proof]] = {}  # by identity: hashing a flow hashes all its packets
    for name, found in proofs.items():
        for proof in found:
            by_flow.setdefault((name, id(proof.incoming)), []).append(proof)
    later: list[_Waiting] = []
    untraceable: list[Proof] = []
    for packets in waiting:
        passed = len(list(_up_to_translation(packets.ahead, translating)))
        rest = packets.ahead[passed:]
        if not rest:
            continue
        last = packets.ahead[passed - 1].name
        left = outgoing.leave(packets.flow, by_flow[last, id(packets.flow)])
        later += [_Waiting(flow, rest) for flow in left.flows]
        untraceable += left.untraceable
    return later, untraceable
