"""Our translation tables against two models of the guides' words, packet by packet, by tracer and sets."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.proof.routed import Bypassing, Segment, segments
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.single import Question, trace
from aclproof.parsers.cisco_asa.meaning import reverse_path
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from tests.parsers.cisco_asa.asa import read
from tests.parsers.cisco_asa.nat_tables import ANYBODY, DMZ, IN, NETWORKS, OUT, Asked, Ends, Line, New, Old
from tests.parsers.cisco_asa.nat_tables import Box as Model
from tests.scale import scaled

_RUNS = scaled(60, 400, 6_000)
_PACKETS = 40
_PORTS = (80, 443)


def _spell(address: int) -> str:
    return str(ipaddress.ip_address(address))


def _masked(ends: Ends) -> str:
    return f"{_spell(ends[0])} {_spell(0xFFFFFFFF ^ (ends[1] - ends[0]))}"


class _Maker:
    """Makes configurations with their models: few addresses, so that lines overlap."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.text: list[str] = []

    def hosts(self, interface: str) -> Ends:
        """Hosts 16-31 of a network: some of them, all of them or the whole network."""
        low = NETWORKS[interface][0]
        size = self.random.choice((1, 1, 1, 4, 16))
        first = low + 16 + self.random.randrange(0, 16, size)
        return self.random.choice(((first, first + size - 1),) * 4 + (NETWORKS[interface],))

    def mapped(self, interface: str, real: Ends) -> Ends:
        """Addresses of the same number, from 64 to 79 of another network."""
        size = real[1] - real[0] + 1
        if size > 16:
            return NETWORKS[interface][0], NETWORKS[interface][1]
        first = NETWORKS[interface][0] + 64 + self.random.randrange(0, 16, size)
        return first, first + size - 1

    def named(self, ends: Ends) -> str:
        """Write an object, and return its name."""
        name = f"N{len(self.text)}"
        self.text.append(f"object network {name}\n range {_spell(ends[0])} {_spell(ends[1])}")
        return name

    def pair(self) -> tuple[str, str]:
        behind, towards = self.random.sample((IN, DMZ, OUT), 2)
        return (towards, behind) if behind == OUT and self.random.random() < 0.7 else (behind, towards)

    def hinge(self, real: Ends, behind: str) -> Ends:
        """Up to 16 addresses of a host's own network that stand for others."""
        size = min(real[1] - real[0], 15) + 1
        low = NETWORKS[behind][0] + 128 + self.random.randrange(0, 16, size)
        return low, low + size - 1


def _interfaces(levels: dict[str, int], version: str) -> str:
    lines = [version, "same-security-traffic permit inter-interface"]
    for number, (name, ends) in enumerate(NETWORKS.items()):
        address = f"{_spell(ends[0] + 1)} 255.255.255.0"
        lines += [f"interface GigabitEthernet0/{number}", f" nameif {name}",
                  f" security-level {levels[name]}", f" ip address {address}"]
    return "\n".join((*lines, _LISTS))


def _pix(levels: dict[str, int]) -> str:
    lines = ["PIX Version 6.3(5)"]
    for number, (name, ends) in enumerate(NETWORKS.items()):
        lines += [f"nameif ethernet{number} {name} security{levels[name]}",
                  f"ip address {name} {_spell(ends[0] + 1)} 255.255.255.0"]
    return "\n".join((*lines, _LISTS.replace(" extended", "")))


_LISTS = "access-list ALL extended permit ip any any\n" + "".join(
    f"access-group ALL in interface {name}\n" for name in NETWORKS)


def _old(seed: int) -> tuple[str, Old]:
    make = _Maker(seed)
    pick = make.random
    levels = {OUT: 0, IN: 100, DMZ: pick.choice((50, 50, 100))}
    pools: dict[int, dict[str, int]] = {0: {}, 1: {}, 2: {}, 3: {}}
    for number, name in ((number, name) for number in (1, 2, 3) for name in NETWORKS):
        if pick.random() < (0.7 if name == OUT else 0.25):
            pools[number][name] = NETWORKS[name][0] + 96 + number
            make.text.append(f"global ({name}) {number} {_spell(pools[number][name])}")
    sections: list[list[Line]] = [[], [], [], []]
    for number in range(pick.randint(1, 5)):
        behind, towards = make.pair()
        kind = pick.choice(("static", "static", "kept", "port", "list", "list", "nat", "nat", "nat"))
        if kind == "list":
            line = _listed(make, behind, towards, number, pools)
        elif kind == "nat":
            line = _pair(make, behind, pools)
        else:
            line = _static(make, behind, towards, kind)
        at = {"exempt": 0, "static": 1}.get(line.kind, 2 if line.far != ANYBODY else 3)
        if at < 3 or all((other.behind, other.real) != (line.behind, line.real) for other in sections[3]):
            sections[at].append(line)
        else:
            make.text.pop()  # the device takes no second line for the same network
    pix6 = pick.random() < 0.3
    control = not pix6 and pick.random() < 0.4
    reserved = {name: {pool[name] for pool in pools.values() if name in pool} for name in NETWORKS}
    head = _pix(levels) if pix6 else _interfaces(levels, "ASA Version 8.2(5)")
    text = "\n".join((*make.text, *(["nat-control"] if control else [])))
    lines = [line for section in sections for line in section]
    return f"{head}{text}\n", Old(levels, lines, reserved, control or pix6, pix6)


