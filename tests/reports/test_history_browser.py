"""The page of a history in a real browser: structure, contrast, widths, paper, and nothing that loads."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.history.repositories import CONFIG, SITE, SMB, Builder
from tests.reports.browser import CONTRAST, Browser

A4 = 665
"""Pixels that are left between the margins of a sheet."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every tone, long names, a commit that cannot be read, and many commits side by side."""
    folder = tmp_path_factory.mktemp("history")
    build = Builder(folder)
    without, with_time = CONFIG.replace(f"{SMB}\n", ""), CONFIG.replace(SMB, f"{SMB} time-range NIGHT")
    build.commit("begin", {"aclproof.yaml": SITE, "fw.cfg": CONFIG})
    for number in range(60):
        build.commit("word" * 60 if number == 30 else f"{number}: back and forth",
                     {"fw.cfg": without if number % 2 else CONFIG}, author="W" * 90 if number == 31 else "me")
    build.commit("undecided", {"fw.cfg": with_time})
    build.commit("broken", {"aclproof.yaml": "roles: ["})
    build.commit("only one method", {"aclproof.yaml": SITE.replace("client-push, ", "")})
    build.build()
    file = folder / "history.html"
    assert run(["history", str(folder / "aclproof.yaml"), "--as-of", "2026-01-15", "--lang", "en",
                "--format", f"html={file}"]) == 0
    return file


def test_nothing_is_loaded_and_the_console_is_silent(browser: Browser, page: Path) -> None:
    browser.complaints()
    browser.requests()
    browser.show(page)
    assert browser.complaints() == []
    own = [each for each in browser.requests()
           if not each.startswith(("chrome://", "chrome-untrusted://", "data:"))]  # of its first page
    assert own == [page.as_uri()]


def test_the_structure_is_there_for_those_who_cannot_see_it(browser: Browser, page: Path) -> None:
    browser.show(page)
    levels: list[int] = browser.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5')].map(each => +each.tagName[1])")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main"):
        assert browser.run(f"return document.querySelectorAll('body > {landmark}').length") == 1
    for nothing in ("th:not([scope])", "table:not(:has(thead))", "svg:not([role=img])", "svg > title:empty",
                    "svg:not(:has(> title))", "svg:not([aria-labelledby])", "article:not([aria-labelledby])",
                    "section:not([aria-labelledby])", "[role=region]:not([aria-label])",
                    "[role=region]:not([tabindex])", "script"):
        assert browser.run("return document.querySelectorAll(arguments[0]).length", nothing) == 0, nothing
    inner = "[...document.links].filter(a => a.hash)"
    assert browser.run(f"return {inner}.length") > 60
    assert browser.run(f"return {inner}.every(a => document.getElementById(a.hash.slice(1)))")
    assert "undecided from" in browser.run("return document.querySelector('svg > desc').textContent")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(dark: bool, browser: Browser, page: Path) -> None:
    browser.show(page, dark=dark)
    looked, faint = browser.run(CONTRAST)
    assert looked > 100
    assert faint == []


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_page_never_scrolls_sideways(width: int, browser: Browser, page: Path) -> None:
    browser.show(page, width=width)
    assert browser.run("return document.documentElement.scrollWidth") == width


def test_on_paper_the_picture_is_as_wide_as_the_sheet_at_most(browser: Browser, page: Path) -> None:
    browser.show(page, width=A4)
    browser.as_paper(dark=True)
    assert browser.run("return document.querySelector('svg').getBoundingClientRect().width") <= A4
    assert browser.run("return document.documentElement.scrollWidth") <= A4
