"""What of an ASA's texts belongs to nobody: commands, names for numbers; and where its secrets stand."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.table import TABLE
from aclproof.parsers.cisco_asa.words import keywords
from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.renaming.vocabulary import ADDRESS, V4, Vocabulary

_COMMANDS = frozenset(word for row in TABLE for words in row.patterns for word in words)
_NUMBERS = frozenset((*keywords.PORT_NAMES, *keywords.PROTOCOLS, *keywords.ICMP_CODES,
                      *(name for each in keywords.ICMP_TYPES.values() for name in each)))
_SERVICES = frozenset(f"{protocol}-{name}" for protocol, names in (
    ("tcp", keywords.PORTS[TCP]), ("udp", keywords.PORTS[UDP]), ("icmp", keywords.ICMP_TYPES[ICMP]),
    ("icmp6", keywords.ICMP_TYPES[ICMP6])) for name in names)
"""Objects that every device has."""
_WORDS = frozenset("""
3des absolute access acl act action active-inactive actnofailover additional addr address-pools addresses
advanced-options aes aes-256 after after-auto alerts all allocate-interface allow allowed any any4 any6
april asa assertions at attributes august authenticated authentication-key auto autoconfig before big
block-allocation both bound boundary bpdu brief buffered bvi by cache certificate cfg chassis-id
check-retransmission checksum-verification cisco cisco-asa class-default classify-list client-id com
community compiled conf config configured conn conn-max contact content-length content-type-verification
control control-plane copy counters critical cryptochecksum day debugging december default-information
default-inspection-traffic defaultl2lgroup denied des destination detail detailed dfltgrppolicy dialled
diameter distance distribute-list dmz down drop-reason dsap dynamic dynamic-filter-snoop dynamic-routing
eii-ipx elapsed elements emergencies en encrypted encryption engines enrollment entry environment-data
epm-service-only eq error errors esmtp esp-3des esp-aes esp-aes-192 esp-aes-256 esp-des esp-md5-hmac
esp-none esp-sha-hmac ethernet ethernet0 ethertype example exceed-mss except excludespecified exempt exemption
existing
extended extra fail-close fail-open family fastethernet february file flat flow flow-creation flows forced
found fqdn fri ftd full fwsm general-attributes gigabitethernet global_policy group-list group-object group1
group14 group2 group5 gt gtp h225 half history hitcnt hold-queue holdtime host-limits hosts hour icmp-object
icmp-type id identifier identity ifc ils im ime implicit implicit-deny in in-line inactive include-reserve
index info information informational inline input input-interface input-line-status input-status inside
inspection_default integrity inter-interface interfaces interval into intra-interface invalid-ack ip-address
ip-options ipsec-attributes ipsec-isakmp ipsec-l2l ipsec-pass-thru ipv6-address ipv6-vpn-filter ipx is
january july june key-string kind l2l lan ldap-base-dn ldap-login-dn ldap-login-password level lifetime
limit limits line line-status lines list lists lists-required local-ca local-host location logged lt m3ua
manual manual-commit mapped-rpc march marks match-all match-any max-header-length max-uri-length maximum
maximum-length may md5 mem member members message message-length mgcp mgmt min monitor monitor-only month
more mpf mpls-multicast mpls-unicast ms-rpc-isystemactivator ms-rpc-oxidresolver nat-no-xlate-to-pat-pool
nat-rpf-failed nat-xlate-failed neq net net-to-net netbios netmask network network-acl network-object new
next-hop ngfw no-list no-proxy-arp no-route none norandomseq notifications november np nt-encrypted null0
number object-group-security object-group-user october of old on open org out output-interface
output-line-status output-status outside parts passes passive pat-pool pbkdf2 peer per-client-max
per-session per-user-override periodic persist pfs phase pix policy-routing poll polltime port port-misuse
port-object portchannel ports pre-shared-key preempt prf pri primary promiscuous protection protocol
protocol-object proxy put ra radius-accounting radius-with-expiry range ras raw-ipx rawip reachability
read-only read-write real recipient-address redirect-list remark replication request-method reserved-bits
rest result reverse-route round-robin route-lookup route-source rpc-server rpf-check rpf-violated rule
rule-id run running-config sat saved sctp-state-bypass search sec secondary seconds secret security
security-failed selective-ack self september seq-past-window sequence server server-group service-object
setroute sg-table sha sha256 shunned shut signature skips source sp-security-failed split-tunnel
split-tunnel-network-list standard start startup-config stateful status stby strict strict-http stun subnet
subtype sun syn-data synack-data sys system tcp-state-bypass tcp-udp tengigabitethernet ter thu time-taken
to tracer transfer-encoding translate translate_hits translation transmit transparent trap trunk trustpoint
tt ttl tue tunnel-group-list tunnelall tunneled tunnelspecified txt type uauth uid un-nat under unidirectional
unknown unnumbered
unread-route untranslate up urgent-flag user users using uuid v4 v6 value version via vlan vlan1 vrfid waas
warnings web-cache wed window-scale window-variation with wr xml year
""".split())
"""What follows commands, and the names that Cisco gives."""
_SECRET = r"""password passwd passphrase secret server-secret pre-shared-key key key-string authentication-key
message-digest-key community community-string hex activation-key ldap-login-password sip-password
local-authentication remote-authentication cipher sha-1 md5 auth priv pin license-key challenge
radius-common-pw policy-server-secret"""

VOCABULARY = Vocabulary(
    _COMMANDS | _NUMBERS | _SERVICES | _WORDS,
    shapes=(r"(?i:(?:(?:ten|forty|hundred|twentyfive)?gig(?:abit)?(?:ethernet)?|(?:fast)?ethernet|gi|te|fa|"
            r"gb-ethernet|security|management|port-channel|redundant|vlan|tunnel|bvi|nve|loopback|po)"
            r"[0-9]+(?:/[0-9]+)*(?:\.[0-9]+)?)"),
    removed=(rf"(?im)(?:^|[ \t])(?:{'|'.join(_SECRET.split())})[ \t]+(\S.*)$",
             # passwords that no keyword comes before
             r"(?im)^logging ftp-server(?:[ \t]+\S+){3}[ \t]+(\S.*)$",
             r"(?im)^aaa-server[ \t]+\S+[ \t]+\(\S+\)[ \t]+host[ \t]+\S+[ \t]+(?!timeout|key)(\S+)",
             r"(?ims)^[ \t]*certificate[ \t]+([^\n]*\n.*?)(?=^[ \t]*quit|\Z)"),
    remarks=(r"(?im)^[ \t]*(?:banner[ \t]+\S+|snmp-server[ \t]+(?:contact|location|chassis-id))"
             r"[ \t]+(\S.*)$",
             r"(?im)(?:^|[ \t])(?:description|remark)[ \t]+(\S.*)$",
             r"(?m)^[ \t]*[!:][ \t]*(\S.*)$"),
    ranges=(rf"(?i)\brange[ \t]+({ADDRESS})[ \t]+({ADDRESS})",),
    networks=(rf"({V4})[ \t]+(?={V4}[ \t]+netmask[ \t]+({V4}))",
              rf"({V4})(?:-{V4}[ \t]+mask|[ \t]+netmask)[ \t]+({V4})"))
