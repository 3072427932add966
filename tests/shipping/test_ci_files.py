"""The ways into CI: the GitHub action, the GitLab job, the hook for pre-commit."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "fixtures" / "sites" / "branch"
BIN = Path(sys.executable).parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

Output = pytest.CaptureFixture[str]


def step(name: str) -> Mapping[str, Any]:
    [found] = [each for each in ACTION["runs"]["steps"] if each.get("name") == name]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    shutil.copytree(BRANCH, tmp_path / "work")
    command = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m aclproof "$@"\n'
    (tmp_path / "aclproof").write_text(command)
    (tmp_path / "aclproof").chmod(0o755)
    return tmp_path


def check_step(runner: Path, **inputs: str) -> tuple[int, str, str]:
    """Run the action's own lines as the runner does; returns its output `exit-code`, and what was said."""
    given = {"SITE": "aclproof.yaml", "FORMATS": "text", "SARIF": "", "ARGS": "", **inputs}
    (runner / "output").write_text("")
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Check")["run"]],
                          cwd=runner / "work", capture_output=True, text=True, check=True,
                          env={**os.environ, "COMMAND": str(runner / "aclproof"),
                               "GITHUB_OUTPUT": str(runner / "output"), **given})
    [line] = (runner / "output").read_text().splitlines()
    return int(line.removeprefix("exit-code=")), done.stdout, done.stderr


def test_the_action_checks_and_keeps_the_exit_code_for_later_steps(runner: Path) -> None:
    code, out, _ = check_step(runner, FORMATS="text\njson=out.json  ")
    assert code == 1
    assert "Installation method" in out
    assert json.loads((runner / "work" / "out.json").read_text())["schema"] == "aclproof/check/v1"
    summary = runner / "summary.md"
    usual = ACTION["inputs"]["formats"]["default"]
    code, out, _ = check_step(runner, FORMATS=usual, SARIF="out.sarif", GITHUB_STEP_SUMMARY=str(summary))
    assert code == 1
    assert "::error " in out
    assert "CM2007-PUSH-SMB" in summary.read_text(encoding="utf-8")
    assert json.loads((runner / "work" / "out.sarif").read_text())["version"] == "2.1.0"
    args = "--method=software-distribution\n\n--fact=time-range OFFICE-HOURS=active"
    assert check_step(runner, ARGS=args)[0] == 0
    assert check_step(runner, ARGS="--method=software-distribution")[0] == 3
    assert check_step(runner, SITE="absent.yaml")[0] == 2
    without = "branch-asa.cfg\n--client=10.20.0.0/16\n--server=10.1.1.0/24\n--set=mode=mixed\n--format\njson"
    assert '"schema"' in check_step(runner, SITE="", FORMATS="", ARGS=without)[1]


@pytest.mark.parametrize("name", ["SITE", "FORMATS", "SARIF", "ARGS"])
def test_no_input_of_the_action_is_ever_run(runner: Path, name: str) -> None:
    hostile = """$(touch owned)`touch owned` ; touch owned ' ; touch owned ; '" & touch owned\n*"""
    assert check_step(runner, **{name: hostile})[0] == (1 if name == "SARIF" else 2)  # a file's name is free
    assert not (runner / "work" / "owned").exists()


def test_scripts_of_the_action_take_inputs_from_the_environment_only() -> None:
    for each in ACTION["runs"]["steps"]:
        assert "${{" not in each.get("run", "")
        assert each.get("shell") == "bash" or "uses" in each


@pytest.mark.parametrize(("schema", "file"), [
    (["vendor.github-actions"], "action.yml"),
    (["vendor.gitlab-ci", "--data-transform", "gitlab-ci"], "templates/aclproof.gitlab-ci.yml")])
def test_the_files_for_ci_keep_their_schemas(schema: list[str], file: str) -> None:
    done = subprocess.run([BIN / "check-jsonschema", "--builtin-schema", *schema, str(ROOT / file)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_job_for_gitlab_calls_check_as_it_is(runner: Path) -> None:
    template = ROOT / "templates" / "aclproof.gitlab-ci.yml"
    job = yaml.safe_load(template.read_text(encoding="utf-8"))["aclproof"]
    call = job["script"][-1].replace("/tmp/aclproof/bin/aclproof", str(runner / "aclproof"))
    reports = dict(each.split("=") for each in re.findall(r"--format (\w+=\S+)", call))
    assert {reports["gitlab"], reports["junit"]} == set(job["artifacts"]["reports"].values())
    given = {"ACLPROOF_SITE": "aclproof.yaml", "ACLPROOF_ARGS": "--require any"}
    done = subprocess.run(["sh", "-euc", call], cwd=runner / "work", capture_output=True, check=False,
                          env={**os.environ, **given})
    assert done.returncode == 0, done.stderr
    assert json.loads((runner / "work" / reports["gitlab"]).read_text())
    assert (runner / "work" / reports["junit"]).read_text().startswith("<?xml")


def test_the_hook_for_pre_commit_runs_once_for_the_files_that_matter(
        monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["pass_filenames"], hook["require_serial"], hook["language"]) == (False, True, "python")
    wanted = [str(each.relative_to(ROOT)) for each in (ROOT / "fixtures" / "sites").rglob("*")
              if each.suffix in (".cfg", ".rules", ".reg") or each.name == "aclproof.yaml"]
    assert len(wanted) > 100
    assert all(re.search(hook["files"], each) for each in wanted)
    assert not any(re.search(hook["files"], each) for each in ("README.md", "a.py", "docs/x.yaml"))
    monkeypatch.chdir(BRANCH)
    assert run(shlex.split(hook["entry"])[1:]) == 1
    assert "BLOCKED" in capsys.readouterr().out
