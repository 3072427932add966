"""How the C library says why a connection was not opened, in English and in German."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.model.shown_by_device import Heard

REASONS: Mapping[str, Heard] = {
    "Connection refused": "closed", "Verbindungsaufbau abgelehnt": "closed",
    "Connection timed out": "filtered", "Operation timed out": "filtered",
    "Die Wartezeit für die Verbindung ist abgelaufen": "filtered",
    "No route to host": "failed", "Keine Route zum Zielrechner": "failed",
    "Host is unreachable": "failed", "Network is unreachable": "failed",
    "Das Netzwerk ist nicht erreichbar": "failed", "Permission denied": "failed",
    "Keine Berechtigung": "failed", "Operation not permitted": "failed",
}
"""Whole texts: a part of one says nothing."""
