"""Commands that take rules away, where they surely mean that rule and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.removals import ByHand, DeadRule, Removals
from aclproof.parsers.windows.edit import what_if
from aclproof.parsers.windows.meaning import hidden
from aclproof.parsers.windows.permits import one_rule, policy_object
from aclproof.parsers.windows.permits.tool import Tool, tool
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import ADDING_SCRIPT, WindowsInput, WindowsRule
from aclproof.reason import Reason

_OF_XP = Reason("this Windows has exceptions and no rules with names: switch it off there")
_OF_SCRIPT = Reason("the file is a script that adds rules: leave the line out of it")
_IN_FORCE = Reason("the export shows what is in force, and not whether the rule is the computer's own or one "
                   "of Group Policy; export the rules with -TracePolicyStore")
_OF_OTHERS = Reason("it is a rule of Group Policy, and rules of this computer's own take its packets: other "
                    "computers may not have these")
_TWO_STORES = Reason("the export has two rules with its id, so they are of two stores, and it does not say "
                     "which is the computer's own")
_PERHAPS_OTHERS = Reason("netsh takes rules by their names, and the export may not show all rules that have "
                         "this one")
_LOOKED_UP = Reason("netsh takes it by the name that Windows shows, which is in its language and not in this "
                    "export; give what 'netsh advfirewall firewall show rule name=all verbose' prints")
_NOT_ALONE = Reason("no command means it alone: another rule is called like it, or its name has signs that "
                    "are not taken as they are")
_SHIPPED = Reason("some of these came with Windows, and what is removed of that comes back only with all of "
                  "it: 'Disable-' in place of 'Remove-NetFirewallRule', or 'set rule ... new enable=no' in "
                  "place of 'delete rule ...', only switches it off")
_GROUP_OF_WINDOWS = "@"
"""How the group of a rule begins that Windows or one of its parts brought."""


def removals(firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
    """Return a command of the tool that the computer has for each rule, or why it has none."""
    work = _Removal(what_if.exports(firewall))
    found = tuple(work.of(each) for each in dead)
    commanded = [work.exports.rules[each.line] for each, how in zip(dead, found, strict=True)
                 if not isinstance(how, ByHand)]
    return Removals(found, (*_relied_on(work.exports), *_notes(commanded)))


class _Removal:
    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self._tool = tool(exports, ())
        self._input_of = {exports.first(each.source) + rule.line: each
                          for each in exports.inputs for rule in each.rules}

    def of(self, dead: DeadRule) -> str | ByHand:
        """Return the command for one rule."""
        rule, shown = self.exports.rules[dead.line], self._input_of[dead.line]
        if self._tool is Tool.FIREWALL:
            return ByHand(_OF_XP)
        if shown.kind == ADDING_SCRIPT:
            return ByHand(_OF_SCRIPT)
        if rule.store == "effective":
            return ByHand(_IN_FORCE)
        if rule.store == "policy":
            return self._of_policy(rule, dead)
        return self._of_computer(rule, shown)

    def _of_policy(self, rule: WindowsRule, dead: DeadRule) -> str | ByHand:
        takers = (self.exports.rules.get(line) for line in dead.instead)
        if not all(each and each.store == "policy" for each in takers):
            return ByHand(_OF_OTHERS)
        chosen = one_rule.powershell(rule, self._rules(of_policy=True))
        return policy_object.in_object(f"Remove-NetFirewallRule {chosen}") if chosen else ByHand(_NOT_ALONE)

    def _of_computer(self, rule: WindowsRule, shown: WindowsInput) -> str | ByHand:
        """The command for a rule of the computer's own; an id is the rule's alone, whatever is not shown."""
        others = self._rules(of_policy=False)
        if rule.id and sum(each.id.lower() == rule.id.lower() for each in others) > 1:
            return ByHand(_TWO_STORES)
        if self._tool is Tool.POWERSHELL and rule.id and (chosen := one_rule.powershell(rule, others)):
            return f"Remove-NetFirewallRule {chosen}"
        if rule.direction not in shown.shows:
            return ByHand(_PERHAPS_OTHERS)
        if self._tool is Tool.POWERSHELL and (chosen := one_rule.powershell(rule, others)):
            return f"Remove-NetFirewallRule {chosen}"
        if rule.name.startswith("@"):
            return ByHand(_LOOKED_UP)
        chosen = one_rule.netsh(rule, others)
        return f"netsh advfirewall firewall delete rule {chosen}" if chosen else ByHand(_NOT_ALONE)

    def _rules(self, *, of_policy: bool) -> Sequence[WindowsRule]:
        return [each for each in self.exports.rules.values() if (each.store == "policy") is of_policy]


def _relied_on(exports: Exports) -> Iterator[str]:
    """What rules may test besides what is seen of them, so that another one does not do the same."""
    for each in hidden.barriers(exports.rules.values()):
        yield Reason("it is relied on that the answer is no: {question}; shown by: {command}",
                     question=each.because, command=each.find_out)


def _notes(rules: Sequence[WindowsRule]) -> Iterator[str]:
    if any(each.store == "policy" for each in rules):
        yield policy_object.PUT_IN
    if any(each.group.startswith(_GROUP_OF_WINDOWS) for each in rules):
        yield _SHIPPED
