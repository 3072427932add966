"""Addresses of a role that no host has: those of firewalls on its path, and the ends of their networks.

Nothing is guessed from the role itself. A network's first and last address are no host's only where an
interface of a firewall is in that network; of two addresses both are hosts' (RFC 3021), and IPv6 has no
broadcast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.demands.firewall_addresses import Addresses
from aclproof.linter.site.paths import Path
from aclproof.linter.site.site import Site
from aclproof.parsers.model.addresses import Family, spell_few
from aclproof.parsers.model.effects import End
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.reason import Reason


class LeftOut(Struct, frozen=True):
    """Addresses at one end of a demand's packets that cannot take part."""

    family: Family
    end: End
    addresses: IntervalSet
    reason: Reason


def left_out(boxes: Sequence[Box], roles: tuple[str, str], site: Site, path: Path,
             known: Mapping[str, Addresses]) -> tuple[LeftOut, ...]:
    """Find the addresses that `roles` have in packets, as they are sent, and that none of their hosts has.

    What the role gives one by one is never left out as a whole: somebody meant it. `known` by the
    firewall's name.
    """
    found: list[LeftOut] = []
    for box in boxes:
        axes: tuple[tuple[End, str, IntervalSet], ...] = (
            ("source", roles[0], box.sources), ("destination", roles[1], box.destinations))
        for end, role, numbers in axes:
            seen = {name: known[name] for name in _before_translation(path, known, box.family, end, numbers)}
            every = IntervalSet.union((each.own | each.ends).of(box.family) for each in seen.values())
            meant = IntervalSet.union(entry for entry in site.entries(role, box.family) if entry <= every)
            for name, each in seen.items():
                own, ends = ((some.of(box.family) & numbers) - meant for some in (each.own, each.ends))
                if own:
                    found.append(LeftOut(box.family, end, own, Reason(
                        "{some} of {role} is left out: {name} has it itself",
                        some=spell_few(box.family, own), role=role, name=name)))
                if ends:
                    found.append(LeftOut(box.family, end, ends, Reason(
                        "{some} of {role} is left out: the network or broadcast address of a network that "
                        "{name} is in", some=spell_few(box.family, ends), role=role, name=name)))
    return tuple(found)


def _before_translation(path: Path, known: Mapping[str, Addresses], family: Family, end: End,
                        numbers: IntervalSet) -> Iterator[str]:
    """The firewalls that see the addresses as they are sent, the one that may change them last."""
    for name in path.names:
        yield name
        if numbers.overlaps(known[name].translated[end].of(family)):
            return
