"""Permits for hosts whose rules a program keeps: its own words for them, and what else is said.

The shapes are those that firewalld 1.3 and fw4 load; firewalld's words are of firewalld.richlanguage(5).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.fix.search import Fix
from aclproof.linter.fix.search import fix as find
from aclproof.linter.program import analyse
from aclproof.linter.reports.fix.text import render
from aclproof.linter.site import reader
from tests.fix.test_fix_nft import AS_OF
from tests.test_sites import SITES

SITE = """\
pack: configmgr-2007
settings: {{mode: mixed, client-os: windows-7}}
methods: [{method}]
roles: {{client: [{clients}], site-server: [10.1.1.10], management-point: [{point}]}}
firewalls:
  - name: gw
    config: [{config}]
    {host}
    interfaces: {{client: eth0, site-server: eth1, management-point: eth1}}
"""
FIREWALLD = """\
table inet firewalld { # handle 2
	chain filter_INPUT { # handle 1
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept # handle 11
		iifname "lo" accept # handle 12
		jump filter_INPUT_ZONES # handle 13
		reject with icmpx admin-prohibited # handle 14
	}
	chain filter_FORWARD { # handle 2
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept # handle 21
		ct state invalid drop # handle 22
		jump filter_FORWARD_ZONES # handle 23
		reject with icmpx admin-prohibited # handle 24
	}
	chain filter_INPUT_ZONES { # handle 3
		ip saddr 10.99.0.0/16 goto filter_IN_trusted # handle 31
		iifname "eth0" goto filter_IN_public # handle 32
		iifname "eth1" goto filter_IN_internal # handle 33
		goto filter_IN_public # handle 34
	}
	chain filter_FORWARD_ZONES { # handle 4
		iifname "eth0" goto filter_FWD_public # handle 41
		iifname "eth1" goto filter_FWD_internal # handle 42
		goto filter_FWD_public # handle 43
	}
	chain filter_FORWARD_POLICIES_pre { # handle 5
	}
	chain filter_IN_trusted { # handle 6
		accept # handle 61
	}
	chain filter_IN_public { # handle 7
		meta l4proto { icmp, ipv6-icmp } accept # handle 71
		reject with icmpx admin-prohibited # handle 72
	}
	chain filter_IN_internal { # handle 8
		reject with icmpx admin-prohibited # handle 81
	}
	chain filter_FWD_public { # handle 9
		jump filter_FORWARD_POLICIES_pre # handle 91
		reject with icmpx admin-prohibited # handle 92
	}
	chain filter_FWD_internal { # handle 10
		jump filter_FORWARD_POLICIES_pre # handle 101
		reject with icmpx admin-prohibited # handle 102
	}
}
"""
FW4 = """\
table inet fw4 {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept comment "!fw4: Allow inbound established and related flows"
		iifname "eth0" jump input_lan comment "!fw4: Handle lan IPv4/IPv6 input traffic"
		iifname "eth1" jump input_servers comment "!fw4: Handle servers IPv4/IPv6 input traffic"
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept comment "!fw4: Allow forwarded established and related flows"
		iifname "eth0" jump forward_lan comment "!fw4: Handle lan IPv4/IPv6 forward traffic"
		iifname "eth1" jump forward_servers comment "!fw4: Handle servers IPv4/IPv6 forward traffic"
		jump handle_reject
	}
	chain output {
		type filter hook output priority filter; policy accept;
		ct state established,related accept comment "!fw4: Allow outbound established and related flows"
		oifname "eth0" jump output_lan comment "!fw4: Handle lan IPv4/IPv6 output traffic"
		oifname "eth1" jump output_servers comment "!fw4: Handle servers IPv4/IPv6 output traffic"
	}
	chain handle_reject {
		meta l4proto tcp reject with tcp reset comment "!fw4: Reject TCP traffic"
		reject comment "!fw4: Reject any other traffic"
	}
	chain input_lan {
	}
	chain input_servers {
	}
	chain output_lan {
	}
	chain output_servers {
	}
	chain forward_lan {
	}
	chain forward_servers {
	}
}
"""


def fix(folder: Path, rules: str, *, clients: str = "10.20.0.0/24", point: str = "10.1.1.11", host: str = "",
        method: str = "manual", **others: str) -> Fix:
    """The fix of a router with these rules."""
    (folder / "fw.nft").write_text(rules)
    for name, text in others.items():
        (folder / name).write_text(text)
    (folder / "aclproof.yaml").write_text(SITE.format(
        clients=clients, point=point, method=method, config=", ".join(["fw.nft", *others]),
        host=f"host: {host}" if host else ""))
    return find(analyse(reader.read(folder / "aclproof.yaml"), AS_OF), AS_OF)


def lines(found: Fix) -> list[str]:
    assert not found.unfixed, found.unfixed
    return [str(line) for each in found.snippets for line in each.lines]


def test_a_zone_of_firewalld(tmp_path: Path) -> None:
    found = fix(tmp_path, FIREWALLD, host="management-point")
    assert lines(found) == [
        'nft insert rule inet firewalld filter_IN_public handle 72 iifname "eth0" ip saddr 10.20.0.0/24 '
        "ip daddr 10.1.1.11 tcp dport 80 accept",
        "# lasting, in the words of firewalld:",
        "# firewall-cmd --permanent --zone=public --add-rich-rule='rule family=\"ipv4\" source "
        'address="10.20.0.0/24" destination address="10.1.1.11" port port="80" protocol="tcp" accept\'',
        "# firewall-cmd --reload"]
    assert ["firewalld loads its own rules anew" in each for each in found.snippets[0].advice] == [True]


def test_a_new_policy_between_zones(tmp_path: Path) -> None:
    found = lines(fix(tmp_path, FIREWALLD, method="client-push"))
    assert [each.split("--permanent ")[1] for each in found if "--permanent" in each][:4] == [
        "--new-policy=internal-public", "--policy=internal-public --add-ingress-zone=internal",
        "--policy=internal-public --add-egress-zone=public",
        "--policy=internal-public --add-rich-rule='rule family=\"ipv4\" source address=\"10.1.1.10\" "
        'destination address="10.20.0.0/24" icmp-type name="echo-request" accept\'']
    assert sum("--new-policy=internal-public" in each for each in found) == 1
    assert sum('port port="49152-65535" protocol="tcp"' in each for each in found) == 1


def test_a_policy_that_is_there(tmp_path: Path) -> None:
    rules = FIREWALLD.replace("POLICIES_pre { # handle 5\n", 'POLICIES_pre { # handle 5\n\t\tiifname "eth0" '
                              'oifname "eth1" jump filter_FWD_policy_clients # handle 51\n').replace(
        "	chain filter_IN_trusted", "	chain filter_FWD_policy_clients { # handle 99\n	}\n"
        "	chain filter_IN_trusted")
    found = lines(fix(tmp_path, rules))
    assert [each.partition(" --add-rich")[0] for each in found if "--permanent" in each] == [
        "# firewall-cmd --permanent --policy=clients"]


@pytest.mark.parametrize(("denied", "beginning"), [
    ("10.20.0.128/25", 'rule priority="-1" family="ipv4"'), ("10.21.0.0/24", 'rule family="ipv4"')])
def test_before_what_the_zone_denies(tmp_path: Path, denied: str, beginning: str) -> None:
    """firewalld.richlanguage(5): a priority below 0 comes before the rules without one, which deny first."""
    rules = FIREWALLD.replace("handle 7\n", "handle 7\n\t\tjump filter_IN_public_deny # handle 70\n").replace(
        "	chain filter_IN_internal", "	chain filter_IN_public_deny { # handle 98\n"
        f"		ip saddr {denied} reject # handle 97\n	}}\n	chain filter_IN_internal")
    found = lines(fix(tmp_path, rules, host="management-point"))
    assert [each.split("--add-rich-rule='")[1].startswith(beginning) for each in found
            if "--add-rich-rule" in each] == [True]


@pytest.mark.parametrize(("clients", "lasting"), [
    ("10.99.1.0/24", False),  # of the zone trusted, which accepts all
    ("10.98.0.0/15", False),  # of two zones
    ("10.20.0.0/23, 10.21.0.0/24", True)])
def test_only_a_zone_that_is_sure(tmp_path: Path, clients: str, lasting: bool) -> None:
    found = lines(fix(tmp_path, FIREWALLD, clients=clients, host="management-point"))
    assert any("--add-rich-rule" in each for each in found) is lasting
    assert sum("--add-rich-rule" in each for each in found) == 2 * lasting


def test_a_table_with_an_owner(tmp_path: Path) -> None:
    found = fix(tmp_path, FIREWALLD.replace("handle 2\n", "handle 2\n\tflags owner,persist\n", 1))
    assert any("nft refuses this command there" in each for each in found.snippets[0].advice)


def test_firewalld_before_there_were_policies(tmp_path: Path) -> None:
    rules = "\n".join(line for line in FIREWALLD.replace(
        "\tchain filter_FORWARD_POLICIES_pre { # handle 5\n\t}\n", "").splitlines()
        if "POLICIES_pre" not in line) + "\n"
    found = lines(fix(tmp_path, rules))
    assert not any("firewall-cmd" in each for each in found)
    assert any(each.startswith("nft insert") for each in found)


def test_rules_of_openwrt(tmp_path: Path) -> None:
    found = lines(fix(tmp_path, FW4))
    assert found == [
        'nft insert rule inet fw4 forward index 3 iifname "eth0" oifname "eth1" ip saddr 10.20.0.0/24 '
        "ip daddr 10.1.1.11 tcp dport 80 accept",
        "# lasting, in the words of fw4:", "# uci add firewall rule",
        "# uci set firewall.@rule[-1].name='Configuration Manager'", "# uci set firewall.@rule[-1].src='lan'",
        "# uci set firewall.@rule[-1].dest='servers'", "# uci set firewall.@rule[-1].family='ipv4'",
        "# uci add_list firewall.@rule[-1].src_ip='10.20.0.0/24'",
        "# uci add_list firewall.@rule[-1].dest_ip='10.1.1.11/32'",
        "# uci set firewall.@rule[-1].proto='tcp'", "# uci set firewall.@rule[-1].dest_port='80'",
        "# uci set firewall.@rule[-1].target='ACCEPT'", "# uci commit firewall",
        "# /etc/init.d/firewall reload"]


BY_IPTABLES = """\
table ip filter { # handle 1
	chain FORWARD { # handle 1
		type filter hook forward priority filter; policy drop;
		ct state established counter packets 0 bytes 0 accept # handle 2
		counter packets 0 bytes 0 log # handle 3
		counter packets 0 bytes 0 reject # handle 4
	}
}
"""
DUMP = """\
# Generated by iptables-nft-save v1.8.9 (nf_tables)
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -j LOG
-A FORWARD -j REJECT --reject-with icmp-port-unreachable
COMMIT
"""


def test_a_table_of_iptables_is_left_to_it(tmp_path: Path) -> None:
    """Its own program could not show rules with sets, or refuses the whole table."""
    assert lines(fix(tmp_path, BY_IPTABLES)) == [
        "iptables-nft -I FORWARD 2 -s 10.20.0.0/24 -d 10.1.1.11/32 -i eth0 -o eth1 -p tcp -m tcp --dport 80 "
        "-j ACCEPT"]


def test_a_dump_and_native_tables(tmp_path: Path) -> None:
    mine = """\
