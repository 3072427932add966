"""Networks of the kernel's: to leave one, to enter another, and to set things up in it."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)


class CommandError(Exception):
    """A command that failed, with its words."""


def run(command: str, text: str = "") -> str:
    """Run a program in this network; CommandError has what it says against it."""
    done = subprocess.run(command.split(), input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{command}: {done.stderr.strip()}")
    return done.stdout


def configure(settings: Mapping[str, int | str]) -> None:
    """Set switches of the kernel, by their paths below /proc/sys."""
    for name, value in settings.items():
        Path("/proc/sys", name).write_text(str(value), encoding="ascii")


def leave() -> None:
    """Go on in a new network, in which there is nothing yet."""
    _succeed("unshare", _LIBC.unshare(_CLONE_NEWNET))


class Network:
    """A network to come back to. What this process opens belongs to the network that it is in then."""

    def __init__(self) -> None:
        leave()
        self._handle = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    @property
    def path(self) -> str:
        """What other programs know it by."""
        return f"/proc/{os.getpid()}/fd/{self._handle}"

    def enter(self) -> None:
        """Go on in this network."""
        _succeed("setns", _LIBC.setns(self._handle, _CLONE_NEWNET))


def _succeed(name: str, answer: int) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), name)
