"""Random lines of address translation: few addresses, so that lines overlap; and lists that name them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.oracle.translated import asa_policy as asa
from tests.oracle.translated.asa_random import ICMP, IP, TCP, UDP
from tests.oracle.translated.nat_policy import EVERYBODY, Ends, Line, Service, Translating

PORTS = (80, 443, 8080)
_WHOLE = {name: Ends(networks[4].low, networks[4].high) for name, networks in asa.NETWORKS.items()}
_ELSEWHERE = 0xC6336400
"""198.51.100.0: addresses that are routed to the firewall, and in no network of it."""
_LEVELS = {"inside": 100, "dmz": 50, "outside": 0}


def make(seed: int, *, old: bool) -> Translating:
    """Make the configuration of a number, of a release before 8.3 or of a later one."""
    return _Maker(Random(f"nat {seed} {old}"), old=old).policy(seed)


class _Maker:
    def __init__(self, random: Random, *, old: bool) -> None:
        self._random = random
        self._old = old
        self._release = "8.2(5)" if old else random.choice(
            ("9.12(4)", "9.12(4)", "9.1(7)", "8.4(7)", "8.3(2)"))
        self._objects: dict[str, asa.Literal] = {}
        self._known: dict[Ends, str] = {}
        self._services: dict[str, asa.Service] = {}
        self._pools: dict[int, dict[str, Ends]] = {}

    def policy(self, seed: int) -> Translating:
        """Make all of it."""
        random = self._random
        count = random.randint(1, 6)
        lines: list[Line] = []
        if self._old:
            self._pools = {number: {name: Ends(pool, pool) for name in asa.NETWORKS if random.random() < (
                0.7 if name == "outside" else 0.3) for pool in (_WHOLE[name].low + 0x160 + number,)}
                for number in (1, 2, 3)}
            for _ in range(count):
                line = self._old_line(*self._same_hosts(lines))
                if line.kind not in ("pair", "identity") or all(
                        (each.behind, each.real) != (line.behind, line.real) for each in lines
                        if each.kind in ("pair", "identity")):  # the device takes no second one
                    lines.append(line)
        else:
            for number in range(count):
                lines.append(self._new_line(number, *self._same_hosts(lines)))
            lines = sorted(lines, key=lambda each: (each.kind == "object", each.after))
        names = ["A", "B", "C"]
        lists = {name: self._list(lines) for name in names}
        bound = {(name, way): random.choice(names) for name in asa.NETWORKS for way in ("in", "out")
                 if random.random() < (0.6 if way == "in" else 0.3)}
        everywhere = random.choice(names) if not self._old and random.random() < 0.15 else ""
        filters = asa.Policy(
            seed, self._release, (4,), _LEVELS, frozenset({"inter-interface", "intra-interface"}), {},
            self._objects, self._services, {}, {}, {}, {}, {}, lists, frozenset(), bound, everywhere)
        return Translating(filters, tuple(lines), self._pools, self._old and random.random() < 0.4)

    def _same_hosts(self, lines: list[Line]) -> tuple[str, str, Ends]:
        """Choose for whom a line is, towards whom: often the hosts of another line."""
        same = [line for line in lines if line.behind and line.real != EVERYBODY]
        if same and self._random.random() < 0.35:
            line = self._random.choice(same)
            others = [name for name in asa.NETWORKS if name != line.behind]
            aside = line.real.size in (4, 16) and not self._old and self._random.random() < 0.5
            return (line.behind, line.towards or self._random.choice(others),
                    Ends(line.real.low + aside, line.real.high + aside))
        behind, towards = self._pair()
        return behind, towards, self._hosts(behind)

    # Addresses

    def _hosts(self, interface: str) -> Ends:
        """Some of sixteen hosts of a network, or the whole network."""
        size = self._random.choice((1, 1, 4, 16))
        low = _WHOLE[interface].low + 0x110 + self._offset(size)
        return _WHOLE[interface] if self._random.random() < 0.15 else Ends(low, low + size - 1)

    def _offset(self, size: int) -> int:
        """Where so many of sixteen begin; before 8.3 they are a network."""
        return self._random.randrange(0, 16, size) if self._old else self._random.randrange(17 - size)

    def _stand_ins(self, interface: str, real: Ends, at: int) -> Ends:
        """As many addresses of a network, or of none; a whole network keeps its own."""
        if real.size > 16:
            return real
        base = _WHOLE[interface].low + 0x100
        if interface == "outside" and self._random.random() < 0.3:
            base = _ELSEWHERE
        low = base + at + self._offset(real.size)
        return Ends(low, low + real.size - 1)

    def _pair(self) -> tuple[str, str]:
        behind, towards = self._random.sample(list(asa.NETWORKS), 2)
        return (towards, behind) if behind == "outside" and self._random.random() < 0.7 else (behind, towards)

    def _object(self, ends: Ends) -> str:
        """Write an object of its own; names decide between objects of the same addresses."""
        name = f"{self._random.choice('KMPRT')}{len(self._objects):02}"
        self._objects[name] = self._literal(ends)
        self._known.setdefault(ends, name)
        return name

    def _named(self, ends: Ends) -> None:
        """See to it that some object has these addresses."""
        if ends != EVERYBODY and ends not in self._known and not self._old:
            self._object(ends)

    def _literal(self, ends: Ends) -> asa.Literal:
        if ends.size == 1:
            return asa.Host(4, ends.low)
        prefix = ends.size.bit_count() == 1 and ends.low % ends.size == 0
        if prefix and (self._old or ends == EVERYBODY or self._random.random() < 0.6):
            return asa.Block(4, ends.low, 2**32 - ends.size)
        return asa.Span(4, ends.low, ends.high)

    # Lines from 8.3 on

    def _new_line(self, number: int, behind: str, towards: str, real: Ends) -> Line:
        random = self._random
        static = random.random() < 0.65
        mapped = self._pool(towards, number)
        if static:
            mapped = real if random.random() < 0.25 else self._stand_ins(towards, real, 0x40)
        interface = mapped == Ends(asa.OWN[towards][4], asa.OWN[towards][4])
        line = Line("object", behind, towards, real, mapped, static)
        if not interface and random.random() < 0.15:
            line = replace(line, towards="")
        if not interface and random.random() < 0.07:
            line = replace(line, behind="", towards="")
        if random.random() < 0.5:
            return self._twice(line, behind, towards)
        return self._of_object(line, towards)

    def _pool(self, interface: str, number: int) -> Ends:
        low = _WHOLE[interface].low + 0x160 + 4 * number
        return self._random.choice((Ends(low, low), Ends(low, low + 3), Ends(*[asa.OWN[interface][4]] * 2)))

    def _of_object(self, line: Line, towards: str) -> Line:
        random = self._random
        if line.static and line.real.size <= 16 and random.random() < 0.35:
            mapped = line.mapped.low
            if line.towards and random.random() < 0.3:
                mapped = asa.OWN[towards][4]
            line = replace(line, real=Ends(line.real.low, line.real.low), mapped=Ends(mapped, mapped),
                           service=self._one_port())
        elif not line.static and random.random() < 0.2:
            line = replace(line, real=EVERYBODY)
        self._named(line.mapped)
        words = ("route-lookup",) if self._keeps(line) and random.random() < 0.3 else ()
        return replace(line, name=self._object(line.real), words=words)

    def _one_port(self) -> Service:
        random = self._random
        return Service(random.choice((6, 6, 17)), random.choice(PORTS), random.choice(PORTS))

    def _keeps(self, line: Line) -> bool:
        return bool(line.static and line.real == line.mapped and line.dialled == line.far
                    and line.service is None and self._release >= "8.4")

    def _twice(self, line: Line, behind: str, towards: str) -> Line:
        random = self._random
        line = replace(line, kind="twice", after=random.random() < 0.3)
        if random.random() < 0.15 and (not line.static or line.real == line.mapped):
            line = replace(line, real=EVERYBODY, mapped=EVERYBODY if line.static else line.mapped)
        if line.behind and random.random() < 0.5:
            far = self._hosts(towards)
            dialled = far if random.random() < 0.6 else self._stand_ins(behind, far, 0x80)
            line = replace(line, dialled=dialled, far=far)
        if random.random() < 0.3 and EVERYBODY not in (line.real, line.far) and line.mapped.size <= 16:
            line = self._for_one_service(line)
        words = [each for each, chance in (("unidirectional", 0.15), ("inactive", 0.1), (
            "description the old service, inactive until after-auto", 0.1)) if random.random() < chance]
        if self._keeps(line) and random.random() < 0.3:
            words.insert(0, "route-lookup")
        for ends in (line.real, line.mapped, line.dialled, line.far):
            self._named(ends)
        return replace(line, words=tuple(words))

    def _for_one_service(self, line: Line) -> Line:
        """Name one port of the other side, or of the hosts: then the address may be the interface's."""
        random, service = self._random, self._one_port()
        if line.decides_far and line.far.size <= 16 and (not line.static or random.random() < 0.5):
            self._ports(service.protocol, service.mapped, service.real, of_source=False)
            return replace(line, far_service=service)
        if not line.static:
            return line
        self._ports(service.protocol, service.real, service.mapped, of_source=True)
        if line.towards and line.real.size == 1 and random.random() < 0.3:
            line = replace(line, mapped=Ends(*[asa.OWN[line.towards][4]] * 2))
        return replace(line, service=service)

    def _ports(self, protocol: int, *numbers: int, of_source: bool) -> None:
        """See to it that some object is each of these services."""
        for number in numbers:
            word = asa.Number(number, str(number))
            ports = asa.Ports("eq", word, word)
            made = asa.Service(TCP if protocol == TCP.value else UDP, *((ports, None) if of_source
                                                                        else (None, ports)))
            if made not in self._services.values():
                self._services[f"S{len(self._services)}"] = made

    # Lines before 8.3

    def _old_line(self, behind: str, towards: str, real: Ends) -> Line:
        random = self._random
        kind = random.choice(("static", "static", "kept", "port", "exemption", "policy", "pair", "pair",
                              "identity"))
        if kind in ("static", "kept", "port"):
            mapped = real if kind == "kept" else self._stand_ins(towards, real, 0x40)
            line = Line("static", behind, towards, real, mapped)
            if kind != "port" or real.size > 16:
                return line
            at = asa.OWN[towards][4] if random.random() < 0.3 else mapped.low + 16
            return replace(line, real=Ends(real.low, real.low), mapped=Ends(at, at), service=self._one_port())
        if kind == "exemption":
            far = self._hosts(towards)
            return Line(kind, behind, "", real, real, True, far, far)
        outside = ("outside",) if random.random() < 0.2 else ()
        if kind == "identity":
            return Line(kind, behind, "", real, real, True, words=outside)
        far = self._hosts(towards) if kind == "policy" else EVERYBODY
        return Line(kind, behind, "", real, EVERYBODY, False, far, far, number=random.randint(1, 3),
                    words=outside)

    # Lists

    def _list(self, lines: list[Line]) -> tuple[asa.Entry | asa.Remark, ...]:
        found = dict.fromkeys(self._entry(lines) for _ in range(self._random.randint(1, 5)))
        if self._random.random() < 0.7:
            found[asa.Entry(True, asa.Service(IP), asa.Anybody(0), None, asa.Anybody(0), None)] = None
        return tuple(found)

    def _entry(self, lines: list[Line]) -> asa.Entry:
        random = self._random
        protocol = random.choice((IP, TCP, TCP, UDP, ICMP))
        ports = None
        if protocol in (TCP, UDP) and random.random() < 0.7:
            number = random.choice(PORTS)
            ports = asa.Ports("eq", asa.Number(number, str(number)), asa.Number(number, str(number)))
        ends = [self._end(random.choice((line.real, line.mapped, line.dialled, line.far, EVERYBODY)))
                for line in random.choices(lines, k=2)]
        if random.random() < 0.4:  # the list of a server that others dial
            line = random.choice(lines)
            ends = [asa.Anybody(0), self._end(random.choice((line.real, line.mapped)))]
        return asa.Entry(random.random() < 0.55, asa.Service(protocol), ends[0], None, ends[1], ports)

    def _end(self, ends: Ends) -> asa.Ends:
        if ends == EVERYBODY:
            return asa.Anybody(0)
        literal = self._literal(ends)
        if isinstance(literal, asa.Span) or (not self._old and self._random.random() < 0.5):
            self._named(ends)
            return asa.Named("object", self._known[ends])
        return literal
