"""Two translation tables as Cisco's guides describe them, one packet at a time: nothing is shared with ours.

Before 8.3: guide to 8.2, "NAT Control", "NAT and Same Security Level Interfaces", "Order of NAT Commands Used
to Match Real Addresses", "Bypassing NAT". From 8.3 on: guide to 8.4, "NAT Rule Order", "Determining the
Egress Interface". For both: message 305013, the answers must meet the rule of the request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

Ends = tuple[int, int]
"""First and last address."""
ANYBODY: Ends = (0, 2**32 - 1)
OUT, IN, DMZ = "outside", "inside", "dmz"
NETWORKS: dict[str, Ends] = {OUT: (0xC0000200, 0xC00002FF), IN: (0x0A010000, 0x0A0100FF),
                             DMZ: (0x0A020000, 0x0A0200FF)}


class Asked(NamedTuple):
    """The first packet of a connection."""

    entry: str
    source: int
    destination: int
    source_port: int
    port: int


@dataclass(frozen=True)
class Line:
    """One rule: hosts behind one interface, and what they are towards another (None: any)."""

    kind: str
    """`static`, `dynamic`, `identity` (nat 0 without a list) or `exempt`."""
    behind: str
    towards: str | None
    real: Ends
    mapped: Ends = ANYBODY
    dialled: Ends = ANYBODY
    far: Ends = ANYBODY
    ports: tuple[int, int] | None = None
    """Real and mapped TCP port."""
    one_way: bool = False
    outside: bool = False
    pools: dict[str, int] = field(default_factory=dict, hash=False)
    """Of a dynamic line before 8.3: the address at each interface that has a `global` of its number."""

    def keeps(self, before: int, after: int) -> bool:
        """Whether it leaves an address as it is, whoever opens the connection."""
        return self.kind == "exempt" or (self.kind == "static" and before == after and not self.one_way
                                         and self.ports is None)


REFUSED = Line("refused", "", None, ANYBODY)


def holds(ends: Ends, address: int) -> bool:
    return ends[0] <= address <= ends[1]


def moved(address: int, old: Ends, new: Ends) -> int:
    return address - old[0] + new[0]


@dataclass
class Box:
    """A firewall with three interfaces whose lists permit everything."""

    levels: dict[str, int]
    lines: list[Line]
    """In the device's order."""
    reserved: dict[str, set[int]]
    """Addresses of `global` lines, by interface."""

    def passes(self, asked: Asked) -> bool | None:
        """Whether a connection comes to its server; None where the guides do not say."""
        found = list(self.untranslated(asked))
        if len(found) > 1:
            return None  # one line in both of its directions
        rule, server, port, leave = found[0] if found else (None, asked.destination, asked.port, None)
        leave = leave or next((name for name, ends in NETWORKS.items() if holds(ends, server)), None)
        if leave in (None, asked.entry):
            return None if rule else False if self.nobody(asked.destination, asked.entry) else None
        assert leave is not None
        if (rule is None or rule.keeps(asked.destination, server)) and self.nobody(asked.destination, leave):
            return False
        sender, client = self.source(asked.entry, leave, asked.source, asked.destination, None)
        if sender is REFUSED:
            return False
        back, answer = self.source(leave, asked.entry, server, client, port)
        if back is rule:
            return True
        if sender and sender is not rule and sender.keeps(asked.source, client):
            sender = None
        if (server, port) == (asked.destination, asked.port):
            rule = None
        if back and back.keeps(server, answer):
            back = None
        return self.same(asked.entry, leave, rule, sender, back)

    def same(self, entry: str, leave: str, rule: Line | None, sender: Line | None,
             back: Line | None) -> bool | None:
        """Whether the answers meet the rule that changes the request's destination."""
        if rule is back:
            return True
        if rule is not None and rule is sender:
            return True if back is None else None
        if back is REFUSED and self.levels[entry] == self.levels[leave]:
            return None
        if rule is not None and back is None and sender is not None:
            return None
        return False

    def nobody(self, address: int, interface: str) -> bool:
        """Whether an address is the firewall's own or stands for a host elsewhere, towards an interface."""
        if any(address == ends[0] + 1 for ends in NETWORKS.values()):
            return True
        if address in self.reserved.get(interface, ()):
            return True
        for line in self.lines:
            stands = line.mapped not in (ANYBODY, line.real) and line.towards in (None, interface)
            if stands and holds(line.mapped, address):
                return True
            if line.behind == interface and line.dialled != line.far and holds(line.dialled, address):
                return True
        return False

    def untranslated(self, asked: Asked) -> Iterator[tuple[Line, int, int, str | None]]:
        """The first line that decides the destination, what it becomes, and the way out if it says so."""
        raise NotImplementedError

    def source(self, entry: str, leave: str, source: int, destination: int,
               answers: int | None) -> tuple[Line | None, int]:
        """The first line that decides the source, and what it becomes; `answers` is the server's port."""
        raise NotImplementedError


