"""Versions of Windows: which systems have one, and from which ports they open connections (KB 929851)."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.windows.meaning.systems import answers, has_exceptions_only, system, version

OLD, NEW = IntervalSet.of((1025, 5000)), IntervalSet.of((49152, 65535))


@pytest.mark.parametrize(("number", "name", "ports", "exceptions"), [
    ((5, 1), "windows-xp", OLD, True), ((5, 2), "windows-server-2003", OLD, True),
    ((6, 0), "windows-vista", NEW, False), ((6, 1), "windows-server-2008-r2", NEW, False),
    ((10, 0), "windows-11", NEW, False)])
def test_a_version_says_the_system(number: tuple[int, int], name: str, ports: IntervalSet,
                                   *, exceptions: bool) -> None:
    found = system(number)
    assert found
    assert name in found.names
    assert found.dynamic_ports == ports
    assert has_exceptions_only(found) is exceptions


def test_a_system_that_is_not_known_has_no_version() -> None:
    assert system(None) is None
    assert system((6, 9)) is None
    assert version("os-2") is None
    assert version("windows-7") == (6, 1)
    assert not has_exceptions_only(None)


def test_a_question_is_answered_for_systems_of_which_all_versions_agree() -> None:
    """Windows XP is 5.1, and 5.2 where it has 64 bits."""
    found = dict(answers(lambda number: None if number == (6, 3) else number >= (5, 2)))
    assert {name: found.get(name) for name in (
        "windows-2000", "windows-xp", "windows-server-2003", "windows-8.1", "windows-10")} == {
        "windows-2000": False, "windows-xp": None, "windows-server-2003": True, "windows-8.1": None,
        "windows-10": True}
