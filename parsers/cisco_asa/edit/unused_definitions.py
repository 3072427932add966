"""Objects and groups that no line names but their own: whatever else holds the word may mean them."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source


def find(firewall: Firewall) -> Iterator[int]:
    """Yield the lines with which they begin."""
    if not isinstance(firewall.source, Source):
        return
    used: set[str] = set()
    of_line = {line: name for name, line in firewall.definitions.items()}
    inside = ""
    for number, text in enumerate(firewall.source.lines(), 1):
        words = text.split()
        inside = of_line.get(number, inside if text[:1].isspace() else "")
        used.update(word for word in words if number not in of_line or word != inside)
        if words[:1] == ["nat"]:
            used.add(inside)  # the object's own translation
    yield from sorted(line for line, name in of_line.items() if name not in used)
