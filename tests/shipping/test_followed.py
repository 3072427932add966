"""The tutorial and the how-to guides are followed to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shipping import console

DOCS = console.ROOT / "docs"
FOLLOWED = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("[a-z]*.md"))]


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
