"""Permits in the words of Windows: rules that are there and switched off, or new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.linter.fix import windows_new, windows_rules
from aclproof.linter.fix.merging import merged
from aclproof.linter.fix.missing_permits import Opening
from aclproof.linter.fix.proposals import Proposal, Refusal, Written
from aclproof.linter.fix.side_effects import beside
from aclproof.parsers.model.conditions import InProfile, ServedBy
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.groups import Group
from aclproof.parsers.windows.records.rule import WindowsRule

_WILD = frozenset("*?[]`")
"""What stands for anything in the name of a rule."""
_ACTIVE = frozenset('"%$`')
"""What a shell does not take as it stands in double quotes."""


def propose(firewall: Firewall, openings: Sequence[Opening], needed: Sequence[Box]) -> Proposal:
    """Switch a rule on where that opens exactly what is missing; else make one that does."""
    rules = windows_rules.written(firewall)
    written: list[Written] = []
    ready = {each: line for each in openings
             if (line := _ready(firewall, rules, each, needed)) is not None}
    for line in dict.fromkeys(ready.values()):
        mine = tuple(each for each, its in ready.items() if its == line)
        written.append(Written(tuple(_switch(rules, line)), mine, 1))
    new = merged(each for each in openings if each not in ready)
    script = [windows_new.netsh(each.opening) for each in new]
    after = windows_rules.changed(firewall, windows_rules.enabled(rules, list(ready.values())), script)
    refused: list[Refusal] = []
    for each, command, counts in zip(new, script, windows_rules.count(after, len(new)), strict=True):
        if counts:
            others = dict.fromkeys(line for part in each.parts for line in _group(firewall, rules, part))
            lines = (windows_new.powershell(each.opening), _or(command), *others)
            written.append(Written(lines, each.parts, 1))
        else:
            refused.append(Refusal(each.parts, Reason("only rules of Group Policy count in that profile, "
                                                      "so a rule of the computer's own opens nothing: it "
                                                      "has to be made in the Group Policy object")))
    return Proposal(tuple(written), after, tuple(refused))


# Rules that are there and switched off


def _ready(firewall: Firewall, rules: Mapping[int, WindowsRule], opening: Opening,
           needed: Sequence[Box]) -> int | None:
    """The line of a rule that opens exactly what is missing once it is on."""
    for line in dict.fromkeys(_off(firewall, rules, opening)):
        if _is_named(rules, line):
            after = windows_rules.changed(firewall, windows_rules.enabled(rules, [line]))
            if not beside(firewall, after, needed):
                return line
    return None


def _off(firewall: Firewall, rules: Mapping[int, WindowsRule], opening: Opening) -> Iterator[int]:
    """Yield the lines of rules that would surely let the packets through, were they on."""
    for rule in firewall.chains[opening.chain].rules:
        if not rule.enabled and rule.line in rules and not rules[rule.line].enabled and _lets(rule, opening):
            yield rule.line


def _lets(rule: Rule, opening: Opening) -> bool:
    box = opening.box
    return (rule.action is Action.PERMIT and box.sources <= rule.sources.of(box.family)
            and box.destinations <= rule.destinations.of(box.family)
            and any(box.protocol in each.protocols and box.source_ports <= each.source_ports
                    and box.destination_ports <= each.destination_ports for each in rule.services)
            and all(_holds(each, opening) for each in rule.conditions))


def _holds(condition: object, opening: Opening) -> bool:
    match condition:
        case InProfile(profiles=profiles):
            return opening.profile.capitalize() in profiles
        case ServedBy(surely=surely):
            return opening.listener in surely
        case _:
            return False


def _is_named(rules: Mapping[int, WindowsRule], line: int) -> bool:
    """Whether a command can mean this rule and no other."""
    rule = rules[line]
    alike = [each for each in rules.values() if each.id == rule.id] if rule.id else [
        each for each in rules.values() if each.name == rule.name]
    return len(alike) == 1 and not set(rule.id or rule.name) & _WILD


def _switch(rules: Mapping[int, WindowsRule], line: int) -> Iterator[str]:
    rule = rules[line]
    key, word = ("-Name", rule.id) if rule.id else ("-DisplayName", rule.name)
    yield f"Set-NetFirewallRule {key} {quoted(word)} -Enabled True"
    same = [each for each in rules.values() if each.name == rule.name and each.direction == rule.direction]
    if len(same) == 1 and not set(rule.name) & _ACTIVE and not rule.name.startswith("@"):
        yield _or(f'netsh advfirewall firewall set rule name="{rule.name}" '
                  f"dir={rule.direction.lower()} new enable=yes")


def _or(command: str) -> str:
    return Reason("# or: {command}", command=command)


def _group(firewall: Firewall, rules: Mapping[int, WindowsRule], opening: Opening) -> Iterator[str]:
    """The built-in group that would open it as well, which opens more."""
    if opening.outward:
        return
    group = groups.opening(opening.box.protocol, opening.port, opening.listener)
    if group and any(groups.find(rules[line].group) == group for line in _off(firewall, rules, opening)):
        profile = f" profile={opening.profile}" if opening.profile else ""
        command = f'netsh advfirewall firewall set rule group="{group.id}"{profile} new enable=yes'
        yield Reason("# or, with the built-in group '{name}', which opens more ({why}): {command}",
                     name=group.name, why=_reason(rules, group), command=command)


def _reason(rules: Mapping[int, WindowsRule], group: Group) -> str:
    mine = [each for each in rules.values() if groups.find(each.group) == group and not each.enabled]
    names = {each.name for each in mine}
    if any(not each.remote_addresses for each in mine):
        return Reason("from any address, by {count} of its rules", count=len(names))
    return Reason("from more addresses, by {count} of its rules", count=len(names))


def quoted(word: str) -> str:
    """Write a word so that PowerShell takes it as it is; it knows several signs for a single quote."""
    return "'" + "".join(each * 2 if each in "'‘’‚‛" else each for each in word) + "'"
