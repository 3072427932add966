"""Pages that are written from the program itself, whole or in part.

The man page, a page for each requirement, the words, the list of decisions, the picture of the rooms, and
what docs/*.md quote from the source.

`make docs` writes them; tests/shipping/test_pages.py compares what is committed with what would be written.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def pages() -> dict[Path, str]:
    """Every page with its text."""
    from pages import decisions, man, picture, quotations, requirements, words

    docs = ROOT / "docs"
    return {
        ROOT / "man" / "aclproof.1": man.page(),
        **{docs / "requirements" / name: text for name, text in requirements.pages().items()},
        docs / "words.md": words.page("en"),
        docs / "de" / "words.md": words.page("de"),
        decisions.FOLDER / "README.md": decisions.index(),
        docs / "images" / "rooms.svg": picture.picture(),
        **quotations.pages()}


def stale() -> list[Path]:
    """Pages of requirements that there are no longer."""
    return sorted(set((ROOT / "docs" / "requirements").glob("*.md")) - set(pages()))
