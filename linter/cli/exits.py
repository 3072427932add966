"""What the exit codes mean, and how errors are reported."""

from __future__ import annotations

import traceback

PROVEN = 0
"""Every selected requirement is proven met."""
MISSING = 1
"""Something is missing."""
USAGE = 2
"""Usage, site file, pack, or an input that cannot be read."""
UNPROVEN = 3
"""Nothing is missing, but not everything is proven."""
BUG = 4
"""Our own bug."""
STOPPED = 130
"""Ctrl-C."""


def user_errors() -> tuple[type[Exception], ...]:
    """The errors that a user can cause; each says in its text what to do."""
    from aclproof.parsers.source import UnsupportedInputError
    from aclproof.rules.strict_yaml import InputError

    return (InputError, UnsupportedInputError)


def our_fault(error: Exception) -> str:
    """Describe a bug by type and place only: its text could quote a configuration."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rsplit('/', 2)[-1]}:{frames[-1].lineno}" if frames else ""
    return (f"internal error ({type(error).__name__}{place}); this is a bug in aclproof: nothing was "
            "proven. Please report it with the command line")
