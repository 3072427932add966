"""What nft or the kernel refuses, so that nothing of a file is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import Element, NftSet, NftTable, Tree, walk
from aclproof.parsers.nftables.text import editing, refused_rules, uses
from aclproof.reason import Reason

_LAST_PORT = 65535
_LONGEST_NAME = 15
"""Of an interface (linux/if.h)."""


def mark(form: Form, after: int = 0) -> None:
    """Note what is refused of a file, or of a change script `after` the lines that are loaded already."""
    for table in form.ruleset.tables.values():
        for each in table.sets.values():
            for line, reason in _refused(each):
                form.unread(line, Reason("in the set {name}: {reason}", name=each.name, reason=reason))
        for line, reason in refused_rules.refused(table, flushed=form.ruleset.flushed):
            if line > after:
                form.unread(line, reason)
        for line, reason in (*_in_values(table), *(_named(table) if form.ruleset.flushed else ())):
            if line > after:
                form.unread(line, reason)


def _named(table: NftTable) -> Iterator[tuple[int, str]]:
    """Objects that rules name and that are not there; the file has all that is loaded.

    A set that is not there is one that was left out: what asks for it is open.
    """
    for line, (kind, name) in uses.in_table(table):
        try:
            if kind not in ("chain", "set"):
                editing.known(table, kind, name)
        except editing.EditError as error:
            yield line, str(error)


def _in_values(table: NftTable) -> Iterator[tuple[int, str]]:
    for chain in table.chains.values():
        for rule in chain.rules:
            if any(_is_no_value(tree) for tree in walk(rule.statements)):
                yield rule.line, Reason("nft refuses a value in it: an empty range, or a port, a prefix or a "
                                        "name that is too long")


def _is_no_value(tree: Tree) -> bool:
    match tree:
        case {"range": [low, high]}:
            first, last = _ends(low), _ends(high)
            return bool(first and last and first[0] > last[1])
        case {"prefix": {"addr": str(text), "len": int(length)}} if _ends(text):
            return length > (128 if ":" in text else 32)
        case {"match": {"left": {"payload": {"field": "sport" | "dport"}}, "right": right}}:
            return any(isinstance(each, int) and not 0 <= each <= _LAST_PORT for each in walk(right))
        case {"match": {"left": {"meta": {"key": "iifname" | "oifname"}}, "right": right}}:
            return any(isinstance(each, str) and len(each.rstrip("*")) > _LONGEST_NAME
                       for each in walk(right))
        case _:
            return False


def _refused(found: NftSet) -> Iterator[tuple[int, str]]:
    known: dict[str, Element] = {}
    for element in found.elements:
        before = known.setdefault(repr(element.key), element)
        if before.value != element.value:
            yield element.line, Reason("the kernel refuses two elements of one key with different values")
        if "interval" not in found.flags and _is_spread(element):
            yield element.line, Reason("nft refuses ranges and prefixes in a set without the flag interval")
        if element.own_timeout and "timeout" not in found.flags:
            yield element.line, Reason("the kernel refuses a timeout in a set without the flag timeout")
    if "interval" in found.flags and not found.merges:
        yield from ((line, Reason("nft refuses elements that overlap in a set without auto-merge"))
                    for line in _overlapping(found.elements))
    if found.size and len(known) > found.size:
        yield found.elements[-1].line, Reason("the set has more elements than its size of {size}",
                                              size=found.size)


def _is_spread(element: Element) -> bool:
    return not isinstance(element.key, str | int) and any(
        isinstance(each, dict) and not each.keys().isdisjoint(("range", "prefix"))
        for each in walk(element.key))


def _overlapping(elements: Sequence[Element]) -> Iterator[int]:
    """The lines of elements that have something of another one; the same one twice is none."""
    ranges = sorted({ends: each.line for each in elements if (ends := _ends(each.key))}.items())
    highest = -1
    for (low, high), line in ranges:
        if low <= highest:
            yield line
        highest = max(highest, high)


def _ends(key: Tree) -> tuple[int, int] | None:
    """The first and the last number of an address, a port or several; None for anything else."""
    match key:
        case {"range": [low, high]}:
            first, last = _ends(low), _ends(high)
            return (first[0], last[1]) if first and last else None
        case {"prefix": {"addr": str(text), "len": int(length)}} if (first := _ends(text)):
            width = 128 if ":" in text else 32
            return (first[0], first[0] | (1 << width - length) - 1) if length <= width else None
        case bool():
            return None
        case int(number):
            return number, number
        case str(text):
            try:
                return (int(ip_address(text)),) * 2
            except ValueError:
                return None
        case _:
            return None
