"""Commands that change the rules of a Windows Firewall: cmdlets, and `netsh advfirewall firewall`.

They work on rules, whatever export these were read from. Group Policy's own rules are not theirs to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.edited import Remark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import forms, quoting
from aclproof.parsers.windows.edit import exception_changes, netsh_changes, powershell_changes
from aclproof.parsers.windows.edit.rule_store import RuleStore
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.netsh import batch
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.powershell import call
from aclproof.reason import Reason

_IGNORED = re.compile(r"import-module\s+netsecurity|", re.IGNORECASE)
_BATCH = re.compile(r"@|(?:call\s+)?(?:\S*\\)?netsh\b|rem\b|::|echo\b", re.IGNORECASE)
"""How a line begins that is no cmdlet."""
_WORKED_OUT = re.compile(r"[$({]")
"""What PowerShell carries out within a word."""
_OLD_NETSH = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+firewall\s+(.*)", re.IGNORECASE)
_NETSH = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+(.*)", re.IGNORECASE)


def changed(files: Sequence[Source], script: Source) -> tuple[Firewall, Sequence[Remark]]:
    """Read the exports of one computer with the commands carried out; UnsupportedInputError names one that
    cannot be."""
    quoting.limit(script)
    rules = RuleStore(forms.read_all(files), script)
    ended = 0
    for number, text in _lines(script):
        try:
            if ended:
                raise CommandError(Reason("line {line} ends the script, so this command is not run",
                                          line=ended))
            if batch.ends(text) or text.lower() == "return":
                ended = number
            else:
                _carry_out(text, number, rules)
        except (CommandError, ValueError) as error:
            raise UnsupportedInputError(f"{script.name}:{number}: {error}") from None
    if not rules.touched:
        raise UnsupportedInputError(Reason("{name}: no command in it that changes a rule", name=script.name))
    return convert.join(rules.inputs()), rules.remarks


def _carry_out(text: str, number: int, rules: RuleStore) -> None:
    """Carry out one command, of whichever tool."""
    netsh, old_netsh = _NETSH.fullmatch(text), _OLD_NETSH.fullmatch(text)
    if netsh:
        netsh_changes.carry_out(netsh[1], number, rules)
    elif old_netsh:
        exception_changes.carry_out(old_netsh[1], number, rules)
    else:
        powershell_changes.carry_out(text, number, rules)


def _lines(script: Source) -> Iterator[tuple[int, str]]:
    """Yield each command with the line where it begins; what does nothing is left out."""
    texts, at = script.lines(), 0
    while at < len(texts):
        number, first = at + 1, texts[at].strip(" \t\r\ufeff")
        join = batch.joined if _BATCH.match(first) and not first.endswith("`") else call.joined
        text, at = join(texts, at)
        if not (_IGNORED.fullmatch(text) or _does_nothing(text)):
            yield number, text


def _does_nothing(text: str) -> bool:
    return batch.does_nothing(text) and (batch.is_comment(text) or not _WORKED_OUT.search(text))
