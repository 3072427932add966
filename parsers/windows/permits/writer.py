"""Permits in the words of Windows: rules that are there and switched off, or new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.model.conditions import InProfile, ServedBy
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames, merged
from aclproof.parsers.windows.edit import what_if
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.meaning.groups import Group
from aclproof.parsers.windows.permits.new_rule import NewRule
from aclproof.parsers.windows.records.rule import WindowsRule

_WILD = frozenset("*?[]`")
"""What stands for anything in the name of a rule."""
_ACTIVE = frozenset('"%$`')
"""What a shell does not take literally in double quotes."""
_ONLY_POLICY = Reason("only rules of Group Policy count in that profile, so a rule of the computer's own "
                      "opens nothing: it has to be made in the Group Policy object")


def candidates(firewall: Firewall, missing: Sequence[MissingPermit],
               names: RuleNames) -> Iterator[Candidate | NotWritable]:
    """Yield rules to switch on, then new ones."""
    rules = what_if.written(firewall)
    off: dict[int, list[MissingPermit]] = {}
    for permit in missing:
        for line in dict.fromkeys(_off(firewall, rules, permit)):
            off.setdefault(line, []).append(permit)
    for line, permits in off.items():
        if _is_named(rules, line):
            yield Candidate(tuple(_switch(rules, line)), tuple(permits), 1)
    for union in merged(missing):
        new = NewRule(union.permit, names.title)
        if what_if.counts(firewall, new.netsh()):
            others = dict.fromkeys(line for part in union.parts for line in _group(firewall, rules, part))
            yield Candidate((new.powershell(), _or(new.netsh()), *others), union.parts, 1,
                            same_as=new.netsh())
        else:
            yield NotWritable(union.parts, _ONLY_POLICY)


# Rules that are there and switched off


def _off(firewall: Firewall, rules: Mapping[int, WindowsRule], missing: MissingPermit) -> Iterator[int]:
    """Yield the lines of rules that would surely let the packets through, were they on."""
    for rule in firewall.chains[missing.chain].rules:
        if not rule.enabled and rule.line in rules and not rules[rule.line].enabled and _lets(rule, missing):
            yield rule.line


def _lets(rule: Rule, missing: MissingPermit) -> bool:
    box = missing.box
    return (rule.action is Action.PERMIT and box.sources <= rule.sources.of(box.family)
            and box.destinations <= rule.destinations.of(box.family)
            and any(box.protocol in each.protocols and box.source_ports <= each.source_ports
                    and box.destination_ports <= each.destination_ports for each in rule.services)
            and all(_holds(each, missing) for each in rule.conditions))


def _holds(condition: object, missing: MissingPermit) -> bool:
    match condition:
        case InProfile(profiles=profiles):
            return missing.profile.capitalize() in profiles
        case ServedBy(surely=surely):
            return missing.listener in surely
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


def _group(firewall: Firewall, rules: Mapping[int, WindowsRule], missing: MissingPermit) -> Iterator[str]:
    """The built-in group that would open it as well, which opens more."""
    if missing.outward:
        return
    group = groups.opening(missing.box.protocol, missing.port, missing.listener)
    called = [rules[line].group for line in _off(firewall, rules, missing)
              if group and groups.find(rules[line].group) == group]
    if group and called:
        profile = f" profile={missing.profile}" if missing.profile else ""
        command = f'netsh advfirewall firewall set rule group="{group.id}"{profile} new enable=yes'
        yield Reason("# or, with the built-in group '{name}', which opens more ({reason}): {command}",
                     name=next((each for each in called if not each.startswith("@")), group.name),
                     reason=_reason(rules, group), command=command)


def _reason(rules: Mapping[int, WindowsRule], group: Group) -> str:
    mine = [each for each in rules.values() if groups.find(each.group) == group and not each.enabled]
    names = {each.name for each in mine}
    if any(not each.remote_addresses for each in mine):
        return Reason("from any address, by {count} of its rules", count=len(names))
    return Reason("from more addresses, by {count} of its rules", count=len(names))


def quoted(word: str) -> str:
    """Write a word so that PowerShell takes it as it is; it knows several signs for a single quote."""
    return "'" + "".join(each * 2 if each in "'‘’‚‛" else each for each in word) + "'"
