"""How packets, counts and foreign text are written for people, the same in every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linter.engine.packets import Box, icmp_kind
from linter.reports.language import ENGLISH, Words
from linter.result import Coverage, Result
from parsers.model.addresses import spell
from parsers.model.intervals import IntervalSet
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_MOST = 6
"""So many ranges are written out; the rest is counted."""


def visible(text: str) -> str:
    """Make control, bidi and other invisible characters visible, so that text cannot act on a terminal."""
    return "".join(each if each.isprintable() or each == " " else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def few(texts: Sequence[str], most: int = _MOST, words: Words = ENGLISH) -> str:
    """Join texts, and count what does not fit."""
    if len(texts) <= most:
        return ", ".join(texts)
    return words("{texts} and {n} more", texts=", ".join(texts[:most]), n=len(texts) - most)


def ports(numbers: IntervalSet, most: int = _MOST, words: Words = ENGLISH) -> str:
    """Write ports as numbers and ranges."""
    return few([str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges], most, words)


def service(box: Box, words: Words = ENGLISH) -> str:
    """Write what a box asks for: `TCP 445`, `ICMP echo request`."""
    name = PROTOCOL_NAMES.get(box.protocol, "").upper() or words("PROTOCOL {n}", n=box.protocol)
    if is_icmp(box.protocol):
        kinds = [words.sentence(icmp_kind(box.protocol, low)) for low, _ in box.source_ports.ranges]
        return words("{protocol} {kinds}", protocol=name, kinds=", ".join(kinds))
    tail = "" if box.destination_ports == ANY_PORT else f" {ports(box.destination_ports, words=words)}"
    if box.source_ports == ANY_PORT:
        return f"{name}{tail}"
    return words("{service} from source port {ports}", service=f"{name}{tail}",
                 ports=ports(box.source_ports, words=words))


def flow(box: Box, words: Words = ENGLISH) -> str:
    """Write a box on one line: who to whom, which service."""
    source = few(spell(box.family, box.sources.ranges), words=words)
    destination = few(spell(box.family, box.destinations.ranges), words=words)
    return f"{source} -> {destination}  {service(box, words)}"


def share(coverage: Coverage, words: Words = ENGLISH) -> str:
    """Say how much of a demand does not surely pass, never rounded to nothing or to everything."""
    lost = coverage.required - coverage.permitted
    if lost == coverage.required:
        return words("all of it")
    percent = 100 * lost / coverage.required
    if percent < 1:
        return words("less than 1 % of it")
    if percent > 99:
        return words("more than 99 % of it")
    return words("{percent} % of it", percent=f"{percent:.0f}")


def method_titles(result: Result, words: Words = ENGLISH) -> Mapping[str, str]:
    """The titles of the methods, by id."""
    return {each.id: words.of(each.title) for each in result.pack.methods}
