"""`aclproof completion SHELL`: what a shell has to run once so that Tab completes commands and names."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from aclproof.linter.cli import exits, streams

PROGRAM = "aclproof"
VARIABLE = "_ACLPROOF_COMPLETE"
"""The variable by which the script requests completions; click derives the same name from the program's."""


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script that makes a shell complete commands, options and names.

    \b
      bash        eval "$(aclproof completion bash)"
      zsh         source <(aclproof completion zsh)
      fish        aclproof completion fish | source
      powershell  aclproof completion powershell | Out-String | Invoke-Expression
    """
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, PROGRAM, VARIABLE)
    streams.emit(ShellComplete.source(script))  # that of bash runs bash, to see its version
    return exits.PROVEN