table inet mine {
	chain way {
		type filter hook forward priority 10; policy drop;
		ct state established accept
	}
}
"""
    found = lines(fix(tmp_path, BY_IPTABLES + mine, gw_v4=DUMP))
    assert found == [
        "iptables -I FORWARD 2 -s 10.20.0.0/24 -d 10.1.1.11/32 -i eth0 -o eth1 -p tcp -m tcp --dport 80 "
        "-j ACCEPT",
        'nft add rule inet mine way iifname "eth0" oifname "eth1" ip saddr 10.20.0.0/24 ip daddr 10.1.1.11 '
        "tcp dport 80 accept"]


def test_a_file_of_rules_is_named(tmp_path: Path) -> None:
    rules = """\
#!/usr/sbin/nft -f
flush ruleset
define SERVERS = { 10.1.1.10, 10.1.1.11 }
table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    ip daddr $SERVERS tcp dport 443 ct state new counter accept
    log prefix "dropped: " counter
    drop
  }
}
"""
    found = fix(tmp_path, rules)
    assert lines(found) == [
        'nft insert rule inet filter forward index 2 iifname "eth0" oifname "eth1" ip saddr 10.20.0.0/24 '
        "ip daddr 10.1.1.11 tcp dport 80 ct state new counter accept"]
    assert any(f"before {tmp_path}/fw.nft:9 " in each for each in found.snippets[0].advice)


def test_the_end_of_a_chain_in_a_file(tmp_path: Path) -> None:
    found = fix(tmp_path, "flush ruleset\ntable ip t {\n chain c {\n  type filter hook forward priority 0\n"
                          "  policy drop\n  ct state established accept\n }\n}\n")
    assert [each.partition(" iifname")[0] for each in lines(found)] == ["nft add rule ip t c"]
    assert any("at the end of the chain c" in each for each in found.snippets[0].advice)


def test_before_rules_in_braces(tmp_path: Path) -> None:
    """They have no name, so no command puts a rule among them."""
    found = fix(tmp_path, "table ip t {\n chain c {\n  type filter hook forward priority 0; policy accept;\n"
                          "  ct state established accept\n  jump {\n   udp dport 53 accept\n   drop\n"
                          "  }\n }\n}\n")
    assert [each.partition(" iifname")[0] for each in lines(found)] == ["nft insert rule ip t c index 1"]


@pytest.mark.parametrize(("name", "overruled"), [
    ("nft-fw4", set()),  # its last rules are for all of TCP, and for everything
    ("nft-firewalld-json", {"firewalld.json:96"})])
def test_a_rule_for_certain_addresses_is_named_once_where_it_is_overruled(
        name: str, overruled: set[str]) -> None:
    found = find(analyse(reader.read(SITES / name / "aclproof.yaml"), AS_OF), AS_OF)
    for snippet in found.snippets:
        said = [each for each in snippet.advice if each.startswith("this overrules ")]
        assert len(said) == len(set(said))
        assert all(any(place in each for place in overruled) for each in said)
    assert any("this overrules " in each for snippet in found.snippets
               for each in snippet.advice) == bool(overruled)


def test_what_is_loaded_anew_is_so_once_and_last() -> None:
    """Three permits for firewalld, each with its lasting form; JSON has each whole."""
    found = find(analyse(reader.read(SITES / "nft-firewalld-json" / "aclproof.yaml"), AS_OF), AS_OF)
    assert sum("# firewall-cmd --reload" in each.lines for each in found.snippets) > 1
    lines = render(found, "text").splitlines()
    commands = [number for number, line in enumerate(lines) if line.startswith("# firewall-cmd --permanent")]
    assert lines.count("# firewall-cmd --reload") == 1
    assert lines.index("# firewall-cmd --reload") == commands[-1] + 1
