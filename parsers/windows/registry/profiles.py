"""One profile as the registry holds it: EnableFirewall, DefaultInboundAction and the like (MS-GPFAS 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aclproof.parsers.windows.records.rule import Broken, Profile, ProfileSettings, Store
from aclproof.parsers.windows.registry.reg_text import Key, Value
from aclproof.reason import Reason

_Action = Literal["Allow", "Block"]
_ACTIONS: Mapping[int, _Action] = {0: "Allow", 1: "Block"}
_MERGE = "allowuserprefmerge"
_INTERFACES = "disabledinterfaces"


class _Reading:
    """The values of one profile; what is used, and what cannot be read, is remembered."""

    def __init__(self, keys: Mapping[str, Key], path: str) -> None:
        self._keys, self._path = keys, path
        self.used: list[Value] = []
        self.broken: list[Broken] = []

    def number(self, name: str, below: str = "") -> int | None:
        """Look a number up; None where it is not set."""
        value = self.value(name, below)
        if value is None:
            return None
        if isinstance(value.data, int):
            return value.data
        self._refuse(value, value.reason or Reason("a number was expected"))
        return None

    def switch(self, name: str, below: str = "") -> bool | None:
        """Look a switch up: any number but 0 is on."""
        found = self.number(name, below)
        return None if found is None else bool(found)

    def default_action(self, name: str) -> _Action | None:
        """Look up what becomes of packets that no rule matches: 0 is allow, 1 is block."""
        found = self.number(name)
        if found is not None and found not in _ACTIONS:
            self._refuse(self.used[-1], Reason("{found} is neither 0 (allow) nor 1 (block)", found=found))
        return None if found is None else _ACTIONS.get(found)

    def words(self, name: str) -> tuple[str, ...]:
        """Look up a list, which may be one text with commas."""
        value = self.value(name)
        if value is None:
            return ()
        if isinstance(value.data, str | tuple):
            items = value.data.split(",") if isinstance(value.data, str) else value.data
            return tuple(each.strip() for each in items if each.strip())
        self._refuse(value, value.reason or Reason("a list was expected"))
        return ()

    def value(self, name: str, below: str = "") -> Value | None:
        """Find a value of the profile's key, or of one below it."""
        key = self._keys.get(f"{self._path}\\{below}" if below else self._path)
        found = key.values.get(name.lower()) if key else None
        if found:
            self.used.append(found)
        return found

    def beside(self, name: str) -> bool | None:
        """Look up a switch that decides about no packet; None for a damaged one as well.

        It is below a key `Logging` of the profile; a report of Group Policy has it in the profile itself.
        """
        values = (key.values[name].data for path in (f"{self._path}\\logging", self._path)
                  if (key := self._keys.get(path)) and name in key.values)
        return next((bool(each) for each in values if isinstance(each, int)), None)

    def _refuse(self, value: Value, reason: str) -> None:
        self.broken.append(Broken(value.line, f"{value.name}: {reason}"))
        self.used = [each for each in self.used if each is not value]


def settings(keys: Mapping[str, Key], path: str, profile: Profile, store: Store) -> tuple[
        ProfileSettings, list[Value], list[Broken]]:
    """Read the profile at a path below its store, where some key is; also what was used, what is broken.

    Of a profile that may not be all there the store is not named, so that what is missing is no default.
    """
    found = _Reading(keys, path)
    line = min(key.line for each, key in keys.items() if each == path or each.startswith(path + "\\"))
    if store == "local" and any(each in keys and keys[each].partial for each in (
            path, f"{path}\\authorizedapplications", f"{path}\\globallyopenports")):
        store = ""
    quiet = found.switch("DisableUnicastResponsesToMulticastBroadcast")
    record = ProfileSettings(
        line, profile, store, enabled=found.switch("EnableFirewall"),
        inbound=found.default_action("DefaultInboundAction"),
        outbound=found.default_action("DefaultOutboundAction"),
        block_all_inbound=found.switch("DoNotAllowExceptions"),
        local_rules=found.switch("AllowLocalPolicyMerge"),
        local_programs=found.switch(_MERGE, "authorizedapplications"),
        local_ports=found.switch(_MERGE, "globallyopenports"),
        unicast_response=None if quiet is None else not quiet,
        log_blocked=found.beside("logdroppedpackets"),
        disabled_interfaces=found.words(_INTERFACES))
    return record, found.used, found.broken
