"""The site file's schema with the words of requirement packs: their methods, roles and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.schemas import Schema
from aclproof.linter.site.site import DEFAULT_PACK
from aclproof.rules.joined import bare
from aclproof.rules.pack import Pack, Setting, Written

_PORT: Schema = {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 65535},
                           {"type": "string", "pattern": "^[1-9][0-9]{0,4}$"}]}
_NOTHING: Schema = {"type": "null"}
_RANGE: Schema = {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 65535},
                            {"type": "string", "pattern": "^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"}]}


def of_builtin_packs() -> Schema:
    """Return a schema that holds a site file to the words of the built-in pack that it names.

    One that names several is held to none.
    """
    schema = schemas.load("site")
    schema["allOf"] = [_where(name, _words(rules.load(name))) for name in rules.builtin()]
    return schema


def of_pack(pack: Pack) -> Schema:
    """Return a schema that holds a site file to the words of this pack."""
    return {**schemas.load("site"), "allOf": [_words(pack)]}


def _where(name: str, words: Schema) -> Schema:
    named: Schema = {"properties": {"pack": {"const": name}, "packs": _NOTHING}}
    named["anyOf"] = [{"required": ["pack"]}]
    if name == DEFAULT_PACK:  # a file that this one extends may name another one
        named["anyOf"] += [{"not": {"required": ["extends"]}}]
    return {"if": named, "then": words}


def _words(pack: Pack) -> Schema:
    methods = {"enum": _spellings(each.id for each in pack.methods)}
    role = {"enum": [each.id for each in pack.roles]}
    by_role = {"propertyNames": role}
    return {"properties": {
        "methods": _one_or_many(methods),
        "settings": _closed({word: _setting(each) for each in pack.settings
                             for word in _spellings([each.id])}),
        "roles": _closed({each.id: {"description": each.title.en} for each in pack.roles}),
        "firewalls": {"items": {"properties": {
            "interfaces": by_role, "acl": by_role, "host": _one_or_many(role)}}},
        "paths": {"items": {"properties": {"from": role, "to": _one_or_many(role)}}}}}


def _spellings(words: Iterable[str]) -> list[str]:
    """The words, and without their packs those that have one."""
    return list(dict.fromkeys(each for word in words for each in (word, bare(word))))


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {"properties": dict(properties), "additionalProperties": False}


def _one_or_many(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one}, _NOTHING]}


def _setting(setting: Setting) -> Schema:
    """Its values, and none: that takes out what a file says that is extended."""
    schema: Schema = {"description": setting.title.en}
    if setting.default is not None:
        schema["default"] = _plain(setting, setting.default)
    match setting.kind:
        case "boolean":
            return schema | {"enum": [True, False, "true", "false", None]}
        case "choice":
            return schema | {"enum": [*setting.values, None]}
        case "port":
            return schema | {"anyOf": [_PORT, _NOTHING]}
        case "ports":
            return schema | {"anyOf": [_RANGE, {"type": "array", "items": _RANGE, "minItems": 1},
                                       _NOTHING]}
        case _:
            assert_never(setting.kind)


def _plain(setting: Setting, value: Written) -> Any:
    """A default as an editor writes it."""
    if setting.kind == "boolean":
        return value == "true"
    if setting.kind == "port":
        return int(str(value))
    return list(value) if isinstance(value, tuple) else value
