"""Random rule sets of every vendor: what a fix opens is exactly what was missing, packet by packet.

Packets are sent by the tracer, which shares no code with the sets; lines are entered into the texts by the
vendors' rules as the tests know them.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import given, note, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.fix.search import Fix, fix
from aclproof.linter.program import analyse
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers import source
from aclproof.parsers.model.addresses import Family, parse
from aclproof.parsers.model.conditions import ESTABLISHED, NEW, Context
from aclproof.parsers.model.firewall import Firewall, Transit
from tests.fix.entering import entered_asa, netsh_of, said_by_netsh, said_by_powershell
from tests.parsers.cisco_asa.asa import crossing, packet
from tests.parsers.windows.windows import Words, listing, profiles

AS_OF = date(2026, 1, 15)
SEEDS = st.integers(0, 2**32)
"""A rule set each: drawn rule by rule they would cost more, and be more alike."""
HALF = settings(max_examples=settings().max_examples // 2)
INSIDE, OUTSIDE = ["10.20.0.0", "10.20.0.3", "10.20.0.5"], "10.20.0.9"
CLIENTS = [*INSIDE, OUTSIDE]
"""One of each kind that the rules below tell apart, and one that is no client."""
MANAGEMENT, DISTRIBUTION, OTHER = SERVERS = ["10.1.1.11", "10.1.1.12", "10.1.1.13"]
PORTS = (80, 81, 445)
NEEDED = ((MANAGEMENT, 80), (DISTRIBUTION, 445))
ROLES = {"client": parse("10.20.0.0/29"), "management-point": parse(MANAGEMENT),
         "distribution-point": parse(DISTRIBUTION)}


def fixed(text: str, place: SiteFirewall, roles: Mapping[str, str] = {}) -> Fix:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fw.txt"
        path.write_text(text)
        site = Site(ROLES | {role: parse(each) for role, each in roles.items()},
                    (replace(place, configs=(str(path),)),),
                    methods=("group-policy", "software-distribution"), settings={"mode": "mixed"})
        return fix(analyse(site, AS_OF), AS_OF)


def lines_of(found: Fix) -> list[str]:
    return [line for each in found.snippets for line in each.lines]


def read(text: str) -> Firewall:
    return parsers.parse(source.from_bytes(text.encode(), "fw.txt"))


# Cisco ASA

ASA = SiteFirewall("fw", ())
INTERFACES = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif clients
 security-level 0
 ip address 10.20.0.254 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
object-group network SOME-CLIENTS
 network-object 10.20.0.0 255.255.255.252
object-group network MANAGEMENT
 network-object host 10.1.1.11
object-group network SERVERS
 network-object host 10.1.1.11
 network-object host 10.1.1.13
"""
SOURCES = ("any", "host 10.20.0.3", "10.20.0.4 255.255.255.252", "object-group SOME-CLIENTS",
           "object-group SOME-CLIENTS", "object-group SOME-CLIENTS")
TARGETS = ("any", "host 10.1.1.11", "host 10.1.1.12", "object-group MANAGEMENT", "object-group SERVERS")
SERVICES = ("", " eq 80", " eq 80", " eq 445", " eq 445", " range 80 81", " gt 100")


@given(SEEDS)
def test_asa(seed: int) -> None:
    rng = Random(seed)
    parts = (("permit tcp ", "permit tcp ", "deny tcp "), SOURCES, (" ",), TARGETS, SERVICES)
    entries = ["access-list IN extended " + "".join(map(rng.choice, parts)) for _ in range(rng.randint(0, 8))]
    end = rng.choice(([], ["access-list IN extended deny ip any any"]))
    text = INTERFACES + "\n".join(["access-list IN remark nothing else", *entries, *end,
                                   "access-group IN in interface clients"]) + "\n"
    note(text)
    found = fixed(text, ASA)
    changed = entered_asa(text, lines_of(found))
    assert found.unfixed == ()
    assert through_asa(changed) == through_asa(text) | needed_of("")
    assert not found.snippets or fixed(changed, ASA).snippets == ()


def needed_of(*kinds: str) -> set[tuple[str, str, str, int]]:
    return {(kind, client, server, port) for kind in kinds for client in INSIDE for server, port in NEEDED}


def through_asa(text: str) -> set[tuple[str, str, str, int]]:
    firewall = read(text)
    return {("", client, server, port) for client in CLIENTS for server in SERVERS for port in PORTS
            if crossing(firewall, packet(client, server, "tcp", port), "clients", "servers") == "permit"}


