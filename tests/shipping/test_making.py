"""The Makefile, and the versions of what it installs."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE))


def test_every_target_is_phony_and_help_is_the_first() -> None:
    phony = " ".join(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE))
    assert sorted(phony.split()) == sorted(TARGETS)
    assert re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE)[0] == "help"


def test_help_lists_every_target_that_says_what_it_does() -> None:
    shown = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True,
                           text=True)
    listed = {line.split()[0] for line in shown.stdout.splitlines()}
    assert listed == TARGETS - {"man"}, "man is another name of docs"
    assert all(len(line) <= 110 for line in shown.stdout.splitlines())


def test_every_target_that_a_page_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / ".ci" / "run"]
    command = re.compile(r"(?:^(?:\$ )?|`)make ([a-z]+)", re.MULTILINE)
    named = {name for page in pages for name in command.findall(page.read_text(encoding="utf-8"))}
    assert {"demo", "docs", "messages", "test"} <= named <= TARGETS


def test_every_tool_has_one_version_that_the_project_allows() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    pinned = {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}
    assert len(pinned) == len(lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"],
              *project["optional-dependencies"]["docs"],
              *project["optional-dependencies"]["hive"], *project["optional-dependencies"]["watch"]]
    for text in wanted:
        requirement = Requirement(text)
        if requirement.name != project["name"]:
            assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), text
