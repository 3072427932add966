"""What replaces lines that open too much, against every packet of a small universe, for each make of firewall."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from aclproof.linter.audit.narrowing import narrow
from aclproof.linter.audit.rewriting import Rewriting
from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from tests.audit.test_surplus import CLIENTS, PORTS, SERVERS, Entry, Point, asa, entries, iptables, nftables, windows
from tests.oracle.asks import Ask, pack

DAY = date(2026, 11, 30)
CLIENT, SERVER = addresses.parse("10.0.0.0").v4.lowest, addresses.parse("10.1.0.0").v4.lowest
SOURCE_PORT = 50_000
POINTS = list(product(CLIENTS, SERVERS, PORTS))
LISTS: dict[Callable[[list[Entry]], str], str] = {asa: "IN", iptables: "filter/FORWARD", nftables: "ip filter forward"}


def with_handles(some: list[Entry]) -> str:
    """As `nft -a list ruleset` prints it."""
    lines = nftables(some).split("\n")
    return "\n".join(f"{line} # handle {number}" if line.endswith((" accept", " drop", "{")) else line
                     for number, line in enumerate(lines, 1))


def site_of(folder: Path, write: Callable[[list[Entry]], str], some: list[Entry], asks: Sequence[Ask]) -> Analysis:
    (folder / "pack.yaml").write_text(pack(list(asks)))
    text = with_handles(some) if write is nftables else write(some)
    (folder / "fw").write_text(text)
    ends = {"client": "in" if write is asa else "eth0", "server": "out" if write is asa else "eth1"}
    files = (str(folder / "fw"),)
    place = SiteFirewall("fw", files, host=("server",), profile="domain") if write is windows else \
        SiteFirewall("fw", files, ends)
    return analyse(Site({"client": addresses.parse("10.0.0.1-10.0.0.3"), "server": addresses.parse("10.1.0.0/31")},
                        (place,), packs=(str(folder / "pack.yaml"),)), DAY)


def passing(firewall: Firewall, chain: str, without: Collection[int] = ()) -> set[Point]:
    """Every packet that the first rule that matches permits, by hand; windows has its blocks first."""
    rules = [rule for rule in firewall.chains[chain].rules if rule.line not in without]
    found = set()
    for client, server, port in POINTS:
        first = next((rule for rule in rules if _matches(rule, CLIENT + client, SERVER + server, port)), None)
        if first and first.action is Action.PERMIT:
            found.add((client, server, port))
    return found


def _matches(rule: Rule, source: int, destination: int, port: int) -> bool:
    if not rule.enabled or any(isinstance(each, InState) and "NEW" not in each.states for each in rule.conditions):
        return False
    return (source in rule.sources.of(Family.V4) and destination in rule.destinations.of(Family.V4)
            and any(6 in each.protocols and SOURCE_PORT in each.source_ports and port in each.destination_ports
                    for each in rule.services))


def opened(found: Rewriting) -> set[Point]:
    boxes = [box for each in found.snippets for box in each.opens]
    return {(client, server, port) for client, server, port in POINTS
            if any(_in(box, CLIENT + client, SERVER + server, port) for box in boxes)}


def _in(box: Box, source: int, destination: int, port: int) -> bool:
    return source in box.sources and destination in box.destinations and port in box.destination_ports


def points(some: list[Entry], write: Callable[[list[Entry]], str], lines: Collection[int]) -> set[Point]:
    """What some lines permit, by their text."""
    first = next(number for number, line in enumerate(write(some).split("\n"), 1) if "10.0.0." in line
                 and "10.1.0." in line)
    return {point for line in lines for point in some[line - first].points}


SEEN: Counter[str] = Counter()


@pytest.mark.parametrize("write", [asa, iptables, nftables])
@pytest.mark.parametrize("seed", range(40))
def test_exact(seed: int, write: Callable[[list[Entry]], str], tmp_path: Path) -> None:
    """Wanted packets fare as before; others as in the list without the lines that go."""
    some = list(entries(random.Random(seed)))
    site = site_of(tmp_path, write, some, [Ask("client", "tcp", "81-82")])
    wanted = set(product(range(1, 4), range(2), range(81, 83)))
    before, chain = site.firewalls["fw"], LISTS[write]
    passed = passing(before, chain)
    found = narrow("fw", site, DAY)
    assert [each.surplus[0].line for each in found.singly] == [each.line for each in surpluses("fw", site)]
    for each in (*found.singly, found.together) if found.singly else ():
        assert not each.refused and each.after
        gone = {surplus.line for surplus in each.surplus}
        rest = passing(before, chain, gone)
        assert passing(each.after.firewalls["fw"], chain) == (passed & wanted) | (rest - wanted)
        assert passed & wanted - rest <= opened(each) <= wanted & points(some, write, gone)
        after = {result.requirement.id: (result.verdict, result.coverage) for result in each.after.results}
        assert after == {result.requirement.id: (result.verdict, result.coverage) for result in site.results}
        SEEN["open" if each.still_open else "closed"] += 1
    if found.together.after:
        assert not list(surpluses("fw", found.together.after))
