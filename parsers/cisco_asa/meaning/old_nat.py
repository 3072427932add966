"""The lines of address translation before 8.3: exemptions, statics, then pairs of `nat` and `global`.

Their order is that of the guides to 8.2, "Order of NAT Commands Used to Match Real Addresses": exemptions,
static lines and policy NAT in the order of the file; the rest, `nat` with an identity among them, by the best
match.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning.nat import (
    ALL,
    NONE,
    Kind,
    Nat,
    Ports,
    interfaces,
    mapped_addresses,
    own_address,
    pool,
)
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import Addresses
from aclproof.parsers.model.addresses import ANY4, NOWHERE, AddressSet, join
from aclproof.parsers.model.rules import Action, Chain
from aclproof.parsers.model.services import ANY_SERVICE, TCP, UDP, Service
from aclproof.reason import Reason


class OldNat(Struct, frozen=True):
    """Reads the lines of releases before 8.3."""

    objects: Objects
    lists: Mapping[str, Chain]
    pools: Sequence[tuple[list[str], int]]
    """The `global` lines."""

    def __call__(self, words: list[str], inside: str, line: int) -> Iterator[Nat]:
        """Read a line; it is in no object."""
        if words[0] == "nat-control":
            yield Nat("control", line)
        elif words[0] == "static":
            yield from self._static(words, line)
        elif words[3:4] != ["access-list"]:
            yield from self._dynamic(words, line)
        elif words[2] == "0":
            for listed in self._exempted(words[4]):
                yield Nat("exemption", line, words[1].strip("()"), None, True, listed.real, listed.real,
                          listed.far, listed.far, because=listed.because)
        else:
            for listed in self._listed(words[4], ports=False):
                yield from self._pairs("policy dynamic", words, line, listed)

    def pool_lines(self) -> Iterator[Nat]:
        """Read the `global` lines by themselves."""
        for words, line in self.pools:
            towards = "".join(words[1:2]).strip("()")
            yield Nat("pool", line, None, towards, real=NONE, mapped=pool(self.objects, words[3:], towards))

    def _static(self, words: list[str], line: int) -> Iterator[Nat]:
        """`static (real,mapped) MAPPED REAL [netmask M]`, with `tcp MAPPED PORT REAL PORT`, or for a list."""
        behind, towards = interfaces(words[1])
        rest = words[2:]
        protocol = {"tcp": TCP, "udp": UDP}.get(rest[0])
        mapped, *real = rest if protocol is None else (rest[1], *rest[3:])
        if real[0] == "access-list":
            yield from self._policy_static(behind, towards, mapped, self._listed(real[1]), line,
                                           whole=protocol is None)
            return
        mask = rest[rest.index("netmask") + 1] if "netmask" in rest else "255.255.255.255"

        def ends(word: str) -> Addresses:
            if word == "interface":
                return own_address(self.objects, towards)
            return Addresses(literals.network(word, mask, self.objects.names))

        ports = None
        if protocol is not None:
            ports = Ports(protocol, literals.port(rest[4], protocol), literals.port(rest[2], protocol))
        yield Nat("old static", line, behind, towards, True, ends(real[0]), ends(mapped), ports=ports)

    def _policy_static(self, behind: str | None, towards: str | None, word: str, listed: Sequence[_Listed],
                       line: int, *, whole: bool) -> Iterator[Nat]:
        """Each entry of the list says for whom the line holds; `whole`: with all of their services."""
        several = len({each.real for each in listed}) > 1
        for each in listed:
            mapped = mapped_addresses(self.objects, word, towards, each.real)
            reason = each.because
            if several or not whole:
                reason = Reason("a list decides for whom it holds")
            yield Nat("old static", line, behind, towards, True, each.real, mapped, each.far, each.far,
                      because=reason)

    def _dynamic(self, words: list[str], line: int) -> Iterator[Nat]:
        """`nat (real) ID NET MASK`: with 0 hosts keep their addresses, else `global` lines have others."""
        real = Addresses(self._network(words))
        if words[2] == "0":
            yield Nat("identity", line, words[1].strip("()"), None, True, real, real,
                      outside="outside" in words)
        else:
            yield from self._pairs("old dynamic", words, line, _Listed(real, ALL))

    def _pairs(self, kind: Kind, words: list[str], line: int, listed: _Listed) -> Iterator[Nat]:
        """Pair a `nat` line with the `global` lines of its number; the last entry is for other interfaces."""
        behind, outside = words[1].strip("()"), "outside" in words
        pools: dict[str, list[AddressSet]] = {}
        for other, _ in self.pools:
            if other[2] == words[2]:
                towards = other[1].strip("()")
                pools.setdefault(towards, []).append(pool(self.objects, other[3:], towards).known)
        for towards, found in pools.items():
            mapped = join(found) if all(found) else NOWHERE
            yield Nat(kind, line, behind, towards, False, listed.real, Addresses(mapped), listed.far,
                      listed.far, outside=outside, services=listed.services, because=listed.because)
        yield Nat(kind, line, behind, None, False, listed.real, NONE, listed.far, listed.far,
                  outside=outside, pooled=False, besides=frozenset(pools), services=listed.services,
                  because=listed.because)

    def _listed(self, name: str, *, ports: bool = True) -> list[_Listed]:
        """What the entries of a list permit; with `ports` one that names some does not tell whom it is for.

        What it denies after the last permit it would not permit anyway.
        """
        if name not in self.lists:
            missing = Reason("access-list {name} is not in the file", name=name)
            return [_Listed(Addresses(ANY4), ALL, missing)]
        found = []
        rules = [rule for rule in self.lists[name].rules if rule.enabled]
        while rules and rules[-1].action is Action.DENY and not rules[-1].conditions:
            rules.pop()
        for rule in rules:
            exact = rule.action is Action.PERMIT and not rule.conditions
            exact &= not ports or rule.services == (ANY_SERVICE,)
            reason = "" if exact else Reason("access-list {name} does not tell for which packets it holds",
                                             name=name)
            found.append(_Listed(Addresses(rule.sources), Addresses(rule.destinations), reason,
                                 rule.services))
        return found

    def _exempted(self, name: str) -> Iterator[_Listed]:
        """What a list exempts: not what an entry above denies. Ports do not count (guide to 8.2)."""
        refused: list[_Ends] = []
        at = 0
        listed = self._listed(name, ports=False)
        for rule in [rule for rule in self.lists[name].rules if rule.enabled] if name in self.lists else ():
            if at == len(listed):
                return
            each, at = listed[at], at + 1
            if rule.action is Action.DENY and not rule.conditions and rule.services == (ANY_SERVICE,):
                refused.append((rule.sources, rule.destinations))
                continue
            left: Sequence[_Ends] = [(rule.sources, rule.destinations)]
            for ends in refused:
                left = [part for whole in left for part in _less(whole, ends)]
            if len(left) > _MOST_PARTS:
                left = [(rule.sources, rule.destinations)]
                each = replace(each, because=each.because or Reason(
                    "access-list {name} does not tell for which packets it holds", name=name))
            yield from (replace(each, real=Addresses(real), far=Addresses(far)) for real, far in left)
        if name not in self.lists:
            yield from listed

    def _network(self, words: list[str]) -> AddressSet:
        address, mask = words[3], words[4] if len(words) > 4 and words[4][0].isdigit() else ""
        if address in ("0", "0.0.0.0"):
            return ANY4
        return literals.network(address, mask or "255.255.255.255", self.objects.names)


_Ends = tuple[AddressSet, AddressSet]
"""Sources, and destinations."""
_MOST_PARTS = 64


def _less(whole: _Ends, refused: _Ends) -> Iterator[_Ends]:
    """Cut what an entry denies out of what another one permits."""
    (sources, destinations), (others, far) = whole, refused
    for part in ((sources - others, destinations), (sources & others, destinations - far)):
        if all(part):
            yield part


class _Listed(Struct, frozen=True):
    """One entry of a list: whose addresses are translated, towards whom."""

    real: Addresses
    far: Addresses
    because: str = ""
    services: tuple[Service, ...] = (ANY_SERVICE,)
