"""Counters of one firewall, listed twice: a line that counted more was met, and nothing else follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aclproof.linter.testimony import Said
from aclproof.parsers.model.shown_by_device import Count
from aclproof.reason import Reason


def of_counts(found: Iterable[tuple[int, Count, str]]) -> Iterator[tuple[int, Said]]:
    """Say of each count, with its number and its firewall, what it shows: of no packet anything.

    That a line is met shows where it stands once in each of two listings of one file, and counted more in the
    later one; by a test as well as by anybody's packets, those of `packet-tracer` among them.
    """
    counts = list(found)
    once = _once(counts)
    for number, count, firewall in counts:
        listings = once[_key(count, firewall)]
        before = [each for listing, each in listings.items() if each and listing < count.listing]
        if listings[count.listing] and before and before[-1].packets < count.packets:
            says = Reason("it counted {n} more since {place}, so the line is met: by which packets does not "
                          "show", n=count.packets - before[-1].packets, place=before[-1].span)
        else:
            says = Reason("how often a line was met says nothing about which packets met it")
        yield number, Said("proves-nothing", count, firewall, says)


_Key = tuple[str, str, str, str, str]


def _key(count: Count, firewall: str) -> _Key:
    return count.span.file, firewall, count.context, count.list_name, count.rule


def _once(counts: Sequence[tuple[int, Count, str]]) -> Mapping[_Key, Mapping[int, Count | None]]:
    """Each line by the listings it is in, in order; None where one has it more than once, or cut off."""
    found: dict[_Key, dict[int, Count | None]] = {}
    for _, count, firewall in counts:
        listings = found.setdefault(_key(count, firewall), {})
        listings[count.listing] = None if count.listing in listings or not count.complete else count
    return found
