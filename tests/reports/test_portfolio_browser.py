"""The portfolio in a real browser: it searches, sorts and filters by keyboard, is quick, loads nothing."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.reports.browser import CONTRAST, Browser
from tests.reports.many_sites import audited, outcomes, portfolio, save
from tests.reports.samples import HOSTILE
from tests.reports.test_portfolio import hostile

SAMPLES = {"none": (), "forty": tuple(outcomes(40)), "hostile": tuple(audited(hostile(), HOSTILE)),
           "audited": tuple(audited(outcomes(40)))}

every_page = pytest.mark.parametrize("name", SAMPLES)

SHOWN = """return [...document.querySelectorAll('.heat tbody tr')].filter(row => !row.hidden)
    .map(row => row.querySelector('a').innerText)"""
STATUS = "return document.getElementById('shown').innerText"
ENTER, SPACE, TAB = "\ue007", " ", "\ue004"
A4 = 665
"""Pixels that are left between the margins of a sheet."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: save(tmp_path_factory.mktemp("portfolio"), portfolio(some))
            for name, some in SAMPLES.items()}


@every_page
def test_nothing_is_loaded_and_the_console_is_silent(
        name: str, browser: Browser, pages: dict[str, Path]) -> None:
    browser.complaints()
    browser.requests()
    browser.show(pages[name])
    assert browser.complaints() == []
    own = [each for each in browser.requests()
           if not each.startswith(("chrome://", "chrome-untrusted://", "data:"))]  # of its first page
    assert own == [pages[name].as_uri()]
    assert browser.run("return document.getElementById('tools').checkVisibility()")
    assert browser.run("return document.title").startswith("Firewall audit of")


@every_page
def test_the_structure_is_there_for_those_who_cannot_see_it(
        name: str, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name])
    levels: list[int] = browser.run(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5')].map(each => +each.tagName[1])")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main"):
        assert browser.run(f"return document.querySelectorAll('body > {landmark}').length") == 1
    for nothing in ("th:not([scope])", "table:not(:has(thead))", "section:not([aria-labelledby])", "[id='']",
                    "[role=region]:not([aria-label])", "[role=region]:not([tabindex])", "button:empty",
                    "input:not(label input)"):
        assert browser.run("return document.querySelectorAll(arguments[0]).length", nothing) == 0, nothing
    inner = "[...document.links].filter(a => a.hash)"
    assert browser.run(f"return {inner}.every(a => document.getElementById(a.hash.slice(1)))")


@every_page
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(name: str, dark: bool, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], dark=dark)
    looked, faint = browser.run(CONTRAST)
    assert looked > 10
    assert faint == []


@every_page
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_page_never_scrolls_sideways(
        name: str, width: int, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], width=width)
    assert browser.run("return document.documentElement.scrollWidth") == width


