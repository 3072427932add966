"""What a command with `Test-NetConnection` asks for."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.powershell import call

_NAMES = ("test-netconnection", "tnc", r"nettcpip\test-netconnection")
_SERVICES = {"http": 80, "rdp": 3389, "smb": 445, "winrm": 5985}
"""Of `-CommonTCPPort`."""
_PARAMETERS = {"computername": "host", "cn": "host", "remoteaddress": "host", "port": "port",
               "remoteport": "port", "commontcpport": "service", "informationlevel": "level"}


class Asked(Struct, frozen=True):
    """What the command line says, where it says it in plain words."""

    host: str = ""
    port: int | None = None
    only_says_whether: bool = False
    """Whether one word is printed."""


def asked(command: str) -> Asked | None:
    """Read a command; None for any other one, and for one that only the shell can work out."""
    if not any(name in command.lower() for name in _NAMES):
        return None
    try:
        called = call.calls(call.code(command))
    except CommandError:
        return None
    test = called[0]
    if test.cmdlet not in _NAMES:
        return None
    values = dict(zip(("host", "service"), test.positional, strict=False))
    for name, words in test.parameters.items():
        if meant := _meant(name):
            values[meant] = words[0] if len(words) == 1 else ""
    port = values.get("port", "")
    return Asked(values.get("host", ""), int(port) if port.isdecimal() and port.isascii() else
                 _SERVICES.get(values.get("service", "").lower()),
                 len(called) == 1 and values.get("level", "").lower() == "quiet")


def _meant(name: str) -> str:
    """A name may be shortened as long as one parameter is left."""
    found = {meant for each, meant in _PARAMETERS.items() if each.startswith(name)}
    return _only(found) if name not in _PARAMETERS else _PARAMETERS[name]


def _only(found: Iterable[str]) -> str:
    first, *others = [*found, ""]
    return first if others == [""] else ""
