"""Which lines belong to an object or a group that is open, indented or not."""

from __future__ import annotations

from collections.abc import Sequence

WORDS = {
    "object": frozenset("host subnet range fqdn service description".split()),
    "object-group": frozenset("""description network-object port-object service-object protocol-object
        icmp-object group-object user user-group security-group""".split())}
"""What belongs to an open definition even without indentation."""

HEADS = frozenset("access-list access-group object object-group nat static".split())
"""Commands that end a definition above them, indented or not, whatever else they say."""


def belongs(definition: str, words: Sequence[str], indented: bool, *, command: bool) -> bool:
    """Whether a line belongs to the open definition, be it as a damaged one.

    `definition` is `object` or `object-group`; `command`: the first word begins a command that is read.
    """
    mine = WORDS[definition]
    if words in (["exit"], ["quit"]):
        return False
    if words[0] in mine or (indented and not command):
        return True
    sure = indented or words[0] == "no" or any(word.endswith("-object") for word in words)
    return sure and words[0] not in HEADS and not mine.isdisjoint(words)
