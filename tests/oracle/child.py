"""A child process that holds an object in networks of its own, and does with it what it is called for.

So the tests themselves stay in the network where they were started.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_ROOT = Path(__file__).parents[2]


class Child:
    """The process, until the `with` block ends; its program is a module that calls `serve`."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __enter__(self) -> Self:
        self._child = subprocess.Popen([sys.executable, "-m", self._module], cwd=_ROOT,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with self._child:
            assert self._child.stdin
            self._child.stdin.close()  # its loop ends, and with it the namespaces

    def call(self, name: str, *arguments: object) -> Any:
        """Call a method over there; what it raises is raised here."""
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


def serve(make: Callable[[], object], *foreseen: type[Exception]) -> None:
    """Be the child: make the object, read calls of its methods, and write what they return or raise."""
    calls, answers = sys.stdin.buffer, sys.stdout.buffer
    made = make()
    while True:
        try:
            name, arguments = pickle.load(calls)
        except EOFError:
            return
        try:
            answer = getattr(made, name)(*arguments)
        except foreseen as error:
            answer = error
        pickle.dump(answer, answers)
        answers.flush()
