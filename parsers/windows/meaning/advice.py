"""What an administrator of Windows would do about packets that are stopped."""

from __future__ import annotations

from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.rules import Default, Rule
from aclproof.parsers.windows.meaning import groups, kept_out, systems
from aclproof.parsers.windows.records.rule import PROFILE_NAMES
from aclproof.reason import OR, Reason, joined


def advice(firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
           listener: str) -> str:
    """Name the cure of a line that stops a service; empty where there is no ready one."""
    if isinstance(by, Rule):
        return Reason("what blocks wins over every allow rule: no further rule cures it, this has to go "
                      "or to be narrowed")
    stopped = kept_out.voided(firewall, transit.profile)
    if stopped:
        return Reason("only rules of Group Policy count in the profile {profiles}: allow it in the Group "
                      "Policy object", profiles=joined(OR, (PROFILE_NAMES[each] for each in stopped)))
    group = groups.opening(protocol, port, listener) if transit.hook == "input" else None
    if group is None:
        return ""
    if systems.has_exceptions_only(firewall.system):
        return Reason("enable the exception '{name}' for these addresses (netsh firewall set service)",
                      name="Remote Administration" if group is groups.WMI else group.name)
    if not transit.profile:
        return Reason("enable the group '{name}' for the network's profile", name=group.name)
    return Reason("enable the group '{name}' for the {profile} profile", name=group.name,
                  profile=PROFILE_NAMES[transit.profile.capitalize()])
