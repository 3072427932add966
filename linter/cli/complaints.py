"""What click says about wrong usage, in other languages: it has no way to choose one, so its words are known.

What is not known here stays as click says it.
"""

from __future__ import annotations

import re
from functools import cache

from aclproof.linter.reports.language.language import Words, message

_SAID = (
    message("Invalid value for {option}: {reason}"),
    message("No such option {name}. Did you mean {near}?"),
    message("No such option {name}. (Did you mean one of: {near}?)"),
    message("No such option {name}."),
    message("Option {name} requires an argument."),
    message("Option {name} does not take a value."),
    message("Missing argument {name}. Choose from:\n\t{choices}"),
    message("Missing argument {name}."),
    message("Missing option {name}."),
    message("Missing command."),
    message("Got unexpected extra argument ({words})"),
    message("Got unexpected extra arguments ({words})"),
    message("{value} is not one of {choices}."),
    message("{value} is not in the range {numbers}."),
    message("{value} is not a valid integer."),
    message("{value} is not a valid integer range."),
)
_NAME = re.compile(r"\\\{(\w+)\\\}")


def translated(text: str, words: Words) -> str:
    """Return what click said in the language of `words`."""
    for template in _SAID:
        if found := _pattern(template).fullmatch(text):
            parts = {name: translated(part, words) for name, part in found.groupdict().items()}
            return words(template, **parts)
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a sentence from a template looks like."""
    return re.compile(_NAME.sub(r"(?P<\1>.*?)", re.escape(template)), re.DOTALL)
