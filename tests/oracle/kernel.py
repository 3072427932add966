"""The kernel as a firewall, spoken to from outside: a child process sits in the namespace.

Run as a program, this module is the child.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.oracle.child import Child, serve
from tests.oracle.namespace import Namespace
from tests.oracle.network import CommandError
from tests.oracle.plan import BackEnd, Hook
from tests.oracle.probes import Probe


class Kernel(Child):
    """A fresh namespace, until the `with` block ends."""

    def __init__(self) -> None:
        super().__init__("tests.oracle.kernel")

    def load(self, back_end: BackEnd, family: int, text: str) -> None:
        """Load rules in the save form; CommandError says why the kernel does not want them."""
        self.call("load", back_end, family, text)

    def load_native(self, text: str) -> None:
        """Replace all rules of nftables; CommandError as above."""
        self.call("load_native", text)

    def native(self, options: str = "") -> str:
        """Read all rules of nftables back, as text or (`-j`) as JSON."""
        return str(self.call("native", options))

    def add_sets(self, text: str) -> None:
        """Load sets in the form of `ipset save`."""
        self.call("add_sets", text)

    def saved_sets(self, names: Sequence[str]) -> str:
        """Read sets back."""
        return str(self.call("saved_sets", names))

    def enter(self, script: str) -> None:
        """Carry out commands of a shell; CommandError for the first that fails."""
        self.call("enter", script)

    def listed(self, back_end: BackEnd, family: int, table: str) -> str:
        """Read the rules of a table back as people list them."""
        return str(self.call("listed", back_end, family, table))

    def saved(self, back_end: BackEnd, family: int) -> str:
        """Read the rules back with their counters."""
        return str(self.call("saved", back_end, family))

    def send(self, hook: Hook, ways: Iterable[tuple[str, Probe]]) -> list[bool]:
        """Send packets by an interface each (from the firewall itself: by `lo`); tell which passed."""
        passed: list[bool] = self.call("send", hook, list(ways))
        return passed

    def deliver(self, hook: Hook, ways: Iterable[tuple[str, Probe]]) -> list[bytes | None]:
        """Send packets likewise; return each as it came out, None where it did not."""
        found: list[bytes | None] = self.call("deliver", hook, list(ways))
        return found


if __name__ == "__main__":
    serve(Namespace, CommandError, RuntimeError)
