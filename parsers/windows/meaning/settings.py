"""What holds in a profile when several stores speak of it: Group Policy wins where it says something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct

from aclproof.parsers.windows.records.rule import Profile, ProfileSettings, Store, WindowsRule

T = TypeVar("T")
_ORDER: tuple[Store, ...] = ("effective", "policy", "", "local")
_WHOLE: frozenset[Store] = frozenset({"effective", "local"})
"""Stores in which a missing value is Windows' default; in Group Policy it is not configured there, and an
export that names no store may be of Group Policy."""


class Effective(Struct, frozen=True):
    """The settings of one profile, with Windows' defaults where the stores leave them so."""

    profile: Profile
    known: bool
    """Whether the values can be relied on; otherwise they are the defaults, and no input states them."""
    line: int
    """0 where no line says it."""
    enabled: bool = True
    inbound_allowed: bool = False
    outbound_allowed: bool = True
    block_all_inbound: bool = False
    local_rules: bool = True
    local_programs: bool = True
    local_ports: bool = True
    disabled_interfaces: tuple[str, ...] = ()

    def takes(self, rule: WindowsRule) -> bool:
        """Return whether a rule of this computer's own counts besides those of Group Policy."""
        if not self.local_rules:
            return False
        ports = (*rule.local_ports, *rule.remote_ports)
        if not self.local_programs and rule.program and rule.protocol in (6, 17) and not ports:
            return False
        return self.local_ports or bool(rule.program) or len(ports) != 1


def effective(profile: Profile, stated: Iterable[tuple[ProfileSettings, int]]) -> Effective:
    """Merge what all inputs say about one profile; each comes with its line in all inputs together."""
    ranked = by_weight(profile, stated)
    if not ranked:
        return Effective(profile, known=False, line=0)
    records = [record for record, _ in ranked]
    off = dict.fromkeys(name for each in records for name in each.disabled_interfaces)

    def first(value: Callable[[ProfileSettings], T | None], default: T) -> T:
        return next((found for found in map(value, records) if found is not None), default)

    return Effective(
        profile, _known(records), ranked[0][1],
        enabled=first(lambda each: each.enabled, True),
        inbound_allowed=first(lambda each: each.inbound, "Block") == "Allow",
        outbound_allowed=first(lambda each: each.outbound, "Allow") == "Allow",
        block_all_inbound=_block_all(records), local_rules=first(lambda each: each.local_rules, True),
        local_programs=first(lambda each: each.local_programs, True),
        local_ports=first(lambda each: each.local_ports, True),
        disabled_interfaces=tuple(off))


def by_weight(profile: Profile, stated: Iterable[tuple[ProfileSettings, int]]) -> list[
        tuple[ProfileSettings, int]]:
    """Return what inputs say about one profile, what wins over the others first."""
    return sorted((each for each in stated if each[0].profile == profile),
                  key=lambda each: _ORDER.index(each[0].store))


def _known(records: Sequence[ProfileSettings]) -> bool:
    """What is not known to be all of a store decides only what it states."""
    if any(each.store in _WHOLE for each in records):
        return True
    values = ((each.enabled, each.inbound, each.outbound, each.block_all_inbound) for each in records)
    return all(any(value is not None for value in column) for column in zip(*values, strict=True))


def _block_all(records: Sequence[ProfileSettings]) -> bool:
    """Whichever store says so; what is in force is known where the export is of that."""
    final = [each for each in records if each.store == "effective" and each.block_all_inbound is not None]
    return any(each.block_all_inbound for each in final or records)
