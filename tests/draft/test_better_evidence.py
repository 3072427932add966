"""What is narrower says more: a port to one host than to its network, a port than membership in a group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aclproof.linter.cli import run
from tests.parsers.cisco_asa.asa import INTERFACES

Output = pytest.CaptureFixture[str]
IPTABLES = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -i eth1 -o eth0 -p tcp -m multiport --dports 80,443,10123 -d {both} -j ACCEPT
-A FORWARD -i eth1 -o eth0 -p tcp -m tcp --dport {port} -d 10.1.1.13/32 -j ACCEPT
COMMIT
"""
GROUP = """\
object-group network SCCM
 network-object host 10.1.1.10
 network-object host 10.1.1.11
 network-object host 10.1.1.12
 network-object host 10.1.1.13
access-list IN extended permit tcp 10.16.0.0 255.240.0.0 object-group SCCM eq www
access-list IN extended permit tcp 10.16.0.0 255.240.0.0 object-group SCCM eq https
"""
OWN = """\
access-list IN extended permit tcp 10.16.0.0 255.240.0.0 host 10.1.1.11 eq 10123
access-list IN extended permit tcp 10.16.0.0 255.240.0.0 host 10.1.1.13 eq 8530
"""
PUSH = "access-list OUT extended permit tcp host 10.1.1.10 10.16.0.0 255.240.0.0 eq 135\n"


def drafted(text: str, name: str, capsys: Output) -> dict[str, Any]:
    Path(name).write_text(text, encoding="utf-8")
    assert run(["init", name, "--pack", "configmgr-current-branch", "-o", "-"]) == 0
    found: dict[str, Any] = yaml.safe_load(capsys.readouterr().out)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("both", "port", "value"), [
    ("10.1.1.0/24", 8530, None), ("10.1.1.13/32", 8531, 80)])
def test_another_port_of_wsus_is_no_guess_where_the_usual_one_is_permitted_to_fewer(
        both: str, port: int, value: int | None, capsys: Output) -> None:
    found = drafted(IPTABLES.format(both=both, port=port), "gw.v4", capsys)
    assert found["roles"]["software-update-point"] == ["10.1.1.13"]
    assert (found["settings"] or {}).get("wsus-http-port") == value


def servers(text: str, capsys: Output) -> dict[str, list[str]]:
    roles = drafted(INTERFACES + text, "fw.cfg", capsys)["roles"]
    return {role: roles.get(role, [])
            for role in ("site-server", "management-point", "software-update-point")}


def test_ports_of_one_server_say_more_than_a_group_of_all(capsys: Output) -> None:
    rest = ["10.1.1.10", "10.1.1.12"]  # nothing tells these two apart
    own = {"management-point": ["10.1.1.11"], "software-update-point": ["10.1.1.13"]}
    assert servers(GROUP + OWN, capsys) == {"site-server": rest, **own}
    assert servers(GROUP + OWN + PUSH, capsys) == {"site-server": rest[:1], **own}


def test_a_group_of_which_nothing_else_is_known_stays(capsys: Output) -> None:
    assert servers(GROUP, capsys)["site-server"] == [f"10.1.1.{number}" for number in range(10, 14)]