@dataclass
class Old(Box):
    """Before 8.3: exemptions, statics, policies in the file's order; then the best match."""

    needed: bool = False
    """Whether each packet needs a translation."""
    pix6: bool = False
    """Whether equal levels never talk, besides."""

    def passes(self, asked: Asked) -> bool | None:
        """Whether a connection comes to its server; None where the guides do not say."""
        towards = {line.behind for line, *_ in self.untranslated(asked)} or {
            name for name, ends in NETWORKS.items() if holds(ends, asked.destination)}
        if self.pix6 and any(name != asked.entry and self.levels[name] == self.levels[asked.entry]
                             for name in towards):
            return False
        return Box.passes(self, asked)

    def untranslated(self, asked: Asked) -> Iterator[tuple[Line, int, int, str | None]]:
        for line in self.lines:
            if line.kind != "static" or line.towards != asked.entry:
                continue
            port = line.ports is None or line.ports[1] == asked.port
            if holds(line.mapped, asked.destination) and holds(line.far, asked.source) and port:
                real = line.ports[0] if line.ports else asked.port
                yield line, moved(asked.destination, line.mapped, line.real), real, line.behind
                return

    def source(self, entry: str, leave: str, source: int, destination: int,
               answers: int | None) -> tuple[Line | None, int]:
        fitting = [line for line in self.lines if line.behind == entry and holds(line.real, source)
                   and holds(line.far, destination) and line.towards in (None, leave)]
        for line in fitting:
            if line.kind == "exempt":
                return line, source
        for line in fitting:
            if line.kind == "static" and (line.ports is None or line.ports[0] == answers):
                return line, moved(source, line.real, line.mapped)
        dynamic = [line for line in fitting if line.kind in ("dynamic", "identity")
                   and (line.outside or self.levels[entry] >= self.levels[leave])]
        policies = [line for line in dynamic if line.far != ANYBODY]
        best = sorted(dynamic, key=lambda line: line.real[1] - line.real[0])
        for line in (*policies, *best):
            if line.kind == "identity":
                return line, source
            return (line, line.pools[leave]) if leave in line.pools else (REFUSED, source)
        return (REFUSED if self._needs(entry, leave) else None), source

    def _needs(self, entry: str, leave: str) -> bool:
        dynamic = [line for line in self.lines if line.kind == "dynamic" and line.behind == entry]
        if self.levels[entry] == self.levels[leave]:
            return self.needed and bool(dynamic)
        return self.needed and (self.levels[entry] > self.levels[leave] or any(
            line.outside for line in dynamic))


@dataclass
class New(Box):
    """From 8.3 on: one table of twice NAT, object NAT, twice NAT after-auto."""

    def untranslated(self, asked: Asked) -> Iterator[tuple[Line, int, int, str | None]]:
        for line in self.lines:
            found = list(self._by_line(line, asked))
            if found:
                yield from found
                return

    def _by_line(self, line: Line, asked: Asked) -> Iterator[tuple[Line, int, int, str | None]]:
        if line.behind == asked.entry and line.dialled != ANYBODY and holds(line.real, asked.source) \
                and holds(line.dialled, asked.destination):
            yield line, moved(asked.destination, line.dialled, line.far), asked.port, line.towards
        port = line.ports is None or line.ports[1] == asked.port
        if line.kind == "static" and not line.one_way and line.towards in (None, asked.entry) and port \
                and holds(line.mapped, asked.destination) and holds(line.far, asked.source):
            real = line.ports[0] if line.ports else asked.port
            yield line, moved(asked.destination, line.mapped, line.real), real, line.behind

    def source(self, entry: str, leave: str, source: int, destination: int,
               answers: int | None) -> tuple[Line | None, int]:
        for line in self.lines:
            if line.behind == entry and line.towards in (None, leave) and holds(line.real, source) \
                    and holds(line.dialled, destination) and (line.ports is None or line.ports[0] == answers):
                if line.kind == "dynamic":
                    return line, line.mapped[0]
                return line, moved(source, line.real, line.mapped)
            if line.kind == "static" and not line.one_way and line.dialled != ANYBODY and \
                    line.towards in (None, entry) and line.behind == leave and holds(line.far, source) \
                    and holds(line.mapped, destination):
                return line, moved(source, line.far, line.dialled)
        return None, source
