"""Disks that are full in truth: a file system in memory with so many pages free, or one that is read-only."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.mishaps import forked
from tests.mishaps.acts import Act, Mishap
from tests.mishaps.place import Place
from tests.mishaps.sweep import Figures, as_usual

_SIZE = 2**24
_PAGE = 4096
_MOST = _SIZE // _PAGE


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """Yield a folder on a disk of its own; OSError or CalledProcessError where only others may mount one."""
    _mount("tmpfs", f"size={_SIZE}", folder)
    try:
        (folder / "place").mkdir()
        yield folder / "place"
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def filled(place: Place, calls: Sequence[Sequence[str]], *, whole: bool) -> Figures:
    """Run calls on a disk that is read-only, and with pages free from none to as many as suffice.

    `whole` is every number of pages, else each is a half more than the one before.
    """
    found = Figures()
    filler = place.root.parent / "filler"
    for call in calls:
        usual = as_usual(place, call)
        found.calls += 1
        free = -1
        while free < _MOST:
            place.restore(usual.before)
            error = errno.EROFS if free < 0 else errno.ENOSPC
            with _read_only(place) if free < 0 else _full(filler, free):
                done = forked.run(call, place.work, place.environment, Mishap())
            case = usual.but(Mishap(error=error), Act("disk", f"{max(free, 0)} pages free"))
            now = found.judge(place, call, case, done)
            if now == usual.after and (done.code, done.out) == (usual.done.code, usual.done.out):
                break
            free += 1 if whole else 1 + max(free, 0) // 2
        place.restore(usual.after)
    return found


@contextmanager
def _read_only(place: Place) -> Iterator[None]:
    _mount("tmpfs", "remount,ro", place.root.parent)
    try:
        yield
    finally:
        _mount("tmpfs", "remount,rw", place.root.parent)


@contextmanager
def _full(filler: Path, free: int) -> Iterator[None]:
    """Fill a disk but for so many pages."""
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(os.statvfs(filler).f_bavail - free, 1) * _PAGE)
        yield
    filler.unlink()


def _mount(kind: str, options: str, folder: Path) -> None:
    subprocess.run(["mount", "-t", kind, "-o", options, kind, folder], check=True, capture_output=True)
