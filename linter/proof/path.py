"""Every demand from firewall to firewall along its path, as each of them sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from aclproof.linter.demands.demands import Demand
from aclproof.linter.proof import outgoing
from aclproof.linter.proof.hop import prove_at_hop
from aclproof.linter.proof.incoming import IncomingFlow, untranslated
from aclproof.linter.proof.progress import Progress, no_progress, reporting
from aclproof.linter.proof.records import Proof
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.firewall import Firewall


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Packets before the firewalls that they still have to pass."""

    incoming: IncomingFlow
    ahead: tuple[SiteFirewall, ...]


def prove_along_paths(site: Site, firewalls: Mapping[str, Firewall], demands: Sequence[Demand],
                      facts: Mapping[str, Fact], as_of: date | None,
                      progress: Progress = no_progress) -> list[Proof]:
    """Prove all demands at every firewall on their paths; `firewalls` by the names of the site.

    All firewalls up to the next one that translates see the same packets, so these are asked in one round,
    and each of them once for everything that waits before it: one pass over a list of a million lines.
    """
    translating = {name for name, firewall in firewalls.items() if outgoing.may_translate(firewall)}
    waiting = [_Waiting(untranslated(demand), demand.path.firewalls) for demand in demands]
    proofs: list[Proof] = []
    while waiting:
        asked: dict[str, list[IncomingFlow]] = {}
        for each in waiting:
            for place in _up_to_translation(each.ahead, translating):
                asked.setdefault(place.name, []).append(each.incoming)
        places = [place for place in site.firewalls if place.name in asked]
        found = {place.name: prove_at_hop(place, firewalls[place.name], asked[place.name], facts, as_of)
                 for place in reporting(places, progress, firewalls)}
        proofs += [proof for some in found.values() for proof in some]
        by_arrival: dict[tuple[str, int], list[Proof]] = {}
        for name, some in found.items():
            for proof in some:
                by_arrival.setdefault((name, id(proof.incoming)), []).append(proof)
        waiting, lost = _next_round(waiting, translating, by_arrival)
        proofs += lost
    return proofs


def _up_to_translation(ahead: Sequence[SiteFirewall], translating: Set[str]) -> Iterator[SiteFirewall]:
    for place in ahead:
        yield place
        if place.name in translating:
            return


def _next_round(waiting: Sequence[_Waiting], translating: Set[str],
                proofs: Mapping[tuple[str, int], Sequence[Proof]]) -> tuple[list[_Waiting], list[Proof]]:
    """Return what waits behind the firewalls that translate, and what is lost from sight there."""
    later: list[_Waiting] = []
    lost: list[Proof] = []
    for each in waiting:
        passed = len(list(_up_to_translation(each.ahead, translating)))
        rest = each.ahead[passed:]
        if rest:
            last = each.ahead[passed - 1].name
            gone = outgoing.leave(each.incoming, proofs.get((last, id(each.incoming)), ()))
            later += [_Waiting(incoming, rest) for incoming in gone.flows]
            lost += gone.untraceable
    return later, lost
