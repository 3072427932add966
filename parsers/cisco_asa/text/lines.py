"""From what people really have to plain lines: prompts, `<--- More --->`, show tech, page noise.

Line numbers stay those of the file: a line that is no part of the configuration becomes None, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.cisco_asa.text import capitals
from aclproof.parsers.cisco_asa.text.prompt import PROMPT, STAMPS, stamp
from aclproof.parsers.source import Source
from aclproof.parsers.text_lines import TextLines

_MORE = re.compile(r"^[\r ]*<--- More --->[\r\b ]*")
_PROMPT = re.compile(PROMPT)
_SECTION = re.compile(r"^-{10,} (show .+?) -{10,}$")
_CONFIGS = ("show running-config", "show run", "show startup-config")


def plain(source: Source, *, entered: bool = False) -> Sequence[str | None]:
    """The configuration's lines in file order; None for what is around them.

    Of what a capture shows twice the later output counts, unless the lines are `entered` at a terminal.
    UnsupportedInputError when the file holds several configurations and `source.context` names none of them.
    """
    lines = source.text_lines()
    text = source.text
    if stamp(text):
        lines.read_as(without_stamps(text, lines))
    if "\r" in text or "\b" in text or "<--- More" in text:
        lines.read_as(_MORE.sub("", each or "").replace("\b", "").strip("\r") for each in lines)
    if "------------------ show " in text:
        lines.read_as(_running_config_only(lines))
    if source.context or "#" in text or ">" in text or text.count(" Version ") > 1 or "changeto " in text:
        _read_session(source, lines, entered=entered)
    if capitals.are_in(text):
        lines.read_as(capitals.lowered(line) if line else line for line in lines)
    return lines


def without_stamps(text: str, lines: Sequence[str | None]) -> Sequence[str | None]:
    """Return the lines of a text without what a terminal wrote before each of them."""
    stamped = stamp(text)
    return [each[found.end():] if each and (found := stamped.match(each)) else each
            for each in lines] if stamped else lines


def _read_session(source: Source, lines: TextLines, *, entered: bool) -> None:
    """Leave out of a terminal's session what is of another context, shown again later, or a prompt."""
    from aclproof.parsers.cisco_asa.text import contexts, outputs

    text = source.text
    meant = range(1, len(lines) + 1)
    prompts = "#" in text or ">" in text
    if source.context or text.count(" Version ") > 1 or (
            prompts and len({output.who for output in outputs.find(lines)}) > 1):
        meant = contexts.chosen(lines, source.name, source.context)
        lines.read_as(each if number in meant else None for number, each in enumerate(lines, 1))
    if source.context or ("changeto " in text and " Version " in text):  # a script has no release
        for number in list(contexts.lines_around(lines, meant)):
            lines.replace(number - 1, None)
    if prompts:
        for number in () if entered else [*outputs.around(lines), *outputs.shown_anew(lines)]:
            lines.replace(number - 1, None)
        lines.read_as(_without_prompt(line) if line and ("#" in line or ">" in line) else line
                      for line in lines)


def _running_config_only(lines: Sequence[str | None]) -> Sequence[str | None]:
    """Of a `show tech-support`, keep the section with the running configuration."""
    kept: list[str | None] = []
    inside = False
    found = False
    for line in lines:
        section = _SECTION.match(line or "")
        if section:
            inside = not found and section[1].strip() in _CONFIGS
            found = found or inside
        kept.append(line if inside and not section else None)
    return kept if found else lines


def is_prompt(line: str) -> bool:
    """Return whether a line is a prompt, with a command after it or none."""
    return _PROMPT.match(line.strip(" \r\b") + " ") is not None


def without_terminal(line: str) -> str:
    """Return one line without what a terminal leaves around it."""
    found = next((found for each in STAMPS[:2] if (found := each.match(line))), None)
    line = line[found.end():] if found else line
    return (_without_prompt(_MORE.sub("", line).replace("\b", "").strip("\r")) or "").strip()


def _without_prompt(line: str) -> str | None:
    prompt = _PROMPT.match(line)
    if not prompt:
        return line
    return line[prompt.end():] or None
