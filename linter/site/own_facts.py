"""Facts that a check asks for whatever the vendor: what lies between site file and configurations."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.reason import Reason

FACT_KINDS: Sequence[FactKind] = (
    FactKind("beside {firewall} at {interface}", Reason(
        "whether packets between hosts that INTERFACE of FIREWALL leads to pass no firewall at all: FIREWALL "
        "does not see them")),
    FactKind("{role} at {interface} of {firewall}", Reason(
        "whether ROLE is at INTERFACE of FIREWALL, though its routes lead elsewhere"), True),
    FactKind("{role} is {firewall}", Reason(
        "whether ROLE is the host of FIREWALL, though that has none of its addresses"), True, "ip addr"),
    FactKind("access-list {list} for {role} at {firewall}", Reason(
        "whether access-list LIST filters what comes from ROLE, though the file binds it elsewhere or not at "
        "all"), True),
    FactKind("interface {name} of {firewall}", Reason(
        "whether FIREWALL has an interface NAME, which none of its rules names"), True, "ip link"),
    FactKind("translation to {target}", Reason(
        "whether TARGET, to which packets are translated, is the destination that they are meant for, too")),
    FactKind("DCOM through NAT at {firewall}", Reason(
        "whether DCOM works through the translation at FIREWALL: it names the server's own address inside "
        "its data")))
"""A key of each is made where the question is asked."""
