"""The project's own workflows: what runs in them is fixed, and they may do no more than they need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipping.single_file import EVERYWHERE
from tests.shipping.conftest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
USERS = [*WORKFLOWS, ROOT / "action.yml", ROOT / "docs" / "ci.md"]
BIN = Path(sys.executable).parent


def read(file: Path) -> Any:
    """BaseLoader: `on` is a word in GitHub's YAML."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def assert_content(tool: str, *arguments: str | Path) -> None:
    done = subprocess.run([BIN / tool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("schema", "file"), [
    *(("github-workflows", each) for each in WORKFLOWS), ("dependabot", GITHUB / "dependabot.yml")],
    ids=lambda each: getattr(each, "name", each))
def test_they_are_what_github_takes(schema: str, file: Path) -> None:
    assert_content("check-jsonschema", "--builtin-schema", f"vendor.{schema}", file)


def test_an_auditor_of_workflows_finds_nothing() -> None:
    assert_content("zizmor", "--offline", "--persona", "auditor", GITHUB, ROOT / "action.yml")


@pytest.mark.parametrize("file", USERS, ids=lambda each: each.name)
def test_actions_are_named_by_commit_and_version(file: Path) -> None:
    pinned = re.compile(r"[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+|OWNER/aclproof@COMMIT")
    for used in re.findall(r"uses: ([\w-]+/.*)", file.read_text(encoding="utf-8")):
        assert pinned.fullmatch(used), used


def test_one_action_has_one_version() -> None:
    found: dict[str, set[str]] = {}
    for file in USERS:
        text = file.read_text(encoding="utf-8")
        for action, commit in re.findall(r"uses: ([\w-]+/[\w.-]+)\S*@([0-9a-f]{40})", text):
            found.setdefault(action, set()).add(commit)
    assert found
    assert not {action: commits for action, commits in found.items() if len(commits) > 1}


def test_every_python_of_the_metadata_is_tested_and_in_the_single_file() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    said = set(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project))
    jobs = read(GITHUB / "workflows" / "test.yml")["jobs"]
    tested = {*jobs["pythons"]["strategy"]["matrix"]["python"],
              *(step["with"]["python-version"] for step in jobs["gate"]["steps"] if "with" in step
                and "python-version" in step["with"])}
    assert tested == said == {each.python for each in EVERYWHERE}


def test_the_folders_that_windows_tests_are_there() -> None:
    steps = read(GITHUB / "workflows" / "test.yml")["jobs"]["windows"]["steps"]
    [command] = (step["run"] for step in steps if step.get("name") == "What needs no Unix")
    named = re.findall(r"tests/\S+", command)
    assert named
    assert not [each for each in named if not (ROOT / each).exists()]


def test_only_the_jobs_that_publish_may_write() -> None:
    may: dict[str, list[str]] = {}
    for file in WORKFLOWS:
        workflow = read(file)
        assert workflow["permissions"] == {}
        for name, job in workflow["jobs"].items():
            for scope, right in job["permissions"].items():
                if right == "write":
                    may[f"{file.name} {name} {scope}"] = [step.get("uses", "") for step in job["steps"]]
    assert set(may) == {"release.yml attest id-token", "release.yml attest attestations",
                        "release.yml index id-token", "release.yml files contents",
                        "release.yml pages pages", "release.yml pages id-token"}
    assert "actions/checkout" not in str(may)  # none of them runs our code


def test_only_a_tag_publishes() -> None:
    """The tag is the version, what is published is what was built, and nothing of it is there before."""
    workflow = read(GITHUB / "workflows" / "release.yml")
    assert workflow["on"] == {"push": {"tags": ["v*"]}}
    assert {name: job.get("needs", []) for name, job in workflow["jobs"].items()} == {
        "build": [], "site": [], "attest": ["build", "site"], "index": "attest", "files": "index",
        "pages": "files"}
    others = "".join(each.read_text(encoding="utf-8") for each in WORKFLOWS if each.name != "release.yml")
    assert not re.search("deploy-pages|pypi-publish|gh release", others)
