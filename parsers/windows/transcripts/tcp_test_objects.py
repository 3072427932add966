"""`Test-NetConnection` as `ConvertTo-Json` and `ConvertTo-Csv` write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aclproof.parsers.windows.powershell import text as powershell_text
from aclproof.parsers.windows.powershell.damage import DamagedTextError
from aclproof.parsers.windows.powershell.json_text import Items, Object

_DECIDES = "tcptestsucceeded"
_TEXTS = {"remoteaddress": "ipaddresstostring", "sourceaddress": "ipaddress"}
"""What of an object is its address."""


def results(said: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the properties of each result by their names in lower case, with the line that decides.

    `said` are lines with their numbers; a text that is damaged anywhere has no results.
    """
    texts = [text for _, text in said]
    whole = "\n".join(texts)
    try:
        if whole.lstrip()[:1] in ("{", "["):
            found = list(_objects(powershell_text.load(whole), texts))
        elif _DECIDES in (texts[0] if texts else "").lower() or _DECIDES in "".join(texts[1:2]).lower():
            found = list(_rows(texts, whole))
        else:
            return
    except (DamagedTextError, RecursionError):
        return
    for at, fields in found:
        yield said[at][0], fields


def _objects(value: Any, texts: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    value = powershell_text.unwrapped(value)
    found: list[tuple[range, dict[str, Any]]] = []
    if isinstance(value, Object):
        found = [(value.lines, value)]
    elif isinstance(value, Items):
        found = list(value.objects())
    for lines, each in found:
        fields = {name.lower(): _plain(name.lower(), item) for name, item in each.items()}
        yield next((at for at in range(lines.start - 1, lines.stop - 1)
                    if _DECIDES in texts[at].lower()), lines.start - 1), fields


def _plain(name: str, item: Any) -> Any:
    if isinstance(item, dict) and name in _TEXTS:
        return {key.lower(): value for key, value in item.items()}.get(_TEXTS[name])
    return item


def _rows(texts: Sequence[str], whole: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    separator = powershell_text.delimiter(whole)
    if separator:
        for record in powershell_text.rows(texts, separator):
            yield record.line - 1, record.fields
