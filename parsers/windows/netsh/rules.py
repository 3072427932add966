"""One rule as `netsh advfirewall firewall show rule` prints it: labels, an ICMP table, a free description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.windows.netsh.text import Section, label_of
from aclproof.parsers.windows.netsh.vocabulary import Field, Language, Words, normal
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.aspects import SELDOM, hidden_by
from aclproof.parsers.windows.records.rule import PROFILES, WindowsRule
from aclproof.reason import Reason

SECURITY = {"notrequired": "", "authenticate": "Authenticate", "authenc": "AuthenticateEncrypt",
            "authdynenc": "AnE-Nego", "authnoencap": "An-NoEncap"}
"""netsh's words, and those of MS-GPFAS."""

_NOT_VERBOSE = hidden_by("netsh") - SELDOM
_VERBOSE_ONLY: tuple[Field, ...] = ("interface types", "security", "source", "program")
_REQUIRED: tuple[Field, ...] = (
    "enabled", "direction", "profiles", "local addresses", "remote addresses", "protocol", "action")
_OWN: tuple[Field, ...] = ("description", "local addresses", "remote addresses")
"""In which rules differ that are alike otherwise."""
_PORTED = (6, 17)
_WITH_PORTS: tuple[Field, ...] = ("local ports", "remote ports")

T = TypeVar("T")


class DamagedRuleError(Exception):
    """A rule that cannot be read; the message is the reason."""


class UnknownWordError(Exception):
    """A word that the language's table does not have: label and value."""


