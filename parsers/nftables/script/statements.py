"""Which statements a script of nft text holds, and which table each is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aclproof.parsers.edited import Line
from aclproof.parsers.nftables.text import lexer
from aclproof.parsers.nftables.text.commands import CHANGING, FAMILIES

SHOWING = frozenset("list get reset describe monitor export".split())
"""Commands that change nothing but counters."""
_KINDS = frozenset("table chain rule set map element flowtable counter quota limit secmark synproxy "
                   "meter".split())


def statements(lines: Iterable[Line]) -> Iterator[tuple[Sequence[str], list[Line]]]:
    """Yield each statement: its words, and the lines that it takes; several on one line are one."""
    words: list[str] = []
    taken: list[Line] = []
    depth = 0
    for line in lines:
        cut = [word for word in lexer.words(line.text) if word[:1] != "#"]
        goes_on = cut[-1:] == ["\\"]
        depth += cut.count("{") - cut.count("}")
        words += cut[:-1] if goes_on else cut
        taken.append(line)
        if depth <= 0 and not goes_on:
            yield words, taken
            words, taken, depth = [], [], 0
    if taken:
        yield words, taken


def table_of(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the family and the name of the table that a statement is about; None for all tables, or none."""
    rest = list(words)
    if rest[:1] and rest[0] in CHANGING:
        rest.pop(0)
    if rest[:1] == ["ct"]:
        del rest[:2]
    elif rest[:1] and rest[0] in _KINDS:
        rest.pop(0)
    elif rest[:1] in (["ruleset"], ["define"], ["redefine"], ["undefine"], ["include"]):
        return None
    family = rest.pop(0) if rest[:1] and rest[0] in FAMILIES else "ip"
    return (family, lexer.unquoted(rest[0])) if rest else None


def only_edits(lines: Iterable[Line]) -> bool | None:
    """Whether a text of nft only changes a ruleset that is there; None where that is not sure.

    What makes tables, or forgets all rules, is a ruleset itself.
    """
    edits, blocks = False, False
    for words, _ in statements(lines):
        match [lexer.unquoted(word) for word in words[:2]]:
            case ["flush", "ruleset"] | ["add" | "create" | "destroy" | "delete", "table"]:
                return False
            case ["table", *_]:
                if "hook" in words:
                    return False
                blocks = True
            case [verb, *_] if verb in CHANGING:
                edits = True
            case _:
                pass
    return None if blocks else edits
