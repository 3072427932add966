"""What the states and statuses of a connection in nft are in the model."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.model.conditions import ESTABLISHED, INVALID, NEW, RELATED, UNTRACKED
from aclproof.parsers.model.packet_conditions import Status

STATES: Mapping[str, str] = {"new": NEW, "established": ESTABLISHED, "related": RELATED, "invalid": INVALID,
                             "untracked": UNTRACKED}

STATUS_BITS: Mapping[str, int] = {"expected": 1, "seen-reply": 2, "assured": 4, "confirmed": 8, "snat": 16,
                                  "dnat": 32}
STATUSES: Mapping[int, Status] = {1: "EXPECTED", 2: "SEEN_REPLY", 4: "ASSURED", 8: "CONFIRMED"}
TRANSLATED: Mapping[int, str] = {16: "SNAT", 32: "DNAT"}
"""Statuses that the model keeps with the states of a connection."""
