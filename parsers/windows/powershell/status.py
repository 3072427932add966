"""What Windows says about a rule in force: PrimaryStatus, EnforcementStatus (MS-FASP 2.2.27).

Much of it holds just now, and says nothing of the rule: its profile is not that of the network, its list of
addresses is empty. The rest says that Windows does not enforce the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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


def out_of_force(record: Record, profiles: Iterable[Profile], current: frozenset[Profile]) -> str:
    """Return why Windows does not enforce a rule, empty where it may; `current` are profiles of a network.

    The network has one of the three profiles, so a rule for all of them is not idle for want of its profile.
    """
    written = _words(record)
    sick = _SICK.get(record.text("primarystatus").lower())
    if sick:
        return Reason("its PrimaryStatus is {status}", status=sick)
    for each in written:
        if each.lower() not in _OF_THE_MOMENT and not _EMPTY.fullmatch(each.lower()):
            return Reason("its EnforcementStatus is {status}", status=each)
    words = {each.lower() for each in written}
    idle = record.text("primarystatus").lower() == _IDLE or words & (_OTHER_PROFILE | _DISABLED)
    explained = words & _OFF or any(map(_EMPTY.fullmatch, words))
    mine = set(profiles)
    if idle and not explained and (mine.issuperset(PROFILES) or mine & current or words & _DISABLED):
        return Reason("it is inactive, and not because of its profile")
    return ""


def current_profiles(rules: Iterable[tuple[Record, WindowsRule]]) -> frozenset[Profile]:
    """Return the profiles that some network has: a rule for one of them alone is in force."""
    return frozenset(rule.profiles[0] for record, rule in rules
                     if rule.enabled and len(rule.profiles) == 1 and _is_enforced(record))


def _is_enforced(record: Record) -> bool:
    return (record.text("primarystatus").lower() in ("ok", "1")
            and {each.lower() for each in _words(record)} <= _ENFORCED)


def _words(record: Record) -> list[str]:
    return [each.strip() for each in record.text("enforcementstatus").split(",")]
