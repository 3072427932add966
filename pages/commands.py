"""The table of an ASA's commands, for its page: what is judged, left open, or decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aclproof.parsers.cisco_asa.features.row import Effect, Feature
from aclproof.parsers.cisco_asa.features.table import TABLE


def rows(effect: str) -> Iterator[str]:
    """The lines of a Markdown table of the rows of one class."""
    wanted = [row for row in TABLE if row.effect is Effect(effect)]
    match Effect(effect):
        case Effect.MODELLED:
            yield from ("| command | what it is about | source |", "|---|---|---|")
            yield from (f"| {_command(row)} | {_cell(row.about)} | {row.source} |" for row in wanted)
        case Effect.OPEN:
            yield from ("| command | what it may do | fact | usually | what shows it | source |",
                        "|---|---|---|---|---|---|")
            yield from map(_open, wanted)
        case Effect.HARMLESS:
            yield from ("| commands | why they decide nothing | source |", "|---|---|---|")
            groups: dict[tuple[str, str], list[str]] = {}
            for row in wanted:
                groups.setdefault((row.about, row.source), []).append(_command(row))
            for (about, source), commands in groups.items():
                yield f"| {', '.join(commands)} | {_cell(about)} | {source} |"


def _open(row: Feature) -> str:
    assert row.doubt
    key = re.sub(r"{(\w+)}", lambda name: name[1].upper(), row.doubt.key)
    usual = "yes" if row.doubt.usual else "no"
    relied = ", relied on" if row.doubt.relied_on else ""
    return (f"| {_command(row)} | {_cell(row.about)} | `{key}` | {usual}{relied} "
            f"| {_cell(row.doubt.find_out)} | {row.source} |")


def _command(row: Feature) -> str:
    within = f" (in `{row.within}`)" if row.within else ""
    return f"`{_cell(row.command)}`{within}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
