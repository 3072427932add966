"""Completion, requested by the shells themselves."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.linter.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]
SHELLS = ("bash", "zsh", "fish", "powershell")
METHODS = [each.id for each in rules.load("configmgr-2007").methods]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in PATH with a command `aclproof` that runs this tree."""
    command = tmp_path / "bin" / "aclproof"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m aclproof "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(name: str, script: str) -> list[str]:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    quiet = {"bash": ["--norc"], "fish": ["--no-config"]}[name]
    done = subprocess.run([name, *quiet, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@cache
def bash_script() -> str:
    """What `eval "$(aclproof completion bash)"` would run; it is the same on every line."""
    script = ["aclproof", "completion", "bash"]
    return subprocess.run(script, capture_output=True, text=True, check=True).stdout


def in_bash(*words: str) -> list[str]:
    """What Tab offers after the last of these words."""
    quoted = " ".join(f"'{word}'" for word in words)
    return shell("bash", f"""{bash_script()}
COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
_aclproof_completion aclproof
printf '%s\\n' "${{COMPREPLY[@]}}" """)


def test_bash_completes_commands_options_and_words(path: Path) -> None:
    assert in_bash("aclproof", "") == list(COMMANDS)
    assert in_bash("aclproof", "ex") == ["explain"]
    assert in_bash("aclproof", "check", "--allow-u") == ["--allow-undecided"]
    assert in_bash("aclproof", "check", "--method", "") == METHODS
    assert in_bash("aclproof", "check", "x.yaml", "--require", "an") == ["any"]
    assert in_bash("aclproof", "check", "--role", "cl") == ["client="]
    assert in_bash("aclproof", "check", "--set", "mode") == ["mode=mixed", "mode=native"]
    assert in_bash("aclproof", "check", "--pack", "configmgr-2") == ["configmgr-2007", "configmgr-2012"]
    assert in_bash("aclproof", "explain", "CM2007-PUSH-E") == [
        "CM2007-PUSH-ECHO", "CM2007-PUSH-EPM-TCP", "CM2007-PUSH-EPM-UDP"]
    assert in_bash("aclproof", "schema", "si") == ["site"]
    assert "text" in in_bash("aclproof", "check", "--format", "")


def test_words_follow_the_pack_that_stands_on_the_line(path: Path) -> None:
    pack = (ROOT / "rules" / "configmgr-2007.yaml").read_text(encoding="utf-8")
    (path / "own.yaml").write_text(pack.replace("client-push", "remote-push"), encoding="utf-8")
    assert in_bash("aclproof", "check", "--pack", "own.yaml", "--method", "re") == ["remote-push"]
    assert in_bash("aclproof", "check", "--pack", "absent.yaml", "--method", "cl") == ["client-push"]


def test_packs_are_offered_wherever_a_name_finds_them(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(path / "config"))
    for folder, name in (("rules", "own-site"), ("config/aclproof/rules", "own-user")):
        (path / folder).mkdir(parents=True)
        (path / folder / f"{name}.yaml").touch()
    assert in_bash("aclproof", "rules", "") == ["check", "list", "show"]
    assert in_bash("aclproof", "rules", "show", "own") == ["own-site", "own-user"]
    assert in_bash("aclproof", "check", "--pack", "own-s") == ["own-site"]


def test_a_wrong_line_is_completed_without_complaints(path: Path) -> None:
    assert in_bash("aclproof", "chekc", "--meth") == [""]


def test_fish_completes_with_descriptions_and_files(path: Path) -> None:
    offered = shell("fish", 'aclproof completion fish | source; complete -C "aclproof check --method "')
    assert "client-push\tClient push" in offered
    assert len(offered) == len(METHODS)
    (path / "branch.cfg").touch()
    files = shell("fish", 'aclproof completion fish | source; complete -C "aclproof show bra"')
    assert files == ["branch.cfg"]


def test_zsh_completes_when_tab_is_pressed(path: Path) -> None:
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    terminal, its = os.openpty()
    child = subprocess.Popen(["zsh", "-f", "-i"], stdin=its, stdout=its, stderr=its, start_new_session=True,
                             env={**os.environ, "TERM": "dumb", "ZDOTDIR": str(path)})
    os.close(its)
    said = ""

    def type_and_wait(keys: str, expected: str) -> None:
        nonlocal said
        os.write(terminal, keys.encode())
        said = ""
        while expected not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said):
            assert select.select([terminal], [], [], 60)[0], said
            said += os.read(terminal, 65536).decode(errors="replace")

    try:
        type_and_wait("autoload -Uz compinit && compinit -u -D && source <(aclproof completion zsh); "
                      "echo rea''dy\n", "ready")
        type_and_wait("aclproof check --meth\t", "--method")
        type_and_wait("client-\t", "client-push")
        type_and_wait("\x15aclproof explain CM2007-PUSH-R\t", "CM2007-PUSH-RPC")
    finally:
        child.kill()
        child.wait()
        os.close(terminal)


@pytest.mark.parametrize("name", SHELLS)
def test_every_shell_gets_a_script_and_answers(
        name: str, path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["completion", name]) == 0
    script = capsys.readouterr().out
    assert "_ACLPROOF_COMPLETE" in script
    # the whole line in COMP_WORDS; fish gives the word itself, the others its number
    monkeypatch.setenv("COMP_WORDS", "aclproof check --method logon")
    monkeypatch.setenv("COMP_CWORD", "logon" if name == "fish" else "3")
    monkeypatch.setenv("_ACLPROOF_COMPLETE", f"{name}_complete")
    done = subprocess.run(["aclproof"], capture_output=True, text=True, check=True)
    assert "logon-script" in done.stdout
    assert done.stderr == ""


def test_commands_are_offered_without_importing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_WORDS", "aclproof c")
    monkeypatch.setenv("COMP_CWORD", "1")
    monkeypatch.setenv("_ACLPROOF_COMPLETE", "bash_complete")
    program = ("import sys; from aclproof.linter.cli import run; run([]);"
               "print([m.removeprefix('aclproof.') for m in sys.modules"
               " if m.startswith(('aclproof.rules.', 'aclproof.parsers', 'aclproof.linter.cli.'))])")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                          cwd=ROOT)
    offered, imported = done.stdout.rsplit("\n", 2)[:2]
    assert offered.splitlines() == ["plain,check", "plain,completion"]
    assert imported == "['linter.cli.exits', 'linter.cli.language', 'linter.cli.streams', 'linter.cli.app']"


def test_an_unknown_shell_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "tcsh"]) == 2
    assert "bash" in capsys.readouterr().err
