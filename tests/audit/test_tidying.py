"""What `tidy` says of whole configurations, each expectation as a person sees it; and packets as before."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from aclproof import parsers
from aclproof.linter.audit.tidying import Tidying, tidy
from aclproof.linter.fix.entering import Entered
from aclproof.linter.trace.tracer import trace_packet
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.source import from_bytes

ASA = """ASA Version 9.16(4)
hostname edge
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.1 255.255.255.0
{}
access-group IN in interface outside
: end
"""


def found_in(text: str, name: str = "fw") -> Tidying:
    return tidy(parsers.parse_all([from_bytes(text.encode(), name)]))


def lines_of(found: Tidying) -> list[tuple[str, str, list[str]]]:
    """Each line's kind and text, and the texts of the lines that take its packets."""
    quote = found.firewall.quote
    return [(each.why, quote(each.line).text.strip(), [quote(rule.line).text.strip() for rule in each.by])
            for each in found.dead]


def asa(*entries: str) -> Tidying:
    return found_in(ASA.format("\n".join(f"access-list IN extended {each}" for each in entries)))


def asa_lines(found: Tidying) -> list[tuple[str, str, list[str]]]:
    head = "access-list IN extended "
    return [(why, text.removeprefix(head), [each.removeprefix(head) for each in by])
            for why, text, by in lines_of(found)]


WEB = "permit tcp any host 10.0.0.5 eq www"


@pytest.mark.parametrize(("entries", "expected"), [
    (["deny tcp any 10.0.0.0 255.255.255.0", WEB],
     [("shadowed", WEB, ["deny tcp any 10.0.0.0 255.255.255.0"])]),
    (["permit tcp any 10.0.0.0 255.255.255.0", WEB],
     [("covered", WEB, ["permit tcp any 10.0.0.0 255.255.255.0"])]),
    ([WEB, "permit tcp any 10.0.0.0 255.255.255.0"],
     [("redundant", WEB, ["permit tcp any 10.0.0.0 255.255.255.0"])]),
    # two halves together; neither alone
    (["permit tcp any 10.0.0.0 255.255.255.128", "deny tcp any 10.0.0.128 255.255.255.128",
      "permit tcp any 10.0.0.0 255.255.255.0 eq ssh"],
     [("shadowed", "permit tcp any 10.0.0.0 255.255.255.0 eq ssh",
       ["permit tcp any 10.0.0.0 255.255.255.128", "deny tcp any 10.0.0.128 255.255.255.128"])]),
    # between a line and the one that would do the same stands another
    ([WEB, "deny tcp any host 10.0.0.5", "permit tcp any any"], []),
    # what may be off takes nothing surely, but what tests the same does
    (["permit tcp any any time-range WORK", WEB], []),
    (["permit tcp any any time-range WORK", f"{WEB} time-range WORK"],
     [("covered", f"{WEB} time-range WORK", ["permit tcp any any time-range WORK"])]),
    (["deny tcp any any inactive", WEB], []),
    # a line that logs is missed
    (["deny tcp any host 10.0.0.5 eq telnet log", "deny ip any any"], []),
    (["deny tcp any host 10.0.0.5 eq telnet log", "deny ip any any log"],
     [("redundant", "deny tcp any host 10.0.0.5 eq telnet log", ["deny ip any any log"])]),
])
def test_lines_of_an_asa(entries: Sequence[str], expected: list[object]) -> None:
    clock = "time-range WORK\n periodic weekdays 8:00 to 18:00\n"
    body = clock + "\n".join(f"access-list IN extended {each}" for each in entries)
    assert asa_lines(found_in(ASA.format(body))) == expected


def test_a_twin_goes_by_its_number() -> None:
    found = asa(WEB, "deny tcp any host 10.0.0.5", WEB)
    assert found.removal.commands == (f"no access-list IN line 3 extended {WEB}",)
    assert found.removal.not_compared == ()


