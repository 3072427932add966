"""From what people really have to plain lines: prompts, `<--- More --->`, show tech, page noise.

Line numbers stay those of the file: a line that is no part of the configuration becomes None, never dropped.
"""

from __future__ import annotations

import re

from aclproof.parsers.source import Source, UnsupportedInputError

_MORE = re.compile(r"^[\r ]*<--- More --->[\r\b ]*")
_PROMPT = re.compile(r"^(?:\^M)?[A-Za-z][\w.-]*(?:/[\w./-]+)*(?:\([\w-]+\))?[#>] ?(?=\S|$)")
_SECTION = re.compile(r"^-{10,} (show .+?) -{10,}$")
_CONFIGS = ("show running-config", "show run", "show startup-config")


def plain(source: Source) -> list[str | None]:
    """The configuration's lines in file order; None for what is around them.

    UnsupportedInputError when the file holds two configurations: names would mean two things.
    """
    lines: list[str | None] = []
    lines += source.lines()
    text = source.text
    if "\r" in text or "\b" in text or "<--- More" in text:
        lines = [_MORE.sub("", each or "").replace("\b", "").strip("\r") for each in lines]
    if "------------------ show " in text:
        lines = _running_config_only(lines)
    if "#" in text or ">" in text:
        lines = [_without_prompt(each) if each and ("#" in each or ">" in each) else each for each in lines]
    versions = [number for number, each in enumerate(lines, 1)
                if each and each.startswith(("ASA Version ", "PIX Version ", "FWSM Version "))]
    if len(versions) > 1:
        raise UnsupportedInputError(f"{source.name}:{versions[1]}: a second configuration begins here (the "
                                    f"first one in line {versions[0]}); put each into a file of its own")
    return lines


def _running_config_only(lines: list[str | None]) -> list[str | None]:
    """Of a `show tech-support`, keep the section with the running configuration."""
    kept: list[str | None] = []
    inside = False
    seen = False
    for each in lines:
        section = _SECTION.match(each or "")
        if section:
            inside = not seen and section[1].strip() in _CONFIGS
            seen = seen or inside
        kept.append(each if inside and not section else None)
    return kept if seen else lines


def _without_prompt(line: str) -> str | None:
    prompt = _PROMPT.match(line)
    if not prompt:
        return line
    return line[prompt.end():] or None
