"""What a ruleset calls things: comments of rules, and sets of addresses by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.model.addresses import NOWHERE, AddressSet, Family, single
from aclproof.parsers.model.comments import Comment
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.names import Named
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.meaning.values import address
from aclproof.parsers.nftables.ruleset import NftSet
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.nftables.text.lexer import words
from aclproof.parsers.source import Joined, Source

_OF: Mapping[tuple[str, ...], Family] = {("ipv4_addr",): Family.V4, ("ipv6_addr",): Family.V6}


def names(sources: Sequence[Source]) -> Iterator[Named]:
    """Yield every set of addresses, and every rule that has a comment."""
    joined = Joined(sources)
    for source in sources:
        if not kind(source.text):
            continue
        first = joined.first(source)
        for table in forms.read(source).ruleset.tables.values():
            for known in table.sets.values():
                if known.types in _OF and not known.maps_to:
                    yield Named("object", known.name, first + known.line, _addresses(known))
            for chain in table.chains.values():
                for rule in chain.rules:
                    if rule.comment:
                        yield Named("rule", "", first + rule.line, about=rule.comment)


def beside(sources: Sequence[Source]) -> Iterator[Comment]:
    """Yield what stands after `#` on the line of one whole rule, also in files that are included."""
    joined = Joined(sources)
    rules: Counter[int] = Counter()
    for source in sources:
        if kind(source.text) == "text":
            first = joined.first(source)
            rules.update(first + rule.line for table in forms.read(source).ruleset.tables.values()
                         for chain in table.chains.values() for rule in chain.rules)
    for line, count in rules.items():
        *said, last = words(joined.span(line).text) or [""]
        if count == 1 and last.startswith("#") and said and said.count("{") == said.count("}"):
            yield Comment(((line, last.lstrip("# ")),), (line,))


def _addresses(known: NftSet) -> AddressSet:
    """The elements of a set that are shown; none where one is not understood."""
    family = _OF[known.types]
    read = address(family)
    try:
        found = IntervalSet.union(read(each.key) for each in known.elements)
    except DoubtError:
        return NOWHERE
    return single(family, found) if found else NOWHERE
