"""Read a requirement pack from YAML text, or report everything that is wrong with it.

Shapes come first (rules/shapes.py, by the Structs in rules/pack.py), then whether the parts fit together
(rules/checks.py). A requirement's `ports` and `when` are read by hand (rules/forms.py).
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from aclproof.reason import Reason
from aclproof.rules.checks import ALL, Draft, check
from aclproof.rules.ephemeral_ports import with_common_settings
from aclproof.rules.forms import read_ports, read_when
from aclproof.rules.init_checks import check_init
from aclproof.rules.pack import Listener, Method, Origin, Pack, Requirement, Role, Setting, When, WrittenPack
from aclproof.rules.shapes import faults
from aclproof.rules.strict_yaml import Data, Fault, InputError, Path, load

Part = TypeVar("Part", Method, Role, Setting, Listener)
Shape = TypeVar("Shape", bound=msgspec.Struct)

_SECTIONS = ("methods", "roles", "settings", "requirements", "listeners")
_MAY_BE_EMPTY = ("settings", "listeners")


def load_pack(text: str, file: str, origin: Origin | None = None) -> Pack:
    """Read a pack; `file` is the name to show. Raises InputError with all problems, in file order."""
    document = load(text, file)
    decoder = _Decoder()
    head = decoder.head(document.data)
    sections = document.data if isinstance(document.data, dict) else {}
    draft = Draft(
        methods=decoder.methods(sections),
        roles=decoder.parts(sections, "roles", Role),
        settings=decoder.parts(sections, "settings", Setting),
        requirements=decoder.requirements(sections),
        listeners=decoder.parts(sections, "listeners", Listener),
        head=head,
        ids={section: dict(_ids(sections, section)) for section in _SECTIONS},
    )
    problems = [document.problem(path, message)
                for path, message in (*decoder.faults, *check(draft), *check_init(draft))]
    if problems or head is None:
        raise InputError(*sorted(problems, key=lambda problem: (problem.line, problem.path)))
    methods = tuple(draft.methods.values())
    programs = {each.id: each.program for each in draft.listeners.values() if each.program}
    return Pack(**{
        **msgspec.structs.asdict(head),
        "methods": methods,
        "roles": tuple(draft.roles.values()),
        "settings": with_common_settings(draft.settings.values()),
        "requirements": tuple(_spelled_out(each, methods, programs) for each in draft.requirements.values()),
        "listeners": tuple(draft.listeners.values()),
    }, origin=origin)


def _spelled_out(requirement: Requirement, methods: tuple[Method, ...],
                 programs: Mapping[str, str]) -> Requirement:
    """Name the methods, and a listener by its program: that is what rules of a host's firewall name."""
    if requirement.listener in programs:
        requirement = msgspec.structs.replace(requirement, listener=programs[requirement.listener])
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

    def head(self, data: Data) -> WrittenPack | None:
        """The pack with empty sections, or None if something besides the sections' items is wrong."""
        if isinstance(data, dict):
            lists = [section for section in _SECTIONS if isinstance(data.get(section), list)]
            self.faults += [
                ((section,), "at least one is needed")
                for section in lists
                if section not in _MAY_BE_EMPTY and not data[section]
            ]
            data = {**data, **{section: [] for section in lists}}
        return self.shaped(data, WrittenPack, ())

    def parts(self, sections: Mapping[str, Data], section: str, kind: type[Part]) -> dict[int, Part]:
        """The parts of a section whose shape is right, by position."""
        parts: dict[int, Part] = {}
        for index, item in enumerate(_items(sections, section)):
            if (part := self.shaped(item, kind, (section, index))) is not None:
                parts[index] = part
        return parts

    def methods(self, sections: Mapping[str, Data]) -> dict[int, Method]:
        """The methods whose shape is right, by position."""
        found: dict[int, Method] = {}
        for index, item in enumerate(_items(sections, "methods")):
            path: Path = ("methods", index)
            plain, when = self._conditional(item, path)
            if (method := self.shaped(plain, Method, path)) is not None:
                found[index] = msgspec.structs.replace(method, when=when)
        return found

    def _conditional(self, item: Data, path: Path) -> tuple[Data, When | None]:
        """A part without its condition, and the condition, which is read by hand."""
        if not isinstance(item, dict) or "when" not in item:
            return item, None
        plain = {key: value for key, value in item.items() if key != "when"}
        return plain, read_when(item["when"], (*path, "when"), self.faults)

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
        lists = [end for end in ("from", "to") if isinstance(item.get(end), list)]
        if lists:
            self.faults += [((*path, end), Reason("one role is expected; write one row for each"))
                            for end in lists]
            item = {**item, **dict.fromkeys(lists, "-")}
        item, when = self._conditional({key: value for key, value in item.items() if key != "ports"}, path)
        requirement = self.shaped(item, Requirement, path)
        if requirement is None or lists:
            return None
        return msgspec.structs.replace(requirement, ports=ports, when=when)

    def shaped(self, data: Data, kind: type[Shape], path: Path) -> Shape | None:
        """The data as a Struct, or None if its shape is wrong."""
        found = [((*path, *inner), message) for inner, message in faults(data, kind)]
        self.faults += found
        return None if found else msgspec.convert(data, kind, strict=False)
