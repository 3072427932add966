"""What one ACE means: by Cisco's grammar and the traps that readers of it fall into."""

from __future__ import annotations

import pytest

from aclproof.parsers.cisco_asa.words.keywords import ICMP_TYPES, PORTS, PROTOCOLS
from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.conditions import Membership, Opaque, TimeRange
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.rules import Action
from tests.parsers.cisco_asa.asa import addresses, only_rule, packet, ports, read, through

GROUPS = """\
object-group network NET
 network-object 10.1.0.0 255.255.0.0
object-group network NET2
 network-object host 10.9.9.9
object-group service TCPPORTS tcp
 port-object eq www
 port-object range 8000 8010
object-group service UDPPORTS udp
 port-object eq ntp
object-group service BOTH tcp-udp
 port-object eq domain
object-group service SERVICES
 service-object tcp destination eq 443
 service-object udp source eq 123 destination gt 1023
 service-object icmp echo 0
 service-object 47
object-group service OLD
 service-object tcp eq https
 service-object udp range 10 20
 service-object tcp source eq 5 eq 6
object-group protocol TCPUDP
 protocol-object udp
 protocol-object tcp
object-group icmp-type PING
 icmp-object echo
 icmp-object echo-reply
object service RDP
 service tcp destination eq 3389
"""

ANY_PORTS = ports((0, 65535))


def test_the_plain_form() -> None:
    rule = only_rule("permit tcp 10.0.0.0 255.0.0.0 host 192.0.2.1 eq 443")
    assert rule.action is Action.PERMIT
    assert rule.sources == addresses("10.0.0.0/8")
    assert rule.destinations == addresses("192.0.2.1/32")
    [service] = rule.services
    assert service.protocols == ports(6)
    assert (service.source_ports, service.destination_ports) == (ANY_PORTS, ports(443))
    assert rule.conditions == ()
    assert rule.enabled


@pytest.mark.parametrize(("text", "expected"), [
    ("eq 80", ports(80)), ("eq www", ports(80)), ("neq 80", ports((0, 79), (81, 65535))),
    ("neq 0", ports((1, 65535))), ("neq 65535", ports((0, 65534))),
    ("gt 1023", ports((1024, 65535))), ("gt 65534", ports(65535)), ("gt 65535", ports()),
    ("lt 1024", ports((0, 1023))), ("lt 1", ports(0)), ("lt 0", ports()),
    ("range 20 22", ports((20, 22))), ("range 22 22", ports(22)), ("range ftp-data ssh", ports((20, 22))),
    ("range 0 65535", ANY_PORTS)])
@pytest.mark.parametrize("side", ["source", "destination"])
def test_operators_mean_the_same_on_both_sides(text: str, expected: IntervalSet, side: str) -> None:
    words = f"any {text} any" if side == "source" else f"any any {text}"
    [service] = only_rule(f"permit tcp {words}").services
    both = (service.source_ports, service.destination_ports)
    assert both == ((expected, ANY_PORTS) if side == "source" else (ANY_PORTS, expected))


@pytest.mark.parametrize(("ace", "source", "sport", "destination", "dport"), [
    # One text, three readings: only the kinds of the groups decide.
    ("object-group NET object-group NET2 object-group TCPPORTS", "10.1.2.3", 1, "10.9.9.9", 8005),
    ("object-group NET object-group TCPPORTS object-group NET2", "10.1.2.3", 8005, "10.9.9.9", 1),
    ("object-group NET object-group TCPPORTS object-group NET2 object-group TCPPORTS",
     "10.1.2.3", 80, "10.9.9.9", 8000),
    ("object-group NET object-group TCPPORTS any", "10.1.2.3", 80, "1.1.1.1", 1),
    ("any object-group NET2 object-group TCPPORTS", "1.1.1.1", 1, "10.9.9.9", 80),
    ("any object-group TCPPORTS host 10.9.9.9 eq 5", "1.1.1.1", 80, "10.9.9.9", 5)])
