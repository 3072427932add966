"""What an administrator of Windows would do about packets that are stopped."""

from __future__ import annotations

from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Default, Rule
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.records.rule import PROFILE_NAMES


def advice(by: Rule | Default, transit: Transit, protocol: int, port: int, listener: str) -> str:
    """Name the cure of a line that stops a service; empty where there is no ready one."""
    if isinstance(by, Rule):
        return Reason("what blocks wins over every allow rule: no further rule cures it, this has to go "
                      "or to be narrowed")
    group = groups.opening(protocol, port, listener) if transit.hook == "input" else None
    if group is None:
        return ""
    if not transit.profile:
        return Reason("enable the group '{name}' for the network's profile", name=group.name)
    return Reason("enable the group '{name}' for the {profile} profile", name=group.name,
                  profile=PROFILE_NAMES[transit.profile.capitalize()])
