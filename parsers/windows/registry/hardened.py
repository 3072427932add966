"""Rules that harden services, as the registry holds them: an older grammar too, so little of each is read."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.windows.records import hardening
from aclproof.parsers.windows.records.rule import Barrier, Direction, WindowsRule
from aclproof.parsers.windows.registry.rule_string import pairs

_WAYS: dict[str, tuple[Direction, ...]] = {"in": ("In",), "out": ("Out",), "": ("In", "Out")}


def barriers(text: str, name: str, line: int) -> Iterator[Barrier]:
    """Yield what a rule may stop, for any port and address; `name` is its value's in the registry."""
    try:
        found = {key: values[-1] for key, values in pairs(text).items()}
        ways = _WAYS[found.get("dir", "").lower()]
    except (ValueError, KeyError) as error:
        yield hardening.unread(line, error)
        return
    if found.get("action", "").lower() == "allow":
        return
    for way in ways:
        yield from hardening.barriers(WindowsRule(
            line, found.get("name", name), way, "Block", enabled=found.get("active", "").lower() != "false",
            program=found.get("app", ""), service=found.get("svc", ""),
            package=found.get("apppkgid") or found.get("pfn", "")))
