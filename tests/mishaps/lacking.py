"""What a whole run may lack: a home, a stream, memory."""

from __future__ import annotations

import errno
import os
import re
import resource
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from tests.mishaps import forked
from tests.mishaps.acts import Act, Mishap
from tests.mishaps.place import Place
from tests.mishaps.sweep import Figures, as_usual

_LEAST, _MOST = 2**16, 2**28
"""Bytes that a run has: with less Python says nothing, and none here takes more than it has already."""


class Lack(Struct, frozen=True):
    """What is lacking, from the beginning to the end."""

    act: Act
    """What cannot be done for want of it."""
    error: int
    environment: Mapping[str, str] = field(default_factory=dict)
    first: Callable[[], object] = lambda: None
    """Takes it away, in the process that is to lack it."""


def _home(name: str) -> Mapping[str, str]:
    return {"HOME": name, "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}


LACKS: Mapping[str, Lack] = {
    "no home": Lack(Act("open", "home"), errno.ENOENT, _home("nowhere")),
    "a home that is no folder": Lack(Act("open", os.devnull), errno.ENOTDIR, _home(os.devnull)),
    "closed standard input": Lack(Act("read", "<stdin>"), errno.EBADF, first=partial(os.close, 0)),
    "closed standard output": Lack(Act("write", "<stdout>"), errno.EBADF, first=partial(os.close, 1)),
    "closed standard error": Lack(Act("write", "<stderr>"), errno.EBADF, first=partial(os.close, 2))}


def lacking(place: Place, calls: Sequence[Sequence[str]], *, whole: bool) -> Figures:
    """Run calls with each lack, and with memory from little to as much as suffices.

    Else than `whole`, a call has one of the lacks in turn, and memory grows in greater steps.
    """
    found = Figures()
    lacks = list(LACKS.items())
    for number, call in enumerate(calls):
        usual = as_usual(place, call)
        found.calls += 1
        for name, lack in (*(lacks if whole else lacks[number % len(lacks):][:1]), *_memory(whole=whole)):
            place.restore(usual.before)
            done = forked.run(call, place.work, {**place.environment, **lack.environment}, Mishap(),
                              lack.first)
            now = found.judge(place, call, usual.but(Mishap(error=lack.error), lack.act), done, name)
            if lack.error == errno.ENOMEM and (done.code, now) == (usual.done.code, usual.after):
                break
        place.restore(usual.after)
    return found


def _memory(*, whole: bool) -> Iterator[tuple[str, Lack]]:
    free = _LEAST
    while free < _MOST:
        yield "little memory", Lack(Act("memory", f"{free} bytes free"), errno.ENOMEM,
                                    first=partial(_bound, free))
        free = int(free * (1.5 if whole else 6))


def _bound(free: int) -> None:
    """Let this process have only so many bytes more: it takes all that it may have, and gives them back."""
    taken = int(re.findall(r"VmSize:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) * 1024
    resource.setrlimit(resource.RLIMIT_AS, (taken + free + 2**16, resource.RLIM_INFINITY))
    spare = bytearray(free)
    for size in (2**20, 2**16, 2**12, *range(480, 0, -16)):  # the last ones are Python's own blocks
        with suppress(MemoryError):
            while True:
                _taken[0] = _taken[0], bytes(size)
    del spare


_taken: list[object] = [None]
