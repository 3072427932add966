"""`show running-config access-group`, `same-security-traffic` and `interface`: what is configured.

Of `access-group` only what is there is an answer: which other lists a file asks about does not show here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command

_BOUND = re.compile(r"access-group (\S+) (?:(in|out) interface (\S+)|global)(?: per-user-override)?")
_SAME = re.compile(r"same-security-traffic permit (inter-interface|intra-interface)")
_SUBINTERFACE = re.compile(r"interface (\S+\.\d+)")
_WHICH = ("inter-interface", "intra-interface")


def bindings(command: Command) -> Iterator[Settled]:
    """Yield the lists that are bound."""
    if not command.is_show("running-config", "access-group"):
        return
    for line in command.answer:
        if (found := _BOUND.fullmatch(line.text)) and line.whole:
            where = f"{found[2]} {found[3]}" if found[2] else "in global"
            yield Settled(f"access-group {found[1]} {where}", True, line.number)


def same_security(command: Command) -> Iterator[Settled]:
    """Yield for both kinds whether such traffic passes: the answer shows all that is permitted."""
    if not command.is_show("running-config", "same-security-traffic") or len(command.words) > 3:
        return
    lines = [line for line in command.answer if line.text]
    said = {found[1]: line.number for line in lines if (found := _SAME.fullmatch(line.text))}
    whole = command.ended and not command.filtered and len(said) == len(lines)
    yield from (Settled(f"same-security-traffic {which}", which in said, said.get(which, command.line.number),
                        whole) for which in _WHICH)


def vlans(command: Command) -> Iterator[Settled]:
    """Yield for each subinterface whether it has a VLAN."""
    name, number, has = "", 0, False
    for line in command.answer if command.is_show("running-config", "interface") else ():
        begins = _SUBINTERFACE.fullmatch(line.text)
        if name and not line.text.startswith(" "):
            yield Settled(f"vlan of {name}", has, number, not command.filtered)
            name = ""
        if begins:
            name, number, has = begins[1], line.number, False
        has = has or line.text.startswith(" vlan ")
    if name:
        yield Settled(f"vlan of {name}", has, number, command.ended and not command.filtered)
