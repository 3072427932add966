"""What a capture of PowerShell asks for: all rules, or some."""

from __future__ import annotations

import re

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


def all_asked(text: str) -> bool | None:
    """Return whether the commands that a text shows ask for all rules; None where it shows none."""
    asked = [found[1] for found in _ASKED.finditer(text)]
    if not asked:
        return None
    return not any(_CHOOSES.search(each) or _PIPE.match(each) for each in asked)
