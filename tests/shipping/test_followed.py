"""The tutorial and the how-to guides are followed to the letter."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import click
import pytest

from aclproof.linter.cli.app import COMMANDS, app
from shipping import single_file
from tests.shipping import console
from tests.shipping.conftest import Packages

DOCS = console.ROOT / "docs"
FOLLOWED = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("[a-z]*.md"))]
PAGES = [console.ROOT / "README.md",
         *sorted({*DOCS.glob("*.md"), *(DOCS / "commands").glob("*.md")} - {*FOLLOWED})]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
ELSEWHERE = {
    "check.md": "tests/cli/test_watching.py",  # a command that does not end
    "languages.md": "tests/language/test_catalogue.py",  # a source with something to translate
    "write-a-pack.md": "tests/rules/test_guide.py",  # a file that grows from block to block
}
"""Pages of which another test compares an output, as a shell cannot print it."""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder, where there is a shell to work in."""
    if console.MISSING:
        pytest.skip(f"not installed: {', '.join(console.MISSING)}")
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_every_command_of_a_guide_prints_what_the_guide_says(page: Path, here: Path) -> None:
    steps = list(console.steps(page))
    assert [each for each in steps if not each.is_file and each.text]
    console.follow(here, steps)


@pytest.mark.parametrize("released", ["wheel", "single file"])
def test_the_tutorial_can_be_followed_with_what_is_released(
        released: str, packages: Packages, here: Path, tmp_path: Path) -> None:
    program = f'"{packages.environment / "bin" / "aclproof"}"'
    if released == "single file":
        program = f'"{sys.executable}" "{single_file.build(packages.wheel, tmp_path, single_file.here())}"'
    console.follow(here, console.steps(DOCS / "tutorial.md"), program=program)


EXAMPLES = [(page, number) for page in PAGES for number in range(len(list(console.examples(page))))]


@pytest.mark.parametrize(("page", "number"), EXAMPLES, ids=lambda each: getattr(each, "stem", str(each)))
def test_an_example_prints_what_the_page_says(page: Path, number: int, here: Path) -> None:
    folder, steps = list(console.examples(page))[number]
    shutil.copytree(console.ROOT / folder, here, dirs_exist_ok=True)
    console.follow(here, steps)


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_every_output_on_a_page_is_compared(page: Path) -> None:
    done = {step.name for _, steps in console.examples(page) for step in steps}
    shown = [each.name for each in console.blocks(page.read_text(encoding="utf-8"))
             if each.text and each.name not in done]
    assert bool(shown) == (page.name in ELSEWHERE), shown
    if shown:
        assert page.name in (console.ROOT / ELSEWHERE[page.name]).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES, *FOLLOWED], ids=lambda page: page.stem)
def test_every_command_on_a_page_is_understood(page: Path) -> None:
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            for call in re.split(r"&&|;|\|(?![A-Z])|(?<= )>>? ", line.removeprefix("$ ")):
                words = shlex.split(call, comments=True) if call.strip().startswith("aclproof ") else []
                if words and words[1] in COMMANDS:
                    understood(words[1:])


def understood(words: list[str]) -> None:
    """Options and arguments are those of a command; what they name need not be there."""
    command: click.Command | None = app
    context = click.Context(app, **app.context_settings)
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(context, name)
        assert command
        context = click.Context(command, parent=context, **command.context_settings)  # else it forgets -h
    assert command
    _, too_many, _ = command.make_parser(context).parse_args(words)
    assert too_many == []


def test_a_command_that_does_not_exist_is_found() -> None:
    with pytest.raises(click.NoSuchOption):
        understood(["check", "--no-such-option"])
    with pytest.raises(AssertionError):
        understood(["completion", "zsh", "fish"])


def test_the_commands_of_the_german_page_work(here: Path) -> None:
    """On the files of the tutorial; the page does not show what they print."""
    files = [each for each in console.steps(DOCS / "tutorial.md") if each.is_file]
    commands = list(console.steps(DOCS / "de" / "README.md"))
    assert len(commands) == 5
    console.follow(here, [*files, *commands], compare=False)
    assert (here / "bericht.html").exists()


PAGE = """# A page

```text title="a/greeting.txt"
hello
you
```

```console
$ cat a/greeting.txt
{shown}
$ false; echo $?
1
```
"""


@pytest.mark.parametrize("shown", ["hello\nyou", "...\nyou", "hello\n...", "h...\nyo...u", "hello\nyou\n..."])
def test_dots_stand_for_what_is_left_out(shown: str, here: Path) -> None:
    console.follow(here, console.steps_in(PAGE.format(shown=shown), here))


@pytest.mark.parametrize(("shown", "wrong"), [
    ("hello\nthey", "they"), ("hello", "nothing more"), ("you\nhello", "you"), ("", "nothing more"),
    ("hello\n...\nyou\nyou", "you")])
def test_what_is_not_printed_is_found(shown: str, wrong: str, here: Path) -> None:
    page = PAGE.format(shown=shown).replace("\n\n$ false", "\n$ false")
    with pytest.raises(AssertionError, match=rf"\$ cat a/greeting.txt\nhello\nyou\nthe page shows:? {wrong}"):
        console.follow(here, console.steps_in(page, here))


def test_a_command_that_fails_is_found_unless_the_page_says_so(here: Path) -> None:
    page = "```console\n$ (exit 2)\n```\n"
    with pytest.raises(AssertionError, match="exit code 2"):
        console.follow(here, console.steps_in(page, here))
    with pytest.raises(AssertionError, match="the shell ended"):
        console.follow(here, console.steps_in("```console\n$ exit 0\n```\n", here))


def test_a_page_begins_where_another_ends_a_section(here: Path) -> None:
    first = "# One, two!\n```console\n$ touch one\n```\n## More\n```console\n$ touch more\n```\n"
    (here / "first.md").write_text(first)
    page = "<!-- begins after: first.md#one-two -->\n```console\n$ ls one more first.md\none\n...\n```"
    assert [each.name for each in console.steps_in(page, here)] == ["touch one", "ls one more first.md"]