def test_the_kind_of_a_group_decides_its_place(ace: str, source: str, sport: int, destination: str,
                                               dport: int) -> None:
    firewall = read(f"ASA Version 9.1\n{GROUPS}access-list A extended permit tcp {ace}\n")
    assert not firewall.notes
    assert through(firewall, packet(source, destination, "tcp", dport, sport)) == "permit"
    for other in (packet("172.16.0.1", destination, "tcp", dport,
                         sport) if not ace.startswith("any") else None,
                  packet(source, destination, "tcp", 9, sport) if dport != 1 else None,
                  packet(source, destination, "tcp", dport, 9) if sport != 1 else None,
                  packet(source, destination, "udp", dport, sport)):
        assert other is None or through(firewall, other) == "deny"


def test_groups_may_be_defined_behind_their_use() -> None:
    firewall = read(f"ASA Version 9.1\naccess-list A extended permit tcp any object-group NET object-group "
                    f"TCPPORTS\n{GROUPS}")
    assert through(firewall, packet("1.1.1.1", "10.1.0.1", "tcp", 8010)) == "permit"
    assert through(firewall, packet("1.1.1.1", "10.1.0.1", "tcp", 8011)) == "deny"


@pytest.mark.parametrize(("protocol", "hits", "misses"), [
    ("object-group SERVICES", [("tcp", 443, 1), ("udp", 1024, 123), ("icmp", 0, 8), ("gre", 0, 0)],
     [("tcp", 442, 1), ("udp", 1024, 124), ("udp", 1023, 123), ("icmp", 1, 8), ("icmp", 0, 0),
      ("esp", 0, 0)]),
    # 8.0 to 8.2 wrote the destination port without the word.
    ("object-group OLD", [("tcp", 443, 9), ("udp", 10, 9), ("udp", 20, 9), ("tcp", 6, 5)],
     [("tcp", 9, 443), ("udp", 21, 9), ("tcp", 6, 6), ("tcp", 5, 6)]),
    ("object-group TCPUDP", [("tcp", 1, 1), ("udp", 1, 1)], [("icmp", 0, 8), ("gre", 0, 0)]),
    ("object RDP", [("tcp", 3389, 1)], [("tcp", 3388, 1), ("udp", 3389, 1)])])
def test_groups_and_objects_as_protocol(protocol: str, hits: list[tuple[str, int, int]],
                                        misses: list[tuple[str, int, int]]) -> None:
    firewall = read(f"ASA Version 9.1\n{GROUPS}access-list A extended permit {protocol} any any\n")
    for word, port, from_ in hits:
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", word, port, from_)) == "permit"
    for word, port, from_ in misses:
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", word, port, from_)) == "deny"


@pytest.mark.parametrize("tail", ["eq 53", "object-group BOTH"])
def test_ports_may_follow_a_protocol_group(tail: str) -> None:
    """Batfish #5984 forgot them: then the line permits every port."""
    firewall = read(f"ASA Version 9.1\n{GROUPS}access-list A extended permit object-group TCPUDP any "
                    f"any {tail}\n")
    for word in ("tcp", "udp"):
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", word, 53)) == "permit"
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", word, 54)) == "deny"


@pytest.mark.parametrize(("ace", "hits", "misses"), [
    ("icmp any any", [(8, 0), (0, 0), (3, 4)], []),
    ("icmp any any echo", [(8, 0), (8, 9)], [(0, 0)]),
    ("icmp any any 8", [(8, 0)], [(0, 0)]),
    ("icmp any any 3 4", [(3, 4)], [(3, 3), (4, 3)]),
    ("icmp any any unreachable log", [(3, 1)], [(8, 0)]),
    ("icmp any any log", [(8, 0), (3, 1)], []),
    ("icmp any any inactive", [], [(8, 0)]),
    ("icmp any any object-group PING", [(8, 0), (0, 0)], [(3, 0)]),
    ("icmp any any host-unreachable", [(3, 1)], [(3, 0)]),
    ("1 any any echo-reply", [(0, 0)], [(8, 0)])])
