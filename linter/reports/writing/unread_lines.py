"""What is to be said where lines were not read that may do anything."""

from __future__ import annotations

import shlex

from aclproof.linter.reports.language.language import Words
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import STDIN_NAME, files_of


def unread(firewall: Firewall, words: Words) -> str:
    """Count the lines that could decide and were not read, with what lists them; empty for none."""
    found = [note for note in firewall.notes if note.decides]
    return words.count(
        "{n} line was not read whole, and may do anything; 'aclproof show {file}' lists it",
        "{n} lines were not read whole, and may do anything; 'aclproof show {file}' lists them",
        len(found), file=_given(firewall)) if found else ""


def _given(firewall: Firewall) -> str:
    """The firewall's files, and the context, as words of a command."""
    files = files_of(firewall.source)
    words = ["-" if each.name == STDIN_NAME else shlex.quote(each.name) for each in files]
    return " ".join((*words, *(["--context", shlex.quote(files[0].context)] if files[0].context else [])))
