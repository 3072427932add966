"""One structure for statements that count, whichever version wrote them; see `normal`."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text.stateful import BYTES, PACKETS_AT_ONCE, in_units


def counted(name: str, inner: Tree) -> Tree:
    """Write what stands in a statement of this name."""
    if not isinstance(inner, dict):
        return inner
    match name:
        case "limit":
            return _limit(inner)
        case "quota":
            return _quota(inner)
        case "last":
            return None
        case "ct count":
            return {key: value for key, value in inner.items() if key != "inv" or value}
        case _:
            return inner


def _limit(inner: Mapping[str, Tree]) -> Tree:
    unit = inner.get("rate_unit", "packets")
    found: dict[str, Tree] = {"rate": inner.get("rate"), "burst": inner.get("burst"),
                              "per": inner.get("per", "second")}
    if unit != "packets":
        found["rate"], found["rate_unit"] = _bytes(inner.get("rate"), unit)
        found["burst"], found["burst_unit"] = _bytes(inner.get("burst") or 0,
                                                     inner.get("burst_unit", "bytes"))
    elif found["burst"] is None:
        found["burst"] = PACKETS_AT_ONCE
    if inner.get("inv"):
        found["inv"] = True
    return found


def _quota(inner: Mapping[str, Tree]) -> Tree:
    value, unit = _bytes(inner.get("val", inner.get("bytes")), inner.get("val_unit", "bytes"))
    found: dict[str, Tree] = {"val": value, "val_unit": unit}
    if inner.get("inv"):
        found["inv"] = True
    if inner.get("used"):
        found["used"], found["used_unit"] = _bytes(inner["used"], inner.get("used_unit", "bytes"))
    return found


def _bytes(amount: Tree, unit: Tree) -> tuple[Tree, Tree]:
    if not isinstance(amount, int) or not isinstance(unit, str) or unit not in BYTES:
        return amount, unit
    return in_units(amount * BYTES[unit])