def _static(make: _Maker, behind: str, towards: str, kind: str) -> Line:
    real = make.hosts(behind)
    mapped = real if kind == "kept" else make.mapped(towards, real)
    if kind != "port":
        make.text.append(f"static ({behind},{towards}) {_spell(mapped[0])} {_spell(real[0])} netmask "
                         f"{_masked(real).split()[1]}")
        return Line("static", behind, towards, real, mapped)
    real, mapped = (real[0], real[0]), (mapped[0] + 16, mapped[0] + 16)
    ports = make.random.choice(_PORTS), make.random.choice(_PORTS)
    make.text.append(f"static ({behind},{towards}) tcp {_spell(mapped[0])} {ports[1]} {_spell(real[0])} "
                     f"{ports[0]} netmask 255.255.255.255")
    return Line("static", behind, towards, real, mapped, ports=ports)


def _listed(make: _Maker, behind: str, towards: str, number: int, pools: dict[int, dict[str, int]]) -> Line:
    """Write an exemption or policy NAT."""
    real, far = make.hosts(behind), make.hosts(towards)
    digit = make.random.choice((0, 0, 1, 2, 3))
    make.text.append(f"access-list N{number} extended permit ip {_masked(real)} {_masked(far)}\n"
                     f"nat ({behind}) {digit} access-list N{number}")
    kind = "dynamic" if digit else "exempt"
    return Line(kind, behind, None, real, dialled=far, far=far, pools=pools[digit])


def _pair(make: _Maker, behind: str, pools: dict[int, dict[str, int]]) -> Line:
    real, digit, outside = make.hosts(behind), make.random.randrange(4), make.random.random() < 0.2
    make.text.append(f"nat ({behind}) {digit} {_masked(real)}{' outside' if outside else ''}")
    return Line("dynamic" if digit else "identity", behind, None, real, outside=outside, pools=pools[digit])


def _new(seed: int) -> tuple[str, New]:
    make = _Maker(seed)
    pick = make.random
    sections: list[list[tuple[tuple[object, ...], Line]]] = [[], [], []]
    for number in range(pick.randint(1, 5)):
        behind, towards = make.pair()
        real, static = make.hosts(behind), pick.random() < 0.6
        mapped = make.mapped(towards, real) if static else (NETWORKS[towards][0] + 100 + number,) * 2
        if static and pick.random() < 0.3:
            mapped = real
        line = Line("static" if static else "dynamic", behind, pick.choice((towards, towards, towards, None)),
                    real, mapped, one_way=not static)
        if pick.random() < 0.5:
            after = pick.random() < 0.3
            sections[2 if after else 0].append(((), _twice(make, line, towards, after=after)))
        else:
            sections[1].append(_object(make, line))
    lines = [line for section in sections for _, line in sorted(section, key=lambda each: each[0])]
    levels = {OUT: 0, IN: 100, DMZ: 50}
    head = _interfaces(levels, "ASA Version 9.12(4)")
    return head + "\n".join(make.text) + "\n", New(levels, lines, {})


def _twice(make: _Maker, line: Line, towards: str, *, after: bool) -> Line:
    """Write twice NAT: perhaps towards some only, who may be dialled by other addresses."""
    pick = make.random
    words = f"source {line.kind} {make.named(line.real)} {make.named(line.mapped)}"
    if pick.random() < 0.5:
        far = make.hosts(towards)
        dialled = far
        if pick.random() < 0.4:
            dialled = make.hinge(far, line.behind)
            far = (far[0], far[0] + dialled[1] - dialled[0])
        words += f" destination static {make.named(dialled)} {make.named(far)}"
        line = replace(line, dialled=dialled, far=far)
    if pick.random() < 0.2:
        words += " unidirectional"
        line = replace(line, one_way=True)
    make.text.append(f"nat ({line.behind},{line.towards or 'any'}) {'after-auto ' if after else ''}{words}")
    return line


