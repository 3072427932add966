"""The salt: a secret file that makes the same names each time, and that nobody can undo them without."""

from __future__ import annotations

import os

from aclproof import inputs
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason
from aclproof.rules.search import own_folder

_BYTES = 32
_FEWEST = 16
"""A shorter one could be guessed."""


def default_path() -> str:
    """Return where the salt of a user is kept; UnsupportedInputError for one that has no folder."""
    folder = own_folder("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", ".config")
    if not folder:
        raise UnsupportedInputError(Reason("no folder of yours is known: name a file for the salt with "
                                           "--salt"))
    return os.path.join(folder, "salt")


def read(path: str) -> bytes | None:
    """Read a salt; None where there is none yet, UnsupportedInputError for what is none."""
    try:
        return _checked(inputs.read(path), path)
    except inputs.NoFileError:
        return None
    except inputs.UnreadableError as error:
        raise UnsupportedInputError(Reason("{name}: {reason}", name=path, reason=str(error))) from None


def _checked(salt: bytes, path: str) -> bytes:
    if len(salt) < _FEWEST:
        raise UnsupportedInputError(Reason("{name}: a salt has {fewest} bytes or more, which nobody can "
                                           "guess", name=path, fewest=_FEWEST))
    return salt


def drawn() -> bytes:
    """Return a new salt, as it is written into its file, which only its user may read."""
    return os.urandom(_BYTES).hex().encode()
