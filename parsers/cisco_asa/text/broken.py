"""Lines that may be the rest of the line above them: terminals, mails and copies break lines anywhere.

`show running-config` itself breaks none; what stands on a line of its own and is no command may be the end of
the one above, which then says less, or something else, than it seems to.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.reason import Reason

_MOST_RESTS = 3
"""A line that is broken more often is not put together again."""

ONE_LINERS = frozenset("""access-list ipv6 access-group route static global same-security-traffic
service-policy nat name""".split())
"""Commands that have no lines under them."""

_BEGINS_A_LINE = frozenset({"access-list", "access-group", "nat", "no"})
"""These begin a line, wherever it is indented to."""

_TOO_SHORT = {"object": 2, "object-group": 2, "track": 2, "service": 3, "name": 2}
"""Words that begin a command, and with so many words (or fewer) may as well end another one."""

_AFTER = {"service": "nat", "track": "route"}
"""Some of them only after one command."""


DOUBT = Reason("it may be the rest of the line above")
READ = Reason("read as the rest of the line above")


def is_rest(above: str, text: str, *, command: bool, below: str) -> bool:
    """Return whether a line may be the rest of the one above, which decides something.

    `command`: its first word begins a command; `below` is the line under it.
    """
    head, words = above.split()[0], text.split()
    word = words[0]
    if not command:
        return True
    if word in _BEGINS_A_LINE:
        return False
    if head in ONE_LINERS and _indent(text) > _indent(above):
        return True
    if word == "time-range":
        empty = not below.startswith(" ") and below.partition(" ")[0] not in ("absolute", "periodic")
        return empty and len(words) == 2 and head in ("access-list", "ipv6")
    return len(words) <= _TOO_SHORT.get(word, 0) and _AFTER.get(word, head) == head


def lacks_its_end(words: Sequence[str]) -> bool:
    """Return whether a command does not say where it holds: without that it is none."""
    match words:
        case ["service-policy", _, "global", *_] | ["service-policy", _, "interface", _, *_]:
            return False
        case _:
            return words[0] == "service-policy"


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def put_together(head: str, rests: Sequence[str]) -> list[str]:
    """Return what a line may have been before it was broken: each break between two words, or inside one."""
    if len(rests) > _MOST_RESTS:
        return []
    whole = [head.rstrip()]
    for rest in rests:
        whole = [one + between + rest.strip() for one in whole for between in (" ", "")]
    return whole