def test_a_line_is_not_redundant_where_somebody_may_move_a_shadowed_one() -> None:
    found = asa("permit tcp any any", "deny tcp any host 10.0.0.5", "permit ip any any")
    assert [why for why, _, _ in asa_lines(found)] == ["shadowed"]


IPTABLES = """*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
{}
COMMIT
"""


@pytest.mark.parametrize(("rules", "commands"), [
    ("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
     "-A FORWARD -p tcp -m tcp --sport 80 -m conntrack --ctstate ESTABLISHED -j ACCEPT",
     ["iptables -D FORWARD -p tcp -m tcp --sport 80 -m conntrack --ctstate ESTABLISHED -j ACCEPT"]),
    # a new connection is none of these
    ("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
     "-A FORWARD -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT", []),
    # a chain that always decides; one that may return
    ("-A FORWARD -p tcp -j web\n-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT\n-A web -j DROP",
     ["iptables -D FORWARD -p tcp -m tcp --dport 80 -j ACCEPT"]),
    ("-A FORWARD -p tcp -j web\n-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT\n"
     "-A web -m limit --limit 1/s -j DROP", []),
    ("-A FORWARD -i eth+ -p tcp -j ACCEPT\n-A FORWARD -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT",
     ["iptables -D FORWARD -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT"]),
    # two limits let different packets through
    ("-A FORWARD -p tcp -m limit --limit 1/s -j ACCEPT\n"
     "-A FORWARD -p tcp -m limit --limit 1/s -j ACCEPT", []),
    # of its words nobody knows which addresses they mean
    ("-A FORWARD -j DROP\n-A FORWARD -s 0.0.0.8/0.0.0.15 -p tcp -j ACCEPT", ["iptables -D FORWARD 2"]),
    # who is refused gets another answer, and a list of late ones is written
    ("-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n-A FORWARD -j DROP", []),
    ("-A FORWARD -p udp -m recent --set --name late --rsource -j DROP\n-A FORWARD -j DROP", []),
    # members of a set may change in between
    ("-A FORWARD -m set --match-set seen src -j DROP\n-A FORWARD -p tcp -j SET --add-set seen src\n"
     "-A FORWARD -m set --match-set seen src -j ACCEPT", []),
])
def test_rules_of_iptables(rules: str, commands: list[str]) -> None:
    assert list(found_in(IPTABLES.format(rules)).removal.commands) == commands


def test_a_called_chain_shadows() -> None:
    found = found_in(IPTABLES.format("-A FORWARD -p tcp -j web\n"
                                     "-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT\n-A web -j DROP"))
    assert lines_of(found) == [
        ("shadowed", "-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT", ["-A web -j DROP"])]


@pytest.mark.parametrize("before", ["", "-A PREROUTING -j aside\n"])
def test_a_line_that_keeps_packets_from_being_translated_is_not_redundant(before: str) -> None:
    found = found_in(f"""*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:aside - [0:0]
{before}-A PREROUTING -d 10.0.0.1/32 -p tcp -m tcp --dport 80 -j ACCEPT
-A PREROUTING -d 10.0.0.0/24 -p tcp -j DNAT --to-destination 10.9.9.9
-A aside -p tcp -m tcp --dport 80 -j RETURN
COMMIT
""")
    assert not found.dead


def test_rules_of_nftables_go_by_their_handles() -> None:
    found = found_in("""table inet filter { # handle 1
	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
		ip saddr 10.0.0.0/8 tcp dport { 80, 443 } accept # handle 4
		ip saddr 10.1.0.0/16 tcp dport 443 accept # handle 5
	}
}
""")
    assert found.removal.commands == ("nft delete rule inet filter forward handle 5",)


