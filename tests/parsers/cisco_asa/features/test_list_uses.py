"""A list that no interface has may still be used: it is not said to do nothing."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.asa import INTERFACES, read


@pytest.mark.parametrize(("line", "used"), [
    ("aaa authentication match L outside RAD", True), ("crypto map CM 10 match address L", True),
    ("class-map C\n match access-list L", True), ("group-policy G attributes\n vpn-filter value L", True),
    ("nat (inside) 0 access-list L", True), ("wccp 61 redirect-list L", True), ("hostname L", False),
    ("access-group L in interface inside", False)])
def test_what_uses_a_list(line: str, used: bool) -> None:
    text = INTERFACES + "access-list L extended permit ip any any\n" + line + "\n"
    last = len(text.splitlines())
    assert read(text).list_uses == ({"L": last} if used else {})
