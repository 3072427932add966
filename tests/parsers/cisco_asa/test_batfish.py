"""What Batfish expects of its ASA test configurations (AsaGrammarTest, Apache-2.0), expected of ours.

Where Batfish decides about a name without a definition, or about groups that no ASA takes, we say that it
is open.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.proof.nat_table import first_nat_matches
from aclproof.parsers import source as sources
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from tests.parsers.cisco_asa.asa import crossing, packet, through

FOLDER = Path(__file__).parents[3].parent / "shared" / "corpus" / "asa" / "batfish"

if not FOLDER.is_dir():
    pytest.skip("no 'shared/corpus' next to the checkout, which holds the public configurations",
                allow_module_level=True)

ONLY_READ = {
    "asa-gh-6042": "references of crypto maps", "asa-gh-8134": "a route without a next hop",
    "asa-humanname": "a host name", "asa-interface": "addresses and MTU", "asa-nat-object-refs": "references",
    "asa-session": "sessions of traceroute", "asa_banner": "a banner", "parsing_asa_acl": "parsing only",
    "parsing_asa_banner": "parsing only", "parsing_asa_object_groups": "parsing only",
    "aclAsa": "a mask that is spelled in full", "asa-nat-twice-dynamic": "names of address spaces"}
"""Files whose expectation says nothing about packets, and what it is about instead."""
LEVELS = "asa-security-level"
FILTERED = f"{LEVELS}-permit-tracing"


def read(name: str, more: str = "") -> Firewall:
    """As the file is; `object-group group KIND` is Batfish's way to write a group of groups."""
    text = (FOLDER / name).read_text()
    text = re.sub(r"^object-group group ", "object-group ", text, flags=re.MULTILINE)
    text = re.sub(r"(\S) +! .*$", r"\1", text, flags=re.MULTILINE)
    return parsers.parse(sources.from_bytes((text + "\n" + more).encode(), name))


def test_every_file_is_asked_or_read() -> None:
    named = {row[0] for row in WAYS + GROUPS + LEFT} | set(ONLY_READ) | {
        "asa-static-route", "asa-nat-mixed", "network-object", "asa-acl-object", "asa-service-object-inline"}
    assert named == {each.name for each in FOLDER.iterdir()}


@pytest.mark.parametrize("name", sorted(ONLY_READ))
def test_what_is_not_about_packets_reads_without_loss(name: str) -> None:
    text = (FOLDER / name).read_bytes()
    firewall = parsers.parse(sources.from_bytes(text, name))
    assert firewall.line_counts.total == len(text.splitlines())


WAYS = [
    # testAsaSecurityLevel: OSPF, by the interfaces it enters and leaves
    *((LEVELS, way, "89", 0, "deny") for way in (
        ("all-trust", "all-trust"), ("inside", "inside"), ("some-trust", "some-trust"),
        ("outside", "outside"), ("all-trust", "inside"), ("inside", "all-trust"), ("some-trust", "inside"),
        ("outside", "inside"), ("outside", "some-trust"))),
    *((LEVELS, way, "89", 0, "permit") for way in (
        ("inside", "some-trust"), ("inside", "outside"), ("some-trust", "outside"))),
    # testAsaSecurityLevelPermitBoth, ...PermitInter
    *((f"{LEVELS}-permit-both", way, "89", 0, "permit") for way in (
        ("name1", "name1"), ("name2", "name2"), ("name1", "name2"), ("name2", "name1"))),
    *((f"{LEVELS}-permit-inter", way, "89", 0, "permit") for way in (("name1", "name2"), ("name2", "name1"))),
    *((f"{LEVELS}-permit-inter", way, "89", 0, "deny") for way in (("name1", "name1"), ("name2", "name2"))),
    # testAsaSecurityLevelDenyTracing
    *((f"{LEVELS}-deny-tracing", (entry, "out"), "tcp", 123, "deny") for entry in (
        "out", "inSameLevel", "inLowUnfiltered")),
    # testAsaSecurityLevelPermitTracing: the list out of `out` decides, after the levels
    *((FILTERED, (entry, "out"), "tcp", port, verdict)
      for entry in ("out", "inSameLevel", "inLowFiltered", "inHigh")
      for port, verdict in ((123, "permit"), (80, "deny"), (22, "deny"))),
    # testAsaFilters, testAsaSecurityLevelAndFilters
    ("asa-filters", ("name2", "name1"), "89", 0, "deny"),
    ("asa-filters", ("name1", "name5"), "tcp", 1, "deny"),
    ("asa-filters", ("name1", "name5"), "tcp", 123, "permit"),
    ("asa-filters", ("name4", "name3"), "tcp", 123, "permit"),
    ("asa-filters", ("name4", "name3"), "tcp", 1, "deny"),
    # testAsaFiltersGlobal
    *(("asa-filters-global", way, "tcp", port, verdict) for way in (("name1", "name2"), ("name2", "name1"))
      for port, verdict in ((123, "permit"), (1, "deny")))]


