"""Processor time and memory of whole processes, under limits: machines are shared, so no wall time."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple


class Limits(NamedTuple):
    """What one process may take."""

    seconds: int
    """Of processor time."""
    megabytes: int
    """Of address space."""


class Spent(NamedTuple):
    """What a process took."""

    seconds: float
    megabytes: int
    """Of resident memory at its peak; at least that of the process that measures."""
    stopped: str = ""
    """Why it did not come to its end: such as `time`; else empty."""
    code: int = 0
    """Its exit code."""


def run(command: Sequence[str], folder: Path, limits: Limits, environment: Mapping[str, str],
        wrong: Mapping[int, str] = MappingProxyType({}), said: int = subprocess.DEVNULL) -> Spent:
    """Run a command in a folder; what it prints goes to `said`; of its exit codes these are `wrong`."""
    def limit() -> None:
        size = limits.megabytes << 20
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
        resource.setrlimit(resource.RLIMIT_AS, (size, size))

    process = subprocess.Popen(command, cwd=folder, env=dict(environment), preexec_fn=limit,
                               stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    stopped = wrong.get(process.returncode, "") or _stopped(process.returncode)
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, stopped,
                 process.returncode)


def _stopped(code: int) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "time"
    return "memory or fault" if code < 0 else ""