class Block(Struct):
    """The fields of one rule as they are, and how many lines of its section belong to it."""

    name: str
    fields: dict[Field, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    """Labels that the language's table does not have."""
    icmp: list[str] = field(default_factory=list)
    """Lines of the type and code table, without its heading."""
    size: int = 0


def block(section: Section, language: Language) -> Block:
    """Collect the fields of a rule up to its action, which is the last; DamagedRuleError says what is in the
    way."""
    found = Block(section.heading.partition(":")[2].strip())
    current: Field | None = None
    for line in section.body:
        found.size += 1
        pair = label_of(line)
        known = language.labels.find(pair[0]) if pair else None
        if current == "description" and known != "enabled":
            found.fields["description"] += " " + line.strip()
        elif not line.strip():
            continue
        elif pair is None:
            if current != "protocol" or not line[0].isspace():
                raise DamagedRuleError(Reason("a line of it has no label where one was expected"))
            found.icmp.append(line)
        elif known is None:
            found.others.append(pair)
        elif known in found.fields or known == "name":
            raise DamagedRuleError(Reason("'{label}' stands in it twice", label=pair[0]))
        else:
            current, found.fields[known] = known, pair[1]
            if known == "action":
                break
    missing = [each for each in _REQUIRED if each not in found.fields]
    if missing:
        raise DamagedRuleError(Reason("it ends without its {missing}", missing=missing[0]))
    return found


class _Values:
    """The values of a block in the words of one language."""

    def __init__(self, fields: Mapping[Field, str], language: Language) -> None:
        self._fields, self._language = fields, language

    def word(self, name: Field, table: Words[T]) -> T:
        """What a word means; UnknownWordError where the table does not have it."""
        meaning = table.find(self._fields[name])
        if meaning is None:
            raise UnknownWordError(name, self._fields[name])
        return meaning

    def listed(self, name: Field, spell: Callable[[str], str] = str.strip) -> tuple[str, ...]:
        """The items of a list; none where one of them means any; DamagedRuleError where one is lost."""
        if name not in self._fields:
            return ()
        try:
            items = spelling.items(self._fields[name])
        except ValueError as error:
            raise DamagedRuleError(*error.args) from None
        if not items:
            raise DamagedRuleError(Reason("a list in it is empty"))
        return () if any(map(self._language.any.find, items)) else tuple(map(spell, items))

    def one(self, name: Field, when_any: str = "") -> str:
        """A value as it is written."""
        value = self._fields.get(name, "")
        return when_any if self._language.any.find(value) else value


class RuleReader:
    """Reads the rules of one listing; what thousands of them have alike is read once."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._alike: dict[tuple[tuple[object, ...], ...], WindowsRule] = {}

    def read(self, found: Block, line: int) -> WindowsRule:
        """Read a block as `rule` does."""
        shared = tuple(each for each in found.fields.items() if each[0] not in _OWN)
        key = shared, tuple(found.others), tuple(found.icmp)
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = rule(found, self._language, line)
            return alike
        values = _Values(found.fields, self._language)
        return replace(alike, line=line, name=found.name, description=found.fields.get("description", ""),
                       local_addresses=values.listed("local addresses", spelling.address),
                       remote_addresses=values.listed("remote addresses", spelling.address))


def rule(found: Block, language: Language, line: int) -> WindowsRule:
    """Read a block; UnknownWordError and DamagedRuleError for what cannot be read.

    A rule without a service has no line for it: `Service: Any` means services only, as `service=any` does.
    """
    fields, values = found.fields, _Values(found.fields, language)
    protocol = _protocol(fields["protocol"], language)
    if protocol in _PORTED and not all(name in fields for name in _WITH_PORTS):
        raise DamagedRuleError(Reason("its ports are missing"))
    profiles = {_profile(each, language) for each in fields["profiles"].split(",")}
    verbose = any(name in fields for name in _VERBOSE_ONLY)
    types = [language.interface_types.find(each) or each for each in values.listed("interface types")]
    security = fields.get("security", "")
    return WindowsRule(
        line, found.name, values.word("direction", language.directions),
        values.word("action", language.actions), values.word("enabled", language.yes_no),
        group=fields.get("group", ""), description=fields.get("description", ""),
        profiles=tuple(each for each in PROFILES if each in profiles), protocol=protocol,
        local_ports=values.listed("local ports", lambda each: spelling.one_way(each, local=True)),
        remote_ports=values.listed("remote ports", lambda each: spelling.one_way(each, local=False)),
        local_addresses=values.listed("local addresses", spelling.address),
        remote_addresses=values.listed("remote addresses", spelling.address),
        icmp=_icmp(found.icmp, language), program=values.one("program"),
        service=values.one("service", "*"),
        interface_types=tuple(types), edge=language.edges.find(fields.get("edge", "")) or "No",
        security=SECURITY.get(security.lower(), security), remote_computers=fields.get("computers", ""),
        remote_users=fields.get("users", ""), tests=_tests(found.others, language),
        store=language.sources.find(fields.get("source", "")) or "",
        hidden=frozenset() if verbose else _NOT_VERBOSE, tool="netsh verbose" if verbose else "netsh")


def _profile(word: str, language: Language) -> str:
    found = language.profiles.find(word)
    if found is None:
        raise UnknownWordError(Reason("profiles"), word.strip())
    return found


def _protocol(word: str, language: Language) -> int | None:
    plain = word.lower()
    if language.any.find(word):
        return None
    if plain in spelling.PROTOCOLS:
        return spelling.PROTOCOLS[plain]
    if plain.isascii() and plain.isdecimal() and int(plain) <= 255:
        return int(plain)
    raise UnknownWordError(Reason("protocol"), word)


def _icmp(table: Sequence[str], language: Language) -> tuple[str, ...]:
    """Read the rows below `Type  Code`: `8  Any` is `8:*`; any type at all is no list."""
    found = [_pair(row, language) for row in table]
    for row, pair in zip(table[1:], found[1:], strict=True):
        if pair is None:
            raise DamagedRuleError(Reason("'{text}' is no ICMP type and code", text=row.strip()))
    if found and found[0] is not None:
        raise DamagedRuleError(Reason("the heading of its ICMP types is missing"))
    return () if "*:*" in found else tuple(each for each in found if each)


def _pair(row: str, language: Language) -> str | None:
    """Read one row; None for the heading, whose words are of the language."""
    pair = ["*" if language.any.find(each) else each for each in row.split()]
    numbers = all(each == "*" or (each.isascii() and each.isdecimal()) for each in pair)
    return ":".join(pair) if numbers and len(pair) == len(("type", "code")) else None


def _tests(others: Sequence[tuple[str, str]], language: Language) -> tuple[str, ...]:
    """A field that is not known narrows the rule, unless it says that anything will do."""
    try:
        return tuple(spelling.test(label, value) for label, value in others
                     if value and not language.any.find(value) and normal(value) != "notrequired")
    except ValueError as error:
        raise DamagedRuleError(*error.args) from None
