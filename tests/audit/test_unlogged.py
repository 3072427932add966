"""`unlogged-deny`: what is stopped without a trace in a log, of every make."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.named import audited, observations, said

NOTHING, NOT_ALL = "no rule before it logs what it stops", "no rule before it logs all that it stops"

ASA = """ASA Version 9.16(4)
{logging}
access-list IN extended permit tcp any any eq https
access-list IN extended deny udp any any{log}
access-list IN extended deny ip any any{log}
access-list CRYPTO extended deny ip any any
crypto map M 1 match address CRYPTO
access-group IN in interface outside
{end}
"""


def _nowhere(number: str, level: int) -> str:
    return (f"no deny of IN that leaves message {number} of level {level} is logged, as no destination "
            "takes that level")


@pytest.mark.parametrize(("logging", "log", "end", "found"), [
    ("logging enable", "", ": end", []),
    ("logging on", "", ": end", []),
    ("logging timestamp", "", "", []),  # it is not shown whole
    ("logging enable", " log", ": end", []),
    ("logging enable", " log 4 interval 600", ": end", []),
    ("logging enable", " log disable", ": end",
     [(4, "'log disable' keeps what it denies out of every log"),
      (5, "'log disable' keeps what it denies out of every log")]),
    ("logging enable", " inactive", ": end", []),
    ("logging timestamp", "", ": end",
     [(4, "no deny of IN is logged, as no line of the whole configuration switches logging on")]),
    ("no logging enable", "", "", [(4, "no deny of IN is logged, as logging is switched off")]),
    ("no logging on", " log", "", [(4, "no deny of IN is logged, as logging is switched off")]),
    ("logging enable\nno logging message 106023", "", "",
     [(5, "no deny of IN that would leave message 106023 is logged, as that is switched off")]),
    ("logging enable\nno logging message 106023", " log default", "",
     [(5, "no deny of IN that would leave message 106023 is logged, as that is switched off")]),
    ("logging enable\nno logging message 106023", " log", "", []),
    ("logging enable\nno logging message 106100", " log", "",
     [(5, "no deny of IN that would leave message 106100 is logged, as that is switched off")]),
    ("logging enable\nno logging message 106023\nlogging message 106023", "", "", []),
    ("logging enable\nno logging message 305012", "", "", []),
    ("no logging enable\nlogging enable", "", "", []),
    ("logging enable\nlogging trap errors", "", ": end", [(5, _nowhere("106023", 4))]),
    ("logging enable\nlogging trap errors", "", "", []),  # other destinations may not be shown
    ("logging enable\nlogging trap 4\nlogging console alerts", "", ": end", []),
    ("logging enable\nlogging buffered warnings", " log", ": end", [(5, _nowhere("106100", 6))]),
    ("logging enable\nlogging buffered warnings\nlogging asdm informational", " log", ": end", []),
    ("logging enable\nlogging buffered warnings", " log 4", ": end", []),
    ("logging enable\nlogging buffered warnings", " log errors interval 60", ": end", []),
    ("logging enable\nlogging trap errors\nno logging trap", "", ": end", []),
    ("logging enable\nlogging buffered errors\nlogging host inside 10.0.0.9", "", ": end", []),
    ("logging enable\nlogging trap errors\nlogging buffered DENIES", "", ": end", []),
    ("logging enable\nlogging trap errors\nlogging class session trap debugging", "", ": end", []),
    ("logging enable\nlogging trap errors\nlogging message 106023 level errors", "", ": end", []),
    ("no logging enable\nflow-export event-type flow-denied destination 10.0.0.9", "", ": end", []),
    ("logging enable\nflow-export event-type all destination 10.0.0.9", " log disable", ": end", []),
    ("no logging enable\nflow-export event-type flow-create destination 10.0.0.9", "", "",
     [(5, "no deny of IN is logged, as logging is switched off")]),
])
def test_asa(logging: str, log: str, end: str, found: list[tuple[int, str]]) -> None:
    text = ASA.format(logging=logging, log=log, end=end)
    assert said(text, "unlogged-deny") == found
    snort = said(text.replace("ASA Version 9.16(4)", "NGFW Version 7.0.1"), "unlogged-deny")
    assert snort == (found if "disable" in log else [])


def test_asa_names_the_switch() -> None:
    found, = observations(ASA.format(logging="no logging enable", log="", end=""), "unlogged-deny")
    assert [(each.first_line, each.text) for each in found.others] == [(2, "no logging enable")]
    assert found.severity == "note"


SET = "-m set --match-set bad src"
STRING = "-m string --string x --algo bm"
STATE = "-m state --state"
FILTER = """*filter
:INPUT ACCEPT [0:0]
:FORWARD {policy} [0:0]
:OUTPUT ACCEPT [0:0]
:LOGDROP - [0:0]
:LOGGED - [0:0]
:QUIET - [0:0]
{rules}
COMMIT
"""


@pytest.mark.parametrize(("rules", "policy", "found"), [
    (["-A FORWARD -p tcp -j DROP"], "ACCEPT", [(8, NOTHING)]),
    (["-A FORWARD -p tcp -j REJECT"], "ACCEPT", [(8, NOTHING)]),
    ([], "DROP", [(3, NOTHING)]),
    (["-A FORWARD -j LOG"], "DROP", []),
    (["-A FORWARD -j NFLOG --nflog-group 1"], "DROP", []),
    (["-A FORWARD -m limit --limit 5/min -j LOG"], "DROP", []),
    (["-A FORWARD -m hashlimit --hashlimit-upto 5/min --hashlimit-name x -j LOG"], "DROP", []),
    (["-A FORWARD -p tcp -j LOG"], "DROP", [(3, NOT_ALL)]),
    (["-A FORWARD -p tcp -j LOG", "-A FORWARD ! -p tcp -j LOG"], "DROP", []),
    (["-A FORWARD -p tcp -j LOG", "-A FORWARD -p tcp --dport 22 -j DROP"], "ACCEPT", []),
    (["-A FORWARD -p tcp --dport 22 -j LOG", "-A FORWARD -p tcp -j DROP"], "ACCEPT", [(9, NOT_ALL)]),
    (["-A FORWARD -p tcp -j DROP", "-A FORWARD -p tcp -j LOG"], "ACCEPT", [(8, NOTHING)]),
    # what another rule has taken before needs no log
    (["-A FORWARD -p udp -j ACCEPT", "-A FORWARD ! -p udp -j LOG"], "DROP", []),
    (["-A FORWARD -j ACCEPT", "-A FORWARD -p tcp -j DROP"], "ACCEPT", []),
    # tests that both ask
    (["-A FORWARD -i eth0 -j LOG", "-A FORWARD -i eth0 -p tcp -j DROP"], "ACCEPT", []),
    (["-A FORWARD -i eth0 -j LOG", "-A FORWARD -p tcp -j DROP"], "ACCEPT", [(9, NOT_ALL)]),
    ([f"-A FORWARD {SET} -j LOG", f"-A FORWARD {SET} -j DROP"], "ACCEPT", []),
    (["-A FORWARD -j SET --add-set x src", f"-A FORWARD {SET} -j LOG", f"-A FORWARD {SET} -j DROP"], "ACCEPT",
     []),
    (["-A FORWARD -m recent --update --name x -j LOGDROP", "-A LOGDROP -j LOG", "-A LOGDROP -j DROP",
      "-A FORWARD -p tcp -j DROP"], "ACCEPT", [(11, NOT_ALL)]),
    (["-A FORWARD -m hashlimit --hashlimit-above 5/min --hashlimit-name x -j LOG"], "DROP", [(3, NOT_ALL)]),
    (["-A FORWARD -m statistic --mode random --probability 0.1 -j LOG"], "DROP", [(3, NOT_ALL)]),
    ([f"-A FORWARD {STRING} -j LOG", "-A FORWARD -p tcp -j DROP"], "ACCEPT", [(9, NOT_ALL)]),
    ([f"-A FORWARD {STRING} -j LOG", f"-A FORWARD {STRING} -j DROP"], "ACCEPT", []),
    # states: what is new is logged, what belongs to something passes, what is invalid is stopped
    ([f"-A FORWARD {STATE} ESTABLISHED,RELATED -j ACCEPT", f"-A FORWARD {STATE} INVALID -j DROP",
      f"-A FORWARD {STATE} NEW -j LOG"], "DROP", [(9, NOTHING)]),
    ([f"-A FORWARD {STATE} ESTABLISHED,RELATED -j ACCEPT", f"-A FORWARD {STATE} NEW -j LOG"], "DROP",
     [(3, NOT_ALL)]),
    # chains
    (["-A FORWARD -p tcp -j LOGDROP", "-A LOGDROP -m limit --limit 1/s -j LOG", "-A LOGDROP -j DROP"],
     "ACCEPT", []),
    (["-A FORWARD -p tcp -j QUIET", "-A QUIET -j DROP"], "ACCEPT", [(9, NOTHING)]),
    (["-A FORWARD -p tcp -j LOG", "-A FORWARD -p tcp -j QUIET", "-A QUIET -j DROP"], "ACCEPT", []),
    (["-A FORWARD -p tcp -j LOG", "-A FORWARD -p tcp -j QUIET", "-A FORWARD -p udp -j QUIET",
      "-A QUIET -j DROP"], "ACCEPT", [(11, NOT_ALL)]),
    (["-A FORWARD -j LOGGED", "-A LOGGED -j LOG"], "DROP", []),
    (["-A FORWARD -m limit --limit 3/min -j LOGGED", "-A LOGGED -j LOG"], "DROP", []),
    (["-A FORWARD -p tcp -g LOGGED", "-A LOGGED -j LOG"], "DROP", [(3, NOT_ALL)]),
    (["-A FORWARD -j LOGGED", "-A LOGGED -p udp -j RETURN", "-A LOGGED -j LOG"], "DROP", [(3, NOT_ALL)]),
    (["-A QUIET -j DROP"], "ACCEPT", []),  # nothing comes to it
    (["-A FORWARD -i eth0 -j QUIET", "-A QUIET -i eth1 -j DROP"], "ACCEPT", []),
    (["-A FORWARD -p udp -j RETURN", "-A FORWARD -j LOG"], "DROP", [(3, NOT_ALL)]),
    # what is not understood may log, and a program may let pass
    (["-A FORWARD -j UNHEARDOF"], "DROP", []),
    (["-A FORWARD -j NFQUEUE --queue-num 1"], "ACCEPT", []),
])
def test_iptables(rules: Sequence[str], policy: str, found: list[tuple[int, str]]) -> None:
    assert said(FILTER.format(policy=policy, rules="\n".join(rules)), "unlogged-deny") == found


def test_more_ways_than_are_looked_at() -> None:
    calls = [f"-A {chain} -s 10.0.0.{number} -j {called}" for chain, called in (
        ("FORWARD", "LOGGED"), ("LOGGED", "QUIET")) for number in range(20)]
    text = FILTER.format(policy="ACCEPT", rules="\n".join(["-A FORWARD -j LOG", *calls, "-A QUIET -j DROP"]))
    found = audited(text, "unlogged-deny")
    assert (found.found, [span.first_line for _, span in found.not_told]) == ((), [49])
    found = audited(text.replace("-A FORWARD -j LOG\n", ""), "unlogged-deny")
    assert ([each.span.first_line for each in found.found], found.not_told) == ([48], ())


def test_a_listing_without_interfaces() -> None:
    listing = """Chain FORWARD (policy DROP)