def test_a_member_more_is_enough_where_a_group_is_for_it() -> None:
    text = INTERFACES + """\
access-list IN extended permit tcp object-group SOME-CLIENTS object-group MANAGEMENT eq www
access-list IN extended permit tcp object-group SOME-CLIENTS host 10.1.1.12 eq 445
access-group IN in interface clients
"""
    assert lines_of(fixed(text, ASA)) == [
        "object-group network SOME-CLIENTS", " network-object 10.20.0.4 255.255.255.252"]
    for other in ("access-list IN extended permit tcp object-group SOME-CLIENTS host 10.1.1.13 eq 22\n",
                  "nat (clients,servers) source static SOME-CLIENTS SOME-CLIENTS\n",
                  "object-group network ALL\n group-object SOME-CLIENTS\n",
                  "access-list CRYPTO extended permit ip object-group SOME-CLIENTS any\n"
                  "crypto map M 1 match address CRYPTO\n"):
        assert not any("SOME-CLIENTS" in line and line.startswith("object-group network ")
                       for line in lines_of(fixed(text + other, ASA))), other


# iptables

LINUX = SiteFirewall("fw", (), {"client": "eth1", "management-point": "eth0", "distribution-point": "eth0"})
ENDS = ("", "", "", "-s 10.20.0.0/30 ", "-s 10.20.0.3/32 ", "-s 10.1.1.0/24 ", "-d 10.1.1.11/32 ",
        "-d 10.1.1.12/32 ", "-s 10.20.0.0/29 -d 10.1.1.8/29 ")
WAYS = ("", "", "", "-i eth1 ", "-i eth0 ", "-o eth0 ")
TESTS = ("", "", "", "-p tcp -m tcp --dport 80 ", "-p tcp -m tcp --dport 445 ", "-p udp ",
         "-p tcp -m multiport --dports 80,81 ", "-p tcp -m tcp --sport 80 ")
STATES = ("", "", "", "-m state --state NEW ", "-m state --state NEW ",
          "-m state --state RELATED,ESTABLISHED ", "-m state --state INVALID ")
ANSWERS = "-m state --state RELATED,ESTABLISHED -j ACCEPT"


TARGETS_OF = {"FORWARD": ("ACCEPT", "DROP", "RETURN", "LOG"), "one": ("ACCEPT", "DROP", "RETURN"),
              "two": ("ACCEPT", "DROP", "RETURN", "REJECT")}
CALLS = {"FORWARD": ("-j one", "-g one", "-j two"), "one": ("-j two", "-g two"), "two": ()}


@HALF
@given(SEEDS)
def test_iptables(seed: int) -> None:
    rng = Random(seed)
    specs = rng.choice(([], [f"-A FORWARD {ANSWERS}"]))
    for name, most in (("FORWARD", 6), ("one", 4), ("two", 3)):
        ends = [*(f"-j {target}" for target in TARGETS_OF[name]), *CALLS[name]]
        specs += [f"-A {name} " + "".join(map(rng.choice, (ENDS, WAYS, TESTS, STATES, ends)))
                  for _ in range(rng.randint(0, most))]
    policy = rng.choice(("DROP", "DROP", "ACCEPT"))
    text = "\n".join(["*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {policy} [0:0]",
                      ":OUTPUT ACCEPT [0:0]", ":one - [0:0]", ":two - [0:0]", *specs, "COMMIT", ""])
    note(text)
    found = fixed(text, LINUX)
    changed = entered_save(text, lines_of(found))
    assert found.unfixed == ()
    assert through_linux(changed) == through_linux(text) | needed_of("first", "later", "back")
    assert not found.snippets or fixed(changed, LINUX).snippets == ()


def entered_save(text: str, commands: Sequence[str]) -> str:
    """Count the rules of a chain as the kernel does."""
    dump = text.splitlines()
    for command in commands:
        _, verb, chain, *rest = shlex.split(command)
        here = [at for at, line in enumerate(dump) if line.startswith(f"-A {chain} ")]
        at = dump.index("COMMIT")
        if verb == "-I":
            number, *rest = rest
            at = here[int(number) - 1]
        dump.insert(at, f"-A {chain} {' '.join(rest)}")
    return "\n".join(dump) + "\n"


