"""IPv6 needs neighbour discovery: a host that drops it is not reached, whatever else it lets through."""

from __future__ import annotations

from aclproof import parsers
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import UNTRACKED, Context
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.services import ICMP6
from aclproof.parsers.vendor import door

_LINK_LOCAL = (0xFE80 << 112, (0xFEC0 << 112) - 1)
_SOLICITED_NODE = (0xFF02 << 112 | 0x1FF000000, 0xFF02 << 112 | 0x1FFFFFFFF)
_HOOKS: tuple[Hook, ...] = ("input", "output")
_SOLICITATION_AND_ADVERTISEMENT = IntervalSet.of((135, 136))
"""RFC 4861; from the link's own addresses, to them and to the groups that they join."""


def reason_unreachable(firewall: Firewall) -> str:
    """Return where a firewall's rules for IPv6 may drop it; empty where they surely let it pass.

    Rules for forwarded packets do not show what the firewall itself gets, so there it is not sure.
    """
    for_ipv4 = bool(firewall.bindings) and all(each.family is Family.V4 for each in firewall.bindings)
    if for_ipv4 or not door(firewall.vendor).traits.filters_neighbour_discovery:
        return ""
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    box = Box(Family.V6, ICMP6, IntervalSet.of(_LINK_LOCAL), IntervalSet.of(_LINK_LOCAL, _SOLICITED_NODE),
              _SOLICITATION_AND_ADVERTISEMENT, IntervalSet.of((0, 0)))
    context = Context(states=frozenset({UNTRACKED}))
    for hook in _HOOKS:
        stages = parsers.stages(firewall, Transit(Family.V6, hook=hook))
        outcome, _ = evaluate_stages(stages, rules, box, context)
        if outcome.denied or outcome.undecided:
            return Reason("neighbour discovery (ICMPv6 135 and 136, fe80::/10 to its groups) does not "
                          "surely pass {hook}, and without it no IPv6 packet reaches {name}",
                          hook=hook.upper(), name=firewall.name)
    return ""
