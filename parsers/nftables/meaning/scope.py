"""What a rule may name: the sets and chains of its table, and what the table's rules change of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.meaning.statements import statement_of
from aclproof.parsers.nftables.ruleset import Element, NftSet, NftTable, Tree
from aclproof.reason import Reason

FAMILIES: dict[str, tuple[Family, ...]] = {"ip": (Family.V4,), "ip6": (Family.V6,), "inet": tuple(Family)}
"""Whose packets the tables of a family see; others (bridge, arp, netdev) are not at the hooks of IP."""

ALL_OTHERS = "*"
"""The key of an element for all that no other one is for."""

_CHANGES = frozenset({"dnat", "snat", "masquerade", "redirect", "mangle", "notrack", "tproxy", "synproxy",
                      "fwd"})
"""Statements that make other packets of packets, or send them elsewhere."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
"""Names that are one word to every shell, and no option."""


class Scope:
    """One table, as its rules see it."""

    def __init__(self, table: NftTable, *, may_lack_elements: bool = False, translated: bool = False) -> None:
        self.table, self._may_lack_elements = table, may_lack_elements
        self.translated = translated
        """Whether rules may be iptables' own, in the words of its translation."""
        self.families: Sequence[Family] = FAMILIES[table.family]
        self._changed = {name: rule.line for chain in table.chains.values() for rule in chain.rules
                         for name in changed_sets(rule.statements)}

    @property
    def changes_packets(self) -> bool:
        """Whether rules of the table may send packets elsewhere, or make others of them."""
        return any((chain.base and chain.base.kind == "nat") or any(
            statement_of(each)[0] in _CHANGES for rule in chain.rules for each in rule.statements)
            for chain in self.table.chains.values())

    def elements(self, name: str) -> Sequence[Element]:
        """Return the elements of a named set or map; DoubtError where they are not all known."""
        known = self._known(name)
        if known.limited:
            raise DoubtError(Reason("whether elements of the set {name} match: they have a limit, a quota or "
                                    "a number of connections", name=name))
        line = self._changed.get(name)
        if line is not None:
            raise DoubtError(Reason("what is in the set {name}, which line {line} changes", name=name,
                                    line=line))
        if "dynamic" in known.flags:
            raise DoubtError(Reason("what is in the set {name}, which changes with the packets", name=name),
                             find_out=self._shown_by(name))
        shown = bool(known.elements) if known.shown is None else known.shown
        if not shown and self._may_lack_elements:
            raise DoubtError(Reason("what is in the set {name}: no elements are shown, as by 'nft -t', or of "
                                    "a set that other programs fill", name=name),
                             find_out=self._shown_by(name))
        return known.elements

    def _shown_by(self, name: str) -> str:
        """What prints a set: of names that a shell would not take as they are, with all else."""
        plain = _PLAIN.fullmatch(self.table.name) and _PLAIN.fullmatch(name)
        return f"nft list set {self.table.family} {self.table.name} {name}" if plain else "nft list ruleset"

    def _known(self, name: str) -> NftSet:
        known = self.table.sets.get(name)
        if known is None:
            raise DoubtError(Reason("what is in the set {name}, which the input does not show", name=name),
                             find_out=self._shown_by(name))
        if not known.whole:
            raise DoubtError(Reason("what is in the set {name}, which was not read wholly", name=name))
        return known


def changed_sets(statements: Sequence[Tree]) -> Iterator[str]:
    """Yield the sets whose elements a rule changes."""
    for statement in statements:
        match statement:
            case {"set": {"op": str(), "set": str(name)}} | {"map": {"op": str(), "map": str(name)}} \
                    | {"meter": {"name": str(name)}}:
                yield name.removeprefix("@")
            case _:
                pass
