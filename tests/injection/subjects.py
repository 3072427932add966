"""Configurations of every make with a name or a text wherever one can stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from msgspec import Struct

from tests.canaries.planted import SUBJECTS as OF_SECRETS
from tests.canaries.planted import placed
from tests.every_call import Inputs
from tests.injection.attacks import filled, line, texts, word, yaml

_ASA = """\
ASA Version 9.12(4)
hostname @w0@
domain-name @w9@
names
name 10.1.1.12 @w8@ description @t@
interface GigabitEthernet0/0
 description @t@
 nameif @w1@
 security-level 50
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif @w2@
 security-level 50
 ip address 10.1.1.1 255.255.255.0
object network @w3@
 host 10.1.1.11
 description @t@
object network @w10@
 fqdn v4 @w11@
object-group network @w4@
 description @t@
 network-object object @w3@
 network-object host 10.1.1.10
object-group service @w12@ tcp
 port-object eq 445
object-group user @w13@
 user DOMAIN\\@w14@
time-range @w5@
 periodic daily 22:00 to 23:59
access-list @w6@ remark @t@
access-list @w6@ extended permit tcp any object-group @w4@ eq www time-range @w5@
access-list @w6@ extended permit tcp any object @w10@ eq 8530
access-list @w6@ extended permit tcp any any eq 80 inactive
access-list @w6@ extended deny ip any any log @t@
access-list @w6@ remark @t@
access-list @w6@ extended deny ip any any
access-list @w7@ remark @t@
access-list @w7@ extended permit tcp object-group-user @w13@ any any object-group @w12@
access-list @w7@ extended deny tcp host 10.1.1.10 any eq 445
access-list @w7@ extended permit tcp any any object-group @w12@
access-list @w7@ @t@
access-list @w15@ extended permit tcp any any eq 445
access-group @w6@ in interface @w1@
access-group @w7@ in interface @w2@
nat (@w1@,@w2@) source static @w3@ @w3@ description @t@
route @w2@ 0.0.0.0 0.0.0.0 10.1.1.254
class-map @w16@
 match access-list @w7@
policy-map @w17@
 class @w16@
  inspect dcerpc @w18@
service-policy @w17@ interface @w2@
@t@
"""
_IPTABLES = """\
# @t@
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:@w1@ - [0:0]
:@w2@ - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -m comment --comment "@q@" -j @w1@
-A @w1@ -p tcp -m tcp --dport 445 -m comment --comment "@q@" -j LOG --log-prefix "@q@"
-A @w1@ -p tcp -m tcp --dport 445 -m comment --comment "@q@" -j DROP
-A @w1@ -p tcp -m set --match-set @w3@ src -m tcp --dport 135 -m comment --comment "@q@" -j ACCEPT
-A @w1@ -i @w4@ -p tcp -m recent --rcheck --name "@q@" --rsource -j DROP
-A @w1@ -p tcp -m string --string "@q@" --algo bm -j DROP
-A @w1@ -m @w5@ --@w6@ "@q@" -j @w2@
-A @w1@ -p tcp -m tcp --dport 445 -j ACCEPT -m comment --comment "@q@"
-A @w2@ -p tcp -m tcp --dport 80 -j NFLOG --nflog-prefix "@q@"
-A @w2@ -j @w7@
@t@
COMMIT
# @t@
"""
_NFT = """\
# @t@
table inet filter {
    comment "@q@"
    set hosts {
        type ipv4_addr
        comment "@q@"
        flags dynamic
    }
    chain A {
        comment "@q@"
        iifname "@q@" tcp dport 445 drop comment "@q@"
        tcp dport 445 log prefix "@q@" drop comment "@q@"
        ip saddr @hosts tcp dport { 80, 135 } accept comment "@q@"
        meta cgroup 1 oifname { "@q@", "x" } accept
        @t@ accept
        tcp dport 80 counter accept comment "@q@"
    }
    chain forward {
        type filter hook forward priority 0; policy drop;
        ct state established,related accept
        jump A comment "@q@"
    }
}
@t@
"""
_LISTING = """\
Chain INPUT (policy DROP)
target     prot opt source               destination

Chain FORWARD (policy DROP)
target     prot opt source               destination
@w1@          all  --  0.0.0.0/0            0.0.0.0/0            /* @t@ */

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination

