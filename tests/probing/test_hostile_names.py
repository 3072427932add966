"""What inputs name stays one word of a command, and one file of a folder."""

from __future__ import annotations

import json
import shlex
import subprocess
import unicodedata
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.probing.records import Machine
from aclproof.linter.reports.probe.text import file_names
from aclproof.parsers.cisco_asa import probe as of_asa
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shell import LINUX, POWERSHELL
from aclproof.parsers.netfilter import probe as of_linux

PACKET = Packet(Family.V4, 6, 0x0A000001, 0x0A000002, 49152, 443)
NAMES = ["b;reboot", "b$(id)", "b`id`", "b|id", "b'c", 'b"c', "b c", "b\\c", "b&", "*", "a=b", "b\\nc", "#b"]
SITE = """\
pack: configmgr-2007
settings: {mode: mixed, client-os: windows-xp}
methods: [client-push]
roles: {client: [10.63.0.0/16], site-server: [10.1.63.10], management-point: [10.1.63.11]}
firewalls: [{name: gw, config: nft.json}]
"""


@pytest.mark.parametrize("name", NAMES)
def test_an_interface_is_one_word(name: str) -> None:
    transit = Transit(Family.V4, ingress=name)
    command, = of_linux.route(transit, PACKET)
    script = "\n".join(("ip() { printf '[%s]' \"$@\"; }", *LINUX.written(command)))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert shlex.split(command)[-1] == name
    assert done.stdout == f"$ {command}\n[route][get][10.0.0.2][from][10.0.0.1][iif][{name}]"
    assert not done.stderr
    assert of_asa.commands(transit, PACKET) == ()


def test_a_plain_interface_stays_as_it_is() -> None:
    transit = Transit(Family.V4, ingress="br-lan.7:1")
    assert of_linux.route(transit, PACKET) == ("ip route get 10.0.0.2 from 10.0.0.1 iif br-lan.7:1",)
    assert of_asa.commands(transit, PACKET) == (
        "packet-tracer input br-lan.7:1 tcp 10.0.0.1 49152 10.0.0.2 443 detailed",)


def test_every_quote_of_powershell() -> None:
    """It takes typographic ones for `'`."""
    assert POWERSHELL.quoted("a'b’c‘d") == "'a''b’’c‘‘d'"


@pytest.mark.parametrize(("table", "name", "asked"), [
    ("f", "Hosts", "nft list set inet f Hosts"), ("f", "x; ip rule; y", "nft list ruleset"),
    ("f", "x, show y", "nft list ruleset"), ("f", "-f", "nft list ruleset"), ("f", "x|y", "nft list ruleset"),
    ("f; ip rule", "Hosts", "nft list ruleset"), ("-f", "Hosts", "nft list ruleset")])
def test_a_set_is_named_where_its_name_is_plain(table: str, name: str, asked: str, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    source = {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}},
                        "right": f"@{name}"}}
    (tmp_path / "nft.json").write_text(json.dumps({"nftables": [
        {"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
        {"table": {"family": "inet", "name": table, "handle": 1}},
        {"chain": {"family": "inet", "table": table, "name": "c", "handle": 1, "type": "filter",
                   "hook": "forward", "prio": 0, "policy": "drop"}},
        {"set": {"family": "inet", "table": table, "name": name, "handle": 3, "type": "ipv4_addr",
                 "flags": ["dynamic"]}},
        {"rule": {"family": "inet", "table": table, "chain": "c", "handle": 2,
                  "expr": [source, {"accept": None}]}}]}), "utf-8")
    (tmp_path / "aclproof.yaml").write_text(SITE, "utf-8")
    assert run(["probe", str(tmp_path / "aclproof.yaml"), "--firewall", "gw", "--format", "json"]) == 0
    machine, = json.loads(capsys.readouterr().out)["machines"]
    commands = {tuple(each["commands"]) for each in machine["probes"] if each["question"]}
    assert (asked,) in commands
    assert {command for each in commands for command in each} <= {
        asked, "nft list ruleset", "nft list tables", "iptables-save"}


def test_files_of_machines() -> None:
    names = ["fw 1", "fw-1", "FW-1", "fw-1-2", "ﬁ", "fi", "nul", "Con.dmz", ".ssh", "-rf", "../a", "é"]
    found = file_names(Machine(name, "", LINUX, ()) for name in names)
    assert found[:3] == ["fw-1.sh", "fw-1-2.sh", "FW-1-3.sh"]
    assert found[6:] == ["_nul.sh", "_Con.dmz.sh", "_.ssh.sh", "_-rf.sh", "_..-a.sh", "é.sh"]
    assert len({unicodedata.normalize("NFKC", each).casefold() for each in found}) == len(names)
    assert file_names([Machine("10.1.1.1", "a/b", POWERSHELL, ())]) == ["a-b-10.1.1.1.ps1"]


def test_one_firewall_has_the_same_file_as_among_all(tmp_path: Path) -> None:
    rules = Path(__file__).parents[2] / "fixtures" / "sites" / "linux-by-hand" / "gw63.rules"
    (tmp_path / "gw.rules").write_bytes(rules.read_bytes())
    path = ", ".join(f"{{name: '{name}', config: gw.rules}}" for name in ("fw 1", "fw-1"))
    (tmp_path / "aclproof.yaml").write_text(
        SITE.partition("firewalls")[0] + f"firewalls: [{path}]\n", "utf-8")
    site, folder = str(tmp_path / "aclproof.yaml"), tmp_path / "ask"
    assert run(["probe", site, "--script", str(folder), "-q"]) == 0
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert {"fw-1.sh", "fw-1-2.sh"} <= set(before)
    assert run(["probe", site, "--script", str(folder), "-q", "--firewall", "fw-1"]) == 0
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
