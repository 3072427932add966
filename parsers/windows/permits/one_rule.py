"""The words by which a command means one rule and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.model.services import PROTOCOL_NAMES
from aclproof.parsers.model.shell import POWERSHELL
from aclproof.parsers.windows.edit import netsh_changes
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.records.rule import PROFILES, WindowsRule

_WILD = frozenset("*?[]`")
"""What stands for anything in the name of a rule."""
_ACTIVE = frozenset('"%$`')
"""What a shell does not take literally in double quotes."""


def powershell(rule: WindowsRule, rules: Sequence[WindowsRule]) -> str:
    """Write how the cmdlets choose a rule among all; empty where they cannot mean it alone."""
    key, word = ("-Name", rule.id) if rule.id else ("-DisplayName", rule.name)
    alike = [each for each in rules if (each.id if rule.id else each.name).lower() == word.lower()]
    if len(alike) != 1 or set(word) & _WILD or not word.isprintable():
        return ""
    return f"{key} {quoted(word)}"


def netsh(rule: WindowsRule, rules: Sequence[WindowsRule]) -> str:
    """Write how `netsh advfirewall` chooses a rule among all; empty where it cannot mean it alone."""
    name = rule.name
    if set(name) & _ACTIVE or name.startswith("@") or name.endswith("\\") or not name.isprintable():
        return ""
    return next((words for words in _selectors(rule) if _chosen(words, rules) == [rule]), "")


def quoted(word: str) -> str:
    """Write a word so that PowerShell takes it as it is; it knows several signs for a single quote."""
    return POWERSHELL.quoted(word)


def _selectors(rule: WindowsRule) -> Iterator[str]:
    """Yield the name, and more and more of what the rule says besides."""
    name = f'name="{rule.name}" dir={rule.direction.lower()}'
    yield name
    profile = "any" if rule.profiles == PROFILES else ",".join(rule.profiles).lower()
    yield f"{name} profile={profile}"
    protocol = "any" if rule.protocol is None else PROTOCOL_NAMES.get(rule.protocol, str(rule.protocol))
    ports = f"localport={_listed(rule.local_ports)} remoteport={_listed(rule.remote_ports)}"
    yield f"{name} protocol={protocol} {ports}"
    ends = f"localip={_listed(rule.local_addresses)} remoteip={_listed(rule.remote_addresses)}"
    yield f"{name} protocol={protocol} {ports} {ends}"
    yield f"{name} profile={profile} protocol={protocol} {ports} {ends}"


def _listed(words: Sequence[str]) -> str:
    return ",".join(words) or "any"


def _chosen(words: str, rules: Sequence[WindowsRule]) -> Sequence[WindowsRule]:
    try:
        return netsh_changes.chosen(words, rules)
    except CommandError:
        return ()
