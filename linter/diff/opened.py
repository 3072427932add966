"""What a change opens besides the packets that the requirements ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.diff.chain_difference import Packets
from aclproof.linter.diff.chain_pair import ListNames
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.engine.algebra import minus
from aclproof.linter.proof.needed_packets import needed_packets, with_free_axes
from aclproof.parsers.model.conditions import InProfile, ServedBy
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT


class Opened(Struct, frozen=True):
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
        more, maybe = _besides(compared, needed.get(compared.firewall, _NOTHING))
        if more or maybe:
            found.append(Opened(compared.firewall, compared.names, tuple(more)))
    for name, new in change.new.firewalls.items():
        old = change.old.firewalls.get(name)
        if old and _besides_lists(old) != _besides_lists(new):
            found.append(Opened(name, None, ()))
    return found


class _Needed(NamedTuple):
    """What requirements ask for, as the filters of a firewall see it."""

    boxes: Sequence[Box]
    served: Mapping[str, Sequence[Box]]
    """By listener: the same at whatever port, for a rule that is for it alone."""


_NOTHING = _Needed((), {})


def _needed(change: SiteChange) -> Mapping[str, _Needed]:
    """By firewall: what requirements ask for."""
    found: dict[str, dict[str, list[Box]]] = {}
    for proofs in change.new.proofs.values():
        for proof in proofs:
            listener = proof.incoming.demand.requirement.listener
            found.setdefault(proof.name, {}).setdefault(listener, []).extend(needed_packets([proof]))
    return {name: _of_listeners(of_listener, change.new.firewalls[name])
            for name, of_listener in found.items()}


def _of_listeners(of_listener: Mapping[str, Sequence[Box]], firewall: Firewall) -> _Needed:
    boxes = dict.fromkeys(box for some in of_listener.values() for box in some)
    served = {listener: with_free_axes([replace(box, destination_ports=ANY_PORT) for box in some], firewall)
              for listener, some in of_listener.items()}
    return _Needed(with_free_axes(boxes, firewall), served)


def _besides(compared: FullComparison, needed: _Needed) -> tuple[list[Packets], bool]:
    """What a list opens besides, and whether it may open more than that."""
    difference = compared.difference
    if difference is None:
        return [], True
    more = list(_minus(difference.newly_permitted, needed.boxes))
    undecided = [box for part in _minus(difference.undecided_on_one_side, needed.boxes) for box in part.boxes]
    return more, not difference.complete or _may_be_others(undecided, difference.changed, needed)


def _may_be_others(undecided: Sequence[Box], changed: Sequence[Rule], needed: _Needed) -> bool:
    """Whether undecided packets may pass to anything else than the one listener that a rule is for."""
    theirs: list[Box] = []
    for rule in changed if undecided else ():
        served = [each.surely for each in rule.conditions if isinstance(each, ServedBy)]
        only = frozenset.intersection(*served) if served else frozenset()
        if len(only) == 1 and all(isinstance(each, ServedBy | InProfile) for each in rule.conditions):
            theirs += needed.served.get(next(iter(only)), ())
        elif rule.conditions and any(_meet(rule, box) for box in undecided):
            return True
    return bool(minus(undecided, theirs))


def _meet(rule: Rule, box: Box) -> bool:
    return (rule.sources.of(box.family).overlaps(box.sources)
            and rule.destinations.of(box.family).overlaps(box.destinations)
            and any(box.protocol in each.protocols and each.destination_ports.overlaps(box.destination_ports)
                    for each in rule.services))


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
