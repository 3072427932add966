"""Every key of a rule string: what it does to a packet, and how a reader takes it (MS-GPFAS 2.2.2.19).

Where the sources are: docs/windows.md. A key that stands in no table may be one of a Windows to come, or a
damaged one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from aclproof.parsers.windows.registry.damage import is_near


class Effect(Enum):
    """What a field can do to the first packet of a connection."""

    DECIDES = "decides"
    """It is evaluated."""
    DOUBT = "doubt"
    """An export cannot show whether it holds: an allow rule never suffices, a block rule leaves it open."""
    HARMLESS = "harmless"


TEXTS = frozenset({"name", "desc", "embedctxt"})
"""What people read; several of one name say nothing new."""

LISTS = frozenset({"profile", "icmp4", "icmp6", "if", "iftype", "iftype2_23", "platform"})
"""Repeated keys are a union, and so are those of ports and addresses."""

SINGLES = frozenset({
    "action", "active", "dir", "protocol", "app", "svc", "edge", "defer", "lom", "authbypassout", "rmauth",
    "ruauth", "luauth", "luauth2_24", "luown", "apppkgid", "pfn", "platform2", "skipver", "security",
    "security2_9", "security2"}) | TEXTS

HARMLESS: Mapping[str, str] = {
    "lsm": "loose source mapping: answers from another address",
    "pcross": "profile crossing, for clusters: which profile an answer comes in by"}
"""Keys that do nothing to a first packet, and why."""

DOUBTS = frozenset({
    "ttk", "ttk2_22", "ttk2_27", "ttk2_28", "nnm", "fqbn", "securityrealmid", "comptid", "radynkey", "ra43",
    "ra63", "btoif", "rsnm", "rsnme", "rsnmn", "systemosonly", "gameosonly", "devmode", "autogenipsec",
    "caudit", "applb"})
"""Tests that are kept as they are."""

_WIDENING = ("active", "lom", "platform2", "lport", "rport", "lport2_10", "rport2_10", "la4", "la6", "ra4",
             "ra6", "ra42", "ra62", "icmp4", "icmp6", "profile", "platform", "if", "iftype")
"""With one more of these a rule is for more packets: without its `Active` it is off, and lists are unions."""
_DECIDING = frozenset(_WIDENING) | {
    "action", "dir", "protocol", "app", "svc", "apppkgid", "pfn", "skipver"}


def effect(key: str) -> Effect | None:
    """Say what a key does, None for one that no table has."""
    plain = key.lower()
    if plain in _DECIDING:
        return Effect.DECIDES
    if plain in HARMLESS or plain in TEXTS or plain in ("edge", "defer"):
        return Effect.HARMLESS
    return Effect.DOUBT if plain in SINGLES or plain in LISTS or plain in DOUBTS else None


@lru_cache(maxsize=1024)
def may_widen(key: str) -> bool:
    """Return whether an unknown key may be a damaged one that makes a rule hold for more packets."""
    return is_near(key, _WIDENING)
