"""The kernel as a firewall, spoken to from outside: a child process sits in the namespace.

So the tests themselves stay in the network where they were started. Run as a program, this module is the
child: it reads calls from its input and writes what they return.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from tests.oracle.namespace import Namespace, Refused
from tests.oracle.plan import BackEnd, Hook
from tests.oracle.probes import Probe

_ROOT = Path(__file__).parents[2]


class Kernel:
    """A fresh namespace, until the `with` block ends."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen([sys.executable, "-m", "tests.oracle.kernel"], cwd=_ROOT,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with self._child:
            assert self._child.stdin
            self._child.stdin.close()  # its loop ends, and with it the namespace

    def load(self, back_end: BackEnd, family: int, text: str) -> None:
        """Load rules in the save form; Refused says why the kernel does not want them."""
        self._call("load", back_end, family, text)

    def add_sets(self, text: str) -> None:
        """Load sets in the form of `ipset save`."""
        self._call("add_sets", text)

    def saved_sets(self, names: Sequence[str]) -> str:
        """Read sets back."""
        return str(self._call("saved_sets", names))

    def saved(self, back_end: BackEnd, family: int) -> str:
        """Read the rules back with their counters."""
        return str(self._call("saved", back_end, family))

    def send(self, hook: Hook, ways: Iterable[tuple[str, Probe]]) -> list[bool]:
        """Send packets by an interface each (from the firewall itself: by `lo`); tell which passed."""
        passed: list[bool] = self._call("send", hook, list(ways))
        return passed

    def _call(self, name: str, *arguments: object) -> Any:
        assert self._child.stdin
        assert self._child.stdout
        pickle.dump((name, arguments), self._child.stdin)
        self._child.stdin.flush()
        try:
            answer = pickle.load(self._child.stdout)
        except EOFError:
            raise RuntimeError("the process in the namespace ended; it said why on standard error") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(calls: BinaryIO, answers: BinaryIO) -> None:
    namespace = Namespace()
    while True:
        try:
            name, arguments = pickle.load(calls)
        except EOFError:
            return
        try:
            answer = getattr(namespace, name)(*arguments)
        except (Refused, RuntimeError) as error:
            answer = error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
