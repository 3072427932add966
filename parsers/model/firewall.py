"""A whole firewall as read from its configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, Protocol

from msgspec import Struct, field

from aclproof.parsers.model.addresses import ANY, NOWHERE, AddressSet, Family
from aclproof.parsers.model.conditions import Condition
from aclproof.parsers.model.effects import OTHER_PORTS, End, Translate
from aclproof.parsers.model.hook_point import HookPoint
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.notes import LineCounts, Note, Span, numbered
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.policy_routes import PolicyRoute
from aclproof.parsers.model.routed_to import Leading, Selected
from aclproof.parsers.model.rules import Chain, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_SERVICE, Service

Direction = Literal["in", "out"]
Opener = Literal["both", "hosts", "others"]
"""Whose connections a line of a translation table is for: those of the hosts whose addresses it changes (they
are behind its `entry` where it rewrites sources), those that others open to them, or both."""
Hook = Literal["forward", "input", "output"]
"""Whether a packet passes through a firewall, ends in it, or starts there."""


class Transit(Struct, frozen=True):
    """One way through a firewall; an interface is None where it is not known."""

    family: Family
    ingress: str | None = None
    egress: str | None = None
    hook: Hook = "forward"
    translated: bool = False
    """Only what comes after the translation of the destination."""
    profile: str = ""
    """The network's profile, where the firewall has profiles; empty where it is not known."""
    met: MetTranslations | None = None
    """Of a new connection through a firewall that has a translation table."""
    by_routes: bool = False
    """Whether routes, as far as shown, say by which interface packets leave: after a translation again."""
    to_router: bool = False
    """Whether packets that end in the firewall end where none of the site's roles is said to be."""
    named_list: str = ""
    """The list that filters what comes in by `ingress`, where the site file names one; else empty."""


class Input(Protocol):
    """Where the configuration was read from; evidence is quoted through it."""

    @property
    def name(self) -> str:
        """The path as the user wrote it."""

    def span(self, line: int) -> Span:
        """Return the place and text of a line, counted from 1."""

    def given(self, line: int) -> int:
        """Return the number of a line before any change script; 0 for one that a script entered."""


class Interface(Struct, frozen=True):
    """A named interface that takes part in the policy."""

    name: str
    level: int | None
    """None when the file's level cannot be read."""
    addresses: AddressSet
    """The firewall's own addresses there."""
    line: int
    dynamic: bool = False
    """Its address comes from DHCP or PPPoE, so what is connected to it is not in the file."""
    bridge: str = ""
    """The interface of the bridge that it is a port of: hosts of one network are behind all its ports."""
    without: frozenset[Family] = frozenset()
    """Families of which it has no address, though the file shows those of others: nothing of them passes."""
    down: bool = False
    """Whether its link is shown to be down: whether packets come or leave by it is not known."""


class Route(Struct, frozen=True):
    """Addresses that an interface leads to; the longest prefix wins, then the lower metric."""

    family: Family
    network: int
    length: int
    interface: str
    line: int
    metric: int = 0
    beyond: bool = False
    """Whether it is no network that the firewall has an address in, where the metric does not show that."""
    down: bool = False
    """Whether it is shown that its link is down: what is sent there is lost, or goes by another route."""
    tunnel: bool = False
    """Whether it leads into a tunnel that ends in the firewall."""
    gateway: int | None = None

    @property
    def addresses(self) -> IntervalSet:
        """The addresses that it is for."""
        size = 1 << self.family.last.bit_length() - self.length
        return IntervalSet.of((self.network, self.network + size - 1))


class Binding(Struct, frozen=True):
    """A chain put to work: on one interface and direction, or everywhere (`interface` None)."""

    chain: str
    interface: str | None
    direction: Direction
    line: int
    family: Family | None = None
    """The only family that it filters; None for both."""
    conditional: str = ""
    """Why the binding is not certain (for example a downloaded user ACL may win)."""
    point: HookPoint | None = None
    """Of a firewall that is placed by hooks."""


class Inspection(Struct, frozen=True):
    """A protocol that the firewall follows, on one interface or everywhere (None)."""

    protocol: str
    interface: str | None
    line: int
    certain: bool = True
    """Whether all traffic there is looked at, not only a class of it."""
    stopping_map: str = ""
    """The map that lets it stop some requests, or may; empty where none does."""
    unshown_map: bool = False
    """Whether the input does not show that map: then it may stop anything, or nothing."""
    mapper_only: bool = False
    """Of RPC, whether the endpoint mapper's own messages are all that it reads."""
    spares_mapper: bool = False
    """Of RPC, whether that map stops nothing but DCOM's own messages."""
    unshown_policy: str = ""
    """The policy that may have it, where that is in force and the input does not show it."""


class Translation(Struct, frozen=True):
    """One line that rewrites one end of the connections between two interfaces, or keeps it (no effect).

    What it matches are packets as they come in; of all that decide an end, the first that matches does.
    """

    end: End
    line: int
    entry: str | None = None
    leave: str | None = None
    sources: AddressSet = ANY
    destinations: AddressSet = ANY
    services: tuple[Service, ...] = (ANY_SERVICE,)
    effect: Translate | None = None
    because: str = ""
    """Why what becomes of the end is not known; empty where it is."""
    opened_by: Opener = "both"
    refuses: str = ""
    """Why packets that match pass no further, as the device says; empty where they do."""
    mapped: AddressSet = NOWHERE
    """Addresses that stand for others towards `leave`, or `entry` for a destination: no host has them."""
    by_route: bool = False
    """Whether routes decide by which interface packets leave, though the line names one."""
    other_ports: Range = OTHER_PORTS
    """From which it takes another source port where hosts share an address."""

    @property
    def keeps(self) -> bool:
        """Whether the line surely leaves packets as they are, whoever opens the connection."""
        return not (self.effect or self.because or self.refuses) and self.opened_by == "both"


