"""Inputs with a token of its own at every position, whole and damaged."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from tests import every_call
from tests.canaries import asa, others

TOKEN = re.compile(r"fedca9[0-9a-f]{4}", re.IGNORECASE)
"""It reads as a word, and as the hexadecimal digits that a key may have to be."""


def numbered(text: str, numbers: Iterator[int]) -> str:
    """Put a token of its own at each `{}`."""
    return re.sub(re.escape("{}"), lambda _: f"fedca9{next(numbers):04x}", text)


def _line(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of the line with the secret: the last one that has one."""
    def changed(block: str) -> str:
        lines = block.split("\n")
        at = max(number for number, line in enumerate(lines) if "{}" in line)
        margin = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
        return "\n".join([*lines[:at], margin + change(lines[at].lstrip()), *lines[at + 1:]])
    return changed


def _headless(block: str) -> str:
    lines = block.split("\n")
    return "\n".join(lines[next(number for number, line in enumerate(lines) if "{}" in line):])


DAMAGES: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda block: block,
    "without its header": _headless,
    "indented": lambda block: "\n".join(f" {line}" for line in block.split("\n")),
    "without its margin": lambda block: "\n".join(line.lstrip() for line in block.split("\n")),
    "without its first letter": _line(lambda line: line[1:]),
    "without its first word": _line(lambda line: line.partition(" ")[2] or line),
    "with a wrong letter": _line(lambda line: f"{line[:1]}q{line[2:]}" if line[1:2].isalpha() else line),
    "with a letter twice": _line(lambda line: line[:2] + line[1:]),
    "in capitals": _line(lambda line: line.upper()),
    "taken back": _line(lambda line: f"no {line}"),
    "at a prompt": _line(lambda line: f"fw(config)# {line}"),
    "wrapped before it": _line(lambda line: line.replace("{}", "\n{}", 1)),
    "wrapped and indented": _line(lambda line: line.replace(" {}", "\n {}", 1)),
    "after tabs": _line(lambda line: "\t" + line.replace(" ", "\t")),
    "with a number of a line": _line(lambda line: f" 12: {line}"),
    "cut off behind it": _line(lambda line: line.partition("{}")[0] + "{}"),
    "with a carriage return": _line(lambda line: line.replace("{}", "{}\r")),
    "with a byte of zero": _line(lambda line: line.replace("{}", "\0{}"))}
"""What becomes of a block; its `{}` stay in it."""

_ASA = """\
ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/0
 nameif in
 security-level 50
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif out
 security-level 50
 ip address 10.1.1.1 255.255.255.0
@
object network MP
 host 10.1.1.11
object-group network SERVERS
 network-object object MP
 network-object host 10.1.1.10
time-range NIGHT
 periodic daily 22:00 to 23:59
@
access-list A extended permit tcp any object-group SERVERS eq www time-range NIGHT
access-list A extended deny ip any any
access-list B extended permit tcp any any eq 135
access-list B extended deny tcp host 10.1.1.10 any eq 445
@
access-list B extended permit nonsense any any
access-group A in interface in
access-group B in interface out
@
nat (in,out) source static MP MP
route out 0.0.0.0 0.0.0.0 10.1.1.254
policy-map global_policy
 class inspection_default
  inspect icmp
service-policy global_policy global
@
"""
_IPTABLES = """\
@
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:A - [0:0]
@
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j A
@
-A A -p tcp -m tcp --dport 445 -j DROP
-A A -p tcp -m set --match-set hosts src -m tcp --dport 135 -j ACCEPT
-A A -p tcp -m nonsense --dport 80 -j ACCEPT
COMMIT
@
"""
_LISTING = """\
@
Chain INPUT (policy DROP)
target     prot opt source               destination
@
Chain FORWARD (policy DROP)
target     prot opt source               destination
@
A          all  --  0.0.0.0/0            0.0.0.0/0
@

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination

Chain A (1 references)
target     prot opt source               destination
@
DROP       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:445
ACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80
@
"""
_NFT = """\
@
table inet filter {
    set hosts {
        type ipv4_addr
        elements = { 10.1.1.10, 10.1.1.11 }
    }
@
    chain A {
        tcp dport 445 drop
        ip saddr @hosts tcp dport { 80, 135 } accept
@
        nonsense dport 80 accept
    }
    chain forward {
        type filter hook forward priority 0; policy drop;
        ct state established,related accept
        jump A
    }
}
@
"""
_HOST = _IPTABLES + """\
root@fw:~# ip address
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 00:1b:21:47:11:99 brd ff:ff:ff:ff:ff:ff
    inet 10.1.1.1/24 brd 10.1.1.255 scope global eth0
@
root@fw:~# ip route
10.1.1.0/24 dev eth0 proto kernel scope link src 10.1.1.1
@
root@fw:~# sysctl net.ipv4.ip_forward
net.ipv4.ip_forward = 1
@
"""
_NETSH = """\
@

Rule Name:                            SMB
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:                             
LocalIP:                              Any
RemoteIP:                             Any
Protocol:                             TCP
LocalPort:                            445
RemotePort:                           Any
Edge traversal:                       No
Action:                               Block
@

Rule Name:                            RPC
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:                             
LocalIP:                              Any
RemoteIP:                             Any
Protocol:                             TCP
LocalPort:                            RPC
RemotePort:                           Any
Edge traversal:                       No
Action:                               Allow
Ok.
@
"""
_KEY = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_REG = f"""\
Windows Registry Editor Version 5.00
@

[HKEY_LOCAL_MACHINE\\{_KEY}\\DomainProfile]
"EnableFirewall"=dword:00000001
@

[HKEY_LOCAL_MACHINE\\{_KEY}\\FirewallRules]
"a"="v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=SMB|"
"b"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=135|Name=RPC|Nonsense=1|"
@

"""
_SESSION = """\
fw# terminal pager 0
@
fw# show clock
09:12:44.118 UTC Thu Jan 15 2026
@
fw# packet-tracer input out tcp 10.1.1.10 49152 10.20.0.77 445 detailed

Phase: 1
Type: ACCESS-LIST
Subtype: log
Result: DROP
Config:
access-list B extended deny tcp host 10.1.1.10 any eq 445
@
Additional Information:

Result:
input-interface: out
Action: drop
Drop-reason: (acl-drop) Flow is denied by configured rule

@
fw# show time-range

time-range entry: NIGHT (active)
   periodic daily 22:00 to 23:59
@
fw# show running-config
@
fw# exit
"""
_HOST_SESSION = """\
root@fw:~# date
Thu Jan 15 09:12:44 UTC 2026
@
root@fw:~# nc -zv -w 5 10.20.0.5 445
nc: connect to 10.20.0.5 port 445 (tcp) failed: Connection refused
@
root@fw:~# iptables-save -c
@
root@fw:~# ipset list hosts
Name: hosts
@
"""
_WINDOWS_SESSION = """\
PS C:\\> Get-Date -Format o
2026-01-15T09:12:44.0000000+00:00
@
PS C:\\> Test-NetConnection 10.20.0.5 -Port 445

ComputerName     : 10.20.0.5
@
TcpTestSucceeded : False

@
PS C:\\> Get-NetConnectionProfile

Name             : corp
@
"""