target     prot opt source               destination
LOG        all  --  0.0.0.0/0            0.0.0.0/0            LOG flags 0 level 4
DROP       tcp  --  0.0.0.0/0            0.0.0.0/0
"""
    assert not said(listing, "unlogged-deny")  # the log rule may be for one interface, or for all
    of_udp = listing.replace("LOG        all", "LOG        udp")
    assert [line for line, _ in said(of_udp, "unlogged-deny")] == [1, 4]


def test_a_log_in_an_earlier_table() -> None:
    drop = FILTER.format(policy="DROP", rules="-A INPUT -p tcp -j DROP")
    before = "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -j LOG\nCOMMIT\n"
    assert len(said(drop, "unlogged-deny")) == 2
    assert not said(before + drop, "unlogged-deny")
    assert len(said(before.replace("-A PREROUTING", "-A OUTPUT") + drop, "unlogged-deny")) == 2


def test_the_log_rules_are_the_reason() -> None:
    text = FILTER.format(policy="DROP", rules="-A FORWARD -p tcp -j LOG\n-A FORWARD -s 10.0.0.0/8 -j LOG")
    found, = observations(text, "unlogged-deny")
    assert [each.first_line for each in found.others] == [8, 9]


NFT = """table inet fw {{
	limit few {{ rate 5/minute; }}
	limit many {{ rate over 5/minute; }}
	chain forward {{
		type filter hook forward priority filter; policy {policy};
		{rules}
	}}
	chain quiet {{
		reject
	}}
}}
"""


@pytest.mark.parametrize(("rules", "policy", "found"), [
    (["tcp dport 22 drop"], "accept", [(6, NOTHING)]),
    (["tcp dport 22 log prefix \"x\" drop"], "accept", []),
    (["tcp dport 22 log group 1 reject"], "accept", []),
    (["limit rate 5/minute log", "tcp dport 22 drop"], "accept", []),
    (["ip saddr 10.0.0.0/8 log"], "drop", [(5, NOT_ALL)]),
    (["limit rate 5/minute log"], "drop", []),
    (["limit rate over 5/minute log"], "drop", [(5, NOT_ALL)]),
    (["meta nfproto ipv4 log", "meta nfproto ipv6 log"], "drop", []),
    (["tcp dport { 22, 23 } jump quiet"], "accept", [(9, NOTHING)]),
    (["log", "tcp dport { 22, 23 } jump quiet"], "accept", []),
    (["tcp dport 22 drop", "tcp dport 23 log"], "accept", [(6, NOTHING)]),
    (["tcp dport vmap { 22 : drop, 23 : accept }"], "accept", [(6, NOTHING)]),
    (["iifname \"eth0\" log", "iifname \"eth0\" drop"], "accept", []),
    (["limit name \"few\" log"], "drop", []),
    (["limit name few log"], "drop", []),
    (["log limit name \"few\" counter"], "drop", []),
    (["limit name \"many\" log"], "drop", [(5, NOT_ALL)]),
    (["limit name ip saddr map { 10.0.0.1 : \"few\" } log"], "drop", [(5, NOT_ALL)]),
])
def test_nftables(rules: Sequence[str], policy: str, found: list[tuple[int, str]]) -> None:
    assert said(NFT.format(policy=policy, rules="\n\t\t".join(rules)), "unlogged-deny") == found


def test_a_line_that_was_not_read_may_log() -> None:
    """Where it is not known of which list it is: one of another list does not, and a whole file has none."""
    text = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
{line}
COMMIT
"""
    for line, perhaps in (("A FORWARD -j LOG", [True, True]), ("-A FORWARD --odd -j LOG", [False]),
                          ("-A FORWARD -p tcp -j ACCEPT", [False, False])):
        found = observations(text.format(line=line), "unlogged-deny")
        assert [bool(each.perhaps) for each in found] == perhaps, line
    rules = NFT.format(policy="drop", rules="tcp dport 22 accept")
    found = observations(f'include "x.nft"\n{rules}', "unlogged-deny")
    assert [bool(each.perhaps) for each in found] == [True]