def test_icmp_types_and_codes(ace: str, hits: list[tuple[int, int]], misses: list[tuple[int, int]]) -> None:
    firewall = read(f"ASA Version 9.1\n{GROUPS}access-list A extended permit {ace}\n")
    for kind, code in hits:
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", "icmp", code, kind)) == "permit"
    for kind, code in misses:
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", "icmp", code, kind)) == "deny"


def test_the_same_icmp_word_has_another_number_in_ipv6() -> None:
    """ansible cisco.asa #266: icmp6 is a protocol of its own."""
    firewall = read("ASA Version 9.1\naccess-list A extended permit icmp6 any6 any6 echo\n")
    assert through(firewall, packet("2001:db8::1", "2001:db8::2", "icmp6", 0, 128)) == "permit"
    assert through(firewall, packet("2001:db8::1", "2001:db8::2", "icmp6", 0, 8)) == "deny"
    assert through(firewall, packet("10.0.0.1", "10.0.0.2", "icmp", 0, 8)) == "deny"


@pytest.mark.parametrize(("tail", "enabled"), [
    ("log", True), ("log disable", True), ("log default", True), ("log 3", True), ("log warnings", True),
    ("log debugging interval 300", True), ("log interval 30", True), ("log alerts interval 600 inactive",
                                                                      False),
    ("inactive", False), ("log disable inactive", False)])
def test_logging_decides_nothing_and_inactive_everything(tail: str, enabled: bool) -> None:
    """ansible cisco.asa #187 and #251 broke on these tails."""
    rule = only_rule(f"permit tcp any any eq 443 {tail}")
    assert rule.enabled is enabled
    assert rule.conditions == ()
    assert rule.services[0].destination_ports == ports(443)


def test_an_inactive_line_is_kept_and_permits_nothing() -> None:
    firewall = read("access-list A extended permit tcp any any eq 443 inactive\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "deny"
    assert len(firewall.chains["A"].rules) == 1


@pytest.mark.parametrize("definition", [
    "", "time-range T\n", "time-range T\n periodic daily 8:00 to 18:00\n",
    "time-range T\n absolute end 23:59 31 December 2040\n"])
def test_a_time_range_is_a_condition(definition: str) -> None:
    firewall = read(f"ASA Version 9.1\n{definition}access-list A extended permit tcp any any eq 443 "
                    "time-range T\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "undecided"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443),
                   facts={"time-range T": True}) == "permit"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80)) == "deny"


def test_a_time_range_called_inactive_is_not_the_word_inactive() -> None:
    rule = only_rule("deny tcp any any eq 443 time-range inactive")
    assert rule.enabled
    assert isinstance(rule.conditions[0], Opaque | TimeRange)


@pytest.mark.parametrize(("version", "word", "v4", "v6"), [
    ("9.12(4)", "any", "permit", "permit"), ("8.4(2)", "any", "permit", "deny"),
    ("9.12(4)", "any4", "permit", "deny"), ("9.12(4)", "any6", "deny", "permit")])
def test_any_by_version(version: str, word: str, v4: str, v6: str) -> None:
    """ansible cisco.asa #56: any4 and any6 are words of their own."""
    firewall = read(f"ASA Version {version}\naccess-list A extended permit tcp {word} {word} eq 443\n")
    assert through(firewall, packet("10.0.0.1", "10.0.0.2", "tcp", 443)) == v4
    assert through(firewall, packet("2001:db8::1", "2001:db8::2", "tcp", 443)) == v6


def test_ipv6_prefixes_and_hosts() -> None:
    firewall = read("ASA Version 9.1\naccess-list A extended permit tcp 2001:db8:1::/48 host 2001:db8:2::5 "
                    "eq 443\n")
    assert through(firewall, packet("2001:db8:1:ffff::1", "2001:db8:2::5", "tcp", 443)) == "permit"
    assert through(firewall, packet("2001:db8:2::1", "2001:db8:2::5", "tcp", 443)) == "deny"


