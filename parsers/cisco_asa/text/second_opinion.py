"""The same sections by ciscoconfparse (the only importer of it), to hold them against our own.

It gets a list of lines that can hold no secret (`sections.SAFE`), and gives back a plain tree. Everything
else about the library is kept out; each of its traps has a test in
tests/parsers/cisco_asa/test_second_opinion.py.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.reason import Reason


def differing(ours: Sequence[Section], lines: Sequence[tuple[int, str]]) -> list[int]:
    """Return the lines that it puts under another line than we do; ValueError when it gives up."""
    theirs = dict(_parents(tree(lines), 0))
    return sorted(line for line, parent in _parents(ours, 0) if theirs[line] != parent)


def _parents(sections: Sequence[Section], above: int) -> Iterator[tuple[int, int]]:
    for section in sections:
        yield section.line, above
        yield from _parents(section.children, section.line)


def tree(lines: Sequence[tuple[int, str]]) -> list[Section]:
    """Arrange `(line number, indented text)` pairs into sections.

    Every line must be a header or a child of one. ValueError when the library gives up or loses a line: its
    own text would quote the configuration.
    """
    if not lines:
        return []
    numbers = [number for number, _ in lines]
    try:
        parsed = _parse([text for _, text in lines])
        found = [_section(each, numbers) for each in parsed.objs if each.parent is each]
    except (Exception, SystemExit):
        raise ValueError(Reason("ciscoconfparse could not arrange the sections")) from None
    if sum(map(_count, found)) != len(lines):
        raise ValueError(Reason("ciscoconfparse lost a line while it arranged the sections"))
    return found


def _parse(texts: list[str]) -> Any:
    if sys.flags.optimize:  # it raises while it is imported, and leaves a thread that never ends
        raise ValueError("no assertions")
    from ciscoconfparse import CiscoConfParse
    from loguru import logger

    logger.remove()  # importing it added a sink on stdout that quotes the whole configuration
    return CiscoConfParse(texts, syntax="asa", factory=False, ignore_blank_lines=False)


def _section(found: Any, numbers: Sequence[int]) -> Section:
    return Section(numbers[found.linenum], str(found.text).strip(),
                   tuple(_section(child, numbers) for child in found.children))


def _count(section: Section) -> int:
    return 1 + sum(map(_count, section.children))
