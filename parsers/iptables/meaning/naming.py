"""Comments of iptables' rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.model.names import Named
from aclproof.parsers.source import Joined, Source

_COMMENT = re.compile(r'--comment (?:"((?:[^"\\]|\\.)*)"|(\S+))|/\* (.*) \*/')


def names(sources: Sequence[Source]) -> Iterator[Named]:
    """Yield every rule that has a comment, in any form of dump."""
    joined = Joined(sources)
    for source in sources:
        for number, text in enumerate(source.lines(), joined.first(source) + 1):
            found = _COMMENT.search(text)
            if found:
                yield Named("rule", "", number, about=next(filter(None, found.groups()), ""))
