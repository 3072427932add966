"""Where many hosts share an address, filters after it have to pass every port that may be chosen for them.

ASA, `nat` in the command reference: `include-reserve` lets a PAT pool choose from 1-65535 instead of from
1024-65535. iptables-extensions(8): `--to-ports` is the range that MASQUERADE chooses from.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run

SITE = """\
settings: {mode: mixed, client-os: windows-10}
methods: [group-policy]
roles:
  client: [10.20.0.64/26]
  management-point: [10.1.1.11]
firewalls:
"""
FIRST = """\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif wan
 security-level 50
 ip address 192.0.2.1 255.255.255.0
interface GigabitEthernet0/1
 nameif branch
 security-level 50
 ip address 10.20.0.1 255.255.255.0
same-security-traffic permit inter-interface
object network LAN
 subnet 10.20.0.0 255.255.255.0
object network POOL
 range 192.0.2.50 192.0.2.60
{nat}
route wan 0.0.0.0 0.0.0.0 192.0.2.2 1
: end
"""
SECOND = """\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif core
 security-level 50
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif wan
 security-level 50
 ip address 192.0.2.2 255.255.255.0
same-security-traffic permit inter-interface
access-list WAN extended permit tcp any {ports} any eq 80
access-group WAN in interface wan
: end
"""
MASQUERADE = """\
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.20.0.0/24 -p tcp -j MASQUERADE{ports}
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
"""
TWICE = "nat (branch,wan) source dynamic LAN pat-pool POOL{words}"
OBJECT = "object network LAN\n nat (branch,wan) dynamic pat-pool POOL{words}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def verdict(capsys: pytest.CaptureFixture[str], name: str, first: str, ports: str) -> str:
    Path(name).write_text(first)
    Path("dc.cfg").write_text(SECOND.format(ports=ports))
    Path("aclproof.yaml").write_text(
        f"{SITE}  - {{name: edge, config: {name}}}\n"
        "  - {name: dc, config: dc.cfg, interfaces: {client: wan, management-point: core}}\n")
    run(["check", "--format", "json", "--assume", "usual"])
    results = json.loads(capsys.readouterr().out)["results"]
    found: str = next(each["verdict"] for each in results if each["verdict"] != "not-applicable")
    return found


@pytest.mark.parametrize("line", [TWICE, OBJECT])
@pytest.mark.parametrize(("words", "ports", "expected"), [
    ("", "gt 1023", "met"), (" flat", "gt 1023", "met"), ("", "gt 49151", "missing"),
    (" flat include-reserve", "gt 1023", "missing"), (" include-reserve", "gt 1023", "missing"),
    (" flat include-reserve", "gt 0", "met")])
def test_reserved_ports_that_a_pool_includes(capsys: pytest.CaptureFixture[str], line: str, words: str,
                                             ports: str, expected: str) -> None:
    assert verdict(capsys, "edge.cfg", FIRST.format(nat=line.format(words=words)), ports) == expected


@pytest.mark.parametrize(("words", "ports", "expected"), [
    ("", "gt 1023", "met"), (" --to-ports 512-1000", "gt 1023", "missing"),
    (" --to-ports 512-1000", "range 512 1000", "met"), (" --to-ports 2000-3000", "gt 1999", "met")])
def test_ports_that_masquerading_chooses_from(capsys: pytest.CaptureFixture[str], words: str, ports: str,
                                              expected: str) -> None:
    """Its address is not in the file; its ports are."""
    assert verdict(capsys, "edge.rules", MASQUERADE.format(ports=words), ports) == expected
