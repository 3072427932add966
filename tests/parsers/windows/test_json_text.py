"""JSON that is read record by record: as Python's own reader has it, with the lines of each record."""

from __future__ import annotations

import json
import re
import tracemalloc
from random import Random
from typing import Any

import pytest

from aclproof.parsers.source import from_bytes
from aclproof.parsers.windows.powershell import json_text, tables
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.powershell.json_text import Items, Object
from tests.parsers.windows.test_powershell import RULE, documented
from tests.scale import scaled

_TEXTS = (
    '{"Rule": [{"a": "x", "b": [1, {"c": null}]},\n {"a": "y\\u00e9"}],\n'
    ' "P": {"value": [\n{"n": 1.5}\n], "Count": 1}, "S": "t", "T": "u"}',
    "[]", "{}", "[1, 2]", '[{"a": {}},\n[], {}]', '{"a": [], "b": {}}', '"x"',
    '{"a": {"b": {"c": {"d": [{"e": [1]}]}}}}')
_TRAILING = re.compile(r",[ \t\n\r]*")
_DAMAGED = scaled(3_000, 20_000, 300_000)


def _plain(value: Any) -> Any:
    if isinstance(value, Items):
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def _outcome(read: Any, text: str) -> Any:
    """The value, or the line at which the text is damaged; nothing of one that PowerShell does not write."""
    try:
        return repr(_plain(read(text)))
    except json.JSONDecodeError as error:
        if error.msg.startswith("Illegal trailing comma"):  # Python 3.13 names the comma, not what follows
            return text.count("\n", 0, _TRAILING.match(text, error.pos).end()) + 1  # type: ignore[union-attr]
        return error.lineno
    except DamagedTextError:
        return None


def _changed(text: str, random: Random) -> str:
    for _ in range(random.randrange(4)):
        at = random.randrange(len(text) + 1)
        text = random.choice((text[:at] + text[at + 1:], text[:at],
                              text[:at] + random.choice('{}[],:"\n 1a\\\t\r\x0b\xa0') + text[at:]))
    return text


def test_values_and_damage_are_as_pythons_own_reader_has_them(random: Random) -> None:
    for _ in range(_DAMAGED):
        text = _changed(random.choice(_TEXTS), random)
        outcome = _outcome(json_text.load, text)
        if outcome is None:
            assert _is_unsound(text), text
        else:
            assert outcome == _outcome(json.loads, text), text


def _is_unsound(text: str) -> bool:
    """Whether a name comes twice in the text, or a count is not that of its list."""
    names = [json.loads(each).lower() for each in re.findall(r'("(?:[^"\\]|\\.)*")[ \t\r\n]*:', text)]
    return len(set(names)) < len(names) or '"Count"' in text


@pytest.mark.parametrize("indent", [None, 0, 4])
def test_the_lines_of_an_object_hold_it_and_no_more(indent: int | None) -> None:
    records = [{"id": number, "text": "a \" ] } , {", "list": [{"x": [number]}]} for number in range(9)]
    text = json.dumps({"Rule": records, "Profile": {"value": records[:2], "Count": 2}, "Only": records[0]},
                      indent=indent)
    lines = text.split("\n")
    top = json_text.load(text)
    assert isinstance(top["Only"], Object)
    only = top["Only"].lines, _plain(top["Only"])
    for of, item in [*top["Rule"].objects(), *top["Profile"]["value"].objects(), only]:
        if indent is None:
            assert of == range(1, 2)
        else:
            shown = "\n".join(lines[of.start - 1:of.stop - 1]).partition("{")[2]
            assert json.loads("{" + shown.rstrip(",")) == item


def test_an_object_on_each_line() -> None:
    found = json_text.by_line('{"a": 1}\n\n  {"b": "\u2028"} \r\n')
    assert found
    assert list(found.objects()) == [(range(1, 2), {"a": 1}), (range(3, 4), {"b": "\u2028"})]
    for other in ('{"a": 1} {"b": 2}\n{"c": 3}', '{"a": 1}\n[2]', '{"a": 1}\n{"b"'):
        assert json_text.by_line(other) is None


def test_an_export_of_thousands_of_rules_takes_less_memory_than_three_times_its_text() -> None:
    """Dictionaries of all its records would take more than ten times as much."""
    rules = [RULE | {"InstanceID": f"R{number}", "DisplayName": f"Rule {number}"} for number in range(3_000)]
    source = from_bytes(json.dumps(documented(*rules), indent=4).encode(), "fw.json")
    tracemalloc.start()
    export = tables.read(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(export.rules) == 3_000
    assert peak < 3 * len(source.text)
