"""What a line names: objects, groups, sets and time ranges, by the lines that they begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from aclproof.linter.result import Line
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.vendor import door


def definitions(firewall: Firewall) -> Mapping[str, int]:
    """Return the first line of all that lines may name; a chain has its name in each of its rules."""
    chains = {re.split("[ /]", name)[-1] for name in firewall.lists}
    found = dict(firewall.definitions)
    for line, name in sorted(door(firewall.vendor).referenced_lines(firewall)):
        if name and name not in chains:
            found.setdefault(name, line)
    return found


def with_names(line: Line, firewall: Firewall, known: Mapping[str, int]) -> Line:
    """Return a line with what it names, in the order in which it does."""
    words = dict.fromkeys(word for word in line.span.text.split() if word in known)
    return replace(line, names=tuple(firewall.source.span(known[word]) for word in words))
