"""A policy in a vendor's words and as rules of the kernel, and the packets that are to fare alike in both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aclproof.parsers.model.conditions import Fact
from tests.oracle.judge import Demand, Judge, Product, Range, Way
from tests.oracle.kernel import Kernel
from tests.oracle.plan import Hook, Network
from tests.oracle.probes import ICMP, ICMP6, SYN, TCP, Probe

_ALL, _BYTE = Range(0, 65535), Range(0, 255)
_FEW = 5
_WORDS = {"permitted": "permit", "denied": "deny", "undecided": "undecided"}


class Sent(NamedTuple):
    """A packet, its way in the product's words, and the kernel's interface by which it comes."""

    way: Way
    by: str
    probe: Probe


class Said(NamedTuple):
    """What the product says of every packet of a trial, by the tracer and by the sets."""

    traced: list[str]
    by_sets: list[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One policy with its packets."""

    name: str
    """The options of `python -m tests.oracle.translated` that show it again."""
    texts: Mapping[str, str]
    """Files by name, in the vendor's words."""
    worlds: tuple[str, ...]
    """The same as rules of nftables; two of them where the text leaves something open, which let the most and
    the least pass."""
    hook: Hook
    sent: Sequence[Sent]
    whereabouts: Callable[[Sent], tuple[Network, Network]]
    """The networks between which a packet goes."""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def ask_kernel(self, kernel: Kernel) -> list[str]:
        """Say what becomes of every packet: `undecided` where that depends on the world."""
        fates: list[set[str]] = [set() for _ in self.sent]
        for rules in dict.fromkeys(self.worlds):
            kernel.load_native(rules)
            for fate, found in zip(fates, self._send(kernel), strict=True):
                fate.add(found)
        return ["undecided" if len(fate) > 1 else fate.pop() for fate in fates]

    def _send(self, kernel: Kernel) -> Iterator[str]:
        ways = [(each.by, each.probe) for each in self.sent]
        return ("permit" if passed else "deny" for passed in kernel.send(self.hook, ways))

    def ask_product(self) -> Said:
        """Judge every packet by itself, and the whole networks at once."""
        judges = {family: Judge(self.texts, family, facts=self.facts)
                  for family in sorted({each.probe.family for each in self.sent})}
        traced = [judges[each.probe.family].judge(each.way, each.probe, "NEW").verdict for each in self.sent]
        together: defaultdict[tuple[Way, int, int, tuple[Network, Network]], list[int]] = defaultdict(list)
        for number, each in enumerate(self.sent):
            together[each.way, each.probe.family, each.probe.protocol, self.whereabouts(each)].append(number)
        by_sets = [""] * len(self.sent)
        for (way, family, protocol, networks), numbers in together.items():
            ports = _BYTE if protocol in (ICMP, ICMP6) else _ALL
            source, destination = (Range(each.low, each.high) for each in networks)
            demand = Demand(family, protocol, (source, destination, ports, ports))
            flags = frozenset({self.sent[numbers[0]].probe.flags})
            parts = judges[family].sets(way, demand, "NEW", flags)
            for number in numbers:
                found = [_WORDS[name] for name, products in parts.items()
                         if any(_holds(each, self.sent[number].probe) for each in products)]
                by_sets[number] = " and ".join(found)
        return Said(traced, by_sets)

    def __str__(self) -> str:
        numbered = ["\n".join([f"{name}:", *(f"{number:4} {line}" for number, line in enumerate(
            text.splitlines(), 1))]) for name, text in self.texts.items()]
        return "\n".join([self.name, *numbered])


def _holds(part: Product, probe: Probe) -> bool:
    values = (probe.source, probe.destination, probe.source_port, probe.destination_port)
    return all(any(low <= value <= high for low, high in axis)
               for value, axis in zip(values, part.axes, strict=True))


def disagreements(trial: Trial, said: Said, wanted: Sequence[str]) -> Iterator[str]:
    """Yield what the product says otherwise than the kernel, or leaves open without need."""
    for each, traced, by_sets, fate in zip(trial.sent, *said, wanted, strict=True):
        if not traced == by_sets == fate:
            yield (f"{each.probe} by {each.way}: {fate} by the translation, {traced} by the tracer, "
                   f"{by_sets} by the sets")


def explain(trial: Trial, found: Sequence[str]) -> str:
    """Say all that is needed to see disagreements again."""
    return "\n".join([str(trial), *found[:_FEW], f"{len(found)} packets in all"])


def first_packet(family: int, protocol: int, ends: tuple[int, int], ports: tuple[int, int]) -> Probe:
    """Make the packet that opens a connection."""
    return Probe(family, protocol, *ends, *ports, flags=SYN if protocol == TCP else 0)
