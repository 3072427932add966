"""VPN: which packets go through tunnels, and what filters them there."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.row import Doubt, Feature, harmless, leaves_open, modelled
from aclproof.reason import Reason

TUNNEL = Doubt(
    "vpn {peer}", Reason("whether the tunnel to {peer} is up: these packets go through it, or not at all",
                         peer="PEER"),
    usual=True, find_out="show vpn-sessiondb l2l", stops=False)
POOL = Doubt(
    "vpn pool {pool}", Reason("whether users of the VPN pool {pool} are connected: these addresses are "
                              "theirs", pool="POOL"),
    usual=True, find_out="show vpn-sessiondb", stops=False)
USER_FILTER = Doubt(
    "vpn-filter {list}", Reason("whether the filter {list} of the group policy holds for the user: a user's "
                                "own policy may name another one", list="LIST"),
    usual=True, find_out="show vpn-sessiondb detail")
OWN_FILTER = Doubt(
    USER_FILTER.key, Reason("whether the filter {list} holds for the user: the attributes of some users, or "
                            "a record that chooses them, name it", list="LIST"),
    usual=True, find_out="show vpn-sessiondb detail")
CALLING = Doubt(
    "vpnclient", Reason("whether packets get lost in the tunnel of the VPN client, or are translated there: "
                        "what its server tells it is not in the file"),
    usual=False, find_out="show vpnclient detail")
OWN_VLAN = Doubt(
    "vpn vlan", Reason("whether a group policy sends the user's packets out by a VLAN of its own"),
    usual=False, find_out="show vpn-sessiondb detail")

CLEAR = Doubt(
    "crypto map {list} in clear", Reason("whether packets that access-list {list} of a crypto map denies are "
                                         "dropped where they arrive in clear", list="LIST"),
    usual=False, find_out="show asp drop | include ipsec")
KEPT_OUT = Doubt(
    "kept out of tunnel {list}",
    Reason("whether packets whose source is translated are lost: with the new address they do not match "
           "access-list {list} of the crypto map, and leave in clear", list="LIST"),
    usual=True, find_out="show nat, show crypto ipsec sa")
ANSWERS = Doubt(
    "answers past tunnel {pool}",
    Reason("whether answers of users of the VPN pool {pool} are lost: packets to them get the firewall's own "
           "address in line {line}, which they reach beside their tunnel", line="N", pool="POOL"),
    usual=True, find_out="show nat")
SPLIT = Doubt(
    "past tunnel {list}",
    Reason("whether users send these packets past their tunnel: the group policy splits it by access-list "
           "{list}, and a user's own policy may name another one", list="LIST"),
    usual=True, find_out="show vpn-sessiondb detail")

ROWS: tuple[Feature, ...] = (
    leaves_open("crypto map", "its packets go through a tunnel; decrypted ones skip the interface lists",
                "CLI8 IPsec; VPN", TUNNEL),
    leaves_open("crypto dynamic-map", "the same, for peers that call", "CLI8 IPsec; VPN", TUNNEL),
    leaves_open("ip local pool", "addresses of VPN users", "VPN", POOL),
    modelled("sysopt connection permit-vpn|permit-ipsec",
             "decrypted packets skip the interface lists (the default, 'no' is printed)", "VPN"),
    modelled("webvpn", "the interfaces at which users' tunnels end", "VPN"),
    modelled("group-policy", "the filter of a tunnel or of users", "TAC 99103"),
    modelled("tunnel-group", "the group policy of a peer or of users", "TAC 99103"),
    modelled("vpn-filter", "what passes through the tunnel", "TAC 99103", "group-policy"),
    leaves_open("split-tunnel-policy", "what users do not send through their tunnel", "VPN", SPLIT,
                "group-policy"),
    modelled("ipv6-split-tunnel-policy", "the same of IPv6", "VPN", "group-policy"),
    modelled("split-tunnel-network-list", "the list by which a tunnel is split", "VPN", "group-policy"),
    *harmless("""
        split-dns
        split-tunnel-all-dns
        """, "which names users ask through their tunnel", "VPN", "group-policy"),
    leaves_open("vpn-filter", "what passes of a user's packets", "TAC 99103", OWN_FILTER, "username"),
    leaves_open("network-acl", "what passes of the packets of users whom a record chooses", "VPN", OWN_FILTER,
                "dynamic-access-policy-record"),
    leaves_open("vpnclient enable", "all may go through the tunnel that the client opens", "VPN", CALLING),
    modelled("username * attributes", "the filter of a user", "TAC 99103"),
    modelled("dynamic-access-policy-record", "the filter of users whom it chooses", "VPN"),
    leaves_open("vlan", "forces the way out", "VPN", OWN_VLAN, "group-policy"),
    modelled("default-group-policy", "whose filter holds", "TAC 99103", "tunnel-group"),
    modelled("address-pool", "whose addresses the users have", "VPN", "tunnel-group"),
    *harmless("ipv6-address-pool", "addresses of VPN users in IPv6", "VPN", "tunnel-group"),
    *harmless("""
        crypto ca
        crypto engine
        crypto ikev1
        crypto ikev2
        crypto ipsec
        crypto isakmp
        crypto key
        isakmp
        vpn-addr-assign
        vpn-sessiondb
        vpn
        vpnclient
        vpnsetup
        vpdn
        tunnel-group-map
        tunnel-group-preference
        dynamic-access-policy-config
        username
        vpngroup
        client-update
        ipv6 local pool
        """, "how tunnels are made, and who may have one", "VPN"),
)
