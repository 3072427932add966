"""What Windows says about a rule in force: PrimaryStatus, EnforcementStatus (MS-FASP 2.2.27).

Much of it holds just now, and says nothing of the rule: its profile is not that of the network, its list of
addresses is empty. The rest says that Windows does not enforce the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.rule import PROFILES, Profile, WindowsRule
from aclproof.reason import Reason

_SICK = {"error": "Error", "3": "Error", "degraded": "Degraded", "2": "Degraded"}
"""Of PrimaryStatus: Windows could not read the rule, or not all of it."""
_IDLE = "inactive"
_OTHER_PROFILE = frozenset({"inactiveprofile", "profileinactive", "5"})
_OFF = frozenset({"firewalloffinprofile", "2"})
_DISABLED = frozenset({"disabledobject", "objectdisabled", "4"})
_ENFORCED = frozenset({"", "notapplicable", "full", "enforced", "1"})
_OF_THE_MOMENT = _ENFORCED | _OTHER_PROFILE | _OFF | _DISABLED | {"optimizedout", "19"}
_EMPTY = re.compile(r"\w*empty|[6-9]|1[0-3]|2[0-3]", re.ASCII)
"""A keyword or a list that nothing fills just now."""


class Status(NamedTuple):
    """What Windows says of one rule."""

    primary: str
    """In lower case."""
    enforcement: tuple[str, ...]
    """As written."""

    def out_of_force(self, profiles: Iterable[Profile], current: frozenset[Profile]) -> str:
        """Return why Windows does not enforce the rule, empty where it may; `current` are of a network.

        The network has one of the three, so a rule for all of them is not idle for want of its profile.
        """
        sick = _SICK.get(self.primary)
        if sick:
            return Reason("its PrimaryStatus is {status}", status=sick)
        for each in self.enforcement:
            if each.lower() not in _OF_THE_MOMENT and not _EMPTY.fullmatch(each.lower()):
                return Reason("its EnforcementStatus is {status}", status=each)
        words = self._words()
        idle = self.primary == _IDLE or words & (_OTHER_PROFILE | _DISABLED)
        explained = words & _OFF or any(map(_EMPTY.fullmatch, words))
        mine = set(profiles)
        if idle and not explained and (mine.issuperset(PROFILES) or mine & current or words & _DISABLED):
            return Reason("it is inactive, and not because of its profile")
        return ""

    def is_enforced(self) -> bool:
        """Whether the rule is in force now."""
        return self.primary in ("ok", "1") and self._words() <= _ENFORCED

    def _words(self) -> set[str]:
        return {each.lower() for each in self.enforcement}


def of(record: Record) -> Status:
    """Read the status of a rule."""
    return _status(record.text("primarystatus"), record.text("enforcementstatus"))


@lru_cache
def _status(primary: str, enforcement: str) -> Status:
    return Status(primary.lower(), tuple(each.strip() for each in enforcement.split(",")))


def current_profiles(rules: Iterable[tuple[Status, WindowsRule]]) -> frozenset[Profile]:
    """Return the profiles that some network has: a rule for one of them alone is in force."""
    return frozenset(rule.profiles[0] for status, rule in rules
                     if rule.enabled and len(rule.profiles) == 1 and status.is_enforced())
