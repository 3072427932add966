"""The outputs in a terminal capture: whose configuration a command shows, and what a later one shows anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

_PROMPT = re.compile(r"(?P<who>[A-Za-z][\w.-]*(?:/[\w./-]+)?)(?:\([\w-]+\))?[#>] ?(?P<command>\S.*)?")
_TYPED = re.compile(r"changeto (?:context (?P<context>\S+)|sys\w*)\s*$")
_SHOW = re.compile(r"(?i)(?:do +)?(?:sh(?:ow?)?|more|wr(?:i(?:te?)?)? t\w*) *(?P<what>.*)")
_CONFIGURATION = re.compile(
    r"(?i)(?:(?:ru\w*|start\w*|conf\w*)(?:-config)?|system:running-config|)(?: all)?(?: |$)")
_SUPPORT = re.compile(r"(?i)tech\S*(?: |$)")
"""It prints the configuration among much else; only what a filter leaves out of it is looked for here."""
_LISTS = re.compile(r"(?i)acce\S*")
_LEAVES_OUT = re.compile(r"(?i)\| *[eig]")
"""exclude, include and grep, which show what they find wherever it stands; `begin` shows all after it."""
_ELSEWHERE = re.compile(
    r"(?i)(?:[^\n]{0,100}[#$>%] ?)?(?:\S*[/\\])?(?:ssh|sshpass|plink|telnet|rsh|clogin)(?:\.exe)? [^\n]*?"
    r"(?P<command>\b(?:sh(?:ow?)?|more) +(?:ru|sta|sys|tech)[^|\n]*['\"]? *\| *"
    r"(?:[eig]|awk|sed|head|tail|cut|findstr|sls|select)[^'\"\n]*)")
"""A command that another host sent to the device, with a filter there or here."""
_REFUSED = re.compile(r"(?i)(?:ERROR|% ?\w+ (?:input|command)|Command authorization failed|"
                      r"Not enough arguments)\b")
_BEFORE_REFUSAL = re.compile(r"\s*\^\s*|(?:WARNING|INFO): .*")
"""The mark under the word that is refused, and remarks."""
NO_NAMES = frozenset({"pri", "sec", "act", "stby", "actNoFailover"})
"""What a prompt shows of failover (`prompt hostname context priority state`)."""
_KINDS = ("access-list", "access-group", "object-group", "interface", "route", "time-range")
"""Commands that people abbreviate."""
_WHOLE = ""


class Output(Struct, frozen=True):
    """What one command printed."""

    line: int
    """Of the command, counted from 1."""
    who: tuple[str, ...]
    """The host name in the prompt, and the context where there is one; empty for the prompt of a shell."""
    of: tuple[str, ...]
    """The commands that it shows, as their words begin; empty for the whole configuration."""
    filtered: bool
    """Whether a pipe left out lines."""
    command: str = ""
    """As it was typed."""

    @property
    def leaves_out(self) -> bool:
        """Whether lines may be lacking between those that are shown."""
        return not self.who or _LEAVES_OUT.search(self.command) is not None


def find(lines: Sequence[str | None]) -> list[Output]:
    """Return the outputs that hold configuration or lists, by the prompts before their commands."""
    found: list[Output] = []
    typed = ""
    for number, line in enumerate(lines, 1):
        prompt = _PROMPT.match(line.strip()) if line and ("#" in line or ">" in line) else None
        command = prompt and prompt["command"]
        if not prompt or not command:
            continue
        if gone := _TYPED.match(command):
            typed = gone["context"] or "system"
            continue
        of = _shown(command)
        if of is not None:
            host, *parts = prompt["who"].split("/")
            named = tuple(part for part in parts if part not in NO_NAMES) or ((typed,) if typed else ())
            found.append(Output(number, (host, *named), of, "|" in command, command))
    return found


def filtered_elsewhere(lines: Sequence[str | None]) -> Iterator[Output]:
    """Yield the commands that leave out lines and were sent to the device from a shell."""
    for number, line in enumerate(lines, 1):
        if line and "|" in line and (found := _ELSEWHERE.match(line.strip())):
            yield Output(number, (), (), filtered=True, command=found["command"].strip())


def _shown(command: str) -> tuple[str, ...] | None:
    """The commands that an output shows, None where it is no configuration."""
    show = _SHOW.match(command)
    what = show["what"].partition("|")[0].strip() if show else ""
    if show is None or (not what and not command.lower().startswith("wr")):
        return None
    if _LISTS.match(what):
        return ("access-list", *what.split()[1:])
    configuration = _CONFIGURATION.match(what)
    if configuration is None:
        return () if _SUPPORT.match(what) and _LEAVES_OUT.search(command) else None
    words = [word for word in what[configuration.end():].split() if word != "id"]
    first = words[0].lower() if words else _WHOLE
    kind = next((each for each in _KINDS if len(first) > 2 and each.startswith(first)), first)
    return (kind, *words[1:]) if words else ()


def shown_anew(lines: Sequence[str | None]) -> Iterator[int]:
    """Yield the lines that a later output shows again, as they are then: that one counts."""
    latest = {(output.of[0] if output.of else _WHOLE, output.of[-1] if output.of[1:] else _WHOLE): output.line
              for output in find(lines) if not output.filtered and output.of[:1] != ("object",)}
    if not latest:
        return
    inside = False  # a section that is shown again
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        words = _command(line).split()
        if not line.startswith(" ") or words[:1] == ["nat"]:
            again = [latest.get((word, name), 0) for word in words[:1] for name in (_WHOLE, *words[1:4])]
            inside = max(again, default=0) > number
        if inside or latest.get((_WHOLE, _WHOLE), 0) > number:
            yield number


def around(lines: Sequence[str | None]) -> Iterator[int]:
    """Yield the commands that print, and what the device refused with what it said: it did nothing of it."""
    yield from (output.line for output in find(lines))
    typed: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line or not line.strip() or _BEFORE_REFUSAL.fullmatch(line):
            typed += [number] if typed else []
        elif _command(line) != line:
            typed = [number]
        elif typed and _REFUSED.match(line):
            yield from (*typed, number)
            typed = []
        else:
            typed = []


def _command(line: str) -> str:
    prompt = _PROMPT.match(line) if "#" in line or ">" in line else None
    return prompt["command"] or "" if prompt else line
