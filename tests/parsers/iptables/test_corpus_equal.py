"""One rule set in several forms, and judged in two ways: packets at its edges get the same verdicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest

from aclproof import parsers
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.engine.stages import evaluate_stages
from aclproof.linter.trace.tracer import PacketTrace, trace_packet
from aclproof.parsers import source
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.conditions import Context, Fact, OnInterface, Opaque
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.intervals import IntervalSet, Range
from aclproof.parsers.model.packets import Box, Packet, size
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.parsers.model.services import TCP, UDP
from tests.parsers.iptables.boundaries import ANY_PORTS, Edges, edges, packets

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "iptables"

if not CORPUS.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)


@cache
def firewall(*names: str) -> Firewall:
    return parsers.parse_all([source.from_bytes((CORPUS / name).read_bytes(), name) for name in names])


def filters(found: Firewall, transit: Transit) -> list[Stage]:
    """The filter table alone: not every form shows the others."""
    return [stage for stage in parsers.stages(found, transit) if stage.name.startswith("filter ")]


def named(found: Firewall) -> list[str]:
    """The interfaces that rules name, and one that they do not."""
    names = {each.name.replace("+", "7") for chain in found.chains.values() for rule in chain.rules
             for each in rule.conditions if isinstance(each, OnInterface)}
    return sorted(names - {"lo"} | {"other0"})


def answered(*found: Firewall) -> dict[str, Fact]:
    """The usual answers to what no input of these shows: whether there are other tables beside its own."""
    return {each.key: each.usual for one in found for chain in one.chains.values() if chain.synthetic
            for rule in chain.rules for each in rule.conditions
            if isinstance(each, Opaque) and each.key and each.usual is not None and not each.relied_on}


_Met = list[tuple[str, int, bool]]


def met(found: Firewall, seen: PacketTrace) -> _Met:
    """The rules that a packet met, by their number in the chain, and whether that is certain."""
    return [(step.chain, _numbers(found, step.chain).get(step.by.line, 0), not step.unresolved)
            for step in seen.steps if isinstance(step.by, Rule)]


def _numbers(found: Firewall, chain: str) -> dict[int, int]:
    lines = dict.fromkeys(rule.line for rule in found.chains[chain].rules)
    return {line: number for number, line in enumerate(lines, 1)}


def asked(found: Firewall, family: Family, count: int) -> Iterator[tuple[Transit, Packet]]:
    """Packets at the edges of the filter table's rules, by every hook, with and without interfaces."""
    random = Random(found.name)
    rows = edges(found, family, [name for name in found.chains if name.startswith("filter/")])
    interfaces: list[str | None] = [None, *named(found)]
    for packet in packets(rows, family, random, count):
        ends = random.choice(interfaces), random.choice(interfaces)
        yield random.choice((Transit(family, ends[0], None, "input"), Transit(family, *ends),
                             Transit(family, None, ends[1], "output"))), packet


def compare(one: Firewall, other: Firewall, family: Family, count: int,
            facts: Mapping[str, Fact] = MappingProxyType({})) -> None:
    """Send packets through both: they meet the same rules, and end the same way."""
    context = Context({**answered(one, other), **facts})
    seen: Counter[str] = Counter()
    for transit, packet in asked(one, family, count):
        ours, theirs = (trace_packet(filters(firewall, transit), firewall.chains, packet, context)
                        for firewall in (one, other))
        assert ours.fates == theirs.fates, (packet, transit)
        assert met(one, ours) == met(other, theirs), (packet, transit)
        seen[ours.verdict] += 1
    print(f"\n{other.name}: {dict(seen)}")
    assert len(seen) > 1


def compare_without_interfaces(one: Firewall, listing: Firewall, family: Family, count: int) -> None:
    """`-L` without `-v` hides interfaces: what is certain with them must stay possible without."""
    context = Context(answered(one, listing))
    for transit, packet in asked(one, family, count):
        ours, theirs = (trace_packet(filters(each, transit), each.chains, packet, context)
                        for each in (one, listing))
        assert ours.fates <= theirs.fates, (packet, transit)
        assert {rule[:2] for rule in met(one, ours)} <= {rule[:2] for rule in met(listing, theirs)}