def test_two_rules_of_nft_on_a_line() -> None:
    assert not said(NFT.format(policy="accept", rules="log; tcp dport 22 drop"), "unlogged-deny")


PROFILE = """
{name} Profile Settings: 
----------------------------------------------------------------------
State                                 {state}
Firewall Policy                       BlockInbound,AllowOutbound
LocalFirewallRules                    N/A (GPO-store only)
UnicastResponseToMulticast            Enable

Logging:
LogAllowedConnections                 Disable
LogDroppedConnections                 {log}
MaxFileSize                           4096

"""


def _netsh(state: str, log: str) -> str:
    return "".join(PROFILE.format(name=name, state=state, log=log)
                   for name in ("Domain", "Private", "Public")) + "Ok.\n"


POWERSHELL = """
Name                            : {name}
Enabled                         : True
DefaultInboundAction            : Block
DefaultOutboundAction           : Allow
AllowInboundRules               : True
AllowLocalFirewallRules         : True
AllowLocalIPsecRules            : True
AllowUserApps                   : NotConfigured
AllowUserPorts                  : NotConfigured
AllowUnicastResponseToMulticast : NotConfigured
NotifyOnListen                  : True
EnableStealthModeForIPsec       : NotConfigured
LogFileName                     : %systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log
LogMaxSizeKilobytes             : 4096
LogAllowed                      : False
LogBlocked                      : {log}
LogIgnored                      : NotConfigured
DisabledInterfaceAliases        : {{NotConfigured}}
"""
REGISTRY = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\DomainProfile\Logging]
"LogDroppedPackets"=dword:0000000{log}
"""
POLICY = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\DomainProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\DomainProfile\Logging]
"LogDroppedPackets"=dword:0000000{log}
"""
SILENT = "nothing of what it stops is logged"
OWN = "its own settings log nothing of what it stops, which Group Policy may change"


