"""What an administrator of an ASA would do about packets that are stopped."""

from __future__ import annotations

from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.rules import Default, Rule
from aclproof.reason import Reason

ECHO_REPLY = Reason("let the firewall follow ICMP (inspect icmp), or permit the echo reply")
"""What lets the answers of a ping come back."""


def advice(by: Rule | Default, transit: Transit, protocol: int, port: int, listener: str) -> str:
    """Name the cure of a line that stops a service; empty where there is no special one."""
    if isinstance(by, Default) and by.kind == "translation":
        return Reason("no access list helps here: the translation has to change, so that one line, static, "
                      "identity or exemption, holds for the request and its answers")
    if isinstance(by, Default) and by.kind == "no-route":
        return Reason("no access list helps here: the line has to name the interface that leads there, or a "
                      "route by it is lacking")
    if listener == "mapped-rpc":
        return Reason("permit the range, or let 'inspect dcerpc' on this way open the ports that RPC agrees "
                      "on over TCP 135")
    if listener != "rpc-server":
        return ""
    return Reason("permit the range, or from ASA 9.4 on let 'inspect dcerpc' on this way open the ports "
                  "that RPC agrees on over TCP 135")
