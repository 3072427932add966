"""The command line: options in, exit code out; the only place that opens files to write and reads argv."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from aclproof.linter.cli import exits


def main() -> None:
    """Run the command `aclproof` and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run with these arguments; returns the exit code. Nothing escapes, and no trace quotes a config."""
    import gc

    import click

    from aclproof.linter.cli.app import app

    collecting = gc.isenabled()
    gc.disable()  # one short run over a million tuples: collecting finds nothing and doubles the time
    try:
        code = app.main(args=list(arguments), prog_name="aclproof", standalone_mode=False)
        return code if isinstance(code, int) else exits.PROVEN
    except SystemExit as done:  # click leaves so when it has answered a shell that completes
        return done.code if isinstance(done.code, int) else exits.BUG
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "aclproof"
        return _fail(f"{error.format_message()} (see '{where} --help')", exits.USAGE)
    except click.ClickException as error:
        return _fail(error.format_message(), exits.USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _fail("stopped", exits.STOPPED)
    except exits.user_errors() as error:
        return _fail(str(error), exits.USAGE)
    except Exception as error:
        return _fail(exits.our_fault(error), exits.BUG)
    finally:
        if collecting:
            gc.enable()


def _fail(message: str, code: int) -> int:
    from aclproof.linter.reports.writing.wording import visible

    for line in message.splitlines() or [""]:
        print(f"aclproof: {visible(line)}", file=sys.stderr)
    return code
