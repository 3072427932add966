"""A configuration of an ASA with its lists and objects, as what writes permits needs it."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.meaning import access_lists, convert
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source


class Config:
    """One configuration as the reader of ASA files sees it."""

    def __init__(self, firewall: Firewall) -> None:
        assert isinstance(firewall.source, Source)
        self.firewall = firewall
        self.source = firewall.source
        self.reader = Reader(self.source)
        self.ipv4_only = convert.ipv4_only(self.reader)
        """Whether lists say nothing about IPv6, but for those of its own."""
        self._lists = {access_lists.chain_name(self.reader, name, ipv6): access_list
                       for (name, ipv6), access_list in self.reader.lists.items()}

    def access_list(self, chain: str) -> AccessList | None:
        """Find the list that became a chain."""
        return self._lists.get(chain)

    def list_name(self, chain: str) -> str:
        """The name of that list in the file: an IPv4 and an IPv6 list may share one."""
        known = self._lists.get(chain)
        return known.name if known else chain

    def number(self, chain: str, line: int) -> int:
        """Return which entry of its list a line of the file is; remarks count."""
        known = self.access_list(chain)
        assert known is not None
        return next(number for number, entry in enumerate(known.entries, 1)
                    if entry == line or line in known.elements.get(abs(entry), ()))
