"""Whether a text does anything beyond being read: by the programs that each format is written for."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import xmlschema
import yaml

from aclproof.linter import schemas
from tests.reports import readers
from tests.reports.test_html import Page
from tests.reports.test_markdown import ACTING, leaves

_SCHEMAS = Path(__file__).parents[1] / "schemas"
_HIDDEN = {"\ufe0f", "\u034f", "\u3164"}
"""Default_Ignorable_Code_Point of the Unicode database, which `isprintable` does not know."""
_COLOURS = re.compile(r"\x1b\[[\d;]*m(?:\x1b\[K)?")
_FORMULAS = "=+-@\t\r＝＋－＠"
_ANNOTATIONS = {"error", "warning", "notice"}


def judge(text: str, form: str, *, coloured: bool = False) -> None:
    """AssertionError where a text acts on a terminal, on a runner, or on the reader of its format."""
    shown = text.replace("\r\n", "\n") if form == "csv" else _COLOURS.sub("", text) if coloured else text
    assert "".join(shown.split("\n")).isprintable(), "what does not print"
    assert not _HIDDEN & set(shown), "what does not print"
    commands = list(readers.commands_of(text))
    assert {each.name for each in commands} <= (_ANNOTATIONS if form == "github" else set()), commands
    assert readers.orders_in(text) == []
    if form in _READERS and text:
        _READERS[form](text)


def _json(text: str) -> None:
    data = json.loads(text)
    name = str(data.get("schema", "")) if isinstance(data, dict) else ""
    if found := re.fullmatch(r"aclproof/([a-z-]+)/v1", name):
        _schema(found[1]).validate(data)


def _lines_of_json(text: str) -> None:
    for each in text.splitlines():
        json.loads(each)


@cache
def _schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schemas.load(name))


@cache
def _sarif_schema() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads((_SCHEMAS / "sarif-schema-2.1.0.json").read_text("utf-8")))


@cache
def _junit_schema() -> Any:
    return xmlschema.XMLSchema10(_SCHEMAS / "junit-10.xsd")


def _sarif(text: str) -> None:
    _sarif_schema().validate(json.loads(text))


def _junit(text: str) -> None:
    _junit_schema().validate(text)


def _csv(text: str) -> None:
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) <= 1, "rows of several lengths"
    assert all(cell.strip(" ")[:1] not in _FORMULAS for row in rows for cell in row if cell.strip(" "))


def _html(text: str) -> None:
    page = Page(text)
    assert "xevil" not in "".join(page.tags), "an element"
    assert page.tags["script"] <= 1
    for name, value in page.attributes:
        assert "xevil" not in name, "an attribute"
        assert not name.startswith("on"), name
        if name in ("href", "src", "action", "formaction", "style", "srcdoc", "http-equiv"):
            assert not re.match(r"\s*(?:java|vb)script:", value or "", re.IGNORECASE)
            assert not re.match(r"(?:https?:)?//xevil", value or "")


def _github(text: str) -> None:
    for each in readers.commands_of(text):
        assert set(each.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}


def _markdown(text: str) -> None:
    """Breaks within cells and blocks of code are ours."""
    for token in leaves(readers.MARKDOWN.parse(text)):
        assert token.type not in ("html_block", "image", "link_open"), token
        assert token.type != "html_inline" or token.content == "<br>", token
        assert token.type != "text" or not ACTING.search(token.content), token.content
    for table in readers.tables_of(text):
        assert len({len(row) for row in table}) == 1, "rows of several lengths"


def _script(text: str) -> None:
    """Carried out where hardly a program is to be found but the one that attacks call."""
    with TemporaryDirectory() as place:
        programs, work = Path(place) / "bin", Path(place) / "work"
        programs.mkdir()
        work.mkdir()
        (programs / "touch").symlink_to(shutil.which("touch") or "touch")
        subprocess.run(
            ["/bin/sh", "-c", text],
            cwd=work,
            env={"PATH": str(programs)},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
        assert not [name for name in os.listdir(work) if "xevil" in name], "a command was carried out"


def commands_in(text: str) -> str:
    """The lines of a report that are made to be pasted into a shell."""
    lines = (re.sub(r"^[\s|>$#]*", "", each) for each in text.splitlines())
    return "\n".join(
        each for each in lines if re.match(r"(?:sudo |ip6?tables|nft |ip |ipset |conntrack )", each)
    )


def _text(text: str) -> None:
    if commands := commands_in(text):
        _script(commands)


_READERS = {
    "json": _json,
    "jsonl": _lines_of_json,
    "gitlab": _json,
    "sarif": _sarif,
    "junit": _junit,
    "csv": _csv,
    "html": _html,
    "github": _github,
    "markdown": _markdown,
    "sh": _script,
    "text": _text,
    "yaml": yaml.safe_load,
}
