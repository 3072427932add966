"""What is said about errors: what a user did wrong, and what is a fault of ours."""

from __future__ import annotations

import os


def user_errors() -> tuple[type[Exception], ...]:
    """The errors that a user can cause; each says in its text what to do."""
    from aclproof.parsers.source import UnsupportedInputError
    from aclproof.rules.strict_yaml import InputError

    return (InputError, UnsupportedInputError)


def problems(error: Exception, most: int = 100) -> list[str]:
    """Return what the user did wrong, one line each; a file with more problems is another than was meant."""
    from aclproof.reason import Reason
    from aclproof.rules.strict_yaml import InputError

    if not isinstance(error, InputError):
        return [str(error)]
    more = len(error.problems) - most
    told = list(map(str, error.problems[:most]))
    return [*told, Reason("and {more} more problems", more=more)] if more > 0 else told


def our_fault(error: Exception) -> str:
    """Describe a bug by type and place only: its text could quote a configuration."""
    from aclproof.reason import Reason

    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    place = f" at {os.path.basename(last.tb_frame.f_code.co_filename)}:{last.tb_lineno}" if last else ""
    return Reason("internal error ({kind}{place}); this is a bug in aclproof: nothing was proven. Please "
                  "report it with the command line", kind=type(error).__name__, place=place)
