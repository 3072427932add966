"""`tidy` on what 'show access-list' prints: the commands mean their own rows and no others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from aclproof import parsers
from aclproof.linter.audit.tidying import Tidying, tidy
from aclproof.linter.fix.entering import Entered
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.source import from_bytes

_GROUPS = {"WEB": ("10.0.0.0 255.255.255.254", "host 10.0.0.3"), "ALL": ("10.0.0.0 255.255.255.252",),
           "TWICE": ("host 10.0.0.1", "10.0.0.0 255.255.255.254")}
_ENDS = ("any", "host 10.0.0.1", "10.0.0.0 255.255.255.254", "10.0.0.2 255.255.255.254",
         *(f"object-group {name}" for name in _GROUPS))
_BASE = 10 << 24


class _Entry(NamedTuple):
    """One entry of a list, as it is configured."""

    words: str
    elements: Sequence[str] = ()
    """What the device makes of it, where it names a group."""


def _drawn(draw: random.Random) -> _Entry:
    action, protocol = draw.choice(("permit", "permit", "deny")), draw.choice(("tcp", "udp", "ip"))
    source, destination = draw.choice(_ENDS), draw.choice(_ENDS[:4])
    port = draw.choice((" eq www", " range 80 81", "")) if protocol != "ip" else ""
    log = draw.choice(("", "", "", " log informational interval 300"))
    group = _GROUPS.get(source.removeprefix("object-group "), ())
    return _Entry(f"{action} {protocol} {source} {destination}{port}{log}",
                  [f"{action} {protocol} {each} {destination}{port}{log}" for each in group])


def _listing(entries: Sequence[_Entry]) -> str:
    count = sum(len(each.elements) or 1 for each in entries)
    rows = ["access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)", "alert-interval 300",
            f"access-list IN; {count} elements; name hash: 0x4f2a9d10"]
    for number, each in enumerate(entries, 1):
        rows.append(f"access-list IN line {number} extended {each.words} (hitcnt=7) 0x11aa22bb ")
        rows += [f"  access-list IN line {number} extended {words} (hitcnt=3) 0x0a0b0c0d "
                 for words in each.elements]
    return "\n".join([*rows, ""])


def found_in(text: str) -> Tidying:
    return tidy(parsers.parse_all([from_bytes(text.encode(), "listing")]))


@pytest.mark.parametrize("seed", range(60))
def test_entries_of_an_asa_go_whole(seed: int) -> None:
    draw = random.Random(seed)
    entries = list({each.words.removesuffix(" log informational interval 300"): each
                    for each in (_drawn(draw) for _ in range(14))}.values())  # a device has none twice
    found = found_in(_listing(entries))
    gone = {each.removeprefix("no access-list IN extended ") for each in found.removal.commands}
    assert gone <= {each.words for each in entries}
    assert len(gone) == len(found.removal.commands)
    left = [each for each in entries if each.words not in gone]
    by_hand = Counter(found.by_hand.values())
    assert all("not all of these go" in why for why in by_hand)
    again = parsers.parse_all([from_bytes(_listing(left).encode(), "listing")])
    after = Entered.of(found.firewall).with_lines(found.removal.commands).firewall if gone else found.firewall
    for _ in range(300):
        packet = Packet(Family.V4, draw.choice((6, 17)), _BASE + draw.randrange(5), _BASE + draw.randrange(5),
                        50_000, draw.choice((79, 80, 81, 82)))
        assert _verdict(found.firewall, packet) == _verdict(after, packet) == _verdict(again, packet)


def test_such_entries_are_found() -> None:
    seen: Counter[str] = Counter()
    for seed in range(60):
        draw = random.Random(seed)
        entries = {each.words: each for each in (_drawn(draw) for _ in range(14))}
        found = found_in(_listing(list(entries.values())))
        seen["whole"] += len(found.removal.commands)
        seen["groups"] += sum("object-group" in each for each in found.removal.commands)
        seen["by hand"] += len(found.by_hand)
    assert min(seen.values()) > 20, seen


def _verdict(firewall: Firewall, packet: Packet) -> str:
    return trace_packet(parsers.through(firewall, "IN"), firewall.chains, packet, Context()).verdict