@pytest.mark.parametrize(("texts", "found"), [
    ([_netsh("ON", "Disable")], [(2, SILENT), (15, SILENT), (28, SILENT)]),
    ([_netsh("ON", "Enable")], []),
    ([_netsh("OFF", "Disable")], []),
    ([_netsh("ON", "")], []),
    (["".join(POWERSHELL.format(name=name, log=log) for name, log in (
        ("Domain", "False"), ("Private", "True"), ("Public", "NotConfigured")))], [(2, SILENT)]),
    ([REGISTRY.format(log=0)], [(3, OWN)]),
    ([REGISTRY.format(log=1)], []),
    ([REGISTRY.format(log=0).replace("dword:00000000", '"damaged"')], []),
    ([REGISTRY.format(log=0).replace("LogDroppedPackets", "LogFileSize")], []),
    ([REGISTRY.format(log=0), POLICY.format(log=1)], []),
    ([REGISTRY.format(log=1), POLICY.format(log=0)], [(3, SILENT)]),
])
def test_windows(texts: list[str], found: list[tuple[int, str]]) -> None:
    assert said(texts, "unlogged-deny") == found


class _Rule(NamedTuple):
    """One of iptables, over a small universe."""

    source: str
    interface: str
    port: str
    target: str

    def __str__(self) -> str:
        source = f" -s {self.source}" if self.source else ""
        interface = f" -i {self.interface}" if self.interface else ""
        port = f" -p tcp --dport {self.port}" if self.port else ""
        return f"{source}{interface}{port} -j {self.target}"

    def matches(self, packet: tuple[str, str, str]) -> bool:
        return all(mine in ("", its) for mine, its in zip(self[:3], packet, strict=True))


