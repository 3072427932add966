"""Which lines of a shell script are surely run."""

from __future__ import annotations

import re

from aclproof.parsers.iptables.text.words import RuleError
from aclproof.reason import Reason

_ENDS = re.compile(r"exit(?:\s+\d+)?\s*(?:#.*)?|(?:sudo\s+)?(?:/\S*/)?nft\s+(?:-\S+\s+)*monitor\b.*|"
                   r"#!.*\s-\w*n.*|#!.*\bnoexec\b.*")
"""After these lines nothing is run, or nothing in them is."""
_STRICT = re.compile(r"set\s(?:.*\s)?-(?:\w*e|\w*o\s+errexit)|#!.*sh\s+(?:.*\s)?-(?:\w*e|\w*o\s+errexit)")
_NEVER_FAILS = re.compile(r"(?:#.*|set\s.*|true|:|(?:sudo\s+)?(?:/\S*/)?nft\s+(?:-\S+\s+)*list\s+(?:ruleset|"
                          r"tables)|(?:/\S*/)?ip6?tables(?:-legacy|-nft)?-save)?\s*(?:#.*)?")


class Course:
    """How far a script is run, told line by line."""

    def __init__(self) -> None:
        self._end = ""
        self._strict = False

    def changes(self) -> None:
        """RuleError where a line that changes rules may never be run."""
        if self._end:
            raise RuleError(Reason("it is not sure that this line is run, as '{text}' before it may end the "
                                   "script; give only the commands that are run", text=self._end))

    def passes(self, text: str) -> None:
        """Take a line that changes no rules: with `set -e` the script ends where it fails."""
        if _ENDS.fullmatch(text) or (self._strict and not _NEVER_FAILS.fullmatch(text)):
            self._end = self._end or text
        self._strict = self._strict or bool(_STRICT.match(text))
