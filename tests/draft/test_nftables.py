"""What `init` reads in rule sets of nftables: included files, sets of ports, chains that only permit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aclproof.linter.cli import run

Output = pytest.CaptureFixture[str]
PUSH = """\
table inet filter {{
{chains}	chain forward {{
		type filter hook forward priority 0; policy drop;
		{rule}
	}}
}}
"""
TO_LAN = '\tchain accept_to_lan {\n\t\toifname "br-lan" counter accept\n\t}\n'
TO_SOME = TO_LAN.replace("counter", "ip daddr 10.20.0.1")
ADDRESS = """\
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 10.20.0.1/16 scope global eth0
    inet6 fe80::1/64 scope link
10.20.0.0/16 dev eth0 proto kernel scope link src 10.20.0.1
fe80::/64 dev eth0 proto kernel metric 256
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(capsys: Output, *names: str) -> str:
    assert run(["init", *names, "-o", "-"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("chains", "rule", "pushes"), [
    ("", "ip saddr 10.1.1.10 tcp dport { 135, 445, 49152-65535 } accept", True),
    ("", "ip saddr 10.1.1.10 tcp dport 1-1024 accept", False),
    (TO_LAN, "ip saddr 10.1.1.10 tcp dport 135 jump accept_to_lan", True),
    (TO_SOME, "ip saddr 10.1.1.10 tcp dport 135 jump accept_to_lan", False)])
def test_who_pushes_is_read_in_sets_and_jumps(chains: str, rule: str, pushes: bool, capsys: Output) -> None:
    Path("gw.nft").write_text(PUSH.format(chains=chains, rule=rule))
    roles: dict[str, Any] = yaml.safe_load(draft(capsys, "gw.nft"))["roles"]
    assert roles.get("site-server") == (["10.1.1.10"] if pushes else None)


def test_a_line_of_an_included_file_is_named_beside_its_file(folder: Path, capsys: Output) -> None:
    (folder / "etc" / "more").mkdir(parents=True)
    Path("etc/gw.nft").write_text(PUSH.format(chains="", rule="counter") + 'include "./more/*.nft"\n')
    Path("etc/more/push.nft").write_text(
        "add rule inet filter forward ip saddr 10.1.1.10 tcp dport 135 accept\n")
    assert "10.1.1.10     # guess: etc/more/push.nft:1 TCP 135" in draft(capsys, "etc/gw.nft")
    assert run(["init", str(folder / "etc" / "gw.nft"), "-o", "etc/aclproof.yaml"]) == 0
    assert "# guess: more/push.nft:1 TCP 135" in Path("etc/aclproof.yaml").read_text(encoding="utf-8")


def test_addresses_of_a_link_are_no_network_to_choose(capsys: Output) -> None:
    Path("gw.nft").write_text(PUSH.format(chains="", rule="accept"))
    Path("gw.ip").write_text(ADDRESS)
    text = draft(capsys, "gw.nft", "gw.ip")
    assert "10.20.0.0/16           behind eth0" in text
    assert "fe80" not in text
