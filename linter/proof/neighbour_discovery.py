"""IPv6 needs neighbour discovery: a host that drops it is not reached, whatever else it lets through."""

from __future__ import annotations

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
_SOLICITATION_AND_ADVERTISEMENT = IntervalSet.of((135, 136))
"""RFC 4861; from the link's own addresses, to them and to the groups that they join."""
PACKETS = Box(Family.V6, ICMP6, LINK_LOCAL.v6, LINK_LOCAL.v6 | _SOLICITED_NODE,
              _SOLICITATION_AND_ADVERTISEMENT, IntervalSet.of((0, 0)))
"""What has to pass at a host: without them no packet of IPv6 reaches it."""
_HOP_LIMIT = 255
"""Whoever gets one with another discards it (RFC 4861, 7.1)."""


def reason_unreachable(firewall: Firewall, known: Context) -> str:
    """Return where a firewall's rules for IPv6 may drop it; empty where they surely let it pass.

    Rules for forwarded packets do not show what the firewall itself gets, so there it is not sure. `known`
    holds the user's facts.
    """
    for_ipv4 = bool(firewall.bindings) and all(each.family is Family.V4 for each in firewall.bindings)
    if for_ipv4 or not door(firewall.vendor).traits.filters_neighbour_discovery:
        return ""
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    context = replace(known, states=frozenset({UNTRACKED}), hop_limit=_HOP_LIMIT)
    for hook in _HOOKS:
        stages = parsers.stages(firewall, Transit(Family.V6, hook=hook))
        outcome, _ = evaluate_stages(stages, rules, PACKETS, context)
        if outcome.denied or outcome.undecided:
            lost = Reason("neighbour discovery (ICMPv6 135 and 136, fe80::/10 to its groups) does not "
                          "surely pass {hook}, and without it no IPv6 packet reaches {name}",
                          hook=hook.upper(), name=firewall.name)
            return lost if outcome.denied else _with_doubt(lost, outcome)
    return ""


def _with_doubt(lost: str, outcome: Outcome) -> str:
    """Add the first question that leaves it open, and the fact that settles it."""
    for condition in (condition for doubt in outcome.doubts for condition in doubt.open):
        if condition.key:
            return Reason("{lost}; open is {question} (the fact '{key}')", lost=lost,
                          question=condition.because, key=condition.key)
    return lost
