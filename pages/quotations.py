"""What pages quote from the source: each block below a comment that says what it is.

    <!-- quoted: rooms linter -->             a table of a folder's rooms, each with the head of its docstring
    <!-- quoted: commands open -->            a table of an ASA's commands of one class
    <!-- quoted: schemas -->                  a table of the JSON Schemas
    <!-- quoted: promises short -->           a table of promises, with the figures of short or long runs
    <!-- quoted: parsers/vendor.py -->        a whole file
    <!-- quoted: parsers/vendor.py door -->   one function, class or table of it
    <!-- end of the quotation -->

`make docs` writes the blocks anew in their places; everything else on the page is written by hand.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from pages import ROOT, commands
from pages.imports import arrows, layers
from trust import figures

_BLOCK = re.compile(r"(<!-- quoted: (?P<what>[^\n]+?) -->\n).*?(<!-- end of the quotation -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every page in docs/ that quotes, with its blocks written anew."""
    texts = {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").glob("*.md"))}
    return {file: _BLOCK.sub(lambda found: f"{found[1]}\n{_quoted(found['what'])}\n{found[3]}", text)
            for file, text in texts.items() if _BLOCK.search(text)}


def _quoted(what: str) -> str:
    first, *rest = what.split()
    if first == "rooms":
        return "".join(f"{line}\n" for line in _rooms(rest[0]))
    if first == "commands":
        return "".join(f"{line}\n" for line in commands.rows(rest[0]))
    if first == "schemas":
        return "".join(f"{line}\n" for line in _schemas())
    if first == "promises":
        return "".join(f"{line}\n" for line in figures.rows(long=rest == ["long"]))
    text = (ROOT / first).read_text(encoding="utf-8")
    if rest:
        text = _definition(text, rest[0])
    return f"```{_LANGUAGES.get(Path(first).suffix, '')}\n{text.rstrip()}\n```\n"


_LANGUAGES = {".py": "python", ".yaml": "yaml", ".md": "markdown"}


def _rooms(folder: str) -> Iterator[str]:
    yield from ("| room | what it is for |", "|---|---|")
    for row in layers(arrows(folder)):
        for room in row:
            path = ROOT / folder / room
            file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            name = f"{folder}/{room}" + ("/" if path.is_dir() else ".py")
            yield f"| `{name}` | {' '.join(docstring.split(chr(10) * 2)[0].split())} |"


def _schemas() -> Iterator[str]:
    yield from ("| schema | of what |", "|---|---|")
    for file in sorted((*(ROOT / "linter" / "schemas").glob("*.json"), ROOT / "rules" / "pack.schema.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        about = ". ".join(schema[key].rstrip(".") for key in ("title", "description") if key in schema)
        yield f"| [`{schema['$id']}`](../{file.relative_to(ROOT).as_posix()}) | {about} |"


def _definition(text: str, name: str) -> str:
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef() if node.name == name:
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            case ast.Assign(targets=[ast.Name(id=found)]) | ast.AnnAssign(target=ast.Name(id=found)) if (
                    found == name):
                first = node.lineno
            case _:
                continue
        return "\n".join(text.splitlines()[first - 1:node.end_lineno])
    raise KeyError(f"there is no {name} to quote")
