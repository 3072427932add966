"""A configuration that asks each kind of question, and what its device prints that answers it."""

from __future__ import annotations

from typing import NamedTuple

from tests.asa_edge import INTERFACES


class Asked(NamedTuple):
    """Lines of a configuration that raise a question, and the output of a command that settles it."""

    lines: str
    printed: str
    key: str
    """Of the question, as `check` writes it."""


ASA = f"""ASA Version 9.16(4)
hostname edge-1
{INTERFACES}{{}}access-group IN in interface outside
: end
"""
_IN = "access-list IN extended permit tcp any host 10.30.0.10 eq {}\n".format
_TO = "access-list IN extended permit tcp any {} eq www\n".format
_ALL = "access-list IN extended permit ip any any\n"

OF_ASA = {
    "time-range {name}": Asked(
        f"time-range NIGHT\n periodic daily 22:00 to 23:59\n{_IN('www time-range NIGHT')}",
        "show time-range\n\ntime-range entry: NIGHT (active)\n   periodic daily 22:00 to 23:59\n"
        "   used in: IP ACL entry\n", "time-range NIGHT"),
    "fqdn {name}": Asked(
        f"object network MP\n fqdn v4 mp.example\n{_TO('object MP')}",
        "show dns\nName:    mp.example\n   Address: 10.30.0.10                      TTL 00:03:01\n",
        "fqdn mp.example"),
    "object {name}": Asked(
        _TO("object MP"), "show running-config object\nobject network MP\n host 10.30.0.10\n", "object MP"),
    "object {name} of a group": Asked(
        _TO("object-group MPS"), "show running-config object-group\nobject-group network MPS\n"
        " network-object host 10.30.0.10\n", "object MPS"),
    "object-group {name}": Asked(
        f"object-group network MPS\n network-object host 10.30.0\n{_TO('object-group MPS')}",
        "show running-config object-group\nobject-group network MPS\n network-object host 10.30.0.10\n",
        "object-group MPS"),
    "interface {name}": Asked(
        "interface GigabitEthernet0/2\n nameif wan\n security-level 0\n ip address dhcp\n"
        f"access-list IN extended deny tcp any interface wan eq www\n{_ALL}",
        "show ip address\nSystem IP Addresses:\n"
        "Interface                Name                   IP address      Subnet mask     Method\n"
        "GigabitEthernet0/2       wan                    203.0.113.7     255.255.255.0   DHCP\n"
        "Current IP Addresses:\n"
        "Interface                Name                   IP address      Subnet mask     Method\n"
        "GigabitEthernet0/2       wan                    203.0.113.7     255.255.255.0   DHCP\n"
        "edge-1# show ipv6 interface brief\nwan [up/up]\n    unassigned\n", "interface wan"),
    "access-group {list} {way} {interface}": Asked(
        f"{_ALL}access-list OTHER extended deny ip any any\naccess-group OTHER in interface outsid\n",
        "show running-config access-group\naccess-group IN in interface outside\n"
        "access-group OTHER in interface dmz\n", "access-group OTHER in dmz"),
    "same-security-traffic {which}": Asked(
        "interface GigabitEthernet0/0\n security-level 50\n", "show running-config same-security-traffic\n"
        "same-security-traffic permit inter-interface\n", "same-security-traffic inter-interface"),
    "default route {interface}": Asked(
        f"interface GigabitEthernet0/0\n ip address dhcp setroute\n{_ALL}",
        "show route\n\nGateway of last resort is 198.51.100.254 to network 0.0.0.0\n\n"
        "S*       0.0.0.0 0.0.0.0 [1/0] via 198.51.100.254, outside\n", "default route outside"),
    "track {number}": Asked(
        "route dmz 10.30.0.10 255.255.255.255 10.30.0.254 1 track 7\n"
        f"route dmz 10.30.0.10 255.255.255.255 10.30.0.253 9\n{_ALL}",
        "show track\nTrack 7\n  Response Time Reporter 1 reachability\n  Reachability is Up\n"
        "    2 changes, last change 00:05:22\n", "track 7"),
    "logged in": Asked(
        f"{_ALL}access-list AUTH extended permit tcp any any\n"
        "aaa authentication match AUTH outside LOCAL\n",
        "show uauth\n                        Current    Most Seen\nAuthenticated Users       0          1\n"
        "Authen In Progress        0          1\n", "logged in"),
    "scanning-threat shun": Asked(
        f"{_ALL}threat-detection scanning-threat shun\n",
        "show threat-detection shun\nShunned Host List:\n", "scanning-threat shun"),
    "wccp {service}": Asked(
        f"{_ALL}wccp web-cache\nwccp interface outside web-cache redirect in\n",
        "show wccp\n\nGlobal WCCP information:\n    Router information:\n"
        "        Router Identifier:                   -not yet determined-\n"
        "        Protocol Version:                    2.0\n\n    Service Identifier: web-cache\n"
        "        Number of Cache Engines:             0\n", "wccp web-cache"),
    "vpn {peer}": Asked(
        f"{_ALL}access-list VPN extended permit ip host 10.30.0.10 198.51.100.0 255.255.255.0\n"
        "crypto map OUT 10 match address VPN\ncrypto map OUT 10 set peer 192.0.2.77\n"
        "crypto map OUT interface outside\n",
        "show vpn-sessiondb l2l\n\nSession Type: LAN-to-LAN\n\nConnection   : 192.0.2.77\n"
        "Index        : 17                     IP Addr      : 192.0.2.77\n"
        "Protocol     : IKEv1 IPsec\nEncryption   : IKEv1: (1)AES256  IPsec: (1)AES256\n", "vpn 192.0.2.77"),
    "vlan of {interface}": Asked(
        "interface GigabitEthernet0/1\n nameif old\n no ip address\ninterface GigabitEthernet0/1.30\n"
        f" nameif dmz\n security-level 50\n ip address 10.30.0.1 255.255.255.0\n{_ALL}",
        "show running-config interface\n!\ninterface GigabitEthernet0/1\n nameif old\n!\n"
        "interface GigabitEthernet0/1.30\n vlan 30\n nameif dmz\n", "vlan of GigabitEthernet0/1.30"),
}

