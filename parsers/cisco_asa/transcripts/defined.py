"""`show running-config object` and `object-group`: the addresses of what a configuration names and lacks.

Only of network objects and groups: services are no addresses, and a yes or no says nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.cisco_asa.transcripts.facts import Settled
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.cisco_asa.words.members import Definition
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError

_WORDS = ("object", "object-group")


def read(command: Command) -> Iterator[Settled]:
    """Yield the addresses of each whose members are all there."""
    if not any(command.is_show("running-config", word) for word in _WORDS) or "in-line" in command.words:
        return
    objects, whole = Objects(), command.ended and not command.filtered
    last: Definition | None = None
    for line in command.answer:
        words = line.text.split()
        try:
            if words and words[0] in _WORDS:
                last = objects.open(words, line.number)
            elif words and last:
                objects.add(last, words)
            elif words:
                whole = False
        except LineError:
            whole = False
    for name, one in objects.definitions.items():
        if one.kind == "network" and one.members and not one.doubtful:
            found = objects.network(name, one.word)
            if not found.opens:
                asked_as = dict.fromkeys((one.word, "object"))  # whatever is not in the file is an `object`
                yield from (Settled(f"{word} {name}", found.known, one.line, whole) for word in asked_as)
