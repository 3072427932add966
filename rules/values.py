"""A single setting's value: from text by its kind, and from another setting by a rule."""

import reprlib
from collections.abc import Sequence
from typing import TypeAlias, assert_never

from aclproof.reason import Reason
from aclproof.rules.pack import Rule, Setting
from aclproof.rules.ports import MAX_PORT, PortRange, parse_range, parse_ranges, show

Value: TypeAlias = bool | str | int | tuple[PortRange, ...]
"""By kind: boolean, choice, port, ports (sorted, disjoint, inclusive ranges)."""


def parse_value(setting: Setting, raw: str | Sequence[str] | None) -> Value:
    """Read a value as it is in a file; raises ValueError with a message for people."""
    if raw is None:
        raise ValueError(Reason("has no value: write one, or leave the key out"))
    if setting.kind == "ports":
        return parse_ranges([raw] if isinstance(raw, str) else raw)
    if not isinstance(raw, str):
        raise ValueError(Reason("takes one value, not a list"))
    match setting.kind:
        case "boolean":
            return _one_of(raw, ("true", "false")) == "true"
        case "choice":
            return _one_of(raw, setting.values)
        case "port":
            first, last = parse_range(raw)
            if first != last:
                raise ValueError(Reason("takes one port, not the range {raw}", raw=raw))
            return first
        case _:
            assert_never(setting.kind)


def _one_of(raw: str, allowed: Sequence[str]) -> str:
    if raw not in allowed:
        raise ValueError(Reason("{raw} is not allowed: write {allowed}", raw=reprlib.repr(raw),
                                allowed=", ".join(allowed)))
    return raw


def written(value: Value) -> str:
    """A value as it is in a file."""
    if isinstance(value, tuple):
        return ", ".join(show(first, last) for first, last in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def derive(rule: Rule, base: int) -> int:
    """The port that follows from the port `base`; raises ValueError if there is none."""
    match rule:
        case "next-port":
            if base == MAX_PORT:
                raise ValueError(Reason("port {base} has no next port: {rule}", base=base,
                                        rule=explain(rule)))
            return base + 1
        case "wsus-pair":
            if base == MAX_PORT:
                raise ValueError(Reason("port {base} leaves no port for HTTPS: {rule}", base=base,
                                        rule=explain(rule)))
            return 443 if base == 80 else base + 1
        case _:
            assert_never(rule)


def explain(rule: Rule) -> str:
    """A derivation rule in one sentence, without a full stop."""
    match rule:
        case "next-port":
            return Reason("one port follows the other")
        case "wsus-pair":
            return Reason("HTTP 80 pairs with HTTPS 443; any other HTTP port pairs with HTTP + 1")
        case _:
            assert_never(rule)
