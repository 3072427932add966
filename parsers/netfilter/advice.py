"""What an administrator of Linux would do about packets that are stopped."""

from __future__ import annotations

from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.rules import Default, Rule
from aclproof.reason import Reason

ECHO_REPLY = Reason("accept what belongs to a connection (state ESTABLISHED), or permit the echo reply")
"""What lets the answers of a ping come back."""


def advice(by: Rule | Default, transit: Transit, protocol: int, port: int, listener: str) -> str:
    """Name the cure of a line that stops a service; empty where there is no special one.

    The kernel's connection tracking helpers (net/netfilter) know no MS-RPC.
    """
    if listener not in ("rpc-server", "mapped-rpc"):
        return ""
    return Reason("Linux does not follow MS-RPC, so a rule for RELATED opens none of these ports: permit "
                  "the range, or give the service a fixed port")
