"""Why a rule that reads as if it let packets through is not in force: it is off, or Group Policy voids it."""

from __future__ import annotations

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.settings import effective
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import PROFILE_NAMES, PROFILES, Profile, WindowsRule
from aclproof.reason import OR, Reason, joined


def reason(firewall: Firewall, line: int, profile: str) -> str:
    """Say it; empty where the rule is in force. `profile` is empty where any may be the network's."""
    rule = exports(firewall).rules.get(line)
    if rule is None:
        return ""
    if rule.store == "local":
        stopped = voided(firewall, profile, rule)
        if stopped:
            names = joined(OR, (PROFILE_NAMES[each] for each in stopped))
            return Reason("would permit it, but is a local rule, and Group Policy lets only its own rules "
                          "count in the profile {profiles}", profiles=names)
    return "" if rule.enabled else _disabled(rule)


def voided(firewall: Firewall, profile: str, rule: WindowsRule | None = None) -> list[Profile]:
    """Return the profiles, of one or of all, if Group Policy lets no local rule count in any of them."""
    found = exports(firewall)
    chosen = [each for each in PROFILES if profile.lower() in ("", each.lower())]
    settings = [effective(each, found.settings) for each in chosen]
    counts = any(each.takes(rule) if rule else each.local_rules for each in settings)
    return [] if counts else chosen


def exports(firewall: Firewall) -> Exports:
    """Return what the firewall was read from."""
    assert isinstance(firewall.source, Exports)
    return firewall.source


def _disabled(rule: WindowsRule) -> Reason:
    group = groups.find(rule.group)
    if not rule.group:
        return Reason("permits it, but is disabled")
    name = group.name if group and rule.group.startswith("@") else rule.group
    return Reason("permits it, but is disabled (group '{group}')", group=name)
