"""Where commands are entered."""

from __future__ import annotations

from msgspec import Struct


class Shell(Struct, frozen=True):
    """How a script of commands looks for one kind of machine."""

    title: str
    """For people: what it is pasted into."""
    suffix: str
    """Of a file that holds a script."""
    comment_sign: str
    first: tuple[str, ...] = ()
    """Commands that come first: no pages, the time."""
    echoes: str = ""
    """What writes a command before its answer, with `{quoted}` for it in single quotes; empty where the
    terminal does."""

    quote_in_quotes: str = "''"
    """How a single quote is written in single quotes."""
    last: str = ""
    """A command after all others: it shows that their answers are there to the end."""

    def written(self, command: str) -> tuple[str, ...]:
        """Return the lines that run a command, and show it."""
        if not self.echoes:
            return (command,)
        return self.echoes.format(quoted=command.replace("'", self.quote_in_quotes)), command


ASA = Shell("Cisco ASA", ".txt", "!", ("terminal pager 0", "show clock"))
LINUX = Shell("Linux", ".sh", "#", ("hostname", "date -Is"), "echo '$ {quoted}'", quote_in_quotes="'\\''",
              last="date -Is")
POWERSHELL = Shell("PowerShell", ".ps1", "#", ("hostname", "Get-Date -Format o"), "'PS> {quoted}'",
                   last="Get-Date -Format o")
