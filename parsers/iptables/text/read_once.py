"""What texts say, where many are equal: each is read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aclproof.parsers.iptables.text.words import RuleError

Read = TypeVar("Read")


class ReadOnce(dict[str, Read | None]):
    """Text to what it says, read when it is first looked up; None where it cannot be read by itself."""

    def __init__(self, read: Callable[[str], Read | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Read | None:
        try:
            found = self._read(text)
        except RuleError:
            found = None
        self[text] = found
        return found