def _object(make: _Maker, line: Line) -> tuple[tuple[object, ...], Line]:
    """Write object NAT, perhaps of one port; return it with its place among the others."""
    pick = make.random
    words = f"{line.kind} {make.named(line.mapped)}"
    if line.kind == "static" and pick.random() < 0.3:
        ports = pick.choice(_PORTS), pick.choice(_PORTS)
        line = replace(line, real=line.real[:1] * 2, mapped=line.mapped[:1] * 2, ports=ports)
        words = f"static {_spell(line.mapped[0])} service tcp {ports[0]} {ports[1]}"
    name = make.named(line.real)
    make.text.append(f"object network {name}\n nat ({line.behind},{line.towards or 'any'}) {words}")
    return (line.kind != "static", line.real[1] - line.real[0], line.real[0], name), line


def _asked(pick: Random, model: Model) -> Asked:
    """A packet whose ends are at the edges of what lines say."""
    entry = pick.choice(list(NETWORKS))
    interesting = [end for line in model.lines for ends in (line.real, line.mapped, line.dialled, line.far)
                   if ends != ANYBODY for end in (*ends, ends[0] + 1, ends[1] + 1)]
    interesting += [address for line in model.lines for address in line.pools.values()]
    here = [end for end in interesting if NETWORKS[entry][0] < end < NETWORKS[entry][1]]
    source = pick.choice([*here, NETWORKS[entry][0] + pick.randrange(16, 32)])
    other = pick.choice([name for name in NETWORKS if name != entry])
    destination = pick.choice([*interesting, NETWORKS[other][0] + pick.randrange(16, 32)])
    return Asked(entry, source, destination, pick.choice((50000, 50001)), pick.choice((*_PORTS, 445)))


def _by_sets(firewall: Firewall, asked: Asked, others: list[int]) -> str:
    """What the sets say of a packet, asked about together with packets to other addresses."""
    ends = IntervalSet.of((asked.destination,) * 2, *((other,) * 2 for other in others
                                                       if abs(other - asked.destination) > 1))
    one, port, source = ((number, number) for number in (asked.source, asked.port, asked.source_port))
    box = Box(Family.V4, 6, IntervalSet.of(one), ends, IntervalSet.of(source), IntervalSet.of(port))
    packet = Packet(Family.V4, 6, asked.source, asked.destination, asked.source_port, asked.port)
    place = SiteFirewall("fw", (), {"client": asked.entry})
    found = []
    for placed in segments(firewall, place, Leg("request", "client", "server", (box,))):
        if packet not in placed.box:
            continue
        if isinstance(placed, Segment):
            outcome, _ = placed.evaluate(every_rule(firewall), Context())
            outcome = placed.in_sent_packets(outcome)
            found += [word for word, boxes in (("permit", outcome.permitted), ("deny", outcome.denied),
                                               ("undecided", outcome.undecided))
                      for part in boxes if packet in part]
        else:
            found.append("beside" if isinstance(placed, Bypassing) and placed.certain else "undecided")
    assert len(found) == 1, (asked, found)
    return found[0]


@pytest.mark.parametrize("make", [_old, _new])
def test_no_verdict_contradicts_the_guides(make: Callable[[int], tuple[str, Model]]) -> None:
    counts = _compared(make, _RUNS)
    print(make.__name__, dict(counts))
    assert min(counts[True, "permit"], counts[False, "deny"]) > _RUNS
    assert counts[True, "permit"] > 20 * counts[True, "undecided"]


def _compared(make: Callable[[int], tuple[str, Model]], runs: int) -> Counter[tuple[bool | None, str]]:
    """Count packets by what the guides and we say of them, where these go together."""
    counts: Counter[tuple[bool | None, str]] = Counter()
    for seed in range(runs):
        text, model = make(seed)
        firewall = read(text)
        assert not firewall.notes, (text, firewall.notes)
        pick = Random(seed)
        packets = [_asked(pick, model) for _ in range(_PACKETS)]
        for asked in packets:
            expected = model.passes(asked)
            one = Packet(Family.V4, 6, asked.source, asked.destination, asked.source_port, asked.port)
            verdict = trace(firewall, one, Question(ingress=asked.entry)).verdict
            wrong = {True: ("deny",), False: ("permit", "beside"), None: ()}[expected]
            assert verdict not in wrong, (seed, asked, expected, verdict, text)
            others = [each.destination for each in packets[:6]]
            assert _by_sets(firewall, asked, others) == verdict, (seed, asked, verdict, text)
            counts[expected, verdict] += 1
    return counts


@pytest.mark.parametrize("make", [_old, _new])
def test_the_models_notice_a_table_that_looks_one_way_only(make: Callable[[int], tuple[str, Model]],
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse_path, "check", lambda firewall, transit: ())
    with pytest.raises(AssertionError):
        _compared(make, 20)