@pytest.mark.parametrize(("name", "way", "protocol", "port", "verdict"), WAYS)
def test_levels_and_lists_decide(
        name: str, way: tuple[str, str], protocol: str, port: int, verdict: str) -> None:
    one = packet("8.8.8.8", "9.9.9.9", protocol, port, 0 if protocol == "89" else 1)
    assert crossing(read(name), one, *way) == verdict


ICMP, PROTOCOLS, SERVICES = (f"asa-nested-{kind}-object-group"
                             for kind in ("icmp-type", "protocol", "service"))
GROUPS = [
    # testAsaNestedIcmpTypeObjectGroup
    *((ICMP, "icmp any any object-group services", ("icmp", 0, kind), verdict) for kind, verdict in (
        (0, "permit"), (3, "permit"), (5, "permit"), (30, "deny"))),
    (ICMP, "icmp any any object-group mixed_group", ("icmp", 0, 18), "undecided"),  # a member is undefined
    # testAsaNestedProtocolObjectGroup
    *((PROTOCOLS, "object-group protocols any any", (protocol, 1, 65535), verdict) for protocol, verdict in (
        ("2", "permit"), ("tcp", "permit"), ("89", "permit"), ("51", "deny"))),
    (PROTOCOLS, "object-group mixed_group any any", ("gre", 0, 0), "undecided"),  # a member is undefined
    # testAsaNestedServiceObjectGroup nests groups for UDP in one for both, which an ASA refuses
    *((SERVICES, f"{protocol} any any object-group services", (protocol, port, 65535), "undecided")
      for protocol, port in (("udp", 53), ("udp", 1), ("tcp", 1))),
    *((SERVICES, f"{protocol} any any object-group {group}", (protocol, port, 65535), verdict)
      for group, protocol, port, verdict in (
          ("service1", "udp", 53, "permit"), ("service1", "tcp", 53, "permit"),
          ("service2", "udp", 1234, "permit"), ("service3", "tcp", 2350, "permit"),
          ("service3", "tcp", 2446, "deny"))),
    # testAsaServiceObject
    *(("asa-service-object", "object-group OGS1 any any", flow, verdict) for flow, verdict in (
        (("tcp", 1, 65535), "permit"), (("udp", 1, 65535), "permit"), (("tcp", 1, 65534), "deny"),
        (("udp", 1234, 1), "permit"), (("udp", 1235, 1), "permit"), (("udp", 1236, 3), "permit"),
        (("udp", 1, 3020), "permit"), (("udp", 1236, 1), "deny"))),
    ("asa-service-object", "object OS_ICMP any any", ("icmp", 0, 8), "permit"),
    ("asa-service-object", "object OS_ICMP any any", ("icmp", 0, 0), "deny"),
    ("asa-service-object", "object-group OGS_UNDEF_OS any any", ("udp", 1236, 1), "undecided"),
    ("asa-service-object", "object-group OGS_UNDEF_OGS any any", ("udp", 1236, 1), "undecided"),
    # testAsaGh5875
    *(("asa-gh-5875", f"object-group {group} any any", (protocol, 7, 7), verdict)
      for group, protocol, verdict in (
        ("IP_GROUP", "tcp", "permit"), ("IP_GROUP", "89", "permit"), ("TCP_GROUP", "tcp", "permit"),
        ("TCP_GROUP", "udp", "deny"), ("AH_GROUP", "51", "permit"), ("AH_GROUP", "tcp", "deny")))]


@pytest.mark.parametrize(("name", "ace", "flow", "verdict"), GROUPS)
def test_groups_hold_what_their_members_hold(
        name: str, ace: str, flow: tuple[str, int, int], verdict: str) -> None:
    protocol, port, from_ = flow
    firewall = read(name, f"access-list ASKED extended permit {ace}\n")
    assert through(firewall, packet("8.8.8.8", "9.9.9.9", protocol, port, from_), "ASKED") == verdict


@pytest.mark.parametrize(("acl", "one", "verdict"), [
    ("ACL_ICMP", packet("8.8.8.8", "9.9.9.9", "icmp", 0, 8), "permit"),
    ("ACL_ICMP", packet("8.8.8.8", "9.9.9.9", "icmp", 0, 0), "deny"),
    ("ACL_OSPF", packet("8.8.8.8", "9.9.9.9", "89", 0, 0), "permit"),
    ("ACL_OSPF", packet("8.8.8.8", "9.9.9.9", "udp", 0, 0), "deny")])
def test_services_by_their_own_name(acl: str, one: Packet, verdict: str) -> None:
    """testAsaServiceObjectInline."""
    assert through(read("asa-service-object-inline"), one, acl) == verdict


def test_objects_on_every_place_of_an_ace() -> None:
    """testAsaAclObject."""
    firewall = read("asa-acl-object")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "icmp", 0, 8), "acl1") == "permit"
    for other in (packet("2.2.2.2", "1.1.1.1", "icmp", 0, 8), packet("1.1.1.1", "2.2.2.2", "icmp", 0, 0)):
        assert through(firewall, other, "acl1") == "deny"


