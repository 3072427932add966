"""Rules for devices that are paired with this one (Wi-Fi Direct, proximity, Teredo): never a site's hosts.

The registry calls the test a trust tuple keyword (TTK). Other exports leave most of it out, and one of the
rules that Windows 10 ships reads without it as 'any port of System for everybody'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.model.conditions import Condition, Opaque, ServedBy
from aclproof.parsers.model.services import TCP, UDP
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.hidden import REGISTRY
from aclproof.parsers.windows.meaning.listeners import LISTENERS
from aclproof.parsers.windows.records.rule import WindowsRule
from aclproof.reason import Reason

_KEYS = ("ttk", "ttk2_22", "ttk2_27", "ttk2_28", "dynamictarget", "dynamictransport")
_WORDS = frozenset({
    "proximity", "proxsharing", "wfdprint", "wfddisplay", "wfddevices", "wfdkmdriver", "upnp", "wfdcdpsvc",
    "proximityapps", "proximitysharing", "wifidirectprinting", "wifidirectdisplay", "wifidirectdevices"})
_SHIPPED = re.compile(r"WiFiDirect-KM-Driver-|NETDIS-\w+-\w+-\w+-Teredo$", re.IGNORECASE)
"""Ids of rules that have the test, whether or not an export shows it."""


def names(test: str) -> bool:
    """Return whether a test is for paired devices."""
    key, _, word = test.partition("=")
    return key.lower() in _KEYS and word.lower() in _WORDS


def conditions(rule: WindowsRule) -> Iterator[Condition]:
    """Yield that a rule is only for paired devices, or may be."""
    shipped = _SHIPPED.match(rule.id) or groups.find(rule.group) is groups.WIFI_DIRECT
    if shipped or any(map(names, rule.tests)):
        yield ServedBy(frozenset(), LISTENERS, "paired device", Reason(
            "whether the other end is a device that is paired with this one, as '{name}' asks",
            name=rule.name))
    elif _reads_like_one(rule):
        yield Opaque(f"'{rule.name}' (line {rule.line}) is for everybody",
                     Reason("whether '{name}' is only for paired devices, which this export would not "
                            "show; export by PowerShell or from the registry", name=rule.name),
                     usual=False, find_out=REGISTRY)


def _reads_like_one(rule: WindowsRule) -> bool:
    """One of Windows' own, without an id that would show which: all TCP or UDP ports of the kernel."""
    return bool(rule.action == "Allow" and not rule.id and rule.group and not rule.hidden
                and rule.protocol in (TCP, UDP) and rule.program.lower() == "system"
                and not rule.local_ports and not rule.remote_ports)
