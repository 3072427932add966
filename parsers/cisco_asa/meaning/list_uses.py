"""What else uses an access list than an interface: a login, a tunnel, a class, a translation, a cache."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.meaning import references
from aclproof.parsers.cisco_asa.text.reader import Reader

_NO_USES = ("access-list ", "access-group ")


def uses(reader: Reader) -> dict[str, int]:
    """Return for each list that is used the first line that does so."""
    names = {name for name, _ in reader.lists}
    found: dict[str, int] = {}
    for line, text in enumerate(reader.texts, 1):
        words = text.split() if text and not text.startswith(_NO_USES) else []
        for name in references.lists(words) if words else ():
            if name in names:
                found.setdefault(name, line)
    return found
