"""Pages are followed as a reader would: their files written, their commands run, what these print compared.

A block with `title="NAME"` is a file. In a block `console` a line that begins with `$ ` is a command for a
shell, and what follows is what it prints, errors too: all of it, where no `...` stands for lines or for a
part of one.

A page begins in an empty folder, or, where it says `<!-- begins after: PAGE#HEADING -->`, with what that page
has made up to the end of that section.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.shipping.markdown import anchor

ROOT = Path(__file__).parents[2]
MISSING = [name for name in ("bash", "git", "ssh-keygen") if not shutil.which(name)]
"""What keeps this machine from following pages."""

CHECKOUT = f'env PYTHONPATH="{ROOT}" "{sys.executable}" -P -m aclproof'
"""The program as it is here."""

_PART = re.compile(r"^```(?P<kind>\w*)(?P<more>[^\n]*)\n(?P<text>.*?)^```$|^#+ (?P<head>[^\n]+)$"
                   r"|^<!-- begins after: (?P<before>\S+) -->$", re.DOTALL | re.MULTILINE)
_EXAMPLE = re.compile(r"^<!-- runs in: (\S+) -->\n```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"(?:.*\\\n)*.*\n")
_MARK = "-- end of a command: "
_NO_FAULT = {0, 1, 3}
"""What commands of aclproof and others return where nothing went wrong."""


class Step(NamedTuple):
    """A command and the lines that the page shows of its output; or a file to write, without a command."""

    name: str
    """The command, or the file's name."""
    text: str
    """What it prints, or what is in it."""
    is_file: bool


def steps(page: Path, until: str = "") -> Iterator[Step]:
    """The steps of a page and of the one that it begins after, up to the end of a section."""
    yield from steps_in(page.read_text(encoding="utf-8"), page.parent, until)


def steps_in(text: str, folder: Path, until: str = "") -> Iterator[Step]:
    """The steps of a text whose links are seen from the folder."""
    heads = ""
    for part in _PART.finditer(text):
        if part["before"]:
            before, _, section = part["before"].partition("#")
            yield from steps(folder / before, section)
        elif part["head"]:
            if until and heads == until:
                return
            heads = anchor(part["head"])
        elif title := re.search(r'title="(.+?)"', part["more"]):
            yield Step(title[1], part["text"], True)
        elif part["kind"] == "console":
            yield from _commands(part["text"])


def blocks(text: str) -> Iterator[Step]:
    """Every command of a text."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield from _commands(block)


def examples(page: Path) -> Iterator[tuple[str, list[Step]]]:
    """The blocks of a page below `<!-- runs in: FOLDER -->`: on a copy of a folder of the repository."""
    for folder, block in _EXAMPLE.findall(page.read_text(encoding="utf-8")):
        yield folder, list(_commands(block))


def follow(folder: Path, wanted: Iterable[Step], *, compare: bool = True, program: str = CHECKOUT) -> None:
    """Do steps in the folder, in one shell; AssertionError says what fails or prints something else.

    `program` is what the shell runs for `aclproof`.
    """
    steps = [*wanted]
    shell = subprocess.Popen(["bash", "--noprofile", "--norc"], cwd=folder, env=_environment(folder, program),
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             encoding="utf-8")
    with shell:
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            if step.is_file:
                file = folder / step.name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(step.text, encoding="utf-8")
                continue
            said, code = _done(shell, step.name)
            shown = after is not None and after.name == "echo $?"
            assert shown or code in _NO_FAULT, f"$ {step.name}\n{said}exit code {code}"
            if compare and not _like(step.text).fullmatch(said):
                raise AssertionError(f"$ {step.name}\n{said}{_otherwise(step.text, said)}")


def _done(shell: subprocess.Popen[str], command: str) -> tuple[str, int]:
    """Carry out a command; returns what it printed and its exit code."""
    assert shell.stdin
    assert shell.stdout
    shell.stdin.write(f'{{ {command}\n}} < /dev/null; code=$?; echo "{_MARK}$code"; (exit $code)\n')
    shell.stdin.flush()
    said = ""
    for line in shell.stdout:
        before, mark, code = line.partition(_MARK)
        said += before
        if mark:
            return said, int(code)
    raise AssertionError(f"the shell ended:\n{said}")


def _commands(block: str) -> Iterator[Step]:
    for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        found = _COMMAND.match(each)
        assert found
        yield Step(found[0].rstrip("\n"), each[found.end():], False)


def _like(shown: str) -> re.Pattern[str]:
    lines = ["(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n"
             for line in shown.splitlines()]
    return re.compile("".join(lines))


def _otherwise(shown: str, said: str) -> str:
    """Where a page goes wrong: at the first line up to which the output is not as shown."""
    lines = shown.splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        if not _like("".join(lines[:count])).match(said):
            return f"the page shows: {lines[count - 1]}"
    return "the page shows nothing more"


def _environment(folder: Path, program: str) -> dict[str, str]:
    """No language, name or setting of whoever runs the tests counts."""
    programs = folder.with_name(f"{folder.name}-programs")
    programs.mkdir(exist_ok=True)
    command = programs / "aclproof"
    command.write_text(f'#!/bin/sh\nexec {program} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    git = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Anna"), ("EMAIL", "anna@example.com"))}
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
            "HOME": str(programs), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main", **git}
