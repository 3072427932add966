"""A permit in the words of Windows: PowerShell, and the same as netsh says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from linter.engine.packets import Box
from linter.fix import windows_rules
from linter.fix.exact import beside
from linter.fix.merging import merged
from linter.fix.openings import Opening
from linter.fix.proposals import Proposal, Written
from parsers.model.addresses import Family, spell
from parsers.model.conditions import InProfile, ServedBy
from parsers.model.firewall import Firewall
from parsers.model.intervals import IntervalSet
from parsers.model.rules import Action, Rule
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from parsers.windows import groups
from parsers.windows.groups import Group
from parsers.windows.words import WindowsRule

_NETSH = "# or: "
_WILD = frozenset("*?[]`")
"""What stands for anything in the name of a rule."""
_ACTIVE = frozenset('"%$`')
"""What a shell does not take as it stands in double quotes."""
_POLICY = ("only rules of Group Policy count in that profile, so a rule of the computer's own opens nothing: "
           "it has to be made in the Group Policy object")


def propose(firewall: Firewall, openings: Sequence[Opening], needed: Sequence[Box]) -> Proposal:
    """Switch a rule on where that opens exactly what is missing; else make one that does."""
    rules = windows_rules.written(firewall)
    written: list[Written] = []
    ready = {each: line for each in openings
             if (line := _ready(firewall, rules, each, needed)) is not None}
    for line in dict.fromkeys(ready.values()):
        mine = tuple(each for each, its in ready.items() if its == line)
        written.append(Written(tuple(_switch(rules, line)), mine, 1))
    new = [(each, _new(each.opening)) for each in merged(each for each in openings if each not in ready)]
    after = windows_rules.changed(firewall, windows_rules.enabled(rules, list(ready.values())),
                                  [words[-1].removeprefix(_NETSH) for _, words in new])
    refused: dict[Opening, str] = {}
    for (each, words), counts in zip(new, windows_rules.count(after, len(new)), strict=True):
        if counts:
            others = dict.fromkeys(line for part in each.parts for line in _group(firewall, rules, part))
            written.append(Written((*words, *others), each.parts, 1))
        else:
            refused |= dict.fromkeys(each.parts, _POLICY)
    return Proposal(tuple(written), after, refused)


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
        yield (f'{_NETSH}netsh advfirewall firewall set rule name="{rule.name}" '
               f"dir={rule.direction.lower()} new enable=yes")


def _group(firewall: Firewall, rules: Mapping[int, WindowsRule], opening: Opening) -> Iterator[str]:
    """The built-in group that would open it as well, which opens more."""
    if opening.outward:
        return
    group = groups.opening(opening.box.protocol, opening.port, opening.listener)
    if group and any(groups.find(rules[line].group) == group for line in _off(firewall, rules, opening)):
        profile = f" profile={opening.profile}" if opening.profile else ""
        yield (f"# or, with the built-in group '{group.name}', which opens more ({_opens(rules, group)}): "
               f'netsh advfirewall firewall set rule group="{group.id}"{profile} new enable=yes')


def _opens(rules: Mapping[int, WindowsRule], group: Group) -> str:
    mine = [each for each in rules.values() if groups.find(each.group) == group and not each.enabled]
    names = {each.name for each in mine}
    open_ = any(not each.remote_addresses for each in mine)
    return (f"{len(names)} rule{'s' if len(names) > 1 else ''}, "
            f"{'from any address' if open_ else 'from more addresses'}")


# New rules


def _new(opening: Opening) -> list[str]:
    """Write the command and its twin."""
    box, inward = opening.box, not opening.outward
    remote = ",".join(spell(box.family, (box.sources if inward else box.destinations).ranges))
    profile = opening.profile.capitalize() or "Any"
    name = f"Configuration Manager {_service(box)}"
    shell = [f'New-NetFirewallRule -DisplayName "{name}"',
             f"-Direction {'Inbound' if inward else 'Outbound'} -Action Allow -Profile {profile}",
             *_shell(box, inward), f"-RemoteAddress {remote}"]
    netsh = [f'{_NETSH}netsh advfirewall firewall add rule name="{name}"',
             f"dir={'in' if inward else 'out'} action=allow profile={profile.lower()}", *_netsh(box, inward),
             f"remoteip={remote}"]
    return [" ".join(shell), " ".join(netsh)]


def quoted(word: str) -> str:
    """Write a word so that PowerShell takes it as it is; it knows several signs for a single quote."""
    return "'" + "".join(each * 2 if each in "'‘’‚‛" else each for each in word) + "'"


def _service(box: Box) -> str:
    name = PROTOCOL_NAMES[box.protocol].upper()
    return name if is_icmp(box.protocol) else f"{name} {_ports(box.destination_ports)}"


def _shell(box: Box, inward: bool) -> list[str]:
    if is_icmp(box.protocol):
        return [f"-Protocol {_icmp(box)} -IcmpType {box.source_ports.lowest}"]
    side = "LocalPort" if inward else "RemotePort"
    found = [f"-Protocol {PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT else [f"-{side} {_ports(box.destination_ports)}"])


def _netsh(box: Box, inward: bool) -> list[str]:
    if is_icmp(box.protocol):
        return [f"protocol={_icmp(box).lower()}:{box.source_ports.lowest},any"]
    side = "localport" if inward else "remoteport"
    found = [f"protocol={PROTOCOL_NAMES[box.protocol].upper()}"]
    return found + ([] if box.destination_ports == ANY_PORT else [f"{side}={_ports(box.destination_ports)}"])


def _icmp(box: Box) -> str:
    return "ICMPv4" if box.family is Family.V4 else "ICMPv6"


def _ports(numbers: IntervalSet) -> str:
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges)
