"""Addresses that no host has: those that translation gives to hosts elsewhere, and the firewall's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.firewall import Firewall, Translation
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.reason import Reason


class NoHost(Struct, frozen=True):
    """Addresses to which nothing answers by itself, why, and the line that makes it so."""

    addresses: IntervalSet
    reason: str
    line: int | None


def among(firewall: Firewall, family: Family, addresses: IntervalSet, listed: Sequence[IntervalSet],
          interface: str) -> Iterator[NoHost]:
    """Find those of a role that nothing translates and that an interface leads to.

    In the midst of one of the role's networks, which are `listed` one by one, they are just not meant.
    """
    role = IntervalSet.union(listed)
    lines = [line for line in _mapped_there(firewall, interface)
             if line.mapped.of(family).overlaps(role)]
    mapped = IntervalSet.union(line.mapped.of(family) for line in lines)
    own = IntervalSet.union(each.addresses.of(family) for each in firewall.interfaces)
    for whole in listed:
        met = whole & addresses
        if met and whole <= own:
            reason = Reason("{some} is the firewall's own: what it does with packets to itself is not in its "
                            "access lists", some=spell_few(family, whole))
            yield NoHost(met, reason, None)
        elif met and whole <= mapped | own:
            line = next(line for line in lines if line.mapped.of(family).overlaps(whole))
            reason = Reason("no host has {some}: line {line} translates it, and not for these packets",
                            some=spell_few(family, whole), line=firewall.number(line.line))
            yield NoHost(met, reason, line.line)


def _mapped_there(firewall: Firewall, interface: str) -> Iterator[Translation]:
    """The lines that give addresses to hosts elsewhere, for those whom an interface leads to."""
    for line in firewall.translations:
        if (line.leave if line.end == "source" else line.entry) in (None, interface):
            yield line
