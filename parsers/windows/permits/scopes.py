"""To which program and service a new rule is limited, by what listens at the destination.

Ports of RPC come and go, so Windows has words for them: then a rule opens those that the service holds.
"""

from __future__ import annotations

from msgspec import Struct

from aclproof.parsers.model.services import TCP
from aclproof.parsers.windows.meaning.listeners import ENDPOINT_MAPPER, HTTP, RPC, SMB
from aclproof.parsers.windows.meaning.port_sets import ENDPOINT_MAPPER_PORT


class Scope(Struct, frozen=True):
    """A program, a service of it, and the word for its ports over TCP; empty for any."""

    program: str = ""
    service: str = ""
    ports: str = ""
    """As PowerShell writes it."""


ANY = Scope()
_SVCHOST = "%SystemRoot%\\system32\\svchost.exe"
_SCOPES = {
    SMB: Scope("System"), HTTP: Scope("System"),
    ENDPOINT_MAPPER: Scope(_SVCHOST, "RpcSs", "RPCEPMap"), RPC: Scope(_SVCHOST, "Winmgmt", "RPC")}
NETSH_PORTS = {"RPCEPMap": "RPC-EPMap"}
"""How netsh writes the words for ports that PowerShell writes otherwise."""


def scope(listener: str, protocol: int, port: int, *, outward: bool) -> Scope:
    """Return what a rule for a listener is limited to; of what is sent, the program is not known."""
    found = ANY if outward else _SCOPES.get(listener, ANY)
    named = protocol == TCP and (listener != ENDPOINT_MAPPER or port == ENDPOINT_MAPPER_PORT)
    return found if named else Scope(found.program, found.service)
