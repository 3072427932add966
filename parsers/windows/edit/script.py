"""Commands that change the rules of a Windows Firewall: cmdlets, and `netsh advfirewall firewall`.

They work on rules, whatever export these were read from. Group Policy's own rules are not theirs to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aclproof.parsers.edited import Remark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import forms
from aclproof.parsers.windows.edit import exception_changes, netsh_changes, powershell_changes
from aclproof.parsers.windows.edit.rule_store import RuleStore
from aclproof.parsers.windows.meaning import convert
from aclproof.parsers.windows.netsh.script import CommandError
from aclproof.parsers.windows.powershell import call
from aclproof.reason import Reason

_IGNORED = re.compile(
    r"(?:#.*|::.*|@?rem\b.*|@?echo off|pause|exit(?: /b)?(?: 0)?|import-module\s+netsecurity|"
    r"netsh(?:\.exe)?\s+(?:advfirewall\s+)?(?:firewall\s+)?show\b.*)?", re.IGNORECASE)
_OLD_NETSH = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+firewall\s+(.*)", re.IGNORECASE)
_NETSH = re.compile(r"@?(?:call\s+)?(?:\S*\\)?netsh(?:\.exe)?\s+advfirewall\s+(.*)", re.IGNORECASE)


def changed(files: Sequence[Source], script: Source) -> tuple[Firewall, Sequence[Remark]]:
    """Read the exports of one computer with the commands carried out; UnsupportedInputError names one that
    cannot be."""
    rules = RuleStore(forms.read_all(files), script)
    for number, text in _lines(script):
        if _IGNORED.fullmatch(text):
            continue
        try:
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
    texts = script.lines()
    for at, text in enumerate(texts):
        if text.rstrip().endswith("^") and at + 1 < len(texts):  # how a batch file goes on
            texts[at] = text.rstrip()[:-1] + "`"
    return ((number, text.strip()) for number, text in call.lines(texts))
