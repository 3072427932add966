"""`contradicting-remark`: what somebody wrote beside rules, and what none of these does."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.parsers.vendor import door
from tests.audit.named import observations, said

ASA = """ASA Version 9.16(4)
object-group network SERVERS
 network-object host 10.20.0.5
 network-object 10.30.0.0 255.255.255.0
object network WEB
 host 10.40.0.8
 nat (dmz,outside) static 203.0.113.8
access-list IN remark {remark}
access-list IN extended {entry}
access-list IN remark the end
access-list IN extended permit icmp any any
access-group IN in interface outside
"""


def ports(said: str, are: str = "TCP 8530") -> str:
    return f"it says '{said}', but the rules are for {are}"


def ends(said: str, are: str = "10.20.0.5") -> str:
    return f"it says '{said}', but the rules have other addresses: {are}"


def day(said: str) -> str:
    return f"it says '{said}', but the rules are in force on 2026-06-01"


TO_5 = "permit tcp any host 10.20.0.5 eq 8530"


@pytest.mark.parametrize(("remark", "entry", "text"), [
    # verbs
    ("Allow WSUS", "deny tcp any any eq 8530", "it says 'Allow', but the rules deny"),
    ("allow-wsus-from-branch", "deny tcp any any eq 8530", "it says 'allow', but the rules deny"),
    ("*** 12. Permit updates ***", "deny tcp any any eq 8530", "it says 'Permit', but the rules deny"),
    ("Zugriff auf WSUS erlauben", "deny tcp any any eq 8530", "it says 'erlauben', but the rules deny"),
    ("Updates sind freigegeben", "deny tcp any any eq 8530", "it says 'freigegeben', but the rules deny"),
    ("Deny guests", "permit ip 10.9.0.0 255.255.0.0 any", "it says 'Deny', but the rules permit"),
    ("Block SMB from guests", "permit tcp any any eq 445", "it says 'Block', but the rules permit"),
    ("WLAN gesperrt", "permit ip 10.9.0.0 255.255.0.0 any", "it says 'gesperrt', but the rules permit"),
    ("SMB ins Internet verbieten", "permit tcp any any eq 445", "it says 'verbieten', but the rules permit"),
    ("all other traffic is dropped", "permit tcp any any eq 445", "it says 'dropped', but the rules permit"),
    ("Deny guests", "deny ip any any", ""),
    ("Allow WSUS", TO_5, ""),
    ("do not block WSUS", TO_5, ""),
    ("no longer allowed", "deny tcp any any eq 8530", ""),
    ("nicht sperren", TO_5, ""),
    ("is this blocked?", TO_5, ""),
    ("should be denied", TO_5, ""),
    ("was blocked in 2020", TO_5, ""),
    ("allow DNS, block the rest", "deny ip any any", ""),
    ("Allow only admins", "deny tcp any any eq 8530", ""),
    ("IP block of the branch", TO_5, ""),
    ("Block 7, third floor", "permit tcp any any eq 7000 time-range T", ""),
    ("Blockwerk site", TO_5, ""),
    ("Dropbox", TO_5, ""),
    ("deny list of partners", TO_5, ""),
    ("Allow-List", "deny ip any any", ""),
    # ports
    ("tcp/8531 to WSUS", TO_5, ports("TCP 8531")),
    ("WSUS TCP 8530-8531", TO_5, ""),
    ("8531/tcp", TO_5, ports("TCP 8531")),
    ("UDP 8530", TO_5, ports("UDP 8530")),
    ("port 443", TO_5, ports("port 443")),
    ("TCP ports 80, 8530 and 8531", TO_5, ports("TCP 80")),
    ("tcp and udp 8530", TO_5, ""),
    ("port 8530", TO_5, ""),
    ("switch port 24", TO_5, ""),
    ("port 1/24", TO_5, ""),
    ("TCP 3-way", TO_5, ""),
    ("ports open since 2019", TO_5, ""),
    ("tcp/443", "permit ip any any", ""),
    ("tcp/443", "permit tcp any any neq 443", ""),
    ("not tcp/443", TO_5, ""),
    ("redirect tcp/443", TO_5, ""),
    ("answers from tcp/443", "permit tcp any eq 443 any", ""),
    # services
    ("RDP access", "permit tcp any any eq ssh", ports("RDP", "TCP 22")),
    ("allow https to the portal", "permit udp any any eq 161", ports("https", "UDP 161")),
    ("ping", "permit tcp any any eq ssh", ports("ping", "TCP 22")),
    ("allow https to the portal", "permit tcp any any eq 8443", ""),  # it may be there
    ("http", "permit tcp any any eq 443", ""),
    ("SMTP server may be pinged", "permit icmp any any", ""),
    ("allow DNS server updates", "permit tcp any any eq 445", ""),
    ("allow rdp and ssh", "permit tcp any any eq ssh", ""),
    # addresses
    ("WSUS 10.20.0.6", TO_5, ends("10.20.0.6")),
    ("to 10.20.1.0/24", TO_5, ends("10.20.1.0/24")),
    ("to 10.20.1.0 255.255.255.0", TO_5, ends("10.20.1.0 255.255.255.0")),
    ("to 2001:db8::5", "permit tcp any6 host 2001:db8::6 eq 443", ends("2001:db8::5", "2001:db8::6")),
    ("from 10.9.0.1", "permit tcp host 10.9.0.2 any eq 22", ends("10.9.0.1", "10.9.0.2")),
    ("to 10.20.0.0/16", TO_5, ""),
    ("from 10.9.0.1", TO_5, ""),  # anybody may
    ("servers 10.30.0.9", "permit tcp any object-group SERVERS eq 443", ""),
    ("servers 10.31.0.9", "permit tcp any object-group SERVERS eq 443",
     ends("10.31.0.9", "10.20.0.5, 10.30.0.0/24")),
    ("web 203.0.113.8", "permit tcp any host 10.40.0.8 eq 443", ""),  # it is translated
    ("web 198.51.100.8", "permit tcp any host 10.40.0.8 eq 443", ""),  # it may be, by somebody else
    ("release 9.16.4.1", TO_5, ""),
    ("10.20.0.6 was replaced", TO_5, ""),
    ("except 10.20.0.6", TO_5, ""),
    ("gateway 10.20.0.300", TO_5, ""),
    ("since 12:30:45", TO_5, ""),
    # days
    ("Temporary until 2026-05-31", TO_5, day("until 2026-05-31")),
    ("expires 31-Dec-2025", TO_5, day("expires 31-Dec-2025")),
    ("befristet bis 31.12.2025", TO_5, day("befristet bis 31.12.2025")),
    ("bis zum 1. M\u00e4rz 2026", TO_5, day("bis 1. M\u00e4rz 2026")),
    ("remove after 05/06/2025", TO_5, day("remove after 05/06/2025")),
    ("until 2026-06-01", TO_5, ""),
    ("until 01/06/2026", TO_5, ""),  # or in January
    ("until 05/07/2026", TO_5, ""),
    ("until 2025-12-31, extended until 2027-01-01", TO_5, ""),
    ("until 31.12.2025", f"{TO_5} inactive", ""),
    ("added 2019-01-01", TO_5, ""),
    ("certificate expires 2025-01-01", TO_5, ""),
    ("until 2025-02-30", TO_5, ""),
])
def test_what_a_remark_says(remark: str, entry: str, text: str) -> None:
    found = said(ASA.format(remark=remark, entry=entry), "contradicting-remark")
    assert (8, text) in found if text else not found


def test_the_lines_of_the_rules_are_the_reason() -> None:
    found, = observations(ASA.format(remark="tcp/443", entry=TO_5), "contradicting-remark")
    assert [each.first_line for each in found.others] == [9]
    assert found.severity == "warning"


HEAD = "ASA Version 9.16(4)\naccess-group IN in interface outside\n"


@pytest.mark.parametrize(("lines", "named"), [
    # remarks in a row are about the same entries, all up to the next one
    (["remark WSUS", "remark tcp/8530", TO_5, "permit tcp any any eq 443"], []),
    (["remark WSUS", "remark tcp/8531", TO_5, "permit tcp any any eq 443"], [4]),
    (["remark tcp/443", TO_5, "remark rest", "permit tcp any any eq 443"], [3]),
    # a list that begins without one, or ends with one, may have them after the entries
    ([TO_5, "remark tcp/8530", "permit tcp any any eq 443", "remark tcp/443"], []),
    ([TO_5, "remark tcp/22", "permit tcp any any eq 443", "remark tcp/443"], [4]),
    # after an older day the rules of a remark may be gone
    (["remark until 2020-01-01", "remark web", TO_5], []),
    (["remark web", "remark until 2020-01-01", TO_5], [4]),
    (["remark tcp/443"], []),
    # what a word denies, and another line permits
    (["remark allow DNS", "remark block others", "deny ip any any"], []),
])
def test_which_entries_a_remark_is_about(lines: list[str], named: list[int]) -> None:
    text = HEAD + "".join(f"access-list IN {each if each.startswith('remark') else f'extended {each}'}\n"
                          for each in lines)
    assert [line for line, _ in said(text, "contradicting-remark")] == named


def test_lists_that_choose_and_not_filter() -> None:
    text = ("access-list P2P remark Block P2P traffic\naccess-list P2P extended permit tcp any any eq 6881\n"
            "class-map P2P\n match access-list P2P\n")
    assert not said(f"ASA Version 9.16(4)\n{text}", "contradicting-remark")
    assert said(HEAD + text.replace("P2P ", "IN ").partition("class-map")[0], "contradicting-remark")


def test_a_listing_and_firepower() -> None:
    listing = """access-list IN; 2 elements; name hash: 0x1
