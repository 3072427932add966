"""Reads what `nft -j` prints and loads: libnftables-json(5)."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from aclproof.parsers.model.notes import State
from aclproof.parsers.netfilter import terminal
from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.ruleset import Ruleset, Tree
from aclproof.parsers.nftables.text import long_lines, noise
from aclproof.parsers.nftables.text.editing import EditError
from aclproof.parsers.nftables.text.json_objects import Objects, quotable
from aclproof.parsers.nftables.text.kind import JSON_TOP
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_SPACE = re.compile(r"[ \t\r\n]*")


class Piece(NamedTuple):
    """One object of the list, and where it stands in the text."""

    start: int
    end: int
    tree: Tree


class _DuplicateError(ValueError):
    """A key stands twice in one object."""


def read(source: Source) -> Form:
    """Read the list of objects; UnsupportedInputError where it is broken."""
    top = JSON_TOP.search(source.text)
    assert top
    try:
        return _read(source, top)
    except RecursionError:
        raise UnsupportedInputError(Reason("{name}: JSON with too many brackets inside of one another; "
                                           "export the rules again", name=source.name)) from None


def _broken(source: Source, at: int, why: str) -> UnsupportedInputError:
    return UnsupportedInputError(Reason(
        "{name}:{line}: broken or cut JSON ({why}); export it again with 'nft -j list ruleset'",
        name=source.name, line=source.text.count("\n", 0, at) + 1, why=why))


def _once(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateError(next(name for name in names if names.count(name) > 1))
    return found


def _pieces(source: Source, at: int) -> tuple[list[Piece], int]:
    text = source.text
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    if text[at:at + 1] != "[":
        raise _broken(source, at, Reason("'nftables' is no list"))
    at += 1
    found: list[Piece] = []
    while True:
        at = _after_space(text, at)
        if text[at:at + 1] == "]":
            break
        if found:
            if text[at:at + 1] != ",":
                raise _broken(source, at, Reason("the list does not end"))
            at = _after_space(text, at + 1)
        try:
            tree, end = decoder.raw_decode(text, at)
        except _DuplicateError as error:
            raise _broken(source, at, Reason("the key {key} stands there twice", key=str(error))) from None
        except ValueError:
            raise _broken(source, at, Reason("an object that begins here does not end")) from None
        found.append(Piece(at, end, tree))
        at = end
    at = _after_space(text, at + 1)
    if text[at:at + 1] != "}":
        raise _broken(source, min(at, len(text) - 1), Reason("the end is missing"))
    return found, at + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found
    return found.end()


def _one_a_line(source: Source, pieces: list[Piece]) -> list[int]:
    """Write each object in one line that begins with it, so that it can be quoted; return these lines."""
    text = source.text
    parts, cuts, lines = [], [], []
    at, place, line = 0, 0, 1
    for piece in pieces:
        between, body = text[at:piece.start], text[piece.start:piece.end]
        line += between.count("\n")
        if "\n" not in between:
            cuts.append(place + len(between))
            line += 1
        lines.append(line)
        ends = body.count("\n")
        if ends:
            body = json.dumps(piece.tree, ensure_ascii=False) + "\n" * ends
        inner = long_lines.cuts(body)
        cuts += [place + len(between) + cut for cut in inner]
        parts += [between, body]
        place += len(between) + len(body)
        line += ends + len(inner)
        at = piece.end
    parts.append(text[at:])
    source.decoded("".join(parts))
    if cuts:
        source.break_lines(cuts)
    return lines


def _as_they_are(source: Source, pieces: list[Piece]) -> list[int]:
    """Return the lines of objects in a text that was laid out before."""
    lines, at, line = [], 0, 1
    for piece in pieces:
        line += source.text.count("\n", at, piece.start)
        at = piece.start
        lines.append(line)
    return lines


def _read(source: Source, top: re.Match[str]) -> Form:
    pieces, end = _pieces(source, top.end())
    before, after = source.text[:top.start()], source.text[end:]
    lines = _as_they_are(source, pieces) if source.quotable is quotable else _one_a_line(source, pieces)
    form = Form(source, Ruleset(), states=[State.IGNORED] * source.size)
    reader = Objects(form)
    for line, piece in zip(lines, pieces, strict=True):
        form.states[line - 1] = State.UNDERSTOOD
        try:
            reader.take(piece.tree, line)
        except EditError as error:
            form.unread(line, str(error))
    _around(form, before, after)
    source.quotable = quotable
    return form


def _around(form: Form, before: str, after: str) -> None:
    """Account for the lines around the object: commands, warnings, and what belongs to nobody."""
    lines = terminal.lines(form.source)
    first, end = before.count("\n"), len(lines) - after.count("\n") + after.endswith("\n")
    for number, text in (*enumerate(lines[:first], 1), *enumerate(lines[end:], end + 1)):
        asked = noise.command(text)
        if asked is not None:
            form.listed = form.listed or asked in ("list ruleset", "list tables")
        elif text.strip() and not noise.is_prompt(text) and not noise.is_harmless(text):
            form.unread(number, Reason("what this line says besides the JSON is not known"))
            form.source.hide(number)
