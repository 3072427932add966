"""The salt: a secret file that makes the same names each time, and that nobody can undo them without."""

from __future__ import annotations

import os
from pathlib import Path

from aclproof import inputs
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason

_BYTES = 32
_FEWEST = 16
"""A shorter one could be guessed."""


def default_path() -> str:
    """Return where the salt of a user is kept; UnsupportedInputError for one that has no folder."""
    try:
        home = os.environ.get("APPDATA") or os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    except RuntimeError:
        raise UnsupportedInputError(Reason("no folder of yours is known: name a file for the salt with "
                                           "--salt")) from None
    return str(Path(home) / "aclproof" / "salt")


def read(path: str) -> bytes:
    """Read a salt, and make it where there is none; UnsupportedInputError for what is none.

    Only its user may read the new file. OSError where it cannot be made.
    """
    try:
        return _checked(inputs.read(path), path)
    except inputs.NoFileError:
        return _made(path)
    except inputs.UnreadableError as error:
        raise UnsupportedInputError(Reason("{name}: {reason}", name=path, reason=str(error))) from None


def _checked(salt: bytes, path: str) -> bytes:
    if len(salt) < _FEWEST:
        raise UnsupportedInputError(Reason("{name}: a salt has {fewest} bytes or more, which nobody can "
                                           "guess", name=path, fewest=_FEWEST))
    return salt


def _made(path: str) -> bytes:
    if folder := os.path.dirname(path):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    salt = os.urandom(_BYTES).hex().encode()
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(salt)
    return salt
