"""Rules that are there and switched off, and commands that switch them on for the addresses that need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.parsers.model.conditions import InProfile, ServedBy
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.permits import MissingPermit
from aclproof.parsers.windows.meaning import groups
from aclproof.parsers.windows.permits import one_rule
from aclproof.parsers.windows.permits.new_rule import remote
from aclproof.parsers.windows.records.rule import WindowsRule


class Switch(Struct, frozen=True):
    """A rule to switch on; its remote addresses and its profiles are narrowed where it has more."""

    rule: WindowsRule
    remote: str = ""
    profile: str = ""

    def powershell(self, rules: Sequence[WindowsRule]) -> str:
        """Write it for PowerShell; empty where no command can mean this rule alone."""
        chosen = one_rule.powershell(self.rule, rules)
        return chosen and " ".join(filter(None, (
            f"Set-NetFirewallRule {chosen} -Enabled True",
            self.profile and f"-Profile {self.profile.capitalize()}",
            self.remote and f"-RemoteAddress {self.remote}")))

    def netsh(self, rules: Sequence[WindowsRule]) -> str:
        """Write it for netsh; empty where no command can mean this rule alone."""
        chosen = one_rule.netsh(self.rule, rules)
        return chosen and " ".join(filter(None, (
            f"netsh advfirewall firewall set rule {chosen} new enable=yes",
            self.profile and f"profile={self.profile}", self.remote and f"remoteip={self.remote}")))


def switches(firewall: Firewall, rules: Mapping[int, WindowsRule],
             missing: Sequence[MissingPermit]) -> Iterator[tuple[Switch, tuple[MissingPermit, ...]]]:
    """Yield the rules that would surely let some of the missing packets through, were they on."""
    found: dict[int, list[MissingPermit]] = {}
    for permit in missing:
        for line in off(firewall, rules, permit):
            found.setdefault(line, []).append(permit)
    for line, permits in found.items():
        yield _switch(rules[line], permits), tuple(permits)


def off(firewall: Firewall, rules: Mapping[int, WindowsRule], missing: MissingPermit) -> list[int]:
    """Return the lines of rules that are off and would surely let the packets through."""
    lines = (rule.line for rule in firewall.chains[missing.chain].rules
             if not rule.enabled and rule.line in rules and _is_off(rules[rule.line])
             and _lets(rule, missing))
    return list(dict.fromkeys(lines))


def _is_off(rule: WindowsRule) -> bool:
    """Whether it is off, and the computer's own."""
    return not rule.enabled and rule.store != "policy"


def _switch(rule: WindowsRule, permits: Sequence[MissingPermit]) -> Switch:
    """Narrow a rule of Windows to what the permits need; one that somebody made is taken as it is."""
    if groups.find(rule.group) is None:
        return Switch(rule)
    ends = tuple(dict.fromkeys(word for permit in permits for word in remote(permit).split(",")))
    profiles = {permit.profile for permit in permits}
    profile = profiles.pop() if len(profiles) == 1 else ""
    return Switch(rule, "" if ends == rule.remote_addresses else ",".join(ends),
                  "" if (profile.capitalize(),) == rule.profiles else profile)


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
