"""Batch files that add rules: what is not followed in one may undo it, and what is never run adds nothing."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.windows.windows import Words, firewall, listing, packet, profiles, verdict

ADD = "netsh advfirewall firewall add rule name=x dir=in action=allow protocol=tcp localport=445"
BLOCK = ADD.replace("allow", "block")
NONE = Context({"rules that are not in the files": False})


@pytest.mark.parametrize("other", [
    "netsh -c advfirewall firewall delete rule name=x", "netsh advfirewall reset", "sc stop mpssvc",
    "if 1==1 {}", "for %%p in (1) do {}", "echo x & {}", "{} & netsh advfirewall reset", "echo x | {}",
    "netsh advfirewall show allprofiles && {}", "rem x ^\n{}", ":: ^\n{}", "powershell -file x.ps1",
    "cmd < x"])
def test_what_is_not_followed_in_a_script_opens_all_that_it_may_undo(other: str) -> None:
    for first in (ADD, BLOCK):
        found = firewall(profiles(), f"{first}\n{other.format(BLOCK if first == ADD else ADD)}\n")
        assert verdict(found, packet(445), facts=NONE) == "undecided"


@pytest.mark.parametrize("other", [
    "rem a & b", ":: x", "@echo off", "echo 'on' > nul", "echo.", "pause", "Ok.", "", "setlocal",
    "netsh advfirewall show allprofiles", "netsh advfirewall firewall show rule name=all > after.txt 2>&1",
    "exit /b 0"])
def test_what_does_nothing_in_a_script_is_passed_over(other: str) -> None:
    found = firewall(profiles(), f"{ADD} >> log.txt\n{other}\n")
    assert verdict(found, packet(445), facts=NONE) == "permit"


def test_what_comes_after_the_end_of_a_script_is_not_done() -> None:
    found = firewall(profiles(), f"@echo off\nexit /b 0\n{ADD}\n")
    assert verdict(found, packet(445), facts=NONE) == "undecided"
    assert [note.span.first_line for note in found.notes if note.state is State.UNREAD] == [2]


def test_a_script_beside_an_export_of_the_rules_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match=r"fw1\.txt: nothing shows"):
        firewall(Words("x").text() + "Ok.\n", f"{ADD}\n")
    with pytest.raises(UnsupportedInputError, match=r"fw1\.txt: nothing shows whether these commands"):
        firewall(listing(Words("x")), f"{ADD}\n")
