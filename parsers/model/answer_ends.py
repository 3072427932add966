"""Addresses and ports in what devices and hosts answer."""

from __future__ import annotations

import re
from typing import Any

from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import Family

_PORT = re.compile(r"[1-9][0-9]{0,4}")
_LAST_PORT = 65535


def address(written: Any) -> tuple[Family, int] | None:
    """Read one address, which may name its zone (`fe80::1%12`); None for anything else."""
    if not isinstance(written, str) or "/" in written or "-" in written:
        return None
    try:
        found = addresses.parse(written.partition("%")[0])
    except ValueError:
        return None
    family = Family.V4 if found.v4 else Family.V6
    return family, found.of(family).lowest


def port_number(written: Any) -> int | None:
    """Read a port; None for anything else, and for 0."""
    text = str(written)
    return int(text) if _PORT.fullmatch(text) and int(text) <= _LAST_PORT else None
