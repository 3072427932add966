"""The table of commands: every row is reached, none stands twice, and what is in none is unread."""

from __future__ import annotations

from collections import Counter

import pytest

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.features.row import Effect, Feature
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.model.notes import State
from tests.parsers.cisco_asa.asa import read


def ways_to_write(row: Feature) -> list[list[str]]:
    """The row's command with each of its alternatives, and `x` for any word."""
    found: list[list[str]] = [[]]
    for allowed in row.patterns:
        found = [[*before, "x" if word == "*" else word] for before in found for word in allowed]
    return found


def test_no_row_stands_twice() -> None:
    written = Counter((row.within, *words) for row in table.TABLE for words in ways_to_write(row))
    assert [words for words, times in written.items() if times > 1] == []


@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: f"{row.within}:{row.command}")
def test_every_row_is_reached(row: Feature) -> None:
    for words in ways_to_write(row):
        assert table.find(words, row.within) is row
        assert table.find([*words, "more"], row.within) is row


def test_rows_say_why() -> None:
    assert all(row.about and row.source for row in table.TABLE)
    assert all((row.effect is Effect.OPEN) == (row.doubt is not None) for row in table.TABLE)


def test_rows_of_sections_are_of_sections_that_are_read() -> None:
    assert {row.within for row in table.TABLE} - {""} <= sections.SAFE.keys()
    for row in table.TABLE:
        if row.within and row.effect is not Effect.HARMLESS:
            assert set(row.patterns[0]) <= sections.SAFE[row.within] | {"zone-member", "policy-route"}


def test_a_fact_settles_each_doubt() -> None:
    """The key says what the question asks about, and what shows it is a command."""
    for row in table.TABLE:
        if row.doubt:
            assert row.doubt.key
            assert row.doubt.question.startswith("whether ")
            assert row.doubt.find_out


@pytest.mark.parametrize("line", ["frobnicate packets", "aaa frobnicate", "filter gopher 0 0 0 0",
                                  "dynamic-filter frobnicate", "crypto frobnicate", "ip frobnicate x",
                                  "threat-detection frobnicate", "no-such-command"])
def test_a_command_of_no_row_is_unread(line: str) -> None:
    notes = read(f"ASA Version 9.12(4)\ninterface A\n nameif inside\n{line}\n").notes
    assert [note.state for note in notes] == [State.UNREAD]


@pytest.mark.parametrize("line", [
    "snmp-server host inside 10.0.0.1", "banner motd hello", "ntp server 10.0.0.1", "crypto ikev2 policy 1",
    "threat-detection basic-threat", "ssh 0 0 inside", "timeout conn 1:00:00", "Cryptochecksum:0123",
    "class-map inspection_default"])
def test_known_commands_are_not(line: str) -> None:
    assert not read(f"ASA Version 9.12(4)\ninterface A\n nameif inside\n{line}\n").notes