Chain @w1@ (1 references)
target     prot opt source               destination
LOG        tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:445 LOG flags 0 level 4 prefix "@q@"
DROP       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:445 /* @t@ */
ACCEPT     tcp  --  @w3@                 0.0.0.0/0            tcp dpt:80 match-set @w2@ src
@t@
"""
_NETSH = """\
@t@
Rule Name:                            @t@
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:                             @t@
LocalIP:                              Any
RemoteIP:                             Any
Protocol:                             TCP
LocalPort:                            445
RemotePort:                           Any
Edge traversal:                       No
Program:                              @t@
Service:                              @w1@
Action:                               Block

Rule Name:                            @t@
----------------------------------------------------------------------
Description:                          @t@
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:
LocalIP:                              Any
RemoteIP:                             @t@
Protocol:                             TCP
LocalPort:                            RPC
RemotePort:                           Any
Edge traversal:                       No
Action:                               Allow
Ok.
"""
_KEY = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
_REG = f"""\
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\{_KEY}\\DomainProfile]
"EnableFirewall"=dword:00000001
"@q@"="@q@"

[HKEY_LOCAL_MACHINE\\{_KEY}\\FirewallRules]
"@q@"="v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=@q@|Desc=@q@|EmbedCtxt=@q@|"
"b"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=135|App=@q@|Svc=@q@|Name=@q@|"
"c"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=@q@|IF=@q@|LUAuth=@q@|@q@=1|"

"""
_SESSION = """\
@w1@# show clock
09:12:44.118 UTC Thu Jan 15 2026
@w1@# @t@
@t@
@w1@# packet-tracer input @w2@ tcp 10.1.1.10 49152 10.20.0.77 445 detailed

Phase: 1
Type: ACCESS-LIST
Subtype: @t@
Result: DROP
Config:
access-list @w3@ extended deny tcp host 10.1.1.10 any eq 445
@t@
Result:
input-interface: @w2@
Action: drop
Drop-reason: (acl-drop) @t@

root@@w4@:~# date
Thu Jan 15 09:12:44 UTC 2026
root@@w4@:~# nc -zv -w 5 10.20.0.5 445
nc: connect to 10.20.0.5 port 445 (tcp) failed: @t@
PS C:\\> Get-Date -Format o
2026-01-15T09:12:44.0000000+00:00
PS C:\\> Test-NetConnection 10.20.0.5 -Port 445

ComputerName     : @t@
TcpTestSucceeded : False

@t@
"""
_WAIVERS = """\
waivers:
  - {{id: {0}, requirement: CM2007-PUSH-SMB, reason: {1}, owner: {2}, expires: 2026-03-01, approved-by: {3},
      ticket: {4}}}
  - {{id: {5}, requirement: CM2007-PUSH-ECHO, reason: {6}, owner: {7}, expires: 2026-01-02}}
