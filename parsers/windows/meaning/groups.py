"""Windows' built-in rule groups: by resource id, and by the names that they have in several languages.

Ids are the same in every language: `Get-NetFirewallRule -Group`, the registry's EmbedCtxt. A finding names
the group that opens what is missing, because Windows enables a group at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aclproof.parsers.model.services import ICMP, ICMP6, TCP, UDP
from aclproof.parsers.windows.netsh.vocabulary import words
from aclproof.reason import Reason


class Group(NamedTuple):
    """A group of rules that Windows ships, to be enabled or disabled together."""

    id: str
    name: str
    """In English; a reason where it is named to people."""
    names: tuple[str, ...] = ()
    """In other languages, where they were seen."""


_DLL = "@FirewallAPI.dll,-"

FILE_AND_PRINTER_SHARING = Group(
    f"{_DLL}28502", Reason("File and Printer Sharing"),
    ("Datei- und Druckerfreigabe", "Partage de fichiers et d'imprimantes", "Compartir archivos e impresoras",
     "Compartilhamento de Arquivo e Impressora", "ファイルとプリンターの共有"))
WMI = Group(
    f"{_DLL}34251", Reason("Windows Management Instrumentation (WMI)"),
    ("Windows-Verwaltungsinstrumentation (WMI)", "Infrastructure de gestion Windows (WMI)",
     "Instrumental de administración de Windows (WMI)",
     "Instrumentação de Gerenciamento do Windows (WMI)"))

WIFI_DIRECT = Group("@wlansvc.dll,-36865", "WLAN Service - WFD Services Kernel Mode Driver Rules")
"""All ports of the kernel, for devices that are paired over Wi-Fi Direct."""

GROUPS = (
    FILE_AND_PRINTER_SHARING, WMI, WIFI_DIRECT,
    Group(f"{_DLL}25000", "Core Networking"),
    Group(f"{_DLL}27000", "Core Networking Diagnostics"),
    Group(f"{_DLL}28602", "File and Printer Sharing over SMBDirect"),
    Group(f"{_DLL}28652", "File and Printer Sharing over QUIC"),
    Group(f"{_DLL}28672", "File and Printer Sharing (Restrictive)"),
    Group(f"{_DLL}28752", "Remote Desktop", ("Remotedesktop",)),
    Group(f"{_DLL}29252", "Remote Event Log Management", ("Remote-Ereignisprotokollverwaltung",)),
    Group(f"{_DLL}29502", "Remote Service Management", ("Remotedienstverwaltung",)),
    Group(f"{_DLL}29752", "Remote Administration", ("Remoteverwaltung",)),
    Group(f"{_DLL}30002", "Windows Firewall Remote Management", ("Windows-Firewallremoteverwaltung",)),
    Group(f"{_DLL}30252", "Windows Remote Management (Compatibility)"),
    Group(f"{_DLL}30267", "Windows Remote Management", ("Windows-Remoteverwaltung",)),
    Group(f"{_DLL}32752", "Network Discovery",
          ("Netzwerkerkennung", "Découverte du réseau", "Detección de redes", "Descoberta de Rede")),
    Group(f"{_DLL}33252", "Remote Scheduled Tasks Management"),
    Group(f"{_DLL}33502", "Distributed Transaction Coordinator"),
    Group(f"{_DLL}33752", "Routing and Remote Access"),
    Group(f"{_DLL}34501", "Remote Volume Management"),
    Group(f"{_DLL}34752", "Performance Logs and Alerts", ("Leistungsprotokolle und -warnungen",)),
    Group(f"{_DLL}36751", "Remote Shutdown"),
    Group(f"{_DLL}36801", "Remote Event Monitor"),
    Group(f"{_DLL}37681", "Netlogon Service"),
)

_ID = re.compile(r"@(?:[^|,@]*\\)?(\w+\.dll,-\d+)", re.IGNORECASE | re.ASCII)
_BY_ID = {each.id.lower(): each for each in GROUPS}
_BY_NAME = words({name: each for each in GROUPS for name in (each.name, *each.names)})


def find(written: str) -> Group | None:
    """Find a group by what an export says about it: its resource id, or its name in some language."""
    found = _ID.fullmatch(written.strip())
    return _BY_ID.get(f"@{found[1].lower()}") if found else _BY_NAME.find(written)


def same(written: str, wanted: str) -> bool:
    """Return whether two texts mean one group, by its id or by its name in any language."""
    known = find(written)
    return written.strip().lower() == wanted.strip().lower() or (known is not None and known is find(wanted))


_OPENED = {(TCP, 445): FILE_AND_PRINTER_SHARING, (TCP, 139): FILE_AND_PRINTER_SHARING,
           (UDP, 137): FILE_AND_PRINTER_SHARING, (UDP, 138): FILE_AND_PRINTER_SHARING,
           (ICMP, 8): FILE_AND_PRINTER_SHARING, (ICMP6, 128): FILE_AND_PRINTER_SHARING, (TCP, 135): WMI}


def opening(protocol: int, port: int, listener: str = "") -> Group | None:
    """Return the group that opens a service inbound: by its port, an ICMP type, or RPC as the listener."""
    return WMI if listener == "rpc-server" else _OPENED.get((protocol, port))
