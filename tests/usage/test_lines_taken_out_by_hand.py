"""What is said of a line, against a check of the site after somebody has deleted the line in the file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import Analysis, analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.linter.usage.records import Usage
from aclproof.linter.usage.usage import usage
from aclproof.parsers.model.notes import Span

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
DAY = date(2026, 1, 15)
BY_HAND = (
    "branch", "dcerpc-inspection", "native-works", "nat-published-servers", "path-all-works",
    "permit-below-deny", "linux-by-hand", "linux-dnat", "linux-dual-stack", "linux-firewalld",
    "linux-marks", "linux-notrack", "nft-router", "nft-fw4", "windows-push-works",
    "windows-block-rule", "windows-three-vendors")
"""Files that may lose a line and stay whole: a listing with counts, or JSON, would be broken then."""


def analysed(site_file: Path) -> Analysis:
    return analyse(reader.read(site_file), DAY)


def met(analysis: Analysis) -> set[str]:
    return {each.requirement.id for each in analysis.results if each.verdict is Verdict.MET}


def without_lines(span: Span) -> None:
    """Delete the lines in the file, and what binds a list that has no other."""
    file = Path(span.file)
    lines = file.read_text(encoding="utf-8").split("\n")
    words = lines[span.first_line - 1].split()
    del lines[span.first_line - 1:span.last_line]
    if words and words[0] == "access-list":
        others = [each.split() for each in lines if each.startswith(f"access-list {words[1]} ")]
        if all(each[2] == "remark" for each in others):
            lines = [each for each in lines if not each.startswith(f"access-group {words[1]} ")]
    file.write_text("\n".join(lines), encoding="utf-8")


def said(found: Usage, still_met: set[str]) -> Iterator[tuple[Span, set[str]]]:
    """Every line that was tried, and the requirements that are said not to be met without it."""
    for firewall in found.firewalls:
        for use in firewall.lines:
            if not use.not_tried:
                lost = {each.requirement for each in use.of_share("all", "part")}
                yield use.line.span, lost & still_met
        yield from ((span, set()) for span in firewall.idle)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_line_deleted_by_hand_loses_just_what_is_said(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(SITES / name, folder)
    site_file = folder / "aclproof.yaml"
    before = analysed(site_file)
    known = met(before)
    lines = list(said(usage(before, DAY), known))
    assert lines
    for span, lost in lines:
        text = Path(span.file).read_bytes()
        without_lines(span)
        assert known - met(analysed(site_file)) == lost, span
        Path(span.file).write_bytes(text)
