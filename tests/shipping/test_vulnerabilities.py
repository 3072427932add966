"""What `make vulnerabilities` says of an answer of pip-audit (format of its version 2: `--format json`)."""

from __future__ import annotations

from typing import Any

import pytest

from shipping.vulnerabilities import KNOWN, NOT_ASKED, told

SOUND = {"name": "click", "version": "8.5.1", "vulns": []}
OPEN = {"name": "jinja2", "version": "2.0", "vulns": [
    {"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": []},
    {"id": "PYSEC-2099-1", "fix_versions": [], "aliases": []}]}
UNKNOWN = {"name": "a-fork",
           "skip_reason": "Dependency not found on PyPI and could not be audited: a-fork (1)"}


@pytest.mark.parametrize(("libraries", "code", "lines"), [
    ([SOUND], 0, ["1 of 1 libraries were asked about; no vulnerabilities are known of these"]),
    ([SOUND, OPEN], KNOWN, [
        "jinja2 2.0: PYSEC-2019-217, mended in 2.10.1", "jinja2 2.0: PYSEC-2099-1, mended in no version yet",
        "2 of 2 libraries were asked about; 2 vulnerabilities are known of these"]),
    ([SOUND, UNKNOWN], NOT_ASKED, [
        "1 of 2 libraries were asked about; no vulnerabilities are known of these",
        "could not be asked about:", "a-fork",
        "the first because: Dependency not found on PyPI and could not be audited: a-fork (1)"]),
    ([], NOT_ASKED, ["0 of 0 libraries were asked about; no vulnerabilities are known of these"])])
def test_what_is_known_and_what_could_not_be_asked(
        libraries: list[dict[str, Any]], code: int, lines: list[str]) -> None:
    text, found = told(libraries)
    assert (text.splitlines(), found) == (lines, code)


def test_what_is_not_known_hides_no_vulnerability() -> None:
    text, code = told([UNKNOWN, OPEN])
    assert code == KNOWN
    assert text.startswith("jinja2 2.0: PYSEC-2019-217")
    assert "could not be asked about:\na-fork\n" in text