@pytest.mark.parametrize(("first", "second", "covered"), [
    ('iif "eth0"', 'iif "eth0"', True), ('iifname "eth0"', 'iifname "eth0"', True),
    ('iifname "eth*"', 'iifname "eth0"', True), ('iif "lo"', 'iifname "lo"', True),
    # an interface that is renamed, or made anew, has another name, or another number
    ('iif "eth0"', 'iifname "eth0"', False), ('iifname "eth0"', 'iif "eth0"', False),
    ('oifname "eth*"', 'oif "eth0"', False),
])
def test_a_name_and_the_interface_that_had_it_once(first: str, second: str, covered: bool) -> None:
    found = found_in(f"""table inet filter {{ # handle 1
	chain forward {{ # handle 1
		type filter hook forward priority filter; policy drop;
		{first} ip saddr 10.0.0.0/8 accept # handle 4
		{second} ip saddr 10.1.0.0/16 accept # handle 5
	}}
}}
""")
    assert bool(found.dead) is covered


def test_between_two_that_test_the_number_one_that_tests_the_name_may_take_packets() -> None:
    found = found_in("""table inet filter { # handle 1
	chain forward { # handle 1
		type filter hook forward priority filter; policy drop;
		iif "eth0" ip saddr 10.1.0.0/16 accept # handle 4
		iifname "eth1" drop # handle 5
		iif "eth0" ip saddr 10.0.0.0/8 accept # handle 6
	}
}
""")
    assert not found.dead


WINDOWS = """
Rule Name:                            {}
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:
LocalIP:                              Any
RemoteIP:                             {}
Protocol:                             TCP
LocalPort:                            {}
RemotePort:                           Any
Edge traversal:                       No
Program:                              Any
Service:                              Any
InterfaceTypes:                       Any
Security:                             NotRequired
Rule source:                          Local Setting
Action:                               {}
"""


def test_rules_of_windows_go_by_their_names() -> None:
    """A block beats every permit, wherever it stands."""
    found = found_in("".join(WINDOWS.format(*each) for each in (
        ("web", "10.0.0.0/8", 80, "Allow"), ("no web", "Any", "80-90", "Block"), ("ssh", "Any", 22, "Allow"),
        ("ssh here", "10.0.0.0/8", 22, "Allow"))))
    assert [(each.chain, each.why) for each in found.dead] == [
        ("inbound", "shadowed"), ("inbound", "covered")]
    assert not found.by_hand
    assert found.removal.commands == ('netsh advfirewall firewall delete rule name="ssh here" dir=in',
                                      'netsh advfirewall firewall delete rule name="web" dir=in')


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_packets_fare_as_before(seed: int) -> None:
    draw = random.Random(seed)
    entries = [_entry(draw) for _ in range(300)]
    found = asa(*entries)
    assert {each.why for each in found.dead} == {"shadowed", "covered", "redundant"}
    assert not found.by_hand
    after = Entered.of(found.firewall).with_lines(found.removal.commands).firewall
    assert len(after.chains["IN"].rules) == len(entries) - len(found.dead)
    for _ in range(10_000):
        packet = Packet(Family.V4, draw.choice((6, 17)), _host(draw), _host(draw), 50_000,
                        draw.choice((79, 80, 81, 443, 1024, 2000, 5000)))
        assert _verdict(found.firewall, packet) == _verdict(after, packet)


def _verdict(firewall: Firewall, packet: Packet) -> str:
    return trace_packet(parsers.through(firewall, "IN"), firewall.chains, packet, Context()).verdict


def _host(draw: random.Random) -> int:
    return 10 << 24 | draw.getrandbits(24)


def _entry(draw: random.Random) -> str:
    ends = []
    for _ in range(2):
        length = draw.randint(8, 20)
        mask = 0xFFFFFFFF << 32 - length & 0xFFFFFFFF
        ends += [".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
                 for number in (_host(draw) & mask, mask)]
    action, protocol = draw.choice(("permit", "permit", "deny")), draw.choice(("tcp", "udp", "ip"))
    port = draw.choice(("eq 80", "eq 443", "range 1024 5000", "")) if protocol != "ip" else ""
    return f"{action} {protocol} {' '.join(ends)} {port}".strip()
