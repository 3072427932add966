"""What lets a requirement through: the rules that are needed together, not one of them for all."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.result import Result
from aclproof.linter.site import reader
from tests.asa_edge import INTERFACES

SITE = """settings: {mode: mixed}
methods: [group-policy]
roles: {client: [198.51.100.0/24], management-point: [10.30.0.10]}
firewalls: [{name: edge, config: fw.cfg, interfaces: {client: outside, management-point: dmz}}]
"""
FORMS = ("text", "markdown", "html", "csv")


def met_by(folder: Path, parts: int) -> Result:
    """A site whose clients are let through by as many rules, none of which is for all of them."""
    size = 256 // parts
    mask = f"255.255.255.{256 - size}"
    rules = "".join(f"access-list IN extended permit tcp 198.51.100.{size * each} {mask} any eq www\n"
                    for each in range(parts))
    (folder / "fw.cfg").write_text(f"ASA Version 9.16(4)\nhostname edge\n{INTERFACES}{rules}"
                                   "access-group IN in interface outside\n: end\n")
    (folder / "aclproof.yaml").write_text(SITE)
    return check(reader.read(folder / "aclproof.yaml"), date(2026, 11, 30))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("parts", "shown", "more"), [(1, 1, ""), (2, 2, ""), (8, 3, "and 5 more lines")])
def test_few_rules_are_all_shown_and_of_many_the_rest_is_counted(
        tmp_path: Path, form: str, parts: int, shown: int, more: str) -> None:
    report = FORMATS[form](met_by(tmp_path, parts), Look(width=400))
    places = set(re.findall(r"fw\.cfg:(\d+)", report))
    assert len(places) == shown
    assert re.findall(r"and \d+ more lines?", report) == ([more] if more else [])


def test_nothing_is_left_out_where_everything_is_asked_for(tmp_path: Path) -> None:
    report = FORMATS["text"](met_by(tmp_path, 8), Look(width=400, verbose=True))
    assert len(set(re.findall(r"fw\.cfg:(\d+)", report))) == 8
    assert "more line" not in report
