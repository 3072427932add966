"""Connection security rules (MS-GPFAS 2.2.6.2): those that require IPsec stop what is not authenticated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aclproof.parsers.model.reason import Reason
from aclproof.parsers.windows.records import spelling
from aclproof.parsers.windows.records.rule import Barrier, Direction, WindowsRule
from aclproof.parsers.windows.registry.rule_string import Pairs, pairs

_KEY = "connection security rules"
_SHOWN_BY = "netsh advfirewall consec show rule name=all"
_REQUIRES: Mapping[str, tuple[Direction, ...]] = {
    "secureserver": ("In",), "secure": ("In", "Out"), "boundary": (), "donotsecure": ()}
"""Which ways a rule lets nothing pass that is not authenticated (MS-FASP 2.2.52)."""
_ENDS = ("ep1_4", "ep1_6"), ("ep2_4", "ep2_6")


def barriers(text: str, name: str, line: int) -> Iterator[Barrier]:
    """Yield what a rule may stop, by its value in the registry; `name` is the value's."""
    try:
        found = pairs(text)
        required = _REQUIRES[found["action"][-1].lower()]
    except (ValueError, KeyError) as error:
        yield Barrier(line, "", Reason("what the connection security rule '{name}' means: {reason}",
                                       name=name, reason=str(error)))
        return
    if found.get("active", ["FALSE"])[-1].upper() == "FALSE" or not required:
        return
    shown = found.get("name", [name])[-1]
    yield Barrier(
        line, _KEY, Reason("whether the connection security rule '{name}' stops packets that IPsec does not "
                           "authenticate", name=shown),
        tuple(_rule(found, shown, line, way, ends) for way in required for ends in (_ENDS, _ENDS[::-1])),
        _SHOWN_BY)


def _rule(found: Pairs, name: str, line: int, way: Direction,
          ends: tuple[tuple[str, ...], ...]) -> WindowsRule:
    """What it concerns one way round; which end is this computer is not said. Ports only narrow it."""
    protocol = found.get("protocol", ["256"])[-1]
    local, remote = (tuple(spelling.address(each, key[-1]) for key in end for each in found.get(key, ()))
                     for end in ends)
    return WindowsRule(line, name, way, "Block", enabled=True, local_addresses=local, remote_addresses=remote,
                       protocol=int(protocol) if protocol.isdecimal() and int(protocol) < 256 else None)