_ENDS = st.sampled_from(("LOG", "LOG", "DROP", "DROP", "ACCEPT", "RETURN"))
_CHAINS = ("FORWARD", "A", "B")


def _rules(chain: str) -> st.SearchStrategy[list[_Rule]]:
    called = st.sampled_from(_CHAINS[_CHAINS.index(chain) + 1:]) if chain != "B" else _ENDS
    return st.lists(st.builds(_Rule, st.sampled_from(("", "10.0.0.1")), st.sampled_from(("", "", "eth0")),
                              st.sampled_from(("", "22", "23")), st.one_of(_ENDS, called)), max_size=5)


_UNIVERSE = list(product(("10.0.0.1", "other"), ("eth0", "other"), ("22", "23", "other")))


@settings(max_examples=200, deadline=None)
@given(rules=st.tuples(*map(_rules, _CHAINS)), policy=st.sampled_from(("DROP", "ACCEPT")))
def test_against_every_packet(rules: tuple[list[_Rule], ...], policy: str) -> None:
    chains = dict(zip(_CHAINS, rules, strict=True))
    lines = {(name, number): line for line, (name, number) in enumerate(
        ((name, number) for name in _CHAINS for number in range(len(chains[name]))), 7)}
    text = "\n".join(["*filter", ":INPUT ACCEPT [0:0]", f":FORWARD {policy} [0:0]", ":OUTPUT ACCEPT [0:0]",
                      ":A - [0:0]", ":B - [0:0]",
                      *(f"-A {name}{rule}" for name in _CHAINS for rule in chains[name]), "COMMIT", ""])
    silent = set()
    for packet in _UNIVERSE:
        stopped_by, logged = _walk(packet, "FORWARD", chains, logged=False)
        if not logged and (isinstance(stopped_by, tuple) or (stopped_by == "" and policy == "DROP")):
            silent.add(lines[stopped_by] if isinstance(stopped_by, tuple) else 3)
    assert {line for line, _ in said(text, "unlogged-deny")} == silent


def _walk(packet: tuple[str, str, str], chain: str, chains: dict[str, list[_Rule]], *,
          logged: bool) -> tuple[tuple[str, int] | str, bool]:
    """The rule that stops a packet, ACCEPT, or nothing at the end of the chain; and whether it was logged."""
    for number, rule in enumerate(chains[chain]):
        if not rule.matches(packet):
            continue
        match rule.target:
            case "LOG":
                logged = True
            case "DROP":
                return (chain, number), logged
            case "ACCEPT":
                return "ACCEPT", logged
            case "RETURN":
                return "", logged
            case called:
                ended, logged = _walk(packet, called, chains, logged=logged)
                if ended:
                    return ended, logged
    return "", logged
