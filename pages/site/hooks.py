"""What mkdocs calls while it builds the site (mkdocs.yml, `hooks`)."""

from __future__ import annotations

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from pages import ROOT
from pages.site import gallery, navigation, outside

_GALLERY = "gallery.md"
_ROW = re.compile(r"^\|.*$", re.MULTILINE)
_CODE = re.compile(r"`[^`]+`")


def on_config(config: MkDocsConfig) -> None:
    """Fill the folders of the navigation."""
    config.nav = navigation.filled(config.nav or [])


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add what pages link to outside docs/, and the reports of the gallery."""
    named = outside.files([each.src_uri for each in files.documentation_pages()])
    for uri in named:
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / outside.origin(uri))))
    page = (ROOT / "docs" / _GALLERY).read_text(encoding="utf-8")
    for uri, content in gallery.reports(page).items():
        files.append(File.generated(config, uri, content=content))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    r"""Turn links, and what GitHub's Markdown writes otherwise: a bar in code in a table as `\|`."""
    markdown = outside.linked(markdown, page.file.src_uri)
    if page.file.src_uri == _GALLERY:
        markdown = gallery.linked(markdown)
    return _ROW.sub(lambda row: _CODE.sub(lambda code: code[0].replace(r"\|", "|"), row[0]), markdown)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Say in which language a page is, for readers who hear it and browsers that hyphenate."""
    german = page.file.src_uri.startswith("de/")
    return output.replace('<html lang="en"', '<html lang="de"', 1) if german else output
