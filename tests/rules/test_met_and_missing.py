"""Every requirement of every pack is met where a router lets its packets pass, and missing where it does not.

The command of its page makes it apply, and its flow becomes the router's one rule.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.rules.pack import Pack, Requirement
from pages import requirements

EVERYTHING = [(pack, one) for pack in map(rules.load, rules.builtin()) for one in pack.requirements]
ABOVE = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
ESTABLISHED = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
Output = pytest.CaptureFixture[str]


def result(pack: Pack, one: Requirement, capsys: Output) -> dict[str, Any]:
    run([*requirements.command(pack, one).split()[1:], "--format", "json"])
    results = json.loads(capsys.readouterr().out)["results"]
    found, = (each for each in results if each["requirement"] == one.id)
    return dict(found)


@pytest.mark.parametrize(("pack", "one"), EVERYTHING, ids=[one.id for _, one in EVERYTHING])
def test_it_is_missing_until_a_rule_lets_its_packets_pass(
        pack: Pack, one: Requirement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    router = tmp_path / "fw.cfg"
    router.write_text(f"{ABOVE}{ESTABLISHED}COMMIT\n")
    closed = result(pack, one, capsys)
    assert closed["verdict"] == "missing"

    service = re.search(r"  (TCP|UDP) ([0-9, -]+)$", closed["flow"][0])
    match = "-p icmp --icmp-type echo-request" if not service else (
        f"-p {service[1].lower()} -m multiport --dports {service[2].replace(', ', ',').replace('-', ':')}")
    router.write_text(f"{ABOVE}{ESTABLISHED}-A FORWARD {match} -j ACCEPT\nCOMMIT\n")
    assert result(pack, one, capsys)["verdict"] == "met"
