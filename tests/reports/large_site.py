"""A site of as many firewalls as one likes, in a row between branch and datacentre, of two makes.

Every one lets group policy's packets pass. Of client push, every seventh stops SMB by a line of its own,
every tenth leaves it open, and none permits the ports of RPC.
"""

from __future__ import annotations

import tempfile
from contextlib import chdir
from datetime import date
from functools import cache
from pathlib import Path

from aclproof.linter.program import check
from aclproof.linter.result import Result
from aclproof.linter.site import reader

AS_OF = date(2026, 1, 31)
_CLIENTS, _SITE_SERVER = "10.20.0.0/16", "10.1.1.10"
_ASA = """\
ASA Version 9.12(4)
hostname {name}
interface GigabitEthernet0/0
 nameif branch
 security-level 50
 ip address 172.16.0.1 255.255.255.252
interface GigabitEthernet0/1
 nameif datacentre
 security-level 100
 ip address 172.16.1.1 255.255.255.252
time-range NIGHT
 periodic daily 22:00 to 23:59
access-list BRANCH-IN extended permit tcp 10.20.0.0 255.255.0.0 10.1.1.0 255.255.255.0 eq www
access-list DATACENTRE-IN extended {smb}
access-list DATACENTRE-IN extended permit icmp host 10.1.1.10 10.20.0.0 255.255.0.0 echo
access-list DATACENTRE-IN extended permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 135
access-group BRANCH-IN in interface branch
access-group DATACENTRE-IN in interface datacentre
route datacentre 10.1.1.0 255.255.255.0 172.16.1.2 1
route branch 10.20.0.0 255.255.0.0 172.16.0.2 1
class-map inspection_default
 match default-inspection-traffic
policy-map global_policy
 class inspection_default
  inspect icmp
service-policy global_policy global
: end
"""
_SMB = "tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 445"
_LINUX = """\
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s 10.20.0.0/16 -d 10.1.1.0/24 -p tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.1.1.10/32 -d 10.20.0.0/16 -p tcp -m multiport --dports 135,445 -j ACCEPT
-A FORWARD -s 10.1.1.10/32 -d 10.20.0.0/16 -p icmp --icmp-type 8 -j ACCEPT
COMMIT
"""


def write(folder: Path, count: int) -> Path:
    """Write configurations of `count` firewalls and their site file; return the site file."""
    site = ["settings: {mode: mixed, client-os: windows-xp}",
            f"roles: {{client: [{_CLIENTS}], site-server: [{_SITE_SERVER}], management-point: [10.1.1.11]}}",
            "firewalls:"]
    for number in range(1, count + 1):
        name = f"fw-{number:03}"
        linux = number % 4 == 0
        (folder / f"{name}.cfg").write_text(_LINUX if linux else _asa(name, number), encoding="utf-8")
        ends = ", interfaces: {client: eth1, site-server: eth0, management-point: eth0}" if linux else ""
        site.append(f"  - {{name: {name}, config: {name}.cfg{ends}}}")
    file = folder / "aclproof.yaml"
    file.write_text("\n".join((*site, "")), encoding="utf-8")
    return file


def _asa(name: str, number: int) -> str:
    if number % 7 == 0:
        return _ASA.format(name=name, smb="deny tcp any any eq 445")
    return _ASA.format(name=name, smb=f"permit {_SMB}{' time-range NIGHT' if number % 10 == 5 else ''}")


@cache
def large(count: int) -> Result:
    """Return what a check finds of such a site; its files have names relative to their folder."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        write(Path(), count)
        return check(reader.read(Path("aclproof.yaml")), AS_OF)
