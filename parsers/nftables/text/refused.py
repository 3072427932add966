"""Elements that nft or the kernel refuses, so that nothing of a file is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import Element, NftSet, walk
from aclproof.reason import Reason


def mark(form: Form) -> None:
    """Note elements of a file, or of a change script, that are refused."""
    for table in form.ruleset.tables.values():
        for each in table.sets.values():
            for line, reason in _refused(each):
                form.unread(line, Reason("in the set {name}: {reason}", name=each.name, reason=reason))


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
    if found.size and len(known) > found.size:
        yield found.elements[-1].line, Reason("the set has more elements than its size of {size}",
                                              size=found.size)


def _is_spread(element: Element) -> bool:
    return not isinstance(element.key, str | int) and any(
        isinstance(each, dict) and not each.keys().isdisjoint(("range", "prefix"))
        for each in walk(element.key))
