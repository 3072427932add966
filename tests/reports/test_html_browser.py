"""The audit report in a real browser: structure, contrast, widths, paper, and nothing that runs or loads."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from aclproof.linter.reports import html
from aclproof.linter.reports.language.language import Language
from aclproof.linter.result import Result
from tests.reports.browser import CONTRAST, Browser
from tests.reports.large_site import large
from tests.reports.samples import everything, hostile, huge, result_of

TONES = ("good", "bad", "open", "waived", "unseen", "quiet")
SAMPLES: dict[str, Callable[[], Result]] = {
    "everything": everything, "hostile": lambda: hostile(everything()), "huge": huge,
    "13 firewalls": lambda: large(13),
    **{name: partial(result_of, name) for name in (
        "windows-three-vendors", "path-five-hops", "unread-rule", "nat-published-mapped-behind",
        "path-beside-the-clients")}}

every_page = pytest.mark.parametrize("name", SAMPLES)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name, sample in SAMPLES.items():
        (folder / f"{name}.html").write_text(html.render(sample()), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in SAMPLES}


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
    for nothing in ("th:not([scope])", "table:not(:has(thead))", "svg:not([role=img])", "svg > title:empty",
                    "svg:not(:has(> title))", "svg:not([aria-labelledby])", "article:not([aria-labelledby])",
                    "section:not([aria-labelledby])", "[role=region]:not([aria-label])",
                    "[role=region]:not([tabindex])"):
        assert browser.run("return document.querySelectorAll(arguments[0]).length", nothing) == 0, nothing
    inner = "[...document.links].filter(a => a.hash)"
    assert browser.run(f"return {inner}.length") > 10
    assert browser.run(f"return {inner}.every(a => document.getElementById(a.hash.slice(1)))")
    assert browser.run("return document.documentElement.lang") == "en"


@every_page
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read(name: str, dark: bool, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], dark=dark)
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    looked, faint = browser.run(CONTRAST)
    assert looked > 100
    assert faint == []


@every_page
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_the_page_never_scrolls_sideways(
        name: str, width: int, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], width=width)
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.run("return document.documentElement.scrollWidth") == width
    outside = """return [...document.querySelectorAll('main *, header *')]
        .filter(each => !each.closest('.wide') && each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => each.outerHTML)"""
    assert browser.run(outside) == []


@every_page
def test_nothing_runs_and_nothing_is_loaded(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    browser.complaints()
    browser.requests()
    browser.show(pages[name])
    assert browser.complaints() == []
    assert [each for each in browser.requests() if not each.startswith("data:")] == [pages[name].as_uri()]
    assert browser.run("return document.querySelectorAll('script,img,iframe,object,link,form').length") == 0
    assert browser.run("return document.title").startswith("Firewall audit report")
    assert browser.run("""return [...document.querySelectorAll('*')].filter(each =>
        each.getAttributeNames().some(name => name.startsWith('on'))).length""") == 0


def test_the_check_for_complaints_can_fail(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\"><img src='x.png'>"
        "<p style='color: #aaa'>grey on white</p>", encoding="utf-8")
    browser.complaints()
    browser.show(tmp_path / "page.html")
    assert browser.complaints()
    assert browser.run(CONTRAST)[1]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_heat_map_speaks_to_every_eye(dark: bool, browser: Browser, pages: dict[str, Path]) -> None:
    """Simulated after Machado, Oliveira and Fernandes (2009), distances in Oklab (Ottosson 2020)."""
    browser.show(pages["everything"], dark=dark)
    read = "return getComputedStyle(document.querySelector('.legend .key.' + arguments[0])).backgroundColor"
    colours = {tone: _linear(browser.run(read, tone)) for tone in TONES}
    for kind, matrix in _EYES.items():
        seen = {tone: _oklab([sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix])
                for tone, colour in colours.items()}
        for one, other in combinations(TONES, 2):
            apart = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
            assert apart > 0.08, f"{kind}: {one} and {other}"
    keys = "[...document.querySelectorAll('#coverage .legend .key')]"
    shapes = browser.run(f"return {keys}.map(key => key.innerText)")
    assert len(set(shapes)) == len(shapes)


_EYES = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900))}


def _linear(colour: str) -> list[float]:
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _oklab(rgb: list[float]) -> list[float]:
    r, g, b = (max(part, 0) for part in rgb)
    cones = [(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
             (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
             (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)]
    lab = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
           (0.0259040371, 0.7827717662, -0.8086757660))
    return [sum(a * b for a, b in zip(row, cones, strict=True)) for row in lab]


@pytest.mark.parametrize("name", ["everything", "windows-three-vendors", "huge"])
def test_paper_is_a4_and_no_heading_stands_alone(
        name: str, browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    browser.show(pages[name], dark=True)
    headings = {"".join(each.split()) for each in browser.run(
        "return [...document.querySelectorAll('h2,h3,h4,figcaption')].map(each => each.innerText)")}
    (tmp_path / "report.pdf").write_bytes(browser.pdf())
    paper = str(tmp_path / "report.pdf")
    about, printed = (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for command in (["pdfinfo", paper], ["pdftotext", "-layout", paper, "-"]))
    assert re.search(r"Page size: .*\(A4\)", about)
    sheets = [[line.strip() for line in sheet.splitlines() if line.strip()]
              for sheet in printed.split("\f")[:-1]]
    assert len(sheets) == int(re.search(r"Pages: +(\d+)", about)[1])  # type: ignore[index]
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet[-1].replace(" ", "")
        assert "".join(sheet[-2].split()) not in headings, f"page {number} ends with a heading"
    if name == "everything":
        assert "CM2007-SWD-HTTPS" in printed  # it is in a closed list on screens


def test_paper_is_black_on_white_even_at_night(browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages["everything"], dark=True)
    read = "const s = getComputedStyle(document.documentElement); return [s.color, s.backgroundColor]"
    on_screen = browser.run(read)
    browser.as_paper(dark=True)
    assert browser.run(read) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"] != on_screen
    looked, faint = browser.run(CONTRAST)
    assert looked > 100
    assert faint == []


A4 = 665
"""Pixels that are left between the margins of a sheet."""


@every_page
def test_nothing_is_cut_at_the_edge_of_the_paper(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    browser.show(pages[name], width=A4)
    browser.as_paper(dark=False)
    outside = """return [...document.querySelectorAll('body *')]
        .filter(each => each.getBoundingClientRect().right > innerWidth + 1 &&
                !each.closest('.unseen-text'))
        .map(each => each.outerHTML.slice(0, 200))"""
    assert browser.run(outside) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_200_firewalls_are_fewer_than_40_pages_in_both_languages(
        language: Language, browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "large.html"
    page.write_text(html.render(large(200), language), encoding="utf-8")
    browser.show(page)
    paper = tmp_path / "large.pdf"
    paper.write_bytes(browser.pdf())
    about, printed = (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for command in (["pdfinfo", str(paper)], ["pdftotext", str(paper), "-"]))
    assert int(re.search(r"Pages: +(\d+)", about)[1]) < 40  # type: ignore[index]
    for number in range(1, 201):
        assert f"fw-{number:03}" in printed
    assert all(each.sha256 in "".join(printed.split()) for each in large(200).inputs)
