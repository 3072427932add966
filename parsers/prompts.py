"""What a terminal leaves around commands that were copied from it: prompts, and what it answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from aclproof.parsers.source import Source


def without_prompts(script: Source, prompt: str, answer: str) -> Source:
    """Return a script without prompts, and without answers where there were prompts; its lines keep their
    numbers.

    `prompt` is a regular expression of what begins a line, `answer` one of a whole line; empty for a vendor
    whose room sees to that.
    """
    if not prompt:
        return script
    lines = script.lines()
    typed = [re.sub(prompt, "", line, count=1) for line in lines]
    if typed == lines:
        return script
    kept = ["" if same and re.fullmatch(answer, line.strip()) else line
            for line, same in zip(typed, map(str.__eq__, typed, lines), strict=True)]
    return Source(script.name, script.sha256, "".join(f"{line}\n" for line in kept), script.encoding)


_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]{0,300}(?:\x07|\x1b\\))")
"""Colours, and titles of windows."""
ELSEWHERE = re.compile(
    r"(?:^|[\s;&|(/\\])(?:ssh|mosh|plink|docker(?:-compose)?|podman|nerdctl|crictl|kubectl|lxc(?:-attach)?|incus|"
    r"machinectl|systemd-nspawn|virsh|pct|nsenter|unshare|chroot|ansible|vagrant|proxychains4?|torsocks|"
    r"psexec(?:64)?|winrs|wsl|Enter-PSSession|etsn)(?:\.exe)?\s|\bip\s+(?:netns|vrf)\s", re.IGNORECASE)
"""In a command: another host answers it, or another network of this one."""


class Typed(Struct, frozen=True):
    """A command at a prompt, and what was printed after it; what was printed before any prompt has none."""

    command: str
    printed: tuple[str, ...]
    """The lines, without carriage returns and blanks at their ends."""
    first: int
    """The number of the first of them; the command's, where there is one, is the one before."""
    device: str
    """The host name in the prompt; empty where it does not show."""
    ended: bool
    """Whether another prompt of the same host follows, so that nothing is cut off."""
    whole_line: bool
    """Whether the last line has an end, so that no character of it is cut off."""
    at: datetime | None = None
    """By the clock of the device, where the transcript shows it."""

    @property
    def silent(self) -> bool:
        """Whether it surely printed nothing."""
        return bool(self.command) and self.ended and not any(self.printed)

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers."""
        return enumerate(self.printed, self.first)


def as_shown(line: str) -> str:
    """Return a line as it stood on the screen, without colours."""
    return _ESCAPES.sub("", line) if "\x1b" in line else line


def typed(transcript: Source, prompt: str, goes_on: str = r"(?!)") -> Iterator[Typed]:
    """Yield the commands of a transcript in their order.

    `prompt` is a regular expression of what begins a line before a command, with the host name as its group
    `device`; `goes_on` is one of what begins the further lines of a command.
    """
    lines = [as_shown(line).rstrip() for line in transcript.lines()]
    begins = [(number, found) for number, line in enumerate(lines, 1) if (found := re.match(prompt, line))]
    ends = [*(number for number, _ in begins), len(lines) + 1][1:]
    whole = transcript.text.endswith("\n")
    first = begins[0][0] if begins else len(lines) + 1
    if first > 1:
        yield Typed("", tuple(lines[:first - 1]), 1, "", bool(begins), bool(begins) or whole)
    followers = [*(found["device"] or "" for _, found in begins), None][1:]
    for (number, found), end, follower in zip(begins, ends, followers, strict=True):
        command, at = lines[number - 1][found.end():].strip(), number + 1
        while at < end and (more := re.match(goes_on, lines[at - 1])):
            command = f"{command.rstrip('`' + chr(92))} {lines[at - 1][more.end():]}"
            at += 1
        device, last = found["device"] or "", end > len(lines)
        yield Typed(command, tuple(lines[at - 1:end - 1]), at, device, device == follower,
                    not last or whole)
