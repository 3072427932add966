"""Read a requirement pack from YAML text, or say everything that is wrong with it.

Shapes come first, then whether the parts fit together (rules/checks.py). The Structs in rules/pack.py are the
only description of the shapes: `_faults` walks a file's data beside them, because msgspec stops at the first
difference. A requirement's `ports` and `when` are read by hand (rules/forms.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TypeVar

import msgspec
from msgspec import inspect

from rules.checks import ALL, Draft, check
from rules.forms import read_ports, read_when
from rules.pack import Method, Pack, Requirement, Role, Setting
from rules.strict_yaml import Data, Fault, InputError, Path, load
from rules.suggest import unknown

Part = TypeVar("Part", Method, Role, Setting)
Shape = TypeVar("Shape", bound=msgspec.Struct)

_SECTIONS = ("methods", "roles", "settings", "requirements")


def load_pack(text: str, file: str) -> Pack:
    """Read a pack; `file` is the name to show. Raises InputError with all problems, in file order."""
    document = load(text, file)
    decoder = _Decoder()
    head = decoder.head(document.data)
    sections = document.data if isinstance(document.data, dict) else {}
    draft = Draft(
        methods=decoder.parts(sections, "methods", Method),
        roles=decoder.parts(sections, "roles", Role),
        settings=decoder.parts(sections, "settings", Setting),
        requirements=decoder.requirements(sections),
        ids={section: dict(_ids(sections, section)) for section in _SECTIONS},
    )
    problems = [document.problem(path, message) for path, message in (*decoder.faults, *check(draft))]
    if problems or head is None:
        raise InputError(*sorted(problems, key=lambda problem: (problem.line, problem.path)))
    methods = tuple(draft.methods.values())
    return msgspec.structs.replace(
        head,
        methods=methods,
        roles=tuple(draft.roles.values()),
        settings=tuple(draft.settings.values()),
        requirements=tuple(_spelled_out(requirement, methods) for requirement in draft.requirements.values()),
    )


def _spelled_out(requirement: Requirement, methods: tuple[Method, ...]) -> Requirement:
    if ALL not in requirement.methods:
        return requirement
    return msgspec.structs.replace(requirement, methods=tuple(method.id for method in methods))


def _items(sections: Mapping[str, Data], section: str) -> list[Data]:
    items = sections.get(section)
    return items if isinstance(items, list) else []


def _ids(sections: Mapping[str, Data], section: str) -> Iterator[tuple[int, str]]:
    for index, item in enumerate(_items(sections, section)):
        if isinstance(item, dict) and isinstance(name := item.get("id"), str):
            yield index, name


class _Decoder:
    """Turns data into Structs, part by part, and collects the faults on the way."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def head(self, data: Data) -> Pack | None:
        """The pack with empty sections, or None if something beside the sections' items is wrong."""
        if isinstance(data, dict):
            lists = [section for section in _SECTIONS if isinstance(data.get(section), list)]
            self.faults += [
                ((section,), "at least one is needed")
                for section in lists
                if section != "settings" and not data[section]
            ]
            data = {**data, **{section: [] for section in lists}}
        return self.shaped(data, Pack, ())

    def parts(self, sections: Mapping[str, Data], section: str, kind: type[Part]) -> dict[int, Part]:
        """The parts of a section whose shape is right, by position."""
        parts: dict[int, Part] = {}
        for index, item in enumerate(_items(sections, section)):
            if (part := self.shaped(item, kind, (section, index))) is not None:
                parts[index] = part
        return parts

    def requirements(self, sections: Mapping[str, Data]) -> dict[int, Requirement]:
        """The requirements whose shape is right, by position."""
        found = (
            (index, self.requirement(item, ("requirements", index)))
            for index, item in enumerate(_items(sections, "requirements"))
        )
        return {index: requirement for index, requirement in found if requirement is not None}

    def requirement(self, item: Data, path: Path) -> Requirement | None:
        """One requirement, with the fields that are read by hand."""
        if not isinstance(item, dict):
            return self.shaped(item, Requirement, path)
        icmp = item.get("protocol") == "icmp"
        if icmp != ("icmp" in item) or icmp == ("ports" in item):
            self.faults.append((path, "tcp and udp need ports, icmp needs `icmp: echo-request`, not both"))
        ports = read_ports(item["ports"], (*path, "ports"), self.faults) if "ports" in item else ()
        when = read_when(item["when"], (*path, "when"), self.faults) if "when" in item else None
        plain = {key: value for key, value in item.items() if key not in ("ports", "when")}
        requirement = self.shaped(plain, Requirement, path)
        return requirement and msgspec.structs.replace(requirement, ports=ports, when=when)

    def shaped(self, data: Data, kind: type[Shape], path: Path) -> Shape | None:
        """The data as a Struct, or None if its shape is wrong."""
        faults = [((*path, *inner), message) for inner, message in _faults(data, _shape(kind))]
        self.faults += faults
        return None if faults else msgspec.convert(data, kind, strict=False)


@cache
def _shape(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _faults(data: Data, kind: inspect.Type) -> Iterator[Fault]:
    match kind:
        case inspect.StructType(fields=fields):
            yield from _struct(data, {field.encode_name: field for field in fields})
        case inspect.UnionType(types=types):
            yield from _faults(data, _branch(data, types))
        case inspect.VarTupleType(item_type=item_type):
            yield from _list(data, item_type)
        case inspect.DictType(value_type=value_type):
            yield from _mapping(data, value_type)
        case inspect.LiteralType(values=values):
            if data not in values:
                yield (), unknown("value", str(data), map(str, values))
        case inspect.BoolType():
            if data not in ("true", "false"):
                yield (), "true or false is expected"
        case inspect.StrType():
            if not isinstance(data, str) or not data.strip():
                yield (), "text is expected"
        case _:
            raise NotImplementedError(f"no pack has a field of the type {kind}")


def _struct(data: Data, fields: dict[str, inspect.Field]) -> Iterator[Fault]:
    if not isinstance(data, dict):
        keys = ", ".join(name for name, field in fields.items() if field.required)
        yield (), f"a mapping is expected, with {keys}"
        return
    for name, field in fields.items():
        if field.required and name not in data:
            yield (), f"the key {name!r} is missing"
    for name, value in data.items():
        if name not in fields:
            yield (name,), unknown("key", name, fields)
        elif value is None:
            yield (name,), "has no value: write one, or leave the key out"
        else:
            yield from _inside(name, _faults(value, fields[name].type))


def _list(data: Data, item_type: inspect.Type) -> Iterator[Fault]:
    if not isinstance(data, list):
        yield (), "a list is expected"
        return
    for index, item in enumerate(data):
        yield from _inside(index, _faults(item, item_type))


def _mapping(data: Data, value_type: inspect.Type) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield (), "a mapping is expected"
        return
    for name, value in data.items():
        yield from _inside(name, _faults(value, value_type))


def _branch(data: Data, types: Iterable[inspect.Type]) -> inspect.Type:
    """The member of a union that the data is meant to be: a list or not is all that packs tell apart."""
    members = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
    lists = [kind for kind in members if isinstance(kind, inspect.VarTupleType) == isinstance(data, list)]
    return (lists or members)[0]


def _inside(step: str | int, faults: Iterable[Fault]) -> Iterator[Fault]:
    return (((step, *path), message) for path, message in faults)
