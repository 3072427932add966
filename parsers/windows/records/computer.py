"""Whose exports they are: names and versions that show files of different computers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.model.names import HOST_NAME
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows.records.rule import WindowsInput
from aclproof.reason import Reason

NAMES = (
    rf'(?m)^[ \t"]*(?:PSComputerName|Host ?[Nn]ame|Computer ?[Nn]ame|Computername)"?[ \t]*:[ \t]*"?'
    rf'(?P<name>{HOST_NAME})"?,?[ \t\r]*$',
    rf"(?m)^\[(?P<name>{HOST_NAME})\]: PS ",
    rf"(?m)^[A-Za-z]:\\[^\n>]{{0,200}}>[ \t]*hostname[ \t\r]*\n\s*(?P<name>{HOST_NAME})[ \t\r]*$")
"""Of the computer: what PowerShell adds to records of another one, a prompt, what `hostname` prints."""
_WORDS = ("]: PS ", *(f"{first}{name}" for first in ("uter", "uter ", "ost", "ost ")
                      for name in ("name", "Name")))
"""One of them is in whatever the patterns find, and it is found much faster."""
_ADDRESS = re.compile(r"[0-9.]+", re.ASCII)


def refuse(inputs: Sequence[WindowsInput]) -> None:
    """UnsupportedInputError where the files name different computers, or are of different systems."""
    names: dict[str, tuple[str, Source, int]] = {}
    for each in inputs:
        for name, at in _names(each.source):
            names.setdefault(name.partition(".")[0].lower(),
                             (name, each.source, each.source.text.count("\n", 0, at) + 1))
    if len(names) > 1:
        (one, source, line), (other, there, at) = list(names.values())[:2]
        raise UnsupportedInputError(Reason(
            "{name}:{line}: this is of '{one}', and {file}:{at} of '{other}'; give the files of one computer "
            "only", name=source.name, line=line, one=one, file=there.name, at=at, other=other))
    systems = {each.system: each.source for each in inputs if each.system}
    if len(systems) > 1:
        (first, source), (second, there) = sorted(systems.items())[:2]
        raise UnsupportedInputError(Reason(
            "{name}: this is of Windows {one}, and {file} of Windows {other}; give the files of one computer "
            "only", name=source.name, one=_dotted(first), file=there.name, other=_dotted(second)))


def _names(source: Source) -> Iterator[tuple[str, int]]:
    if not any(word in source.text for word in _WORDS):
        return
    for pattern in NAMES:
        for found in re.finditer(pattern, source.text):
            if not _ADDRESS.fullmatch(found["name"]):
                yield found["name"], found.start("name")


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
