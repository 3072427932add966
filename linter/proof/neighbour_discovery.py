"""IPv6 needs neighbour discovery: a host that drops it is not reached, whatever else it lets through."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.parsers.model.addresses import LINK_LOCAL, Family
from aclproof.parsers.model.conditions import UNTRACKED, Context
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ICMP6
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

_SOLICITED_NODE = IntervalSet.of((0xFF02 << 112 | 0x1FF000000, 0xFF02 << 112 | 0x1FFFFFFFF))
_HOOKS: tuple[Hook, ...] = ("input", "output")
_SOLICITATION, _ADVERTISEMENT = IntervalSet.of((135, 135)), IntervalSet.of((136, 136))
_CODE = IntervalSet.of((0, 0))
_ALL = IntervalSet.of((0, Family.V6.last))
PACKETS = Box(Family.V6, ICMP6, _ALL, _ALL, _SOLICITATION | _ADVERTISEMENT, _CODE)
"""All of it, whoever sends it: `Neighbours` says what of it a firewall needs."""
_HOP_LIMIT = 255
"""Whoever gets one with another discards it (RFC 4861, 7.1)."""
_LINK = 64
"""Bits of an address by which hosts of one link are told apart (RFC 4291, 2.5.1)."""


class Neighbours:
    """What a firewall's own rules for IPv6 make of neighbour discovery.

    Rules for forwarded packets do not show what the firewall itself gets, so there it is not sure.
    """

    def __init__(self, firewall: Firewall, known: Context, host: Collection[str]) -> None:
        """`known` holds the user's facts, `host` the roles of the host that it runs on."""
        self._firewall, self._host = firewall, host
        self._context = replace(known, states=frozenset({UNTRACKED}), hop_limit=_HOP_LIMIT)
        for_ipv4 = bool(firewall.bindings) and all(each.family is Family.V4 for each in firewall.bindings)
        self._filters = not for_ipv4 and door(firewall.vendor).traits.filters_neighbour_discovery
        self._known: dict[tuple[IntervalSet, IntervalSet], str] = {}

    def reason_unreachable(self, roles: tuple[str, str], box: Box) -> str:
        """Return where it may be dropped that packets from one role to another need; empty where it surely
        passes."""
        if not self._filters or box.family is not Family.V6:
            return ""
        ends = tuple(zip(roles, (box.sources, box.destinations), strict=True))
        mine = IntervalSet.union(addresses for role, addresses in ends if role in self._host)
        others = IntervalSet.union(addresses for role, addresses in ends if role not in self._host)
        near = others & _links_of(mine) if mine else others
        if (mine, near) not in self._known:
            self._known[mine, near] = self._lost(mine or LINK_LOCAL.v6, near | LINK_LOCAL.v6)
        return self._known[mine, near]

    def _lost(self, own: IntervalSet, peers: IntervalSet) -> str:
        firewall = self._firewall
        rules = {name: chain.rules for name, chain in firewall.chains.items()}
        for hook in _HOOKS:
            stages = parsers.stages(firewall, Transit(Family.V6, hook=hook))
            for packets in _needed(hook, own, peers):
                outcome, _ = evaluate_stages(stages, rules, packets, self._context)
                if outcome.denied or outcome.undecided:
                    lost = Reason("neighbour discovery (ICMPv6 135 and 136) does not surely pass {hook}, "
                                  "and without it no IPv6 packet reaches {name}",
                                  hook=hook.upper(), name=firewall.name)
                    return lost if outcome.denied else _with_doubt(lost, outcome)
        return ""


def _needed(hook: Hook, own: IntervalSet, peers: IntervalSet) -> tuple[Box, Box]:
    """What asks for an address, and what answers.

    Who asks does so from the address that he sends from, and who answers from the one that was asked for, so
    both have others than those of the link (RFC 4861, 7.2.2 and 7.2.4).
    """
    sources, destinations = (peers, own) if hook == "input" else (own, peers)
    return (Box(Family.V6, ICMP6, sources, _SOLICITED_NODE | destinations, _SOLICITATION, _CODE),
            Box(Family.V6, ICMP6, sources, destinations, _ADVERTISEMENT, _CODE))


def _links_of(addresses: IntervalSet) -> IntervalSet:
    """All addresses of the links that some may be in."""
    size = 1 << _LINK
    return IntervalSet.of(*((low // size * size, high // size * size + size - 1)
                            for low, high in addresses.ranges))


def _with_doubt(lost: str, outcome: Outcome) -> str:
    """Add the first question that leaves it open, and the fact that settles it."""
    for condition in (condition for doubt in outcome.doubts for condition in doubt.open):
        if condition.key:
            return Reason("{lost}; open is {question} (the fact '{key}')", lost=lost,
                          question=condition.because, key=condition.key)
    return lost
