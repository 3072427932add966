"""Damaged logs: what is complete is what the whole log says too.

Two kinds of damage nobody could see: a character of a command or of a printed value that became another one
of its kind, and a loss that begins after one command and ends after another. All else shows.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.model.shown_by_device import DeviceAnswer, PacketAnswer
from tests.parsers.cisco_asa.transcripts.logs import NAMES, anywhere, complete, heard, text_of

TRACES = [name for name in NAMES if name != "shows.txt"]
CHARACTERS = "aZ0 .-|1e>#<:/\n\t\b\r\x00\ufffdé"


@pytest.mark.parametrize("name", NAMES)
def test_a_log_that_is_cut_anywhere_says_nothing_else(name: str) -> None:
    text = text_of(name)
    whole = set(complete(text))
    assert whole
    for end in range(1, len(text)):
        assert set(complete(text[:end])) <= whole, end


@pytest.mark.parametrize("name", NAMES)
def test_a_log_whose_begin_is_lost_says_nothing_else(name: str) -> None:
    lines = text_of(name).splitlines(keepends=True)
    whole = set(anywhere(complete("".join(lines))))
    for first in range(1, len(lines)):
        assert set(anywhere(complete("".join(lines[first:])))) <= whole, first


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_without_one_of_its_lines_says_nothing_else(name: str) -> None:
    lines = text_of(name).splitlines(keepends=True)
    whole = _weaker(_verdicts(complete("".join(lines))))
    assert whole
    for at in range(len(lines)):
        assert _verdicts(complete("".join(lines[:at] + lines[at + 1:]))) <= whole, lines[at]


@given(st.sampled_from(TRACES), st.data())
def test_lost_lines_turn_no_verdict(name: str, data: st.DataObject) -> None:
    """They may only take away what an answer leaves open: one phase may become the last one."""
    lines = text_of(name).splitlines(keepends=True)
    commands = [at for at, line in enumerate(lines) if "packet-tracer" in line]
    first = data.draw(st.integers(0, len(lines) - 1))
    end = next((at for at in commands if at > first), len(lines))
    last = data.draw(st.integers(first + 1, max(end, first + 1)))
    left = "".join(lines[:first] + lines[last:])
    assert _verdicts(complete(left)) <= _weaker(_verdicts(heard("".join(lines))))


@given(st.sampled_from(TRACES), st.sampled_from(TRACES), st.data())
def test_two_sessions_in_each_other_turn_no_verdict(one: str, other: str, data: st.DataObject) -> None:
    """Line by line, or in runs of them."""
    left, right = text_of(one).splitlines(keepends=True), text_of(other).splitlines(keepends=True)
    whole = _verdicts(complete("".join(left))) | _verdicts(complete("".join(right)))
    mixed: list[str] = []
    for size in data.draw(st.lists(st.integers(1, 25), min_size=2, max_size=40)):
        mixed, left, right = mixed + left[:size], right, left[size:]
    assert _verdicts(complete("".join(mixed + left + right))) <= whole


VALUES = ("translate", "drop-reason", "output-interface")
"""Lines whose value may be another one and still be one."""


@given(st.sampled_from(TRACES), st.data())
def test_a_changed_character_turns_no_verdict(name: str, data: st.DataObject) -> None:
    text = text_of(name)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from(CHARACTERS)) + text[at + 1:]
    begins, ends = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    whole = _weaker(_verdicts(complete(text)))
    for verdict in _verdicts(complete(changed)):
        if "packet-tracer" in text[begins:ends]:
            assert verdict[2:5] in {each[2:5] for each in whole}  # of whatever packet it now is
        elif verdict not in whole:
            assert any(word in text[begins:ends].lower() for word in VALUES)
            assert verdict[:3] in {each[:3] for each in whole}


CHANGES = st.lists(st.tuples(st.integers(0, 9999), st.sampled_from(CHARACTERS)), max_size=6)


@given(st.sampled_from(NAMES), CHANGES)
def test_no_damage_is_a_crash(name: str, changes: list[tuple[int, str]]) -> None:
    text = text_of(name)
    for at, character in changes:
        text = text[:at % len(text)] + character + text[at % len(text) + 1:]
    complete(text)


Verdict = tuple[object, str, bool | None, str, str, object]


def _weaker(verdicts: set[Verdict]) -> set[Verdict]:
    """How a packet leaves, and by which interface one would go that is dropped, a device need not say."""
    return verdicts | {(*each[:4], "", None) for each in verdicts if not each[2]} | {
        (*each[:5], None) for each in verdicts}


def _verdicts(answers: list[DeviceAnswer]) -> set[Verdict]:
    """What counts of answers about packets."""
    return {(each.packet, each.ingress, each.allowed, each.reason, each.egress, each.left)
            for each in answers if isinstance(each, PacketAnswer)}
