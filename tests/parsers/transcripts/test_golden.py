"""Each shape of a transcript: what is read of it, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.transcripts.written import files, heard, write


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_transcript_shows(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert write(heard(path.parent.name, path.read_bytes())) == expected
