"""Lines of address translation as an ASA prints them, or as somebody typed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from tests.oracle.plan import write
from tests.oracle.translated import asa_text
from tests.oracle.translated.asa_policy import OWN, Block, Host, Literal, Span
from tests.oracle.translated.nat_policy import EVERYBODY, Ends, Line, Translating

_PROTOCOLS = {6: "tcp", 17: "udp"}
_DEFAULT = "route outside 0.0.0.0 0.0.0.0 10.2.255.254 1"


def text(policy: Translating) -> str:
    """Write it after the rest of the configuration."""
    writer = _Old(policy) if policy.old else _New(policy)
    return asa_text.text(policy.filters, [_DEFAULT, *writer.lines()])


class _New:
    def __init__(self, policy: Translating) -> None:
        self._policy = policy
        self._random = Random(policy.filters.seed)
        self._named = {_ends(literal): name for name, literal in reversed(policy.filters.objects.items())}

    def lines(self) -> Iterator[str]:
        """Write twice NAT in its order or with numbers, then the objects' lines."""
        for after in (False, True):
            yield from self._numbered([each for each in self._policy.lines
                                       if each.kind == "twice" and each.after is after])
        for line in self._policy.lines:
            if line.kind == "object":
                yield from (f"object network {line.name}", f" nat {_pair(line)} {self._in_object(line)}")

    def _numbered(self, lines: Sequence[Line]) -> Iterator[str]:
        order = list(range(len(lines)))
        shuffled = self._random.random() < 0.3
        if shuffled:
            self._random.shuffle(order)
        written: list[int] = []
        for at in order:
            place = sum(each < at for each in written) + 1
            line = lines[at]
            words = [f"nat {_pair(line)}", "after-auto" if line.after else "", str(place) if shuffled else "",
                     "source", "static" if line.static else "dynamic", self._object(line.real),
                     self._mapped(line)]
            if line.decides_far:
                words += ["destination", "static", self._object(line.dialled), self._object(line.far)]
            yield " ".join(filter(None, [*words, *self._services(line), *line.words]))
            written.append(at)

    def _services(self, line: Line) -> list[str]:
        """Name what packets of the hosts have before and after: their own port, or the one that they dial."""
        named = {(each.protocol.value, *(ports.low.value if ports else 0 for ports in (
            each.source, each.destination))): name for name, each in self._policy.filters.services.items()}
        if line.service:
            protocol, real, mapped = line.service
            return ["service", named[protocol, real, 0], named[protocol, mapped, 0]]
        if line.far_service:
            protocol, real, mapped = line.far_service
            return ["service", named[protocol, 0, mapped], named[protocol, 0, real]]
        return []

    def _object(self, ends: Ends) -> str:
        return "any" if ends == EVERYBODY else self._named[ends]

    def _mapped(self, line: Line) -> str:
        """What the hosts' addresses become: a name, an address, or the interface's own."""
        if line.towards and line.mapped.low == OWN[line.towards][4]:
            return "interface"
        pool = "pat-pool " if not line.static and line.mapped.size > 1 and self._random.random() < 0.4 else ""
        plain = line.kind == "object" and line.mapped.size == 1
        return pool + (write(4, line.mapped.low) if plain and self._random.random() < 0.5
                       else self._object(line.mapped))

    def _in_object(self, line: Line) -> str:
        words = ["static" if line.static else "dynamic", self._mapped(line), *line.words]
        if line.service:
            protocol, real, mapped = line.service
            words.append(f"service {_PROTOCOLS[protocol]} {real} {mapped}")
        return " ".join(words)


class _Old:
    def __init__(self, policy: Translating) -> None:
        self._policy = policy

    def lines(self) -> Iterator[str]:
        """Write all lines in their order, with the lists that they name."""
        if self._policy.control:
            yield "nat-control"
        for number, pools in self._policy.pools.items():
            for name, ends in pools.items():
                yield f"global ({name}) {number} {write(4, ends.low)}"
        for at, line in enumerate(self._policy.lines):
            if line.kind in ("exemption", "policy"):
                yield f"access-list N{at} extended permit ip {_network(line.real)} {_network(line.far)}"
            yield " ".join([*self._line(at, line), *line.words])

    def _line(self, at: int, line: Line) -> list[str]:
        match line.kind:
            case "static":
                return [f"static ({line.behind},{line.towards})", *_static(line)]
            case "exemption" | "policy":
                return [f"nat ({line.behind}) {line.number} access-list N{at}"]
            case _:
                return [f"nat ({line.behind}) {line.number}", _network(line.real)]


def _static(line: Line) -> list[str]:
    mapped, real = write(4, line.mapped.low), write(4, line.real.low)
    mask = ["netmask", write(4, 2**32 - line.real.size)]
    if line.service is None:
        return [mapped, real, *mask]
    if line.mapped.low == OWN[line.towards][4]:
        mapped = "interface"
    protocol, inside, outside = line.service
    return [_PROTOCOLS[protocol], mapped, str(outside), real, str(inside), *mask]


def _network(ends: Ends) -> str:
    return f"{write(4, ends.low)} {write(4, 2**32 - ends.size)}"


def _pair(line: Line) -> str:
    return f"({line.behind or 'any'},{line.towards or 'any'})"


def _ends(literal: Literal) -> Ends:
    match literal:
        case Host(_, number):
            return Ends(number, number)
        case Span(_, low, high):
            return Ends(low, high)
        case Block(_, base, mask):
            return Ends(base, base | ~mask & 0xFFFFFFFF)
