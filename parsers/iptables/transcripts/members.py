"""`ipset list`: which addresses are in a set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.iptables.ipset.packets import KnownSets
from aclproof.parsers.iptables.ipset.read import Reader
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, join
from aclproof.parsers.model.shown_by_device import FactAnswer
from aclproof.parsers.netfilter.transcripts.session import words
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_COUNTED = re.compile(r"(?m)^Name: (\S+)\n(?:(?!Name: ).*\n){1,12}?Number of entries: (\d{1,9})$")
"""Since ipset 6.2x; older ones do not count."""


def answers(transcript: Source, part: Typed) -> Iterator[FactAnswer]:
    """Yield the addresses of each set that tests nothing else, and has as many members as it says.

    `ipset save` does not say how many it has, so it is no answer: a line may be lost.
    """
    if words(part.command, "ipset")[1:2] not in (["list"], ["-L"]) or not part.ended:
        return
    text = "".join(f"{each}\n" for each in part.printed)
    read = Reader(Source(transcript.name, transcript.sha256, text, transcript.encoding)).read()
    if read.reasons or not all(each.kind for each in read.sets.values()):
        return  # a line is lost, or one too many
    known, counted = KnownSets(read.sets), dict(_COUNTED.findall(text))
    for name, found in read.sets.items():
        try:
            products = known.products(name, ("src",), negated=False, exceptions=False)
        except RuleError:
            continue
        if len(found.dimensions) == 1 and counted.get(name) == str(found.size) and all(
                to in (ANY, ANY4, ANY6) for _, to, _ in products):
            yield FactAnswer(
                span=transcript.span(part.first + found.line - 1), device=part.device, at=part.at,
                key=f"ipset {name}", value=join(sources for sources, _, _ in products))
