"""When two rules are the same to the kernel, however they are spelled: what `-D` with a rule's words asks.

The kernel compares what it has stored. So spellings, names and the order of the plain tests do not count, but
the order of the matches does (measured with iptables 1.8.9, both back ends).
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from parsers.iptables import addresses, names, states, targets
from parsers.iptables.words import Spec, Test, Wrong
from parsers.model.addresses import ANY4, ANY6, Family

_LIMIT = re.compile(r"(\d+)(?:/(s|m|h|d)[a-z]*)?")
_LEVELS = {name: number for number, known in enumerate((
    "emerg panic", "alert", "crit", "error err", "warning warn", "notice", "info", "debug"))
    for name in (*known.split(), str(number))}
_REJECTS = {Family.V4: "icmp-port-unreachable", Family.V6: "icmp6-port-unreachable"}
_WARNING = 4


def canonical(spec: Spec, family: Family) -> Hashable:
    """Return a value that is equal for rules that the kernel takes for the same; Wrong for no rule."""
    plain: set[Hashable] = set()
    matches: dict[str, set[Hashable]] = {}
    for test in spec.tests:
        value = _value(test, family)
        if value is None:
            continue
        kept = matches.setdefault(test.module, set()) if test.module else plain
        kept.add((_name(test), value, test.negated))
    return (frozenset(plain), tuple((module, frozenset(tests)) for module, tests in matches.items()),
            _target(spec, family))


def canonical_or_none(spec: Spec, family: Family) -> Hashable | None:
    """Return the same of a rule that may not be understood; None equals no rule."""
    try:
        return canonical(spec, family)
    except Wrong:
        return None


def _name(test: Test) -> str:
    return "tcp-flags" if test.name == "syn" else test.name


def _value(test: Test, family: Family) -> Hashable:
    """The meaning of a test's words; None for a test that every packet passes and that is not kept."""
    text = test.values[0] if len(test.values) == 1 else ""
    match test.module, test.name:
        case "", "source" | "destination" if text:
            found = addresses.parse(text, family)
            everything = found in (ANY4, ANY6) and not test.negated
            return None if everything else found
        case "", "protocol" if text:
            return names.protocol(text)
        case ("tcp" | "udp" | "udplite" | "sctp" | "dccp"), ("sport" | "dport") if text:
            return names.ports(text)
        case "tcp", "syn" | "tcp-flags":
            return states.flags(test)
        case "multiport", _ if text:
            return tuple(map(names.ports, text.split(",")))
        case ("icmp" | "icmp6"), _ if text:
            return names.icmp(text, family)
        case ("state" | "conntrack"), ("state" | "ctstate") if text:
            return states.parse(text)
        case ("mark" | "connmark"), "mark" if text:
            value, _, mask = text.partition("/")
            return names.number(value, _ALL_BITS), names.number(mask, _ALL_BITS) if mask else _ALL_BITS
        case "limit", "limit" if found_limit := _LIMIT.fullmatch(text):
            return found_limit[1], found_limit[2] or "s"
        case "limit", "limit-burst" if text == "5":
            return None  # the default, which is not printed
        case _:
            return test.values


_ALL_BITS = (1 << 32) - 1


def _target(spec: Spec, family: Family) -> Hashable:
    given = dict(spec.arguments)
    match spec.target:
        case "REJECT":
            given.setdefault("reject-with", _REJECTS[family])
        case "LOG":
            level = given.pop("log-level", "")
            known = _LEVELS.get(level.lower())
            if level and known != _WARNING:
                given["log-level"] = level if known is None else str(known)
        case "MARK" | "CONNMARK" | "DNAT" | "SNAT" | "REDIRECT" | "MASQUERADE" | "NETMAP":
            effect = targets.understand(spec, family, {}).effect
            flags = frozenset(name for name, value in spec.arguments if not value)
            return spec.target, spec.goto, effect, flags
        case _:
            pass
    return spec.target, spec.goto, frozenset(given.items())
