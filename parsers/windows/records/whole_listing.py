"""Which rules a listing shows all of: it may hold only those that somebody asked for."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.windows.records.rule import Direction, WindowsRule


def directions(rules: Sequence[WindowsRule], *, all_asked: bool | None) -> frozenset[Direction]:
    """Return the directions of which all rules are there.

    `all_asked` None: nothing shows what was asked for; then rules of one name only may be it, for every
    Windows has others. Rules of Group Policy alone are those of one of its objects.
    """
    if all_asked is None:
        all_asked = len({each.name.lower() for each in rules}) > 1
    if not all_asked or all(each.store == "policy" for each in rules):
        return frozenset()
    return frozenset(each.direction for each in rules)
