"""Random address translation of an ASA, with packets at the edges of all addresses that its lines name.

What becomes of a packet is not only whether it passes: its ends as the other side sees them count as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from aclproof import parsers
from aclproof.linter.demands.demands import Leg
from aclproof.linter.engine.outcomes import Outcome
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.proof.nat_table import NatMatch
from aclproof.linter.proof.routed import Placed, Segment, segments
from aclproof.linter.site.site import SiteFirewall
from aclproof.linter.trace.representatives import box_of
from aclproof.linter.trace.single import Question, trace
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.source import from_bytes
from tests.oracle.judge import Way
from tests.oracle.kernel import Kernel
from tests.oracle.plan import PLANS, Network, write
from tests.oracle.probes import ICMP, TCP, UDP
from tests.oracle.translated import nat_nft, nat_random, nat_text
from tests.oracle.translated.asa_policy import DEVICES, NETWORKS, OWN
from tests.oracle.translated.faults import NO_FAULT, Fault
from tests.oracle.translated.nat_policy import EVERYBODY, Ends, Translating
from tests.oracle.translated.trials import Said, Sent, Trial, first_packet
from tests.oracle.wire import ends_of

_FIRST_PORT = 50_000
"""Of a sender: each packet has its own, so that no two connections look alike after translation."""
_ECHO = 8
_OF_THE_KERNEL = {PLANS[4].own.low, PLANS[4].own.high}
"""Addresses of the little world that are its router's own, and here nobody's."""


def make(seed: int, packets: int, fault: Fault[Translating] = NO_FAULT, *, old: bool) -> Trial:
    """Make the trial of a number."""
    policy = nat_random.make(seed, old=old)
    worlds = nat_nft.worlds(fault.policy(policy))
    name = "asa-nat-8.2" if old else "asa-nat"
    pools = (line.mapped for line in policy.lines if not line.static)
    return _NatTrial(f"--vendor {name} --seed {seed} --rulesets 1",
                     {"judged.cfg": fault.text(nat_text.text(policy))}, tuple(map(fault.rules, worlds)),
                     "forward", _draw(Random(f"packets {seed}"), policy, packets), _whereabouts,
                     pools=tuple(each for each in pools if 1 < each.size < EVERYBODY.size))


make_new, make_old = partial(make, old=False), partial(make, old=True)


def _draw(random: Random, policy: Translating, count: int) -> list[Sent]:
    """Draw packets of senders where they live, to any address that a line names or to a host."""
    named = [ends for line in policy.lines for ends in (line.real, line.mapped, line.dialled, line.far)
             if ends != EVERYBODY]
    named += [pool for pools in policy.pools.values() for pool in pools.values()]
    edges = sorted({number for low, high in named
                    for number in (low - 1, low, (low + high) // 2, high, high + 1)} - _OF_THE_KERNEL)
    hosts = [networks[4].address(0x110 + at) for networks in NETWORKS.values() for at in range(16)]
    senders = {name: [each for each in (*edges, *hosts) if each in networks[4] and each not in (
        networks[4].low, networks[4].high, OWN[name][4])] for name, networks in NETWORKS.items()}
    found = []
    for number in range(count):
        entry = random.choice(list(NETWORKS))
        end = random.choice(edges if edges and random.random() < 0.8 else hosts)
        if end in NETWORKS[entry][4] and random.random() < 0.8:  # most are not sent to their own side
            end = random.choice(hosts)
        protocol = random.choice((TCP, TCP, TCP, UDP, ICMP))
        ports = (_ECHO, 0) if protocol == ICMP else (
            _FIRST_PORT + number, random.choice((*nat_random.PORTS, *nat_random.PORTS, 81)))
        probe = first_packet(4, protocol, (random.choice(senders[entry]), end), ports)
        found.append(Sent(Way("forward", entry, ""), DEVICES[entry], probe._replace(identifier=number + 1)))
    return found


def _whereabouts(sent: Sent) -> tuple[Network, Network]:
    return NETWORKS[sent.way.ingress][4], Network("0.0.0.0/0")


@dataclass(frozen=True, slots=True)
class _NatTrial(Trial):
    pools: tuple[Ends, ...] = ()
    """Of several addresses: which one a host gets is nobody's to say."""

    def _send(self, kernel: Kernel) -> Iterator[str]:
        ways = [(each.by, each.probe) for each in self.sent]
        for packet in kernel.deliver(self.hook, ways):
            yield "deny" if packet is None else self._permitted(*ends_of(packet))

    def ask_product(self) -> Said:
        """Judge every packet by itself, and many at once."""
        (name, text), = self.texts.items()
        firewall = parsers.parse_all([from_bytes(text.encode(), name)])
        assert not firewall.notes, (text, firewall.notes)
        return Said([self._traced(firewall, each) for each in self.sent], self._by_sets(firewall))

    def _permitted(self, source: int, destination: int, source_port: int, port: int) -> str:
        sender = next((f"{write(4, pool.low)}-{write(4, pool.high)}" for pool in self.pools
                       if source in pool), write(4, source))
        return f"permit as {sender} {source_port} -> {write(4, destination)} {port}"

    def _left(self, left: Packet) -> str:
        return self._permitted(left.source, left.destination, left.source_port, left.destination_port)

    def _traced(self, firewall: Firewall, sent: Sent) -> str:
        found = trace(firewall, _packet(sent), Question(ingress=sent.way.ingress))
        if found.verdict == "permit":
            return self._left(found.left) if found.left else "permit"
        return "undecided" if found.verdict == "beside" else found.verdict

    def _by_sets(self, firewall: Firewall) -> list[str]:
        """Place and evaluate all packets of one interface and protocol together."""
        together: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for number, each in enumerate(self.sent):
            together[each.way.ingress, each.probe.protocol].append(number)
        found = [""] * len(self.sent)
        for (entry, protocol), numbers in together.items():
            axes = [[IntervalSet.of((value, value)) for value in sorted({self.sent[number].probe[axis]
                                                                         for number in numbers})]
                    for axis in range(2, 6)]
            box = Box(Family.V4, protocol, *map(IntervalSet.union, axes))
            listed = tuple((end, Family.V4, each) for end, ends in zip(_ENDS, axes, strict=False)
                           for each in ends)
            leg = Leg("request", "client", "server", (box,), listed)
            for placed in segments(firewall, SiteFirewall("judged", (), {"client": entry}), leg):
                outcome = _evaluated(firewall, placed)
                for number in numbers:
                    if _packet(self.sent[number]) in placed.box:
                        found[number] += self._said(placed, outcome, self.sent[number])
        return found

    def _said(self, placed: Placed, outcome: Outcome | None, sent: Sent) -> str:
        packet = _packet(sent)
        if outcome is None or not isinstance(placed, Segment):
            return "undecided"
        if not any(packet in box for box in outcome.permitted):
            return "deny" if any(packet in box for box in outcome.denied) else "undecided"
        box = box_of(packet)
        for match in placed.translations:
            box = NatMatch(box, match.by).after
        return self._left(box.witness())


_ENDS: tuple[End, End] = ("source", "destination")


def _packet(sent: Sent) -> Packet:
    return Packet(Family.V4, *sent.probe[1:6])


def _evaluated(firewall: Firewall, placed: Placed) -> Outcome | None:
    if not isinstance(placed, Segment):
        return None
    outcome, _ = placed.evaluate(every_rule(firewall), Context())
    return placed.in_sent_packets(outcome)
