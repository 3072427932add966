"""Every option of a set that is known, and what it has to do with what the set matches (ipset(8))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Option(NamedTuple):
    """A row: how far it is read, whether a value follows, and what it does or why that is nothing."""

    kind: Literal["exact", "open", "harmless"]
    valued: bool
    why: str


_ROOM = "how members are stored; what a full set refuses is no member"
_NOTE = "kept beside a member, and asked by no test of membership"
_TOOL = "a word for the tool that adds"

OPTIONS: Mapping[str, Option] = {
    "family": Option("exact", True, "whose addresses the members are"),
    "netmask": Option("exact", True, "widens addresses, on sets of single ones"),
    "timeout": Option("exact", True, "members leave by themselves: taken as they were saved"),
    "bitmask": Option("open", True, "widens addresses to a mask with holes"),
    **{name: Option("harmless", True, _ROOM) for name in (
        "hashsize maxelem bucketsize initval size gc probes resize").split()},
    **{name: Option("harmless", True, "what numbers the set can hold: the members lie among them")
       for name in ("range", "from", "to")},
    "markmask": Option("harmless", True, "only sets of marks have it, and those are open"),
    "forceadd": Option("harmless", False, _ROOM),
    "counters": Option("harmless", False, _NOTE), "comment": Option("harmless", False, _NOTE),
    "skbinfo": Option("harmless", False, f"{_NOTE}: SET --map-set is asked itself"),
    "-exist": Option("harmless", False, _TOOL), "-!": Option("harmless", False, _TOOL),
    "exist": Option("harmless", False, _TOOL),
}
"""Options of `create`; one that is not here leaves the members in doubt."""

COMMANDS = {
    "create": "create", "-N": "create", "--create": "create", "n": "create", "add": "add", "-A": "add",
    "--add": "add", "flush": "flush", "-F": "flush", "--flush": "flush", "destroy": "destroy",
    "-X": "destroy", "x": "destroy", "--destroy": "destroy",
}
"""Commands of ipset, in every spelling."""
EXTENSIONS = frozenset("timeout packets bytes skbmark skbprio skbqueue".split())
"""What may follow a member."""
