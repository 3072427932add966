"""Whether the section `init` of a pack fits to its other parts."""

import re
from collections.abc import Iterable, Iterator

from aclproof.reason import Reason
from aclproof.rules.checks import Draft
from aclproof.rules.init_section import Init, PackSign, PortHint, RoleHints, SettingHints
from aclproof.rules.inventory_section import InventoryHints, InventorySetting
from aclproof.rules.strict_yaml import Fault, Path
from aclproof.rules.suggest import unknown
from aclproof.rules.values import parse_value

_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*")
_WORDS = re.compile(r"[a-z]+(?: [a-z]+)*")
_WORDS_AND_NUMBERS = re.compile(r"[a-z]+(?: (?:[a-z]+|\d+))*")


def check_init(draft: Draft) -> Iterator[Fault]:
    """Everything that is wrong with the section, with paths from the top of the file."""
    if draft.head is None:
        return
    for path, message in _init(draft.head.init, draft):
        yield ("init", *path), message


def _init(init: Init, draft: Draft) -> Iterator[Fault]:
    for position, method in enumerate(init.methods):
        yield from _known("method", method, draft.known("methods"), ("methods", position))
    for role, hints in init.roles.items():
        yield from _known("role", role, draft.known("roles"), ("roles", role))
        yield from _role(hints, ("roles", role))
    for position, port in enumerate(init.ports):
        yield from _port(port, draft, ("ports", position))
    seen: set[str] = set()
    for position, setting in enumerate(init.settings):
        path = ("settings", position)
        yield from _setting(setting, draft, path)
        if setting.id in seen:
            yield (*path, "id"), Reason("{id!r} is described above already", id=setting.id)
        seen.add(setting.id)
    for position, sign in enumerate(init.chosen_by):
        yield from _sign(sign, draft, ("chosen-by", position))
    if init.inventory:
        for below, message in _inventory(init.inventory, draft):
            yield ("inventory", *below), message


def _sign(sign: PackSign, draft: Draft, path: Path) -> Iterator[Fault]:
    if sum(map(bool, (sign.words, sign.ports, sign.systems))) != 1:
        yield path, Reason("say one of words, ports and systems")
    for position, word in enumerate(sign.words):
        if not _WORDS_AND_NUMBERS.fullmatch(word):
            yield (*path, "words", position), Reason("a-z, digits apart, and single blanks: other signs of a "
                                                     "name separate words ('acme 12')")
    known = {value for setting in draft.settings.values() if setting.system_of for value in setting.values}
    for position, system in enumerate(sign.systems):
        yield from _known("system", system, known, (*path, "systems", position))
    yield from _one_line(sign.because, (*path, "because"))


def _role(hints: RoleHints, path: Path) -> Iterator[Fault]:
    for key, words in (("words", hints.words), ("product-words", hints.product_words),
                       ("places", hints.places)):
        for position, word in enumerate(words):
            if not _WORDS.fullmatch(word):
                yield (*path, key, position), Reason("a-z and single blanks: other signs of a name "
                                                     "separate words")
    yield from _one_line(hints.remark, (*path, "remark"))


def _port(hint: PortHint, draft: Draft, path: Path) -> Iterator[Fault]:
    if not hint.ports:
        yield (*path, "ports"), Reason("at least one is needed")
    if not hint.source and not hint.destination:
        yield path, Reason("say who opens the connection (from) or who listens (to)")
    near = draft.near
    for key, role in (("from", hint.source), ("to", hint.destination)):
        if role:
            yield from _known("role", role, draft.known("roles"), (*path, key))
        if role and role == near:
            yield (*path, key), Reason("name the other end: the near role {near!r} is one already",
                                       near=near)


def _setting(hints: SettingHints, draft: Draft, path: Path) -> Iterator[Fault]:
    yield from _known("setting", hints.id, draft.known("settings"), (*path, "id"))
    yield from _one_line(hints.remark, (*path, "remark"))
    if hints.example:
        yield from _value(hints.id, hints.example, draft, (*path, "example"))
    for position, guess in enumerate(hints.guesses):
        here = (*path, "guesses", position)
        yield from _known("role", guess.role, draft.known("roles"), (*here, "role"))
        yield from _value(hints.id, guess.value, draft, (*here, "value"))
        yield from _one_line(guess.because, (*here, "because"))


def _inventory(hints: InventoryHints, draft: Draft) -> Iterator[Fault]:
    for key, version in (("from", hints.versions.first), ("before", hints.versions.before or "0")):
        if not _VERSION.fullmatch(version):
            yield ("versions", key), Reason("a version is numbers with points, such as 5.00.8325")
    for name, known in hints.roles.items():
        for key, role in (("role", known.role), ("elsewhere", known.elsewhere)):
            if role:
                yield from _known("role", role, draft.known("roles"), ("roles", name, key))
    if hints.site_name:
        yield from _known("name of a role", hints.site_name, hints.roles, ("site-name",))
    for position, setting in enumerate(hints.settings):
        yield from _inventory_setting(setting, draft, ("settings", position))


def _inventory_setting(setting: InventorySetting, draft: Draft, path: Path) -> Iterator[Fault]:
    yield from _known("setting", setting.id, draft.known("settings"), (*path, "id"))
    for position, role in enumerate(setting.roles):
        yield from _known("role", role, draft.known("roles"), (*path, "roles", position))
    if bool(setting.property) == bool(setting.cases):
        yield path, Reason("say the property that holds the value (property), or cases")
    for position, case in enumerate(setting.cases):
        yield from _value(setting.id, case.value, draft, (*path, "cases", position, "value"))


def _value(name: str, value: str, draft: Draft, path: Path) -> Iterator[Fault]:
    if setting := draft.setting(name):
        try:
            parse_value(setting, value)
        except ValueError as error:
            yield path, str(error)


def _known(kind: str, name: str, known: Iterable[str], path: Path) -> Iterator[Fault]:
    if name not in known:
        yield path, unknown(kind, name, known)


def _one_line(text: str, path: Path) -> Iterator[Fault]:
    """It becomes a comment."""
    if not text.isprintable():
        yield path, Reason("one line is expected")
