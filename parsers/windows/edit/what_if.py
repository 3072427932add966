"""The rules of a Windows Firewall in its own words, and what would be if some of them were others."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.parsers.model.addresses import AddressSet, Family, spell
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import WindowsInput, WindowsRule


def written(firewall: Firewall) -> Mapping[int, WindowsRule]:
    """Return the rules by their line in all files of the computer together."""
    return exports(firewall).rules


def narrowed(firewall: Firewall, line: int, remote: AddressSet) -> Firewall:
    """Return the firewall with other remote addresses in the rule of a line."""
    joined = exports(firewall)
    words = tuple(word for family in Family for word in spell(family, remote.of(family).ranges))

    def changed(one: WindowsInput) -> WindowsInput:
        first = joined.first(one.source)
        return replace(one, rules=tuple(replace(rule, remote_addresses=words) if first + rule.line == line
                                        else rule for rule in one.rules))

    return convert.join([changed(each) for each in joined.inputs])


def counts(firewall: Firewall, command: str) -> bool:
    """Whether a rule that `netsh` adds is in force: Group Policy may let only its own be."""
    added = forms.read(from_bytes(f"{command}\n".encode(), "fix"))
    after = convert.join([*exports(firewall).inputs, added])
    line = exports(after).first(added.source) + 1
    return any(rule.line == line and rule.enabled for chain in after.lists.values() for rule in chain.rules)


def exports(firewall: Firewall) -> Exports:
    """Return what was read of the computer."""
    assert isinstance(firewall.source, Exports)
    return firewall.source
