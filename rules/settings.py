"""What a site states about itself, read against a pack: values, defaults, and what follows from them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from msgspec import Struct, field

from aclproof.reason import OR, Reason, joined
from aclproof.rules.joined import settings_meant
from aclproof.rules.pack import (
    AllOf,
    AnyOf,
    Derived,
    Equals,
    Pack,
    Ports,
    Requirement,
    RolePresent,
    Setting,
    When,
)
from aclproof.rules.ports import PortRange, merge
from aclproof.rules.strict_yaml import Path
from aclproof.rules.suggest import unknown
from aclproof.rules.values import Value, derive, explain, parse_value, written

__all__ = [
    "MissingSettingError",
    "SettingError",
    "Settings",
    "Value",
    "applies",
    "leaves",
    "ports_of",
    "resolve",
    "rests_on",
    "settings_tested",
    "settings_used",
]


class Settings(Struct, frozen=True):
    """The value of each setting of a pack; `defaulted` ids took a default, `missing` ids have no value.

    `told` are not given, and an export tells them: all values that they may have, the first one in `values`.
    """

    values: Mapping[str, Value]
    defaulted: tuple[str, ...]
    missing: tuple[str, ...]
    derived: Mapping[str, str] = field(default_factory=dict)
    """Those that were not given and follow from another one, with its id."""
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_given(self, name: str) -> bool:
        """Whether somebody stated it."""
        return name in self.values and name not in self.defaulted and name not in self.told


class SettingError(Exception):
    """Settings cannot be used; `problems` holds every (setting id, message)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return joined("\n", (joined(": ", problem) for problem in self.problems))


class MissingSettingError(Exception):
    """An answer depends on a setting that has no value."""

    def __init__(self, setting_id: str) -> None:
        super().__init__(setting_id)
        self.setting_id = setting_id


def resolve(pack: Pack, given: Mapping[str, str | list[str] | None],
            systems: Mapping[str, Collection[str]] | None = None) -> Settings:
    """Read the `given` settings and fill in the rest; raises SettingError with all problems at once.

    `systems` are the operating systems that exports tell, by role.
    """
    ids = [setting.id for setting in pack.settings]
    problems = list(_unclear(pack, given))
    given = {each: value for name in sorted(given, key=lambda name: "/" in name)  # the exact word counts
             for each in settings_meant(pack, name) for value in (given[name],)}
    values: dict[str, Value] = {}
    defaulted: list[str] = []
    told = _told(pack, given, systems or {})
    for setting in pack.settings:  # the loader checked that what a setting follows is above it
        try:
            value = told[setting.id][0] if setting.id in told else _given(setting, given, values)
            if value is None and (value := _default(setting, values, told)) is not None:
                defaulted.append(setting.id)
        except SettingError as error:
            problems += error.problems
        else:
            if value is not None:
                values[setting.id] = value
    if problems:
        raise SettingError(problems)
    derived = {each.id: each.derived.setting for each in pack.settings
               if each.derived and each.id in values and each.id not in given}
    return Settings(values, tuple(defaulted), tuple(name for name in ids if name not in values), derived,
                    told)


