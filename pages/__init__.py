"""Pages that are written from the program itself: the man page, and one page for each requirement.

`make docs` writes them; tests/shipping/test_pages.py compares what is committed with what would be written.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def pages() -> dict[Path, str]:
    """Every page with its text."""
    from pages import man, requirements

    return {ROOT / "man" / "aclproof.1": man.page(), **{
        ROOT / "docs" / "requirements" / name: text for name, text in requirements.pages().items()}}


def stale() -> list[Path]:
    """Pages of requirements that there are no longer."""
    return sorted(set((ROOT / "docs" / "requirements").glob("*.md")) - set(pages()))
