"""How packets, counts and foreign text are written for people, the same in every report."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from linter.engine.packets import Box, icmp_kind
from linter.result import Coverage, DemandResult, Line, Missing
from parsers.model.addresses import spell
from parsers.model.intervals import IntervalSet
from parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from rules.pack import AllOf, AnyOf, Citation, Equals, RolePresent, When

MOST_RANGES = 6
"""So many ranges are written out; the rest is counted."""


def visible(text: str) -> str:
    """Make control, bidi and other invisible characters visible, so that text cannot act on a terminal.

    Nor on a CI runner: GitHub's obeys `##[command]` anywhere in a line.
    """
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _escaped(each) for each in text)
    return text.replace("##[", "##\\x5b")


def as_json(value: object) -> str:
    """Write JSON that means the same and in which foreign text cannot act where it is printed."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)
    text = text.replace("##[", "##\\u005b")
    return msgspec.json.format(text, indent=2) + "\n"  # json's own indentation takes ten times as long


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def few(words: Sequence[str], most: int = MOST_RANGES) -> str:
    """Join words, and count what does not fit."""
    if len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def ports(numbers: IntervalSet, most: int = MOST_RANGES) -> str:
    """Write ports as numbers and ranges."""
    return few([str(low) if low == high else f"{low}-{high}" for low, high in numbers.ranges], most)


def service(box: Box) -> str:
    """Write what a box asks for: `TCP 445`, `ICMP echo request`."""
    name = PROTOCOL_NAMES.get(box.protocol, f"protocol {box.protocol}").upper()
    if is_icmp(box.protocol):
        kinds = [icmp_kind(box.protocol, low) for low, _ in box.source_ports.ranges]
        return f"{name} {', '.join(kinds)}"
    tail = "" if box.destination_ports == ANY_PORT else f" {ports(box.destination_ports)}"
    source = "" if box.source_ports == ANY_PORT else f" from source port {ports(box.source_ports)}"
    return f"{name}{tail}{source}"


def flow(box: Box, most: int = MOST_RANGES) -> str:
    """Write a box on one line: who to whom, which service."""
    source = few(spell(box.family, box.sources.ranges), most)
    destination = few(spell(box.family, box.destinations.ranges), most)
    return f"{source} -> {destination}  {service(box)}"


def share(coverage: Coverage) -> str:
    """Say how much of a demand does not surely pass, never rounded to nothing or to everything."""
    lost = coverage.required - coverage.permitted
    if lost == coverage.required:
        return "all of it"
    percent = 100 * lost / coverage.required
    return f"{'less than 1' if percent < 1 else 'more than 99' if percent > 99 else f'{percent:.0f}'} % of it"


def later(part: Missing) -> str:
    """What to do about packets behind the first one of a connection."""
    if any(is_icmp(box.protocol) for box in part.boxes):
        return ("the answer does not come back: let the firewall follow ICMP (inspect icmp), or permit the "
                "echo reply")
    which = "answers do not come back" if part.leg == "reply" else "later packets of a connection are stopped"
    return f"{which}: accept what belongs to a connection (state ESTABLISHED)"


def telling(each: DemandResult, *, every: bool = False) -> list[Line]:
    """For every hop the line that best shows that it lets the demand through, or `every` line that does."""
    lines = dict.fromkeys(part.permitted_by for part in each.evidence)
    by_hop = [[line for line in lines if line.firewall == hop.firewall] for hop in each.hops]
    return [line for some in by_hop for line in (some if every else some[:1])]


def condition(when: When | None) -> str:
    """Say when a requirement applies: `when mode is native`."""
    match when:
        case None:
            return "always"
        case Equals(setting=name, value=value):
            return f"when {name} is {value}"
        case RolePresent(role=role):
            return f"when the site has a {role}"
        case AnyOf(branches=branches):
            return " or ".join(condition(each) for each in branches)
        case AllOf(branches=branches):
            return " and ".join(condition(each) for each in branches)


def cited(citation: Citation) -> str:
    """Say where a source asks for something."""
    return f"{citation.page}, table '{citation.table}', row {citation.row}"
