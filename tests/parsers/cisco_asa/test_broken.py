"""Lines that a capture broke: what all readings say is sure, the rest is open. Expectations by hand."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read, through

ACE = "access-list A extended permit tcp 10.1.0.0 255.255.0.0 host 10.2.0.9"
CLIENT, SERVER = "10.1.0.5", "10.2.0.9"


def _fates(text: str, *ports: int) -> list[str]:
    firewall = read(f"ASA Version 9.1\n{text}\naccess-list A extended deny ip any any\n")
    assert firewall.line_counts.total == text.count("\n") + 3
    return [through(firewall, packet(CLIENT, SERVER, "tcp", port)) for port in ports]


@pytest.mark.parametrize("rest", [" eq 443", "eq 443", "  eq https"])
def test_the_rest_of_an_entry_narrows_it_or_is_none_of_its(rest: str) -> None:
    assert _fates(f"{ACE}\n{rest}", 443, 80) == ["permit", "undecided"]


@pytest.mark.parametrize(("head", "rest", "fates"), [
    (f"{ACE} eq 80", "80", ["undecided", "undecided"]),  # 80 or 8080
    (f"{ACE} eq ww", "w", ["permit", "deny"]),  # alone it is none
    (f"{ACE} eq", "www", ["permit", "deny"]),
    (f"{ACE} eq www", "inactive", ["undecided", "deny"]),
    (f"{ACE} eq www", " time-range NIGHT", ["undecided", "deny"]),
    (f"{ACE} eq www", "time-range NIGHT", ["undecided", "deny"]),
    (f"{ACE} eq www", "log", ["permit", "deny"]),  # says the same
    (f"{ACE} eq www", "frobnicate", ["undecided", "deny"]),
    (f"{ACE} eq www log\ninterval", "300", ["permit", "deny"])])
def test_an_entry_is_read_with_its_rest_where_only_that_is_possible(head: str, rest: str,
                                                                  fates: list[str]) -> None:
    assert _fates(f"{head}\n{rest}", 80, 8080) == fates


def test_a_deny_that_goes_on_denies_what_both_readings_deny() -> None:
    text = "access-list A extended deny tcp any any\n eq 445\naccess-list A extended permit ip any any"
    assert _fates(text, 445, 80) == ["deny", "undecided"]


@pytest.mark.parametrize("rest", ["time-range NIGHT\n absolute end 23:59 31 December 2030",
                                  "time-range NIGHT\nperiodic daily 20:00 to 23:00", "names", "!"])
def test_what_is_a_line_of_its_own_narrows_nothing(rest: str) -> None:
    assert _fates(f"{ACE} eq www\n{rest}", 80) == ["permit"]


def test_a_row_of_a_listing_without_its_hits_goes_on() -> None:
    firewall = read(f"access-list A line 1 extended {ACE[23:]}\neq 8530 (hitcnt=0) 0x1\n"
                    "access-list A line 2 extended permit udp any any eq 53 (hitcnt=1) 0x2\n")
    fates = [through(firewall, packet(CLIENT, SERVER, "tcp", port)) for port in (8530, 80)]
    assert fates == ["permit", "deny"]


@pytest.mark.parametrize(("member", "rest", "fates"), [
    ("network-object host 10.1.1.1", "0", ["undecided", "undecided", "deny"]),
    ("network-object 10.1.0.0", "255.255.0.0", ["permit", "permit", "permit"]),
    ("network-object 10.1.1.0", " 255.255.255.0", ["permit", "permit", "deny"])])
def test_a_member_that_goes_on(member: str, rest: str, fates: list[str]) -> None:
    firewall = read(f"ASA Version 9.1\nobject-group network G\n {member}\n{rest}\n"
                    "access-list A extended permit ip object-group G any\n")
    assert [through(firewall, packet(source, "1.1.1.1"))
            for source in ("10.1.1.1", "10.1.1.10", "10.1.2.1")] == fates


BOUND = (f"{INTERFACES}access-list X extended deny tcp any any eq 445\n"
         "access-list X extended permit ip any any\n")


def _outward(text: str) -> list[str]:
    """Levels let all pass from inside to dmz; the list stops 445 and nothing else."""
    firewall = read(text)
    return [crossing(firewall, packet("10.1.0.5", "10.2.0.5", "tcp", port), "inside", "dmz")
            for port in (445, 80)]


@pytest.mark.parametrize("line", [
    "access-group X in interface insid", "access-group X in interface Inside"])
def test_a_list_at_an_interface_that_is_not_there_may_filter_anywhere(line: str) -> None:
    assert _outward(BOUND + line + "\n") == ["undecided", "permit"]


def test_a_list_whose_interface_goes_on_in_the_next_line_is_bound() -> None:
    assert _outward(BOUND + "access-group X in interface ins\nide\n") == ["deny", "permit"]


def test_a_fact_settles_where_a_list_is_bound() -> None:
    firewall = read(BOUND + "access-group X in interface gone\n")
    blocked = packet("10.1.0.5", "10.2.0.5", "tcp", 445)
    for holds, fate in ((True, "deny"), (False, "permit")):
        facts = {f"access-group X in {name}": holds for name in ("inside", "outside", "dmz")}
        assert crossing(firewall, blocked, "inside", "dmz", facts=facts) == fate


def test_on_the_way_out_both_lists_have_to_permit() -> None:
    assert _outward(BOUND + "access-group X out interface gone\n") == ["undecided", "permit"]


@pytest.mark.parametrize("rest", [" 254", "tunneled", "track 1"])
def test_a_route_that_goes_on_leaves_the_way_open(rest: str) -> None:
    firewall = read(f"{INTERFACES}route inside 0.0.0.0 0.0.0.0 10.1.0.9\n{rest}\n")
    assert "unread-route" in firewall.options
    assert firewall.placement_doubt


@pytest.mark.parametrize("lost", ["interfac GigabitEthernet0/3\n nameif far\n", " nameif far\n",
                                  " security-level 50\n", " ip address 10.9.0.1 255.255.0.0\n",
                                  "rout inside 10.9.0.0 255.255.0.0 10.1.0.9\n", "nameif far\n"])
def test_a_line_of_an_interface_or_a_route_that_is_lost_takes_the_certainty_of_places(lost: str) -> None:
    assert read(INTERFACES).placement_doubt is None
    assert read(f"{INTERFACES}!\nhostname x\n{lost}").placement_doubt


@pytest.mark.parametrize("word", [
    "description DMZ", "speed 100", "duplex full", "vlan 20", "switchport access vlan 2", "mac-address 0.0.1",
    "mtu 1500", "channel-group 1 mode active", "no description", "no shutdown", "delay 10",
    "lacp port-priority 1", "media-type rj45", "flowcontrol send on", "no forward interface Vlan1"])
def test_an_interface_without_indentation_keeps_its_lines(word: str) -> None:
    firewall = read(f"ASA Version 9.1\ninterface GigabitEthernet0/2\n{word}\nnameif dmz\n"
                    "security-level 50\nip address 10.20.0.1 255.255.0.0\n")
    assert [(each.name, each.level) for each in firewall.interfaces] == [("dmz", 50)]


def test_two_names_in_one_section_are_of_two_interfaces() -> None:
    firewall = read("ASA Version 9.1\ninterface E0\n nameif one\n ip address 10.1.0.1 255.255.0.0\n"
                    " nameif two\naccess-list A extended permit ip any any\n")
    assert firewall.placement_doubt
    assert through(firewall, packet("10.1.0.5", "10.2.0.5")) == "undecided"


OBJECTS = "object network REAL\n host 10.1.0.9\nobject network MAPPED\n host 192.0.2.9\n"


@pytest.mark.parametrize(("line", "ways"), [
    ("nat (inside,outside) source static REAL", {("inside", "outside"), ("outside", "inside")}),
    ("nat (inside,outside) source static REAL MAPPED\n destination static MAPPED MAPPED nonsense",
     {("inside", "outside"), ("outside", "inside")}),
    ("nat (inside,any) source static REAL", {("inside", None), (None, "inside")}),
    ("nat (inside,outsidek source static REAL MAPPED", {(None, None)}),
    ("nat (inside,gone) source static REAL MAPPED", {("inside", None), (None, "inside")})])
def test_a_translation_that_cannot_be_read_leaves_open_what_lies_between_its_interfaces(
        line: str, ways: set[tuple[str | None, str | None]]) -> None:
    firewall = read(f"{INTERFACES}{OBJECTS}{line}\n")
    assert {(each.entry, each.leave) for each in firewall.translations} == ways
    assert all(each.because for each in firewall.translations)
    assert any(note.decides for note in firewall.notes)


@pytest.mark.parametrize("text", ["replaces the inactive one", "a service", "unidirectional",
                                  "destination static X Y"])
def test_the_description_of_a_translation_says_nothing(text: str) -> None:
    line = "nat (inside,outside) source static REAL MAPPED"
    known = [read(f"{INTERFACES}{OBJECTS}{each}\n").translations
             for each in (line, f"{line} description {text}")]
    assert known[0]
    assert known[0] == known[1]


@pytest.mark.parametrize("line", ["access-list A extended {} 0 any any",
                                  "object-group protocol P\n protocol-object 0\naccess-list A extended {} "
                                  "object-group P any any",
                                  "object service S\n service 0\naccess-list A extended {} object S any any"])
def test_protocol_0_is_every_protocol(line: str) -> None:
    """Cisco's table of protocols gives ip the number 0."""
    for action in ("permit", "deny"):
        firewall = read(f"ASA Version 9.1\n{line.format(action)}\n")
        assert through(firewall, packet(CLIENT, SERVER, "tcp", 80)) == action


