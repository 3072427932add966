"""Sets whose elements ask for more than their value: the kernel asks that too (nft_set_elem_expr_eval)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.source import from_bytes
from tests.parsers.nftables.hosts import verdict

_RULES = """table inet t {{
	{kind} s {{
		type inet_service{more}
		elements = {{ {element} }}
	}}
	chain f {{
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		{rule}
	}}
}}
"""
_ASKING = ["limit rate over 1/second", "limit rate 5/minute burst 3 packets", "quota over 1 mbytes",
           "ct count over 5"]
_COUNTING = ["counter", "counter packets 4 bytes 200"]


def _said(folder: Path, more: str = "", element: str = "80", kind: str = "set",
          rule: str = "tcp dport @s accept") -> str:
    return verdict(folder, {"gw.nft": _RULES.format(kind=kind, more=more, element=element, rule=rule)})


@pytest.mark.parametrize(("statements", "expected"), [
    *((each, "undecided") for each in _ASKING), *((each, "met") for each in _COUNTING),
    (" ".join((_COUNTING[0], _ASKING[0])), "undecided")])
def test_what_a_set_asks_of_its_elements_is_asked(statements: str, expected: str, tmp_path: Path) -> None:
    if " limit" not in statements:
        assert _said(tmp_path, f"\n\t\t{statements}") == expected
        assert _said(tmp_path, f" : verdict\n\t\t{statements}", "80 : accept", "map",
                     "tcp dport vmap @s") == expected
    assert _said(tmp_path, element=f"80 {statements}") == expected
    assert _said(tmp_path, " : verdict", f"80 {statements} : accept", "map", "tcp dport vmap @s") == expected
    assert _said(tmp_path, rule=f"tcp dport {{ 80 {statements}, 81 }} accept") == expected
    assert _said(tmp_path, rule=f"tcp dport {{ 80 {statements} }} accept") == expected
    assert _said(tmp_path, rule=f"tcp dport vmap {{ 80 {statements} : accept }}") == expected


def _in_json(inner: dict[str, Tree], element: Tree) -> str:
    here: dict[str, Tree] = {"family": "inet", "table": "t"}
    tests: list[tuple[str, Tree, Tree]] = [
        ("in", {"ct": {"key": "state"}}, ["established", "related"]),
        ("==", {"payload": {"protocol": "tcp", "field": "dport"}}, "@s")]
    rules: list[Tree] = [{"rule": {**here, "chain": "f", "expr": [
        {"match": {"op": op, "left": left, "right": right}}, {"accept": None}]}} for op, left, right in tests]
    objects: list[Tree] = [
        {"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
        {"table": {"family": "inet", "name": "t"}},
        {"set": {**here, "name": "s", "type": "inet_service", "elem": [element], **inner}},
        {"chain": {**here, "name": "f", "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
        *rules]
    return json.dumps({"nftables": objects})


_LIMIT: Tree = {"rate": 1, "burst": 5, "per": "second", "inv": True}


@pytest.mark.parametrize(("inner", "element", "expected"), [
    ({}, 80, "met"), ({"gadget": 5}, 80, "undecided"), ({"stmt": [{"counter": None}]}, 80, "met"),
    ({"stmt": [{"limit": _LIMIT}]}, 80, "undecided"), ({"stmt": [{"gadget": 5}]}, 80, "undecided"),
    ({}, {"elem": {"val": 80, "counter": {"packets": 0, "bytes": 0}, "comment": "web"}}, "met"),
    ({}, {"elem": {"val": 80, "limit": _LIMIT}}, "undecided"),
    ({}, {"elem": {"val": 80, "gadget": True}}, "undecided"),
])
def test_in_json_too(inner: dict[str, Tree], element: Tree, expected: str, tmp_path: Path) -> None:
    assert verdict(tmp_path, {"gw.json": _in_json(inner, element)}) == expected


_BITS = """{before}table inet t {{
	chain f {{
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		tcp dport 80 ct state {states} accept
	}}
}}
"""


@pytest.mark.parametrize(("before", "states", "expected"), [
    ("# nft list ruleset\n", "established | new", "missing"),  # equal to both at once, as nft 1.0.6 lists it
    ("# nft list ruleset\n", "established,new", "met"), ("flush ruleset\n", "established | new", "met"),
    ("", "established | new", "undecided"), ("", "established,new", "met"), ("", "== new", "met"),
])
def test_joined_bits_are_read_by_what_wrote_them(before: str, states: str, expected: str, tmp_path: Path
                                                 ) -> None:
    assert verdict(tmp_path, {"gw.nft": _BITS.format(before=before, states=states)}) == expected


@pytest.mark.parametrize(("test", "usual"), [
    ("ct count over 20", False), ("ct count 20", True), ("ct count over 9", None),
    ("limit rate 5/second", None)])
def test_hosts_usually_have_a_few_connections_each(test: str, usual: bool | None) -> None:
    hook = "type filter hook forward priority 0; policy accept"
    text = f"table inet filter {{ chain forward {{ {hook}; tcp dport 445 {test} drop; }} }}"
    found = parsers.parse(from_bytes(text.encode(), "fw.nft"))
    assert [each.usual for _, each in found.conditions()
            if isinstance(each, Opaque) and each.key.startswith("test ")] == [usual]
