"""The ways into CI: the GitHub action, the jobs for GitLab and Azure Pipelines, the hooks for pre-commit."""

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


def outputs_of(runner: Path, **inputs: str) -> tuple[dict[str, str], str]:
    """Run the action's own lines as the runner does; returns its outputs, and what was said."""
    given = {"SITES": "aclproof.yaml", "FORMATS": "text", "SARIF": "", "ARGS": "", **inputs}
    (runner / "output").write_text("")
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("Check")["run"]],
                          cwd=runner / "work", capture_output=True, text=True, check=True,
                          env={**os.environ, "COMMAND": str(runner / "aclproof"),
                               "GITHUB_OUTPUT": str(runner / "output"), **given})
    lines = (runner / "output").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines), done.stdout


def check_step(runner: Path, **inputs: str) -> tuple[int, str]:
    """As `outputs_of`, of the outputs only `exit-code`."""
    outputs, said = outputs_of(runner, **inputs)
    return int(outputs["exit-code"]), said


def make_sites(folder: Path, count: int) -> None:
    """The branch office so many times, below `folder`."""
    for number in range(count):
        shutil.copytree(BRANCH, folder / f"site {number}")


def test_the_action_checks_and_keeps_the_exit_code_for_later_steps(runner: Path) -> None:
    code, out = check_step(runner, FORMATS="text\njson=out.json  ")
    assert code == 1
    assert "Installation method" in out
    assert json.loads((runner / "work" / "out.json").read_text())["schema"] == "aclproof/check/v1"
    summary = runner / "summary.md"
    usual = ACTION["inputs"]["formats"]["default"]
    code, out = check_step(runner, FORMATS=usual, SARIF="out", GITHUB_STEP_SUMMARY=str(summary))
    assert code == 1
    assert "::error " in out
    assert "CM2007-PUSH-SMB" in summary.read_text(encoding="utf-8")
    assert json.loads((runner / "work" / "out" / "aclproof.sarif").read_text())["version"] == "2.1.0"
    args = "--method=software-distribution\n\n--fact=time-range OFFICE-HOURS=active"
    assert check_step(runner, ARGS=args)[0] == 0
    assert check_step(runner, ARGS="--method=software-distribution")[0] == 3
    assert check_step(runner, SITES="absent.yaml")[0] == 2
    without = "branch-asa.cfg\n--client=10.20.0.0/16\n--server=10.1.1.0/24\n--set=mode=mixed\n--format\njson"
    assert '"schema"' in check_step(runner, SITES="", FORMATS="", ARGS=without)[1]


def test_the_action_checks_many_sites_at_once_and_sends_each_sarif_file(runner: Path) -> None:
    make_sites(runner / "work" / "more sites", 24)
    (runner / "work" / "more sites" / "site 7" / "branch-asa.cfg").unlink()
    old = runner / "work" / "sarif folder" / "aclproof-9.sarif"  # of an earlier run
    old.parent.mkdir()
    old.touch()
    outputs, _ = outputs_of(runner, SITES="aclproof.yaml\n\nmore sites/*/aclproof.yaml\nmore sites\n",
                            FORMATS="text github jsonl=out.jsonl", SARIF="sarif folder", ARGS="--jobs=1")
    assert outputs == {"exit-code": "2", "sarif-files": "2"}
    sites = [json.loads(line)["site"] for line in (runner / "work" / "out.jsonl").read_text().splitlines()]
    assert len(sites) == len(set(sites)) == 25
    runs = [run for file in ("aclproof.sarif", "aclproof-2.sarif")
            for run in json.loads((old.parent / file).read_text())["runs"]]
    # upload-sarif aborts where a job sends the same one twice; it compares letters and digits, of upper case
    ids = {re.sub("[^a-zA-Z0-9_]", "_", each["automationDetails"]["id"]).upper() for each in runs}
    assert len(ids) == len(runs) == 25
    assert outputs_of(runner, SITES="absent.yaml", SARIF="sarif folder")[0]["sarif-files"] == "0"


def test_the_action_sends_no_more_than_one_file_at_once() -> None:
    sent = [(each["if"], each["with"]["sarif_file"]) for each in ACTION["runs"]["steps"]
            if "upload-sarif" in each.get("uses", "")]
    names = ["aclproof", *(f"aclproof-{number}" for number in range(2, 6))]
    assert sent == [(f"${{{{ steps.check.outputs.sarif-files >= {number} }}}}",
                     f"${{{{ inputs.sarif }}}}/{name}.sarif") for number, name in enumerate(names, 1)]


