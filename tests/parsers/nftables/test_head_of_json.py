"""Where the JSON of an input begins: recognised in one pass, and read from the place that was recognised."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers.nftables.text.kind import JSON_TOP
from aclproof.parsers.source import from_bytes

_JSON = '{"nftables": [{"metainfo": {}}, {"table": {"family": "inet", "name": "x", "handle": 1}}]}'


@pytest.mark.parametrize("before", ["", "  ", "\n\n", "\f", "\r", "\N{NO-BREAK SPACE}",
                                    "root@gw:~# nft -j list ruleset\n"])
def test_what_is_recognised_is_read(before: str) -> None:
    assert parsers.parse(from_bytes(f"{before}{_JSON}".encode(), "gw.json")).vendor == "nftables"


def test_empty_lines_are_looked_at_once() -> None:
    """Every search would begin again at each of them, if it went over the end of its line."""
    assert JSON_TOP.match("\n\n" + _JSON) is None
    assert JSON_TOP.search("\n\n" + _JSON)
