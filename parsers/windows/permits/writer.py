"""Permits in the words of Windows: rules that are there and switched off, or new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.permits import Candidate, Merged, MissingPermit, NotWritable, RuleNames, merged
from aclproof.parsers.windows.edit import what_if
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.groups import Group
from aclproof.parsers.windows.permits import exceptions, policy_object
from aclproof.parsers.windows.permits.new_rule import NewRule
from aclproof.parsers.windows.permits.scopes import Scope, scope
from aclproof.parsers.windows.permits.switching_on import off, switches
from aclproof.parsers.windows.permits.tool import Tool, tool
from aclproof.parsers.windows.records.rule import WindowsRule
from aclproof.reason import Reason


def candidates(firewall: Firewall, missing: Sequence[MissingPermit],
               names: RuleNames) -> Iterator[Candidate | NotWritable]:
    """Yield rules to switch on, then new ones."""
    rules = what_if.written(firewall)
    by = tool(what_if.exports(firewall), missing[0].systems)
    if by is Tool.FIREWALL:
        yield from exceptions.candidates(missing, names.title)
        return
    for switch, permits in switches(firewall, rules, missing):
        every = tuple(rules.values())
        forms = _Forms(switch.powershell(every), switch.netsh(every), by)
        if forms.command:
            groups_of = dict.fromkeys(line for each in permits for line in _group(firewall, rules, each))
            yield Candidate((*forms.lines(), *groups_of), permits, 1, same_as=forms.other, reuses=True)
    for limits, union in _merged(missing):
        new = NewRule(union.permit, names.title, limits)
        forms = _Forms(new.powershell(), new.netsh(), by)
        if what_if.counts(firewall, new.netsh()):
            yield Candidate(forms.lines(), union.parts, 1, (policy_object.note(),), same_as=forms.other)
        else:
            yield policy_object.candidate(new, union.parts)


class _Forms:
    """A command for the tool that a computer has, and the same for the other one."""

    def __init__(self, powershell: str, netsh: str, by: Tool) -> None:
        self._by = by
        both = (powershell, netsh) if by is Tool.POWERSHELL else (netsh, powershell)
        self.command, self.other = both if both[0] else (both[1], "")

    def lines(self) -> tuple[str, ...]:
        """Return the command, and the other one as a comment."""
        if not self.other:
            return (self.command,)
        if self._by is Tool.POWERSHELL:
            return self.command, Reason("# or: {command}", command=self.other)
        return self.command, Reason("# or, from Windows 8 and Server 2012 on: {command}", command=self.other)


def _merged(missing: Sequence[MissingPermit]) -> Iterator[tuple[Scope, Merged]]:
    """Join permits that are limited to one program and service."""
    by_scope: dict[Scope, list[MissingPermit]] = {}
    for permit in missing:
        limits = scope(permit.listener, permit.box.protocol, permit.port, outward=permit.outward)
        by_scope.setdefault(limits, []).append(permit)
    for limits, permits in by_scope.items():
        for union in merged(permits):
            yield limits, union


def _group(firewall: Firewall, rules: Mapping[int, WindowsRule], missing: MissingPermit) -> Iterator[str]:
    """The built-in group that would open it as well, which opens more."""
    if missing.outward:
        return
    group = groups.opening(missing.box.protocol, missing.port, missing.listener)
    mine = [rules[line] for line in off(firewall, rules, missing) if groups.find(rules[line].group) == group]
    if group and mine:
        name = group.id if mine[0].group.startswith("@") else mine[0].group
        profile = f" profile={missing.profile}" if missing.profile else ""
        command = f'netsh advfirewall firewall set rule group="{name}"{profile} new enable=yes'
        yield Reason("# or, with the built-in group '{name}', which opens more ({reason}): {command}",
                     name=group.name, reason=_reason(rules, group), command=command)


def _reason(rules: Mapping[int, WindowsRule], group: Group) -> str:
    mine = [each for each in rules.values() if groups.find(each.group) == group and not each.enabled]
    names = {each.name for each in mine}
    if any(not each.remote_addresses for each in mine):
        return Reason("from any address, by {count} of its rules", count=len(names))
    return Reason("from more addresses, by {count} of its rules", count=len(names))
