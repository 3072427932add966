"""What to ask whom: pure data, for the reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from aclproof.linter.result import Line
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shell import Shell

Expected = Literal["permit", "deny", "undecided"]


class Probe(Struct, frozen=True):
    """Commands about one packet, or one open question."""

    commands: tuple[str, ...]
    """They show something and change nothing."""
    requirements: tuple[str, ...]
    expected: Expected
    """What the configurations say of the packet."""
    packet: Packet | None = None
    """None where the commands answer a question."""
    by: Line | None = None
    """The line that decides the packet, where one does."""
    question: str = ""
    """What is open, in the words of `check`."""
    key: str = ""
    """The fact that answers it."""


class Machine(Struct, frozen=True):
    """Everything to ask one machine, what is missing first."""

    name: str
    """Of a firewall in the site; of a host its address."""
    role: str
    """Of a host; empty for a firewall."""
    shell: Shell
    probes: tuple[Probe, ...]

    def commands(self) -> Iterator[str]:
        """Yield every command once, in order."""
        return iter(dict.fromkeys(command for each in self.probes for command in each.commands))
