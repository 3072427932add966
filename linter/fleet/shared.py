"""Configurations that many sites of a run name: each is parsed once by a process that proves some of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeAlias

from aclproof import parsers
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

_Key: TypeAlias = tuple[tuple[str, str, str], ...]

_MOST_LINES = 400_000
"""So many lines of configurations are kept; a model of a line takes about half a kilobyte."""


class Shared:
    """The firewalls that were used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Firewall] = OrderedDict()
        self._lines = 0

    def read(self, place: SiteFirewall) -> Firewall:
        """Read one firewall of a site, or return it as it was parsed; UnsupportedInputError when it is none.

        It is the same for every site that names the same files with the same bytes.
        """
        sources = [parsers.opened(path, place.context) for path in place.configs]
        key = _key(sources)
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        found = parsers.parse_all(sources)
        self._keep(key, found)
        return found

    def _keep(self, key: _Key, firewall: Firewall) -> None:
        self._kept[key] = firewall
        self._lines += _lines(firewall)
        while self._lines > _MOST_LINES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._lines -= _lines(oldest)


def _lines(firewall: Firewall) -> int:
    return sum(each.line_counts.total for each in firewall.files)


def _key(sources: Sequence[Source]) -> _Key:
    return tuple((each.name, each.sha256, each.context) for each in sources)
