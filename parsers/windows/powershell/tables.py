"""The rules and profiles of an export; rules are joined with their filters by InstanceID."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, field

from aclproof.parsers.source import Source
from aclproof.parsers.windows.powershell import text as powershell_text
from aclproof.parsers.windows.powershell.text import DamagedTextError, Object
from aclproof.parsers.windows.records.columns import Record

_RULES, _PROFILES = ("rule", "rules"), ("profile", "profiles")
_FILTERS = ("portfilter", "addressfilter", "applicationfilter", "servicefilter", "interfacetypefilter",
            "interfacefilter", "securityfilter")
_ID, _OF_PROFILES = "instanceid", "defaultinboundaction"


class Export(Struct):
    """What a text holds: rules with all that is known of them, and profiles."""

    rules: list[Record] = field(default_factory=list)
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
        return Export().add(powershell_text.rows(source.lines(), separator))
    return Export().add(powershell_text.blocks(source.lines()))


def _tables(top: Any) -> Export:
    if not isinstance(top, Object):
        return Export().add(powershell_text.records(top))
    tables = {name.lower(): value for name, value in top.items()}
    if not any(name in tables for name in (*_RULES, *_PROFILES)) or "direction" in tables:
        return Export().add(powershell_text.records(top))
    export = Export(store=powershell_text.plain(tables.get("store")),
                    system=powershell_text.plain(tables.get("system")))
    for name in _PROFILES:
        export.profiles += powershell_text.records(tables.get(name))
    for name in _RULES:
        export.rules += powershell_text.records(tables.get(name))
    known = {_id(each) for each in export.rules}
    lost: dict[str, Record] = {}
    for filters in [list(powershell_text.records(tables[name])) for name in _FILTERS if name in tables]:
        _join(export.rules, filters)
        for each in filters:
            if _id(each) not in known:
                _add(lost.setdefault(_id(each), Record(each.line, {})), each)
    export.lost += lost.values()
    return export


def _join(rules: Sequence[Record], filters: Sequence[Record]) -> None:
    """Give each rule the columns of its filter.

    A rule of Group Policy may have the InstanceID of one of the computer's own: then only the order shows
    them apart, where both tables are in the same; otherwise the columns stay hidden, unless all are alike.
    """
    if [_id(each) for each in rules] == [_id(each) for each in filters]:
        for rule, found in zip(rules, filters, strict=True):
            _add(rule, found)
        return
    known: defaultdict[str, list[Record]] = defaultdict(list)
    for each in filters:
        known[_id(each)].append(each)
    for rule in rules:
        candidates = known.get(_id(rule), [])
        if candidates and all(each.fields == candidates[0].fields for each in candidates):
            _add(rule, candidates[0])


def _id(record: Record) -> str:
    return record.text(_ID, "name", "id").lower()


def _add(rule: Record, found: Record) -> None:
    rule.fields = found.fields | rule.fields
    rule.lines |= found.lines
