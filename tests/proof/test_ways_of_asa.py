"""Packets through an ASA that translates them: which lists see what, and by which interface they leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.reports.writing import wording
from aclproof.linter.result import DemandResult
from aclproof.linter.site import reader
from tests.parsers.cisco_asa.asa import INTERFACES
from tests.parsers.cisco_asa.test_nat import BRIDGE

SITE = """\
settings: {{mode: mixed}}
methods: [group-policy]
roles: {{client: [{client}], management-point: [{server}]}}
firewalls:
  - {{name: fw, config: fw.cfg{more}}}
"""
REAL, MAPPED = "10.1.0.5", "10.2.0.50"
OBJECTS = f"object network REAL\n host {REAL}\nobject network MAPPED\n host {MAPPED}\n" \
          "object network HIDING\n host 10.1.9.9\n"
PUBLISHED = f"object network REAL\n nat (inside,dmz) static {MAPPED}\n"
CLIENTS = "10.2.7.0/24"
ALL_CLIENTS, HALF = "10.2.7.0 255.255.255.0", "10.2.7.0 255.255.255.128"
OLD = "8.2(5)"


def http(folder: Path, lines: str, *, version: str = "9.12(4)", client: str = CLIENTS, server: str = MAPPED,
         more: str = "", head: str = INTERFACES) -> DemandResult:
    """What becomes of HTTP to the management point; `lines` come after the interfaces and objects."""
    head = head.replace("9.12(4)", version) + ("" if version == OLD else OBJECTS)
    (folder / "fw.cfg").write_text(f"{head}{lines}: end\n")
    (folder / "aclproof.yaml").write_text(SITE.format(client=client, server=server, more=more))
    found = check(reader.read(folder / "aclproof.yaml"))
    return next(each for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")


def into(interface: str, *entries: str, way: str = "in") -> str:
    """A list of entries for HTTP, bound there."""
    name = f"{interface}_{way}"
    lines = "".join(f"access-list {name} extended {each}{'' if ' ip ' in each else ' eq 80'}\n"
                    for each in entries)
    return f"{lines}access-group {name} {way} interface {interface}\n"


def flows(found: DemandResult) -> list[str]:
    return [wording.flow(box).partition("  ")[0] for box in (
        *(box for part in found.missing for box in part.boxes),
        *(box for part in found.undecided for box in part.boxes))]


HIDDEN = "nat (dmz,inside) source dynamic any HIDING\n"
BOTH = "nat (dmz,inside) source dynamic any HIDING destination static MAPPED REAL\n"


@pytest.mark.parametrize(("nat", "server"), [(PUBLISHED, MAPPED), (HIDDEN, REAL), (BOTH, MAPPED)])
def test_lists_hold_real_addresses_and_results_those_that_were_sent(tmp_path: Path, nat: str,
                                                                    server: str) -> None:
    for way in ("in", "out"):
        at = "dmz" if way == "in" else "inside"
        passes = into("dmz", "permit ip any any") if way == "out" else ""
        whole = into(at, f"permit tcp {ALL_CLIENTS} host {REAL}", way=way)
        assert http(tmp_path, nat + passes + whole, server=server).verdict.value == "met"
        half = into(at, f"permit tcp {HALF} host {REAL}", way=way)
        found = http(tmp_path, nat + passes + half, server=server)
        assert (found.verdict.value, flows(found)) == ("missing", [f"10.2.7.128/25 -> {server}"])


OLD_BOTH = f"static (inside,dmz) {MAPPED} {REAL} netmask 255.255.255.255\n" \
           "static (dmz,inside) 10.1.9.0 10.2.7.0 netmask 255.255.255.0\n"


@pytest.mark.parametrize(("entry", "left"), [
    (f"permit tcp 10.1.9.0 255.255.255.0 host {REAL}", []),
    (f"permit tcp 10.1.9.0 255.255.255.128 host {REAL}", [f"10.2.7.128/25 -> {MAPPED}"]),
    (f"permit tcp {ALL_CLIENTS} host {REAL}", [f"{CLIENTS} -> {MAPPED}"]),
    (f"permit tcp 10.1.9.0 255.255.255.0 host {MAPPED}", [f"{CLIENTS} -> {MAPPED}"])])
def test_before_8_3_a_list_on_the_way_out_sees_both_ends_translated(tmp_path: Path, entry: str,
                                                                    left: list[str]) -> None:
    came = into("dmz", f"permit tcp {ALL_CLIENTS} host {MAPPED}")
    found = http(tmp_path, OLD_BOTH + came + into("inside", entry, way="out"), version=OLD)
    assert (found.verdict.value, flows(found)) == ("missing" if left else "met", left)


@pytest.mark.parametrize(("stopped", "left"), [
    ("10.2.7.0 255.255.255.128", ["10.2.7.0/25"]), ("10.1.9.0 255.255.255.192", ["10.2.7.0/26"]),
    ("10.3.0.0 255.255.0.0", [])])
def test_one_list_on_both_ways_sees_packets_before_and_after(tmp_path: Path, stopped: str,
                                                             left: list[str]) -> None:
    """What it stops as they come in, and what it stops as they leave: its lines are asked twice."""
    both = into("dmz", f"deny tcp {stopped} any", "permit ip any any") + \
        "access-group dmz_in out interface inside\n"
    found = http(tmp_path, OLD_BOTH + both, version=OLD)
    assert (found.verdict.value, flows(found)) == ("missing" if left else "met",
                                                   [f"{each} -> {MAPPED}" for each in left])


OWN = "10.1.0.1"


@pytest.mark.parametrize(("nat", "client", "server", "entry", "left"), [
    # the firewall's own address: its lists do not say what becomes of that
    ("", CLIENTS, OWN, "permit ip any any", [OWN]),
    ("", CLIENTS, OWN, "permit tcp any host 10.9.9.9", [OWN]),
    ("", CLIENTS, f"{OWN}, {REAL}", f"permit tcp any host {REAL}", [OWN]),
    ("", "192.0.2.128/25", f"{OWN}, 10.2.0.60", "permit ip any any", [OWN]),  # another one by another way
    # an address that stands for another host towards the clients' side, dialled from elsewhere
    (PUBLISHED, "10.1.7.0/24", MAPPED, "permit ip any any", [MAPPED]),
    (PUBLISHED.replace(MAPPED, "10.2.0.2"), "10.1.7.0/24", "10.2.0.1-10.2.0.2", "permit ip any any",
     ["10.2.0.1-10.2.0.2"]),  # and one that is the firewall's own: nobody is left
    (PUBLISHED.replace("dmz", "outside"), "10.1.7.0/24", MAPPED, "permit ip any any", []),  # on another side
    # in the midst of a network neither is meant
    (PUBLISHED, "10.1.7.0/24", "10.2.0.0/24", "permit ip any any", []),
    ("", CLIENTS, "10.1.0.0/24", "permit tcp any 10.1.0.0 255.255.255.0", [])])
def test_no_host_has_these_addresses(tmp_path: Path, nat: str, client: str, server: str, entry: str,
                                     left: list[str]) -> None:
    others = into("inside", "permit ip any any") + into("outside", "permit ip any any")
    found = http(tmp_path, nat + into("dmz", entry) + others, client=client, server=server)
    assert not found.missing
    assert flows(found) == [f"{client} -> {each}" for each in left]


def test_the_line_is_named_that_gives_the_address_to_another_host(tmp_path: Path) -> None:
    lines = f"{PUBLISHED}object network OTHER\n host 10.1.0.6\n nat (inside,dmz) static 10.2.0.51\n"
    found = http(tmp_path, lines, client="10.1.7.0/24", server=f"{MAPPED}, 10.2.0.51")
    assert {str(because) for part in found.undecided for because in part.because} == {
        f"fw: no host has {published}: line {line} translates it, and not for these packets"
        for published, line in ((MAPPED, 21), ("10.2.0.51", 24))}


FAR = "object network FAR\n host 10.99.0.9\n nat (inside,outside) static 192.0.2.50\n" \
      "route inside 10.0.0.0 255.0.0.0 10.1.0.254\nroute dmz 10.99.0.0 255.255.0.0 10.2.0.254\n"
KEPT = "object network FAR\n host 10.99.0.9\n" \
       "nat (inside,outside) source static FAR FAR{}\n" \
       "route inside 10.0.0.0 255.0.0.0 10.1.0.254\nroute dmz 10.99.0.0 255.255.0.0 10.2.0.254\n"


@pytest.mark.parametrize(("nat", "server", "stopped_at"), [
    (FAR, "192.0.2.50", "inside"), (KEPT.format(""), "10.99.0.9", "inside"),
    (KEPT.format(" route-lookup"), "10.99.0.9", "dmz")])
def test_the_line_that_translates_says_where_packets_leave(tmp_path: Path, nat: str, server: str,
                                                           stopped_at: str) -> None:
    """Guide to 8.4, "Determining the Egress Interface": not the route, unless the line asks for that."""
    for at in ("inside", "dmz"):
        stop = into(at, "deny ip any any", way="out")
        found = http(tmp_path, nat + into("outside", "permit ip any any") + stop, client="192.0.2.128/25",
                     server=server)
        assert found.verdict.value == ("missing" if at == stopped_at else "met")


@pytest.mark.parametrize(("more", "expected"), [
    ("", "missing"), (", interfaces: {management-point: inside}", "met"),
    (", interfaces: {management-point: outside}", "undecided")])
def test_a_line_sends_packets_where_no_route_leads(tmp_path: Path, more: str, expected: str) -> None:
    """Message 110003, unless the site file says that the host is there."""
    astray = f"object network MAPPED\n nat (inside,dmz) static {MAPPED}\n".replace("MAPPED", "FAR", 1)
    lines = f"object network FAR\n host 172.16.9.9\n{astray}{into('dmz', 'permit ip any any')}"
    assert http(tmp_path, lines, more=more).verdict.value == expected
    learning = INTERFACES.replace("10.1.0.1 255.255.0.0", "dhcp")
    perhaps = "undecided" if expected == "missing" else expected
    assert http(tmp_path, lines, more=more, head=learning).verdict.value == perhaps


def test_a_transparent_firewall_has_no_routes_to_ask(tmp_path: Path) -> None:
    """FW, NAT, "Determining the Egress Interface": there the MAC address of the real one decides."""
    head = "ASA Version 9.12(4)\nfirewall transparent\n" + "".join(
        f"interface GigabitEthernet0/{at}\n nameif {name}\n bridge-group 1\n security-level {level}\n"
        for at, (name, level) in enumerate([("dmz", 50), ("inside", 100)]))
    head += "interface BVI1\n ip address 10.2.0.250 255.255.0.0\n"
    lines = PUBLISHED + into("dmz", "permit ip any any")
    assert http(tmp_path, lines, head=head, more=", interfaces: {client: dmz}").verdict.value == "met"


PAIR = "nat (dmz) 1 10.2.0.0 255.255.0.0\nglobal (outside) 1 interface\n"


@pytest.mark.parametrize("line", [
    "nat (dmz) 0 access-list LOST\n",
    "access-list P extended deny tcp any any eq 80\naccess-list P extended permit ip any any\n"
    "nat (dmz) 5 access-list P\nglobal (outside) 5 192.0.2.60\n"])
def test_what_a_line_is_perhaps_not_for_may_be_refused_below(tmp_path: Path, line: str) -> None:
    """Guide to 8.2, "NAT Control": without a `global` for the way out, and with nat-control without any line,
    hosts do not get there (messages 305006, 305005)."""
    found = [http(tmp_path, line + more, version=OLD, server="192.0.2.77").verdict.value for more in (
        "", "nat-control\n", f"nat-control\n{PAIR}", PAIR.replace("outside", "inside"))]
    assert found == ["met", "undecided", "met", "undecided"]


def test_a_way_names_what_is_translated(tmp_path: Path) -> None:
    found = http(tmp_path, PUBLISHED + into("dmz", "permit ip any any"))
    assert found.hops[0].ways == (f"dmz -> inside, to {REAL} by line 21",)


def test_a_line_that_cannot_be_read_may_translate_what_is_dialled(tmp_path: Path) -> None:
    found = http(tmp_path, into("dmz", "permit ip any any") + "nat (inside,dmz) source static REAL NOWHERE\n",
                 server=REAL)
    assert any("to which address this line translates" in part.because[0] for part in found.undecided)


WHICH = "which line translates the answers: it depends on the address that these packets get"


def test_answers_that_are_translated_back_for_some_addresses_of_a_pool_only(tmp_path: Path) -> None:
    """A server that opens a connection to one address of the pool is another one there."""
    pool = "object network POOL\n range 10.1.9.8 10.1.9.9\nobject network ONE\n host 10.1.9.8\n" \
           "nat (inside,dmz) source static REAL MAPPED destination static ONE ONE\n" \
           "nat (dmz,inside) source dynamic any POOL\n"
    found = http(tmp_path, pool + into("dmz", "permit ip any any"), server=REAL)
    assert [part.because for part in found.undecided] == [(f"fw: {WHICH}",)]


DHCP = ("192.0.2.2 255.255.255.0", "dhcp")
TO_OUTSIDE = "route outside 198.51.100.0 255.255.255.0 192.0.2.1\n"
HIDES = "nat (inside) 1 10.1.7.0 255.255.255.0\nglobal (outside) 1 interface\n"
HIDES_NEW = "nat (inside,outside) source dynamic any interface\n"
FROM, WEB = "permit tcp 10.1.7.0 255.255.255.0 any", "permit tcp any any"


@pytest.mark.parametrize(("lines", "version", "fate"), [
    (HIDES, OLD, "met"), (HIDES + into("outside", WEB, way="out"), OLD, "undecided"),
    (HIDES + into("outside", WEB), OLD, "met"), (HIDES + into("dmz", WEB, way="out"), OLD, "met"),
    (HIDES_NEW + into("outside", FROM, way="out"), "9.12(4)", "met"),
    (HIDES_NEW + into("outside", "permit tcp host 192.0.2.2 any", way="out"), "9.12(4)", "missing")])
def test_a_list_on_the_way_out_and_an_address_that_nobody_knows(tmp_path: Path, lines: str, version: str,
                                                                fate: str) -> None:
    """Hosts get the address of an interface that has it from DHCP: before 8.3 the list sees that."""
    found = http(tmp_path, lines + TO_OUTSIDE, version=version, client="10.1.7.0/24", server="198.51.100.7",
                 head=INTERFACES.replace(*DHCP))
    assert found.verdict.value == fate


def test_answers_to_an_address_that_nobody_knows_may_be_translated_back(tmp_path: Path) -> None:
    head = INTERFACES.replace("10.1.0.1 255.255.0.0", "dhcp")
    head += "route inside 10.1.0.0 255.255.0.0 10.1.0.254\n"
    hides = "nat (dmz,inside) source dynamic any interface\n" + into("dmz", "permit ip any any")
    another = "object network ONE\n host 10.1.9.8\n" \
              "nat (inside,dmz) 1 source static REAL MAPPED destination static ONE ONE\n"
    assert http(tmp_path, hides, server=REAL, head=head).verdict.value == "met"
    found = http(tmp_path, hides + another, server=REAL, head=head)
    assert [part.because for part in found.undecided] == [(f"fw: {WHICH}",)]


@pytest.mark.parametrize(("client", "server", "fate"), [
    ("10.1.7.0/24", "192.0.2.77", "met"), ("10.1.7.0/24", "10.1.0.5", "undecided")])
def test_hosts_of_one_bridge_may_be_behind_different_ports(tmp_path: Path, client: str, server: str,
                                                           fate: str) -> None:
    found = http(tmp_path, "", client=client, server=server, head=BRIDGE)
    assert found.verdict.value == fate
    if fate == "undecided":
        assert "both ends are behind the bridge inside" in found.undecided[0].because[0]
