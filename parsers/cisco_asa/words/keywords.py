"""ASA's own names for ports, protocols and ICMP types.

Checked against three sources (Cisco's command reference, Netspoc's production table, Firewall Builder's).
The traps: kerberos is 750 and not 88, radius 1645, sqlnet 1521, cifs 3020 and not 445. A name is valid for
its protocol only.
"""

from __future__ import annotations

from aclproof.parsers.model.services import ICMP, ICMP6, SCTP, TCP, UDP

_TCP = {
    "aol": 5190, "bgp": 179, "chargen": 19, "cifs": 3020, "citrix-ica": 1494, "cmd": 514,
    "connectedapps-plain": 15001, "connectedapps-tls": 15002, "ctiqbe": 2748, "daytime": 13, "discard":
    9, "domain": 53, "drip": 3949, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20,
    "gopher": 70, "h323": 1720, "hostname": 101, "http": 80, "https": 443, "ident": 113, "imap4": 143,
    "irc": 194, "kerberos": 750, "klogin": 543, "kshell": 544, "ldap": 389, "ldaps": 636, "login": 513,
    "lotusnotes": 1352, "lpd": 515, "msrpc": 135, "netbios-ssn": 139, "nfs": 2049, "nntp": 119,
    "onep-plain": 15001, "onep-tls": 15002, "pcanywhere-data": 5631, "pim-auto-rp": 496, "pop2": 109,
    "pop3": 110, "pptp": 1723, "rpc": 111, "rsh": 514, "rtsp": 554, "sip": 5060, "smtp": 25, "sqlnet":
    1521, "ssh": 22, "sunrpc": 111, "syslog": 514, "tacacs": 49, "tacacs-ds": 65, "talk": 517, "telnet":
    23, "time": 37, "uucp": 540, "whois": 43, "www": 80,
}

_UDP = {
    "biff": 512, "bootpc": 68, "bootps": 67, "cifs": 3020, "discard": 9, "dns": 53, "dnsix": 195,
    "domain": 53, "echo": 7, "http": 80, "isakmp": 500, "kerberos": 750, "mobile-ip": 434, "nameserver":
    42, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "nfs": 2049, "non500-isakmp": 4500,
    "ntp": 123, "pcanywhere-status": 5632, "pim-auto-rp": 496, "radius": 1645, "radius-acct": 1646,
    "rip": 520, "ripng": 521, "ripv6": 521, "rtsp": 554, "secureid-udp": 5510, "sip": 5060, "snmp": 161,
    "snmptrap": 162, "sunrpc": 111, "syslog": 514, "tacacs": 49, "tacacs-ds": 65, "talk": 517, "tftp":
    69, "time": 37, "vxlan": 4789, "who": 513, "www": 80, "xdmcp": 177,
}

PORTS = {TCP: _TCP, UDP: _UDP, SCTP: _TCP}
"""Port number by name, for each protocol that has ports."""

PORT_NAMES = frozenset({*_TCP, *_UDP})
"""Of any protocol."""

PROTOCOLS = {
    "ah": 51, "ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "icmp6": 58, "igmp": 2, "igrp":
    9, "ipinip": 4, "ipsec": 50, "nos": 94, "ospf": 89, "pcp": 108, "pim": 103, "pptp": 47, "sctp": 132,
    "snp": 109, "tcp": 6, "udp": 17,
}
"""Protocol number by name; `ip` (every protocol) and `tcp-udp` (two of them) are no numbers."""

_ICMP_TYPES = {
    "alternate-address": 6, "conversion-error": 31, "echo": 8, "echo-reply": 0, "information-reply": 16,
    "information-request": 15, "mask-reply": 18, "mask-request": 17, "mobile-redirect": 32,
    "parameter-problem": 12, "redirect": 5, "router-advertisement": 9, "router-solicitation": 10,
    "source-quench": 4, "time-exceeded": 11, "timestamp-reply": 14, "timestamp-request": 13,
    "traceroute": 30, "unreachable": 3,
}

_ICMP6_TYPES = {
    "echo": 128, "echo-reply": 129, "membership-query": 130, "membership-reduction": 132,
    "membership-report": 131, "neighbor-advertisement": 136, "neighbor-redirect": 137,
    "neighbor-solicitation": 135, "packet-too-big": 2, "parameter-problem": 4, "router-advertisement":
    134, "router-renumbering": 138, "router-solicitation": 133, "time-exceeded": 3, "unreachable": 1,
}

ICMP_TYPES = {ICMP: _ICMP_TYPES, ICMP6: _ICMP6_TYPES}
"""ICMP type by name: the same word has different numbers under icmp and icmp6."""

ICMP_CODES = {
    "administratively-prohibited": (3, 13), "host-unreachable": (3, 1), "net-unreachable": (3, 0),
    "packet-too-big": (3, 4), "port-unreachable": (3, 3), "protocol-unreachable": (3, 2),
    "reassembly-timeout": (11, 1), "ttl-exceeded": (11, 0),
}
"""ICMP (IPv4) names that imply a type and a code."""
