"""Two routers in a row between real hosts, spoken to from outside; run as a program, this is the child."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.child import Child, serve
from tests.oracle.exchange import Exchange, Fate
from tests.oracle.network import CommandError
from tests.oracle.road import Road, Router


class Routers(Child):
    """A client, two routers and a server, until the `with` block ends."""

    def __init__(self) -> None:
        super().__init__("tests.oracle.routers")

    def load(self, router: Router, text: str) -> None:
        """Replace the rules of a router by those of a text that names every table."""
        self.call("load", router, text)

    def saved(self, router: Router) -> str:
        """Read the rules back with their counters."""
        return str(self.call("saved", router))

    def hold(self, exchanges: Sequence[Exchange]) -> list[Fate]:
        """Hold some exchanges at once, and tell how each of them ended; no connection is known before."""
        fates: list[Fate] = self.call("hold", list(exchanges))
        return fates


if __name__ == "__main__":
    serve(Road, CommandError, RuntimeError)
