"""Many records, kept small: most have the same columns, and few different texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from sys import intern
from typing import overload

from aclproof.parsers.windows.records.columns import Record


class RecordList(Sequence[Record]):
    """Each record is made when it is asked for, with the columns of what was joined to it."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._columns: list[tuple[str, ...]] = []
        self._texts: list[tuple[str, ...]] = []
        self._firsts, self._lasts = array("Q"), array("Q")
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._joined: list[tuple[RecordList, Sequence[int | None]]] = []
        for each in records:
            self.append(each)

    def append(self, record: Record) -> None:
        """Add a record that takes lines in a row."""
        columns = tuple(record.fields)
        self._columns.append(self._known.setdefault(columns, columns))
        self._texts.append(tuple(map(intern, record.fields.values())))
        self._firsts.append(record.line)
        self._lasts.append(record.lines[-1].stop - 1 if record.lines else record.line)

    def join(self, others: RecordList, places: Sequence[int | None]) -> None:
        """Give each record the columns of the one at its place there, which it lacks itself so far."""
        self._joined.append((others, places))

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        fields: dict[str, str] = {}
        for others, places in reversed(self._joined):
            if (place := places[at]) is not None:
                fields.update(zip(others._columns[place], others._texts[place], strict=True))
        fields.update(zip(self._columns[at], self._texts[at], strict=True))
        return Record(self._firsts[at], fields, self.lines(at))

    def lines(self, at: int) -> list[range]:
        """Return the lines of a record, and of what was joined to it."""
        found = [range(self._firsts[at], self._lasts[at] + 1)]
        for others, places in self._joined:
            if (place := places[at]) is not None:
                found.append(range(others._firsts[place], others._lasts[place] + 1))
        return found
