"""Top-level commands that cannot decide whether a packet passes an interface's access lists.

A line that begins with none of these, and with nothing that this parser reads, is reported as unread.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

IGNORED = frozenset("""
: aaa aaa-server access-expression active alert-interval alias arp as-path ASA asdm asp async-bootp
auth-prompt
auto-update backup banner bfd bgp boot call-home changeto checkheaps class client-update clock cluster
command-alias community-list compression config-register configure console coredump crashinfo crypto
crypto-map Cryptochecksum ctl-file ctl-provider cts cxsc ddns debug default delete dhcp-client dhcp-server
dhcpd dhcprelay disable dns dns-group dns-guard domain-name dynamic-access-policy-config
dynamic-access-policy-record dynamic-filter dynamic-map eject enable end erase event exit failover feature
file-browsing file-entry fips firewall fixup floodguard flow-export flow-offload flowcontrol
forward-reference fragment ftp ftp-map FWSM group group-delimiter group-policy group-search gtp-map
h225-map hash help hostname hpm hsi-group http http-map icmp igmp ignore-ipsec-keyusage imap4s import ip
ipsec ipsec-udp isakmp isis jumbo-frame kerberos-realm key l2tp lacp ldap license license-server lisp lldp
logging login logout lookup mac mac-address mac-address-table management management-access
management-interface map mask-banner mask-syst-reply mcc media-termination media-type memory mfib mgcp-map
migrate mld mobile-device mode monitor-interface mount mrib mroute mtu multicast name-server names
nameserver netflow NGFW no-proxy ntp nve object-group-search ospf packet-tracer pager parameters passwd
password password-policy peer-id-validate perfmon phone-proxy pim PIX pop3s prefix-list priority-queue
privilege prompt quit quota radius-common-pw reload remote-access rename restore rip route-map
rsa-sig-check rtp-conformance ruleset sctp-map service service-interface service-module session setup sh
show sla smart-tunnel smtp smtp-server smtps snmp snmp-map snmp-server snort software sop speed ssh ssl
sso-server static-route storm-control sw-module sysopt tacacs tcp-intercept tcp-map tcp-options telnet
terminal test tftp tftp-server threat-detection threshold timeout tls-proxy track tunnel-group
tunnel-group-map tunnel-limit uc-ime url url-block url-cache url-list url-server user-alert user-identity
user-statistics username verify virtual vlan vpdn vpn vpn-addr-assign vpn-sessiondb vpnclient vpnsetup vrf
vxlan wccp web-agent-url web-applications webtype webvpn who write xlate zone zonelabs-integrity
""".split())

SUSPICIOUS = frozenset("""permit deny access-list access-group object object-group extended shun
network-object port-object service-object protocol-object icmp-object group-object nameif""".split())
"""Words that make an unread line important: it may be a damaged rule, or a member of a damaged group."""

_ORPHANS = frozenset("""nameif security-level network-object port-object service-object protocol-object
icmp-object group-object""".split())

_DECIDING = tuple("""access-list access-group object object-group static interface route name nameif
time-range class-map policy-map service-policy same-security-traffic conduit network-object port-object
service-object protocol-object icmp-object group-object security-level""".split())
_RULE = re.compile(r"\b(?:permit|deny) +(?:ip|tcp|udp|icmp|object)").search
_BINDING = re.compile(r"\b(?:in|out) +interface +\S|\(\S+,\S+\)").search
_LONGEST = 30
PATIENCE = 1000
"""So many unknown lines are looked at; a file with more is no configuration, and each may decide."""


def may_decide(words: list[str]) -> bool:
    """Return whether an unknown line may be a damaged one that decides whether packets pass."""
    text = " ".join(words)
    if len(words) == 1 and any(each.startswith(words[0]) for each in _DECIDING):
        return True  # cut off in its first word
    return bool(SUSPICIOUS.intersection(words) or _RULE(text) or _BINDING(text) or nearly(words[0])
                or nearly("".join(words[:2])))


def is_harmless(word: str) -> bool:
    """Return whether a line that begins with this word cannot decide whether a packet passes."""
    return word.partition(":")[0] in IGNORED


def is_orphan(words: list[str]) -> bool:
    """Return whether a line belongs into a section whose header is lost: an interface or a group."""
    return words[0] in _ORPHANS or words[:2] == ["ip", "address"]


def looks_like_rule(text: str) -> bool:
    """Return whether a line in a section that decides nothing may be a damaged rule all the same."""
    return _RULE(text) is not None


@lru_cache(maxsize=PATIENCE)
def nearly(word: str) -> bool:
    """Return whether a word looks like a command that decides, with a slip in it."""
    return (any(word.startswith(each) for each in _DECIDING[:4])
            or (len(word) <= _LONGEST and bool(get_close_matches(word, _DECIDING, 1, 0.75))))
