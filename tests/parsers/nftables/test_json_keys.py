"""JSON with keys and values that libnftables-json(5) does not have: nobody knows what its author meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aclproof.parsers.nftables.text.datatypes import scalar
from tests.parsers.nftables.hosts import verdict

_HERE = {"family": "inet", "table": "t"}


def _objects() -> dict[str, Any]:
    """The objects of a ruleset that lets the connection through, by name."""
    state = {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}
    port = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80}}
    net = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}},
                     "right": {"prefix": {"addr": "10.1.0.0", "len": 16}}}}
    return {
        "metainfo": {"version": "1.0.6", "json_schema_version": 1}, "table": {"family": "inet", "name": "t"},
        "chain": {**_HERE, "name": "f", "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"},
        "answers": {**_HERE, "chain": "f", "expr": [state, {"accept": None}]},
        "rule": {**_HERE, "chain": "f", "expr": [port, net, {"accept": None}]}}


def _said(folder: Path, change: Callable[[dict[str, Any]], object]) -> str:
    objects = _objects()
    change(objects)
    listed = [{"rule" if name == "answers" else name: inner} for name, inner in objects.items()]
    return verdict(folder, {"gw.json": json.dumps({"nftables": listed})})


def test_without_them_it_works(tmp_path: Path) -> None:
    assert _said(tmp_path, lambda objects: None) == "met"


@pytest.mark.parametrize("policy", ["DROP", "Accept", "", None, 0, ["drop"]])
def test_a_policy_of_another_spelling_is_open(policy: object, tmp_path: Path) -> None:
    assert _said(tmp_path, lambda objects: objects["chain"].update(policy=policy)) == "undecided"


@pytest.mark.parametrize("change", [
    lambda rule: rule.update(enabled=False),
    lambda rule: rule["expr"][0]["match"].update(neg=True),
    lambda rule: rule["expr"][0].update(neg=True),
    lambda rule: rule["expr"][0]["match"]["left"]["payload"].update(tunnel="vxlan"),
    lambda rule: rule["expr"][0]["match"]["left"].update(neg=True),
    lambda rule: rule["expr"][1]["match"]["right"]["prefix"].update(neg=True),
    lambda rule: rule["expr"][2].update(accept={"unless": 1}),
    lambda rule: rule["expr"][2].update(neg=True),
])
def test_an_unknown_key_is_open(change: Callable[[Any], object], tmp_path: Path) -> None:
    assert _said(tmp_path, lambda objects: change(objects["rule"])) == "undecided"


@pytest.mark.parametrize("change", [
    lambda chain: chain.pop("hook"), lambda chain: chain.update(hoo=chain.pop("hook")),
    lambda chain: chain.update(enabled=False)])
def test_a_chain_that_is_bound_somewhere_is_open(change: Callable[[Any], object], tmp_path: Path) -> None:
    """A chain with a type and a policy and no hook is none that rules call."""
    assert _said(tmp_path, lambda objects: change(objects["chain"])) == "undecided"


@pytest.mark.parametrize(("set_", "wanted"), [
    ({"elem": [22]}, "met"), ({"elem": [80], "count": 1}, "missing"),
    ({"elem": [22], "elme": [80]}, "undecided")])
def test_a_set_with_another_key_is_open(set_: dict[str, Any], wanted: str, tmp_path: Path) -> None:
    def add(objects: dict[str, Any]) -> None:
        rules = {name: objects.pop(name) for name in ("answers", "rule")}
        port = {"payload": {"protocol": "tcp", "field": "dport"}}
        objects["set"] = {**_HERE, "name": "s", "type": "inet_service", **set_}
        rules["rule"]["expr"].insert(0, {"match": {"op": "!=", "left": port, "right": "@s"}})
        objects.update(rules)

    assert _said(tmp_path, add) == wanted


@pytest.mark.parametrize("first", [False, True])
def test_true_is_no_1_whichever_was_read_first(first: bool, tmp_path: Path) -> None:
    def asked(port: object, folder: Path) -> str:
        folder.mkdir()
        return _said(folder, lambda objects: objects["rule"]["expr"].insert(0, {"match": {
            "op": "==", "left": {"payload": {"protocol": "tcp", "field": "sport"}}, "right": {"set": [
                port, {"range": [2, 65535]}]}}}))

    scalar.cache_clear()
    assert [asked(port, tmp_path / str(port)) for port in ((True, 1) if first else (1, True))] == (
        ["undecided", "met"] if first else ["met", "undecided"])
