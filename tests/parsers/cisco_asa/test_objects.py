"""Objects and groups: what a name stands for, and what stays open."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.notes import State
from tests.parsers.cisco_asa.asa import addresses, packet, read, through

PERMIT = "access-list A extended permit ip object{} X any\naccess-list A extended deny ip any any\n"


def _sources(body: str, word: str = "object") -> object:
    firewall = read(f"ASA Version 9.1\n{body}access-list A extended permit ip {word} X any\n")
    assert not firewall.notes, firewall.notes
    return firewall.chains["A"].rules[0].sources


@pytest.mark.parametrize(("value", "expected"), [
    ("host 10.0.0.1", ["10.0.0.1/32"]), ("subnet 10.0.0.0 255.255.254.0", ["10.0.0.0/23"]),
    ("subnet 2001:db8::/32", ["2001:db8::/32"]), ("host 2001:db8::1", ["2001:db8::1/128"]),
    ("range 10.0.0.1 10.0.0.9", ["10.0.0.1-10.0.0.9"]), ("range 2001:db8::1 2001:db8::9",
                                                         ["2001:db8::1-2001:db8::9"])])
def test_network_objects(value: str, expected: list[str]) -> None:
    assert _sources(f"object network X\n description host 10.9.9.9\n {value}\n") == addresses(*expected)


def test_network_groups() -> None:
    body = """object network O
 host 10.0.0.1
object-group network INNER
 network-object object O
 network-object 10.1.0.0 255.255.0.0
object-group network X
 description network-object host 10.9.9.9
 network-object host 10.0.0.2
 network-object 2001:db8::/64
 group-object INNER
