"""`netsh advfirewall firewall add|delete|set rule`, carried out on the rules of a computer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from aclproof.parsers.windows.edit.rule_store import RuleStore
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.netsh import batch, script
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.netsh.script import PAIR
from aclproof.parsers.windows.records.rule import PROFILES, WindowsRule
from aclproof.reason import Reason, joined

_COMMAND = re.compile(r"firewall\s+(add|delete|set)\s+rule\s+(.*)", re.IGNORECASE)
_NEW = re.compile(r"new\s+", re.IGNORECASE)
_ALL = "all"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",), "dir": ("direction",), "action": ("action",), "program": ("program",),
    "service": ("service",), "description": ("description",), "enable": ("enabled",),
    "profile": ("profiles",), "localip": ("local_addresses",), "remoteip": ("remote_addresses",),
    "localport": ("local_ports",),
    "remoteport": ("remote_ports",), "protocol": ("protocol", "icmp"), "interfacetype": ("interface_types",),
    "rmtcomputergrp": ("remote_computers",), "rmtmachgrp": ("remote_computers",),
    "rmtusrgrp": ("remote_users",), "edge": ("edge",), "security": ("security",)}
"""What each key says about a rule."""


def carry_out(command: str, line: int, rules: RuleStore) -> None:
    """Carry out what follows `netsh advfirewall`; CommandError for what netsh would not do."""
    text = batch.alone(command)
    if text.endswith(","):
        raise CommandError(Reason("write one command on a line"))
    found = _COMMAND.fullmatch(text)
    if not found:
        raise CommandError(Reason("of netsh only 'advfirewall firewall add|delete|set rule' is followed; "
                                  "export the firewall as it is after it"))
    verb, rest = found[1].lower(), found[2]
    if verb == "add":
        rules.add(script.rule(script.pairs(rest), line))
    elif verb == "delete":
        rules.remove(chosen(rest, rules.all()))
    else:
        selectors, changes = _split(rest)
        given = script.pairs(changes)
        some = _chosen(script.pairs(selectors, frozenset({"group"})), rules.all())
        rules.change(some, line, lambda rule: _changed(rule, given))


def _split(text: str) -> tuple[str, str]:
    """Part `set rule` at its word `new`."""
    at = 0
    while pair := PAIR.match(text, at):
        at = pair.end()
        if new := _NEW.match(text, at):
            return text[:at], text[new.end():]
    raise CommandError(Reason("expected 'set rule name=... new key=value'"))


def chosen(words: str, rules: Sequence[WindowsRule]) -> list[WindowsRule]:
    """Return those of some rules that `delete rule` takes for its words; CommandError where it takes none."""
    return _chosen(script.pairs(words), rules)


def _chosen(given: Mapping[str, str], rules: Sequence[WindowsRule]) -> list[WindowsRule]:
    """The rules that fit all selectors; netsh says so when none does, and changes nothing."""
    if "name" not in given and "group" not in given:
        raise CommandError(Reason("a rule is chosen by 'name=' or, in 'set', by 'group='"))
    some = [each for each in rules if _fits(each, given)]
    if not some:
        words = " ".join(f"{key}={value}" for key, value in given.items())
        raise CommandError(Reason("no rule has {pairs}, so nothing would be changed", pairs=words))
    return some


def _fits(rule: WindowsRule, given: Mapping[str, str]) -> bool:
    name, group = given.get("name", _ALL).lower(), given.get("group", "")
    if name not in (_ALL, rule.name.lower()) or (group and not groups.same(rule.group, group)):
        return False
    for key in given:
        if key in ("name", "group"):
            continue
        wanted = _of(rule, {key: given[key]})
        if any(getattr(wanted, field) != getattr(rule, field) for field in _FIELDS[key]):
            if key == "profile" and set(wanted.profiles) & set(rule.profiles):
                raise CommandError(Reason("whether profile={given} chooses '{name}' is not followed, "
                                          "because that is for {profiles}; leave the profile out",
                                          given=given[key], name=rule.name,
                                          profiles=joined(", ", rule.profiles)))
            return False
    return True


def _of(rule: WindowsRule, given: Mapping[str, str]) -> WindowsRule:
    """Read settings as `add rule` does, besides what a rule cannot do without."""
    basis = {"name": rule.name, "dir": rule.direction.lower(), "action": rule.action.lower()}
    return script.rule(basis | dict(given), rule.line)


def _changed(rule: WindowsRule, given: Mapping[str, str]) -> WindowsRule:
    fresh = _of(rule, given)
    fields: dict[str, Any] = {name: getattr(fresh, name) for key in given for name in _FIELDS[key]}
    if "profile" in given and not fresh.profiles:
        fields["profiles"] = PROFILES
    return replace(rule, **fields)
