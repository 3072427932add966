"""What makes a text useless: PowerShell or somebody else left something out, or put it in twice."""

from __future__ import annotations


class DamagedTextError(Exception):
    """A text that is damaged, or in which PowerShell left something out; `line` says where."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
