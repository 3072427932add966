"""Connection security rules as the registry holds them (MS-GPFAS 2.2.6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aclproof.parsers.windows.records import connection_security, spelling
from aclproof.parsers.windows.records.connection_security import ConnectionRule, Requires
from aclproof.parsers.windows.records.rule import Barrier
from aclproof.parsers.windows.registry.rule_string import Pairs, pairs

_REQUIRES: Mapping[str, Requires] = {
    "secureserver": ("In",), "secure": ("In", "Out"), "boundary": (), "donotsecure": ()}
"""By the action (MS-FASP 2.2.52)."""
_LAST_PROTOCOL = 255


def barriers(text: str, name: str, line: int) -> Iterator[Barrier]:
    """Yield what a rule may stop, by its value in the registry; `name` is the value's."""
    try:
        found = pairs(text)
        required = _REQUIRES[found["action"][-1].lower()]
    except (ValueError, KeyError) as error:
        yield connection_security.unread(line, name, error)
        return
    if found.get("active", ["FALSE"])[-1].upper() == "FALSE":
        return
    protocol = found.get("protocol", [""])[-1]
    yield from connection_security.barriers(ConnectionRule(
        line, found.get("name", [name])[-1], required, _end(found, "ep1"), _end(found, "ep2"),
        int(protocol) if protocol.isdecimal() and int(protocol) <= _LAST_PROTOCOL else None,
        connection_security.profiles(found.get("profile", ()))))


def _end(found: Pairs, end: str) -> tuple[str, ...]:
    return tuple(spelling.address(each, family) for family in "46"
                 for each in found.get(f"{end}_{family}", ()))
