"""A firewall without one of its lines, as far as can be told what that is."""

from __future__ import annotations

from msgspec.structs import replace

from aclproof.linter.fix.entering import Entered
from aclproof.parsers.model import plain_rules
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Chain
from aclproof.parsers.removals import ByHand, DeadRule
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

MORE_THAN_A_RULE = Reason("the line is no rule of a list, and what is without it would be a guess")
OF_THE_LIST = Reason("what its list does without it is not known")
"""Of the last line of a list that is bound, and of lists that are used for something else than to filter."""


def without(firewall: Firewall, line: int) -> Firewall | Reason:
    """Take all that a line makes out of the model; or say why that does not show what is without the line.

    Rules that inspection makes go with the line that switches it on.
    """
    translations = tuple(each for each in firewall.translations if each.line != line)
    inspections = tuple(each for each in firewall.inspections if each.line != line)
    goes = len(translations) < len(firewall.translations) or len(inspections) < len(firewall.inspections)
    changed: dict[str, Chain] = {}
    for name, chain in firewall.chains.items():
        rest = plain_rules.without(chain.rules, line)
        if rest is chain.rules:
            continue
        goes |= not chain.synthetic
        stays = chain.synthetic or firewall.on_host or _has_others(chain, line)
        if name in firewall.list_uses or not stays:
            return OF_THE_LIST
        changed[name] = replace(chain, rules=rest)
    if not goes:
        return MORE_THAN_A_RULE
    return replace(firewall, chains={**firewall.chains, **changed}, translations=translations,
                   inspections=inspections)


def _has_others(chain: Chain, line: int) -> bool:
    """Whether a list has another line; the first rules of a long one tell."""
    return any(chain.rules[at].line != line for at in range(len(chain.rules)))


def taken_away(firewall: Firewall, line: int) -> Firewall | Reason:
    """Carry out the command that takes a line away as the device does it: with all that hangs on its list.

    Not for a line that tests more than packets: what it asks would perhaps be asked by other words then.
    """
    found = [(name, rule) for name, chain in firewall.lists.items() for rule in chain.rules
             if rule.line == line]
    if any(rule.conditions for _, rule in found):
        return OF_THE_LIST
    places = [DeadRule(name, line) for name in dict.fromkeys(name for name, _ in found)]
    commands = door(firewall.vendor).removals(firewall, places).of_rules
    if any(isinstance(each, ByHand) for each in commands):
        return OF_THE_LIST
    try:
        return Entered.of(firewall).with_lines(each for each in commands if isinstance(each, str)).firewall
    except UnsupportedInputError:
        return OF_THE_LIST
