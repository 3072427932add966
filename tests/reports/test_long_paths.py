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
