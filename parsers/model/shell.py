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
    """Commands that come first: no pages, messages where the answers are, the time."""
    echoes: str = ""
    """What writes a text as it is, with `{quoted}` for it; empty where the terminal shows each command."""
    prompt: str = ""
    """What is written with a command before its answer."""
    quotes: str = "'"
    """Every sign that ends a text in single quotes."""
    quote_in_quotes: str = "{sign}{sign}"
    """How one of them is written there."""
    last: str = ""
    """A command after all others: it shows that their answers are there to the end."""

    def quoted(self, text: str) -> str:
        """Write a text as one word that the shell takes as it is."""
        return "'" + "".join(self.quote_in_quotes.format(sign=each) if each in self.quotes else each
                             for each in text) + "'"

    def written(self, command: str) -> tuple[str, ...]:
        """Return the lines that run a command, and show it."""
        if not self.echoes:
            return (command,)
        return self.echoes.format(quoted=self.quoted(self.prompt + command)), command


ASA = Shell("Cisco ASA", ".txt", "!", ("terminal pager 0", "show clock"))
LINUX = Shell("Linux", ".sh", "#", ("exec 2>&1", "hostname", "date -Is"), "printf '%s\\n' {quoted}", "$ ",
              quote_in_quotes=r"'\''", last="date -Is")
POWERSHELL = Shell("PowerShell", ".ps1", "#", ("hostname", "Get-Date -Format o"), "{quoted}", "PS> ",
                   quotes="'‘’‚‛", last="Get-Date -Format o")
