"""Outcomes that are kept over runs: of a site whose every input is the same, nothing is proven again.

An entry is a file of JSON whose name is a hash of all that its outcome depends on. Who may write to the
folder decides what it says, so one that others may write to is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

import msgspec
from msgspec import Struct

from aclproof import __version__, inputs
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.proving import Wishes, prove
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.site import reader
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

_FORMAT = "1"
_LASTING = ("proven", "accepted", "unproven", "missing")
"""What was wrong may be right the next time."""


class Store(Struct, frozen=True):
    """A folder of outcomes."""

    folder: str

    def prepare(self) -> None:
        """Make the folder if need be; InputError for one that cannot be used."""
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            found = os.stat(self.folder)
        except (OSError, ValueError) as error:
            said = inputs.system_reason(error) if isinstance(error, OSError) else str(error)
            raise InputError(Problem(self.folder, 0, "", Reason("cannot be used ({reason})",
                                                                reason=said))) from None
        others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if hasattr(os, "getuid") and (others or found.st_uid != os.getuid()):
            raise InputError(Problem(self.folder, 0, "", Reason(
                "others may write to this folder, and so decide what a run finds; make one of your own, or "
                "take their right away: chmod go-w")))

    def kept(self, site: str, wishes: Wishes, shared: Shared) -> Outcome:
        """Return the outcome of a site as it was kept, or prove the site and keep what comes of it."""
        key = _key(site, wishes)
        if key and (known := self._read(key)):
            return known
        found = prove(site, wishes, shared)
        if key and found.end in _LASTING and key == _key(site, wishes):  # else an input changed meanwhile
            self._write(key, found)
        return found

    def _read(self, key: str) -> Outcome | None:
        try:
            with open(self._path(key), "rb") as file:
                digest, _, data = file.read().partition(b"\n")
            whole = sha256(data).hexdigest().encode() == digest
            return msgspec.json.decode(data, type=Outcome) if whole else None
        except (OSError, msgspec.MsgspecError):
            return None  # it is proven as if it were not there

    def _write(self, key: str, outcome: Outcome) -> None:
        data = msgspec.json.encode(outcome)
        path = self._path(key)
        unfinished = f"{path}.{os.urandom(8).hex()}"
        with suppress(OSError):  # a cache that is full is no fault of a run
            with open(unfinished, "xb") as file:
                file.write(sha256(data).hexdigest().encode() + b"\n" + data)
            os.replace(unfinished, path)

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, f"{key}.json")


def _key(site: str, wishes: Wishes) -> str:
    """A hash of all that an outcome depends on; empty where an input cannot be read, which `prove` says."""
    parts = [_FORMAT, __version__, msgspec.json.encode(wishes).decode(), site]
    try:
        files = reader.read(site, anywhere=wishes.anywhere).files()
        parts += _contents([*files, wishes.amendments.waivers, *wishes.amendments.packs,
                            wishes.ratchet.file if wishes.ratchet.compares else ""])
    except (InputError, UnsupportedInputError, inputs.UnreadableError, MemoryError, OSError):
        return ""
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _contents(files: list[str]) -> Iterator[str]:
    """Names of files, and hashes of what is in them; a built-in pack is a name alone."""
    for file in filter(None, files):
        yield file
        if os.path.exists(file):
            yield sha256(inputs.read(file)).hexdigest()
