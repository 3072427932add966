"""Reports of a path that has more firewalls than anybody reads one after the other."""

from __future__ import annotations

from aclproof.linter.reports.check import markdown, text
from tests.reports.large_site import large

STOPPED = "STOPS (21): {}fw-189, fw-182, fw-175, fw-161, fw-154, fw-147 and 15 more"
"""Of the 28 every seventh ones each fourth runs Linux and lets it pass; from the server,
200 comes first. Every tenth of the others leaves it open: 20, but three are stopped by a line."""


def test_what_stops_packets_is_not_lost_among_what_lets_them_pass() -> None:
    shown = " ".join(text.render(large(200)).split())
    assert f"Path {STOPPED.format('')} undecided (17): fw-195," in shown
    lines = markdown.render(large(200))
    assert f"- Path: {STOPPED.format('`')}`; undecided (17): `fw-195," in lines


def test_whoever_wants_all_of_it_gets_all_of_it() -> None:
    shown = " ".join(text.render(large(200), verbose=True).split())
    assert "fw-007 STOPS -> fw-006 passes -> fw-005 undecided -> fw-004 passes" in shown


def test_a_short_path_is_told_firewall_by_firewall() -> None:
    shown = " ".join(text.render(large(8)).split())
    assert "fw-008 passes -> fw-007 STOPS -> fw-006 passes -> fw-005 undecided" in shown


def test_the_text_of_a_large_site_is_read_in_one_go() -> None:
    """2,879 lines it had, most of them the same line or question at each firewall."""
    lines = text.render(large(200)).splitlines()
    assert len(lines) < 400
    shown = " ".join(" ".join(lines).split())
    for firewalls, line in ((150, "implicit deny at the end of DATACENTRE-IN"),
                            (50, "policy DROP of filter FORWARD"),
                            (21, "access-list DATACENTRE-IN extended deny tcp any any eq 445")):
        first_screen = shown.partition("MISSING")[0]
        assert first_screen.count(line) == 1
        assert f"The same at {firewalls - 1} more places" in first_screen
    assert shown.count("Relied on:") == 2
    assert "200 files without an unread line" in shown
    assert "and 195 more lines" in shown