def _rules(count: int) -> str:
    """A PowerShell export whose rules have properties that no rule has."""
    rule = {"Name": "a", "DisplayName": "SMB", "Enabled": 1, "Direction": 1, "Action": 4, "Profile": 0,
            "Protocol": "TCP", "LocalPort": ["445"]}
    keys = ("Password", "cpassword", "PSK", "Credential", "PSComputerName", "CimSystemProperties", "secret")
    return json.dumps([{**rule, "Name": f"{number}", keys[number % len(keys)]: "{}"}
                       for number in range(count)])


class Subject(Struct, frozen=True):
    """A kind of input: where `@` stands secrets are put in."""

    config: str
    positions: Sequence[str]
    lines: str = ""
    session: str = ""
    more: str = ""


SUBJECTS: Mapping[str, Subject] = {
    "asa": Subject(_ASA, asa.POSITIONS, "access-list B line 1 extended permit tcp any any eq 445\n@\n",
                   _SESSION),
    "iptables": Subject(_IPTABLES, others.LINUX, "iptables -I A 1 -p tcp --dport 445 -j ACCEPT\n@\n",
                        _HOST_SESSION),
    "listing": Subject(_LISTING, others.LINUX, "iptables -D A 1\n@\n", _HOST_SESSION),
    "host": Subject(_HOST, others.LINUX, "@\niptables -D A 1\n", _HOST_SESSION),
    "nft": Subject(_NFT, others.LINUX, "nft add rule inet filter A tcp dport 445 accept\n@\n", _HOST_SESSION),
    "netsh": Subject(_NETSH, others.WINDOWS, "netsh advfirewall firewall delete rule name=SMB\n@\n",
                     _WINDOWS_SESSION, ", host: client, profile: domain"),
    "reg": Subject(_REG, others.WINDOWS, "Remove-NetFirewallRule -Name a\n@\n", _WINDOWS_SESSION,
                   ", host: client, profile: domain"),
    "powershell": Subject(_rules(9), others.WINDOWS, "@\n", _WINDOWS_SESSION,
                          ", host: client, profile: domain")}


def planted(text: str, blocks: Sequence[str], numbers: Iterator[int]) -> str:
    """Put the blocks where a text has `@`, with a token of its own at each `{}`."""
    return numbered(placed(text, blocks), numbers)


def placed(text: str, blocks: Sequence[str]) -> str:
    """Put the blocks where a text has `@`, one after the other in turn."""
    places = re.split("^@$", text, flags=re.MULTILINE)
    shares = ["\n".join(blocks[at::len(places) - 1]) for at in range(len(places) - 1)]
    return "".join(itertools.chain.from_iterable(itertools.zip_longest(places, shares, fillvalue="")))


def inputs_of(subject: Subject, damage: str, numbers: Iterator[int]) -> every_call.Inputs:
    """The folder of a subject with every block damaged in one way."""
    blocks = [DAMAGES[damage](each) for each in subject.positions]
    texts = [planted(each, blocks, numbers) for each in (subject.config, subject.lines, subject.session)]
    return every_call.Inputs(texts[0], subject.more, texts[1], texts[2])
