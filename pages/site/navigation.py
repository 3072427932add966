"""Folders of the navigation: `commands/` stands for its README.md and the pages to which that one links."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from pages import ROOT

_DOCS = ROOT / "docs"
_HEAD_OR_ROW = re.compile(r"^## (?P<head>.+?)(?: \(`.+)?$|^\|.*?\]\((?P<page>[\w.-]+\.md)\)", re.MULTILINE)


def filled(entries: list[Any]) -> list[Any]:
    """The navigation of mkdocs.yml with every folder's pages in place of its name."""
    return [{title: _entry(each) for title, each in entry.items()} if isinstance(entry, dict) else entry
            for entry in entries]


def _entry(entry: Any) -> Any:
    if isinstance(entry, list):
        return filled(entry)
    return _folder(entry) if entry.endswith("/") else entry


def _folder(name: str) -> list[Any]:
    """The pages in the order of the index, below the headings that it has over more than one table."""
    index = (_DOCS / name / "README.md").read_text(encoding="utf-8")
    groups: dict[str, list[str]] = {}
    head = ""
    for found in _HEAD_OR_ROW.finditer(index):
        head = (found["head"] or head).strip()
        if found["page"]:
            groups.setdefault(head, []).append(str(PurePosixPath(name, found["page"])))
    tables = [{head: pages} for head, pages in groups.items()]
    return [f"{name}README.md", *(tables if len(tables) > 1 else next(iter(groups.values())))]
