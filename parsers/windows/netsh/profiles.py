"""One profile as `netsh advfirewall show allprofiles` prints it; the policy's words are always English."""

from __future__ import annotations

import re
from typing import Literal

from aclproof.parsers.windows.netsh.rules import DamagedRuleError, UnknownWordError
from aclproof.parsers.windows.netsh.text import Section
from aclproof.parsers.windows.netsh.vocabulary import Language, Setting
from aclproof.parsers.windows.records.rule import Profile, ProfileSettings
from aclproof.reason import Reason

_COLUMNS = re.compile(r"(\S.*?)\s{2,}(\S.*?)\s*")
_Action = Literal["Allow", "Block"]
_INBOUND: dict[str, tuple[_Action, bool]] = {
    "blockinbound": ("Block", False), "blockinboundalways": ("Block", True), "allowinbound": ("Allow", False)}
_OUTBOUND: dict[str, _Action] = {"blockoutbound": "Block", "allowoutbound": "Allow"}


def settings(section: Section, profile: Profile, language: Language) -> ProfileSettings:
    """Read a section; UnknownWordError and DamagedRuleError for what cannot be read."""
    found: dict[Setting, str] = {}
    for line in section.body:
        columns = _COLUMNS.fullmatch(line)
        known = language.settings.find(columns[1]) if columns else None
        if columns and known and known not in found:
            found[known] = columns[2]
    if "state" not in found:
        raise DamagedRuleError(Reason("it ends without its state"))
    if "policy" not in found:
        raise DamagedRuleError(Reason("it ends without its policy"))
    if "local rules" not in found:
        raise DamagedRuleError(Reason("it ends without its LocalFirewallRules"))
    enabled = language.states.find(found["state"])
    if enabled is None:
        raise UnknownWordError(Reason("state"), found["state"])
    inbound, _, outbound = found["policy"].replace(" ", "").lower().partition(",")
    if inbound not in _INBOUND or outbound not in _OUTBOUND:
        raise UnknownWordError(Reason("policy"), found["policy"])
    default, always = _INBOUND[inbound]
    return ProfileSettings(
        section.line, profile, enabled=enabled, inbound=default, outbound=_OUTBOUND[outbound],
        block_all_inbound=always, local_rules=_switch(found["local rules"], "local rules", language),
        unicast_response=language.switches.find(found.get("unicast response", "")),
        log_blocked=language.switches.find(found.get("log blocked", "")))


def _switch(word: str, name: Setting, language: Language) -> bool | None:
    """Enable or Disable; `N/A (GPO-store only)` says nothing."""
    if not word or word.startswith("N/A") or word == "NotConfigured":
        return None
    found = language.switches.find(word)
    if found is None:
        raise UnknownWordError(name, word)
    return found
