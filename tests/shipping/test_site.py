"""The pages as a site: complete, the same as on a code forge, and nothing in it comes from elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from pages.site import navigation, outside
from tests.reports.browser import Browser, missing

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href",
         "object": "data", "embed": "src"}
"""What a browser fetches by itself."""
COUNTED = {"h1", "h2", "h3", "h4", "li", "tr", "pre", "img"}


class _Loader(yaml.SafeLoader):
    """mkdocs.yml names a function in a tag of PyYAML's."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def named(entries: list[Any]) -> Iterator[str]:
    """Every page of a navigation."""
    for entry in entries:
        for each in entry.values() if isinstance(entry, dict) else [entry]:
            yield from named(each) if isinstance(each, list) else [each]


def test_every_page_is_in_the_navigation_once() -> None:
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _Loader)
    pages = list(named(navigation.filled(config["nav"])))
    assert len(pages) == len(set(pages))
    own = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert {each for each in pages if not each.startswith(outside.PROJECT)} == own
    assert {each for each in pages if each.startswith(outside.PROJECT)} <= set(outside.files(sorted(own)))


@pytest.mark.parametrize(("page", "text", "there"), [
    ("ci.md", "[a](../templates/x.yml#y) [b](commands/check.md#z)",
     "[a](project/templates/x.yml#y) [b](commands/check.md#z)"),
    ("commands/check.md", "[a](../../rules)", "[a](../project/rules.md)"),
    ("commands/check.md", "[a](../../README.md) [b](https://example.com/x) [c](#d)",
     "[a](../README.md) [b](https://example.com/x) [c](#d)"),
    ("project/CONTRIBUTING.md", "[a](docs/ci.md) ![b](docs/images/c.png)",
     "[a](../ci.md) ![b](../images/c.png)"),
    ("ci.md", "```\n[a](../README.md)\n```\n[a](../SECURITY.md)",
     "```\n[a](../README.md)\n```\n[a](project/SECURITY.md)")])
def test_links_lead_to_where_a_file_is_in_the_site(page: str, text: str, there: str) -> None:
    assert outside.linked(text, page) == there


class Page(HTMLParser):
    """What is looked at in a page: its title, what it loads, and how much of what is in its article."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.title, self.loaded, self.counts, self.language = "", list[str](), Counter[str](), ""
        self._open: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in LOADS and given.get("rel") not in ("next", "prev", "canonical"):
            self.loaded.append(given.get(LOADS[tag], ""))
        self.loaded += re.findall(r"url\((.*?)\)", given.get("style", ""))
        if "article" in self._open and tag in COUNTED:
            self.counts[tag] += 1
        if tag in ("article", "title", "style"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if "title" in self._open:
            self.title += data
        if "style" in self._open:
            self.loaded += re.findall(r"url\((.*?)\)|@import\s+\S+", data)


def test_nothing_of_the_site_comes_from_elsewhere_and_every_page_has_a_title(site: Path) -> None:
    titles = Counter[str]()
    for file in sorted(site.rglob("*.html")):
        page = Page(file)
        assert page.title.strip(), file
        if not file.is_relative_to(site / "gallery"):
            titles[page.title] += 1
        assert not [each for each in page.loaded if re.match(r"['\"]?(\w+:)?//", each)], file
        german = file.parent.name == "de" or file.name == "drei-hersteller.html"
        assert page.language == ("de" if german else "en"), file
    assert titles.total() > 300
    assert [title for title, count in titles.items() if count > 1] == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(['\"]?(\w+:)?//", text), style


def test_a_page_has_in_the_site_what_it_has_on_a_code_forge(site: Path) -> None:
    """Markdown is read there by another program, which is stricter about lists."""
    forge = MarkdownIt("commonmark").enable("table")
    for source in [*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md"]:
        tokens = [*forge.parse(source.read_text(encoding="utf-8"))]
        tokens += [child for token in tokens for child in token.children or ()]
        wanted = Counter("pre" if each.type == "fence" else each.tag for each in tokens if each.nesting >= 0)
        place = outside.place(source.relative_to(ROOT).as_posix())
        page = Page(site / place.replace("README.md", "index.md").replace(".md", ".html"))
        assert {tag: page.counts[tag] for tag in COUNTED} == {tag: wanted[tag] for tag in COUNTED}, source


def test_the_search_asks_nobody_and_a_phone_shows_all(site: Path, tmp_path: Path) -> None:
    if missing():
        pytest.skip(f"not installed: {', '.join(missing())}")
    with Browser(tmp_path) as browser:
        browser.show(site / "de" / "index.html")
        browser.press("[data-md-component='search-query']", "endpoint mapper")
        found = browser.run("""return new Promise((done, failed) => {
            const wait = setInterval(() => {
                const links = [...document.querySelectorAll('.md-search-result__link')].map(each => each.href)
                if (links.length) { clearInterval(wait); done(links) }
            }, 100)
        })""")
        assert [each for each in found if "EPM" in each]
        assert browser.complaints() == []
        for page in ("index", "tutorial", "words", "cisco-asa", "commands/check", "requirements/index"):
            browser.show(site / f"{page}.html", width=400)
            assert browser.run("return document.documentElement.scrollWidth") == 400, page
        asked = [each for each in browser.requests() if not each.startswith(("chrome", "data:"))]
    assert len(asked) > 5
    assert [each for each in asked if not each.startswith(site.as_uri())] == []
