"""Whether a text holds commands that change a ruleset, or is a ruleset itself."""

from __future__ import annotations

from aclproof.parsers.edited import Line
from aclproof.parsers.nftables.script import shell
from aclproof.parsers.nftables.script.statements import only_edits
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Source
from aclproof.parsers.vendor import HEAD, Commands


def commands(source: Source) -> Commands:
    """How surely a text holds commands."""
    head = source.text[:HEAD]
    if shell.has_commands(head):
        return Commands.PROGRAM
    if kind(head) != "text":
        return Commands.NONE
    lines = (Line(text, source, number) for number, text in enumerate(head.split("\n"), 1))
    edits = only_edits(lines)
    return Commands.MAYBE if edits is None else Commands.EDITS if edits else Commands.NONE