def through_linux(text: str) -> set[tuple[str, str, str, int]]:
    firewall = read(text)
    there, back = (parsers.stages(firewall, Transit(Family.V4, *ends)) for ends in (
        ("eth1", "eth0"), ("eth0", "eth1")))
    passing = set()
    for client in CLIENTS:
        for server in SERVERS:
            for port in PORTS:
                asked = packet(client, server, "tcp", port)
                answer = replace(asked, source=asked.destination, destination=asked.source,
                                 source_port=port, destination_port=asked.source_port)
                for kind, stages, sent, state, flags in (
                        ("first", there, asked, NEW, 0x02), ("later", there, asked, ESTABLISHED, 0x10),
                        ("back", back, answer, ESTABLISHED, 0x12)):
                    context = Context(states=frozenset({state}), flags=frozenset({flags}))
                    if trace_packet(stages, firewall.chains, sent, context).verdict == "permit":
                        passing.add((kind, client, server, port))
    return passing


# Windows

HOST = SiteFirewall("fw", (), host=("management-point", "distribution-point"), profile="domain")
REMOTE = ("Any", "10.20.0.0/29", "10.20.0.0/29", "10.20.0.0-10.20.0.3", "10.20.0.3/32,10.20.0.5/32")


@HALF
@given(SEEDS)
def test_windows(seed: int) -> None:
    rng = Random(seed)
    words = [Words(f"rule {number}", rng.choice(("Yes", "No")),
                   profiles=rng.choice(("Domain", "Domain,Private", "Public")), remote_ip=rng.choice(REMOTE),
                   local_port=rng.choice(("80", "80", "445", "445", "80,445", "80-81", "0-65535")),
                   protocol=rng.choice(("TCP", "TCP", "TCP", "UDP")),
                   action=rng.choice(("Allow", "Allow", "Allow", "Allow", "Block")))
             for number in range(rng.randint(0, 6))]
    text = written(words)
    note(text)
    found = fixed(text, HOST, {"distribution-point": MANAGEMENT})
    changed = written(entered_windows(words, lines_of(found)))
    ports = {80, 445} - {port for each in found.unfixed
                         for port in ([80] if "HTTP" in each.demand.requirement.id else [445])}
    needed = {(client, port) for client in INSIDE for port in ports}
    assert through_windows(changed) == through_windows(text) | needed
    assert not found.snippets or fixed(changed, HOST, {"distribution-point": MANAGEMENT}).snippets == ()
    for each in found.unfixed:
        assert any("blocks, and that wins" in reason for reason in each.because)


def written(words: Sequence[Words]) -> str:
    return profiles() + listing(*words)


def entered_windows(words: Sequence[Words], lines: Sequence[str]) -> list[Words]:
    """What `show rule` prints after commands: a rule more, or one that is on."""
    after = list(words)
    for line in lines:
        if line.startswith("Set-NetFirewallRule "):
            said = said_by_powershell(line)
            assert said["Enabled"] == "True"
            assert [each.name for each in after].count(said["DisplayName"]) == 1
            after = [replace(each, enabled="Yes") if each.name == said["DisplayName"] else each
                     for each in after]
        elif netsh_of(line, "set"):
            said = said_by_netsh(line)
            assert said["enable"] == "yes"
            assert [each.name for each in after].count(said["name"]) == 1
            after = [replace(each, enabled="Yes") if each.name == said["name"] else each for each in after]
        elif netsh_of(line, "add"):
            said = said_by_netsh(line)
            after.append(Words(said["name"], profiles=said["profile"].capitalize(),
                               remote_ip=said["remoteip"], protocol=said["protocol"],
                               local_port=said["localport"], program=said.get("program", "")))
    return after


def through_windows(text: str) -> set[tuple[str, int]]:
    firewall = read(text)
    stages = parsers.stages(firewall, Transit(Family.V4, hook="input", profile="domain"))
    return {(client, port) for client in CLIENTS for port in PORTS
            if trace_packet(stages, firewall.chains, packet(client, MANAGEMENT, "tcp", port),
                    Context(listener="http-sys" if port == 80 else "system-smb")).verdict == "permit"}


def test_a_rule_that_is_off_and_exact_is_switched_on() -> None:
    words = [Words("Shares for the plant", enabled="No", profiles="Domain", remote_ip="10.20.0.0/29",
                   local_port="445"),
             Words("Web", enabled="No", profiles="Domain", local_port="80")]
    lines = lines_of(fixed(written(words), HOST, {"distribution-point": MANAGEMENT}))
    command = 'netsh advfirewall firewall set rule name="Shares for the plant" dir=in new enable=yes'
    other = "Set-NetFirewallRule -DisplayName 'Shares for the plant' -Enabled True"
    assert lines[:2] == [command, f"# or, from Windows 8 and Server 2012 on: {other}"]
    assert any(re.match("netsh .* localport=80 program=System remoteip=10.20.0.0/29$", each)
               for each in lines)