def _unclear(pack: Pack, given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the words that are no setting's, and those that mean different things in different packs."""
    titles = {each.id: each.title for each in pack.settings}
    for name in given:
        meant = settings_meant(pack, name)
        if not meant:
            yield name, unknown("setting", name, titles)
        elif len({titles[each] for each in meant}) > 1:
            words = joined(OR, (Reason("{word} ({title})", word=each, title=titles[each].en)
                                for each in meant))
            yield name, Reason("means different things in different packs: write {words}", words=words)


def _told(pack: Pack, given: Collection[str],
          systems: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    """For each setting that an export tells the values that it may have."""
    told = {setting.id: tuple(value for value in setting.values if value in systems[setting.system_of])
            for setting in pack.settings if setting.system_of in systems and setting.id not in given}
    return {name: values for name, values in told.items() if values}


def _given(
    setting: Setting, given: Mapping[str, str | list[str] | None], values: Mapping[str, Value]
) -> Value | None:
    """The value that the user stated or that follows from one, or None."""
    stated: Value | None = None
    if setting.id in given:
        try:
            stated = parse_value(setting, given[setting.id])
        except ValueError as error:
            raise SettingError([(setting.id, str(error))]) from None
    if setting.derived is None:
        return stated
    return _derived(setting.id, setting.derived, stated, values)


def _derived(name: str, derived: Derived, stated: Value | None, values: Mapping[str, Value]) -> Value | None:
    base = values.get(derived.setting)
    if not isinstance(base, int):
        return None
    try:
        value = derive(derived.rule, base)
    except ValueError as error:
        raise SettingError([(derived.setting, str(error))]) from None
    if stated not in (None, value):
        reason = Reason("must be {value}, because {setting} is {base}: {rule}", value=value,
                        setting=derived.setting, base=base, rule=explain(derived.rule))
        raise SettingError([(name, reason)])
    return value


def _default(setting: Setting, values: Mapping[str, Value],
             told: Mapping[str, tuple[str, ...]]) -> Value | None:
    if setting.default is not None:
        return parse_value(setting, setting.default)
    base = setting.default_by
    if base is None or base.setting not in values:
        return None
    names = told.get(base.setting, (written(values[base.setting]),))
    return _of_all([parse_value(setting, base.values[name]) for name in names])


def _of_all(values: Sequence[Value]) -> Value | None:
    """What holds whichever of some values it is: the ports of all, else the one that they agree in."""
    ranges = [each for value in values if isinstance(value, tuple) for each in value]
    if ranges:
        return merge(ranges)
    return values[0] if len(set(values)) == 1 else None


def applies(when: When | None, settings: Settings, roles: Collection[str]) -> bool:
    """Whether a condition holds for a site with these `roles`; no condition always holds.

    Raises MissingSettingError if the answer depends on a setting without a value, and no other branch decides
    it.
    """
    match when:
        case None:
            return True
        case Equals(setting=name, value=value):
            may_be = settings.told.get(name, ())
            if len(may_be) > 1 and value in may_be:
                raise MissingSettingError(name)
            return written(_value(settings, name)) == value
        case RolePresent(role=role):
            return role in roles
        case AnyOf(branches=branches):
            return _decide(branches, settings, roles, decisive=True)
        case AllOf(branches=branches):
            return _decide(branches, settings, roles, decisive=False)
        case _:
            assert_never(when)


def _decide(
    branches: tuple[When, ...], settings: Settings, roles: Collection[str], *, decisive: bool
) -> bool:
    """Any-of (a true branch is decisive) or all-of (a false one is)."""
    open_question: MissingSettingError | None = None
    for branch in branches:
        try:
            if applies(branch, settings, roles) is decisive:
                return decisive
        except MissingSettingError as question:
            open_question = open_question or question
    if open_question:
        raise open_question
    return not decisive


def ports_of(requirement: Requirement, settings: Settings) -> tuple[PortRange, ...]:
    """The requirement's ports as sorted, merged, inclusive ranges; none for ICMP. Raises
    MissingSettingError."""
    ranges: list[PortRange] = []
    for item in requirement.ports:
        match item:
            case Ports(first=first, last=last):
                ranges.append((first, last))
            case str():
                value = _value(settings, item)
                ranges += value if isinstance(value, tuple) else [(int(value), int(value))]
            case _:
                assert_never(item)
    return merge(ranges)


def _value(settings: Settings, name: str) -> Value:
    if name not in settings.values:
        raise MissingSettingError(name)
    return settings.values[name]


def settings_used(requirement: Requirement) -> frozenset[str]:
    """The ids of the settings that the requirement itself names, in its ports and its condition."""
    in_ports = {item for item in requirement.ports if isinstance(item, str)}
    return settings_tested(requirement.when) | in_ports


def settings_tested(when: When | None) -> frozenset[str]:
    """The ids of the settings that a condition tests."""
    return frozenset(leaf.setting for _, leaf in leaves(when) if isinstance(leaf, Equals))


def roles_tested(when: When | None) -> frozenset[str]:
    """The ids of the roles whose presence a condition tests."""
    return frozenset(leaf.role for _, leaf in leaves(when) if isinstance(leaf, RolePresent))


def rests_on(pack: Pack, names: Iterable[str], settings: Settings) -> frozenset[str]:
    """These settings, and all that their values follow from: what was given follows from nothing."""
    by_id = {setting.id: setting for setting in pack.settings}
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        found.add(name)
        if settings.is_given(name) and name not in settings.derived:
            continue
        queue += [base.setting for base in (by_id[name].default_by, by_id[name].derived) if base]
    return frozenset(found)


def leaves(when: When | None, path: Path = ()) -> Iterator[tuple[Path, Equals | RolePresent]]:
    """The tests that a condition is made of, and where each is in the file below `path`."""
    match when:
        case None:
            return
        case Equals() | RolePresent():
            yield path, when
        case AnyOf(branches=branches):
            for index, branch in enumerate(branches):
                yield from leaves(branch, (*path, "any-of", index))
        case AllOf(branches=branches):
            for index, branch in enumerate(branches):
                yield from leaves(branch, (*path, "all-of", index))
        case _:
            assert_never(when)