@pytest.mark.parametrize("back_end", ["legacy", "nft"])
@pytest.mark.parametrize(("form", "sets"), [("save-c", "save"), ("S", "save"), ("save", "list"),
                                            ("Lnv", "save"), ("Lnvx", "list")])
def test_one_ruleset_in_every_form(back_end: str, form: str, sets: str) -> None:
    kernel = f"kernel/coverage.{back_end}"
    saved = firewall(f"{kernel}.save", f"{kernel}.ipset-save")
    compare(saved, firewall(f"{kernel}.{form}", f"{kernel}.ipset-{sets}"), Family.V4, 1500)


@pytest.mark.parametrize("form", ["L", "Ln"])
def test_a_listing_without_interfaces_says_less_and_nothing_else(form: str) -> None:
    saved = firewall("kernel/coverage.nft.save", "kernel/coverage.nft.ipset-save")
    listing = firewall(f"kernel/coverage.nft.{form}", "kernel/coverage.nft.ipset-list")
    compare_without_interfaces(saved, listing, Family.V4, 1500)


def test_both_back_ends_print_the_same_rules() -> None:
    legacy, nft = (firewall(f"kernel/coverage.{each}.save", f"kernel/coverage.{each}.ipset-save")
                   for each in ("legacy", "nft"))
    compare(legacy, nft, Family.V4, 1500)


@pytest.mark.parametrize("form", ["S", "Lnv"])
def test_one_ipv6_ruleset_in_every_form(form: str) -> None:
    """Of all matches `eui64` alone shows nothing in a listing: it reads as if it held."""
    one, other = firewall("kernel/coverage6.nft.save"), firewall(f"kernel/coverage6.nft.{form}")
    compare(one, other, Family.V6, 800, {"eui64": True} if form == "Lnv" else {})


_LISTED = re.compile(r"(?<=tables)[._-](Lnv?)(?:-1)?(?=[._-]|$)")


def _hosts() -> list[tuple[str, str]]:
    """Listings of hosts that were saved the same moment, and those saves."""
    folder = CORPUS / "net-network"
    pairs = [(_LISTED.sub("-save", path.name), path.name) for path in sorted(folder.iterdir())]
    return [(save, listing) for save, listing in pairs if save != listing and (folder / save).exists()]


@pytest.mark.parametrize(("save", "listing"), _hosts())
def test_hosts_that_were_saved_and_listed_at_one_moment(save: str, listing: str) -> None:
    family = Family.V6 if listing.startswith("ip6tables") or "__ip6tables" in listing else Family.V4
    kind = _LISTED.search(listing)
    assert kind
    one, other = (firewall(f"net-network/{name}") for name in (save, listing))
    if kind[1] == "Lnv":
        compare(one, other, family, 400)
    else:
        compare_without_interfaces(one, other, family, 200)


def test_there_are_thirteen_such_hosts() -> None:
    assert len(_hosts()) == 13


# Springbok: scripts of one rule, and what it expects of INPUT

_EXPECTED = re.compile(r"ip_source: \\\[(?P<source>.*?)\\\].*action: (?P<action>\w+)$")


@pytest.mark.parametrize(("number", "interface", "rules"), [
    ("14", None, 1), ("16", None, 0), ("20", None, 1), ("24", "eth0", 1), ("26", None, 2), ("27", None, 2)])
def test_springbok_expects_the_same_verdicts(number: str, interface: str | None, rules: int) -> None:
    """Scripts are refused; those that only append become rule files without the word `iptables`."""
    script = (CORPUS / "springbok" / f"test_rule{number}.txt").read_text(encoding="utf-8")
    commands = re.findall("^iptables (-.*)", script, re.MULTILINE)
    text = "-P INPUT ACCEPT\n" * ("-P INPUT" not in script) + "\n".join([*commands, ""])
    found = parsers.parse(source.from_bytes(text.encode(), number))
    reference = (CORPUS / "springbok" / f"ref_rule{number}.txt").read_text(encoding="utf-8")
    expected = _EXPECTED.search(reference.splitlines()[0])
    assert expected
    chain = found.chains["filter/INPUT"].rules
    assert len({rule.line for rule in chain}) == rules
    if rules:
        assert chain[0].action.value == {"chainA": "jump"}.get(expected["action"], expected["action"])
        (written,) = spell(Family.V4, chain[0].sources.v4.ranges)
        assert re.fullmatch(expected["source"] or r"0\.0\.0\.0/0", written)
    stages = filters(found, Transit(Family.V4, interface, hook="input"))
    packet = Packet(Family.V4, TCP, 0x01010101, 1, 1024, 445)
    assert trace_packet(stages, found.chains, packet, Context(answered(found))).verdict == (
        "permit" if expected["action"] == "chainA" else expected["action"])


