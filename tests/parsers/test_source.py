"""An input is read once, decoded strictly, and refused in one helpful sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from aclproof.parsers import source
from aclproof.parsers.source import MAX_LINE, UnsupportedInputError


def test_the_hash_is_of_the_bytes_that_are_parsed(tmp_path: Path) -> None:
    data = "ASA Version 9.1\r\n! é\r\n".encode("cp1252")
    path = tmp_path / "fw.cfg"
    path.write_bytes(data)
    read = source.read(str(path))
    assert read.sha256 == hashlib.sha256(data).hexdigest()
    assert (read.encoding, read.lines()[1]) == ("cp1252", "! é\r")


@pytest.mark.parametrize(("data", "encoding"), [
    (b"ASA Version 9.1\n", "utf-8"), ("! é\n".encode(), "utf-8"), (b"! \xe9\n", "cp1252"),
    (b"\xef\xbb\xbfASA\n", "utf-8-sig"), ("ASA\n".encode("utf-16"), "utf-16"),
    (b"\xfe\xff\0A\0\n", "utf-16"), ("ASA Version 9.1\n".encode("utf-16-le"), "utf-16-le"),
    ("ASA Version 9.1\n".encode("utf-16-be"), "utf-16-be")])
def test_encodings(data: bytes, encoding: str) -> None:
    assert source.from_bytes(data, "f").encoding == encoding


@pytest.mark.parametrize(("data", "count"), [(b"a\nb\n", 2), (b"a\nb", 2), (b"\na\n\n", 3),
                                             (b"a\r\nb\r\n", 2),
                                             (b"a\rb\rc", 3), (b"a\x0bb\x85c\n", 1)])
def test_lines_end_where_editors_end_them(data: bytes, count: int) -> None:
    assert len(source.from_bytes(data, "f").lines()) == count


def test_a_quoted_line_is_the_line() -> None:
    read = source.from_bytes(b"first\n  second  \nthird", "f")
    assert [read.span(line).text for line in (0, 1, 2, 3, 4)] == ["", "first", "second", "third", ""]
    assert str(read.span(2)) == "f:2"


@pytest.mark.parametrize(("data", "words"), [
    (b"", "empty"), (b" \r\n\t", "empty"), (b"ASA\0Version", "binary"), (b"PK\x03\x04", "binary"),
    (b"\x7fELF\x02\x01\x01\0\0\0\0", "binary")])
def test_what_is_no_text_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UnsupportedInputError, match=words):
        source.from_bytes(data, "f")


def test_an_endless_line_is_refused() -> None:
    read = source.from_bytes(b"ASA Version 9.1\n" + b"x" * (MAX_LINE + 1) + b"\n", "f")
    with pytest.raises(UnsupportedInputError, match=r"^f:2: a line of 65537 characters"):
        read.lines()


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    with pytest.raises(UnsupportedInputError, match="larger than"):
        source.from_bytes(b"x" * 11, "f")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "firewall.cfg").write_text("x")
    with pytest.raises(UnsupportedInputError, match=r"no such file; did you mean .*firewall\.cfg\?"):
        source.read(str(tmp_path / "firewal.cfg"))
    with pytest.raises(UnsupportedInputError, match="does not exist either"):
        source.read(str(tmp_path / "nowhere" / "fw.cfg"))
    with pytest.raises(UnsupportedInputError, match="is a folder"):
        source.read(str(tmp_path))
