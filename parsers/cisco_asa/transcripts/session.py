"""Commands and what they printed, by the prompts in a log: of several devices and contexts in turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from aclproof.parsers.cisco_asa.text.outputs import NO_NAMES
from aclproof.parsers.cisco_asa.transcripts.screen import Line

_PROMPT = re.compile(r"(?P<who>[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*)(?<!-)(?P<mode>\(config[\w-]*\))?"
                     r"[#>](?: |$|(?=[a-z]))")
_NAMELESS = re.compile(r">(?: *$| (?=[a-z]))")
"""Of an FTD."""
_UNPROMPTED = re.compile(r"(?=packet-tracer input )")
"""People copy the command without what is before it."""
_CHANGE = re.compile(r"changet?o? +(?:c[a-z]* +(?P<context>\S+)|(?P<system>s[a-z]*))$", re.IGNORECASE)
_SYSTEM = "system"
_CHANGES_NOTHING = frozenset("do end exit help quit sh sho show".split())
"""Words that begin commands of the configuration mode."""
_AT_ONCE = frozenset({"shun"})
"""Commands that need no such mode."""


class Command(Struct, frozen=True):
    """One command, and what it printed."""

    text: str
    line: Line
    device: str
    """The host name in the prompt; empty where it does not show."""
    context: str
    answer: tuple[Line, ...]
    """The lines after it, up to the next command."""
    ended: bool
    """Whether a prompt of the same firewall follows, so that all of the answer is there."""
    configures: bool = False
    """Whether it was typed in a mode in which commands change the configuration."""

    @property
    def words(self) -> list[str]:
        """Its words."""
        return self.text.split()

    @property
    def silent(self) -> bool:
        """Whether nothing was printed."""
        return not any(line.text for line in self.answer)

    @property
    def changes(self) -> bool:
        """Whether it may change what the firewall does, so that what was shown before holds no longer."""
        first = next(iter(self.words), "")
        verb = self.words[1] if first == "no" and len(self.words) > 1 else first
        return verb in _AT_ONCE or (self.configures and bool(first) and first not in _CHANGES_NOTHING)

    @property
    def filtered(self) -> bool:
        """Whether a pipe may leave out lines."""
        return "|" in self.text

    def is_show(self, *wanted: str) -> bool:
        """Return whether it is `show` with these words first, each perhaps abbreviated as people do."""
        said = self.words
        return len(said) > len(wanted) and all(
            len(short) >= 2 and long.startswith(short.lower())
            for short, long in zip(said, ("show", *wanted), strict=False))


class _Prompt(Struct, frozen=True):
    """What a line shows before a command."""

    device: str
    context: str
    typed: str
    configures: bool = False


def commands(lines: Iterable[Line]) -> Iterator[Command]:
    """Yield the commands in order, an empty one for a prompt alone; what is before the first has none."""
    contexts: dict[str, str] = {}
    begun: tuple[_Prompt, Line] | None = None
    answer: list[Line] = []
    for line in lines:
        prompt = _prompt(line.text)
        if prompt is None:
            answer.append(line)
            continue
        if begun:
            prompted = prompt.device or line.text.startswith(">")
            same = (prompt.device, prompt.context) == (begun[0].device, begun[0].context)
            yield _command(*begun, answer, contexts,
                           ended=bool(prompted) and same and not _was_left(answer, line))
        if changed := _CHANGE.match(prompt.typed):
            contexts[prompt.device] = changed["context"] or _SYSTEM
        begun, answer = (prompt, line), []
    if begun:
        yield _command(*begun, answer, contexts, ended=False)


def _command(prompt: _Prompt, line: Line, answer: Sequence[Line], contexts: dict[str, str], *,
             ended: bool) -> Command:
    context = prompt.context or contexts.get(prompt.device, "")
    return Command(prompt.typed, line, prompt.device, context, tuple(answer), ended, prompt.configures)


def _was_left(answer: Sequence[Line], prompt: Line) -> bool:
    """Whether the pager stopped before the prompt, so that the rest was not printed."""
    last = next((line for line in reversed(answer) if line.text or line.paged), None)
    return prompt.paged or bool(last and last.paged and not last.text)


def _prompt(text: str) -> _Prompt | None:
    """What a line shows of a prompt, None for a line of an answer."""
    found = _PROMPT.match(text)
    if found:
        return _Prompt(*_names(found["who"]), text[found.end():].strip(), bool(found["mode"]))
    found = _NAMELESS.match(text) or _UNPROMPTED.match(text)
    return _Prompt("", "", text[found.end():].strip()) if found else None


def _names(who: str) -> tuple[str, str]:
    """The host name and the context, in the order that a prompt has unless somebody changed it."""
    first, *others = who.split("/")
    names = [each for each in (first, *others) if each not in NO_NAMES]
    if first in NO_NAMES:
        return (names[0] if len(names) == 1 else "", "")
    return first, names[1] if len(names) > 1 else ""


def time_of(command: Command, clock: datetime | None) -> datetime | None:
    """Return when a command was entered: by the log of the terminal, else not before the device's clock."""
    return command.line.at or clock
