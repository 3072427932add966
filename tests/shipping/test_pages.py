"""The pages: those that the program writes, and that what they name is there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from aclproof import rules
from aclproof.linter.cli import exits, run
from aclproof.linter.cli.app import COMMANDS, app
from aclproof.rules.pack import Requirement
from pages import man, pages, requirements, stale
from tests.cli.test_cli import CONFIG

ROOT = Path(__file__).parents[2]

Output = pytest.CaptureFixture[str]


def test_the_committed_pages_are_those_that_would_be_written() -> None:
    for file, text in pages().items():
        assert file.read_text(encoding="utf-8") == text, f"{file.relative_to(ROOT)}: run `make docs`"
    assert stale() == []


def test_the_man_page_is_rendered_without_a_warning_and_says_everything() -> None:
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", str(ROOT / "man" / "aclproof.1")],
                          capture_output=True, text=True, check=True)
    assert done.stderr == ""
    text = " ".join(done.stdout.replace("‐\n", "").split()).replace("‐ ", "")
    for name in COMMANDS:
        assert f"aclproof {name}" in text
        for option in options(name):
            assert option.replace("-", "‐") in text or option in text, f"{name} {option}"
    for heading in ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert heading in text
    assert set(man.EXIT_STATUS) == {code for name, code in vars(exits).items()
                                    if name.isupper() and isinstance(code, int)}


def options(name: str) -> list[str]:
    """Every way to write every option of a command, but for help."""
    command = app.get_command(click.Context(app), name)
    assert command
    return [word for each in command.params if isinstance(each, click.Option)
            for word in (*each.opts, *each.secondary_opts)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_named_on_its_page(name: str) -> None:
    page = (ROOT / "docs" / "commands" / f"{name}.md").read_text(encoding="utf-8")
    if "arguments of [check](check.md)" in page:
        page += (ROOT / "docs" / "commands" / "check.md").read_text(encoding="utf-8")
    missing = [each for each in options(name) if not re.search(rf"{re.escape(each)}(?![\w-])", page)]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_names_no_option_that_does_not_exist(name: str) -> None:
    page = (ROOT / "docs" / "commands" / f"{name}.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*?)(?<!\\) \|", page, re.MULTILINE)
    named = {each for row in rows for each in re.findall(r"(?<![\w-])--[a-z-]+", row)}
    assert named <= set(options(name))


def test_every_link_between_pages_leads_somewhere() -> None:
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md")]
    for page in texts:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "commands").glob("*.md")]:
        assert page.name == "README.md" or f"({page.relative_to(ROOT / 'docs')})" in index, page


REQUIREMENTS = [each for name in rules.builtin() for each in rules.load(name).requirements]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.id)
def test_a_requirements_page_has_everything_and_its_command_asks_for_it(
        requirement: Requirement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    page = (ROOT / "docs" / "requirements" / f"{requirement.id}.md").read_text(encoding="utf-8")
    flat = " ".join(page.split())
    for text in (requirement.title, requirement.why, requirement.fix):
        assert " ".join(text.en.split()) in flat
        assert " ".join(text.de.split()) in flat
    assert requirement.citation.table in page
    assert f"`{requirement.source}`" in page
    assert f"`{requirement.destination}`" in page
    command = requirements.command(requirement)
    assert f"$ {command}\n" in page
    (tmp_path / "fw.cfg").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run([*shlex.split(command)[1:], "--format", "json"]) in (0, 1, 3)
    results = json.loads(capsys.readouterr().out)["results"]
    verdicts = {each["requirement"]: each["verdict"] for each in results}
    assert verdicts[requirement.id] in ("met", "missing", "undecided")
