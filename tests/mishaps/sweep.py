"""Runs every call with every mishap at every act."""

from __future__ import annotations

import errno
import gc
import io
import itertools
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from unittest.mock import patch

from msgspec import Struct, field

from aclproof.linter.cli import run
from tests.every_call import OUT
from tests.mishaps import forked
from tests.mishaps.acts import STREAMS, Act, Mishap
from tests.mishaps.forked import Done
from tests.mishaps.judging import Case, wrong
from tests.mishaps.place import Place, State, changes

_PATHS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO)
_DATA = (errno.ENOSPC, errno.EIO)
ERRORS: Mapping[str, Sequence[int]] = {"write": _DATA, "fsync": _DATA, "close": _DATA}
"""What each kind of act may be refused with; any other kind with all that a path may be."""
_DRAWN = re.compile(r"[0-9a-f]{16}|(?<=/tmp/)[a-z0-9_]{8}$")
"""What is different in the names of temporary files."""
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)


class Fault(Struct, frozen=True):
    """A promise that a case broke."""

    call: str
    what: str
    act: Act
    number: int
    said: str


class Figures(Struct):
    """What was tried, and what came of it."""

    calls: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    """By kind."""
    cases: int = 0
    written: set[str] = field(default_factory=set)
    """Files that calls wrote, each where nothing went wrong."""
    ends: Counter[int] = field(default_factory=Counter)
    """Exit codes after a mishap."""
    errors: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def judge(self, place: Place, call: Sequence[str], case: Case, done: Done, name: str = "") -> State:
        """Count a case, and what is wrong with what it left; return that. `name` says what happened."""
        now, mishap = place.state(), case.mishap
        self.cases += 1
        self.ends[done.code] += 1
        self.errors |= {mishap.error} - {0}
        self.faults += [Fault(" ".join(call), name or _named(mishap), case.act, mishap.at, said)
                        for said in wrong(case, done, now, str(place.root))]
        return now


def swept(place: Place, calls: Iterable[Sequence[str]], *, whole: bool,
          first: Callable[[], object] = lambda: None) -> Figures:
    """Run calls one after the other, each on what the ones before have written.

    `whole` is every error and every signal at every act of every call. Else an act has one of each in turn,
    and one that a call of the same command did before has none. Calls that print only are one of each
    command then. `first` is called before each case, in its process.
    """
    found = Figures()
    seen: set[tuple[str, str, str]] = set()
    known: set[str] = set()
    for call in calls:
        if not whole and call[0] in known and not writes(call):
            continue
        known.add(call[0])
        usual = as_usual(place, call)
        before, after = usual.before, usual.after
        found.written |= {path for path, data in changes(before, after).items() if data is not None}
        found.calls += 1
        found.acts.update(act.kind for act in usual.done.acts)
        for number, act in enumerate(usual.done.acts, 1):
            key = call[0], act.kind, _DRAWN.sub("*", act.path)
            if key in seen and not whole:
                continue
            seen.add(key)
            for mishap in _mishaps(number, act, whole=whole):
                place.restore(before)
                done = forked.run(call, place.work, place.environment, mishap, first)
                found.judge(place, call, usual.but(mishap, act), done)
        place.restore(after)
    return found


def never_written(calls: Iterable[Sequence[str]], written: Collection[str]) -> list[str]:
    """Return each option, with its command, that names files to write in some call, and wrote none in any."""
    wrote: dict[str, bool] = {}
    for call in calls:
        for before, word in itertools.pairwise(call):
            name = word.rpartition("=")[2]
            if name.startswith(f"{OUT}/"):
                option = f"{call[0]} {before}"
                is_there = any(f"{each}/".startswith(f"work/{name}/") for each in written)
                wrote[option] = wrote.get(option, False) or is_there
    return sorted(option for option, is_there in wrote.items() if not is_there)


def writes(call: Sequence[str]) -> bool:
    """Whether a call names a file to write; the format github adds to one that the environment names."""
    return any(OUT in word or word == "github" for word in call)


def _mishaps(number: int, act: Act, *, whole: bool) -> Iterator[Mishap]:
    errors = ERRORS.get(act.kind, _PATHS)
    if act.path in STREAMS.values():
        errors = (*errors, errno.EPIPE)
    signals: Sequence[int] = SIGNALS
    if not whole:
        errors, signals = [errors[number % len(errors)]], [signals[number % len(signals)]]
    yield from (Mishap(number, error=each) for each in errors)
    yield from (Mishap(number, signal=each) for each in signals)


def _named(mishap: Mishap) -> str:
    return signal.Signals(mishap.signal).name if mishap.signal else errno.errorcode[mishap.error]


class Usual(Struct, frozen=True):
    """A call where nothing goes wrong: what was there before it, and after it."""

    before: State
    after: State
    done: Done

    def but(self, mishap: Mishap, act: Act) -> Case:
        """Return the case where something goes wrong."""
        return Case(self.before, self.after, self.done, mishap, act)


def as_usual(place: Place, call: Sequence[str]) -> Usual:
    """Run a call, and leave what it does."""
    before = place.state()
    _warm(place, call)
    place.restore(before)
    done = forked.run(call, place.work, place.environment, Mishap())
    return Usual(before, place.state(), done)


def _warm(place: Place, call: Sequence[str]) -> None:
    """Import what a call needs, and keep what it keeps, so that no process of its own has to."""
    with chdir(place.work), patch.dict(os.environ, place.environment), \
            redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        run(call)
    gc.collect()
    gc.freeze()  # a process copies what it counts references of, and collecting touches all
