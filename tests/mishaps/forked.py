"""Runs the command in a process of its own that has all modules already: in milliseconds, with any mishap."""

from __future__ import annotations

import io
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NoReturn

import msgspec
from msgspec import Struct

from aclproof.linter import cli
from tests.mishaps.acts import Act, Acts, Mishap

LIMIT = 60
"""Seconds; nothing here takes five."""


class Done(Struct, frozen=True):
    """How a run ended."""

    code: int
    """Negative for the signal that killed it."""
    out: bytes
    err: str
    acts: Sequence[Act] = ()


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], mishap: Mishap,
        first: Callable[[], object] = lambda: None) -> Done:
    """Run the command in a folder; `first` is called in the new process before it."""
    with TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as told:
        if not (child := os.fork()):
            try:
                signal.alarm(LIMIT)
                os.chdir(folder)
                os.environ.update(environment)
                for number, file in enumerate((out, err), 1):
                    os.dup2(file.fileno(), number)
                _run(arguments, mishap, told.fileno(), first)
            finally:
                os._exit(99)
        _, status = os.waitpid(child, 0)
        for file in (out, err, told):
            file.seek(0)
        acts = [msgspec.json.decode(line, type=Act) for line in told]
        return Done(os.waitstatus_to_exitcode(status), out.read(), err.read().decode(), acts)


def _run(arguments: Sequence[str], mishap: Mishap, told: int, first: Callable[[], object]) -> NoReturn:
    write = os.write
    os.urandom = random.Random(0).randbytes  # the same salt each time
    tempfile.tempdir = None  # it is found anew in each process
    Acts(mishap, lambda act: write(told, msgspec.json.encode(act) + b"\n"))
    sys.stdin = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdout, sys.stderr = (_stream(number) for number in (1, 2))
    sys.argv = ["aclproof", *arguments]
    first()
    cli.main()
    raise AssertionError


def _stream(number: int) -> io.TextIOWrapper:
    stream = os.fdopen(number, "w", encoding="utf-8", closefd=False)
    assert isinstance(stream, io.TextIOWrapper)
    return stream
