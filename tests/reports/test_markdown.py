"""Markdown, parsed by an independent reader: tables hold together, and nothing foreign is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.token import Token
from msgspec.structs import replace

from aclproof.linter.harmless import visible
from aclproof.linter.reports.check import markdown
from aclproof.linter.reports.writing.markdown_text import cell, code, plain
from tests.reports.cases import NAMES, full, many, result_of, unassessed
from tests.reports.readers import MARKDOWN, tables_of

SPECIAL = "`|\\<>[]()*_#@!&~:/w.-+=$%{}'\" \n\r\x1b\u202ea1"
NASTY = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters()), max_size=30)
ACTING = re.compile(r"(?i)(?<![\w`])@\w|#\d|://|www\.|\b[0-9a-f]{40}\b")
"""What a forge would make a mention, a reference or a link of, outside code spans."""


def leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from leaves(token.children) if token.children else iter([token])


def harmless(text: str) -> None:
    """Nothing but headings, lists, tables, strong text and code; plain text has nothing that acts."""
    for token in leaves(MARKDOWN.parse(text)):
        assert token.type not in ("html_inline", "html_block", "image", "link_open", "fence", "code_block",
                                  "em_open", "blockquote_open", "hr"), token
        if token.type == "text":
            assert not ACTING.search(token.content), token.content


def spans(text: str) -> list[str]:
    return [token.content for token in leaves(MARKDOWN.parse(text)) if token.type == "code_inline"]


@given(NASTY)
@example("a\\|b`c|d")
@example("``` <script>alert(1)</script>")
@example("\\")
def test_a_code_span_holds_the_text_and_nothing_else(text: str) -> None:
    shown = visible(text).strip() or "-"
    written = f"before {code(text)} after"
    harmless(written)
    (held,) = spans(written)
    assert held == shown
    cells = tables_of(f"| A | B |\n| --- | --- |\n| {cell(text)} | next |\n")[0][1]
    assert re.sub(r"\\+\|", "|", cells[0]) == re.sub(r"\\*\|", "|", shown)
    assert cells[1] == "next"
    row = f" {cell(text)} | next "
    assert len(re.findall(r"(?:\\.|[^|\\])+", row)) == 2  # how GitHub's own parser finds the cells


@given(NASTY)
@example("@user #12 https://evil.example www.evil.example x@y.zz")
@example("[a](http://b) ![c](d) <b>e</b> *f* _g_ ~~h~~ &lt; \\")
@example("a|b `c|d` e\\|f")
def test_a_sentence_stays_a_sentence(text: str) -> None:
    written = f"- say {plain(text)} and go on"
    harmless(written)
    assert len([each for each in MARKDOWN.parse(written) if each.type == "paragraph_open"]) == 1
    (table,) = tables_of(f"| A | B |\n| --- | --- |\n| {plain(text)} | next |\n")
    assert [len(row) for row in table] == [2, 2]


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_headings_lists_and_tables(name: str) -> None:
    text = markdown.render(result_of(name))
    harmless(text)
    for table in tables_of(text):
        assert len({len(row) for row in table}) == 1
        assert all(cell for row in table for cell in row)


def test_waivers_and_fixes_are_told() -> None:
    text = markdown.render(full())
    harmless(text)
    table = next(each for each in tables_of(text) if each[0][0] == "Waiver")
    assert [row[:3] for row in table[1:]] == [
        ["W-1", "CM2007-PUSH-SMB", "applied"], ["W-2", "CM2007-SWD-SMB", "applied"],
        ["W-3", "CM2007-PUSH-RPC", "expired"], ["W-4", "CM2007-SUP-HTTP", "unused"]]
    assert {row[3] for row in table[1:]} == {"2026-06-30"}
    assert text.startswith("## Firewall check: 4 missing, 2 waived, 4 met\n")
    assert "- Verified fix for `branch-asa`:\n  - `access-list DATACENTRE-IN line 3" in text
    verdicts = {row[0]: row[1] for table in tables_of(text) for row in table if len(row) == 4}
    assert verdicts["CM2007-PUSH-SMB"] == "missing (waived)"


def test_long_results_are_cut_with_their_counts() -> None:
    text = markdown.render(many(500))
    assert len(text) < 60_000
    assert "455 more findings are left out here." in text
    assert "- 495 more lines" in text


def test_requirements_that_do_not_fit_are_counted() -> None:
    result = result_of("branch")
    wordy = tuple(replace(each, missing=tuple(replace(part, advice="word " * 2500) for part in each.missing))
                  for each in result.demands)
    text = markdown.render(replace(result, demands=wordy))
    assert len(text) < 65_536
    told = re.search(r"(\d+) more requirements are left out here", text)
    assert told
    assert text.count("\n### CM2007-") == 6 - int(told[1])
    assert "| Firewall | File |" in text  # what was read is reported all the same


def test_nothing_assessed_is_said() -> None:
    assert markdown.render(unassessed()).startswith("## Firewall check: nothing was assessed\n")


def test_german_texts_of_the_pack_are_used() -> None:
    assert "Clientpushinstallation" in markdown.render(result_of("branch"), "de")
