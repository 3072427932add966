"""What a terminal leaves around commands that were copied from it: prompts, and what it answered."""

from __future__ import annotations

import re

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
