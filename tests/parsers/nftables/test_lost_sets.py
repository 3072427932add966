"""Sets that nft itself leaves out of a list: nft 1.0.6 loses them after a map that it cannot print.

Seen so: `ct label set tcp dport map { 81 : 5 }`, then `tcp dport { 81, 82 } accept`, listed as below.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader

SITE = """\
pack: configmgr-2007
settings: {{mode: mixed, client-os: windows-7}}
methods: [manual]
roles: {{client: [10.20.0.0/24], management-point: [10.1.1.11]}}
firewalls:
  - {{name: gw, config: {file}}}
"""
LIST = """\
table inet t {{
	chain f {{
		type filter hook forward priority filter; policy drop;
		{line}
		meta l4proto tcp accept
		ct state established accept
	}}
}}
"""
_LABEL = {"ct": {"key": "label"}}


def verdict(folder: Path, file: str, text: str) -> Verdict:
    (folder / file).write_text(text)
    (folder / "aclproof.yaml").write_text(SITE.format(file=file))
    found = check(reader.read(folder / "aclproof.yaml"))
    return {each.requirement.id: each.verdict for each in found.demands}["CM2007-MAN-MP-HTTP"]


@pytest.mark.parametrize(("line", "expected"), [
    ("ct label set tcp dport", Verdict.UNDECIDED), ("ct label set meta mark", Verdict.UNDECIDED),
    ("ct event set tcp dport", Verdict.UNDECIDED), ("meta priority set 1:1", Verdict.MET),
    ("ct label set 5", Verdict.MET), ("ct mark set meta mark", Verdict.MET)])
def test_what_comes_after_a_key_without_its_map_is_open(tmp_path: Path, line: str,
                                                        expected: Verdict) -> None:
    assert verdict(tmp_path, "gw.nft", LIST.format(line=line)) is expected


@pytest.mark.parametrize(("value", "expected"), [
    ({"payload": {"protocol": "tcp", "field": "dport"}}, Verdict.UNDECIDED),
    ({"meta": {"key": "mark"}}, Verdict.UNDECIDED), (5, Verdict.MET)])
def test_so_it_is_in_json(tmp_path: Path, value: object, expected: Verdict) -> None:
    chain = {"family": "inet", "table": "t", "name": "f", "handle": 1, "type": "filter", "hook": "forward",
             "prio": 0, "policy": "drop"}
    of_tcp = {"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "tcp"}}
    rules = [[{"mangle": {"key": _LABEL, "value": value}}], [of_tcp, {"accept": None}],
             [{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "established"}},
              {"accept": None}]]
    objects = [{"table": {"family": "inet", "name": "t", "handle": 1}}, {"chain": chain}, *(
        {"rule": {"family": "inet", "table": "t", "chain": "f", "handle": at, "expr": rule}}
        for at, rule in enumerate(rules, 2))]
    assert verdict(tmp_path, "gw.json", json.dumps({"nftables": objects})) is expected
