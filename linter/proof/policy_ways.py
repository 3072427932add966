"""Which packets a firewall may route by policy: where they leave, its routes do not say for certain."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine import algebra
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.proof.nat_table import NatMatch
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.policy_routes import FIRST, PolicyRoute, chains
from aclproof.parsers.model.rules import DENY_REST, Stage
from aclproof.parsers.model.services import TCP
from aclproof.reason import Reason

_POLICY = Stage("policy route", (FIRST,), DENY_REST)


class Elsewhere(Struct, frozen=True):
    """Packets that perhaps leave by another interface than the routes say, why, and the line that does it."""

    box: Box
    reason: Reason
    line: int


def cut(firewall: Firewall, place: SiteFirewall, leg: Leg, ways: tuple[str, str],
        dialled: NatMatch) -> tuple[list[Elsewhere], list[NatMatch]]:
    """Cut packets that routes put between two interfaces: those that may take another way, and the rest."""
    entry, leave = ways
    elsewhere: list[Elsewhere] = []
    rest = [dialled]
    for route in firewall.policy_routes:
        line = firewall.number(route.line)
        if route.interface == entry and leg.destination not in place.interfaces:
            reason = route.reason(line, leg.destination)
            rest = [left for match in rest for left in _set_aside(
                match, _forward(match, route, leave), Elsewhere(match.box, reason, route.line), elsewhere)]
        if route.interface == leave and leg.source not in place.interfaces:
            reason = route.reason(line, leg.source)
            rest = [left for match in rest for left in _set_aside(
                match, _turned(firewall, match, route, entry), Elsewhere(match.box, reason, route.line),
                elsewhere)]
    return elsewhere, rest


def _set_aside(match: NatMatch, taken: Sequence[Box], why: Elsewhere,
               elsewhere: list[Elsewhere]) -> Sequence[NatMatch]:
    """Take packets out of a match, all of it where a translation changes them, and return what is left."""
    if not taken:
        return [match]
    if match.rewriting is not None:
        taken = [match.box]
    elsewhere += (replace(why, box=box) for box in taken)
    return [NatMatch(box, match.by) for box in algebra.minus([match.box], taken)]


def _forward(match: NatMatch, route: PolicyRoute, leave: str) -> Sequence[Box]:
    """What a policy may send elsewhere: it may see the packets before a translation or after."""
    told = chains(route.other_than(leave))
    seen = (match.box,) if match.rewriting is None else (match.box, match.after)
    return [part for box in seen for part in evaluate([_POLICY], told, box, Context()).permitted]


def _turned(firewall: Firewall, match: NatMatch, route: PolicyRoute, entry: str) -> Sequence[Box]:
    """Packets that may come in elsewhere, as connections the other way may leave there.

    What is in a network of the very interface comes in by it.
    """
    box = match.after
    there = IntervalSet.union(each.addresses for each in firewall.routes if each.interface == entry
                              and each.metric == 0 and not each.tunnel and each.family is box.family)
    far = box.sources - there
    if not far:
        return []
    back = replace(box, protocol=TCP, sources=box.destinations, destinations=far)
    told = chains(route.other_than(entry), any_service=True)
    return [replace(box, sources=part.destinations, destinations=part.sources)
            for part in evaluate([_POLICY], told, back, Context()).permitted]