def test_a_search_finds_every_word_in_names_and_problems(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    assert len(browser.run(SHOWN)) == 40
    browser.press("#search", "BERLIN 3")
    assert browser.run(SHOWN) == ["sites/Berlin/0031"]
    assert browser.run(STATUS) == "1 of 40 sites"
    browser.run("search.value = ''")
    browser.press("#search", "mixd")
    assert browser.run(SHOWN) == ["sites/Köln/0037", "sites/München/0018"]


def test_verdicts_are_filters(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    browser.press("#tools [value='4']", SPACE)
    assert browser.run(SHOWN) == ["sites/Köln/0037", "sites/München/0018"]
    browser.press("#tools [value='0']", SPACE)
    every = browser.run(SHOWN)
    assert set(every[2:]) == {
        f"sites/{town}/{number:04}" for number in (0, 4, 8, 12, 16, 20, 24, 28, 32, 36)
        for town in [{0: "Aachen", 2: "Bonn", 4: "Erfurt", 6: "Hamburg", 8: "München"}[number % 10]]}


def test_a_cause_shows_its_sites_only(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    link = "[data-cause]:has(+ figure .at:first-child)"
    assert browser.run("return document.querySelector(arguments[0]).innerText", link) == "1 site"
    browser.press(link, ENTER)
    assert browser.run(SHOWN) == ["sites/Berlin/0001"]
    said = "conf/asa-01.cfg:301 asa-01 access-list BRANCH-IN"
    assert said in browser.run("return document.getElementById('because').innerText")
    assert browser.run("return location.hash") == "#sites"
    browser.press("#because button", ENTER)
    assert len(browser.run(SHOWN)) == 40


def test_a_step_shows_its_sites_whatever_was_chosen_before(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    browser.press("#search", "berlin")
    browser.press("#tools [value='0']", SPACE)
    browser.press("nav [data-end='4']", ENTER)
    assert browser.run(SHOWN) == ["sites/Köln/0037", "sites/München/0018"]
    browser.press("nav [data-cause='0']", ENTER)
    assert browser.run(SHOWN) == ["sites/Berlin/0001"]
    browser.press("header [data-end='4']", ENTER)
    assert browser.run(SHOWN) == ["sites/Köln/0037", "sites/München/0018"]


def test_a_heading_sorts_and_turns_the_order_round(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    browser.press(".heat th:nth-child(1) button", ENTER)
    first = browser.run(SHOWN)
    assert first == sorted(first, key=lambda name: name.replace("ö", "o").replace("ü", "u"))
    browser.press(".heat th:nth-child(1) button", ENTER)
    assert browser.run(SHOWN) == first[::-1]
    assert browser.run("return document.querySelector('.heat th').ariaSort") == "descending"
    browser.press(".heat th:nth-child(3) button", ENTER)
    marks = browser.run("""return [...document.querySelectorAll('.heat tbody tr')]
        .map(row => row.cells[2]?.className ?? "problem")""")
    assert [each for number, each in enumerate(marks) if number == 0 or marks[number - 1] != each] == [
        "bad", "open", "good", "problem"]
    assert browser.run("return document.querySelectorAll('.heat [aria-sort]').length") == 1


def test_everything_is_reached_from_the_keyboard(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["forty"])
    seen = set()
    browser.run("document.activeElement.blur()")
    for _ in range(80):
        browser.press(":focus, body:not(:has(:focus))", TAB)
        seen.add(browser.run("return document.activeElement.id || document.activeElement.localName"))
        assert browser.run("const s = getComputedStyle(document.activeElement);"
                           "return s.outlineStyle !== 'none' || document.activeElement === document.body")
    assert {"a", "search", "input", "button"} <= seen


def test_without_a_script_the_page_has_everything_and_no_dead_control(
        browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    text = pages["forty"].read_text(encoding="utf-8")
    page.write_text(text.replace("script-src 'sha256-", "script-src 'sha256-x"), encoding="utf-8")
    browser.show(page)
    assert len(browser.run(SHOWN)) == 40
    assert browser.run("""return [...document.querySelectorAll('input, button')]
        .filter(each => each.checkVisibility()).length""") == 0
    browser.complaints()


@every_page
def test_nothing_is_cut_at_the_edge_of_the_paper(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], width=A4)
    browser.as_paper(dark=False)
    outside = """return [...document.querySelectorAll('body *')]
        .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('.unseen-text'))
        .map(each => each.outerHTML.slice(0, 200))"""
    assert browser.run(outside) == []
    assert not browser.run("return document.getElementById('tools').checkVisibility()")


def test_the_head_of_the_table_is_on_every_sheet(browser: Browser, tmp_path: Path) -> None:
    browser.show(save(tmp_path, portfolio(tuple(outcomes(150)))))
    (tmp_path / "index.pdf").write_bytes(browser.pdf())
    printed = subprocess.run(["pdftotext", "-layout", str(tmp_path / "index.pdf"), "-"], check=True,
                             capture_output=True, text=True).stdout
    sheets = [each for each in printed.split("\f") if re.search("^sites/", each, re.M)]
    assert len(sheets) > 2
    assert all(re.search(r"^Site +Verdict", each, re.M) for each in sheets)
    assert sum(each.count("something missing") for each in sheets) > 90


def test_2000_sites_take_a_browser_less_than_3_seconds(browser: Browser, tmp_path: Path) -> None:
    """Of its processor: what else a machine does at the time is not the page's."""
    index = save(tmp_path, {"index.html": portfolio(tuple(outcomes(2000)))["index.html"]})
    browser.complaints()
    assert browser.work(index) < 3
    assert browser.run("return document.querySelectorAll('.heat tbody tr').length") == 2000
    begin = browser.run("return performance.now()")
    browser.press("#search", "köln 199")
    assert browser.run(SHOWN) == ["sites/Köln/1997"]
    assert browser.run("return performance.now()") - begin < 5000
    assert browser.complaints() == []
