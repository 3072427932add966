"""Cases that were found to break a promise, made small, and mended since."""

from __future__ import annotations

import pytest

from tests.fuzz.readers import READERS
from tests.fuzz.run import tried

FOUND = (
    ("cisco-asa: configuration", b"interface\nnameif e\n ip \nnameif n"),  # a header wrong in two ways
    ("cisco-asa: configuration", b"nameif e o security0\nservice-policy"),
    ("cisco-asa: configuration", b"nameif e o security0\nservice-policy P interface\n"),
    ("iptables: commands", b"-P P\n-P FORWARD DROP \n-A FORWARD"),  # the first line was the second of two
    ("nftables: text", b"table ip t {\nchain c {\naccept # handle " + b"9" * 5000 + b"\n}\n}\n"),
    ("list of names", b"\xff\xfe\n"),
    ("list of names", b"\xff\xfe\x00\xd8"),
)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_it_is_mended(name: str, data: bytes) -> None:
    (reader,) = (each for each in READERS if each.name == name)
    assert tried(reader, data)[0] == ""
