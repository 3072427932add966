"""Keys of facts where several firewalls of a site ask by the same words: each gets one of its own.

A time-range of one firewall is none of another's, however both call it. What is taken as usual because nobody
asks it, and what is the same wherever it is asked (a name of DNS, a user), keeps one key for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set

from msgspec.structs import replace

from aclproof.parsers.model.conditions import (
    Condition,
    ForListener,
    HasMark,
    Membership,
    Opaque,
    ServedBy,
    TimeRange,
)
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Chain, Rule
from aclproof.reason import Reason

_EVERYWHERE = ("fqdn ", "user ", "user-group ", "object-group-user ", "security-group ",
               "object-group-security ", "real address dialled: ")


def key_at(key: str, firewall: str) -> str:
    """Return the key of one firewall's own fact."""
    return f"{key} at {firewall}"


def told_apart(firewalls: Mapping[str, Firewall]) -> Mapping[str, Firewall]:
    """Return the firewalls of a site, by name, so that no two ask for one fact about different things."""
    if len(firewalls) < 2:
        return firewalls
    keys = {name: {condition.key for _, condition in firewall.conditions() if _is_its_own(condition)}
            for name, firewall in firewalls.items()}
    asked = Counter(key for each in keys.values() for key in each)
    shared = {key for key, times in asked.items() if times > 1}
    return {name: _renamed(firewall, name, keys[name] & shared) for name, firewall in firewalls.items()}


def _is_its_own(condition: Condition) -> bool:
    if isinstance(condition, Opaque) and condition.relied_on:
        return False
    return bool(condition.key) and not condition.key.startswith(_EVERYWHERE)


def _renamed(firewall: Firewall, name: str, shared: Set[str]) -> Firewall:
    if not shared:
        return firewall
    known: dict[Condition, Condition] = {}

    def of_condition(condition: Condition) -> Condition:
        if condition.key not in shared or not _is_its_own(condition):
            return condition
        if condition not in known:
            known[condition] = _at(condition, name)
        return known[condition]

    def of_rule(rule: Rule) -> Rule:
        if all(each.key not in shared for each in rule.conditions):
            return rule
        return rule._replace(conditions=tuple(map(of_condition, rule.conditions)))

    def of_chain(chain: Chain) -> Chain:
        return replace(chain, rules=tuple(map(of_rule, chain.rules)))

    return replace(firewall, chains={key: of_chain(chain) for key, chain in firewall.chains.items()})


def _at(condition: Condition, name: str) -> Condition:
    key = key_at(condition.key, name)
    question = Reason("at {firewall}: {question}", firewall=name, question=condition.because)
    if isinstance(condition, TimeRange | HasMark):
        return replace(condition, own_key=key, own_question=question)
    if isinstance(condition, Membership | Opaque | ForListener | ServedBy):
        return replace(condition, key=key, because=question)
    return replace(condition, key=key)
