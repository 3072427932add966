"""How much of a host's rules an input shows: all, or what one command prints and another does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.ruleset import NftTable
from aclproof.parsers.nftables.text.kind import kind

_ASKED = re.compile(r"nft[ \t]+(?P<options>(?:-\S+[ \t]+)*)list[ \t]+(?P<what>[^\n;&|<>'\"]*)")
_BEFORE = re.compile(r"(?:[^\"{};]{0,120}[\s/])?")
"""What may stand before a command in its line: a prompt, and the folder of the program."""


class Extent(Enum):
    """Of the rules of a host."""

    ALL = "all"
    """The command is shown, and prints everything."""
    TABLES = "tables"
    """All tables are named, and not all are shown."""
    UNSAID = "unsaid"
    """Nothing says how much it is."""
    PART = "part"
    """A command is shown that prints a part; or what is shown is what such a command prints."""


def extent(form: Form) -> Extent:
    """Return how much of the host's rules a list shows; of a file, what it loads is all that it has."""
    asked = [what for _, what in _commands(form)]
    if "ruleset" in asked:
        return Extent.ALL
    if "tables" in asked or is_list_of_tables(form):
        return Extent.TABLES
    if form.ruleset.is_file or not (asked or _without_rules(form)):
        return Extent.UNSAID
    return Extent.PART


def named_only(form: Form) -> Iterator[NftTable]:
    """Yield the tables that an input names, as `nft list tables` does, and does not show."""
    if form.ruleset.is_file:
        return
    of_names = is_list_of_tables(form) and extent(form) is not Extent.ALL
    in_text = kind(form.source.text) == "text"
    for table in form.ruleset.tables.values():
        if _is_empty(table) and (of_names or (in_text and "{" not in form.source.span(table.line).text)):
            yield table


def is_list_of_tables(form: Form) -> bool:
    """Return whether an input has tables and nothing in them, as `nft -j list tables` prints it."""
    tables = form.ruleset.tables.values()
    return bool(tables) and not form.ruleset.is_file and not form.deciding and all(map(_is_empty, tables))


def may_lack_elements(form: Form) -> bool:
    """Return whether a set without elements may have some on the host.

    `nft -t` leaves them out of all sets; a set that a file leaves empty is for other programs to fill.
    """
    if form.ruleset.is_file:
        return True
    options = [option for option, _ in _commands(form)]
    if options:
        return any(map(_is_terse, options))
    return not (form.had_elements or (not form.entered and any(
        known.elements for table in form.ruleset.tables.values() for known in table.sets.values())))


def _is_terse(options: str) -> bool:
    return any("terse".startswith(each[2:]) if each.startswith("--") and len(each) > 2 else "t" in each
               for each in options.split())


def _commands(form: Form) -> Iterator[tuple[str, str]]:
    """The options and the objects of each `nft list` that stands in a line of its own."""
    text = form.source.text
    for found in _ASKED.finditer(text):
        if _BEFORE.fullmatch(text, text.rfind("\n", 0, found.start()) + 1, found.start()):
            yield found["options"], " ".join(found["what"].split())


def _without_rules(form: Form) -> bool:
    """Whether there is no rule: `nft list chains`, `sets` and the like print none."""
    return not any(chain.rules for table in form.ruleset.tables.values() for chain in table.chains.values())


def _is_empty(table: NftTable) -> bool:
    return not (table.chains or table.sets or table.objects)
