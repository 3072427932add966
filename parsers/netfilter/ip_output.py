"""What `ip address`, `ip route` and `ip rule` print: the interfaces of a router, and where its routes lead.

In every layout (`-o`, `-br`, `-4`, `-6`, `-d`), in a file of their own or around rules, with prompts or
without.
What is not the main table is not read, and said to be there.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from aclproof.parsers.model.addresses import LINK_LOCAL, NOWHERE, AddressSet, Family, network_of
from aclproof.parsers.netfilter.ip_shown import NETWORK, STATES

_USABLE = ("UP", "UNKNOWN")
_NO_LINK = frozenset({"NO-CARRIER", "M-DOWN"})
"""Flags of an interface without a carrier, and of one on another that is down."""
_STATE = re.compile(rf" state (?P<state>{STATES})\b")
_HEAD = re.compile(r"\d+: (?P<name>[^\s:@]+)(?:@\S+)?: <(?P<flags>[A-Z0-9_,-]*)>(?P<rest>.*)")
_ONE_LINE = re.compile(rf"\d+: (?P<name>[^\s@]+)(?:@\S+)?\s+inet6?\s+(?P<own>{NETWORK})(?P<rest>.*)")
_BRIEF = re.compile(rf"(?P<name>[^\s@]+)(?:@\S+)?\s+(?P<state>{STATES})(?P<rest>(?:\s+(?:peer\s+)?{NETWORK}"
                    r"|\s+<[A-Z0-9_,-]*>)*)\s*")
_INET = re.compile(rf"\s+inet6?\s+(?P<own>{NETWORK})(?P<rest>.*)")
_PEER = re.compile(rf"\s+peer\s+(?P<peer>{NETWORK})")
_ROUTE = re.compile(r"(?:(?P<kind>unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|"
                    rf"throw) )?(?P<to>default|{NETWORK})(?P<rest>\s.*)?")
_HOP_BESIDE = "\\\tnexthop"
_NEXT_HOP = re.compile(r"\s+nexthop\s(?P<rest>.*)")
_RULE = re.compile(r"\d+:\s+(?:not )?from \S+.*\b(?:lookup|goto|nop|blackhole|unreachable|prohibit|realms)"
                   r"\b.*")
_USUAL_RULES = re.compile(r"0:\s+from all lookup local\s*|3276[67]:\s+from all lookup (?:main|default)\s*")
_FIRST_RULE = re.compile(r"0:\s+from all lookup local\s*")
_COMMAND = re.compile(r"(?!-[A-Za-z]|[:\[]|\*\w)(?:[^#$>%]{0,80}?[#$>%]\s*|[=*+-]+\s*)?(?:sudo\s+)?"
                      r"(?:/\S*/)?ip\s+(?P<options>(?:-\S+\s+)*)(?P<what>a|ad\w*|r|ro\w*|ru\w*|l|li\w*)"
                      r"(?P<rest>(?:\s+[\w./:-]+)*)[\s=*-]*")
_JOINED = re.compile(r";|&&")
_ALL = re.compile(r"(?:\s+(?:show|list|ls))?")
_RULE_LIKE = re.compile(r"\s+(?:[-:*\[]|\d+\S*\s+\d+\S*\s+[A-Z])")
"""An indented line of rules, or of a listing of them."""
_NO_HOP_YET = frozenset("proto metric nhid scope src".split())
"""What a route begins with whose next hops stand in lines of their own."""
_OWN_TABLES = ("main", "254", "all", "unspec")
DROPS = frozenset({"blackhole", "unreachable", "prohibit"})
_OTHERS = frozenset({"broadcast", "multicast", "anycast"})


class Leads(Struct, frozen=True):
    """A route of the main table; instead of an interface it may name what drops its packets."""

    network: AddressSet
    interface: str
    metric: int
    line: int
    beyond: bool = False
    """Whether it is no network that an address of the interface is in."""
    gateway: AddressSet = NOWHERE
    """The next router."""


class Places(Struct):
    """What was read: lines count from 1."""

    lines: set[int] = field(default_factory=set)
    """All lines that are such output, or the commands that made it."""
    interfaces: dict[str, tuple[AddressSet, int]] = field(default_factory=dict)
    """By name: its own addresses, and the line that names it first."""
    addressed: set[str] = field(default_factory=set)
    """Those that `ip address` shows."""
    down: set[str] = field(default_factory=set)
    """Those that it, or `ip route`, shows to be down, or without a carrier."""
    connected: list[Leads] = field(default_factory=list)
    """The networks at interfaces, as `ip address` shows them."""
    routes: list[Leads] = field(default_factory=list)
    families: set[Family] = field(default_factory=set)
    """Those of which there are routes."""
    elsewhere: int = 0
    """The line that shows another table than the main one, or a rule that may choose one; 0 for none."""
    rules: list[tuple[Family, str, int]] = field(default_factory=list)
    """Rules of routing, each with its family and line."""
    rules_shown: set[Family] = field(default_factory=set)
    """The families whose rules of routing were shown: what `ip rule` prints is of IPv4 alone."""

    @property
    def by_main_table(self) -> bool:
        """Whether the rules of routing, where there are any, are the kernel's own: the main table decides."""
        asked = {family for family, text, _ in self.rules if "lookup main" in text}
        return all(_USUAL_RULES.fullmatch(text) and family in asked for family, text, _ in self.rules)