def test_what_the_action_uses_is_pinned_to_a_commit_with_its_version() -> None:
    lines = re.findall(r"uses: (.*)", (ROOT / "action.yml").read_text(encoding="utf-8"))
    assert len(lines) > 1
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line) for line in lines)


@pytest.mark.parametrize("name", ["SITES", "FORMATS", "SARIF", "ARGS"])
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
    (["vendor.gitlab-ci", "--data-transform", "gitlab-ci"], "templates/aclproof.gitlab-ci.yml"),
    (["vendor.azure-pipelines", "--data-transform", "azure-pipelines"],
     "templates/aclproof.azure-pipelines.yml")])
def test_the_files_for_ci_keep_their_schemas(schema: list[str], file: str) -> None:
    done = subprocess.run([BIN / "check-jsonschema", "--builtin-schema", *schema, str(ROOT / file)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def gitlab_job(runner: Path, **given: str) -> tuple[int, Mapping[str, Path]]:
    """Run the lines of the job after the installation, in one shell as GitLab does; returns its reports."""
    template = ROOT / "templates" / "aclproof.gitlab-ci.yml"
    job = yaml.safe_load(template.read_text(encoding="utf-8"))["aclproof"]
    [first] = [place for place, line in enumerate(job["script"]) if " install " in line]
    script = "\n".join(job["script"][first + 1:])
    call = script.replace("/tmp/aclproof/bin/aclproof", str(runner / "aclproof"))
    reports = dict(each.split("=") for each in re.findall(r"--format (\w+=\S+)", call))
    assert {reports["gitlab"], reports["junit"]} == set(job["artifacts"]["reports"].values())
    done = subprocess.run(["sh", "-euc", call], cwd=runner / "work", capture_output=True, check=False,
                          env={**os.environ, "ACLPROOF_SITES": "aclproof.yaml", "ACLPROOF_ARGS": "", **given})
    return done.returncode, {form: runner / "work" / file for form, file in reports.items()}


def test_the_job_for_gitlab_calls_check_as_it_is(runner: Path) -> None:
    code, reports = gitlab_job(runner, ACLPROOF_ARGS="--require any")
    assert code == 0
    assert json.loads(reports["gitlab"].read_text())
    assert reports["junit"].read_text().startswith("<?xml")


def test_the_job_for_gitlab_takes_many_sites(runner: Path) -> None:
    """A shell of its own takes `**` for `*`, and would miss the deeper one."""
    for place in ("sites/a", "sites/b/c"):
        shutil.copytree(BRANCH, runner / "work" / place)
    code, reports = gitlab_job(runner, ACLPROOF_SITES="aclproof.yaml sites/**/aclproof.yaml")
    assert code == 1
    junit = reports["junit"].read_text()
    for site in ("aclproof.yaml", "sites/a/aclproof.yaml", "sites/b/c/aclproof.yaml"):
        assert f'name="{site} / ' in junit
    assert '"sites/b/c/branch-asa.cfg"' in reports["gitlab"].read_text()


AZURE = yaml.safe_load((ROOT / "templates" / "aclproof.azure-pipelines.yml").read_text(encoding="utf-8"))
AZURE_STEPS = AZURE["jobs"][0]["steps"]


def azure_job(runner: Path, **parameters: str) -> tuple[int, Path]:
    """Run the step that checks as an agent does, with the parameters in place of their expressions."""
    [check] = [each for each in AZURE_STEPS if each.get("displayName") == "Check"]
    values = {each["name"]: each.get("default") for each in AZURE["parameters"]} | parameters
    macros = {"AclproofCommand": str(runner / "aclproof"), "Agent.TempDirectory": str(runner / "temp")}
    given = {name: re.sub(r"\$\((.*?)\)", lambda macro: macros.get(macro[1], macro[0]),
                          re.sub(r"\$\{\{ parameters\.(\w+) }}", lambda found: str(values[found[1]]), text))
             for name, text in check["env"].items()}
    (runner / "temp").mkdir(exist_ok=True)
    done = subprocess.run(["bash", "--noprofile", "--norc", "-c", check["bash"]], cwd=runner / "work",
                          capture_output=True, check=False, env={**os.environ, **given})
    return done.returncode, runner / "temp"


def test_the_job_for_azure_pipelines_publishes_what_it_writes(runner: Path) -> None:
    make_sites(runner / "work" / "more sites", 2)
    code, temp = azure_job(runner, sites="aclproof.yaml\nmore sites\n", args="--jobs=1\n\n--require=any\n")
    assert code == 0  # any one method is proven; without the argument 1, as for the first site alone
    assert azure_job(runner)[0] == 1
    tests, sarif = (each["inputs"] for each in AZURE_STEPS if each.get("task", "").startswith("Publish"))
    folder = Path(tests["searchFolder"].replace("$(Agent.TempDirectory)", str(temp)))
    assert (folder / tests["testResultsFiles"]).read_text().startswith("<?xml")
    assert sarif["ArtifactName"] == "CodeAnalysisLogs"  # the one that the tab Scans reads
    folder = Path(sarif["PathtoPublish"].replace("$(Agent.TempDirectory)", str(temp)))
    assert [each.name for each in folder.iterdir()] == ["aclproof.sarif"]


def test_no_parameter_of_the_job_for_azure_pipelines_is_ever_run(runner: Path) -> None:
    for each in AZURE_STEPS:
        assert "${{" not in each.get("bash", "")
        assert not re.search(r"\$\(", each.get("bash", ""))  # an agent puts variables in their place
        assert each.get("bash", "set -e").startswith("set -e")  # an agent's shell goes on after an error
    hostile = """$(touch owned)`touch owned` ; touch owned ' ; touch owned ; '" & touch owned\n*"""
    assert azure_job(runner, sites=hostile)[0] == azure_job(runner, args=hostile)[0] == 2
    assert not (runner / "work" / "owned").exists()


HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


def test_the_hook_for_pre_commit_runs_once_for_the_files_that_matter(
        monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    hook = HOOKS["aclproof"]
    assert (hook["pass_filenames"], hook["require_serial"], hook["language"]) == (False, True, "python")
    wanted = [str(each.relative_to(ROOT)) for each in (ROOT / "fixtures" / "sites").rglob("*")
              if each.suffix in (".cfg", ".rules", ".reg") or each.name == "aclproof.yaml"]
    assert len(wanted) > 100
    assert all(re.search(hook["files"], each) for each in wanted)
    assert not any(re.search(hook["files"], each) for each in ("README.md", "a.py", "docs/x.yaml"))
    monkeypatch.chdir(BRANCH)
    assert run(shlex.split(hook["entry"])[1:]) == 1
    assert "BLOCKED" in capsys.readouterr().out


class Repository:
    """A real one with sites; a commit runs the hook for many sites as pre-commit does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        said = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
        return subprocess.run(said, cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def hook(self, command: Path) -> tuple[int, list[str]]:
        """Commit all changes; returns the exit code of the hook, and the sites that it proved."""
        hook = HOOKS["aclproof-sites"]
        assert (hook["pass_filenames"], hook["always_run"], hook["require_serial"]) == (True, True, True)
        self.git("add", "--all")
        # as get_staged_files of pre_commit/git.py has it: what was deleted is left out
        staged = self.git("diff", "--staged", "--name-only", "--no-ext-diff", "--diff-filter=ACMRTUXB", "-z")
        files = [each for each in staged.split("\0") if each and re.search(hook.get("files", ""), each)]
        options = [*hook["args"][:-1], "--format=jsonl", *hook["args"][-1:]]
        done = subprocess.run([str(command), *shlex.split(hook["entry"])[1:], *options, *files],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return done.returncode, [json.loads(line)["site"] for line in done.stdout.splitlines()]


def test_the_hook_for_many_sites_proves_those_that_a_commit_touches(runner: Path) -> None:
    repository, command = Repository(runner / "repository"), runner / "aclproof"
    folder = repository.folder
    for place, source in (("north", "branch"), ("deep/south", "branch"), ("west", "mixed-all-works")):
        shutil.copytree(ROOT / "fixtures" / "sites" / source, folder / place)
    all_sites = ["deep/south/aclproof.yaml", "north/aclproof.yaml", "west/aclproof.yaml"]
    assert repository.hook(command) == (1, all_sites)
    assert repository.hook(command) == (0, [])
    (folder / "README.md").write_text("No site names it.\n")
    (folder / "--allow-undecided").write_text("A file with this name is no option.\n")
    assert repository.hook(command) == (0, [])
    config = folder / "deep" / "south" / "branch-asa.cfg"
    config.write_text(config.read_text().replace(" object-group", "  object-group"))
    assert repository.hook(command) == (1, ["deep/south/aclproof.yaml"])
    site = folder / "west" / "aclproof.yaml"
    site.write_text(site.read_text() + "waivers: accepted.yaml\n")
    waivers = folder / "west" / "accepted.yaml"
    waivers.write_text("waivers: []\n")
    assert repository.hook(command) == (0, ["west/aclproof.yaml"])
    waivers.write_text("# still none\nwaivers: []\n")
    assert repository.hook(command) == (0, ["west/aclproof.yaml"])
    config.unlink()
    assert repository.hook(command) == (2, ["deep/south/aclproof.yaml"])
    shutil.rmtree(config.parent)
    assert repository.hook(command) == (0, [])
