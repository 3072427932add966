"""Runs every call over inputs that attack, and judges all that comes out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from tests.injection.judges import judge
from tests.ran import Ran, ran

_COPIES = ("anonymise",)
"""What these write are configurations, with what these may hold; said is that they are theirs."""


class Outcome(Struct, frozen=True):
    """What a call did: how many texts were judged, and what acted."""

    call: str
    code: int
    judged: int
    held: int
    """Of the texts that were judged, those that have an attack in them."""
    faults: Sequence[str]
    error: str


def swept(folder: Path, calls: Iterable[list[str]]) -> Iterator[Outcome]:
    """Run each call in the folder, and judge its streams and every file that it wrote."""
    for each in ran(folder, calls):
        texts = list(_texts(each))
        coloured = "always" in each.arguments
        faults = [f"{where}: {fault}" for where, text, form in texts
                  for fault in _faults(text, form, coloured)]
        held = sum("xevil" in text for _, text, _ in texts)
        yield Outcome(" ".join(each.arguments), each.code, len(texts), held, faults, each.err)


def _texts(call: Ran) -> Iterator[tuple[str, str, str]]:
    """What is to be judged of a call, with the formats; what is kept for later runs is left out."""
    copies = call.arguments[0] in _COPIES
    yield "standard error", call.err, ""
    if not (copies and "-" in call.arguments):
        yield "standard output", call.out, _form_of(call.arguments)
    if not copies:
        yield from ((path, text, _of_name(path)) for path, text in call.written
                    if "cache" not in PurePath(path).parts)


def _faults(text: str, form: str, coloured: bool) -> Iterator[str]:
    try:
        judge(text, form, coloured=coloured)
    except Exception as error:  # whatever a reader says of it
        yield f"{form or 'text'}: {type(error).__name__}: {error}"


def _form_of(arguments: Sequence[str]) -> str:
    """The format of standard output."""
    forms = [each for option, each in itertools.pairwise(arguments) if option == "--format"]
    plain = [each for each in forms if "=" not in each]
    if arguments[0] in ("completion", "schema", "--version"):
        return ""
    return plain[0] if plain else "text"


def _of_name(name: str) -> str:
    end = name.rpartition(".")[2]
    return {"yml": "yaml", "md": "markdown", "xml": "junit"}.get(end, end)
