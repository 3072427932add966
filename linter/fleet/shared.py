"""Configurations that many sites of a run name: each is read once by a process that proves some of them."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import TypeAlias

from aclproof.linter.site import configurations
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.firewall import Firewall

_Key: TypeAlias = tuple[object, ...]

_MOST_LINES = 400_000
"""So many lines of configurations are kept; a model of a line takes about half a kilobyte."""


class Shared:
    """The firewalls that were used last, as long as their files stay as they are."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Firewall] = OrderedDict()
        self._lines = 0

    def read(self, place: SiteFirewall) -> Firewall:
        """Read one firewall of a site, or return it as it was read; UnsupportedInputError when it is none.

        A firewall is the same for every site that names its files alike.
        """
        key = _key(place)
        if key is None:
            return configurations.read(place)
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        found = configurations.read(place)
        if key == _key(place):  # else a file was written to meanwhile
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


def _key(place: SiteFirewall) -> _Key | None:
    """What a firewall that is read depends on: the names of its files, their state, and its context.

    None where that is not known, as of standard input and of pipes.
    """
    states: list[object] = []
    for path in place.configs:
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        if not os.path.isfile(path):
            return None
        states.append((path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns))
    return (place.context, *states)