def _command(text: str) -> re.Match[str] | None:
    """A command that shows some of it, or the first of several in one line of which none asks for a part."""
    if not (";" in text or "&&" in text):
        return _COMMAND.fullmatch(text)
    found = [each for part in _JOINED.split(text) if (each := _COMMAND.fullmatch(part.strip(" ")))]
    options = {" ".join(each["options"].split()) for each in found}
    whole = len(found) == len(_JOINED.split(text)) and len(options) == 1 and all(
        _ALL.fullmatch(each["rest"]) for each in found)
    rules_of_ipv6 = "-6" in options and any(each["what"].startswith("ru") for each in found)
    return found[0] if whole and not rules_of_ipv6 else None


class Reader:
    """Reads the lines of a text that are such output; others are left alone."""

    def __init__(self, lines: list[str]) -> None:
        self.found = Places()
        self._name = ""
        self._enslaved = False
        """Whether the interface belongs to a bridge, a bond or a VRF, which may have a table of its own."""
        self._family = Family.V4
        self._to: tuple[AddressSet, str] | None = None
        """The route whose next hops follow: its network, and what it says of them all."""
        self._skips = False
        """Whether the command shows something else than the main table."""
        self._rules_of: Family | None = None
        """The family whose rules of routing the last command shows."""
        self._listed = Family.V4
        """The family of the rules of routing that are being listed."""
        self._next = ""
        """The line after: the next hop of a route that says no more than its network."""
        for number, line in enumerate(lines, 1):
            self._next = lines[number] if number < len(lines) else ""
            text, *hops = line.rstrip("\r ").split(_HOP_BESIDE)
            if hops:  # `ip -o route`
                self._next = f"\tnexthop{hops[0]}"
            pieces = (text, *(f"\tnexthop{hop}" for hop in hops))
            read = [self._line(each.rstrip(), number) for each in pieces]
            if all(read):
                self.found.lines.add(number)

    def _line(self, text: str, number: int) -> bool:
        if not text:  # it ends nothing: what is indented after it goes on
            return False
        if text[:1].isspace() and not _RULE_LIKE.match(text):
            return self._indented(text, number)
        self._name, self._to = "", None
        if found := _command(text):
            self._command(found, number)
        elif found := _HEAD.fullmatch(text):
            self._head(found, number)
        elif found := _ONE_LINE.fullmatch(text):
            self._own(found["name"], found["own"], found["rest"], number)
        elif found := _BRIEF.fullmatch(text):
            self._brief(found, number)
        elif _RULE.fullmatch(text):
            self._rule(text, number)
        elif found := _ROUTE.fullmatch(text):
            return self._route(found, number)
        else:
            return False
        return True

    def _indented(self, text: str, number: int) -> bool:
        if self._name:
            if found := _INET.fullmatch(text):
                self._own(self._name, found["own"], found["rest"], number)
                # the port of a bridge has such addresses, at most
                if self._enslaved and not network_of(found["own"]) <= LINK_LOCAL:
                    self.found.elsewhere = self.found.elsewhere or number
            return True
        hop = _NEXT_HOP.fullmatch(text)
        if hop and self._to:
            self._leads(self._to[0], f"{hop['rest']} {self._to[1]}", number)
            return True
        return False

    def _command(self, found: re.Match[str], number: int) -> None:
        self._family = Family.V6 if "-6" in found["options"].split() else Family.V4
        self._rules_of = self._family if found["what"].startswith("ru") else None
        rest = found["rest"].split()
        selects = [word for word in rest if word not in ("show", "list", "ls", "s", "sh", "l", "table")]
        self._skips = found["what"].startswith("r") and any(word not in _OWN_TABLES for word in selects)
        if self._skips and "table" in rest:
            self.found.elsewhere = self.found.elsewhere or number

    def _rule(self, text: str, number: int) -> None:
        """Without commands the first listing is of IPv4, and another one after it of IPv6."""
        if not _USUAL_RULES.fullmatch(text):
            self.found.elsewhere = self.found.elsewhere or number
        if _FIRST_RULE.fullmatch(text):
            six = Family.V4 in self.found.rules_shown
            self._listed = self._rules_of or (Family.V6 if six else Family.V4)
            self.found.rules_shown.add(self._listed)
        self.found.rules.append((self._listed, text, number))
        if text.split()[-1] == "default" and not self._rules_of:  # IPv6 has no such rule: twice of IPv4
            self.found.rules_shown.discard(Family.V6)

    def _head(self, found: re.Match[str], number: int) -> None:
        flags = found["flags"].split(",")
        self._name = found["name"]
        state = _STATE.search(found["rest"])
        if "UP" not in flags or not _NO_LINK.isdisjoint(flags) or (state and state["state"] not in _USABLE):
            self.found.down.add(self._name)
        self._enslaved = " master " in found["rest"]
        self.found.interfaces.setdefault(self._name, (NOWHERE, number))
        self.found.addressed.add(self._name)
        if {"NOARP", "MASTER"} <= set(flags):  # a VRF has a table of its own
            self.found.elsewhere = self.found.elsewhere or number

    def _brief(self, found: re.Match[str], number: int) -> None:
        name, words = found["name"], found["rest"].split()
        self.found.interfaces.setdefault(name, (NOWHERE, number))
        self.found.addressed.add(name)
        if found["state"] not in _USABLE:
            self.found.down.add(name)
        for at, word in enumerate(words):
            if word[0] != "<" and word != "peer" and words[at - 1:at] != ["peer"]:
                peer = f" peer {words[at + 2]}" if words[at + 1:at + 2] == ["peer"] else ""
                self._own(name, word, peer, number)

    def _own(self, name: str, own: str, rest: str, number: int) -> None:
        address, _, length = own.partition("/")
        before, line = self.found.interfaces.get(name, (NOWHERE, number))
        known = network_of(address)
        self.found.addressed.add(name)
        self.found.interfaces[name] = (before | known, line)
        peer = _PEER.match(rest)
        network = network_of(peer["peer"] if peer else own if length else address)
        if network:
            self.found.connected.append(Leads(network, name, 0, number))

    def _route(self, found: re.Match[str], number: int) -> bool:
        kind, rest = found["kind"] or "", found["rest"] or ""
        words = rest.split()
        by_itself = "dev" in words or kind in (*DROPS, "throw")
        goes_on = _NEXT_HOP.fullmatch(self._next.rstrip("\r ")) or (
            words[0] in _NO_HOP_YET if words else found["to"] == "default")
        if not by_itself and not goes_on:
            return False
        if kind == "throw" or _table(words) not in (*_OWN_TABLES, "local", "255"):
            self.found.elsewhere = self.found.elsewhere or number
        elif not self._skips and kind not in _OTHERS and kind != "local":
            self._main(found["to"], words, rest, number, drops=kind if kind in DROPS else "")
        return True

    def _main(self, to: str, words: list[str], rest: str, number: int, *, drops: str) -> None:
        if to == "default":
            six = any(":" in word for word in words)  # in a next hop or a source; no interface has one
            family = Family.V6 if six and "inet6" not in words else self._family
            network = network_of("::/0" if family is Family.V6 else "0.0.0.0/0")
        else:
            network = network_of(to)
            self._family = Family.V6 if network.v6 else Family.V4
        if drops:
            self.found.routes.append(Leads(network, drops, _metric(words), number))
        elif "dev" in words:
            self._leads(network, rest, number)
        else:
            self._to = network, rest
        self.found.families |= {family for family in Family if network.of(family)}

    def _leads(self, network: AddressSet, rest: str, number: int) -> None:
        words = rest.split()
        if "dev" not in words[:-1]:
            return
        name = words[words.index("dev") + 1]
        self.found.interfaces.setdefault(name, (NOWHERE, number))
        beyond = "via" in words or "kernel" not in words
        if "linkdown" in words or "dead" in words:
            self.found.down.add(name)
        at = words.index("via") + 1 if "via" in words[:-1] else len(words)
        gateway = network_of(next((word for word in words[at:at + 2] if word not in ("inet", "inet6")), ""))
        self.found.routes.append(Leads(network, name, _metric(words), number, beyond, gateway))


def _table(words: list[str]) -> str:
    return words[words.index("table") + 1] if "table" in words[:-1] else "main"


def _metric(words: list[str]) -> int:
    """The metric of a route; the lower one wins."""
    after = words[words.index("metric") + 1:][:1] if "metric" in words else []
    return int(after[0]) if after and after[0].isdecimal() and len(after[0]) <= len(str(2**32)) else 0
