"""Order in a list: insertions and remarks; and listings, where a parent and its elements say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.cisco_asa.asa import crossing, packet, read, through

LISTING = (Path(__file__).parents[3] / "fixtures" / "asa" / "listing.txt").read_text(encoding="utf-8")
DEFINITIONS = """object-group network CLIENTS
 network-object 10.2.0.0 255.255.0.0
object-group network SERVERS
 network-object host 10.9.0.1
"""


def _order(text: str) -> list[int]:
    return [rule.line for rule in read(f"ASA Version 9.1\n{text}").chains["A"].rules]


def test_lines_are_inserted_where_they_say() -> None:
    assert _order("access-list A extended permit ip host 10.0.0.1 any\n"
                  "access-list A extended permit ip host 10.0.0.2 any\n"
                  "access-list A line 1 extended permit ip host 10.0.0.3 any\n"
                  "access-list A line 2 extended deny ip host 10.0.0.4 any\n"
                  "access-list A line 99 extended deny ip host 10.0.0.5 any\n") == [4, 5, 2, 3, 6]


def test_a_remark_takes_a_number_of_its_own() -> None:
    assert _order("access-list A remark first\naccess-list A extended permit ip host 10.0.0.1 any\n"
                  "access-list A line 2 extended deny ip host 10.0.0.2 any\n"
                  "access-list A line 1 remark before the first\n"
                  "access-list A line 3 extended permit ip host 10.0.0.3 any\n") == [6, 4, 3]


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "x", "-1"])
def test_odd_numbers_do_no_harm(number: str) -> None:
    text = ("ASA Version 9.1\naccess-list A extended deny ip any any\n"
            f"access-list A line {number} extended permit ip any any\n")
    assert through(read(text), packet("1.1.1.1", "2.2.2.2", "tcp", 80)) in ("deny", "undecided")


def test_a_list_may_be_called_like_a_header() -> None:
    for name in ("mode", "alert-interval", "cached", "deny-flow-max", "line"):
        firewall = read(f"ASA Version 9.1\naccess-list {name} extended permit tcp any any eq 443\n")
        assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 443), name) == "permit", name


def test_a_list_that_is_cleared_begins_anew() -> None:
    firewall = read("ASA Version 9.1\naccess-list A extended permit ip any any\nclear configure "
                    "access-list A\n"
                    "access-list A extended deny ip any any\n")
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80)) == "deny"
    assert firewall.line_counts.total == 4


CASES = [
    (packet("10.1.2.3", "10.9.0.2", "tcp", 443), "permit"), (packet("10.2.2.3", "10.9.0.2", "tcp", 443),
                                                             "deny"),
    (packet("10.1.2.3", "10.9.0.9", "tcp", 443), "deny"),
    (packet("10.5.0.1", "203.0.113.5", "tcp", 80), "undecided"),  # the name may stand for it
    (packet("10.5.0.1", "198.51.100.7", "tcp", 80), "undecided"),
    # the answer of the moment, after an open name
    (packet("10.5.0.1", "203.0.113.5", "icmp", 0, 8), "permit"), (packet("10.5.0.1", "10.9.0.3", "tcp", 22),
                                                                  "deny")]


@pytest.mark.parametrize("case", CASES, ids=lambda each: str(each[0]))
def test_a_listing_alone_speaks_by_its_elements(case: tuple[object, str]) -> None:
    firewall = read(LISTING)
    one, expected = case
    got = through(firewall, one, "INSIDE-IN")  # type: ignore[arg-type]
    assert got == expected or (expected == "undecided" and got == "permit")
    assert not [note for note in firewall.notes if note.decides]


def test_with_its_definitions_a_listing_speaks_by_its_parents() -> None:
    """What the file defines now is newer than the expansion; never both."""
    firewall = read(DEFINITIONS + LISTING)
    assert through(firewall, packet("10.2.2.3", "10.9.0.1", "tcp", 443), "INSIDE-IN") == "permit"
    assert through(firewall, packet("10.1.2.3", "10.9.0.2", "tcp", 443), "INSIDE-IN") == "deny"


def test_old_listings_have_no_indentation() -> None:
    flat = "\n".join(line.strip() for line in LISTING.split("\n"))
    firewall, indented = read(flat), read(LISTING)
    assert [rule.line for rule in firewall.chains["INSIDE-IN"].rules] == [
        rule.line for rule in indented.chains["INSIDE-IN"].rules]


def test_every_line_of_a_listing_is_counted_once() -> None:
    assert read(LISTING).line_counts.total == LISTING.count("\n")
    assert len({rule.line for rule in read(LISTING).chains["INSIDE-IN"].rules}) == 9


def test_aliases_in_a_parent_are_addresses_in_its_element() -> None:
    firewall = read("access-list A; 1 elements; name hash: 0x1\n"
                    "access-list A line 1 extended permit tcp host web1 any eq 80 (hitcnt=0) 0x12345678\n"
                    "  access-list A line 1 extended permit tcp host 10.0.0.1 any eq 80 (hitcnt=0) "
                    "0x12345678\n")
    assert through(firewall, packet("10.0.0.1", "1.1.1.1", "tcp", 80)) == "permit"
    assert through(firewall, packet("10.0.0.2", "1.1.1.1", "tcp", 80)) == "deny"


def test_hits_may_stick_to_the_word_before_them() -> None:
    firewall = read("access-list A; 1 elements\naccess-list A line 1 extended permit tcp any any eq "
                    "80(hitcnt=0) 0x12345678\n")
    assert through(firewall, packet("10.0.0.2", "1.1.1.1", "tcp", 80)) == "permit"


def test_twins_of_object_group_search_stay_open() -> None:
    firewall = read("access-list A; 1 elements; name hash: 0x1\n"
                    "access-list A line 1 extended permit tcp object-group G any eq 80 (hitcnt=0) "
                    "0x12345678\n"
                    "  access-list A line 1 extended permit tcp object-group G(298) any(65537) eq 80 "
                    "(hitcnt=0) 0x12345678\n")
    assert through(firewall, packet("10.0.0.2", "1.1.1.1", "tcp", 80)) == "undecided"


def test_hits_in_a_remark_make_no_listing() -> None:
    assert _order("access-list A remark was (hitcnt=0)\naccess-list A extended permit ip any any\n"
                  "access-list A line 1 extended deny ip any any\naccess-list A line 1 extended deny ip "
                  "host 10.0.0.1 any\n"
                  ) == [5, 4, 3]


@pytest.mark.parametrize(("again", "fates"), [
    ("access-list A extended deny tcp any any eq 80", ["permit", "permit"]),  # there already: refused
    # moved to the top, or left where it is: what both hold is sure
    ("access-list A line 1 extended deny tcp any any eq 80", ["undecided", "permit"])])
def test_an_entry_that_is_entered_again_elsewhere(again: str, fates: list[str]) -> None:
    firewall = read("ASA Version 9.12(4)\naccess-list A extended permit tcp any host 10.2.0.5\n"
                    f"access-list A extended deny tcp any any eq www\n{again}\n"
                    "access-list A extended permit ip any any\n")
    found = [through(firewall, packet("10.1.0.1", "10.2.0.5", "tcp", port)) for port in (80, 443)]
    assert found == fates
    assert through(firewall, packet("10.1.0.1", "10.2.0.6", "tcp", 80)) == "deny"


BRIDGE = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
interface GigabitEthernet0/1
 bridge-group 1
 nameif in1
 security-level 100
interface BVI1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.0.0
"""


