"""What may be asked about an ASA: the doubts of the table of commands, and those of objects and lists."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.cisco_asa.features.rows.ways import LINK_DOWN
from aclproof.parsers.cisco_asa.features.table import TABLE
from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.reason import Reason

_OTHERS = (
    FactKind("time-range {name}", Reason("whether time-range NAME is active"), None, "show time-range",
             "active-inactive"),
    FactKind("fqdn {name}", Reason("which addresses NAME has"), None, "show dns", "addresses"),
    FactKind("address {words}", Reason("which address is meant, where the file hides it or it is no address"),
             None, "show running-config", "addresses"),
    FactKind("interface {name}", Reason("which address interface NAME has"), None,
             "show ip address, show ipv6 interface brief", "addresses"),
    FactKind("object {name}", Reason("what NAME stands for: it is not in the file, or could not be read"),
             None, "show running-config object, show running-config object-group", "either"),
    FactKind("object-group {name}", Reason("what NAME stands for: a line of it could not be read"), None,
             "show running-config object-group", "either"),
    FactKind("user {name}", Reason("who NAME is at the time"), None, "show user-identity user active"),
    FactKind("user-group {name}", Reason("who is in NAME at the time"), None,
             "show user-identity user active"),
    FactKind("object-group-{kind} {name}", Reason("who is in NAME at the time"), None,
             "show running-config object-group"),
    FactKind("security-group {name}", Reason("who has the tag NAME at the time"), None,
             "show cts environment-data sg-table"),
    FactKind("access-group {list} {way} {interface}",
             Reason("whether access-list LIST filters what goes in or out at INTERFACE"), None,
             "show running-config access-group"),
    FactKind("same-security-traffic {which}",
             Reason("whether traffic between equal security levels passes"), None,
             "show running-config same-security-traffic"),
    FactKind("inspect {protocol}", Reason("whether 'inspect PROTOCOL' covers these packets"), None,
             "show service-policy"),
    FactKind("real address dialled: {addresses}",
             Reason("whether the packets carry the real address, where a line translates the destination"),
             False, "show running-config nat"),
    FactKind("connection limit: {limits}", Reason("whether a connection limit is reached"), False,
             "show service-policy"),
    FactKind("default route {interface}",
             Reason("whether DHCP or PPPoE gives the firewall a default route by INTERFACE"), True,
             "show route"),
    FactKind("track {number}", Reason("whether a route is in use: it holds while the probe of track NUMBER "
                                      "answers"), True, "show route, show track"),
    FactKind("kept out of tunnel {list}",
             Reason("whether packets whose source is translated are lost: with the new address they do not "
                    "match access-list LIST of a crypto map"), True, "show nat, show crypto ipsec sa"),
    FactKind("answers past tunnel {pool}",
             Reason("whether answers of users of the VPN pool POOL are lost: packets to them get the "
                    "firewall's own address, which they reach beside their tunnel"), True, "show nat"),
    FactKind(LINK_DOWN.key, LINK_DOWN.question, LINK_DOWN.usual, LINK_DOWN.find_out),
    FactKind("{file} is cut", Reason("whether FILE is cut off: it begins as a device prints it, and does not "
                                     "end so"), False, "show running-config"),
    FactKind("lines left out of {file}", Reason("whether lines that matter are left out of FILE: its "
                                                "commands print a part of the configuration"), False,
             "show running-config"),
)


def kinds() -> Iterator[FactKind]:
    """Yield every kind, those of objects and lists first."""
    yield from _OTHERS
    for row in TABLE:
        if row.doubt:
            yield FactKind(row.doubt.key, row.doubt.question, row.doubt.usual, row.doubt.find_out)
