"""What a change opens besides the packets that the requirements ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aclproof.linter.diff.chain_difference import Packets
from aclproof.linter.diff.chain_pair import ListNames
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.engine.algebra import minus
from aclproof.linter.proof.needed_packets import needed_packets, with_free_axes
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box


@dataclass(frozen=True, slots=True)
class Opened:
    """Packets that pass now, or may, and that no requirement asks for."""

    firewall: str
    names: ListNames | None
    """The list that opens them; None where it is something beside the lists."""
    packets: tuple[Packets, ...]
    """They surely pass it now; none where it only may open more."""

    @property
    def certain(self) -> bool:
        """Whether something is opened for certain."""
        return bool(self.packets)


def opened(change: SiteChange, lists: Sequence[FullComparison]) -> list[Opened]:
    """Return what is opened besides what is asked for; `lists` are all that changed, compared whole."""
    found: list[Opened] = []
    needed = _needed(change)
    for compared in lists:
        more, maybe = _besides(compared, needed.get(compared.firewall, ()))
        if more or maybe:
            found.append(Opened(compared.firewall, compared.names, tuple(more)))
    for name, new in change.new.firewalls.items():
        old = change.old.firewalls.get(name)
        if old and _besides_lists(old) != _besides_lists(new):
            found.append(Opened(name, None, ()))
    return found


def _needed(change: SiteChange) -> Mapping[str, Sequence[Box]]:
    """By firewall: what requirements ask for, as its filters see it."""
    found: dict[str, list[Box]] = {}
    for proofs in change.new.proofs.values():
        for proof in proofs:
            found.setdefault(proof.name, []).extend(needed_packets([proof]))
    return {name: with_free_axes(dict.fromkeys(boxes), change.new.firewalls[name])
            for name, boxes in found.items()}


def _besides(compared: FullComparison, needed: Sequence[Box]) -> tuple[list[Packets], bool]:
    """What a list opens besides, and whether it may open more than that."""
    difference = compared.difference
    if difference is None:
        return [], True
    more = list(_minus(difference.newly_permitted, needed))
    maybe = not difference.complete or any(_minus(difference.undecided_on_one_side, needed))
    return more, maybe


def _minus(parts: Iterable[Packets], needed: Sequence[Box]) -> Iterator[Packets]:
    """Take the needed packets out of packets of several protocols."""
    wanted = {box.protocol for box in needed}
    for part in parts:
        common = [protocol for protocol in sorted(wanted) if protocol in part.protocols]
        others = part.protocols - IntervalSet.of(*((protocol, protocol) for protocol in common))
        if others:
            yield replace(part, protocols=others)
        for protocol in common:
            rest = minus([replace(box, protocol=protocol) for box in part.boxes],
                         [box for box in needed if box.protocol == protocol])
            if rest:
                yield Packets(IntervalSet.of((protocol, protocol)), rest)


def _besides_lists(firewall: Firewall) -> object:
    """What opens connections without a list, whatever its lines."""
    return (
        [(each.name, each.level, each.addresses) for each in firewall.interfaces],
        [replace(each, line=0) for each in firewall.translations],
        {(each.protocol, each.interface, each.certain) for each in firewall.inspections},
        set(firewall.options))
