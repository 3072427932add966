"""Whether the parts of a pack fit together: ids, references, defaults, conditions, texts.

Shapes are right by the time a part gets here. Every check yields faults, a path and a message, and none stops
at the first, so that an author sees the whole list at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.reason import Reason
from aclproof.rules.ephemeral_ports import PORTS
from aclproof.rules.pack import (
    COMMON_LISTENERS,
    EPHEMERAL_PORTS,
    DefaultBy,
    Derived,
    Equals,
    Listener,
    Method,
    Requirement,
    Role,
    RolePresent,
    RuleNames,
    Setting,
    Text,
    When,
    WrittenPack,
)
from aclproof.rules.ports import parse_range
from aclproof.rules.settings import leaves
from aclproof.rules.strict_yaml import Fault, Path
from aclproof.rules.suggest import unknown
from aclproof.rules.values import derive, parse_value

ALL = "all"
"""In a requirement's methods: every method of the pack."""

_WORD = re.compile(r"[a-z][a-z0-9-]*")
_PROGRAM = re.compile(r"[a-z0-9][a-z0-9._-]*\.exe", re.ASCII)
_REQUIREMENT_ID = re.compile(r"[A-Z][A-Z0-9-]*")
_TITLE_OF_RULES = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,38}[A-Za-z0-9])?")
_STEM_OF_RULES = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_ROW = re.compile(r"[1-9][0-9]*|paragraph")


class Draft(Struct, frozen=True):
    """The parts of a pack whose shape is right, by their position in the file; `head` has what is in no list.

    `ids` has the ids of all parts of a section: a broken part is not reported again where it is named.
    """

    methods: Mapping[int, Method]
    roles: Mapping[int, Role]
    settings: Mapping[int, Setting]
    requirements: Mapping[int, Requirement]
    listeners: Mapping[int, Listener]
    head: WrittenPack | None
    ids: Mapping[str, Mapping[int, str]]

    def known(self, section: str) -> list[str]:
        """The ids of a section in file order."""
        return list(self.ids[section].values())

    @property
    def near(self) -> str:
        """The id of the near role; empty where none is declared."""
        return next((role.id for role in self.roles.values() if role.near), "")

    def setting(self, name: str) -> Setting | None:
        """The setting of that id, if its shape is right."""
        return next((setting for setting in self.settings.values() if setting.id == name), None)


def check(draft: Draft) -> Iterator[Fault]:
    """Everything that is wrong between and inside the parts of a draft."""
    yield from _ids(draft)
    yield from _head(draft.head)
    yield from _near(draft.roles)
    for index, setting in draft.settings.items():
        for path, message in _setting(setting, draft):
            yield ("settings", index, *path), message
    for index, role in draft.roles.items():
        for path, message in _ephemeral_ports(role, draft):
            yield ("roles", index, "ephemeral-ports", *path), message
    for index, method in draft.methods.items():
        for path, message in _when(method.when, draft):
            yield ("methods", index, *path), message
    yield from _programs(draft)
    for index, requirement in draft.requirements.items():
        for path, message in _requirement(requirement, draft):
            yield ("requirements", index, *path), message


def _programs(draft: Draft) -> Iterator[Fault]:
    for index, listener in draft.listeners.items():
        if listener.program and not _PROGRAM.fullmatch(listener.program):
            yield ("listeners", index, "program"), Reason(
                "write the program's name without a folder, in small letters, such as 'agent.exe'")


def _ids(draft: Draft) -> Iterator[Fault]:
    for section, ids in draft.ids.items():
        form = _REQUIREMENT_ID if section == "requirements" else _WORD
        seen: dict[str, int] = {}
        for index, name in ids.items():
            path = (section, index, "id")
            if not form.fullmatch(name):
                yield path, Reason("an id here is made of {value}, 0-9 and -",
                                   value="A-Z" if form is _REQUIREMENT_ID else 'a-z')
            elif section == "listeners" and name in COMMON_LISTENERS:
                yield path, Reason("{name!r} is a service of Windows, which every pack may name: leave it "
                                   "out here", name=name)
            elif section == "methods" and name == ALL:
                yield path, Reason("{all!r} is no id: it means every method", all=ALL)
            if seen.setdefault(name, index) != index:
                yield path, Reason("the id {name!r} is already taken by {section}[{seen}]", name=name,
                                   section=section, seen=seen[name])


