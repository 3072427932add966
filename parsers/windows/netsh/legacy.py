"""What `netsh firewall show config` prints, and its parts such as `show portopening`.

On Windows XP and Server 2003 this is the whole firewall. Later versions still answer: they add a column for
the direction, and show only rules of the old kind, so other rules must be expected. Scopes are shown with
`verbose = enable` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.netsh.legacy_rows import MODES, TABLES, Cells
from aclproof.parsers.windows.netsh.text import without_padding
from aclproof.parsers.windows.records.aspects import Aspect
from aclproof.parsers.windows.records.rule import (
    PROFILES,
    Broken,
    Direction,
    Profile,
    ProfileSettings,
    WindowsInput,
    WindowsRule,
)
from aclproof.parsers.windows.registry import exceptions
from aclproof.parsers.windows.registry.exceptions import Scope
from aclproof.reason import Reason

KIND = "netsh firewall show"

_SETTINGS = re.compile(r"(Domain|Standard) profile configuration ?(?:\(current\))?:")
_TABLE = re.compile(
    r"(Service|Allowed programs|Port|ICMP) configuration for (?:(Domain|Standard) profile|(.+)):")
_OTHER = re.compile(r"(?:.* )?(?:configuration|status|settings)(?: for .*)?:", re.IGNORECASE)
_SETTING = re.compile(r"(Operational mode|Exception mode|Multicast\s*/\s*broadcast response mode)\s*= *(\w+)")
_SCOPE = re.compile(r"\s+Scope: (.*)")
_DASHES = re.compile(r"-{40,}[- ]*")
_GAP = re.compile(r"\s{2,}")
_WAYS: Mapping[str, Direction] = {"Inbound": "In", "Outbound": "Out"}
_OF: Mapping[str, tuple[Profile, ...]] = {"Domain": ("Domain",), "Standard": ("Private", "Public")}
_DIRECTED, _NEWER = "Traffic direction", "netsh advfirewall"
_LOG = "Log configuration:"
"""What `show config` prints after all exceptions."""
_BOTH: frozenset[Direction] = frozenset({"In", "Out"})
_NO_SCOPE: frozenset[Aspect] = frozenset({"addresses"})
_XP = (5, 1)


class _Row(NamedTuple):
    """One row of a table, by column."""

    line: int
    cells: Cells
    scope: str | None


class _Section(NamedTuple):
    """A heading, and the lines below it up to the next empty one."""

    line: int
    heading: str
    body: tuple[str, ...]


def recognises(text: str) -> bool:
    """Return whether this is such output, in English."""
    return any(_SETTINGS.fullmatch(line.strip()) or _TABLE.fullmatch(line.strip())
               for line in text.splitlines())


def read(source: Source) -> WindowsInput:
    """Read the output; UnsupportedInputError when no profile and no exception is in it."""
    source.quotable = without_padding
    lines = [line.rstrip() for line in source.lines()]
    reading = _Reading(xp=_is_old(lines))
    for section in _sections(lines):
        reading.section(section)
    if not (reading.rules or reading.profiles or reading.broken):
        raise UnsupportedInputError(Reason("{name}: no profile and no exception in it; give the output of "
                                           "'netsh firewall show config verbose=enable'", name=source.name))
    unread = {each.line for each in reading.broken}
    understood = len(reading.used - unread)
    whole = reading.xp and bool(reading.profiles) and _LOG in lines
    return WindowsInput(
        source, KIND, LineCounts(understood, len(lines) - understood - len(unread), 0, len(unread)),
        tuple(reading.rules), tuple(reading.profiles), tuple(reading.broken),
        shows=_BOTH if whole else frozenset(), system=_XP if reading.xp else None, one_line=True)


def _is_old(lines: Sequence[str]) -> bool:
    """Return whether this is surely of Windows XP or Server 2003.

    Later versions have another column, and say that the command is deprecated; without any table, as `show
    opmode` prints it, nothing shows the difference.
    """
    return not any(_DIRECTED in line or _NEWER in line for line in lines) and any(
        line == _LOG or _TABLE.fullmatch(line) for line in lines)


def _sections(lines: Sequence[str]) -> Iterator[_Section]:
    """Cut the output at its headings, which end with a colon and are at the margin."""
    heads = [number for number, line in enumerate(lines)
             if _SETTINGS.fullmatch(line) or _TABLE.fullmatch(line) or _OTHER.fullmatch(line)]
    for head, end in pairwise([*heads, len(lines)]):
        yield _Section(head + 1, lines[head], tuple(lines[head + 1:end]))


class _Reading:
    """What was read so far, and which lines it took."""

    def __init__(self, *, xp: bool) -> None:
        self.xp = xp
        self.rules: list[WindowsRule] = []
        self.profiles: list[ProfileSettings] = []
        self.broken: list[Broken] = []
        self.used: set[int] = set()

    def section(self, section: _Section) -> None:
        """Read one section, by its heading."""
        settings, table = _SETTINGS.fullmatch(section.heading), _TABLE.fullmatch(section.heading)
        if settings:
            self._settings(section, _OF[settings[1]])
        elif table:
            self._table(section, table[1], _OF.get(table[2], PROFILES), table[3] or "")
        elif "firewall configuration" in section.heading:
            self._interface(section)

    def _settings(self, section: _Section, profiles: tuple[Profile, ...]) -> None:
        found: dict[str, bool] = {}
        for number, line in enumerate(section.body, section.line + 1):
            setting = _SETTING.fullmatch(line)
            if setting and setting[2] in MODES:
                found[setting[1].split()[0]] = MODES[setting[2]]
                self.used.add(number)
            elif setting:
                self.broken.append(Broken(number, Reason("'{setting}' is neither Enable nor Disable",
                                                         setting=setting[2])))
        self.used.add(section.line)
        excepting = found.get("Exception")
        for profile in profiles:
            self.profiles.append(ProfileSettings(
                section.line, profile, enabled=found.get("Operational"),
                inbound="Block" if self.xp else None, outbound="Allow" if self.xp else None,
                block_all_inbound=None if excepting is None else not excepting,
                unicast_response=next((on for name, on in found.items() if name.startswith("Multi")), None)))

    def _interface(self, section: _Section) -> None:
        """On XP an interface has a mode of its own."""
        for number, line in enumerate(section.body, section.line + 1):
            setting = _SETTING.fullmatch(line)
            if setting and setting[1] == "Operational mode" and setting[2] != "Enable":
                self.broken.append(Broken(number, Reason("the firewall may be off on one interface: "
                                                         "'{heading}'", heading=section.heading)))

    def _table(self, section: _Section, kind: str, profiles: tuple[Profile, ...], interface: str) -> None:
        start = next((at for at, line in enumerate(section.body) if _DASHES.fullmatch(line)), None)
        columns = _GAP.split(section.body[start - 1].strip()) if start else []
        if not start or len(columns) < 2:
            self.broken.append(Broken(section.line, Reason("a table without its columns")))
            return
        self.used.update((section.line, section.line + start, section.line + start + 1))
        found: list[WindowsRule] = []
        for row in self._rows(section, start + 1, columns):
            scope = Scope(row.line, profiles, hidden=_NO_SCOPE)
            if row.scope is not None:
                scope = scope._replace(hidden=frozenset()).narrowed(row.scope)
            try:
                rules = list(TABLES[kind](row.cells, scope))
                found += self._directed(rules, row.cells)
            except (KeyError, ValueError) as error:
                self.broken.append(Broken(row.line, Reason("a row that cannot be read: {reason}",
                                                           reason=str(error))))
        if self.xp:
            found += list(exceptions.echoes(found))
        self.rules += [replace(each, interfaces=(interface,)) for each in found] if interface else found

    def _rows(self, section: _Section, start: int, columns: Sequence[str]) -> list[_Row]:
        """Cut a table into rows; below each may be its scope."""
        rows: list[_Row] = []
        for number, line in enumerate(section.body[start:], section.line + start + 1):
            scope = _SCOPE.fullmatch(line)
            if not line:
                break
            if scope and rows:
                rows[-1] = rows[-1]._replace(scope=scope[1])
            else:
                cells = _GAP.split(line.strip(), maxsplit=len(columns) - 1)
                cells += [""] * (len(columns) - len(cells))
                rows.append(_Row(number, dict(zip(columns, cells, strict=True)), None))
            self.used.add(number)
        return rows

    def _directed(self, rules: Iterable[WindowsRule], cells: Cells) -> Iterator[WindowsRule]:
        """Later versions have a direction, and show rules that block as disabled ones."""
        way = _WAYS[cells[_DIRECTED]] if _DIRECTED in cells else "In"
        for rule in rules:
            if self.xp or rule.enabled:
                yield replace(rule, direction=way)
            else:
                yield replace(rule, direction=way, action="Block", enabled=True,
                              tests=(*rule.tests, "Mode=Disable"))
