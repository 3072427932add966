"""Which option belongs to which match or target: people abbreviate what `iptables-save` spells out.

The tool's rule (getopt_long over what is loaded): a built-in option or the exact name of one of a loaded
match or target, the last loaded first; unambiguous beginnings only after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aclproof.parsers.iptables.text.known_matches import MATCHES
from aclproof.parsers.iptables.text.known_targets import TARGETS
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.reason import OR, Reason, joined

BUILT_IN = {
    "-s": "source", "--source": "source", "--src": "source",
    "-d": "destination", "--destination": "destination", "--dst": "destination",
    "-p": "protocol", "--protocol": "protocol",
    "-i": "in-interface", "--in-interface": "in-interface",
    "-o": "out-interface", "--out-interface": "out-interface",
    "-f": "fragment", "--fragments": "fragment",
}
"""Tests that every rule knows, by every spelling that is no abbreviation."""

BY_PROTOCOL = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "udplite": "udplite", "136": "udplite",
               "sctp": "sctp", "132": "sctp", "dccp": "dccp", "33": "dccp", "icmp": "icmp", "1": "icmp",
               "icmpv6": "icmp6", "ipv6-icmp": "icmp6", "58": "icmp6"}
"""The match that a protocol brings along, without a `-m`."""

ALIASES = {"icmpv6": "icmp6", "ipv6-icmp": "icmp6"}

TARGET = "-j"
"""In the place of a match: the option is one of the rule's target."""

_LONG = {spelling[2:]: name for spelling, name in BUILT_IN.items() if spelling.startswith("--")}


def loaded_by(module: str) -> tuple[str, Mapping[str, str]]:
    """What loading a match brings: its name, and its options by spelling."""
    return module, MATCHES[module].options if module in MATCHES else {}


def loaded_by_target(target: str) -> tuple[str, Mapping[str, str]]:
    """What naming a target brings."""
    return TARGET, TARGETS[target].options if target in TARGETS else {}


def owner(option: str, loaded: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[str, str] | None:
    """Find the match that knows an option, and its name there; an unambiguous beginning is enough.

    `loaded` begins with what was loaded last. Empty for the match where the option is built in; None for an
    option that nothing knows. RuleError where a beginning is ambiguous.
    """
    found: dict[tuple[str, str], None] = {("", name): None for spelling, name in _LONG.items()
                                          if spelling.startswith(option)}
    for module, known in loaded:
        if option in known:
            return module, known[option]
        found.update({(module, name): None for spelling,
                      name in known.items() if spelling.startswith(option)})
    if len(found) > 1:
        raise RuleError(Reason("--{option} may mean {found}", option=option,
                               found=joined(OR, (f'--{name}' for _, name in found))))
    return next(iter(found), None)