def test_a_list_of_its_own_for_ipv6() -> None:
    firewall = read("ASA Version 8.4(2)\nipv6 access-list A permit tcp any host 2001:db8::5 eq www\n"
                    "ipv6 access-list A remark any\nipv6 access-list A deny ip any any\n")
    assert through(firewall, packet("2001:db8::1", "2001:db8::5", "tcp", 80)) == "permit"
    assert through(firewall, packet("2001:db8::1", "2001:db8::5", "tcp", 81)) == "deny"
    assert through(firewall, packet("10.0.0.1", "10.0.0.2", "tcp", 80)) == "deny"


def test_an_ipv4_and_an_ipv6_list_may_share_a_name() -> None:
    firewall = read("ASA Version 8.4(2)\ninterface E0\n nameif outside\n security-level 0\n"
                    "interface E1\n nameif inside\n security-level 100\n"
                    "access-list A extended permit tcp any any eq 80\nipv6 access-list A permit tcp any "
                    "any eq 81\n"
                    "access-group A in interface outside\n")
    assert {each.chain for each in firewall.bindings} == {"A", "A (ipv6)"}


@pytest.mark.parametrize("clause", [
    "user CORP\\bob", "user-group CORP\\\\staff", "object-group-user PEOPLE", "security-group name Staff",
    "security-group tag 12", "object-group-security SGT",
    "user any", "user none"])  # FW, user-based matching: users with user credentials; addresses without any
def test_who_is_a_condition_never_dropped(clause: str) -> None:
    for action in ("permit", "deny"):
        rule = only_rule(f"{action} tcp {clause} 10.0.0.0 255.0.0.0 any eq 443")
        assert rule.conditions == (Opaque(clause, f"who '{clause}' is at the time", lasting=True),)
        assert rule.sources == addresses("10.0.0.0/8")
        assert rule.services[0].destination_ports == ports(443)


def test_a_security_group_may_stand_before_each_address() -> None:
    rule = only_rule("permit ip security-group name A 10.0.0.0 255.0.0.0 security-group tag 7 host 10.1.1.1")
    assert [each.key for each in rule.conditions] == ["security-group name A", "security-group tag 7"]
    assert rule.destinations == addresses("10.1.1.1/32")


def test_the_word_extended_may_be_missing() -> None:
    firewall = read("PIX Version 6.3(5)\naccess-list A permit tcp any host 192.0.2.1 eq smtp\naccess-list "
                    "A deny ip any any\n")
    assert through(firewall, packet("1.1.1.1", "192.0.2.1", "tcp", 25)) == "permit"
    assert through(firewall, packet("1.1.1.1", "192.0.2.1", "tcp", 26)) == "deny"


def test_a_standard_list_names_destinations() -> None:
    firewall = read("access-list A standard permit 10.0.0.0 255.0.0.0\naccess-list A standard deny host "
                    "10.1.1.1\n"
                    "access-list A standard permit any4\n")
    assert not firewall.notes
    assert [rule.destinations for rule in firewall.chains["A"].rules] == [
        addresses("10.0.0.0/8"), addresses("10.1.1.1/32"), addresses("any4")]


def test_non_contiguous_masks_are_exact() -> None:
    firewall = read("access-list A extended permit ip 10.0.5.0 255.0.255.0 any\n")
    assert through(firewall, packet("10.77.5.9", "1.1.1.1", "tcp", 1)) == "permit"
    assert through(firewall, packet("10.77.6.9", "1.1.1.1", "tcp", 1)) == "deny"


@pytest.mark.parametrize("mask", ["0.0.0.255", "0.255.255.255", "0.0.0.1"])
def test_a_wildcard_mask_is_never_silently_a_rule(mask: str) -> None:
    firewall = read(f"ASA Version 9.1\naccess-list A extended permit ip 10.0.0.0 {mask} any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1", "tcp", 1)) == "undecided"
    [note] = firewall.notes
    assert note.state is State.UNREAD
    assert "wildcard" in note.reason


