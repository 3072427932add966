"""Outcomes that are kept over runs: of a site whose every input is the same, nothing is proven again.

An entry is a file of JSON for each site and manner of asking: a hash of all that its outcome depends on, a
hash of the outcome, and the outcome. Who may write to it decides what is found, so a folder or an entry that
others may write to is not used.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter.baseline.file import write_known
from aclproof.linter.fleet.build import build
from aclproof.linter.fleet.outcome import UNREAD, Outcome
from aclproof.linter.fleet.proving import Wishes, prove, site_of
from aclproof.linter.fleet.ratchet import known_of
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.site.site import Site
from aclproof.linter.site.waivers import meant
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

_ANY_DAY = date.min
"""An entry of another day is replaced."""


class Store(Struct, frozen=True):
    """A folder of outcomes."""

    folder: str

    def prepare(self) -> None:
        """Make the folder if need be; InputError for one that cannot be used."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            found, is_empty = os.stat(self.folder), not os.listdir(self.folder)
        except (OSError, ValueError) as error:
            said = inputs.system_reason(error) if isinstance(error, OSError) else str(error)
            raise InputError(Problem(self.folder, 0, "", Reason("cannot be used ({reason})",
                                                                reason=said))) from None
        if not _ours(found):
            raise InputError(Problem(self.folder, 0, "", Reason(
                "others may write to this folder, and so decide what a run finds; make one of your own, or "
                "take their right away: chmod go-w")))
        if is_empty:  # it decides what a run says: no part of a commit
            ignored = os.path.join(self.folder, ".gitignore")
            with suppress(OSError):
                _put(ignored, b"*\n")

    def kept(self, site: str, wishes: Wishes, shared: Shared) -> Outcome:
        """Return the outcome of a site as it was kept, or prove the site and keep what comes of it."""
        known = _known(site, wishes)
        depends = _depends(site, wishes, known)
        entry = os.path.join(self.folder, f"{_hash([site, replace(wishes, day=_ANY_DAY).question()])}.json")
        if depends and (kept := _read(entry, depends)):
            return kept
        found = prove(site, wishes, shared)  # it reads the site again: only then the hashes stand around it
        if depends and found.end not in UNREAD and depends == _depends(site, wishes, known):
            _write(entry, depends, found)  # else an input was changed meanwhile, or may be right next time
        return found


def _known(site: str, wishes: Wishes) -> Site | None:
    """The site as it is proven; None where it cannot be read, which `prove` says."""
    try:
        return site_of(site, wishes) if os.path.isfile(site) else None
    except Exception:
        return None


def _depends(site: str, wishes: Wishes, known: Site | None) -> str:
    """A hash of all that an outcome depends on; empty where an input cannot be read, or only once: a pipe."""
    if known is None or any(os.path.exists(each) and not os.path.isfile(each) for each in known.files()):
        return ""
    try:
        contents = [*_contents(known.files()), write_known(known_of(site, wishes.ratchet))]
        if known.waivers:
            contents += meant(known.waivers, wishes.day, site, known.root)
    except (InputError, inputs.UnreadableError, MemoryError, OSError):
        return ""
    return _hash([build(), site, wishes.question(), *contents])


def _contents(files: Iterable[str]) -> Iterator[str]:
    """Names of files, and hashes of what is in them; a built-in pack is a name alone."""
    for file in files:
        yield file
        if os.path.exists(file):
            yield sha256(inputs.read(file)).hexdigest()


def _hash(parts: list[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: str, depends: str) -> Outcome | None:
    """The outcome of an entry; None where it is of other inputs or damaged, as if it were not there."""
    try:
        with open(path, "rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            of, digest, data = file.read().split(b"\n", 2)
        whole = of.decode() == depends and sha256(data).hexdigest() == digest.decode()
        return msgspec.json.decode(data, type=Outcome) if whole else None
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


def _write(path: str, depends: str, outcome: Outcome) -> None:
    with suppress(OSError, ValueError):  # a cache that is full, or a text that is none, is no fault of a run
        data = msgspec.json.encode(outcome, enc_hook=_plain)
        _put(path, b"\n".join((depends.encode(), sha256(data).hexdigest().encode(), data)))


def _put(path: str, data: bytes) -> None:
    """Write a file as a whole; OSError where it stays as it was."""
    unfinished = f"{path}.{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(unfinished, flags, 0o600), "wb") as file:
            file.write(data)
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise


def _plain(text: object) -> str:
    """A reason as a plain text: an outcome that is kept has been said already."""
    return "".join((str(text), ""))


def _ours(found: os.stat_result) -> bool:
    """Whether nobody else may write there."""
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
