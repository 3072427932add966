"""What has to hold after a mishap, and what is wrong where it does not."""

from __future__ import annotations

import errno
import os
import re
import signal
from collections.abc import Iterator

from msgspec import Struct

from tests.mishaps.acts import Act, Mishap
from tests.mishaps.forked import Done
from tests.mishaps.place import State, changes

STOPPED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -signal.SIGKILL}
REFUSED, NO_MEMORY = 2, 4
_PARTLY = re.compile(r"^aclproof: (stopped|angehalten): \d+ (of|von) \d+ ", re.MULTILINE)
_KEPT = ("work/out/cache", "home/cache")
"""What a run can do without: nobody has to be told that it was not kept."""
_UNFINISHED = re.compile(r"(^|/)(\.aclproof-[0-9a-f]+|([0-9a-f]+\.json|\.gitignore)\.[0-9a-f]+)$|^tmp/")
"""What only a process that is killed leaves."""
_TRIED = re.compile(r"^tmp/[a-z0-9_]{8}$")
"""Python's own: with a file it tries a folder for temporary ones."""
_NOT_THERE = object()
_OF_A_SITE = b"not enough memory"


class Case(Struct, frozen=True):
    """A call, what it does where nothing goes wrong, and what went wrong."""

    before: State
    after: State
    usual: Done
    mishap: Mishap
    act: Act
    """At which it went wrong."""

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is there to be told, or nobody wants more."""
        return self.act.path == "<stderr>" or (
            self.act.path == "<stdout>" and self.mishap.error == errno.EPIPE)


def wrong(case: Case, done: Done, now: State, root: str) -> Iterator[str]:
    """Yield a sentence for each thing that does not hold."""
    if "Traceback" in done.err:
        yield f"a traceback: {done.err[-300:]}"
    outputs = {path: data for path, data in changes(case.before, case.after).items()
               if not path.startswith(_KEPT)}
    yield from _torn(case, done, now, outputs)
    missing = [path for path, data in outputs.items() if now.get(path, _NOT_THERE) != data]
    if case.mishap.signal:
        yield from _after_signal(case, done, missing)
        return
    usual = case.usual.code
    if case.is_quiet:
        if done.code != usual or missing:
            yield f"exit code {done.code} in place of {usual}; not there: {missing}"
        return
    refused = (REFUSED, NO_MEMORY) if case.mishap.error == errno.ENOMEM else (REFUSED,)
    if done.code not in (usual, *refused):
        yield f"exit code {done.code}: {done.err}"
    if (missing or done.out != case.usual.out) and done.code not in refused:
        yield f"exit code {done.code}, and not there: {missing or 'what goes to standard output'}"
    if done.code in refused and done.code != usual and not _is_told_of_sites(case, now, outputs):
        yield from _unclear(case, done, [*changes(case.before, case.after)], root)
        for path in outputs.keys() - set(missing):
            if outputs[path] is not None and not _is_named(path, done.err):
                yield f"nobody is told that {path} was written: {done.err!r}"


def _torn(case: Case, done: Done, now: State, outputs: State) -> Iterator[str]:
    """What is neither as it was nor as it is to be."""
    may_stay = case.mishap.signal == signal.SIGKILL or case.act.kind in ("unlink", "rmdir")
    for path in {*case.before, *case.after, *now}:
        known = (case.before.get(path, _NOT_THERE), case.after.get(path, _NOT_THERE))
        found = now.get(path, _NOT_THERE)
        if found in known or (may_stay and _UNFINISHED.search(path)):
            continue
        if case.mishap.signal and _TRIED.search(path):
            continue
        if path in outputs and _is_told_of_sites(case, now, outputs):
            continue
        if path in outputs and _PARTLY.search(done.err):
            continue  # a report of the sites that are done; tests/fleet/test_stopping.py looks into it
        if path not in case.before and path not in case.after:
            yield f"left: {path}"
        else:
            yield f"torn or lost: {path}, {found[:60]!r}" if isinstance(found, bytes) else f"lost: {path}"


def _is_told_of_sites(case: Case, now: State, outputs: State) -> bool:
    """Whether a report of many sites, which is whole, says that there was no memory for some of them."""
    return case.mishap.error == errno.ENOMEM and any(_OF_A_SITE in (now.get(path) or b"") for path in outputs)


def _after_signal(case: Case, done: Done, missing: list[str]) -> Iterator[str]:
    number = signal.Signals(case.mishap.signal)
    if done.code not in (STOPPED[number], case.usual.code):
        yield f"exit code {done.code}: {done.err}"
    if done.code == case.usual.code and missing:
        yield f"exit code {done.code}, and not there: {missing}"
    if done.code > 128 and case.act.path != "<stderr>":
        said = _new(case, done)
        if len(said) != 1 or not re.match("aclproof: (stopped|abgebrochen|angehalten)", said[0]):
            yield f"said {done.err!r}"


def _unclear(case: Case, done: Done, outputs: list[str], root: str) -> Iterator[str]:
    """What is unclear about what went wrong."""
    memory = case.mishap.error == errno.ENOMEM
    reason = "not enough memory" if memory else os.strerror(case.mishap.error)
    said = [line for line in _new(case, done) if reason in line] if "de" not in case.usual.err else []
    new = _new(case, done)
    if not new:
        yield "nobody is told what went wrong"
    elif len(said) > 1 or (not said and "Error" in "".join(new)):
        yield f"said {new}"
    if memory or re.search("TMPDIR|no folder of yours", "".join(new)):  # it is named, or there is none
        return
    name = new[0].removeprefix("aclproof: ").split(": ")[0] if new else ""
    if name in ("standard output", "Standardausgabe") or name.startswith(case.act.path):
        return
    path = os.path.relpath(os.path.join(root, "work", name), root)
    if not path.startswith(("tmp", "home")) and not any(
            f"{each}/".startswith(f"{path}/") for each in [*outputs, case.act.path] if path != "work"):
        yield f"does not name the file: {new}"


def _new(case: Case, done: Done) -> list[str]:
    usual = case.usual.err.splitlines()
    return [line for line in done.err.splitlines() if line not in usual]


def _is_named(path: str, text: str) -> bool:
    """Whether a text names a file, or the folder that it is in."""
    name = path.removeprefix("work/")
    while name:
        if name != "out" and name in text:
            return True
        name = os.path.dirname(name)
    return False
