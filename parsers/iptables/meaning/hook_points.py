"""Where the kernel calls the chains of iptables' tables (linux/netfilter_ipv4.h, nf_nat_l3proto)."""

from __future__ import annotations

from collections.abc import Mapping

HOOKS: Mapping[str, str] = {name: name.lower() for name in (
    "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")}
"""The hook of a built-in chain."""

_OF_TABLES = {"raw": -300, "mangle": -150, "nat": -100, "filter": 0, "security": 50}
_SOURCES = 100
"""Of the chains that translate sources."""

PRIORITIES: Mapping[tuple[str, str], int] = {
    (table, chain): _SOURCES if table == "nat" and chain in ("POSTROUTING", "INPUT") else priority
    for table, priority in _OF_TABLES.items() for chain in HOOKS}
"""By table and chain; the lower is asked earlier."""