"""
    assert _sources(body, "object-group") == addresses("10.0.0.1-10.0.0.2", "10.1.0.0/16", "2001:db8::/64")


def test_an_object_that_is_opened_again_for_its_translation_keeps_its_address() -> None:
    body = "object network X\n host 10.0.0.1\nobject network X\n nat (inside,outside) dynamic interface\n"
    assert _sources(body) == addresses("10.0.0.1/32")


def test_a_second_value_of_an_object_replaces_the_first() -> None:
    again = "object network X\n host 10.0.0.1\nobject network X\n host 10.0.0.2\n"
    assert _sources(again) == addresses("10.0.0.2/32")


def test_two_values_in_a_row_are_of_two_objects_of_which_a_header_is_lost() -> None:
    firewall = read("ASA Version 9.1\nobject network X\n host 10.0.0.1\n host 10.0.0.2\n"
                    "access-list A extended permit ip object X any\n")
    fates = [through(firewall, packet(f"10.0.0.{n}", "1.1.1.1")) for n in (1, 2, 3)]
    assert fates == ["undecided", "undecided", "deny"]


def test_a_group_that_is_opened_again_grows() -> None:
    body = "".join(f"object-group network X\n network-object host 10.0.0.{n}\n" for n in (1, 2))
    assert _sources(body, "object-group") == addresses("10.0.0.1-10.0.0.2")


@pytest.mark.parametrize("name", ["a!b", "#1", "x.y@z", "(net)", "{a}", "any", "host", "eq", "10.0.0.1",
                                  "permit-deny"])
def test_names_may_hold_almost_anything(name: str) -> None:
    firewall = read(f"ASA Version 9.1\nobject network {name}\n host 10.7.7.7\n"
                    f"object-group network g-{name}\n network-object object {name}\n"
                    f"access-list A extended permit ip object {name} object-group g-{name}\n")
    assert not firewall.notes
    assert through(firewall, packet("10.7.7.7", "10.7.7.7")) == "permit"
    assert through(firewall, packet("10.7.7.8", "10.7.7.7")) == "deny"


def test_names_keep_their_case() -> None:
    firewall = read("ASA Version 9.1\nobject network Web\n host 10.0.0.1\naccess-list A extended permit ip "
                    "object web any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided"


@pytest.mark.parametrize("line", [
    "network-object hots 10.0.0.1", "network-object 10.0.0.0", "network-object host",
    "network-object host 10.0.0.256",
    "netwrk-object host 10.0.0.1", "network-object 10.0.0.0 0.0.0.255",
    "network-object host 10.0.0.1 10.0.0.2",
    "network-object object", "network-object 10.0.0.0/8", "host 10.0.0.1 10.0.0.2", "port-object eq 80",
    "network-object object GONE", "group-object GONE", "group-object X",
    "network-object 10.0.0.3 255.0.0.0", "network-object host nobody", "group-object SERVICES",
    "ip network-object host 10.0.0.1"])
@pytest.mark.parametrize("action", ["permit", "deny"])
def test_a_bad_member_opens_its_group_and_nothing_else(line: str, action: str) -> None:
    """Batfish #9015: there a slip in a group makes the rule match nothing, silently."""
    other = {"permit": "deny", "deny": "permit"}[action]
    firewall = read("ASA Version 9.1\nobject-group service SERVICES\n service-object tcp\n"
                    f"object-group network X\n network-object host 10.0.0.9\n {line}\n network-object host "
                    "10.0.0.8\n"
                    f"access-list A extended {action} ip object-group X any\naccess-list A "
                    f"extended {other} ip any any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided"
    for sure in ("10.0.0.8", "10.0.0.9"):
        assert through(firewall, packet(sure, "1.1.1.1")) == action
    assert any(note.state in (State.UNREAD, State.APPROXIMATED) for note in firewall.notes)


@pytest.mark.parametrize("line", [
    "service-object tcp destination eq", "service-object tcp dest eq 80",
    "service-object tcp destination eq nosuch",
    "service-object nosuch", "service-object tcp destination eq 80 90",
    "service-object gre destination eq 80",
    "service-object icmp nosuch", "service-object icmp 8 0 0", "service-object ip eq 80",
    "service-object object GONE",
    "group-object GONE", "service-object", "service tcp", "port-object eq 80",
    "service-object udp eq 80 eq 90"])
@pytest.mark.parametrize("action", ["permit", "deny"])
def test_a_bad_service_opens_its_group(line: str, action: str) -> None:
    other = {"permit": "deny", "deny": "permit"}[action]
    firewall = read(f"ASA Version 9.1\nobject-group service S\n service-object tcp destination eq 25\n"
                    f" {line}\n"
                    f"access-list A extended {action} object-group S any any\naccess-list A "
                    f"extended {other} ip any any\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80)) == "undecided"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 25)) == action


@pytest.mark.parametrize(("header", "line", "ace"), [
    ("service P tcp", "port-object eq 80 443", "tcp any any object-group P"),
    ("service P tcp", "port-object eq", "tcp any any object-group P"),
    ("service P tcp", "port-object eq ntp", "tcp any any object-group P"),
    ("service P tcp", "service-object tcp", "tcp any any object-group P"),
    ("service P tcp", "group-object P", "tcp any any object-group P"),
    ("protocol P", "protocol-object nosuch", "object-group P any any"),
    ("protocol P", "protocol-object tcp udp", "object-group P any any"),
    ("icmp-type P", "icmp-object nosuch", "icmp any any object-group P"),
    ("icmp-type P", "icmp-object 8 0", "icmp any any object-group P"),
    ("icmp-type P", "icmp-object membership-query", "icmp any any object-group P")])
def test_a_bad_member_of_the_other_kinds_opens_the_line(header: str, line: str, ace: str) -> None:
    firewall = read(f"ASA Version 9.1\nobject-group {header}\n {line}\naccess-list A extended permit {ace}\n")
    protocol = "icmp" if "icmp" in ace else "tcp"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", protocol, 0, 8)) == "undecided"


def test_groups_that_hold_each_other_stay_open_and_end() -> None:
    firewall = read("ASA Version 9.1\nobject-group network X\n group-object Y\n network-object host "
                    "10.0.0.1\n"
                    "object-group network Y\n group-object X\naccess-list A extended permit ip "
                    "object-group X any\n"
                    "object-group protocol P\n group-object P\naccess-list A extended permit object-group "
                    "P host 10.0.0.2 any\n"
                    "object-group service S\n group-object S\naccess-list A extended permit object-group S "
                    "host 10.0.0.2 any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided" or \
        through(firewall, packet("10.0.0.1", "1.1.1.1")) == "permit"
    assert through(firewall, packet("10.0.0.2", "1.1.1.1")) == "undecided"


@pytest.mark.parametrize("depth", [2, 30, 200])
def test_deep_nesting_is_exact_or_open(depth: int) -> None:
    groups = "object-group network G0\n network-object host 10.0.0.1\n" + "".join(
        f"object-group network G{n}\n group-object G{n - 1}\n" for n in range(1, depth))
    firewall = read(f"ASA Version 9.1\n{groups}access-list A extended permit ip object-group G{depth - 1} "
                    "any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == ("permit" if depth < 60 else "undecided")


def test_wide_nesting_costs_no_more_than_its_groups() -> None:
    """Forty levels of two references each: 2 to the 40 paths, but forty groups."""
    kinds = {"N": ("network", "", "network-object host 10.0.0.1"), "S": ("service", "", "service-object tcp"),
             "P": ("service", " tcp", "port-object eq 80"), "R": ("protocol", "", "protocol-object tcp"),
             "I": ("icmp-type", "", "icmp-object echo")}
    groups = "".join(
        f"object-group {kind} {letter}{n}{tail}\n "
        + (f"group-object {letter}{n - 1}\n " * 2 if n else member) + "\n"
        for letter, (kind, tail, member) in kinds.items() for n in range(40))
    firewall = read(f"ASA Version 9.1\n{groups}access-list A extended permit ip object-group N39 any\n"
                    "access-list A extended permit object-group S39 any any\n"
                    "access-list A extended permit object-group R39 any any\n"
                    "access-list A extended permit icmp any any object-group I39\n"
                    "access-list A extended permit tcp any any object-group P39\n")
    assert not firewall.notes
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "permit"


@pytest.mark.parametrize("definition", ["", "object network X\n", "object network X\n description empty\n",
                                        "object network X\n nat (inside,outside) static 192.0.2.1\n"])
def test_an_object_without_a_value_is_open(definition: str) -> None:
    firewall = read(f"ASA Version 9.1\n{definition}access-list A extended deny ip object X any\n"
                    "access-list A extended permit ip any any\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided"


def test_a_name_with_two_meanings_is_open() -> None:
    """Objects and groups share one namespace: a device refuses the second."""
    firewall = read("ASA Version 9.1\nobject network X\n host 10.0.0.1\nobject-group network X\n "
                    "network-object host 10.0.0.2\n"
                    "access-list A extended deny ip object X any\naccess-list A extended permit ip any any\n")
    assert through(firewall, packet("10.0.0.2", "1.1.1.1")) == "undecided"
    assert firewall.notes[0].decides


def test_the_kind_in_the_rule_must_be_the_kind_of_the_name() -> None:
    firewall = read("ASA Version 9.1\nobject-group service P tcp\n port-object eq 80\n"
                    "access-list A extended permit tcp any any object-group P\n"
                    "access-list A extended permit udp host 10.0.0.1 any object-group P\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1", "tcp", 80)) == "permit"
    assert through(firewall, packet("10.0.0.1", "1.1.1.1", "udp", 80)) == "undecided"


@pytest.mark.parametrize("text", [
    "object-group network X\nnetwork-object host 10.0.0.1\nnetwork-object host 10.0.0.2\n",
    "object-group network X\n! two servers\n network-object host 10.0.0.1\n! and\n network-object host "
    "10.0.0.2\n",
    "  object-group network X\n    network-object host 10.0.0.1\n    network-object host 10.0.0.2\n  exit\n",
    "object-group network X\r\n network-object host 10.0.0.1 \r\n network-object host 10.0.0.2\r\n"])
def test_indentation_decides_nothing(text: str) -> None:
    assert _sources(text, "object-group") == addresses("10.0.0.1-10.0.0.2")


def test_a_member_without_a_group_leaves_everything_open() -> None:
    firewall = read("ASA Version 9.1\nobject-group network X\n network-object host 10.0.0.1\n!\n "
                    "network-object host 10.0.0.2\n"
                    "access-list A extended deny ip object-group X any\naccess-list A extended permit ip "
                    "any any\n")
    assert through(firewall, packet("10.0.0.2", "1.1.1.1")) == "undecided"


def test_a_command_behind_a_group_is_no_member() -> None:
    firewall = read("ASA Version 9.1\nobject-group network X\n network-object host 10.0.0.1\nservice "
                    "resetinbound\n"
                    "access-list A extended permit ip object-group X any\n")
    assert not firewall.notes


@pytest.mark.parametrize("place", [
    "access-list A extended permit ip host {} any", "access-list A extended permit ip {} 255.255.255.255 any",
    "object network X\n host {}\naccess-list A extended permit ip object X any",
    "object network X\n range {} {}\naccess-list A extended permit ip object X any",
    "object-group network X\n network-object host {}\naccess-list A extended permit ip object-group X any",
    "object-group network X\n network-object {} 255.255.255.255\naccess-list A extended permit ip "
    "object-group X any"])
@pytest.mark.parametrize("alias", ["web1", "1server", "mail.example.com_ext", "a-b_c", "WEB"])
def test_an_alias_stands_wherever_an_address_can(place: str, alias: str) -> None:
    firewall = read(f"ASA Version 8.2(5)\nnames\nname 10.7.7.7 {alias} description the server\n"
                    f"name 10.7.7.7 second\n{place.replace('{}', alias)}\n")
    assert not firewall.notes
    assert through(firewall, packet("10.7.7.7", "1.1.1.1")) == "permit"
    assert through(firewall, packet("10.7.7.8", "1.1.1.1")) == "deny"


def test_an_alias_is_never_a_mask_or_a_port() -> None:
    firewall = read("ASA Version 8.2(5)\nname 255.255.255.0 mask\nname 0.0.0.80 web\n"
                    "access-list A extended permit ip 10.0.0.0 mask any\naccess-list A extended permit tcp "
                    "any any eq web\n")
    assert [note.state for note in firewall.notes] == [State.UNREAD, State.APPROXIMATED]


def test_an_alias_works_for_interfaces_and_routes() -> None:
    firewall = read("ASA Version 8.2(5)\nname 10.1.1.1 own\nname 10.9.0.0 far\nname 0.0.0.0 default\n"
                    "interface E0\n"
                    " nameif inside\n ip address own 255.255.255.0\nroute inside far 255.255.0.0 10.1.1.2\n")
    assert firewall.interfaces[0].addresses == addresses("10.1.1.1/32")
    assert [(each.network >> 16, each.length) for each in firewall.routes] == [(0x0A01, 24), (0x0A09, 16)]


def test_user_groups_are_known_and_open() -> None:
    firewall = read("ASA Version 9.1\nobject-group user PEOPLE\n user CORP\\bob\n user-group CORP\\\\staff\n"
                    "object-group security SGT\n security-group name A\n"
                    "access-list A extended permit ip object-group-user PEOPLE any any\n")
    assert [note.state for note in firewall.notes] == [State.APPROXIMATED]
    assert through(firewall, packet("10.0.0.1", "1.1.1.1")) == "undecided"


def test_a_group_of_which_one_member_is_open_leaves_its_line_open() -> None:
    firewall = read("ASA Version 9.1\nobject network NAMED\n fqdn web.example.com\n"
                    "object-group network X\n network-object host 10.0.0.1\n network-object object NAMED\n"
                    "access-list A extended permit ip object-group X any\n")
    assert [note.state for note in firewall.notes] == [State.APPROXIMATED]
    assert [through(firewall, packet(each, "1.1.1.1")) for each in ("10.0.0.1", "10.0.0.2")] == [
        "permit", "undecided"]


def test_object_group_search_changes_nothing() -> None:
    firewall = read("ASA Version 9.1\nobject-group-search access-control\nobject-group network X\n"
                    " network-object host 10.0.0.1\naccess-list A extended permit ip object-group X any\n")
    assert not firewall.notes
