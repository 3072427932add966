"""Mistakes that a reader of nftables could make: the oracle has to see each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Stage
from tests.oracle import faults
from tests.oracle.judge import Fault


def _text(pattern: str, put: str) -> Fault:
    """Misread what is written."""
    return Fault(text=lambda text: re.sub(pattern, put, text))


def _joined(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Walk the chains of all base chains at one place as if they were one."""
    found: list[Stage] = []
    for stage in stages:
        if found and found[-1].place == stage.place and found[-1].once == stage.once:
            stage = replace(stage, chains=found.pop().chains + stage.chains)
        found.append(stage)
    return tuple(found)


def _nat_in_between(firewall: Firewall) -> Firewall:
    return replace(firewall, bindings=tuple(
        replace(each, point=replace(each.point, priority=each.point.rank))
        if each.point and each.point.translates else each for each in firewall.bindings))


_SHARED = ("a range of ports ends one too late", "a range of addresses ends one too early",
           "codes of ICMP do not matter", "a negated state is not negated", "goto comes back",
           "jump does not come back", "MARK does nothing", "NOTRACK does nothing", "DNAT does nothing",
           "DNAT leaves the port alone", "policies accept", "INVALID is as good as NEW",
           "all packets are asked in nat")

FAULTS: Mapping[str, Fault] = {
    **{name: faults.FAULTS[name] for name in _SHARED},
    "accept is final for all chains of a hook": Fault(stages=_joined),
    "a negation is lost": _text("!= ", ""),
    "exact flags are any of them": _text("tcp flags == ", "tcp flags "),
    "flags under a mask are looked at without it": _text(r"(tcp flags \S+) / \S+", r"\1"),
    "a mask of an address is not looked at": _text(r"(ip6? .addr) & \S+ == ", r"\1 "),
    "any of several states is the first": _text(r"(ct state \w+)(,\w+)+", r"\1"),
    "what is in no map goes on in the rule": _text(r"(vmap \{[^}*]*) \}", r"\1, * : continue }"),
    "what a map continues leaves the rule": _text(": continue", ": return"),
    "a map has no element for all others": _text(r", \* : [\w ]+", ""),
    "a mark is set after all tests": _text(
        r"((?:meta|ct) mark set (?:0x\d|\w+ mark(?: (?:and|or|xor) \S+)*)) ((?!counter).*?) counter",
        r"\2 counter \1"),
    "th has the ports of TCP": _text(r"meta l4proto \{ tcp, udp \}", "meta l4proto tcp"),
    "an interface has to have the whole name": _text(r'\*"', '"'),
    "a set has no second line of it": _text(r"(elements = \{ [^,{}]+), [^{}]* \}", r"\1 }"),
    "chains of nat are asked at their own priority": Fault(firewall=_nat_in_between),
}
"""What is wrong, in words, and how to make it so."""
