"""What sites assume is in every report of many: a site that rests on it is accepted, and never proven."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.fleet.farm import DAY, sites
from tests.reports.test_html import Page

FORMS = ("text=out.txt", "markdown=out.md", "html=out", "json=out.json")
ASKS = "threat-detection scanning-threat shun\n"
"""Clients that contact many servers look like scanners: no configuration shows whether one is shunned."""


def checked(*options: str) -> int:
    return run(["check", "sites", "--as-of", DAY, "-q", "--lang", "en", *options,
                *(f"--format={each}" for each in FORMS)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sites of one requirement each; one has a question that is asked, whose usual answer is no."""
    monkeypatch.chdir(tmp_path)
    sites(tmp_path / "sites", ["asks", "plain"])
    with (tmp_path / "sites" / "asks" / "fw.cfg").open("a", encoding="utf-8") as config:
        config.write(ASKS)
    return tmp_path / "sites"


def found() -> dict[str, str]:
    return {Path(each["site"]).parent.name: each["end"]
            for each in json.loads(Path("out.json").read_text())["sites"]}


@pytest.mark.parametrize("by_option", [True, False])
def test_what_is_assumed_is_named_and_counted(folder: Path, *, by_option: bool) -> None:
    assert checked() == 3
    assert found() == {"asks": "unproven", "plain": "proven"}
    if not by_option:
        Path("base.yaml").write_text("assume: usual\n", encoding="utf-8")
        Path(".aclproof").touch()
        for each in folder.iterdir():
            site = each / "aclproof.yaml"
            site.write_text(f"extends: ../../base.yaml\n{site.read_text()}", encoding="utf-8")
    assert checked(*(["--assume", "usual"] if by_option else [])) == 0
    assert found() == {"asks": "accepted", "plain": "proven"}
    counts = json.loads(Path("out.json").read_text())["summary"]["requirements"]
    assert (counts["met"], counts["assumed"]) == (2, 1)
    page = Page(Path("out/index.html").read_text()).text
    texts = Path("out.txt").read_text(), Path("out.md").read_text(), page
    for text in (" ".join(each.split()) for each in texts):
        assert "2 of 2 requirements met, 1 of them by assumed answers" in text
        assert "Assumed, not proven, at 1 site: scanning-threat shun = no" in text
        assert "accepted (not proven)" in text
        assert "proven at every site" not in text


def test_a_fact_is_no_assumption(folder: Path) -> None:
    with (folder / "asks" / "aclproof.yaml").open("a", encoding="utf-8") as site:
        site.write('facts: {"scanning-threat shun": no}\n')
    assert checked("--assume", "usual") == 0
    assert found() == {"asks": "proven", "plain": "proven"}
    assert "assumed" not in json.loads(Path("out.json").read_text())["summary"]["requirements"]
    assert "Assumed, not proven" not in Path("out.txt").read_text()
