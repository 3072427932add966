"""What `netsh advfirewall` shows: rules, with and without `verbose`, and profiles, also in one file."""

from __future__ import annotations

import re
from itertools import combinations

from msgspec import Struct, field

from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.netsh import connection_rules, global_settings, profiles, rules
from aclproof.parsers.windows.netsh.rules import DamagedRuleError, UnknownWordError
from aclproof.parsers.windows.netsh.text import INSTEAD, Listing, Section, is_listing, label_of, listing
from aclproof.parsers.windows.netsh.vocabulary import normal
from aclproof.parsers.windows.records import contradictions, whole_listing
from aclproof.parsers.windows.records.contradictions import Listing as Shown
from aclproof.parsers.windows.records.rule import (
    Barrier,
    Broken,
    Direction,
    ProfileSettings,
    WindowsInput,
    WindowsRule,
)
from aclproof.reason import Reason

KIND = "netsh advfirewall show"
_CLOSING = frozenset({"ok.", "ok", "aceptar"})
_ONLY_OF_RULES = frozenset({"name", "direction", "local addresses", "remote addresses"})
_BEFORE = re.compile(r"^[\s>|#*]+")
"""What somebody put before a line, as mail does."""
_ASKED = re.compile(r">\s*(?:\S*netsh\S*\s.*)?\bshow\s+(?:firewall\s+)?rule\b(.*)", re.IGNORECASE)
"""A prompt, and the command after it."""
_CUT_OFF = Reason("the output ends without netsh's closing 'Ok.': it may be cut off")
_ALL = re.compile(r'(?:^\s*|\bname\s*=\s*)(?:"all"|all)(?=\s|$)', re.IGNORECASE)
_CHOOSES = re.compile(r"\b(?:profile|type)\s*=|\|(?!\s*(?:more|clip)\b)", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Return whether this is output of `netsh advfirewall`, in whatever language."""
    return is_listing(text)


def read(source: Source) -> WindowsInput:
    """Read rules and profiles; UnsupportedInputError names the word that is in no table, or says that nothing
    matched."""
    found = _Reading(source, listing(source))
    for section in found.listing.sections:
        found.section(section)
    if not (found.rules or found.profiles or found.broken or found.others):
        raise UnsupportedInputError(Reason("{name}: netsh found no rule that matches what was asked for; "
                                           "ask for all: netsh advfirewall firewall show rule name=all "
                                           "verbose", name=source.name))
    runs = [run for run in found.runs if run.rules]
    for pair in combinations(runs, 2):
        contradictions.of_rules(*(Shown(source, KIND, run.rules) for run in pair))
    lines = source.size
    if not found.ended:
        found.broken.append(Broken(lines, _CUT_OFF))
    unread = {each.line for each in found.broken}
    understood = found.understood.count(1) - sum(map(found.understood.__getitem__, unread))
    counts = LineCounts(understood, lines - understood - len(unread), 0, len(unread))
    shows: frozenset[Direction] = frozenset().union(
        *(whole_listing.directions(run.rules, all_asked=run.all_asked()) for run in runs))
    return WindowsInput(source, KIND, counts, tuple(found.rules), tuple(found.profiles), tuple(found.broken),
                        shows=shows, barriers=tuple(found.barriers))


class _Run(Struct):
    """The rules that one command printed."""

    rules: list[WindowsRule] = field(default_factory=list)
    command: str | None = None
    """What it asked for; None where no prompt shows it."""

    def all_asked(self) -> bool | None:
        """Return whether the command asks for all rules; None where none is shown."""
        if self.command is None:
            return None
        return bool(_ALL.search(self.command)) and not _CHOOSES.search(self.command)


class _Reading:
    """What was read so far; each line belongs to one rule, one profile, or to nothing."""

    def __init__(self, source: Source, text: Listing) -> None:
        self.source, self.listing = source, text
        self.rules: list[WindowsRule] = []
        self._reader = rules.RuleReader(text.language)
        self.runs = [_Run()]
        """A capture may hold several."""
        self.profiles: list[ProfileSettings] = []
        self.broken: list[Broken] = []
        self.barriers: list[Barrier] = []
        self.others = False
        """Whether it holds something else that is read."""
        self.understood = bytearray(source.size + 1)
        """Of each line whether it is."""
        self.ended = False
        """Whether the output ends as netsh ends it."""
        self._commands(text.preface)
        self._strays(text.preface, 1)

    def section(self, section: Section) -> None:
        """Read one rule or one profile; what is left below it belongs to nothing."""
        language = self.listing.language
        label, _, value = section.heading.partition(":")
        profile = None if value.strip() else language.headings.find(label)
        size, is_rule = 0, False
        other = language.labels.find(label) != "name" or connection_rules.is_section(section)
        if self.runs[-1].rules and other:  # what another command printed
            self.broken.append(Broken(section.line, _CUT_OFF))
            self.runs.append(_Run())
        try:
            if connection_rules.is_section(section):
                self.others = True
                self.barriers += connection_rules.barriers(section)
            elif language.labels.find(label) == "name":
                size, is_rule = self._rule(section), True
            elif profile:
                self.profiles.append(profiles.settings(section, profile, language))
            elif global_settings.is_section(section):
                self.others = True
                self.barriers += global_settings.barriers(section)
            else:
                raise UnknownWordError(Reason("heading"), label)
        except UnknownWordError as error:
            name, word = error.args
            raise UnsupportedInputError(Reason("{name}:{line}: the {kind} '{word}' is no {language} word "
                                               "that is known here; {instead}", name=self.source.name,
                                               line=section.line, kind=name, word=word,
                                               language=language.name,
                                               instead=INSTEAD)) from None
        except DamagedRuleError as error:
            self.broken.append(Broken(section.line, Reason("a damaged section: {reason}", reason=str(error))))
            self._end_run(section.body)
            return
        below = section.body[:size] if is_rule else section.body
        self.understood[section.line:section.line + 2 + len(below)] = bytes(
            (1, 1, *(bool(text.strip()) for text in below)))
        end = self._end_run(section.body[size:])
        first = section.line + 2
        if is_rule:
            self._nothing_between(section.body[size:size + end], first + size)
            self._strays(section.body[size + end:], first + size + end)
        else:
            self._strays(section.body, first, whole_rule=True)

    def _end_run(self, lines: tuple[str, ...]) -> int:
        """Begin another run where netsh's closing line is, with the command below it; return where that
        is."""
        end = next((at for at, line in enumerate(lines) if normal(line) in _CLOSING), None)
        self.ended = end is not None
        if end is None:
            return len(lines)
        self.runs.append(_Run())
        self._commands(lines[end:])
        return end

    def _nothing_between(self, lines: tuple[str, ...], first: int) -> None:
        """Netsh writes nothing between a rule's action, which is its last field, and the next rule."""
        for number, line in enumerate(lines, first):
            if line.strip():
                self.broken.append(Broken(number, Reason("a line that is no part of the rule above it")))
                return

    def _commands(self, lines: tuple[str, ...]) -> None:
        for asked in filter(None, map(_ASKED.search, lines)):
            self.runs[-1].command = asked[1]

    def _rule(self, section: Section) -> int:
        language = self.listing.language
        found = rules.block(section, language)
        self.rules.append(self._reader.read(found, section.line))
        self.runs[-1].rules.append(self.rules[-1])
        return found.size

    def _strays(self, lines: tuple[str, ...], first: int, *, whole_rule: bool = False) -> None:
        """A field outside of any rule belongs to a rule whose heading is damaged or lost.

        Sections of other kinds share labels with rules, but for some that `whole_rule` has.
        """
        for number, line in enumerate(lines, first):
            pair = label_of(_BEFORE.sub("", line))
            field = self.listing.language.labels.find(pair[0]) if pair else None
            if field and (not whole_rule or field in _ONLY_OF_RULES):
                self.broken.append(Broken(number, Reason("a field outside of any rule: the rule's heading "
                                                         "is lost")))
                return