access-list IN line 1 remark tcp/443 to SERVERS
access-list IN line 2 extended permit tcp any object-group SERVERS eq 8530 (hitcnt=0) 0x2
  access-list IN line 2 extended permit tcp any host 10.20.0.5 eq 8530 (hitcnt=0) 0x3
  access-list IN line 2 extended permit tcp any host 10.20.0.6 eq 8530 (hitcnt=0) 0x4
"""
    assert said(listing, "contradicting-remark") == [(2, ports("TCP 443"))]
    snort = """NGFW Version 7.0.1
access-list CSM_FW_ACL_ remark rule-id 9998: L7 RULE: Block social media
access-list CSM_FW_ACL_ advanced permit ip any any rule-id 9998
access-group CSM_FW_ACL_ global
"""
    assert not said(snort, "contradicting-remark")


IPTABLES = """*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.9.0.0/16 -m comment --comment "deny guests" -j ACCEPT
-A PREROUTING -d 203.0.113.9 -p tcp PORT -m comment --comment tcp/81 -j DNAT --to-destination 10.0.0.9:8080
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:LOGDROP - [0:0]
-A INPUT -p tcp --dport 22 -m comment --comment "allow SSH" -j DROP
-A INPUT -p tcp --dport 23 -m comment --comment "block telnet" -j LOGDROP
-A INPUT -p tcp --dport 53 -m comment --comment "DNS tcp/udp 53" -j ACCEPT
-A INPUT -p udp --dport 53 -m comment --comment "DNS tcp/udp 53" -j ACCEPT
-A INPUT -p tcp --dport 25 -m comment --comment "both udp/25 and tcp/25" -j ACCEPT
-A FORWARD ! -s 10.0.0.0/8 -m comment --comment "allow 10.0.0.0/8" -j DROP
-A FORWARD -p tcp -m limit --limit 5/s -m comment --comment "drop floods" -j ACCEPT
-A FORWARD -d 10.0.0.9/32 -p tcp --dport 8080 -m comment --comment "web 203.0.113.9 port 80" -j ACCEPT
-A FORWARD -d 10.0.0.9/32 -p tcp --dport 8080 -m comment --comment "web 10.0.0.7" -j ACCEPT
-A LOGDROP -j DROP
COMMIT
"""


def test_iptables() -> None:
    assert said(IPTABLES.replace("PORT", "--dport 80"), "contradicting-remark") == [
        (12, "it says 'allow', but the rules deny"),
        (16, ports("UDP 25", "TCP 25")),
        (20, ends("10.0.0.7", "10.0.0.9"))]
    assert len(said(IPTABLES.replace("PORT", ""), "contradicting-remark")) == 2  # any port may be another


NFT = """table inet fw {
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp dport 22 accept comment "Blocked: SSH"
		tcp dport 443 accept # tcp/80
		tcp dport { 80, # tcp/81
			443 } accept
		ip saddr != 10.0.0.0/8 drop comment "allow 10.0.0.0/8"
		ct state != established drop comment "allow answers"
		ip saddr 10.0.0.5 accept comment "10.0.0.5 bis 31.12.2025"
	}
}
"""


def test_nftables() -> None:
    assert said(NFT, "contradicting-remark") == [
        (4, "it says 'Blocked', but the rules permit"),
        (5, ports("TCP 80", "TCP 443")),
        (10, day("bis 31.12.2025"))]


def test_nftables_in_a_file_that_is_included(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head, rule, rest = NFT.partition("\t\ttcp dport 443 accept # tcp/80\n")
    (tmp_path / "rules.nft").write_text(rule, encoding="utf-8")
    main = tmp_path / "main.nft"
    main.write_text(f'{head}\t\tinclude "./rules.nft"\n{rest}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    firewall = parsers.read("main.nft")
    comment, = (each for each in door("nftables").comments(firewall) if each.lines[0][1] == "tcp/80")
    assert [str(firewall.quote(line)) for line in comment.rules] == ["rules.nft:1"]


WINDOWS = """
Rule Name:                            {name}
----------------------------------------------------------------------
Description:                          {description}
Enabled:                              {enabled}
Direction:                            In
Profiles:                             Domain,Private,Public
Grouping:
LocalIP:                              Any
RemoteIP:                             {remote}
Protocol:                             TCP
LocalPort:                            {port}
RemotePort:                           Any
Edge traversal:                       No
Program:                              System
InterfaceTypes:                       Any
Security:                             NotRequired
Rule source:                          Local Setting
Action:                               {action}
Ok.
"""
RULE = {"name": "SMB", "description": "for admins", "enabled": "Yes", "remote": "10.0.0.0/24", "port": "445",
        "action": "Allow"}


@pytest.mark.parametrize(("changed", "text"), [
    ({}, ""),
    ({"name": "Block SMB"}, "it says 'Block', but the rules permit"),
    ({"name": "Allow SMB", "action": "Block"}, "it says 'Allow', but the rules deny"),
    ({"name": "Block SMB", "enabled": "No"}, ""),
    ({"name": "Block Strike"}, ""),  # a game
    ({"description": "Inbound rule to allow SMB. [TCP 445]"}, ""),
    ({"description": "Inbound rule to allow SMB. [TCP 139]"}, ports("TCP 139", "TCP 445")),
    ({"description": "from 10.0.1.7"}, ends("10.0.1.7", "10.0.0.0/24")),
    ({"description": "from 10.0.0.7"}, ""),
    ({"description": "g\u00fcltig bis 31.12.2025"}, day("g\u00fcltig bis 31.12.2025")),
])
def test_windows(changed: dict[str, str], text: str) -> None:
    found = said(WINDOWS.format(**RULE | changed), "contradicting-remark")
    assert [each for _, each in found] == ([text] if text else [])