def _head(head: WrittenPack | None) -> Iterator[Fault]:
    if head is None:
        return
    if not _WORD.fullmatch(head.id):
        yield ("id",), Reason("an id here is made of a-z, 0-9 and -")
    if head.advice:
        yield from _full_stop(head.advice, ("advice",), "advice")
    if head.method_in_sentences:
        for key, text in (("one", head.method_in_sentences.one), ("all", head.method_in_sentences.all)):
            for language, words in (("en", text.en), ("de", text.de)):
                if not words.isprintable():
                    yield ("method-in-sentences", key, language), Reason("one line is expected")
    if head.rule_names:
        yield from _rule_names(head.rule_names)
    yield from _same_service(head)


def _same_service(head: WrittenPack) -> Iterator[Fault]:
    for number, group in enumerate(head.same_service):
        for place, written in enumerate(group):
            try:
                parse_range(written)
            except ValueError as error:
                yield ("same-service", number, place), str(error)


def _rule_names(names: RuleNames) -> Iterator[Fault]:
    """They are written into commands, so they are made of what no shell and no firewall reads as a sign."""
    if not _TITLE_OF_RULES.fullmatch(names.title):
        yield ("rule-names", "title"), Reason("up to 40 letters, digits, blanks and . _ - are expected")
    if not _STEM_OF_RULES.fullmatch(names.stem):
        yield ("rule-names", "stem"), Reason("one word of up to 40 letters, digits, _ and - is expected")


def _near(roles: Mapping[int, Role]) -> Iterator[Fault]:
    near = [(index, role.id) for index, role in roles.items() if role.near]
    for index, name in near[1:]:
        yield (("roles", index, "near"),
               Reason("{near!r} is the near role already: the order of firewalls is counted from one role, "
                      "and {name!r} cannot be a second one", near=near[0][1], name=name))


def _ephemeral_ports(role: Role, draft: Draft) -> Iterator[Fault]:
    if (by := role.ephemeral_ports) is None:
        return
    if by.setting not in (known := draft.known("settings")):
        yield ("setting",), unknown("setting", by.setting, known)
    yield from _values_by(PORTS, by, draft)


def _setting(setting: Setting, draft: Draft) -> Iterator[Fault]:
    if (setting.kind == "choice") != bool(setting.values):
        yield ("values",), Reason("a choice lists its values, and no other kind does")
    sources = [name for name in ("default", "default_by", "derived") if getattr(setting, name) is not None]
    if len(sources) > 1:
        yield (), Reason("a setting has one of default, default-by and derived, not several")
    if setting.default is not None:
        yield from _value(setting, setting.default, ("default",))
    if setting.default_by:
        yield from _declared_above(setting, setting.default_by.setting, draft, ("default-by", "setting"))
        for path, message in _values_by(setting, setting.default_by, draft):
            yield ("default-by", *path), message
    if setting.derived:
        yield from _derived(setting, setting.derived, draft)
    if setting.system_of:
        yield from _role(setting.system_of, draft, ("system-of",))
        if setting.kind != "choice":
            yield ("system-of",), Reason("the system of a role is a choice")
    if setting.id == EPHEMERAL_PORTS and setting.kind != "ports":
        yield ("kind",), Reason("{ephemeral_ports!r} is known to every pack, and it is ports",
                                ephemeral_ports=EPHEMERAL_PORTS)


def _value(setting: Setting, raw: str | tuple[str, ...], path: Path) -> Iterator[Fault]:
    try:
        parse_value(setting, raw)
    except ValueError as error:
        yield path, str(error)


def _values_by(setting: Setting, default_by: DefaultBy, draft: Draft) -> Iterator[Fault]:
    """What is wrong with the values of one setting by those of another."""
    for value, default in default_by.values.items():
        yield from _value(setting, default, ("values", value))
    if not (base := draft.setting(default_by.setting)):
        return
    if base.kind not in ("boolean", "choice"):
        yield ("setting",), Reason("{id!r} is neither a choice nor a boolean", id=base.id)
        return
    allowed = base.values if base.kind == "choice" else ("true", "false")
    for value in default_by.values:
        if value not in allowed:
            yield ("values", value), unknown(f"value of {base.id!r}", value, allowed)
    if gaps := [value for value in allowed if value not in default_by.values]:
        yield ("values",), Reason("no default for {gaps}", gaps=", ".join(gaps))


