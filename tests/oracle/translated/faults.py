"""Mistakes that a translator, or who writes a vendor's words, could make: the kernel has to show each.

As all sides have to agree, it does not matter on which of them a mistake is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeGuard, TypeVar

from tests.oracle.translated import asa_policy as asa
from tests.oracle.translated import windows_policy as windows

_P = TypeVar("_P")
_T = TypeVar("_T")


def _same(value: _T) -> _T:
    return value


class Fault(NamedTuple, Generic[_P]):
    """A mistake in the text, in the policy that is translated, or in the rules that come of it."""

    text: Callable[[str], str] = _same
    policy: Callable[[_P], _P] = _same
    rules: Callable[[str], str] = _same


NO_FAULT: Fault[Any] = Fault()


def _rules(pattern: str, put: str) -> Fault[_P]:
    return Fault(rules=lambda rules: re.sub(pattern, put, rules, flags=re.MULTILINE))


def _exchanged(rules: str, one: str, other: str) -> str:
    return re.sub(rf"\b({one}|{other})\b", lambda found: other if found[0] == one else one, rules)


# ASA


def _changed(value: object, change: Callable[[object], object]) -> object:
    """Change every part of a policy, from the innermost on."""
    if isinstance(value, dict):
        return {key: _changed(each, change) for key, each in value.items()}
    if isinstance(value, tuple):
        parts: list[Any] = [_changed(each, change) for each in value]
        value = type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return change(value)


def _parts(change: Callable[[object], object]) -> Fault[asa.Policy]:
    def on_policy(policy: asa.Policy) -> asa.Policy:
        whole = {name: _changed(getattr(policy, name), change) for name in (
            "objects", "services", "groups", "service_groups", "port_groups", "protocol_groups",
            "message_groups", "lists")}
        return replace(policy, **whole)  # type: ignore[arg-type]

    return Fault(policy=on_policy)


def _asa(change: Callable[[asa.Policy], asa.Policy]) -> Fault[asa.Policy]:
    return Fault(policy=change)


def _compares(part: object, operator: str) -> TypeGuard[asa.Ports]:
    return isinstance(part, asa.Ports) and part.operator == operator


def _longer_range(part: object) -> object:
    if _compares(part, "range") and part.high.value < 65535:
        return part._replace(high=part.high._replace(value=part.high.value + 1))
    return part


def _moved(part: object, operator: str, by: int) -> object:
    if _compares(part, operator) and 0 < part.low.value < 65535:
        return part._replace(low=part.low._replace(value=part.low.value + by))
    return part


def _shorter_span(part: object) -> object:
    if not isinstance(part, asa.Span):
        return part
    return part._replace(high=part.high - 1) if part.high > part.low + 1 else asa.Host(part.family, part.low)


def _wildcard(part: object) -> object:
    if isinstance(part, asa.Block) and part.family == 4:
        mask = part.mask ^ 0xFFFFFFFF
        return part._replace(base=part.base & mask, mask=mask)
    return part


def _without_inner(part: object) -> object:
    """Forget what groups have of other groups, where something else is in them."""
    if type(part) is not tuple:
        return part
    return tuple(each for each in part if not isinstance(each, asa.Named) or each.kind == "object") or part


FAULTS_OF_ASA: Mapping[str, Fault[asa.Policy]] = {
    "a range of ports ends one too late": _parts(_longer_range),
    "a range of addresses ends one too early": _parts(_shorter_span),
    "a mask is taken for a wildcard": _parts(_wildcard),
    "neq is eq": _parts(lambda part: part._replace(operator="eq") if _compares(part, "neq") else part),
    "gt means its number too": _parts(lambda part: _moved(part, "gt", -1)),
    "lt means its number too": _parts(lambda part: _moved(part, "lt", 1)),
    "source and destination are exchanged": Fault(rules=lambda rules: _exchanged(rules, "saddr", "daddr")),
    "source ports are not looked at": _rules(r"(tcp|udp) sport [<> ]*[\d-]+ ?", ""),
    "source ports are taken for destination ports": _rules(" sport ", " dport "),
    "domain is 54": _parts(lambda part: asa.Number(54, "") if part == asa.Number(53, "domain") else part),
    "an inactive line is in force": _parts(
        lambda part: part._replace(inactive=False) if isinstance(part, asa.Entry) else part),
    "a deny does nothing": _parts(lambda part: part._replace(inactive=part.inactive or not part.permit)
                                  if isinstance(part, asa.Entry) else part),
    "any is IPv4": _parts(lambda part: asa.Anybody(4) if part == asa.Anybody(0) else part),
    "any4 is any": _parts(lambda part: asa.Anybody(0) if part == asa.Anybody(4) else part),
    "the last line that matches counts": _asa(lambda policy: replace(
        policy, lists={name: entries[::-1] for name, entries in policy.lists.items()})),
    "line numbers mean nothing": Fault(text=lambda text: re.sub(r" line \d+ ", " ", text)),
    "groups in groups are forgotten": _parts(_without_inner),
    "a code of ICMP does not matter": _parts(
        lambda part: part._replace(code=-1) if isinstance(part, asa.Message) else part),
    "tcp-udp is TCP": _parts(lambda part: asa.Number(6, "") if part == asa.Number(-2, "tcp-udp") else part),
    "interface is any": _parts(lambda part: asa.Anybody(0) if isinstance(part, asa.Itself) else part),
    "a list on the way out is not asked": _asa(lambda policy: replace(
        policy, bound={slot: name for slot, name in policy.bound.items() if slot[1] == "in"})),
    "a list on the way out ends with a permit": _rules(r"^(chain out_[^}]*)drop\n\}", r"\1accept\n}"),
    "in is out": _asa(lambda policy: replace(policy, bound={
        (interface, {"in": "out", "out": "in"}[way]): name
        for (interface, way), name in policy.bound.items()})),
    "the list for all interfaces is not asked": _asa(lambda policy: replace(policy, everywhere="")),
    "low security reaches high security": _asa(lambda policy: replace(
        policy, levels={name: -level for name, level in policy.levels.items()})),
    "interfaces of one level need no option": _asa(lambda policy: replace(
        policy, options=frozenset({"inter-interface", "intra-interface"}))),
}
"""What is wrong, in words, and how to make it so."""


# Windows


def _each(change: Callable[[windows.Rule], windows.Rule]) -> Fault[windows.Policy]:
    return Fault(policy=lambda policy: replace(policy, rules=tuple(map(change, policy.rules))))


def _settings(change: Callable[[windows.Settings], windows.Settings]) -> Fault[windows.Policy]:
    return Fault(policy=lambda policy: replace(
        policy, settings={name: change(each) for name, each in policy.settings.items()}))


def _addresses(change: Callable[[windows.Addresses], windows.Addresses]) -> Fault[windows.Policy]:
    return _each(lambda rule: rule._replace(
        local=tuple(map(change, rule.local)),
        remote=tuple(each if isinstance(each, str) else change(each) for each in rule.remote)))


def _ports(change: Callable[[windows.Ports], windows.Ports]) -> Fault[windows.Policy]:
    return _each(lambda rule: rule._replace(local_ports=tuple(map(change, rule.local_ports)),
                                            remote_ports=tuple(map(change, rule.remote_ports))))


def _shorter(found: windows.Addresses) -> windows.Addresses:
    return found._replace(high=found.high - 1) if found.length < 0 else found


def _half(found: windows.Addresses) -> windows.Addresses:
    if found.length < 0 or found.low == found.high:
        return found
    return found._replace(high=(found.low + found.high) // 2, length=found.length + 1)


def _late_blocks(rules: str) -> str:
    lines = rules.splitlines()
    blocks = [each for each in lines if each.endswith(" drop")]
    return "\n".join([*(each for each in lines[:-3] if each not in blocks), *blocks, *lines[-3:]])


def _without_keywords(rule: windows.Rule) -> windows.Rule:
    return rule._replace(remote=() if "LocalSubnet" in rule.remote else rule.remote)


FAULTS_OF_WINDOWS: Mapping[str, Fault[windows.Policy]] = {
    "what is allowed beats a block": Fault(rules=_late_blocks),
    "a disabled rule counts": _each(lambda rule: rule._replace(enabled=True)),
    "a rule holds in every profile": _each(lambda rule: rule._replace(profiles=windows.PROFILES)),
    "rules of the other direction count": _each(lambda rule: rule._replace(inbound=not rule.inbound)),
    "local and remote addresses are exchanged": Fault(
        rules=lambda rules: _exchanged(rules, "saddr", "daddr")),
    "local and remote ports are exchanged": Fault(rules=lambda rules: _exchanged(rules, "sport", "dport")),
    "a range of ports ends one too late": _ports(
        lambda each: each._replace(high=each.high + (each.low < each.high < 65535))),
    "a single port is the first of a range": _ports(
        lambda each: each._replace(high=min(each.high + (each.low == each.high), 65535))),
    "a range of addresses ends one too early": _addresses(_shorter),
    "a prefix is one bit too long": _addresses(_half),
    "only the first of several addresses counts": _each(lambda rule: rule._replace(remote=rule.remote[:1])),
    "only the last of several ports counts": _each(lambda rule: rule._replace(
        local_ports=rule.local_ports[-1:], remote_ports=rule.remote_ports[-1:])),
    "LocalSubnet is everybody": _each(_without_keywords),
    "RPC-EPMap is any port": _ports(
        lambda each: windows.Ports(0, 65535) if each.word == "RPC-EPMap" else each),
    "RPC is any port": _ports(lambda each: windows.Ports(0, 65535) if each.word == "RPC" else each),
    "a program does not matter": _each(lambda rule: rule._replace(owner=("", ""))),
    "a service does not matter": _each(lambda rule: rule._replace(owner=(rule.owner[0], ""))),
    "a code of ICMP does not matter": _each(lambda rule: rule._replace(
        kinds=tuple(each._replace(code=-1) for each in rule.kinds))),
    "any protocol is TCP": _each(lambda rule: rule._replace(
        protocol=windows.TCP if rule.protocol < 0 else rule.protocol)),
    "what is not matched comes in": _settings(lambda each: each._replace(block_in=False)),
    "what is not matched does not go out": _settings(lambda each: each._replace(block_out=True)),
    "a firewall that is off blocks": _settings(lambda each: each._replace(on=True)),
    "exceptions count where none are allowed": _settings(lambda each: each._replace(exceptions=True)),
    "a bypass is an allow": _each(lambda rule: rule._replace(
        action="Allow" if rule.action == "Bypass" else rule.action)),
    "IPsec is not needed": _each(lambda rule: rule._replace(
        action="Allow" if rule.action == "Secure" else rule.action)),
}
"""As above."""
