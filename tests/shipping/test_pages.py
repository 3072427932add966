"""The pages: those that the program writes, and that what they name is there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest

from aclproof import rules
from aclproof.linter.cli import exits, run
from aclproof.linter.cli.app import COMMANDS, app
from aclproof.rules.pack import Pack, Requirement
from pages import imports, man, pages, requirements, stale
from tests.cli.test_cli import CONFIG
from tests.shipping.markdown import anchors, links

ROOT = Path(__file__).parents[2]

ROOMS = {each.name for each in ROOT.iterdir() if each.is_dir() and each.name not in (".git", ".venv")}
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md")]
SVG = "{http://www.w3.org/2000/svg}"
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
    """Every way to write every option of a command and of those in it, but for help."""
    command = app.get_command(click.Context(app), name)
    assert command
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return [word for one in (command, *inner) for each in one.params if isinstance(each, click.Option)
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
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    for page, text in texts.items():
        for target in links(text):
            if "://" not in target:
                name, _, part = target.partition("#")
                file = (page.parent / name).resolve() if name else page
                assert file.exists(), f"{page.relative_to(ROOT)}: {target}"
                assert not part or part in anchors(texts[file]), f"{page.relative_to(ROOT)}: {target}"


def test_every_page_is_in_the_index() -> None:
    docs = ROOT / "docs"
    index = (docs / "README.md").read_text(encoding="utf-8")
    for page in [*docs.glob("*.md"), *(docs / "commands").glob("*.md"), *(docs / "how-to").glob("*.md")]:
        assert page == docs / "README.md" or f"({page.relative_to(docs)})" in index, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    """Capitals are to be filled in, `aclproof/.../v1` names a schema, a superseded decision is old."""
    text = page.read_text(encoding="utf-8")
    if "superseded by" in text[:500]:
        pytest.skip("superseded: it names what there was")
    for name in re.findall(r"`((?:[\w.-]+/)+[\w.*-]*)`", text):
        if name.split("/")[0] in ROOMS and not re.search(r"\b[A-Z]{4,}\b|^aclproof/[a-z-]+/v\d+$", name):
            assert list(ROOT.glob(name.rstrip("/"))), name


def test_every_decision_is_in_the_index_and_what_the_source_cites_is_there() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    numbers = [file.name[:4] for file in sorted(folder.glob("[0-9]*.md"))]
    assert re.findall(r"^\| \d+ \| \[.+?\]\((\d{4})-[\w-]+\.md\) \|", index, re.MULTILINE) == numbers
    assert len(numbers) == len(set(numbers))
    for room in ("linter", "parsers", "rules", "tests"):
        for file in (ROOT / room).rglob("*.py"):
            cited = re.findall(r"docs/decisions/(\d{4})", file.read_text(encoding="utf-8"))
            assert set(cited) <= set(numbers), file


def test_the_picture_shows_every_room_and_its_arrows_go_down() -> None:
    drawing = ElementTree.parse(ROOT / "docs" / "images" / "rooms.svg").getroot()
    names = {each.text for each in drawing.iter(f"{SVG}text")}
    assert {f"{room}/" for room in ("linter", "parsers", "rules")} < names
    for room in ("linter", "parsers"):
        assert {each.name for each in (ROOT / room).iterdir() if (each / "__init__.py").exists()} < names
    ways = [each.get("d", "") for each in drawing.iter(f"{SVG}path") if "arrow" in each.get("class", "")]
    assert len(ways) > 20
    for way in ways:
        start, end = re.match(r"M\d+ (\d+)", way), re.search(r"(\d+)$", way)
        assert start
        assert end
        assert int(start[1]) < int(end[1])


def test_a_circle_of_imports_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="circle: a, b, c"):
        imports.layers({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    assert imports.reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


REQUIREMENTS = [(pack, each) for pack in map(rules.load, rules.builtin()) for each in pack.requirements]


@pytest.mark.parametrize(("pack", "requirement"), REQUIREMENTS, ids=[each.id for _, each in REQUIREMENTS])
def test_a_requirements_page_has_everything_and_its_command_asks_for_it(
        pack: Pack, requirement: Requirement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: Output) -> None:
    page = (ROOT / "docs" / "requirements" / f"{requirement.id}.md").read_text(encoding="utf-8")
    flat = " ".join(page.split())
    for text in (requirement.title, requirement.why, requirement.fix):
        assert " ".join(text.en.split()) in flat
        assert " ".join(text.de.split()) in flat
    assert requirement.citation.table in page
    assert f"`{requirement.source}`" in page
    assert f"`{requirement.destination}`" in page
    command = requirements.command(pack, requirement)
    assert f"$ {command}\n" in page
    (tmp_path / "fw.cfg").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run([*shlex.split(command)[1:], "--format", "json"]) in (0, 1, 3)
    results = json.loads(capsys.readouterr().out)["results"]
    verdicts = {each["requirement"]: each["verdict"] for each in results}
    assert verdicts[requirement.id] in ("met", "missing", "undecided")
