"""Translation at the members of a bridge: lines name members, since none may name the bridge (routed mode).

By which member packets come is not in the file. What the lines of all members do alike is done to them;
what only some do leaves open what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.model.firewall import Interface
from aclproof.reason import Reason

_WHICH = Reason("it is for one member of a bridge, and by which member the packets pass is not in the file; "
                "name it: 'interfaces: {{ROLE: NAME}}'")


def with_bridges(lines: Sequence[Nat], interfaces: Sequence[Interface]) -> list[Nat]:
    """Return the lines, and after each what it does between the bridges of the members that it names."""
    bridges = {each.name: each.bridge for each in interfaces if each.bridge}
    if not bridges:
        return list(lines)
    found = list(lines)
    for behind in (True, False):
        found = list(_at_one_end(found, bridges, behind=behind))
    return found


def _at_one_end(lines: Sequence[Nat], bridges: dict[str, str], *, behind: bool) -> Iterator[Nat]:
    alike: dict[Nat, set[str]] = {}
    for line in lines:
        member = line.behind if behind else line.towards
        if member in bridges:
            alike.setdefault(_at(line, bridges[member], behind=behind), set()).add(member)
    done: set[Nat] = set()
    for line in lines:
        yield line
        member = line.behind if behind else line.towards
        if member not in bridges:
            continue
        bridge = bridges[member]
        anywhere = _at(line, bridge, behind=behind)
        if alike[anywhere] < {name for name, of in bridges.items() if of == bridge}:
            yield Nat("unread", line.line, *_ends(anywhere), because=_WHICH)
        elif anywhere not in done:
            done.add(anywhere)
            yield replace(anywhere, line=line.line)


def _at(line: Nat, bridge: str, *, behind: bool) -> Nat:
    """The line as if it named the bridge; as no line in particular, to be compared with others."""
    if behind:
        return replace(line, line=0, behind=bridge)
    return replace(line, line=0, towards=bridge)


def _ends(line: Nat) -> tuple[str | None, str | None]:
    return line.behind, line.towards
