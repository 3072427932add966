"""Remarks of access lists, and the entries that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.comments import Comment
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_Block = tuple[list[int], list[int]]
"""Remarks in a row, and the entries after them."""


def find(firewall: Firewall) -> Iterator[Comment]:
    """Yield them, remarks in a row together; those of Firepower say what Snort does, and are left out."""
    assert isinstance(firewall.source, Source)
    reader = Reader(firewall.source)
    for access_list in reader.lists.values() if reader.platform != "FTD" else ():
        yield from _of_list(access_list, reader.text)


def _of_list(access_list: AccessList, text: Callable[[int], str]) -> Iterator[Comment]:
    """A remark is about what follows it; where a list does not begin with one, or ends with one, it may be
    about what is before it as well."""
    blocks = list(_blocks(access_list))
    either = not blocks[0][0] or not blocks[-1][1] if blocks else False
    before: list[int] = []
    for remarks, entries in blocks:
        if remarks:
            about = (*before, *entries) if either else tuple(entries)
            yield Comment(tuple((line, _said(text(line))) for line in remarks), about)
        before = entries


def _blocks(access_list: AccessList) -> Iterator[_Block]:
    remarks: list[int] = []
    entries: list[int] = []
    for entry in access_list.entries:
        if entry > 0:
            entries += (entry, *access_list.elements.get(entry, ()))
            continue
        if entries:
            yield remarks, entries
            remarks, entries = [], []
        remarks.append(-entry)
    if remarks or entries:
        yield remarks, entries


def _said(line: str) -> str:
    """A list may itself be called `remark`."""
    words = line.split()
    return " ".join(words[words.index("remark", 3 if words[0] == "ipv6" else 2) + 1:])
