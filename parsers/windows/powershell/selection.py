"""Whether a listing of PowerShell holds all rules, or those that somebody asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aclproof.parsers.windows.records.rule import WindowsRule

_ASKED = re.compile(r"^(?:\[[^\]\n]*\]: )?PS [^>\n]*>.*\bGet-NetFirewallRule\b(.*)$",
                    re.MULTILINE | re.IGNORECASE)
"""A prompt, and what the command after it asks for."""
_CHOOSES = re.compile(
    r"(?:^|\s)-(?!(?:all|policystore|tracepolicystore|direction|erroraction|ea|property|"
    r"enabled[ :]+\$?true)\b)[a-z]|"
    r"(?:^|[\s|])(?:where(?:-object)?|\?|select-string|sls|findstr|if)(?=[\s({]|$)|-(?:first|last|skip)\b",
    re.IGNORECASE)
"""Parameters that choose rules, a name on its own, and filters of a pipeline."""
_PIPE = re.compile(r"^\s*[^-\s|;)}]")
"""What follows the cmdlet at once is the name of a rule, unless a pipe or the end of an expression does."""


def is_chosen(text: str, rules: Sequence[WindowsRule]) -> bool:
    """Return whether a command that the text shows asks for some rules only.

    Without the command, rules of one name only may be what was asked for: every Windows has others.
    """
    asked = [found[1] for found in _ASKED.finditer(text)]
    if asked:
        return any(_CHOOSES.search(each) or _PIPE.match(each) for each in asked)
    return len({each.name.lower() for each in rules}) < 2