IPTABLES = """# Generated by iptables-save v1.8.7 (nf_tables) on Thu Apr 27 18:45:33 2023
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
{}COMMIT
# Completed on Thu Apr 27 18:45:33 2023
"""
_ACCEPT = "-A FORWARD -j ACCEPT\n"
_ADDRESSES = """ip address
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    inet 198.51.100.1/24 brd 198.51.100.255 scope global eth0
       valid_lft forever preferred_lft forever
"""
OF_IPTABLES = {
    "native nft tables": Asked(_ACCEPT, "nft list tables\ntable ip filter\n", "native nft tables"),
    "ipset {name}": Asked(
        "-A FORWARD -m set --match-set hosts dst -j ACCEPT\n",
        "ipset list\nName: hosts\nType: hash:ip\nRevision: 4\nHeader: family inet hashsize 1024 "
        "maxelem 65536\nSize in memory: 200\nReferences: 1\nNumber of entries: 1\nMembers:\n10.30.0.10\n",
        "ipset hosts"),
    "own addresses": Asked("-A FORWARD -m addrtype --dst-type LOCAL -j DROP\n" + _ACCEPT, _ADDRESSES,
                           "own addresses"),
    "bridged packets": Asked("-A FORWARD -m physdev --physdev-is-bridged -j DROP\n" + _ACCEPT,
                             "bridge link\n", "bridged packets"),
    "bridged packets, by settings": Asked(
        "-A FORWARD -m physdev --physdev-is-bridged -j DROP\n" + _ACCEPT,
        "sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables\n"
        "net.bridge.bridge-nf-call-iptables = 0\nnet.bridge.bridge-nf-call-ip6tables = 0\n",
        "bridged packets"),
    "physdev {options}": Asked("-A FORWARD -m physdev --physdev-in eth7 -j DROP\n" + _ACCEPT,
                               "bridge link\n", "physdev --physdev-in eth7"),
    "policy {options}": Asked("-A FORWARD -m policy --dir in --pol ipsec --reqid 1 --proto esp -j DROP\n"
                              + _ACCEPT, "ip xfrm policy\n",
                              "policy --dir in --pol ipsec --reqid 1 --proto esp"),
}

PLACES = _ADDRESSES.partition("\n")[2] + """\
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP
    inet 10.30.0.1/24 brd 10.30.0.255 scope global eth1
       valid_lft forever preferred_lft forever
default via 198.51.100.254 dev eth0
10.30.0.0/24 dev eth1 proto kernel scope link src 10.30.0.1
198.51.100.0/24 dev eth0 proto kernel scope link src 198.51.100.1
2001:db8:1::/64 dev eth0 proto kernel metric 256 pref medium
2001:db8:3::/64 dev eth1 proto kernel metric 256 pref medium
"""
OF_ROUTES = {"policy routing of IPv4": Asked(
    "-A FORWARD -i eth0 -o eth1 -j ACCEPT\n",
    "ip rule\n0:\tfrom all lookup local\n32766:\tfrom all lookup main\n"
    "32767:\tfrom all lookup default\n", "policy routing of IPv4")}
IP6TABLES = IPTABLES.replace("iptables-save", "ip6tables-save")
OF_ROUTES_6 = {"policy routing of IPv6": Asked(
    "-A FORWARD -i eth0 -o eth1 -j ACCEPT\n",
    "ip -6 rule\n0:\tfrom all lookup local\n32766:\tfrom all lookup main\n", "policy routing of IPv6")}

NFTABLES = """table inet fw {{
	chain forward {{
		type filter hook forward priority 0; policy drop;
		{}
		accept
	}}
}}
"""
OF_NFTABLES = {"own addresses": Asked("fib daddr type local drop", _ADDRESSES, "own addresses")}
BRIDGES = """table inet fw {{
	chain forward {{
		type filter hook forward priority 0; policy accept;
	}}
}}
table bridge lan {{
	chain forward {{
		type filter hook forward priority 0; policy accept;
		{}
	}}
}}
"""
OF_BRIDGES = {"chain {name} drops": Asked("ip daddr 10.30.0.10 drop", "bridge link\n",
                                          "chain bridge lan forward drops")}
