"""What shows that a capture is not whole (features-asa.md, section 3)."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read, through

LEVELS = packet("10.1.0.5", "192.0.2.9", "tcp", 80)
"""From inside to outside: the levels let it pass where no list is bound."""

LISTS = "access-list I extended deny tcp any any eq 80\naccess-list D extended permit ip any any\n"


def _fate(text: str, **facts: bool) -> str:
    known = {key.replace("_", " "): value for key, value in facts.items()}
    return crossing(read(text), LEVELS, "inside", "outside", facts=known)


@pytest.mark.parametrize(("head", "end", "fate"), [
    ("", "", "permit"),  # written by hand, or by a tool that takes head and end away
    (": Saved\n", "", "undecided"), (": Written by admin at 10:00\n", "", "undecided"),
    (": Saved\n", ": end\n", "permit"), (": Saved\n", "Cryptochecksum:0123\n: end\n", "permit"),
    (": Saved\n", "Cryptochecksum:0123\n", "permit"), (": Saved\n", "fw# \n", "permit"),
    (": Saved\n", "fw/pri/act# exit\n", "permit"),
    (": Saved\n", "policy-map P\nservice-policy P global\n", "permit"),
    (": Saved\n", "prompt hostname context\n", "permit"),
    (": Saved\n", "policy-map P\n class C\n", "undecided"), ("", "<--- More --->", "undecided"),
    (": Saved\n", "<--- More --->\n", "undecided"), ("", "<--- More --->\r       \r: end\n", "permit")])
def test_a_file_ends_as_its_form_ends(head: str, end: str, fate: str) -> None:
    assert _fate(head + INTERFACES + end) == fate


@pytest.mark.parametrize(("text", "fate"), [
    (LISTS, "undecided"), (LISTS + "mtu inside 1500\n!\n", "undecided"),
    (LISTS + "access-group D in interface dmz\n", "undecided"),
    (LISTS + "access-group D in interface dmz\ntimeout xlate 3:00:00\n", "permit"),
    (LISTS + "access-group D global\n", "permit"),  # no interface is left to a list
    ("route outside 0 0 192.0.2.1\n" + LISTS, "undecided"),  # as people write it
    (LISTS + "timeout xlate 3:00:00\n", "permit"),
    ("object-group network G\n network-object host 10.1.0.5\n", "undecided"),
    ("time-range T\n periodic daily 8:00 to 9:00\n!\n", "undecided"),
    ("access-list D extended deny ip any any time-range T\naccess-group D in interface dmz\n"
     "time-range T\n periodic daily 8:00 to 9:00\n", "permit"),
    ("object network O\n", "undecided"), ("object-group service S tcp\n port-object eq 80\n", "undecided"),
    ("access-list D extended deny tcp any object-group G\naccess-group D in interface inside\n"
     "object-group network G\n network-object host 192.0.2.9\n", "deny"),
    ("object network O\n host 10.1.0.77\n nat (inside,dmz) static 10.2.0.77\n", "permit"),
    (LISTS + "no access-group I in interface inside\n", "permit"),
    (LISTS + "nat (inside) 0 access-list I\nnat (dmz) 0 access-list D\n", "permit"),
    (LISTS + ": end\n", "permit"), (LISTS + "fw# \n", "permit")])
def test_a_file_that_ends_before_what_uses_its_lists_and_objects_may_be_cut(text: str, fate: str) -> None:
    """A device prints lists, then what binds them, then routes and the rest."""
    assert _fate(INTERFACES + text) == fate


OTHER = "interface GigabitEthernet0/7\n"
CLOSED = INTERFACES.replace("interface", "!\ninterface")


@pytest.mark.parametrize(("text", "fate"), [
    (CLOSED + OTHER + " nameif wan\n security-level 0\n", "undecided"), (CLOSED + OTHER, "undecided"),
    (INTERFACES + OTHER, "undecided"), (INTERFACES + OTHER + " nameif wan\n", "permit"),  # as people write it
    (CLOSED, "permit"),
    (CLOSED + OTHER + " nameif wan\n security-level 0\n!\n", "permit"),
    (CLOSED + OTHER + " shutdown\ntimeout xlate 3:00:00\n", "permit"),
    (CLOSED + "interface GigabitEthernet0/0\n no shutdown\n", "permit"),  # entered again, as no device prints
    (CLOSED + OTHER + " shutdown\nfw# \n", "permit")])
def test_a_file_that_ends_within_an_interface_may_be_cut(text: str, fate: str) -> None:
    """A device ends each with its address, and an exclamation mark."""
    assert _fate(text) == fate


def test_a_fact_says_that_the_file_is_whole() -> None:
    firewall = read(": Saved\n" + INTERFACES)
    assert firewall.placement_doubt
    for answer, fate in ((False, "permit"), (True, "undecided")):
        assert crossing(firewall, LEVELS, "inside", "outside", facts={"fw.cfg is cut": answer}) == fate


ROW = "access-list A line {} extended {} (hitcnt=0) 0x1\n"


@pytest.mark.parametrize(("rows", "fates"), [
    ([(1, "permit tcp any any eq 80"), (2, "deny ip any any")], ["permit", "deny"]),
    ([(17, "permit tcp any any eq 80"), (18, "deny ip any any")], ["undecided", "undecided"]),
    ([(1, "permit tcp any any eq 80"), (3, "deny ip any any")], ["permit", "undecided"])])
def test_entries_that_a_listing_lacks_by_their_numbers(rows: list[tuple[int, str]], fates: list[str]) -> None:
    firewall = read("".join(ROW.format(*row) for row in rows))
    assert [through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", port)) for port in (80, 81)] == fates


@pytest.mark.parametrize(("count", "fate"), [(1, "deny"), (2, "undecided")])
def test_elements_that_a_listing_lacks_by_their_count(count: int, fate: str) -> None:
    firewall = read(f"access-list A; {count} elements; name hash: 0x1\n"
                    + ROW.format(1, "permit tcp any any eq 80"))
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 80)) == "permit"
    assert through(firewall, packet("1.1.1.1", "2.2.2.2", "tcp", 81)) == fate


def test_lacking_elements_do_what_their_neighbours_do() -> None:
    """The elements of one line all permit: those that are lacking can stop nothing."""
    firewall = read("access-list A; 4 elements; name hash: 0x1\n"
                    "access-list A line 1 extended permit tcp any object-group G eq 80 (hitcnt=0) 0x1\n"
                    "  access-list A line 1 extended permit tcp any host 10.0.0.1 eq 80 (hitcnt=0) 0x2\n"
                    + ROW.format(2, "deny ip any any"))
    fates = [through(firewall, packet("1.1.1.1", f"10.0.0.{n}", "tcp", 80)) for n in (1, 2)]
    assert fates == ["permit", "undecided"]


@pytest.mark.parametrize("stamp", ["2024-01-01 10:00:00 ", "[2024-01-01 10:00:00] ", "10:00:00 "])
def test_the_time_before_each_line_is_none_of_it(stamp: str) -> None:
    text = "".join(stamp + line for line in INTERFACES.splitlines(keepends=True))
    assert _fate(text) == "permit"


def test_numbers_before_each_line_are_none_of_it() -> None:
    text = "".join(f"{n:6}\t{line}" for n, line in enumerate(INTERFACES.splitlines(keepends=True), 1))
    assert _fate(text) == "permit"


def test_capitals_may_be_commands() -> None:
    text = INTERFACES + "ACCESS-LIST A EXTENDED DENY IP ANY ANY\nACCESS-GROUP A IN INTERFACE INSIDE\n"
    assert _fate(text) == "undecided"


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("before", ["", INTERFACES])
def test_a_last_line_without_an_end_that_cannot_be_read_may_be_cut(before: str, end: str) -> None:
    lists = "access-list A extended permit tcp any any eq 80\naccess-group A in interface inside\n"
    firewall = read(f"{before}{lists}acc{end}")
    assert any("last line has no end" in each.reason for each in firewall.notes) is (not end)
