"""The rules of a Windows computer as rules of nftables: what blocks, then what allows, then the default.

It knows the policy as plain data only. Two worlds: in one IPsec authenticates every packet, and whatever a
form does not show lets packets pass; in the other one it is the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from tests.oracle.plan import write
from tests.oracle.translated.windows_policy import (
    SERVES,
    TCP,
    UDP,
    Addresses,
    Form,
    Kind,
    Policy,
    Ports,
    Rule,
)

_OF_PORTS = {TCP: "tcp", UDP: "udp"}
_ICMP = {1: (4, "icmp"), 58: (6, "icmpv6")}
_Test = tuple[int, str]
"""The family that a test speaks of (0 for both), and the test."""
_ALWAYS: list[_Test] = [(0, "")]


class Asked(NamedTuple):
    """What is known of the packets, and of the text that was exported."""

    profile: str
    listener: str
    inbound: bool
    form: Form


def worlds(policy: Policy, asked: Asked) -> tuple[str, str]:
    """Write the rulesets of both worlds."""
    most, least = (_table(_rules(policy, asked, generous=generous), asked) for generous in (True, False))
    return most, least


def _table(rules: Iterator[str], asked: Asked) -> str:
    hook = "input" if asked.inbound else "output"
    head = f"table inet windows {{\nchain filter {{\ntype filter hook {hook} priority 0;"
    return "\n".join([head, *rules, "}", "}", ""])


def _rules(policy: Policy, asked: Asked, *, generous: bool) -> Iterator[str]:
    settings = policy.settings[asked.profile]
    if not settings.on:
        yield "accept"
        return
    there = [each for rule in policy.rules
             if rule.enabled and rule.inbound is asked.inbound and asked.profile in rule.profiles
             for each in _readings(rule, asked, generous=generous)]
    if generous:
        yield from _lines(policy, there, "Bypass", "accept")
    if asked.inbound and not settings.exceptions:
        yield "drop"
        return
    yield from _lines(policy, there, "Block", "drop")
    yield from _lines(policy, there, "Secure", "accept" if generous else "drop")
    yield from _lines(policy, there, "Allow", "accept")
    yield "drop" if (settings.block_in if asked.inbound else settings.block_out) else "accept"


def _readings(rule: Rule, asked: Asked, *, generous: bool) -> Iterator[Rule]:
    """Yield the rule as far as it holds in a world: what is not known of it lets pass, or it blocks."""
    wanted = {"Allow": generous, "Bypass": generous, "Block": not generous, "Secure": True}[rule.action]
    answers = {_is_theirs(rule, asked), None if _hides(rule, asked.form) else True}
    if False in answers or (None in answers and not wanted):
        return
    named = [each for each in rule.local_ports if each.word == "RPC"]
    numbers = tuple(each for each in rule.local_ports if each.word != "RPC")
    if numbers or not named:
        yield rule._replace(local_ports=numbers)
    if named and (asked.listener == "rpc-server" or (not asked.listener and wanted)):
        yield rule._replace(local_ports=())


def _is_theirs(rule: Rule, asked: Asked) -> bool | None:
    """Whether the packets are of the rule's program and service; who sends is known of the kernel only."""
    if rule.owner == ("", ""):
        return True
    if not asked.listener or (not asked.inbound and asked.listener != "system-smb"):
        return None
    return asked.listener in SERVES[rule.owner]


def _hides(rule: Rule, form: Form) -> bool:
    """Whether the form may hide that a rule is of a Store application: those are for any program and port."""
    for_any = (rule.owner, rule.local_ports, rule.remote_ports) == (("", ""), (), ())
    return form == "netsh" and rule.action == "Allow" and for_any and rule.protocol in (-1, *_OF_PORTS)


def _lines(policy: Policy, rules: list[Rule], action: str, verdict: str) -> Iterator[str]:
    for rule in rules:
        if rule.action == action:
            for words in _combinations(policy, rule):
                yield f"{words} {verdict}"


def _combinations(policy: Policy, rule: Rule) -> Iterator[str]:
    near, far = ("d", "s") if rule.inbound else ("s", "d")
    remote = [each for word in rule.remote
              for each in (policy.keywords[word] if isinstance(word, str) else (word,))]
    tests = (_addresses(f"{near}addr", rule.local), _addresses(f"{far}addr", remote),
             [(0, f"meta l4proto {rule.protocol}")] if rule.protocol >= 0 else _ALWAYS,
             _ports(rule.protocol, f"{near}port", rule.local_ports),
             _ports(rule.protocol, f"{far}port", rule.remote_ports), _kinds(rule.protocol, rule.kinds))
    for combination in product(*tests):
        if len({family for family, _ in combination} - {0}) < 2:
            yield " ".join(words for _, words in combination if words)


def _addresses(side: str, some: list[Addresses] | tuple[Addresses, ...]) -> list[_Test]:
    return [(each.family, f"{'ip' if each.family == 4 else 'ip6'} {side} {_range(each)}")
            for each in some] or _ALWAYS


def _range(found: Addresses) -> str:
    low, high = write(found.family, found.low), write(found.family, found.high)
    if found.length >= 0:
        return f"{low}/{found.length}"
    return low if low == high else f"{low}-{high}"


def _ports(protocol: int, side: str, some: tuple[Ports, ...]) -> list[_Test]:
    return [(0, f"{_OF_PORTS[protocol]} {side} {each.low}{f'-{each.high}' if each.high > each.low else ''}")
            for each in some] or _ALWAYS


def _kinds(protocol: int, some: tuple[Kind, ...]) -> list[_Test]:
    if not some:
        return _ALWAYS
    family, word = _ICMP[protocol]
    return [(family, f"{word} type {each.kind}" + (f" {word} code {each.code}" if each.code >= 0 else ""))
            for each in some]
