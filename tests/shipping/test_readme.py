"""What README's 'Use it' shows is what the program does: its commands are run, its lines looked for."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "fixtures" / "sites" / "branch"


def steps() -> list[tuple[str, list[str]]]:
    """The commands of 'Use it' on the bundled branch office, each with the lines that follow it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    part = text.partition("## Use it")[2].partition("Without a site file:")[0]
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", part, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = step.rstrip("\n").split("\n")
            found.append((command, lines))
    return found


def test_the_first_steps_are_as_printed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "branch-asa.cfg").write_bytes((BRANCH / "branch-asa.cfg").read_bytes())
    monkeypatch.chdir(tmp_path)
    for command, lines in steps():
        words = shlex.split(command, comments=True)
        target = words[words.index(">") + 1] if ">" in words else ""
        if words[0] == "cat":
            shown = Path(words[1]).read_text(encoding="utf-8")
        else:
            assert words[0] == "aclproof"
            code = run(words[1:words.index(">")] if target else words[1:])
            out, err = capsys.readouterr()
            assert code in (0, 1), err
            shown = err + out
        if target:
            Path(target).write_text(shown, encoding="utf-8")
        rest = shown.splitlines()
        for line in lines:
            if line != "...":
                assert line in rest, f"{command} does not print: {line}"
                rest = rest[rest.index(line) + 1:]
    site = Path("aclproof.yaml").read_text(encoding="utf-8").splitlines()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"```yaml\n(settings:.*?)```", readme, re.DOTALL)
    assert excerpt
    for line in excerpt[1].splitlines():
        assert line in site
