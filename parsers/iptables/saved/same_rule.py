"""When two rules are the same to the kernel, however they are spelled: what `-D` with a rule's words removes.

The kernel compares what it has stored. So spellings, names and the order of the plain tests do not count, but
the order of the matches does (measured with iptables 1.8.9, both back ends).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Hashable, Iterable

from aclproof.parsers.iptables.text import addresses, names, states, targets
from aclproof.parsers.iptables.text.words import RuleError, Spec, Test, Unread
from aclproof.parsers.model.addresses import ANY4, ANY6, Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ANY_PORT
from aclproof.reason import Reason

_LIMIT = re.compile(r"(\d+)(?:/(s|m|h|d)[a-z]*)?")
_LEVELS = {name: number for number, known in enumerate((
    "emerg panic", "alert", "crit", "error err", "warning warn", "notice", "info", "debug"))
    for name in (*known.split(), str(number))}
_REJECTS = {Family.V4: "icmp-port-unreachable", Family.V6: "icmp6-port-unreachable"}
_WARNING = 4


class Finder:
    """Takes rules out of chains; what a rule means is worked out once, and where it stands is known."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Spec, Hashable | None]] = {}
        self._places: dict[int, _Places] = {}

    def remove(self, chain: list[Spec | Unread], wanted: Spec, family: Family) -> None:
        """Take out the first rule of a chain that is the same; RuleError where there is none, or it may be
        another.

        What means the same may be the same to one back end and not to the other (`! --dport :22`, and
        `--dport 23:`): where such a rule comes first, it cannot be known which one goes.
        """
        exactly, alike = _exactly(wanted, family), meaning(wanted, family)
        if id(chain) not in self._places:
            self._places[id(chain)] = _Places(chain, lambda each: self._meaning(each, family))
        places = self._places[id(chain)]
        at = places.first(alike)
        if at is None:
            raise RuleError(Reason("no rule of the chain says this; delete it by its number"))
        known = chain[at]
        if not isinstance(known, Spec) or _or_none(_exactly, known, family) != exactly:
            raise RuleError(Reason("whether it is one of the rules that mean the same cannot be told; "
                                   "delete it by its number"))
        places.remove(at)

    def remove_at(self, chain: list[Spec | Unread], at: int) -> None:
        """Take out the rule at an index."""
        if id(chain) in self._places:
            self._places[id(chain)].remove(at)
        else:
            del chain[at]

    def changed(self, chain: list[Spec | Unread]) -> None:
        """Forget where the rules of a chain stand: it got others, not at its end."""
        self._places.pop(id(chain), None)

    def _meaning(self, spec: Spec | Unread, family: Family) -> Hashable | None:
        if not isinstance(spec, Spec):
            return None
        known = self._known.get(id(spec))
        if known is None:  # the rule is kept with it, so its identity stays its own
            known = self._known[id(spec)] = spec, _or_none(meaning, spec, family)
        return known[1]


class _Places:
    """Where the rules of a chain stand that only gets others at its end, by what each of them means.

    Each has a number that stays its own; those that went below it tell its place.
    """

    def __init__(self, chain: list[Spec | Unread], meaning_of: Callable[[Spec | Unread],
                                                                       Hashable | None]) -> None:
        self._chain, self._meaning_of = chain, meaning_of
        self._meanings: list[Hashable | None] = []
        self._numbers: dict[Hashable | None, deque[int]] = {}
        self._gone: list[int] = []

    def first(self, wanted: Hashable) -> int | None:
        """Return the index of the first rule that means this."""
        self._follow()
        numbers = self._numbers.get(wanted)
        return numbers[0] - bisect_left(self._gone, numbers[0]) if numbers else None

    def remove(self, at: int) -> None:
        """Take a rule out."""
        self._follow()
        gone = self._gone
        number = at + bisect_right(range(len(gone)), at, key=lambda each: gone[each] - each)
        self._numbers[self._meanings[number]].remove(number)
        insort(gone, number)
        del self._chain[at]

    def _follow(self) -> None:
        """Take in what the chain got."""
        for each in self._chain[len(self._meanings) - len(self._gone):]:
            known = self._meaning_of(each)
            self._numbers.setdefault(known, deque()).append(len(self._meanings))
            self._meanings.append(known)


def _exactly(spec: Spec, family: Family) -> Hashable:
    """What is equal for rules that the kernel surely takes for the same."""
    whole = spec.whole
    plain = _values([test for test in whole.tests if not test.module], family)
    matches = tuple((module, _values(tests, family)) for module, tests in whole.matches)
    return plain, matches, target(spec, family)


def meaning(spec: Spec, family: Family) -> Hashable:
    """What is equal for rules that mean the same, with their matches in any order."""
    tests: set[Hashable] = set()
    for test in spec.tests:
        value = _value(test, family)
        name = _SAME_NAME.get(_name(test), _name(test))
        if name in ("sport", "dport") and isinstance(value, tuple) and value is not test.values:
            ports = IntervalSet.of(value)
            tests.add((name, ANY_PORT - ports if test.negated else ports))
        elif value is not None:
            tests.add((name, frozenset(value) if test.module == "multiport" and isinstance(value, tuple)
                       else value, test.negated))
    return frozenset(tests), target(spec, family)


_SAME_NAME = {"state": "ctstate"}


def _or_none(how: Callable[[Spec, Family], Hashable], spec: Spec, family: Family) -> Hashable | None:
    """The same for a rule that may not be understood; None equals no rule."""
    try:
        return how(spec, family)
    except RuleError:
        return None


def _values(tests: Iterable[Test], family: Family) -> frozenset[Hashable]:
    values = ((test, _value(test, family)) for test in tests)
    return frozenset((_name(test), value, test.negated) for test, value in values if value is not None)


def _name(test: Test) -> str:
    return "tcp-flags" if test.name == "syn" else test.name


def _value(test: Test, family: Family) -> Hashable:
    """The meaning of a test's words; None for a test that every packet passes and that is not kept."""
    text = test.values[0] if len(test.values) == 1 else ""
    match test.module, test.name:
        case "", _ if text:
            return _address_or_protocol(test, text, family)
        case ("tcp" | "udp" | "udplite" | "sctp" | "dccp"), ("sport" | "dport") if text:
            found_ports = names.ports(text)
            return None if found_ports == _EVERY_PORT and not test.negated else found_ports
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


def _address_or_protocol(test: Test, text: str, family: Family) -> Hashable:
    match test.name:
        case "source" | "destination":
            found = addresses.parse(text, family)
            everything = found in (ANY4, ANY6) and not test.negated
            return None if everything else found
        case "protocol":
            return names.protocol(text)
        case _:
            return test.values


_EVERY_PORT = (0, 65535)
_ALL_BITS = (1 << 32) - 1


def target(spec: Spec, family: Family) -> Hashable:
    """What is equal for rules that do the same with the packets that they match."""
    jump = spec.jump
    given = dict(jump.arguments)
    match jump.target:
        case "REJECT":
            given.setdefault("reject-with", _REJECTS[family])
        case "LOG":
            level = given.pop("log-level", "")
            known = _LEVELS.get(level.lower())
            if level and known != _WARNING:
                given["log-level"] = level if known is None else str(known)
        case "MARK" | "CONNMARK" | "DNAT" | "SNAT" | "REDIRECT" | "MASQUERADE" | "NETMAP":
            effect = targets.understand(jump, family, {}).effect
            flags = frozenset(name for name, value in jump.arguments if not value)
            return jump.target, jump.goto, effect, flags
        case _:
            pass
    return jump.target, jump.goto, frozenset(given.items())
