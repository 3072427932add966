"""The figures of the last runs, which docs/trust.md quotes: `figures.json` has one for each command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from trust.promises import PROMISES
from trust.running import Outcome, shown

_FILE = Path(__file__).with_name("figures.json")

Figures: TypeAlias = dict[str, dict[str, Any]]
"""By command, without the seed."""


def read() -> Figures:
    """Return what is kept."""
    figures: Figures = json.loads(_FILE.read_text(encoding="utf-8"))
    return figures


def keep(found: list[Outcome]) -> None:
    """Put figures in the place of those of the same commands; those of commands that are gone go."""
    proofs = [each for promise in PROMISES for each in promise.proofs]
    wanted = {shown(each, long=long) for each in proofs for long in (False, True)}
    figures = {command: each for command, each in read().items() if command in wanted}
    for each in found:
        figures[each.command] = {"figure": each.figure, "day": each.day, "commit": each.commit,
                                 "seconds": each.seconds, "seed": each.seed}
    _FILE.write_text(f"{json.dumps(figures, indent=2, sort_keys=True)}\n", encoding="utf-8")


def rows(*, long: bool) -> Iterator[str]:
    """Yield the lines of a table (Markdown) of the promises, with the figure of each proof; of long runs only
    those that were made, and do more than the short ones."""
    figures = read()
    wanted = {id(each) for promise in PROMISES for each in promise.proofs
              if not long or (each.long != each.short and shown(each, long=True) in figures)}
    if not wanted:
        yield "None was kept by `make trust LONG=1 KEEP=1` so far."
        return
    yield from ("| promise | judged by | command | what it showed | when |", "|---|---|---|---|---|")
    for promise in PROMISES:
        name = f"**{promise.number}** {promise.text}"
        for proof in promise.proofs:
            figure = figures.get(shown(proof, long=long))
            if id(proof) in wanted:
                when = f"{figure['day']}, {figure['commit']}" if figure else ""
                said = figure["figure"] if figure else "not run yet"
                command = shown(proof, long=long, seed=figure.get("seed") if figure else None)
                yield f"| {name} | {proof.judge} | `{command}` | {said} | {when} |"
                name = ""