@pytest.mark.parametrize("entry", [
    "deny icmp any any object-group GONE", "deny udp any any object-group GONE", "deny udp any any eq nosuch",
    "deny udp any any eq", "deny 17 any any eq 70000", "deny udp host 10.1.0.5 10.2.0.9 eq ntp"])
def test_a_bad_port_leaves_other_protocols_alone(entry: str) -> None:
    firewall = read(f"ASA Version 9.1\naccess-list A extended {entry}\n"
                    "access-list A extended permit ip any any\n")
    assert through(firewall, packet(CLIENT, SERVER, "tcp", 80)) == "permit"
    protocol = "icmp" if "icmp" in entry else "udp"
    assert through(firewall, packet(CLIENT, SERVER, protocol, 0, 8)) == "undecided"


@pytest.mark.parametrize("cut", ["", " line 3", " line 3 extended", " extended permit", " line 3 permit tcp"])
def test_an_entry_that_is_cut_short_may_decide_anything(cut: str) -> None:
    firewall = read(f"ASA Version 9.1\naccess-list A{cut}\naccess-list A extended permit ip any any\n")
    expected = "permit" if "permit" in cut else "undecided"
    assert through(firewall, packet(CLIENT, SERVER, "tcp", 80)) == expected
    assert [note.decides for note in firewall.notes] == [True]


