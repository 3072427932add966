"""Several packs as one: what a site needs that many products have to work at.

A computer is the same one for all of them, so a role of one id is one role. What else has the same id in
several packs (a method, a setting, a requirement) is written `PACK/WORD` in each: only people know whether
two settings of one name are the same fact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from aclproof.reason import Reason
from aclproof.rules.pack import (
    AllOf,
    AnyOf,
    Equals,
    Listener,
    Method,
    MethodInSentences,
    Pack,
    Page,
    Requirement,
    Role,
    Setting,
    Text,
    When,
)
from aclproof.rules.strict_yaml import InputError, Problem

_New: TypeAlias = Mapping[str, str]
"""Word -> the word that it gets."""
_Text = TypeVar("_Text", Text, MethodInSentences)
_Part = TypeVar("_Part", Role, Setting, Listener)


class _Clashing(Struct, frozen=True):
    """The words that have to be written with their pack, by what they are for."""

    methods: frozenset[str]
    settings: frozenset[str]
    requirements: frozenset[str]


def join(packs: Sequence[Pack]) -> Pack:
    """Return one pack with the parts of all, in their order; a single one stays as it is.

    InputError where one is named twice.
    """
    if len(packs) == 1:
        return packs[0]
    _all_different(packs)
    clashing = _Clashing(
        _several(each.id for pack in packs for each in pack.methods),
        _several(each.id for pack in packs for each in pack.settings),
        _several(each.id for pack in packs for each in pack.requirements))
    parts = [_part(pack, clashing) for pack in packs]
    return Pack(
        id="+".join(each.id for each in parts),
        title=Text(" + ".join(each.title.en for each in parts), " + ".join(each.title.de for each in parts)),
        version=" + ".join(each.version for each in parts),
        page=Page(" ".join(each.page.url for each in parts), "; ".join(each.page.edition for each in parts)),
        methods=tuple(method for each in parts for method in each.methods),
        roles=_once(role for each in parts for role in each.roles),
        settings=_once(setting for each in parts for setting in each.settings),
        requirements=tuple(requirement for each in parts for requirement in each.requirements),
        listeners=_once(listener for each in parts for listener in each.listeners),
        method_heading=_common(each.method_heading for each in parts),
        method_in_sentences=_common(each.method_in_sentences for each in parts),
        parts=tuple(parts), were_warnings=frozenset().union(*(each.were_warnings for each in parts)),
        of_other_tier=frozenset().union(*(each.of_other_tier for each in parts)))


def bare(word: str) -> str:
    """The word itself, of one that is written with its pack."""
    return word.rpartition("/")[2]


def settings_meant(pack: Pack, word: str) -> list[str]:
    """Which settings a word stands for: one, or the setting of that name of every pack that has it."""
    return _meant(word, {part.id: [each.id for each in part.settings] for part in pack.each})


def methods_meant(pack: Pack, word: str) -> list[str]:
    """Which methods a word stands for, as `settings_meant`."""
    return _meant(word, {part.id: [each.id for each in part.methods] for part in pack.each})


def _meant(word: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    """The words of packs, by their ids, that one stands for; it may always be written with its pack."""
    known = [each for some in words.values() for each in some]
    if word in known:
        return [word]
    pack, _, own = word.rpartition("/")
    if pack:
        return [own] if own in words.get(pack, ()) else []
    return [each for each in known if bare(each) == word]


def _all_different(packs: Sequence[Pack]) -> None:
    for one, other in combinations(packs, 2):
        if one.id == other.id:
            raise InputError(Problem(one.id, 0, "", Reason("the pack is named twice")))


def _several(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word, times in Counter(words).items() if times > 1)


def _part(pack: Pack, clashing: _Clashing) -> Pack:
    methods, settings, requirements = (
        {word: f"{pack.id}/{word}" for word in words}
        for words in (clashing.methods, clashing.settings, clashing.requirements))
    return replace(
        pack, methods=tuple(_method(each, pack, methods, settings) for each in pack.methods),
        roles=tuple(_role(each, settings) for each in pack.roles),
        settings=tuple(_setting(each, settings) for each in pack.settings),
        requirements=tuple(replace(_requirement(each, settings), id=_word(each.id, requirements),
                                   methods=tuple(_word(method, methods) for method in each.methods))
                           for each in pack.requirements),
        were_warnings=frozenset(_word(each, requirements) for each in pack.were_warnings))


def _method(method: Method, pack: Pack, new: _New, settings: _New) -> Method:
    """Its title says whose it is: reports name methods by their titles."""
    title = Text(f"{method.title.en} ({pack.id})", f"{method.title.de} ({pack.id})")
    return Method(_word(method.id, new), title, method.when and _when(method.when, settings))


def _role(role: Role, new: _New) -> Role:
    by = role.ephemeral_ports
    return replace(role, ephemeral_ports=by and replace(by, setting=_word(by.setting, new)))


def _setting(setting: Setting, new: _New) -> Setting:
    by, derived = setting.default_by, setting.derived
    return replace(setting, id=_word(setting.id, new),
                   default_by=by and replace(by, setting=_word(by.setting, new)),
                   derived=derived and replace(derived, setting=_word(derived.setting, new)))


def _requirement(requirement: Requirement, new: _New) -> Requirement:
    ports = tuple(_word(each, new) if isinstance(each, str) else each for each in requirement.ports)
    return replace(requirement, ports=ports, when=requirement.when and _when(requirement.when, new))


def _when(when: When, new: _New) -> When:
    match when:
        case Equals():
            return replace(when, setting=_word(when.setting, new))
        case AnyOf() | AllOf():
            return replace(when, branches=tuple(_when(each, new) for each in when.branches))
        case _:
            return when


def _word(word: str, new: _New) -> str:
    return new.get(word, word)


def _once(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    """The first of each id."""
    first: dict[str, _Part] = {}
    for part in parts:
        first.setdefault(part.id, part)
    return tuple(first.values())


def _common(texts: Iterable[_Text | None]) -> _Text | None:
    """What all say alike, else nothing."""
    first, *others = texts
    return first if all(each == first for each in others) else None
