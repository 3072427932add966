"""Test cases of Netspoc-Approve: a device, the configuration that is wanted, and commands that lead there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_MARK = re.compile(r"=([A-Z]+)=(.*)")
_RULER = re.compile("#{10,}")


class Case(NamedTuple):
    """One case; lines each."""

    title: str
    device: list[str]
    wanted: list[str]
    commands: list[str]
    """None where nothing is to be done."""


def cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file that have a device and commands, and no warning or error instead."""
    templates: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    title, into = "", list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _MARK.match(line)
        if not found:
            if not _RULER.match(line):
                into += _expanded(line, templates)
            continue
        kind, rest = found[1], found[2].strip()
        if kind == "TITLE":
            title, parts, into = rest, {}, []
        elif kind == "TEMPL":
            into = templates[rest] = []
        elif kind == "END":
            if {"DEVICE", "NETSPOC", "OUTPUT"} == parts.keys():
                yield Case(title, parts["DEVICE"], parts["NETSPOC"], _commands(parts["OUTPUT"]))
            into = []
        else:
            into = parts[kind] = _expanded(rest, templates) if rest else []


def _expanded(line: str, templates: dict[str, list[str]]) -> list[str]:
    found = re.fullmatch(r"\[\[(\w+)\]\]", line.strip())
    return templates[found[1]] if found else [line]


def _commands(lines: list[str]) -> list[str]:
    """What is sent at once stands on one line."""
    if lines == ["NONE"]:
        return []
    return [each for line in lines for each in re.split(r"\\N ?", line)]
