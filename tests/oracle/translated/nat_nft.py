"""Lines of address translation as rules of nftables: what is dialled, who dials, and what answers would meet.

It knows the policy as plain data only. In the words of Cisco's guides (9.x and 8.2, "NAT Rule Order", "Order
of NAT Commands Used to Match Real Addresses", "Determining the Egress Interface", "NAT Control"): the first
line that fits decides each end; the one that decides the destination names the way out, too; packets whose
answers would meet another line than they did are dropped (message 305013). Lists hold the real addresses of
both ends, before 8.3 those that packets have where the list is. What a line sends out where no route leads
is dropped (message 110003).

What the program leaves open by its page (docs/cisco-asa.md, "Translation", "What stays open") is open here as
well: one world drops it, the other one does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from tests.oracle.plan import write
from tests.oracle.translated import asa_nft
from tests.oracle.translated.asa_policy import DEVICES, NETWORKS, OWN
from tests.oracle.translated.nat_policy import EVERYBODY, Ends, Line, Service, Translating

CODES = {name: number for number, name in enumerate(DEVICES, 1)}
"""Of interfaces, in marks."""
LEAVES_BY = 16
"""The bit where a mark holds the interface that a line names: the kernel routes by it."""
_CAME_BY, _SENDER = 12, 5
_LINE = 0x1F
_SENDER_CHANGES, _REFUSED, _BESIDE, _PERMITTED = 1 << 10, 1 << 20, 1 << 21, 1 << 22
_WORDS = {6: "tcp", 17: "udp"}


class _Port(NamedTuple):
    """A port at one end of packets, and what becomes of it."""

    protocol: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Half:
    """One line for connections of one direction: which packets fit, and what becomes of their ends."""

    line: int
    entry: str
    leave: str
    sources: Ends
    destinations: Ends
    new_source: Ends | None
    """None where it is not about sources."""
    new_destination: Ends | None
    source_port: _Port | None = None
    destination_port: _Port | None = None
    one_way: bool = False
    static: bool = True
    by_route: bool = False
    refuses: bool = False

    @property
    def changes_source(self) -> bool:
        """Whether who calls its hosts meets another line than they do."""
        return self.new_source != self.sources or self.one_way or self.source_port is not None \
            or self.refuses


def worlds(policy: Translating) -> tuple[str, str]:
    """Write the rulesets of both worlds: what is open passes, or not."""
    return _Rules(policy, lenient=True).text(), _Rules(policy, lenient=False).text()


def halves(policy: Translating) -> list[Half]:
    """All lines in the order in which they are tried, each in both of its directions."""
    used = [line for line in policy.lines if "inactive" not in line.words]
    found: list[Half] = []
    for number, line in enumerate(sorted(used, key=policy.rank), 1):
        found += _old_dynamic(policy, number, line) if line.kind in ("policy", "pair", "identity") else \
            _both(policy, number, line)
    return found + (list(_control(policy, len(used) + 1)) if policy.control else [])


def _both(policy: Translating, number: int, line: Line) -> Iterator[Half]:
    keeps = line.static and line.real == line.mapped and line.dialled == line.far
    by_route = "route-lookup" in line.words or (keeps and policy.filters.release.startswith("8.3"))
    yield Half(number, line.behind, line.towards, line.real, line.dialled, line.mapped,
               line.far if line.decides_far else None, _outwards(line.service), _inwards(line.far_service),
               line.one_way, line.static, by_route)
    if not line.one_way and line.kind != "exemption":
        yield Half(number, line.towards, line.behind, line.far, line.mapped,
                   line.dialled if line.decides_far else None, line.real, _outwards(line.far_service),
                   _inwards(line.service), by_route=by_route)


def _outwards(service: Service | None) -> _Port | None:
    """The port of who is translated, where these send."""
    return service and _Port(service.protocol, service.real, service.mapped)


def _inwards(service: Service | None) -> _Port | None:
    """The same where others dial them."""
    return service and _Port(service.protocol, service.mapped, service.real)


def _old_dynamic(policy: Translating, number: int, line: Line) -> Iterator[Half]:
    """Towards each interface that is not of a higher level, with `outside` towards all."""
    levels = policy.filters.levels
    for leave in DEVICES:
        if leave != line.behind and ("outside" in line.words or levels[line.behind] >= levels[leave]):
            pool = line.real if line.kind == "identity" else policy.pools[line.number].get(leave)
            yield Half(number, line.behind, leave, line.real, line.dialled, pool or line.real, None,
                       one_way=True, static=False, refuses=pool is None)


def _control(policy: Translating, number: int) -> Iterator[Half]:
    """Nothing passes downwards without a line, and upwards from where a line says `outside`."""
    outside = {line.behind for line in policy.lines
               if line.kind in ("policy", "pair") and "outside" in line.words}
    for entry, leave in permutations(DEVICES, 2):
        if policy.filters.levels[entry] > policy.filters.levels[leave] or entry in outside:
            yield Half(number, entry, leave, EVERYBODY, EVERYBODY, EVERYBODY, None, refuses=True)


class _Rules:
    def __init__(self, policy: Translating, *, lenient: bool) -> None:
        self._policy = policy
        self._lists = asa_nft.Translator(policy.filters, need_option=False)
        self._halves = halves(policy)
        self._lenient = lenient

    def text(self) -> str:
        """Write all chains."""
        chains = [["chain came {", "type filter hook prerouting priority -300;", *self._came()],
                  ["chain dialled {", "type nat hook prerouting priority -100;", *self._dialled()],
                  *self._filters(),
                  ["chain senders {", "type nat hook postrouting priority 100;", *self._senders()],
                  *self._answers(),
                  ["chain left {", "type filter hook postrouting priority 300;", *self._left()]]
        return asa_nft.table(chains)

    def _came(self) -> Iterator[str]:
        yield "ct state new"  # without a word about connections nothing is tracked, nor translated
        for name, device in DEVICES.items():
            yield f'iifname "{device}" {_mark(CODES[name] << _CAME_BY)}'
        if self._policy.old:
            yield from (f'iifname "{DEVICES[name]}" goto arriving_{name}' for name in self._bound("in"))

    def _bound(self, way: str) -> list[str]:
        return [name for name, of in self._policy.filters.bound if of == way]

    def _dialled(self) -> Iterator[str]:
        for each in self._halves:
            if each.new_destination is None:
                continue
            out = CODES[each.leave] << LEAVES_BY if each.leave and not each.by_route else 0
            fits = [_at("iifname", each.entry), _within("ip saddr", each.sources),
                    _within("ip daddr", each.destinations), *_ports(each, "sport", "dport")]
            if each.new_destination == each.destinations and not each.destination_port:
                yield _rule(*fits, _mark(out), "accept")
            else:
                for to in _moved("ip daddr", each.destinations, each.new_destination, each.destination_port):
                    yield _rule(*fits, to[0], _mark(out | each.line), f"dnat ip to {to[1]}")

    def _filters(self) -> list[list[str]]:
        """The chains between the two translations."""
        beside = f"{_mark(_BESIDE)} accept" if self._lenient else "drop"
        first = [f"meta mark & {_LINE} == 0 ip daddr {write(4, own[4])} {beside}" for own in OWN.values()]
        for name, device in DEVICES.items():
            taken = [ends for each in self._policy.lines for ends in _stand_in(each, name)]
            taken += [pool[name] for pool in self._policy.pools.values() if name in pool]
            first += [f'meta mark & {_LINE} == 0 oifname "{device}" {_within("ip daddr", each)} {beside}'
                      for each in taken]
            first.append(f'iifname "{device}" oifname "{device}" {beside}')
            if name != "outside":  # to which the default route leads
                first.append(f"meta mark & {3 << LEAVES_BY} == {CODES[name] << LEAVES_BY} "
                             f"ip daddr != {NETWORKS[name][4].cidr} drop")
        if not self._policy.old:
            return self._lists.chains(first)
        return self._old_filters(first)

    def _old_filters(self, first: list[str]) -> list[list[str]]:
        """A list on the way in is asked before the translation, though its answer counts later."""
        policy = self._policy.filters
        passes = [f"meta mark & {_PERMITTED} != 0 accept"]
        passes += [f'iifname "{DEVICES[name]}" drop' for name in self._bound("in")]
        passes += [f'iifname "{DEVICES[one]}" oifname "{DEVICES[other]}" accept'
                   for one, other in permutations(DEVICES, 2) if policy.levels[one] > policy.levels[other]]
        lists = [[f"chain arriving_{name} {{", *self._lists.entries(
            policy.bound[name, "in"], f"{_mark(_PERMITTED)} accept", "accept")] for name in self._bound("in")]
        lists += [[f"chain out_{name} {{", *self._lists.entries(policy.bound[name, "out"], "return"), "drop"]
                  for name in self._bound("out")]
        return [*lists,
                ["chain forward {", "type filter hook forward priority 0; policy drop;", *first, *passes]]

    def _senders(self) -> Iterator[str]:
        for each in self._halves:
            if each.new_source is None:
                continue
            fits = [_came_by(each.entry), _at("oifname", each.leave), _within("ip saddr", each.sources),
                    _within("ct original ip daddr", each.destinations),
                    *_ports(each, "sport", "ct original proto-dst")]
            mark = each.line << _SENDER | (_SENDER_CHANGES if each.changes_source else 0)
            if each.refuses:
                yield _rule(*fits, _mark(mark | _REFUSED), "accept")
            elif each.new_source == each.sources and not each.source_port:
                yield _rule(*fits, _mark(mark), "accept")
            elif not each.static:
                yield _rule(*fits, _mark(mark), f"snat ip to {_span(each.new_source)}")
            else:
                for to in _moved("ip saddr", each.sources, each.new_source, each.source_port):
                    yield _rule(*fits, to[0], _mark(mark), f"snat ip to {to[1]}")

    def _answers(self) -> list[list[str]]:
        """What a packet of the server to the client would meet: the line that the request met, or it ends."""
        numbers = sorted({each.line for each in self._halves})
        ends = _LINE | _LINE << _SENDER
        both = [f"meta mark & {ends} == {each | each << _SENDER} accept" for each in numbers]
        kept = ["chain answers_keep {", f"meta mark & {_LINE} == 0 accept", *both]
        if self._lenient:  # the client has another address there: which one the guides look up is not said
            kept.append(f"meta mark & {_SENDER_CHANGES} != 0 accept")
        chains, fits = [[*kept, "drop"]], []
        for at, each in enumerate(self._halves):
            if each.new_source is None:
                continue
            where = _rule(_at("oifname", each.entry), _came_by(each.leave), _within("ip daddr", each.sources),
                          _within("ip saddr", each.destinations), *_ports(each, "dport", "sport"))
            if not each.changes_source:
                fits.append(f"{where} goto answers_keep")
                continue
            fits.append(f"{where} goto answers_{at}")
            chain = [f"chain answers_{at} {{", f"meta mark & {_LINE} == {each.line} accept"]
            if self._lenient and each.static and not (each.one_way or each.refuses):
                chain.append(f"meta mark & {_LINE} == 0 accept")  # people may mean the address to dial
            chains.append([*chain, *(both if self._lenient else ()), "drop"])
        return [*chains, ["chain answers {", *fits, "goto answers_keep"]]

    def _left(self) -> Iterator[str]:
        yield f"meta mark & {_BESIDE} != 0 accept"
        yield f"meta mark & {_REFUSED} != 0 drop"
        if self._policy.old:
            yield from (f'oifname "{DEVICES[name]}" jump out_{name}' for name in self._bound("out"))
        yield "goto answers"


def _stand_in(line: Line, interface: str) -> Iterable[Ends]:
    """The addresses of a line that no host beyond an interface has."""
    if "inactive" in line.words:
        return
    if line.towards in ("", interface) and line.mapped not in (EVERYBODY, line.real):
        yield line.mapped
    if line.behind in ("", interface) and line.dialled != line.far:
        yield line.dialled


# Words of nft


def _rule(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _mark(bits: int) -> str:
    return f"meta mark set meta mark or {bits:#x}" if bits else ""


def _at(word: str, interface: str) -> str:
    return f'{word} "{DEVICES[interface]}"' if interface else ""


def _came_by(interface: str) -> str:
    return f"meta mark & {3 << _CAME_BY} == {CODES[interface] << _CAME_BY}" if interface else ""


def _span(ends: Ends) -> str:
    low, high = (write(4, each) for each in ends)
    return low if low == high else f"{low}-{high}"


def _within(word: str, ends: Ends) -> str:
    return "" if ends == EVERYBODY else f"{word} {_span(ends)}"


def _moved(word: str, before: Ends, after: Ends, port: _Port | None) -> Iterator[tuple[str, str]]:
    """One address for one address, each written out: what else has to fit, and what it becomes."""
    pairs = [(write(4, before.low + at), write(4, after.low + at)) for at in range(before.size)]
    if port:
        yield from ((f"{word} {one}", f"{other}:{port.after}") for one, other in pairs)
    elif before.size == 1:
        yield "", pairs[0][1]
    else:
        yield "", f"{word} map {{ {', '.join(f'{one} : {other}' for one, other in pairs)} }}"


def _ports(half: Half, source: str, destination: str) -> Iterator[str]:
    for word, port in ((source, half.source_port), (destination, half.destination_port)):
        if port:
            of = f"meta l4proto {port.protocol}" if " " in word else _WORDS[port.protocol]
            yield f"{of} {word} {port.before}"