# The largest real rule set: sets of packets against single ones

CHAIR = "net-network/configs_chair_for_Network_Architectures_and_Services__{}tables-save-2016-06-27_16-29-01"


def _axis(random: Random, ranges: tuple[Range, ...], top: int) -> IntervalSet:
    """Some numbers around an end of a range."""
    low = max(random.choice(random.choice(ranges)) - random.choice((0, 1, 64)), 0)
    return IntervalSet.of((low, min(low + random.choice((0, 1, 200, 2000)), top)))


def _demand(random: Random, ends: tuple[Edges, Edges], family: Family) -> Box:
    sender, receiver = ends
    protocol = receiver.protocol if receiver.protocol in (TCP, UDP) else random.choice((TCP, UDP))
    assert protocol is not None
    return Box(family, protocol, _axis(random, sender.sources, family.last),
               _axis(random, receiver.destinations, family.last), IntervalSet.of((49152, 65535)),
               _axis(random, receiver.destination_ports or ANY_PORTS, 65535))


def _sampled(random: Random, box: Box) -> Packet:
    sources, destinations, source_ports, ports = (
        random.choice((random.randint, lambda low, high: random.choice((low, high))))(
            *random.choice(axis.ranges))
        for axis in (box.sources, box.destinations, box.source_ports, box.destination_ports))
    return Packet(box.family, box.protocol, sources, destinations, source_ports, ports)


def _facts(random: Random, keys: list[str]) -> dict[str, Fact]:
    """Facts for what cannot be known (MAC addresses, `recent`), so that rules deep down decide, too."""
    return {key: random.random() < (0.8 if key.startswith("mac") else 0.1)
            for key in keys if random.random() < 0.9}


def _by_network(found: Firewall, family: Family) -> dict[str, list[Edges]]:
    """The rules that each interface has chains of its own for, by the interface."""
    networks = {name: [chain for chain in found.chains
                       if chain.partition(" ")[0].endswith("_" + name.removeprefix("eth1."))]
                for name in named(found)}
    return {name: rows for name, chains in networks.items() if (rows := edges(found, family, chains))}


@pytest.mark.parametrize("family", Family)
def test_sets_say_of_the_largest_rule_set_what_the_tracer_says(family: Family) -> None:
    found = firewall(CHAIR.format("ip" if family is Family.V4 else "ip6"))
    random = Random(2016)
    keys = sorted({each.key for chain in found.chains.values() if not chain.synthetic for rule in chain.rules
                   for each in rule.conditions if isinstance(each, Opaque) and each.key})
    rows = _by_network(found, family)
    seen: Counter[str] = Counter()
    for _ in range(250):
        here, there = random.choice(list(rows)), random.choice(list(rows))
        box = _demand(random, (random.choice(rows[here]), random.choice(rows[there])), family)
        context = Context(_facts(random, keys))
        stages = parsers.stages(found, Transit(family, random.choice((here, here, None)), there))
        rules = {name: candidates(chain.rules, [box])[0] for name, chain in found.chains.items()}
        outcome, _ways = evaluate_stages(stages, rules, box, context)
        parts = {"permit": outcome.permitted, "deny": outcome.denied, "undecided": outcome.undecided}
        assert size([each for part in parts.values() for each in part]) == box.size
        for verdict, part in parts.items():
            for each in random.sample(part, min(len(part), 5)):
                packet = _sampled(random, each)
                assert packet in box
                assert trace_packet(stages, found.chains, packet, context).verdict == verdict, packet
                seen[verdict] += 1
    print(f"\n{found.name}: {dict(seen)}")
    assert min(seen[verdict] for verdict in ("permit", "deny", "undecided")) >= 10
