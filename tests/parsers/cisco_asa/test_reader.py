"""What is left of reading a file: a configuration of a million lines is held once."""

from __future__ import annotations

import gc
import weakref

import pytest

from aclproof.parsers.cisco_asa.text.reader import Reader
from tests.parsers.cisco_asa.asa import read


def test_the_lines_are_given_back_without_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs with the collector off: what is in a ring stays until the process ends."""
    readers: list[weakref.ref[Reader]] = []
    whole = Reader._line

    def line(self: Reader, number: int, text: str | None) -> None:
        readers.append(weakref.ref(self))
        whole(self, number, text)

    monkeypatch.setattr(Reader, "_line", line)
    gc.disable()
    try:
        firewall = read("ASA Version 9.1\ninterface E0\n nameif inside\nobject network A\n host 10.0.0.1\n"
                        "access-list L extended permit ip any object A\naccess-group L in interface inside\n")
    finally:
        alive = [each for each in readers if each() is not None]
        gc.enable()
    assert "L" in firewall.chains
    assert readers
    assert not alive
