"""What is read of pages: links, and the anchors of headings as GitHub makes them."""

from __future__ import annotations

import re
from collections import Counter

_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(text: str) -> list[str]:
    """Every target of a link or picture, outside of code blocks."""
    return _LINK.findall(_FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """Of every heading; one that is there already gets a number."""
    seen: Counter[str] = Counter()
    found = set()
    for each in map(anchor, _HEADING.findall(_FENCE.sub("", text))):
        found.add(f"{each}-{seen[each]}" if seen[each] else each)
        seen[each] += 1
    return found


def anchor(heading: str) -> str:
    """Small letters, digits, `-` and `_`; the target of a link does not count."""
    plain = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
