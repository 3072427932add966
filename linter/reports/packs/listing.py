"""The packs that are found by name, as text and as JSON (`aclproof/packs/v1`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from aclproof.linter.harmless import as_json, visible
from aclproof.linter.reports.explain.rows import wrapped
from aclproof.linter.reports.language.language import Words
from aclproof.rules.pack import Pack
from aclproof.rules.search import Found

SCHEMA = "aclproof/packs/v1"
_INDENT = "  "


class Listed(Struct, frozen=True):
    """A pack that is found by name; `pack` is None where its file is none, for so many `problems`."""

    found: Found
    pack: Pack | None
    problems: int
    is_default: bool
    is_ambiguous: bool
    """Whether its name does not lead to it, as another file with other content has the same name."""


def as_text(packs: Sequence[Listed], words: Words) -> str:
    """Write what can be named, and below it what it is."""
    return "".join(line for each in packs for line in _lines(each, words))


def _lines(each: Listed, words: Words) -> Iterator[str]:
    found, pack = each.found, each.pack
    remarks = [found.package or (found.file if found.place != "built-in" else words("built in"))]
    if each.is_default:
        remarks.append(words("default"))
    if each.is_ambiguous:
        remarks.append(words("another pack has this name, so give its path"))
    yield wrapped(visible(f"{found.name}: {', '.join(remarks)}"), "", _INDENT)
    if pack is None:
        told = words("not a sound pack: 'aclproof rules check {file}' says why", file=found.file)
    else:
        size = words.count("{n} requirement", "{n} requirements", len(pack.requirements))
        told = words("{title}, version {version}, {size}", title=words.of(pack.title), version=pack.version,
                     size=size)
    yield wrapped(visible(told), _INDENT, _INDENT)


def as_document(packs: Sequence[Listed]) -> str:
    """Write the same for programs."""
    return as_json({"schema": SCHEMA, "packs": list(map(_entry, packs))})


def _entry(each: Listed) -> dict[str, Any]:
    found, pack = each.found, each.pack
    written: dict[str, Any] = {"name": found.name, "place": found.place, "default": each.is_default,
                               "ambiguous": each.is_ambiguous, "problems": each.problems}
    if found.place != "built-in":
        written["file"] = found.file
    if found.package:
        written["package"] = found.package
    if pack:
        written |= {"id": pack.id, "version": pack.version, "title": pack.title.en, "source": pack.page.url,
                    "methods": [one.id for one in pack.methods], "requirements": len(pack.requirements)}
        if pack.origin:
            written["sha256"] = pack.origin.sha256
    return written