@pytest.mark.parametrize(("frames", "fate"), [
    ("deny any", "deny"), ("permit any", "permit"), ("deny bpdu", "permit"),
    ("permit mpls-unicast", "permit"), ("deny 0x8847", "permit"),
    ("deny 0x0800", "undecided"), ("deny yna", "undecided")])
@pytest.mark.parametrize("extended", ["", "access-list X extended permit tcp any any eq 80\n"
                                          "access-group X in interface in1\n"])
def test_a_list_of_frames_stops_ip_by_an_explicit_deny_of_all(frames: str, fate: str, extended: str) -> None:
    """EtherType rules: IP and ARP pass the implicit deny; the list stands beside an extended one."""
    firewall = read(f"{BRIDGE}{extended}access-list E ethertype {frames}\naccess-group E in interface in1\n")
    assert crossing(firewall, packet("10.1.0.9", "192.0.2.9", "tcp", 80), "inside", "outside") == fate
    opened = "access-list O extended permit ip any any\naccess-group O in interface outside\n"
    firewall = read(f"{BRIDGE}{opened}access-list E ethertype {frames}\naccess-group E in interface in1\n")
    back = packet("192.0.2.9", "10.1.0.9", "tcp", 80)
    assert crossing(firewall, back, "outside", "inside") == fate  # the answers are frames as well


@pytest.mark.parametrize(("entry", "fates"), [
    ("permit tcp any range 10.0.0.1 10.0.0.5 eq 80", ["permit", "deny", "permit"]),
    ("permit tcp range 1.1.1.0 1.1.1.9 range 10.0.0.1 10.0.0.5 range 80 90", ["permit", "deny", "deny"]),
    ("permit tcp any range 50000 50001 range 10.0.0.1 10.0.0.5", ["permit", "deny", "permit"]),
    ("permit tcp any range 50000 50001 any eq 80", ["permit", "permit", "permit"]),
    ("permit ip any range 10.0.0.1 10.0.0.5", ["permit", "deny", "permit"])])
def test_a_range_of_a_listing_is_of_ports_or_of_addresses(entry: str, fates: list[str]) -> None:
    """A device writes out what `range` in an object says, and has no such word in an entry itself."""
    firewall = read(f"access-list A; 1 elements; name hash: 0x1\naccess-list A line 1 extended {entry} "
                    "(hitcnt=0) 0x1\n")
    ends = (("1.1.1.1", "10.0.0.3"), ("1.1.1.1", "10.0.0.6"), ("1.1.1.10", "10.0.0.5"))
    assert [through(firewall, packet(*each, "tcp", 80)) for each in ends] == fates


def test_a_port_is_one_though_a_host_has_its_name() -> None:
    firewall = read("names\nname 10.0.0.1 www\nname 10.0.0.5 last\n"
                    "access-list A extended permit tcp any range www 443 any\n")
    assert [through(firewall, packet("1.1.1.1", "10.0.0.3", "tcp", 9, port)) for port in (80, 443, 444)] == [
        "permit", "permit", "deny"]


@pytest.mark.parametrize("rows", ["", "access-list A line 1 remark x\n"])
def test_a_listing_without_any_entry_lacks_all(rows: str) -> None:
    firewall = read(f"access-list A; 5 elements; name hash: 0x1\n{rows}")
    assert through(firewall, packet("1.1.1.1", "10.0.0.3", "tcp", 80)) == "undecided"
    assert firewall.line_counts.total == 1 + bool(rows)


def test_a_remark_in_the_first_line_is_one() -> None:
    counts = read("access-list A remark x\naccess-list A extended permit ip any any\n").line_counts
    assert (counts.understood, counts.ignored) == (1, 1)