def _derived(setting: Setting, derived: Derived, draft: Draft) -> Iterator[Fault]:
    yield from _declared_above(setting, derived.setting, draft, ("derived", "from"))
    base = draft.setting(derived.setting)
    for party in (setting, base):
        if party and party.kind != "port":
            yield ("derived",), Reason("the rule {rule} needs ports, and {id!r} is a {kind}",
                                       rule=derived.rule, id=party.id, kind=party.kind)
    if base and base.kind == "port" and isinstance(base.default, str) and base.default.isdecimal():
        try:
            derive(derived.rule, int(base.default))
        except ValueError as error:
            yield ("derived", "from"), str(error)


def _declared_above(setting: Setting, base: str, draft: Draft, path: Path) -> Iterator[Fault]:
    """Order keeps settings free of circles, and they can be resolved in one pass."""
    ids = draft.known("settings")
    if base not in ids:
        yield path, unknown("setting", base, ids)
    elif ids.index(base) >= ids.index(setting.id):
        yield path, Reason("{base!r} has to be declared above {id!r}", base=base, id=setting.id)


def _requirement(requirement: Requirement, draft: Draft) -> Iterator[Fault]:
    yield from _methods(requirement.methods, draft)
    yield from _role(requirement.source, draft, ("from",))
    yield from _role(requirement.destination, draft, ("to",))
    for position, item in enumerate(requirement.ports):
        if isinstance(item, str):
            yield from _port_setting(item, draft, ("ports", position))
    yield from _when(requirement.when, draft)
    if requirement.listener:
        yield from _listener(requirement.listener, draft)
    yield from _full_stop(requirement.fix, ("fix",), "a fix")
    if not _ROW.fullmatch(requirement.citation.row):
        yield ("citation", "row"), Reason("write the number of the row in its table, or: paragraph")


def _methods(methods: Sequence[str], draft: Draft) -> Iterator[Fault]:
    known = [*draft.known("methods"), ALL]
    if not methods:
        yield ("methods",), Reason("at least one method is needed")
    for position, method in enumerate(methods):
        if method not in known:
            yield ("methods", position), unknown("method", method, known)


def _when(when: When | None, draft: Draft) -> Iterator[Fault]:
    for path, leaf in leaves(when, ("when",)):
        match leaf:
            case RolePresent(role=role):
                yield from _role(role, draft, (*path, "role"))
            case Equals():
                yield from _equals(leaf, draft, path)


def _role(role: str, draft: Draft, path: Path) -> Iterator[Fault]:
    if role not in (known := draft.known("roles")):
        yield path, unknown("role", role, known)


def _listener(listener: str, draft: Draft) -> Iterator[Fault]:
    if listener not in (known := [*draft.known("listeners"), *sorted(COMMON_LISTENERS)]):
        yield ("listener",), Reason("{unknown}; a pack's own stand in its 'listeners'",
                                    unknown=unknown("listener", listener, known))


def _port_setting(name: str, draft: Draft, path: Path) -> Iterator[Fault]:
    setting = draft.setting(name)
    if name not in (known := draft.known("settings")):
        yield path, unknown("setting", name, known)
    elif setting and setting.kind not in ("port", "ports"):
        yield path, Reason("{name!r} is a {kind}: only a port or ports setting is allowed here", name=name,
                           kind=setting.kind)


def _equals(leaf: Equals, draft: Draft, path: Path) -> Iterator[Fault]:
    setting = draft.setting(leaf.setting)
    if leaf.setting not in (known := draft.known("settings")):
        yield (*path, "setting"), unknown("setting", leaf.setting, known)
    elif setting and setting.kind == "ports":
        yield (*path, "setting"), Reason("{setting!r} is a list of ports: a condition cannot compare it",
                                         setting=leaf.setting)
    elif setting:
        yield from _value(setting, leaf.value, (*path, "is"))


def _full_stop(text: Text, path: Path, what: str) -> Iterator[Fault]:
    for language, sentence in (("en", text.en), ("de", text.de)):
        if not sentence.rstrip().endswith("."):
            yield (*path, language), Reason("{what} is a sentence and ends with a full stop", what=what)