@pytest.mark.parametrize(("group", "address", "verdict"), [
    ("object ON1", "1.2.3.4", "permit"), ("object ON1", "2.2.2.0", "deny"),
    ("object ON2", "2.2.2.0", "permit"), ("object ON2", "2.2.2.255", "permit"),
    ("object ON2", "1.2.3.4", "deny"),
    ("object-group OGN", "1.2.3.4", "permit"), ("object-group OGN", "3.3.3.3", "permit"),
    ("object-group OGN", "2.2.2.0", "undecided")])
def test_network_objects_and_their_group(group: str, address: str, verdict: str) -> None:
    """testNetworkObject; the group has a member without a definition."""
    firewall = read("network-object", f"access-list ASKED extended permit ip {group} any\n")
    assert through(firewall, packet(address, "9.9.9.9", "tcp", 1), "ASKED") == verdict


def test_routes_with_their_interface_and_metric() -> None:
    """testAsaStaticRoute."""
    found = {(str(ipaddress.ip_address(each.network)), each.length, each.interface, each.metric)
             for each in read("asa-static-route").routes if each.metric}
    assert found == {("0.0.0.0", 0, "ifname", 2), ("1.0.0.0", 8, "ifname", 3)}


# Translation


def test_the_order_of_the_lines() -> None:
    """testAsaNatOrder."""
    name = "asa-nat-mixed"
    firewall = read(name)
    order = list(dict.fromkeys(each.line for each in firewall.translations))
    texts = [firewall.source.span(line).text for line in order]
    assert [" ".join(text.split()[1:4]) for text in texts] == [
        "(inside,outside) source static", "(inside,outside) source dynamic",
        "(inside,outside) static 192.168.6.0", "(inside,outside) static 192.168.4.0", "static 192.168.2.0",
        "(outside,inside) static 192.168.1.0", "(outside,inside) static 192.168.5.0",
        "(inside,outside) dynamic source-mapped-3", "(inside,outside) after-auto source",
        "(inside,outside) after-auto source"]


STATIC, DYNAMIC = "asa-nat-object-static", "asa-nat-object-dynamic"
LEFT = [
    # testAsaObjectNatStatic, outgoing: who comes from where by which way, and with which address it leaves
    (STATIC, ("inside", "outside"), "1.1.1.1", "192.168.1.1"), (STATIC, ("inside", "other"), "1.1.1.1", ""),
    (STATIC, ("outside", "inside"), "2.2.2.5", "192.168.2.5"), (STATIC, ("inside", "outside"), "2.2.2.5", ""),
    (STATIC, ("inside", "other"), "3.3.3.3", "192.168.3.0"), (STATIC, ("outside", "other"), "3.3.3.3", ""),
    (STATIC, ("inside", "outside"), "4.4.4.9", "192.168.4.9"),
    (STATIC, ("other", "inside"), "4.4.4.9", "192.168.4.9"),
    # testAsaObjectNatDynamic
    (DYNAMIC, ("inside", "outside"), "1.1.1.1", "192.168.1.1-192.168.1.10"),
    (DYNAMIC, ("inside", "other"), "1.1.1.1", ""),
    (DYNAMIC, ("outside", "inside"), "2.2.2.2", "192.168.2.1-192.168.2.10"),
    (DYNAMIC, ("inside", "other"), "3.3.3.3", "192.168.3.1-192.168.3.10"),
    (DYNAMIC, ("other", "outside"), "4.4.4.4", "192.168.4.1-192.168.4.10")]


@pytest.mark.parametrize(("name", "way", "came", "left"), LEFT)
def test_sources_leave_with_their_mapped_address(
        name: str, way: tuple[str, str], came: str, left: str) -> None:
    firewall = read(name)
    found, = first_nat_matches(firewall, "source", box(came, "9.9.9.9"), *way)
    assert (spelled(found.rewriting.after.sources) if found.rewriting else "") == left


@pytest.mark.parametrize(("entry", "dialled", "real"), [
    # testAsaObjectNatStatic, incoming
    ("outside", "192.168.1.1", "1.1.1.1"), ("inside", "192.168.1.1", ""),
    ("inside", "192.168.2.5", "2.2.2.5"), ("outside", "192.168.2.5", ""),
    ("other", "192.168.3.0", "3.3.3.3"), ("outside", "192.168.3.0", "3.3.3.3"),
    ("inside", "192.168.4.77", "4.4.4.77")])
def test_mapped_destinations_become_the_real_ones(entry: str, dialled: str, real: str) -> None:
    found, = first_nat_matches(read(STATIC), "destination", box("9.9.9.9", dialled), entry)
    assert (spelled(found.rewriting.after.destinations) if found.rewriting else "") == real


def box(came: str, dialled: str) -> Box:
    source, destination = (int(ipaddress.ip_address(each)) for each in (came, dialled))
    return Box(Family.V4, 6, IntervalSet.of((source, source)), IntervalSet.of((destination, destination)),
               IntervalSet.of((50000, 50000)), IntervalSet.of((443, 443)))


def spelled(numbers: IntervalSet) -> str:
    (low, high), = numbers.ranges
    words = [str(ipaddress.ip_address(each)) for each in (low, high)]
    return words[0] if low == high else "-".join(words)
