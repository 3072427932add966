"""Interfaces and routes: by which way packets go, and whether there is one."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.row import Doubt, Feature, harmless, leaves_open, modelled
from aclproof.reason import Reason

DEFAULT_ROUTE = Doubt(
    "default route {interface}", Reason("whether DHCP gives the firewall a default route by {interface}",
                                        interface="INTERFACE"),
    usual=True, find_out="show route", stops=False)
NO_PROXY_ARP = Doubt(
    "mapped addresses {addresses} routed here", Reason(
        "whether packets to the mapped addresses {addresses} of line {line} come to the firewall at all: it "
        "answers no ARP for them at {interface}, so the neighbours need a route", addresses="ADDRESSES",
        line="LINE", interface="INTERFACE"),
    usual=True, find_out="the routes and ARP entries of the neighbours", stops=False)
TRACKED = Doubt(
    "track {number}", Reason("whether the route of line {line} is in use: it holds while the probe of track "
                             "{number} answers", line="LINE", number="NUMBER"),
    usual=True, find_out="show route, show track", stops=False)
ENCAPSULATED = Doubt(
    "{command} at {interface}", Reason("whether plain packets pass interface {interface}: '{command}' takes "
                                       "it for something else", command="COMMAND", interface="INTERFACE"),
    usual=False, find_out="packet-tracer with one of them, or a packet capture", stops=False)
TWO_WAYS = Doubt(
    "symmetric ways {interface}", Reason("whether answers come back to this very box: interface {interface} "
                                         "is in a group for packets that take two ways",
                                         interface="INTERFACE"),
    usual=True, find_out="show conn, show failover", stops=False)
TAGGED = Doubt(
    "security tags at {interface}", Reason("whether frames come with a security group tag to {interface}, "
                                           "which drops those without 'cts manual'", interface="INTERFACE"),
    usual=False, find_out="show asp drop")
SHARED = Doubt(
    "vrf {interface}", Reason("whether the routes of the file are those of interface {interface}, which is "
                              "in a routing table of its own", interface="INTERFACE"),
    usual=True, find_out="show vrf, and the routes of that one", stops=False)

LINK_DOWN = Doubt(
    "link of {interface} is down", Reason("whether the link of {interface} is down, as the output of 'show "
                                          "interface' in the file shows it", interface="INTERFACE"),
    usual=False, find_out="show interface ip brief")

NO_VLAN = Doubt(
    "vlan of {interface}", Reason("whether subinterface {interface} has a VLAN: none is in the file, and "
                                  "without one nothing passes it", interface="INTERFACE"),
    usual=False, find_out="show running-config interface", stops=False)

GATEWAY = Doubt(
    "gateway {gateway} at {interface}", Reason(
        "whether packets reach the gateway {gateway} of line {line}: it is in no network of {interface}, and "
        "without 'arp permit-nonconnected' the firewall learns no such neighbour", gateway="GATEWAY",
        line="LINE", interface="INTERFACE"),
    usual=False, find_out="show arp", stops=False)

REVERSE_PATH = Doubt(
    "reverse path {interface}", Reason("whether the sources are routed back to {interface}, as 'ip verify "
                                       "reverse-path' requires: no route of the file does that",
                                       interface="INTERFACE"),
    usual=True, find_out="show route", stops=False)

ROWS: tuple[Feature, ...] = (
    leaves_open("sysopt noproxyarp", "no ARP answers for mapped addresses", "FW NAT", NO_PROXY_ARP),
    modelled("interface", "what follows is about one interface", "GEN"),
    modelled("nameif", "names an interface, or all of one on a PIX 6", "GEN"),
    modelled("route", "which interface leads where", "GEN"),
    leaves_open("arp", "entries of next hops; those in no network of an interface are not learned",
                "CR arp permit-nonconnected", GATEWAY),
    modelled("ipv6 route", "which interface leads where", "GEN"),
    modelled("router", "routes that are not in the file", "GEN"),
    modelled("ip address", "the networks of a PIX 6", "CR"),
    leaves_open("ip verify reverse-path", "the source must route back to where the packet came in",
                "CLI8 protection tools", REVERSE_PATH),
    modelled("same-security-traffic", "whether equal levels talk", "CR"),
    modelled("cts", "whether frames are tagged with security groups here", "FW TrustSec"),
    modelled("firewall", "transparent: by MAC addresses, without routes", "CLI8"),
    modelled("nameif", "names the interface; without it nothing passes", "GEN", "interface"),
    modelled("security-level", "what passes without a list", "GEN", "interface"),
    modelled("ip", "its address, and whether DHCP or PPPoE gives it with a route", "GEN", "interface"),
    modelled("ipv6 address", "its address", "GEN", "interface"),
    modelled("shutdown", "nothing passes, by its subinterfaces neither", "GEN", "interface"),
    modelled("management-only", "nothing passes; its routes are a table of their own from 9.5 on", "GEN",
             "interface"),
    modelled("bridge-group", "a member of a bridge: its lists and then the bridge's", "FW access rules",
             "interface"),
    modelled("forward", "'no forward': opens no connection to that VLAN", "5505 guide, interfaces",
             "interface"),
    modelled("channel-group", "a member of a Port-channel, which is down without any", "GEN", "interface"),
    modelled("port-channel", "how many members it needs to be up", "GEN EtherChannel", "interface"),
    modelled("member-interface", "a member of a Redundant interface", "GEN", "interface"),
    modelled("switchport", "the VLAN of a port", "5505 guide, interfaces", "interface"),
    modelled("policy-route", "another way than the routes say", "GEN PBR", "interface"),
    modelled("route-map", "where it is a policy of routing, another way than the routes say", "GEN PBR"),
    modelled("match", "which packets go another way", "GEN PBR", "route-map"),
    modelled("set", "by which way they go", "GEN PBR", "route-map"),
    modelled("zone-member", "interfaces that share routes: open where these are equal", "GEN zones",
             "interface"),
    leaves_open("vlan", "the VLAN of a subinterface, which passes nothing without", "GEN", NO_VLAN,
                "interface"),
    modelled("tunnel", "route-based VPN", "VPN VTI", "interface"),
    modelled("dhcp", "the distance of a route by DHCP", "GEN", "interface"),
    leaves_open("nve-only", "encapsulated packets only", "own", ENCAPSULATED, "interface"),
    leaves_open("traffic-forward", "a tap for a module", "own", ENCAPSULATED, "interface"),
    leaves_open("inline-set", "an IPS interface of FTD", "FMC 6.0.1", ENCAPSULATED, "interface"),
    leaves_open("asr-group", "answers may come by another box", "GEN failover", TWO_WAYS, "interface"),
    leaves_open("cts", "tagged frames", "FW TrustSec", TAGGED, "interface"),
    leaves_open("vrf", "a routing table of its own", "own", SHARED, "interface"),
    *harmless("""
        description
        speed
        duplex
        flowcontrol
        delay
        bandwidth
        allow-ssc-mgmt
        backup
        dhcprelay
        keepalive
        priority-flow-control
        redundant
        service
        snmp
        standby-interface
        tap-mode
        vni
        vpdn
        vtep-nve
        segment-id
        mcast-group
        lacp
        mac-address
        media-type
        mtu
        power
        ospf
        eigrp
        rip
        isis
        bfd
        pim
        igmp
        multicast
        mfib
        ipv6 nd
        ipv6 enable
        ipv6
        ddns
        hello-interval
        hold-time
        authentication
        summary-address
        policy static
        propagate sgt
        split-horizon
        vpn
        pppoe
        poe
        fec
        negotiate
        hardware
        lldp
        priority
        standby
        igp
        exit
        """, "how the interface runs, or what it says to its neighbours", "GEN", "interface"),
)
