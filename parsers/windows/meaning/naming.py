"""Names of Windows Firewall's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.model.names import Named
from aclproof.parsers.source import Joined, Source
from aclproof.parsers.windows import forms


def names(sources: Sequence[Source]) -> Iterator[Named]:
    """Yield every rule with its name and description."""
    joined = Joined(sources)
    for source in sources:
        first = joined.first(source)
        for rule in forms.read(source).rules:
            yield Named("rule", "", first + rule.line, about=f"{rule.name} {rule.description}")
