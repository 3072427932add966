"""An export that was changed after PowerShell wrote it: what may block everything is never passed over.

What is expected comes from ConvertTo-Json: it writes each name of an object once, case aside (the names of a
hashtable and of properties have none), an object for each item of the lists of the export, and with a
wrapped list how many items it has.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from aclproof.parsers.source import UnsupportedInputError, from_bytes
from aclproof.parsers.windows.powershell import export as powershell
from tests.parsers.windows.test_powershell import JOINED, PROFILE, RULE, documented

_BLOCK = RULE | {"InstanceID": "block", "Action": "Block"}
_TABLES = [name for name, table in documented(RULE).items() if isinstance(table, list)]
_HUGE = "9" * 5_000
"""Python reads no number of so many digits."""


def _refused(text: str) -> str:
    with pytest.raises(UnsupportedInputError) as refused:
        powershell.read(from_bytes(text.encode(), "fw.json"))
    return str(refused.value)


def _line(text: str, of: str) -> int:
    return text[:text.rindex(of)].count("\n") + 1


def _export() -> dict[str, Any]:
    return documented(RULE, _BLOCK) | {"Profile": [PROFILE, PROFILE | {"Name": "Public"}]}


def test_the_export_is_read_as_long_as_nobody_changed_it() -> None:
    read = powershell.read(from_bytes(json.dumps(_export(), indent=1).encode(), "fw.json"))
    assert (len(read.rules), len(read.profiles), read.broken) == (2, 2, ())


@pytest.mark.parametrize("table", _TABLES)
@pytest.mark.parametrize("instead", [None, 5, "LOST", [], [_BLOCK]])
def test_a_record_is_an_object(table: str, instead: object) -> None:
    export = _export()
    export[table][1] = instead
    line = _line(json.dumps(export | {table: [export[table][0], "HERE"]}, indent=1), '"HERE"')
    assert _refused(json.dumps(export, indent=1)).startswith(f"fw.json:{line}: a rule, a filter or a ")


@pytest.mark.parametrize("table", [*_TABLES, "Rules", "Profiles"])
@pytest.mark.parametrize("instead", ["System.Object[]", 5, {"value": "x", "Count": 1}])
def test_a_table_holds_records(table: str, instead: object) -> None:
    refused = _refused(json.dumps(_export() | {table: instead}, indent=1))
    assert refused.startswith("fw.json:1: the object that begins here has no records as its ")
    assert f"'{table.lower()}'" in refused


def test_a_record_is_an_object_among_joined_rules_too() -> None:
    assert _refused(json.dumps([JOINED, None], indent=None)).startswith("fw.json:1: a rule, ")


@pytest.mark.parametrize("again", ['"Action": "Allow"', '"action": "Allow"', '"\\u0041ction": "Allow"'])
def test_a_name_stands_once_in_a_record(again: str) -> None:
    text = json.dumps(_export(), indent=1).replace('"Action": "Block",', f'"Action": "Block",\n{again},')
    name = json.loads(again.partition(":")[0])
    assert _refused(text).startswith(f"fw.json:{_line(text, again)}: '{name}' stands twice in one object")
    lines = f"{json.dumps(JOINED)}\n{json.dumps(JOINED)[:-1]}, {again}}}\n"
    assert _refused(lines).startswith(f"fw.json:2: '{name}' stands twice")


def test_a_name_stands_once_in_an_object_of_a_record() -> None:
    text = json.dumps([JOINED, {"Filters": JOINED, "List": [[{"x": 1}]]}], indent=1)
    text = text.replace('"x": 1', '"x": 1,\n"y": 2,\n"X": 3')
    assert _refused(text).startswith(f"fw.json:{_line(text, chr(34) + 'X')}: 'X' stands twice")


def test_a_column_stands_once_in_csv() -> None:
    """Export-Csv writes none twice; a column without a name says nothing."""
    def text(*more: str) -> str:
        names, values = [*JOINED, *more], [*JOINED.values(), *("Allow" for _ in more)]
        return f'#TYPE x\n{";".join(names)}\n{";".join(map(str, values))}\n'
    for more in ("Action", "action"):
        assert _refused(text(more)).startswith("fw.json:2: the column 'action' comes twice")
    assert powershell.read(from_bytes(text("", "").encode(), "fw.csv")).rules


@pytest.mark.parametrize("table", _TABLES)
def test_a_table_stands_once(table: str) -> None:
    export = _export()
    text = json.dumps(export, indent=1)[:-2] + f',\n"{table}": {json.dumps(export[table][:1])}\n}}'
    assert _refused(text).startswith(f"fw.json:{text.count(chr(10))}: '{table}' stands twice")


@pytest.mark.parametrize(("count", "size"), [(9, 2), (1, 2), ("two", 2), (None, 2), (1, 0)])
def test_a_wrapped_list_has_as_many_items_as_it_says(count: object, size: int) -> None:
    said = f"a list says that it has {count} items, and holds {size}"
    export = _export()
    assert said in _refused(json.dumps(
        export | {"Rule": {"value": export["Rule"][:size], "Count": count}}, indent=1))
    assert said in _refused(json.dumps([JOINED, JOINED | {
        "LocalPort": {"value": ["80", "81"][:size], "Count": count}}]))


def test_a_number_of_thousands_of_digits_is_refused_where_it_stands() -> None:
    text = json.dumps(_export(), indent=1)
    for changed in (text.replace('"Action": "Block"', f'"Action":\n {_HUGE}'),
                    text.replace('"Store": "ActiveStore"', f'"Store": "ActiveStore",\n"x": -{_HUGE}')):
        assert _refused(changed).startswith(f"fw.json:{_line(changed, _HUGE)}: a number of thousands ")
    assert _refused(f'{json.dumps(JOINED)}\n{{"Direction": {_HUGE}}}\n').startswith("fw.json:2: a number ")
