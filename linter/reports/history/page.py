"""A history as an HTML page with a picture: one file that needs no script and no network."""

from __future__ import annotations

from aclproof.linter.history.history import History
from aclproof.linter.history.judgement import Unreadable
from aclproof.linter.reports import Look, html
from aclproof.linter.reports.history import strip as strips
from aclproof.linter.reports.history import wording
from aclproof.linter.reports.language.language import Words
from aclproof.linter.site.site import name_of


def render(history: History, look: Look) -> str:
    """Write the page; the same history gives the same bytes."""
    words = Words(look.language)
    strip = strips.strip(history, words)
    latest = history.latest.judgement
    return html.history_page(
        look.language, history=history, name=name_of(history.site), day=history.asked.day, strip=strip,
        numbers={each.step.commit.id: each.number for each in strip.ticks} if strip else {},
        told=wording.told(history, verbose=look.verbose),
        unreadable=latest if isinstance(latest, Unreadable) else None, latest=latest,
        methods=wording.METHODS, kinds=wording.KINDS, tones=_TONES, wording=wording, words=words,
        LABELS=strips.LABELS)


_TONES = {"broken": "bad", "worse": "bad", "undecided": "open", "unwaived": "bad", "cured": "good",
          "better": "good", "waived": "waived"}
"""By kind; others are quiet."""
