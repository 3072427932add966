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
from aclproof.parsers.windows.records.rule import (
    ADDING_SCRIPT,
    PROFILE_NAMES,
    PROFILES,
    ProfileSettings,
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


def refuse(inputs: Sequence[WindowsInput]) -> None:
    """UnsupportedInputError where two exports of one store cannot both be true."""
    beside_exports(inputs)
    of_profiles(inputs)
    listings = [Listing(each.source, each.kind, each.rules, each.whole_store)
                for each in inputs if each.shows]
    for one, other in combinations(listings, 2):
        if one.kind == other.kind or (_has_ids(one) and _has_ids(other)):
            of_rules(one, other)


def beside_exports(inputs: Sequence[WindowsInput]) -> None:
    """Refuse commands beside an export of the rules: nothing shows whether they came before it, or at all."""
    export = next((each for each in inputs if each.shows), None)
    for each in inputs:
        if export and each.kind == ADDING_SCRIPT:
            raise UnsupportedInputError(Reason(
                "{name}: nothing shows whether these commands were carried out before {export} was made, or "
                "at all; give the export that was made after them without the script, or see what they would "
                "do: 'aclproof diff SITE SCRIPT'", name=each.source.name, export=export.source.name))


def of_profiles(inputs: Sequence[WindowsInput]) -> None:
    """Compare what is said twice about a profile, in one export or in two of one kind."""
    said: dict[tuple[str, str, str], tuple[Source, ProfileSettings]] = {}
    for each in inputs:
        for record in each.profiles:
            if record.store != "policy":
                source, first = said.setdefault((each.kind, record.store, record.profile),
                                                (each.source, record))
                if _differ(first, record):
                    what = Reason("the {profile} profile", profile=PROFILE_NAMES[record.profile])
                    _raise(what, source, first.line, each.source, record.line)


def of_rules(one: Listing, other: Listing) -> None:
    """Compare the rules that two listings show."""
    for here, there in ((one, other), (other, one)):
        known = _by_key(there.rules)
        for key, rules in _by_key(here.rules).items():
            found = known.get(key)
            if found is None:
                lost = next((rule for rule in rules if _is_lost(rule, here, there)), None)
                if lost:
                    _raise(f"'{lost.name}'", here.source, lost.line, there.source)
            elif not _agree(rules, found):
                _raise(f"'{rules[0].name}'", here.source, rules[0].line, there.source, found[0].line)


_Key = tuple[str, ...]


def _by_key(rules: Sequence[WindowsRule]) -> Mapping[_Key, list[WindowsRule]]:
    """Sort the computer's own rules by their id; without one by what a filter of netsh chooses them by."""
    found: dict[_Key, list[WindowsRule]] = {}
    for rule in rules:
        if rule.store != "policy" and rule.tool != "netsh firewall":
            key = (rule.id.lower(),) if rule.id else (rule.name, rule.direction, *rule.profiles)
            found.setdefault(key, []).append(rule)
    return found


def _is_lost(rule: WindowsRule, here: Listing, there: Listing) -> bool:
    """Return whether a rule that is not in a listing should be.

    `netsh advfirewall firewall show rule` may show those of one name, one direction or one profile only.
    """
    if not rule.enabled or (here.kind != there.kind and rule.store != "local"):
        return False
    if there.whole or rule.id:
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


def _differ(one: ProfileSettings, other: ProfileSettings) -> bool:
    """Return whether both say something, and not the same."""
    pairs = ((getattr(one, each), getattr(other, each)) for each in one.__struct_fields__ if each != "line")
    return any(first is not None and second not in (None, first) for first, second in pairs)


def _has_ids(listing: Listing) -> bool:
    return all(rule.id for rule in listing.rules)


def _raise(what: str, source: Source, line: int, other: Source, at: int = 0) -> NoReturn:
    there = Reason("otherwise in {file}:{line}", file=other.name, line=at) if at else \
        Reason("missing in {file}", file=other.name)
    raise UnsupportedInputError(Reason("{name}:{line}: two exports of one computer contradict each other: "
                                       "{what} is {there}; give the later one only", name=source.name,
                                       line=line, what=what, there=there))