def test_bits_under_the_mask_leave_the_line_open() -> None:
    """The device refuses the line, so it was never on one; nothing outside its network is in doubt."""
    firewall = read("ASA Version 9.1\naccess-list A extended permit ip 10.0.0.5 255.255.255.0 any\n")
    assert through(firewall, packet("10.0.0.77", "1.1.1.1", "tcp", 1)) == "undecided"
    assert through(firewall, packet("10.0.1.77", "1.1.1.1", "tcp", 1)) == "deny"
    assert "bits set under the mask" in firewall.notes[0].reason


@pytest.mark.parametrize("form", ["0.0.0.0 0.0.0.0", "0 0"])
def test_any_written_out(form: str) -> None:
    assert only_rule(f"permit ip {form} host 10.0.0.1").sources == addresses("any4")


@pytest.mark.parametrize("ace", [
    "permit tcp any any eq", "permit tcp any", "permit", "permit tcp any any eq 65536",
    "permit tcp any any eq nosuch",
    "permit udp any any eq snmp1", "permit tcp any any eq snmp", "permit gre any any eq 80",
    "permit ip any any eq 80",
    "permit tcp any any range 90 80", "permit tcp any any eq 80 443", "permit tcp any any frobnicate",
    "permit tcp any any log nosuch", "permit tcp host any any", "permit ip 10.0.0.0 any",
    "permit ip 10.0.0.0/8 any",
    "permit icmp any any nosuch", "permit 256 any any", "permit nosuch any any",
    "permit object-group NOSUCH any any",
    "permit tcp any any object-group NOSUCH", "permit tcp any any object-group UDPPORTS",
    "permit object-group SERVICES any any eq 80", "permit tcp any any object-group NET",
    "permit ip object-group TCPPORTS any", "permit tcp interface nosuch any", "pernit tcp any any",
    "permit tcp user bob any any", "permit tcp any any eq 80access-list A extended deny ip any any",
    "permit tcp any any 0xzz", "permit tcp any any established",
    "permit tcp object-group NET object-group NOSUCH any"])
@pytest.mark.parametrize("word", ["permit", "deny"])
def test_what_cannot_be_read_is_never_sure(ace: str, word: str) -> None:
    """Batfish #3336: there an unknown word silently changed the answer."""
    ace = ace.replace("permit", word) if word == "deny" else ace
    other = "deny" if word == "permit" else "permit"
    firewall = read(f"ASA Version 9.1\n{GROUPS}access-list A extended {ace}\naccess-list A "
                    f"extended {other} ip any any\n")
    fates = {through(firewall, packet(source, "10.1.2.3", protocol, port))
             for source in ("10.1.0.1", "10.2.0.1", "10.0.0.5")
             for protocol, port in (("tcp", 80), ("tcp", 443), ("udp", 123), ("gre", 0), ("icmp", 0))}
    assert "undecided" in fates
    assert word not in fates
    assert firewall.notes
    assert firewall.notes[0].span.first_line == 1 + GROUPS.count("\n") + 1


