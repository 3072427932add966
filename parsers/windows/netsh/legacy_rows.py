"""The rows of the tables that `netsh firewall show config` prints: services, programs, ports, ICMP types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from aclproof.parsers.windows.records.rule import WindowsRule
from aclproof.parsers.windows.registry import exceptions
from aclproof.parsers.windows.registry.exceptions import Scope
from aclproof.reason import Reason

MODES = {"Enable": True, "Disable": False}
_SERVICES = {each.name: each for each in (
    exceptions.FILES, exceptions.ADMINISTRATION, exceptions.DESKTOP, exceptions.UPNP)}

Cells = Mapping[str, str]
"""A row by its columns; ValueError and KeyError say that it cannot be read."""


def _service(cells: Cells, scope: Scope) -> Iterator[WindowsRule]:
    name, enabled = cells["Name"], MODES[cells["Mode"]]
    if cells.get("Customized", "No") != "No":
        scope = scope._replace(tests=(*scope.tests, f"{name}: Customized"))
    known = _SERVICES.get(name)
    if known:
        yield from exceptions.service(known, scope, enabled=enabled)
    elif enabled:
        yield exceptions.unknown(name, scope)


def _program(cells: Cells, scope: Scope) -> Iterator[WindowsRule]:
    name, slash, path = cells["Name / Program"].rpartition(" / ")
    if not slash or not path:
        raise ValueError(Reason("no NAME / PROGRAM"))
    yield from exceptions.programs(path, name, scope, enabled=MODES[cells["Mode"]])


def _port(cells: Cells, scope: Scope) -> Iterator[WindowsRule]:
    if not cells["Port"].isdecimal():
        raise ValueError(Reason("'{text}' is no port", text=cells['Port']))
    yield exceptions.opened(exceptions.PROTOCOLS[cells["Protocol"].lower()], cells["Port"], cells["Name"],
                            scope, enabled=MODES[cells["Mode"]])


def _icmp(cells: Cells, scope: Scope) -> Iterator[WindowsRule]:
    """ICMP exceptions have no scope; types that go out are none of the firewall's allow rules."""
    kind = int(cells["Type"])
    if kind in exceptions.ICMP_TYPES.values():
        yield exceptions.icmp(kind, cells["Description"], scope._replace(hidden=frozenset()),
                              enabled=MODES[cells["Mode"]])


TABLES: Mapping[str, Callable[[Cells, Scope], Iterator[WindowsRule]]] = {
    "Service": _service, "Allowed programs": _program, "Port": _port, "ICMP": _icmp}
"""What reads a row, by the first words of the table's heading."""
