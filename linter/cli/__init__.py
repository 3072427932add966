"""The command line: options in, exit code out; the only place that opens files to write and reads argv."""

from __future__ import annotations

import gc
import os
import sys

from aclproof.linter.cli import exits

_MOST_FILES = 12
"""That are named where a run failed after it had written them."""
TYPE_CHECKING = False  # the command begins here: see aclproof/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import NoReturn


def main() -> None:
    """Run the command `aclproof` and end the process: nothing is done after all is written."""
    gc.disable()
    sys.unraisablehook = lambda _: None  # Python's own trace of what nothing can catch may quote a config
    try:
        from aclproof.linter.cli import leaving

        leaving.at_once()
        from aclproof.linter.cli import streams

        streams.complete()
        code = run(sys.argv[1:])
        written = streams.finish()
    except KeyboardInterrupt:
        _end(b"stopped", exits.STOPPED)
    except ModuleNotFoundError:
        raise
    except (ImportError, MemoryError, SystemError):  # before anything of ours is there to say it
        _end(b"there is not enough memory to begin", exits.BUG)
    os._exit(code if written or code else exits.USAGE)  # to free each object first takes long, for nothing


def _end(line: bytes, code: int) -> NoReturn:
    os.write(2, b"aclproof: %s\n" % line)
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run with these arguments; returns the exit code. Nothing escapes, and no trace quotes a config."""
    from aclproof import inputs
    from aclproof.linter.cli import language, streams

    token = streams.spoken.set(language.asked_for(arguments))
    collecting = gc.isenabled()
    gc.disable()  # one short run over a million tuples: collecting finds nothing and doubles the time
    try:
        with inputs.noted():
            return _run(arguments)
    finally:
        streams.spoken.reset(token)
        if collecting:
            gc.enable()


def _run(arguments: Sequence[str]) -> int:
    import click

    from aclproof.linter.cli import streams
    from aclproof.linter.cli.app import app
    from aclproof.reason import Reason

    stdout, stderr = sys.stdout, sys.stderr
    try:
        code = app.main(args=list(arguments), prog_name="aclproof", standalone_mode=False)
        return code if isinstance(code, int) else exits.PROVEN
    except SystemExit as done:  # click leaves so when it has answered a shell that completes
        if sys.stdout is not stdout:  # or when the reader of its help went away: then it wraps both
            sys.stdout, sys.stderr = stdout, stderr
            return exits.PROVEN
        return done.code if isinstance(done.code, int) else exits.BUG
    except click.exceptions.NoArgsIsHelpError as error:
        return _show_help(error.format_message())
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "aclproof"
        text = Reason("{complaint} (see '{command} --help')", command=where,
                      complaint=streams.complaint(error.format_message()))
        return _fail(streams.said(text).splitlines(), exits.USAGE)
    except click.ClickException as error:
        return _fail([error.format_message()], exits.USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _fail([Reason("stopped")], exits.STOPPED)
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> int:
    """Say what is wrong with an input, or that the fault is ours; returns the exit code."""
    return _fail(*_of(error))


def _of(error: Exception) -> tuple[Sequence[str], int]:
    """What to say about an error, and the exit code."""
    from aclproof import inputs
    from aclproof.reason import Reason, joined

    if inputs.lacks_memory(error):
        error.__traceback__ = None  # it holds what took the memory
        return [Reason("there is not enough memory for this input: nothing was proven")], exits.BUG
    from aclproof.linter import errors

    if isinstance(error, errors.user_errors()):
        return errors.problems(error), exits.USAGE
    if isinstance(error, OSError):
        place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        said = inputs.system_reason(error) or Reason("an input or output failed")
        if _was_printed(error):
            return [Reason("standard output: cannot be written ({reason})", reason=said)], exits.USAGE
        return [joined(": ", filter(None, (place, said)))], exits.USAGE
    return [errors.our_fault(error)], exits.BUG


def _was_printed(error: OSError) -> bool:
    """Whether it befell what click prints: help, the version."""
    from traceback import walk_tb

    import click

    return any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(error.__traceback__))


def _show_help(text: str) -> int:
    """Show somebody who gave no command what there is; it is no result, and so not on standard output."""
    from aclproof.linter.cli import streams

    for line in text.splitlines():
        streams.tell(line)
    return exits.USAGE


def _fail(messages: Iterable[str], code: int) -> int:
    """Say what is wrong, and which files are there nevertheless."""
    from aclproof import inputs
    from aclproof.linter.cli import streams
    from aclproof.reason import Reason

    for each in messages:
        streams.notice(each)
    if files := inputs.written():
        more = len(files) - _MOST_FILES
        streams.notice(Reason("written before that: {files}",
                              files=", ".join([*files[:_MOST_FILES], *(["..."] if more > 0 else [])])))
    return code
