"""The rules of a Windows Firewall in its own words, and what would be if some of them were others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Joined, from_bytes
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.records.rule import WindowsRule


def written(firewall: Firewall) -> Mapping[int, WindowsRule]:
    """Return the rules by their line in all files of the computer together."""
    joined = _joined(firewall)
    return {joined.first(source) + rule.line: rule for source in joined.sources
            for rule in forms.read(source).rules}


def changed(firewall: Firewall, by_line: Mapping[int, WindowsRule], script: Sequence[str] = ()) -> Firewall:
    """Return the firewall with other rules in some lines, and with those that `netsh` lines add.

    What was switched on in it before stays so.
    """
    on = {rule.line for chain in firewall.lists.values() for rule in chain.rules if rule.enabled}

    def change(rule: WindowsRule, line: int) -> WindowsRule:
        return by_line.get(line) or (replace(rule, enabled=True) if line in on else rule)

    added = [from_bytes("".join(f"{line}\n" for line in script).encode(), "fix")] if script else []
    return convert.parse([*_joined(firewall).sources, *added], change)


def count(firewall: Firewall, added: int) -> list[bool]:
    """Tell of each rule that was added last whether it is in force: Group Policy may let only its own be."""
    if not added:
        return []
    joined = _joined(firewall)
    first = joined.first(joined.sources[-1])
    on = {rule.line for chain in firewall.lists.values() for rule in chain.rules if rule.enabled}
    return [first + number in on for number in range(1, added + 1)]


def enabled(rules: Mapping[int, WindowsRule], lines: Iterable[int]) -> Mapping[int, WindowsRule]:
    """Return rules as they are when they are switched on."""
    return {line: replace(rules[line], enabled=True) for line in lines}


def _joined(firewall: Firewall) -> Joined:
    assert isinstance(firewall.source, Joined)
    return firewall.source
