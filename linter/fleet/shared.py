"""Configurations that many sites of a run name: each is parsed once by a process that proves some of them.

So is what the checks of an audit find there, as far as they look at nothing else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, MutableMapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from aclproof import parsers
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source

if TYPE_CHECKING:
    from aclproof.linter.audit.checks import Found

_Key: TypeAlias = tuple[tuple[str, str, str], ...]

_MOST_LINES = 400_000
"""So many lines of configurations are kept; a model of a line takes about half a kilobyte."""


class Shared:
    """The firewalls that were used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Firewall] = OrderedDict()
        self._audited: dict[int, dict[Hashable, Found]] = {}
        """By the identity of a firewall that is kept."""
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

    def memory(self, firewall: Firewall) -> MutableMapping[Hashable, Found]:
        """Return what was found at a firewall so far, to be added to; of one that is not kept nothing."""
        return self._audited.get(id(firewall), {})

    def _keep(self, key: _Key, firewall: Firewall) -> None:
        self._kept[key] = firewall
        self._audited[id(firewall)] = {}
        self._lines += _lines(firewall)
        while self._lines > _MOST_LINES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            del self._audited[id(oldest)]
            self._lines -= _lines(oldest)


def _lines(firewall: Firewall) -> int:
    return sum(each.line_counts.total for each in firewall.files)


def _key(sources: Sequence[Source]) -> _Key:
    return tuple((each.name, each.sha256, each.context) for each in sources)