class MetTranslations(Struct, frozen=True):
    """The lines that the first packet of a connection meets, each the first that matches; None for none.

    `answer` is the one that a packet of the real server to the client would meet as a new connection.
    """

    destination: Translation | None = None
    source: Translation | None = None
    answer: Translation | None = None


class PlacementDoubt(Struct, frozen=True):
    """A line that could not be read, and may decide which interface leads to which addresses."""

    line: int
    because: str


class HostSystem(Struct, frozen=True):
    """The operating system of a host, as its firewall's export shows it."""

    title: str
    names: tuple[str, ...]
    """What it may be: systems that share a version."""
    dynamic_ports: IntervalSet
    """From which it opens connections, unless somebody changed that."""


class File(Struct, frozen=True):
    """One input file, and what became of its lines."""

    name: str
    sha256: str
    """Of the bytes that were parsed."""
    line_counts: LineCounts


class Firewall(Struct, frozen=True, dict=True):
    """A configuration in the common model."""

    name: str
    vendor: str
    version: str
    source: Input
    """All files together: a rule's line is a line of this."""
    files: tuple[File, ...]
    chains: Mapping[str, Chain]
    interfaces: tuple[Interface, ...] = ()
    routes: tuple[Route, ...] = ()
    bindings: tuple[Binding, ...] = ()
    inspections: tuple[Inspection, ...] = ()
    defaults: Mapping[str, Default] = field(default_factory=dict)
    """What becomes of packets at the end of a chain, for chains that have a policy of their own."""
    translations: tuple[Translation, ...] = ()
    """Of a firewall that rewrites destinations before it looks for the way out, and sources last."""
    lists_before_translation: bool = False
    """Whether its lists hold the destinations that packets come in with, not those they leave with."""
    stateful: frozenset[int] = frozenset()
    """Protocols whose replies pass with the session, without a rule."""
    options: Mapping[str, int] = field(default_factory=dict)
    """Switches that change how packets pass, by name, with the line that sets them."""
    definitions: Mapping[str, int] = field(default_factory=dict)
    """The line with which each object or group begins that lines may name."""
    selected: tuple[Selected, ...] = ()
    """What its tunnels take."""
    policy_routes: tuple[PolicyRoute, ...] = ()
    """What may decide the way of packets instead of its routes, where the file shows it."""
    list_uses: Mapping[str, int] = field(default_factory=dict)
    """Chains that something else than an interface uses, with the line that does so."""
    notes: tuple[Note, ...] = ()
    placement_doubt: PlacementDoubt | None = None
    """Why it is not certain that packets do not cross it, where its routes say so."""
    on_host: bool = False
    """Whether packets may end or start at it: hooks say what passes, and its rules name no routes."""
    system: HostSystem | None = None
    """Of the host that it guards, where the export shows it."""
    whole: bool = False
    """Whether the file shows that it goes to its end: what it does not bind is bound nowhere."""
    all_routes: frozenset[Family] = frozenset()
    """Families of which it is shown where all routes lead: what none leads to is dropped. Of a firewall that
    runs on a host."""
    all_addresses: frozenset[Family] = frozenset()
    """Families of which all of its own addresses are shown. Of a firewall that runs on a host."""

    @property
    def line_counts(self) -> LineCounts:
        """Of all files together."""
        counts = [file.line_counts for file in self.files]
        return LineCounts(*(sum(each) for each in zip(*(
            (one.understood, one.ignored, one.approximated, one.unread) for one in counts), strict=True)))

    @property
    def lists(self) -> Mapping[str, Chain]:
        """The chains that the file names."""
        return {name: chain for name, chain in self.chains.items() if not chain.synthetic}

    def conditions(self) -> Iterator[tuple[Rule, Condition]]:
        """Yield every condition of every rule with its rule, chain by chain."""
        for chain in self.chains.values():
            for rule in special(chain.rules):
                for condition in rule.conditions:
                    yield rule, condition

    def quote(self, line: int) -> Span:
        """Return the place and text of a rule's line; the first line for a rule that no file shows."""
        return self.source.span(line or 1)

    def number(self, line: int) -> int | str:
        """Return the number of a line in its own file, for a sentence; of several files it names the one."""
        return numbered(self.quote(line), of_several=len(self.files) > 1)

    def is_bridge(self, name: str) -> bool:
        """Return whether hosts that an interface leads to may be behind different ports of it."""
        return any(each.bridge == name for each in self.interfaces)

    def interface(self, name: str) -> Interface | None:
        """Find an interface by its name."""
        return self._by_name.get(name)

    @cached_property
    def leading(self) -> dict[Family, Leading]:
        """Where its routes lead, of the families that somebody asked for."""
        return {}

    @cached_property
    def stages_of(self) -> dict[Transit, tuple[Stage, ...]]:
        """The filters that its vendor has found so far for ways through it: sites and flows share them."""
        return {}

    @cached_property
    def _by_name(self) -> Mapping[str, Interface]:
        return {each.name: each for each in reversed(self.interfaces)}

    @cached_property
    def best_routes(self) -> Mapping[Family, Sequence[Sequence[Route]]]:
        """The routes to each network that have the lowest metric, those whose link is down first; by
        family, the longest prefix first."""
        found: dict[tuple[Family, int, int], list[Route]] = {}
        for route in self.routes:
            found.setdefault((route.family, -route.length, route.network), []).append(route)
        best = {key: min(route.metric for route in routes) for key, routes in found.items()}
        return {family: [sorted((route for route in routes if route.metric == best[key]),
                                key=lambda each: not each.down)
                         for key, routes in sorted(found.items(), key=lambda item: item[0][1])
                         if key[0] is family] for family in Family}
