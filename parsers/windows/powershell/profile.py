"""One profile as `Get-NetFirewallProfile` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.rule import PROFILES, Profile, ProfileSettings, Store
from aclproof.reason import Reason

_Action = Literal["Allow", "Block"]
_NAMES: Mapping[str, Profile] = {each.lower(): each for each in PROFILES}
_SWITCHES = {"true": True, "1": True, "false": False, "0": False}
"""GpoBoolean: 0 is false, 1 is true, 2 is not configured."""
_ACTIONS: Mapping[str, _Action] = {"allow": "Allow", "2": "Allow", "block": "Block", "4": "Block"}
_DECIDING = ("enabled", "defaultinboundaction", "defaultoutboundaction", "allowinboundrules",
             "allowlocalfirewallrules")
"""What an export of what is in force has to say."""
_UNSAID = {"", "notconfigured"}


def settings(record: Record, store: Store) -> ProfileSettings:
    """Read a profile; ValueError names a value that is not known."""
    name = record.text("name", "profile", "instanceid").rpartition("|")[2].lower()
    if name not in _NAMES:
        raise ValueError(Reason("it is none of Domain, Private and Public"))
    missing = next((each for each in _DECIDING if not record.text(each)), "")
    if store == "effective" and missing:
        raise ValueError(Reason("it has no {name}", name=missing))
    inbound = _switch(record, "allowinboundrules")
    off = record.text("disabledinterfacealiases")
    return ProfileSettings(
        record.line, _NAMES[name], store, enabled=_switch(record, "enabled"),
        inbound=_default_action(record, "defaultinboundaction"),
        outbound=_default_action(record, "defaultoutboundaction"),
        block_all_inbound=None if inbound is None else not inbound,
        local_rules=_switch(record, "allowlocalfirewallrules"),
        local_programs=_switch(record, "allowuserapps"), local_ports=_switch(record, "allowuserports"),
        unicast_response=_switch(record, "allowunicastresponsetomulticast"),
        log_blocked=_SWITCHES.get(record.text("logblocked").lower()),
        disabled_interfaces=() if off.lower() in (*_UNSAID, "any")
        else tuple(each.strip() for each in off.split(",")))


def _switch(record: Record, name: str) -> bool | None:
    written = record.text(name).lower()
    if written in (*_UNSAID, "2"):
        return None
    if written not in _SWITCHES:
        raise ValueError(Reason("'{written}' is no value of {name}", written=record.text(name), name=name))
    return _SWITCHES[written]


def _default_action(record: Record, name: str) -> _Action | None:
    """`NotConfigured` is 0."""
    written = record.text(name).lower()
    if written in (*_UNSAID, "0"):
        return None
    if written not in _ACTIONS:
        raise ValueError(Reason("'{written}' is no value of {name}", written=record.text(name), name=name))
    return _ACTIONS[written]
