"""A configuration of an ASA as text, and what it is with some lines entered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.cisco_asa.meaning import convert
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_ENTRY = re.compile(r"((?:ipv6 )?)access-list (\S+) (?:line (\d+) )?(.*)")


class Config:
    """One configuration with its lists and objects as the reader of ASA files sees them."""

    def __init__(self, firewall: Firewall) -> None:
        assert isinstance(firewall.source, Source)
        self.firewall = firewall
        self.source = firewall.source
        self.reader = Reader(self.source)
        self.ipv4_only = convert.ipv4_only(self.reader)
        """Whether lists say nothing about IPv6, but for those of its own."""

    def access_list(self, chain: str) -> AccessList | None:
        """Find the list that became a chain; lists of the two families may share a name."""
        name, marked = chain.removesuffix(" (ipv6)"), chain.endswith(" (ipv6)")
        lists = self.reader.lists
        return lists.get((name, True)) if marked else lists.get((name, False)) or lists.get((name, True))

    def number(self, chain: str, line: int) -> int:
        """Say which entry of its list a line of the file is; remarks count."""
        known = self.access_list(chain)
        assert known is not None
        return next(number for number, entry in enumerate(known.entries, 1)
                    if entry == line or line in known.elements.get(abs(entry), ()))

    def entered(self, lines: Sequence[str]) -> Firewall:
        """Return the firewall with lines entered, read anew as a whole."""
        texts = self.source.text.split("\n")
        if self.reader.listing:
            for line in lines:
                self._row(texts, line)
        else:
            at = self._end()
            texts[at:at] = lines
        text = "\n".join(texts)
        return convert.parse([Source(self.source.name, self.source.sha256, text, self.source.encoding)])

    def _end(self) -> int:
        """Behind the last entry or binding, or before the first interface: surely among the commands."""
        lines = [rule.line for chain in self.firewall.lists.values() for rule in chain.rules]
        lines += [each.line for each in self.firewall.bindings]
        return max(lines) if lines else min(each.line for each in self.firewall.interfaces) - 1

    def _row(self, texts: list[str], line: str) -> None:
        """Put an entry into a listing, whose rows are in order and whose numbers do not count."""
        found = _ENTRY.fullmatch(line)
        assert found is not None
        family, name, number, rest = found.groups()
        source = Source(self.source.name, self.source.sha256, "\n".join(texts), self.source.encoding)
        known = Reader(source).lists[name, bool(family)]
        rows = [abs(entry) for entry in known.entries]
        if number:
            at = rows[int(number) - 1] - 1
        else:
            at = max((*rows, *(row for some in known.elements.values() for row in some)))
        texts.insert(at, f"{family}access-list {name} {rest}")