SECOND = "access-list A extended deny tcp any any eq 443"


@pytest.mark.parametrize("first", [
    f"{ACE} eq www", "object-group network G\n network-object host 10.1.1.1", "mtu inside 1500",
    "interface GigabitEthernet0/0\n nameif outside", "no pager"])
@pytest.mark.parametrize("between", ["", " "])
def test_of_two_commands_in_one_line_each_may_do_anything(first: str, between: str) -> None:
    assert _fates(f"{first}{between}{SECOND}\n{ACE} eq 443", 443) == ["undecided"]


@pytest.mark.parametrize("first", ["access-list A remark was", "banner motd", "access-list A line 1 remark"])
def test_in_free_text_a_second_command_is_none(first: str) -> None:
    assert _fates(f"{first} {SECOND}\n{ACE} eq 443", 443) == ["permit"]


@pytest.mark.parametrize("joined", [
    "nameif dmz security-level 50", "security-level 50 ip address 10.2.0.1 255.255.0.0",
    "nameif dmz shutdown", "security-level 50shutdown", "ip address 10.2.0.1 255.255.0.0 shutdown"])
def test_two_lines_of_an_interface_in_one_leave_open_what_passes_it(joined: str) -> None:
    lines = [f" {each}" for each in ("nameif dmz", "security-level 50", "ip address 10.2.0.1 255.255.0.0")]
    text = INTERFACES.replace("\n".join(lines), "\n".join(
        [f" {joined}", *(each for each in lines if each.strip() not in joined)]))
    assert text != INTERFACES
    one = packet("10.1.0.5", "192.0.2.9", "tcp", 443)
    assert crossing(read(INTERFACES), one, "inside", "outside") == "permit"
    assert crossing(read(text), one, "inside", "outside") == "undecided"


@pytest.mark.parametrize("line", [
    " at (inside,outside) dynamic interface", " nta (inside,outside) static 192.0.2.9"])
def test_a_damaged_translation_of_an_object_is_none_of_its_members(line: str) -> None:
    assert _fates(f"object network X\n host 10.9.9.9\n{line}\n{ACE} eq 443", 443) == ["undecided"]


def test_a_slip_in_a_command_of_ipv6_is_seen() -> None:
    text = "ASA Version 9.1\nipv6 {} L deny ip any any\nipv6 enable\nipv6 unicast-routing\n"
    assert [note.decides for note in read(text.format("acccess-list")).notes] == [True]
    assert not read(text.format("access-list")).notes


@pytest.mark.parametrize("first", ["access-list A remark was", "! was", f"{ACE} eq www"])
def test_a_carriage_return_within_a_line_is_the_end_of_one(first: str) -> None:
    assert _fates(f"{first}\r{SECOND}\n{ACE} eq 443", 443) == ["undecided"]
    assert _fates(f"{first}\r\r\n\r{ACE} eq 443", 443) == ["permit"]
