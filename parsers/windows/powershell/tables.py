"""The rules and profiles of an export; rules are joined with their filters by InstanceID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any

from msgspec import Struct, field

from aclproof.parsers.source import Source
from aclproof.parsers.windows.powershell import text as powershell_text
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.powershell.json_text import Items, Object
from aclproof.parsers.windows.records.columns import Record
from aclproof.parsers.windows.records.record_list import RecordList
from aclproof.reason import Reason

_RULES, _PROFILES = ("rule", "rules"), ("profile", "profiles")
_FILTERS = ("portfilter", "addressfilter", "applicationfilter", "servicefilter", "interfacetypefilter",
            "interfacefilter", "securityfilter")
_ID, _OF_PROFILES = "instanceid", "defaultinboundaction"


class Export(Struct):
    """What a text holds: rules with all that is known of them, and profiles."""

    rules: RecordList = field(default_factory=RecordList)
    profiles: list[Record] = field(default_factory=list)
    lost: list[Record] = field(default_factory=list)
    """What filters say of rules that are not in it."""
    store: str = ""
    system: str = ""

    def add(self, records: Iterable[Record]) -> Export:
        """Add records of either kind."""
        for each in records:
            (self.profiles if _OF_PROFILES in each.fields else self.rules).append(each)
        return self


class _Filters(Struct):
    """Records of one table, with the ids of the rules that they belong to."""

    records: RecordList = field(default_factory=RecordList)
    ids: list[str] = field(default_factory=list)

    def add(self, value: Any) -> None:
        """Add the records of a table."""
        for each in powershell_text.records(value):
            self.records.append(each)
            self.ids.append(intern(_id(each)))


def read(source: Source) -> Export:
    """Read a text of any form; DamagedTextError says where it is damaged."""
    if source.text.lstrip()[:1] in ("[", "{"):
        if "\n" not in source.text.strip():  # `-Compress`
            source.break_lines(powershell_text.beginnings(source.text))
        try:
            return _tables(powershell_text.load(source.text))
        except RecursionError:
            raise DamagedTextError(1, "JSON that is nested too deeply") from None
    separator = powershell_text.delimiter(source.text)
    if separator:
        return Export().add(powershell_text.rows(source.stream(), separator))
    return Export().add(powershell_text.blocks(source.stream()))


def _tables(top: Any) -> Export:
    if not isinstance(top, Object):
        return Export().add(powershell_text.records(top))
    tables = {name.lower(): value for name, value in top.items()}
    if not any(name in tables for name in (*_RULES, *_PROFILES)) or "direction" in tables:
        return Export().add(powershell_text.records(top))
    for name in (*_RULES, *_PROFILES, *_FILTERS):
        _expect_records(name, tables.get(name), top)
    export = Export(store=powershell_text.plain(tables.get("store")),
                    system=powershell_text.plain(tables.get("system")))
    for name in _PROFILES:
        export.profiles += powershell_text.records(tables.get(name))
    rules = _Filters(export.rules)
    for name in _RULES:
        rules.add(tables.get(name))
    known = set(rules.ids)
    lost: dict[str, Record] = {}
    for name in _FILTERS:
        if name in tables:
            filters = _Filters()
            filters.add(tables[name])
            export.rules.join(filters.records, _places(rules.ids, filters))
            for place, own_id in enumerate(filters.ids):
                if own_id not in known:
                    each = filters.records[place]
                    _add(lost.setdefault(own_id, Record(each.line, {})), each)
    export.lost += lost.values()
    return export


def _expect_records(name: str, value: Any, top: Object) -> None:
    """DamagedTextError where a table is a text or a number: its records were lost."""
    if not isinstance(powershell_text.unwrapped(value), Items | Object | None):
        raise DamagedTextError(top.lines.start, Reason(
            "the object that begins here has no records as its '{name}'; export the rules again as "
            "docs/export-windows-firewall.md does", name=name))


def _places(ids: Sequence[str], filters: _Filters) -> Sequence[int | None]:
    """Find the filter of each rule.

    A rule of Group Policy may have the InstanceID of one of the computer's own: then only the order shows
    them apart, where both tables are in the same; otherwise the columns stay hidden, unless all are alike.
    """
    if ids == filters.ids:
        return range(len(ids))
    known: defaultdict[str, list[int]] = defaultdict(list)
    for place, own_id in enumerate(filters.ids):
        known[own_id].append(place)
    found = {own_id: _only(filters.records, places) for own_id, places in known.items()}
    return [found.get(own_id) for own_id in ids]


def _only(records: RecordList, places: Sequence[int]) -> int | None:
    """The first place of records that are all alike; None where they are not."""
    first, *others = places
    return first if all(records[each].fields == records[first].fields for each in others) else None


def _id(record: Record) -> str:
    return record.text(_ID, "name", "id").lower()


def _add(rule: Record, found: Record) -> None:
    rule.fields = found.fields | rule.fields
    rule.lines += found.lines
