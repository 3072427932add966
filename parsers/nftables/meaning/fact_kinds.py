"""What may be asked about a host with nftables."""

from __future__ import annotations

from aclproof.parsers.iptables.text import fact_kinds as iptables
from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.reason import Reason

_TEST = Reason("whether a test of a rule holds, as nft writes it: 'test TEXT'")
KINDS = (
    *iptables.KINDS,
    FactKind("test {text}", _TEST, None, "nft list ruleset"),
    *(FactKind(f"test meta {asked} {{text}}", _TEST, None, "date", "active-inactive")
      for asked in ("time", "day", "hour")),
    FactKind("routes lead back", Reason("whether the routes lead back to the sources by the interface from "
                                        "which they come"), True, "ip route get SOURCE"),
    FactKind("other rules than in {file}", Reason("whether there are tables, chains or rules that are not in "
                                                   "FILE"), False, "nft list ruleset"),
    FactKind("{file} is loaded beside others", Reason("whether older rules are there when FILE is loaded"),
             False, "nft list ruleset"),
    FactKind("tables of iptables-legacy", Reason("whether iptables-legacy has rules of its own that stop "
                                                 "packets"), False, "iptables-legacy-save"),
    FactKind("chain {name} drops", Reason("whether the chain NAME, at a hook that is not followed, drops "
                                          "packets"), None, "nft list ruleset"),
    FactKind("table {name} is dormant", Reason("whether the table NAME is dormant"), None,
             "nft list table NAME"),
    FactKind("connections are tracked for {chain}", Reason("whether the kernel tracks connections, so that "
                                                           "CHAIN is asked"), None, "lsmod"),
)