def test_a_bad_address_leaves_the_rest_of_the_line_standing() -> None:
    firewall = read("ASA Version 9.1\naccess-list A extended permit tcp host xxx.xxx.45.194 any eq 443\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "undecided"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 444)) == "deny"


def test_a_damaged_ipv6_host_leaves_ipv6_open() -> None:
    firewall = read("ASA Version 9.1\naccess-list A extended deny tcp host 2001:db8::zz any eq 443\n"
                    "access-list A extended permit ip any any\n")
    assert through(firewall, packet("2001:db8::5", "2001:db8::6", "tcp", 443)) == "undecided"


def test_an_undefined_port_group_leaves_the_addresses_standing() -> None:
    firewall = read("ASA Version 9.1\naccess-list A extended permit tcp host 10.0.0.1 host 10.0.0.2 "
                    "object-group GONE\n")
    assert through(firewall, packet("10.0.0.1", "10.0.0.2", "tcp", 443)) == "undecided"
    assert through(firewall, packet("10.0.0.3", "10.0.0.2", "tcp", 443)) == "deny"


def test_the_own_address_of_an_interface() -> None:
    firewall = read("ASA Version 9.1\ninterface E0\n nameif outside\n ip address 192.0.2.9 255.255.255.0\n"
                    "access-list A extended permit tcp any interface outside eq 443\n"
                    "access-group A in interface outside\n")
    assert through(firewall, packet("1.1.1.1", "192.0.2.9", "tcp", 443)) == "permit"
    assert through(firewall, packet("1.1.1.1", "192.0.2.10", "tcp", 443)) == "deny"


def test_first_match_wins_and_the_end_denies() -> None:
    firewall = read("access-list A extended deny tcp any host 10.0.0.1 eq 80\naccess-list A extended "
                    "permit tcp any any eq 80\n")
    assert through(firewall, packet("1.1.1.1", "10.0.0.1", "tcp", 80)) == "deny"
    assert through(firewall, packet("1.1.1.1", "10.0.0.2", "tcp", 80)) == "permit"
    assert through(firewall, packet("1.1.1.1", "10.0.0.2", "tcp", 81)) == "deny"


def test_other_lists_are_no_filters() -> None:
    firewall = read("ASA Version 9.1\naccess-list E ethertype permit bpdu\naccess-list W webtype permit "
                    "url http://user:pw@x/\n"
                    "access-list A extended permit ip any any\n")
    assert not firewall.notes
    assert firewall.line_counts.ignored == 2


def test_advanced_rules_of_ftd_stay_open() -> None:
    firewall = read("NGFW Version 7.4.2\naccess-list CSM_FW_ACL_ advanced permit tcp ifc inside any ifc "
                    "outside any rule-id 1\n"
                    "access-list A extended deny ip any any\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80), "CSM_FW_ACL_") == "undecided"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80)) == "deny"


def test_many_open_members_become_one_open_condition() -> None:
    names = "".join(f"object network F{n}\n fqdn h{n}.example.com\n" for n in range(12))
    members = "".join(f" network-object object F{n}\n" for n in range(12))
    firewall = read(f"ASA Version 9.1\n{names}object-group network G\n{members}"
                    "access-list A extended permit tcp object-group G object-group G eq 443\n")
    assert len(firewall.chains["A"].rules) == 1
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "undecided"


def test_names_of_ports_that_look_alike() -> None:
    """Tables with other numbers are in circulation; these follow Cisco's."""
    tcp, udp = PORTS[6], PORTS[17]
    assert [tcp[name] for name in ("kerberos", "sqlnet", "cifs", "aol", "rsh", "cmd", "tacacs-ds", "talk",
                                   "ldaps",
                                   "lotusnotes", "pcanywhere-data", "http", "www")] == [
        750, 1521, 3020, 5190, 514, 514, 65, 517, 636, 1352, 5631, 80, 80]
    assert [udp[name] for name in ("radius", "radius-acct", "syslog", "secureid-udp", "dnsix", "netbios-ns",
                                   "netbios-dgm", "isakmp", "non500-isakmp", "nameserver", "tftp",
                                   "snmptrap")] == [
        1645, 1646, 514, 5510, 195, 137, 138, 500, 4500, 42, 69, 162]
    assert "snmp" not in tcp
    assert "ssh" not in udp
    assert (PROTOCOLS["ipsec"], PROTOCOLS["pptp"], PROTOCOLS["ahp"], PROTOCOLS["pcp"]) == (50, 47, 51, 108)
    assert ICMP_TYPES[1]["mask-reply"] == 18
    assert ICMP_TYPES[58]["packet-too-big"] == 2


def test_a_fqdn_in_a_rule_is_an_open_membership() -> None:
    rule = only_rule("permit tcp any object UPDATES eq 443",
                     "object network UPDATES\n fqdn v4 updates.example.com\n")
    assert rule.conditions == (Membership("destination", "fqdn updates.example.com",
                                          "which addresses updates.example.com has"),)
    assert rule.destinations == addresses("any4")


def test_an_empty_group_matches_nothing() -> None:
    firewall = read("ASA Version 9.1\nobject-group network EMPTY\naccess-list A extended deny ip "
                    "object-group EMPTY any\n"
                    "access-list A extended permit ip any any\n")
    assert firewall.chains["A"].rules[0].sources == NOWHERE
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443)) == "permit"
