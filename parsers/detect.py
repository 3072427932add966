"""Detects the vendor from content, never from the file name: every vendor is tried, in the table's order."""

from __future__ import annotations

import re
from itertools import chain

from aclproof.parsers.source import LookAlikeError, Source, UnsupportedInputError
from aclproof.parsers.vendor import Commands, LookAlike, doors
from aclproof.reason import Reason

_OTHERS = (
    LookAlike(Reason("a Junos configuration"), r"(?m)^(?:firewall|security|system) \{|"
              r"^set (?:security|firewall|interfaces|system|policy-options) ",
              Reason("aclproof does not know it")),
)
"""Makes that have no room here."""


def vendor(source: Source) -> str:
    """Return the vendor's key; UnsupportedInputError says what it looks like and what to give instead."""
    for key, each in doors():
        if each.recognises(source):
            return key
    for look_alike in chain(*(each.look_alikes for _, each in doors()), _OTHERS):
        found = re.search(look_alike.pattern, source.text)
        if found:
            raise LookAlikeError(Reason("{found}: {what}, which is not read here; {instead}",
                                        found=source.where(found), what=look_alike.what,
                                        instead=look_alike.instead))
    *others, last = (each.traits.inputs for _, each in doors())
    raise UnsupportedInputError(Reason("{name}: no firewall configuration that is known here; give "
                                       "{others}, or {last}", name=source.name, others=", ".join(others),
                                       last=last))


def script(source: Source) -> tuple[str, bool]:
    """Return the vendor whose commands a text holds, to change a configuration, and whether that is sure.

    It is empty for a whole configuration.
    """
    from aclproof.parsers.prompts import without_prompts

    found = {key: each.recognises_script(without_prompts(source, each.traits.prompt, each.traits.answer))
             for key, each in doors()}
    key = max(found, key=lambda each: found[each])
    return ("", True) if found[key] is Commands.NONE else (key, found[key] is not Commands.MAYBE)