"""


class Subject(Struct, frozen=True):
    """A configuration, and a change of it."""

    config: Callable[[int], str]
    lines: str
    more: str = ""


def _text(template: str) -> Callable[[int], str]:
    return lambda first: filled(template, first)


def _json(first: int) -> str:
    """Rules as PowerShell writes them: each value may be any text."""
    some = texts(first)
    rule = {"Enabled": 1, "Direction": 1, "Action": 4, "Profile": 0, "Protocol": "TCP", "LocalPort": ["445"]}
    free = (
        "InstanceID",
        "Name",
        "DisplayName",
        "Group",
        "Description",
        "Program",
        "Service",
        "LocalUser",
        "RemoteMachine",
        "InterfaceAlias",
        "Owner",
        "Package",
    )
    return json.dumps(
        [
            {**rule, **{each: next(some) for each in free[: 2 + number]}, "Action": (4, 2)[number % 2]}
            for number in range(len(free))
        ]
    )


def _nft_json(first: int) -> str:
    """A ruleset of nft -j: names may be any text."""
    some = texts(first)
    table, chain, named = (next(some) for _ in range(3))
    where = {"family": "inet", "table": table}
    port = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 445}}
    source = {
        "match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": f"@{named}"}
    }
    face = {"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": next(some)}}
    rules = (
        [source, port, {"accept": None}],
        [face, port, {"drop": None}],
        [port, {next(some): None}],
        [port, {"log": {"prefix": next(some)}}],
        [port, {"drop": None}],
        [port, {"jump": {"target": "x"}}],
    )
    return json.dumps(
        {
            "nftables": [
                {"metainfo": {"version": next(some), "json_schema_version": 1}},
                {"table": {"family": "inet", "name": table, "handle": 1}},
                {
                    "chain": {
                        **where,
                        "name": chain,
                        "handle": 1,
                        "type": "filter",
                        "hook": "forward",
                        "prio": 0,
                        "policy": "drop",
                        "comment": next(some),
                    }
                },
                {"set": {**where, "name": named, "handle": 3, "type": "ipv4_addr", "flags": ["dynamic"]}},
                *(
                    {
                        "rule": {
                            **where,
                            "chain": chain,
                            "handle": 9 + number,
                            "comment": next(some),
                            "expr": each,
                        }
                    }
                    for number, each in enumerate(rules)
                ),
            ]
        }
    )


def _secret(name: str) -> Callable[[int], str]:
    """The configuration of the secrets, with an attack in place of each."""
    subject = OF_SECRETS[name]

    def config(first: int) -> str:
        some = texts(first)
        parts = placed(subject.config, subject.positions).split("{}")
        return "".join(part + attack for part, attack in zip(parts, map(word, some), strict=False))

    return config


_WINDOWS = ", host: client, profile: domain"
SUBJECTS: Mapping[str, Subject] = {
    "asa": Subject(
        _text(_ASA),
        "access-list @w7@ line 1 remark @t@\nobject network @w19@\n host 10.1.1.10\n"
        "access-list @w7@ line 1 extended permit tcp any object @w3@ eq 445\n@t@\n",
    ),
    "iptables": Subject(
        _text(_IPTABLES),
        'iptables -I FORWARD 1 -p tcp --dport 445 -m comment --comment "@q@" '
        "-j ACCEPT\niptables -N @w9@\niptables -A @w9@ -j @w1@\n@t@\n",
    ),
    "nft": Subject(_text(_NFT), 'nft add rule inet filter A tcp dport 445 accept comment \\"@q@\\"\n@t@\n'),
    "nft-json": Subject(_nft_json, "nft add chain inet filter @w1@\n@t@\n"),
    "listing": Subject(_text(_LISTING), "iptables -D @w1@ 1\n@t@\n"),
    "netsh": Subject(_text(_NETSH), 'netsh advfirewall firewall delete rule name="@q@"\n@t@\n', _WINDOWS),
    "reg": Subject(
        _text(_REG), 'New-NetFirewallRule -DisplayName "@q@" -LocalPort 445 -Protocol TCP\n@t@\n', _WINDOWS
    ),
    "powershell": Subject(_json, "Remove-NetFirewallRule -Name '@q@'\n@t@\n", _WINDOWS),
    **{
        f"{name} with secrets": Subject(_secret(name), each.lines.replace("@", "@t@"), each.more)
        for name, each in OF_SECRETS.items()
    },
}


def inputs_of(subject: Subject, first: int) -> Inputs:
    """The folder of a subject with an attack at every position, from one attack on."""
    some = texts(first)
    config = "".join("�" if "\ud800" <= each <= "\udfff" else each for each in subject.config(first))
    site = (
        "roles: {{client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]}}\n"
        "settings: {{mode: mixed, client-os: windows-xp}}\nmethods: [client-push, group-policy]\n"
        "firewalls: [{{name: fw, config: fw.cfg{more}}}, {{name: "
        + yaml(next(some))
        + ", config: fw.cfg{more}}}]\n"
    )
    waivers = _WAIVERS.format(*(yaml(each) for each, _ in zip(some, range(8), strict=False)))
    return Inputs(
        config,
        subject.more,
        line_of(filled(subject.lines, first + 7)),
        filled(_SESSION, first + 3),
        site,
        waivers.replace("{{", "{").replace("}}", "}"),
    )


def line_of(text: str) -> str:
    """Attacks of one line each; kept as a name so that scripts and configurations are filled alike."""
    return "\n".join(map(line, text.split("\n")))
