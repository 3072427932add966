"""Real and public rule sets: nothing crashes, nothing is lost, and machine-checked bounds are respected."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers import source
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.services import ICMP, TCP, UDP
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.iptables.boundaries import ANY_PORTS, Edges, packets

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "iptables"

if not CORPUS.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

NAMES = [str(path.relative_to(CORPUS)) for path in sorted(CORPUS.rglob("*")) if path.is_file()]

REFUSED = {
    r"jc/.*\.json|kernel/behaviour/verdicts\.tsv|springbok/ref_.*|batfish/.*\.ref|.*__src|"
    r"kernel/mixed_legacy_nft\..*|springbok/test_rule1[23]\.txt":
        "no firewall configuration that is known here",
    r".*__ip-addr-.*": "interfaces and routes, without the rules",
    r"springbok/test_.*|.*_startup_script\.txt|.*__iptables_ruleset(_updated)?\.txt|.*bash_history.*|"
    r".*appscale__.*": "a shell script that calls iptables",
    r"kernel/coverage\..*\.ipset-(list|save)": "ipsets without the rules that use them",
    r"net-network/found_online__pastebin\.com_FNwfaEED__.*": "an output of testaca2, beside those of",
    r"kernel/normalised/.*\.rules\.del\.(Lnv|save)": "the file is empty",
}
"""What holds no rules (expected results, other commands' outputs, scripts), and which cause is named."""

NO_DUMPS = {
    "semantics/golden_": "output of a tool, whose lines begin like rules",
    "batfish/unsupported_command": "commands that no rule file has",
    "misc/openwrt_iptables.txt": "all its rules begin with `X-A`",
}
"""What is read as far as it goes, but must not count for or against."""

_FORUM = "net-network/found_online__openwrt.org__iptables-save-AA.txt"

EXCEPTIONS = {
    "misc/riker_rules.v4:1": "a policy above the first table, which iptables-restore refuses",
    "misc/riker_rules.v4:2": "the same",
    "misc/riker_rules.v4:3": "the same",
    "misc/rpi3_rules.v4:13": "`-m --comment` names no match; iptables refuses it",
    f"{_FORUM}:25": "wrapped by the forum within an address",
    f"{_FORUM}:26": "the same",
    f"{_FORUM}:86": "wrapped within ACCEPT",
    f"{_FORUM}:88": "wrapped within --ctstate",
    f"{_FORUM}:118": "wrapped within DNAT",
    f"{_FORUM}:122": "the same",
    f"{_FORUM}:123": "the same",
    "semantics/parser_test_iptables-save:12": "a made-up option, `--something-else`",
}
"""Rule lines that stay unread, and why that is right."""


@cache
def firewall(name: str) -> Firewall | str:
    """What became of a file: the firewall, or why it was refused."""
    try:
        return parsers.parse(source.from_bytes((CORPUS / name).read_bytes(), name))
    except UnsupportedInputError as error:
        return str(error)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_read_or_refused_in_one_line(name: str) -> None:
    found = firewall(name)
    causes = [cause for pattern, cause in REFUSED.items() if re.fullmatch(pattern, name)]
    if isinstance(found, str):
        assert re.match(re.escape(name) + r"(:\d+)?: ", found)
        assert "\n" not in found
        assert causes
        assert causes[0] in found
        return
    assert not causes
    text = (CORPUS / name).read_bytes().decode("utf-8", errors="replace")
    assert found.line_counts.total == len(text.removesuffix("\n").split("\n"))
    assert len([note for note in found.notes if note.state is State.UNREAD]) == found.line_counts.unread


def test_99_percent_of_the_rule_lines_are_understood_or_kept() -> None:
    counted: Counter[str] = Counter()
    unread: set[str] = set()
    for name in NAMES:
        found = firewall(name)
        if isinstance(found, str) or name.startswith(tuple(NO_DUMPS)):
            continue
        noted = {note.span.first_line: note for note in found.notes}
        lost = {line for line, note in noted.items() if (note.state is State.UNREAD and note.decides)
                or note.reason.startswith("open for what passes its other tests")}
        for line in lost | {rule.line for chain in found.lists.values() for rule in chain.rules}:
            state = noted[line].state if line in noted else State.UNDERSTOOD
            counted[state.value] += 1
            assert state is not State.APPROXIMATED or noted[line].span.text, "kept with its text"
        unread |= {f"{name}:{line}" for line in lost}
    print(f"\n{counted.total()} rule lines: {dict(counted)}")
    assert counted.total() > 50_000
    assert unread == set(EXCEPTIONS)
    assert counted["unread"] <= counted.total() / 100


# Bounds that a tool with machine-checked proofs computed (Iptables_Semantics)

_PROTOCOLS = {"all": None, "tcp": TCP, "udp": UDP, "icmp": ICMP}
_PORTS = re.compile(r"([sd]pt)s?:(\d+)(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a simplified rule list."""

    permits: bool
    edges: Edges

    def matches(self, packet: Packet) -> bool:
        protocol, *sets = self.edges
        axes = packet.source, packet.destination, packet.source_port, packet.destination_port
        return protocol in (None, packet.protocol) and all(
            low <= number <= high for number, ((low, high),) in zip(axes, sets, strict=True))


def bound(name: str, chain: str) -> list[Row]:
    """Read a list naively; a row that is not of its few words fails the test."""
    found: list[Row] = []
    inside = False
    for line in (CORPUS / "semantics" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("Chain "):
            inside = line == f"Chain {chain} (policy ACCEPT)"
        words = line.split()
        if not inside or words[:1] not in (["ACCEPT"], ["DROP"]):
            continue
        ports = {"spt": ANY_PORTS, "dpt": ANY_PORTS}
        for word in words[5:]:
            numbers = _PORTS.fullmatch(word)
            assert numbers or word in ("tcp", "udp"), line
            if numbers:
                ports[numbers[1]] = ((int(numbers[2]), int(numbers[3] or numbers[2])),)
        source_, destination = (((int(net[0]), int(net[-1])),) for net in map(ip_network, words[3:5]))
        found.append(Row(words[0] == "ACCEPT", Edges(_PROTOCOLS[words[1]], source_, destination,
                                                     ports["spt"], ports["dpt"])))
    return found


def permitted(rows: list[Row], packet: Packet) -> bool:
    return next((row.permits for row in rows if row.matches(packet)), True)


@dataclass(frozen=True, slots=True)
class Case:
    """The bounds of one chain, the rule set that they are of, and where its packets come from."""

    bound: str
    rules: str
    hook: Hook
    behind: tuple[tuple[str, str], ...] = ()
    """Which network the tool was given behind an interface."""
    others: tuple[str, ...] = ("other0",)
    """Interfaces that it was given no network for."""
    vague: float = 0.0
    """How often at most we do not know where both bounds agree, when the interfaces are not given."""


_COMPANY = "net-network/configs_medium-sized-company__iptables-save.iptables_mainfw_31.01.2016"
"""Of the two dumps only this one opens UDP 1194 and lists hosts in FW-OPEN, as the bounds do."""

CASES = [
    Case("configs_ugent__iptables.Ln.INP", "net-network/configs_ugent__iptables-save", "input"),
    Case("sargon__iptables-save.txt.Ln.INP", "net-network/found_online__sargon__iptables-save.txt", "input",
         (("lo", "127.0.0.0/8"),), ("br-ffgc", "eth0", "eth1", "icvpn", "tun-anonvpn", "other0")),
    Case("openvpn.eu__iptables-save.Ln.FWD", "net-network/found_online__openvpn.eu__iptables-save", "forward",
         (("eth0", "192.168.0.0/24"), ("eth1", "192.168.2.0/24")), vague=0.8),
    Case("pastebin.com_bbWXHaTn__iptables-save.Ln.FWD",
         "net-network/found_online__pastebin.com_bbWXHaTn__iptables-save", "forward",
         others=("docker0", "other0")),
    Case("openwrt.org__iptables-save-AA.txt_fixed_newline.Ln.FWD", _FORUM, "forward",
         others=("eth0", "eth0.2", "tun0", "br-lan", "other0")),
    Case("linux.gda.pl__firewallp.txt.Ln.FWD", "semantics/linux.gda.pl_firewallp.txt", "forward"),
    Case("medium-sized-company__iptables-save.Ln.FWD", _COMPANY, "forward", (("eth0", "172.16.2.0/24"),),
         vague=0.15),
    Case("medium-sized-company__iptables-save.Ln.INP", _COMPANY, "input",
         (("eth0", "172.16.2.0/24"), ("lo", "127.0.0.0/8")), vague=1.0),
]
"""Left out: the bounds of docker_topos, whose rule set is not in the corpus."""

_WRAPPED = re.compile(" {123}")
"""What the forum put in where it wrapped a line; the bounds are of the lines without."""


@pytest.mark.parametrize("known", [False, True], ids=["anywhere", "placed"])
@pytest.mark.parametrize("case", CASES, ids=lambda each: each.bound[:20] + each.bound[-4:])
def test_the_bounds_hold(case: Case, known: bool) -> None:
    """The tool looked at the filter table, for packets in state NEW.

    An interface with a network, as it was given, became a test of the source: such packets must come by it,
    and no others. Tests that it does not know (other interfaces, `recent`, ICMP types, connlimit) hold or not
    as is worse, so the bounds are of every other place that packets may come by and go to. With all
    interfaces known we must know whatever both bounds know.
    """
    text = _WRAPPED.sub("", (CORPUS / case.rules).read_text(encoding="utf-8"))
    found = parsers.parse(source.from_bytes(text.encode(), case.rules))
    chain = "INPUT" if case.hook == "input" else "FORWARD"
    lower, upper = (bound(f"{case.bound}.{which}", chain) for which in ("lower", "upper"))
    random = Random(case.bound)
    seen: Counter[str] = Counter()
    for packet in packets([row.edges for row in lower + upper], Family.V4, random, 2500):
        transit = Transit(Family.V4, hook=case.hook)
        if known:
            transit = replace(transit, ingress=_ingress(case, packet, random),
                              egress=random.choice(case.others) if case.hook == "forward" else None)
        stages = [stage for stage in parsers.stages(found, transit) if stage.name == f"filter {chain}"]
        verdict = trace_packet(stages, found.chains, packet, Context()).verdict
        may, must = permitted(upper, packet), permitted(lower, packet)
        assert may or not must
        assert may or verdict != "permit", (packet, transit)
        assert not must or verdict != "deny", (packet, transit)
        seen.update([verdict, *["agreed"] * (may == must),
                     *["vague"] * (may == must and verdict == "undecided")])
    print(f"\n{case.bound}{' placed' * known}: {dict(seen)}")
    assert seen["vague"] <= (0 if known else case.vague * seen["agreed"])


def _ingress(case: Case, packet: Packet, random: Random) -> str:
    at = ip_address(packet.source)
    return next((name for name, network in case.behind if at in ip_network(network)),
                random.choice(case.others))
