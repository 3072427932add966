"""Two exports of one store of a computer: they were made at different times, or on different computers.

What is in force is in one of them. Put together they would hold the rules of both, so nobody may rely on
either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, NoReturn

from msgspec.structs import replace

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records import contradicting_settings
from aclproof.parsers.windows.records.rule import (
    ADDING_SCRIPT,
    PROFILE_NAMES,
    PROFILES,
    WindowsInput,
    WindowsRule,
)
from aclproof.reason import Reason


class Listing(NamedTuple):
    """What one run of a tool showed of the computer's own rules."""

    source: Source
    kind: str
    rules: Sequence[WindowsRule]
    whole: bool = False
    """Whether a rule that is not in it was not there."""
    policy: bool = False
    """Whether the rules of Group Policy are meant, and not the computer's own."""


def refuse(inputs: Sequence[WindowsInput]) -> None:
    """UnsupportedInputError where two exports of one store cannot both be true."""
    beside_exports(inputs)
    of_profiles(inputs)
    listings = [Listing(each.source, each.kind, each.rules, each.whole_store)
                for each in inputs if each.shows]
    for one, other in combinations(listings, 2):
        if one.kind == other.kind or (_has_ids(one) and _has_ids(other)):
            of_rules(one, other)
        else:
            by_name(one, other)
    policies = [Listing(each.source, each.kind, each.rules, whole=True, policy=True)
                for each in inputs if each.whole_policy and not each.whole_store]
    for one, other in combinations(policies, 2):
        if one.kind == other.kind:
            of_rules(one, other)


def beside_exports(inputs: Sequence[WindowsInput]) -> None:
    """Refuse commands beside an export of the rules: nothing shows whether they came before it, or at all."""
    export = next((each for each in inputs if each.kind != ADDING_SCRIPT and (
        each.shows or any(rule.store != "policy" for rule in each.rules))), None)
    for each in inputs:
        if export and each.kind == ADDING_SCRIPT:
            raise UnsupportedInputError(Reason(
                "{name}: nothing shows whether these commands were carried out before {export} was made, or "
                "at all; give the export that was made after them without the script, or see what they would "
                "do: 'aclproof diff SITE SCRIPT'", name=each.source.name, export=export.source.name))


def of_profiles(inputs: Sequence[WindowsInput]) -> None:
    """Compare what is said twice about a profile, in one export or in several."""
    for one, other in contradicting_settings.find(inputs):
        what = Reason("the {profile} profile", profile=PROFILE_NAMES[one.settings.profile])
        _raise(what, one.by.source, one.settings.line, other.by.source, other.settings.line)


def of_rules(one: Listing, other: Listing) -> None:
    """Compare the rules that two listings show."""
    for here, there in ((one, other), (other, one)):
        known = _by_key(there)
        for key, rules in _by_key(here).items():
            found = known.get(key)
            if found is None:
                lost = next((rule for rule in rules if _is_lost(rule, here, there)), None)
                if lost:
                    _raise(f"'{lost.name}'", here.source, lost.line, there.source)
            elif not _agree(rules, found):
                _raise(f"'{rules[0].name}'", here.source, rules[0].line, there.source, found[0].line)


_Key = tuple[str, ...]


def _by_key(listing: Listing) -> Mapping[_Key, list[WindowsRule]]:
    """Sort rules by their id; without one by what a filter of netsh chooses them by."""
    found: dict[_Key, list[WindowsRule]] = {}
    for rule in listing.rules:
        if (rule.store == "policy") == listing.policy and rule.tool != "netsh firewall":
            key = (rule.id.lower(),) if rule.id else (rule.name, rule.direction, *rule.profiles)
            found.setdefault(key, []).append(rule)
    return found


def by_name(one: Listing, other: Listing) -> None:
    """Compare rules of two forms, of which one shows no ids: by their names, as far as these are written out.

    The registry names many by a text in a file, and a code page may lose letters.
    """
    here, there = map(_by_name, (one, other))
    for key in [key for key in here if key in there]:
        rules, found = here[key], there[key]
        if not _agree(rules, found):
            _raise(f"'{rules[0].name}'", one.source, rules[0].line, other.source, found[0].line)
    for mine, its, known in ((one, other, there), (other, one, here)):
        if not mine.whole or its.whole:
            continue
        for rules in (rules for key, rules in _by_name(mine).items() if key not in known):
            lost = next((rule for rule in rules if _is_lost(rule, mine, its)), None)
            if lost:
                _raise(f"'{lost.name}'", mine.source, lost.line, its.source)


def _by_name(listing: Listing) -> Mapping[_Key, list[WindowsRule]]:
    found: dict[_Key, list[WindowsRule]] = {}
    for rule in listing.rules:
        written = rule.name.isascii() and not rule.name.startswith("@") and "?" not in rule.name
        if written and rule.store != "policy" and rule.tool != "netsh firewall":
            found.setdefault((" ".join(rule.name.split()).lower(), rule.direction), []).append(rule)
    return found


def _is_lost(rule: WindowsRule, here: Listing, there: Listing) -> bool:
    """Return whether a rule that is not in a listing should be.

    `netsh advfirewall firewall show rule` may show those of one name, one direction or one profile only.
    """
    if not rule.enabled or (here.kind != there.kind and rule.store != "local"):
        return False
    if there.whole or (rule.id and _has_ids(there)):
        return there.whole
    shown = [each for each in there.rules if each.direction == rule.direction]
    common = set(PROFILES).intersection(*(each.profiles for each in shown))
    return bool(shown and len({each.name for each in there.rules}) > 1 and common <= set(rule.profiles))


def _agree(some: Sequence[WindowsRule], others: Sequence[WindowsRule]) -> bool:
    if len({each.tool for each in (*some, *others)}) == 1:
        return set(map(_timeless, some)) == set(map(_timeless, others))
    one, other = set(map(_in_any_form, some)), set(map(_in_any_form, others))
    return one <= other or other <= one


def _timeless(rule: WindowsRule) -> WindowsRule:
    return replace(rule, line=0, description="", out_of_force="")


def _in_any_form(rule: WindowsRule) -> tuple[str, str, bool]:
    """What every tool spells alike."""
    return rule.direction, rule.action, rule.enabled


def _has_ids(listing: Listing) -> bool:
    return all(rule.id for rule in listing.rules)


def _raise(what: str, source: Source, line: int, other: Source, at: int = 0) -> NoReturn:
    there = Reason("otherwise in {file}:{line}", file=other.name, line=at) if at else \
        Reason("missing in {file}", file=other.name)
    raise UnsupportedInputError(Reason("{name}:{line}: two exports of one computer contradict each other: "
                                       "{what} is {there}; give the later one only", name=source.name,
                                       line=line, what=what, there=there))
