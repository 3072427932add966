"""The grammar of statements that count: `counter`, `limit`, `quota`, `ct count`, `last`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens
from aclproof.parsers.nftables.text.selectors import name_here, number_here
from aclproof.reason import Reason

BYTES = {"bytes": 1, "kbytes": 1024, "mbytes": 1024 * 1024}
_PER = frozenset("second minute hour day week".split())
PACKETS_AT_ONCE = 5
"""The burst of a limit where none is given."""


def stateful(tokens: Tokens) -> dict[str, Tree]:
    """Read one such statement."""
    reader = _READERS.get(tokens.word)
    if reader is None:
        raise GrammarError(Reason("'{word}' is not known here", word=tokens.word))
    return reader(tokens)


def _counter(tokens: Tokens) -> dict[str, Tree]:
    tokens.at += 1
    found: dict[str, Tree] = {}
    while tokens.word in ("packets", "bytes"):
        key = tokens.next()
        found[key] = number_here(tokens)
    return {"counter": found or None}


def _limit(tokens: Tokens) -> dict[str, Tree]:
    tokens.at += 1
    tokens.expect("rate")
    return {"limit": rate(tokens)}


def rate(tokens: Tokens) -> dict[str, Tree]:
    """Read `over 10/second burst 5 packets`."""
    over = tokens.accept("over")
    tokens.accept("until")
    amount = number_here(tokens)
    unit = tokens.next() if tokens.word in BYTES else ""
    tokens.expect("/")
    per = tokens.next()
    if per not in _PER:
        raise GrammarError(Reason("'{per}' is no unit of time", per=per))
    found: dict[str, Tree] = {"rate": amount, "burst": PACKETS_AT_ONCE, "per": per}
    if over:
        found["inv"] = True
    burst, burst_unit = (0, "bytes") if unit else (PACKETS_AT_ONCE, "packets")
    if tokens.accept("burst"):
        burst, burst_unit = number_here(tokens), tokens.next()
    found["burst"] = burst
    if unit:
        found["rate"], found["rate_unit"] = in_units(amount * BYTES[unit])
        found["burst"], found["burst_unit"] = in_units(burst * BYTES.get(burst_unit, 1))
    return found


def in_units(amount: int) -> tuple[int, str]:
    """Write a number of bytes in the largest unit that divides it."""
    for unit in ("mbytes", "kbytes"):
        if amount and amount % BYTES[unit] == 0:
            return amount // BYTES[unit], unit
    return amount, "bytes"


def _quota(tokens: Tokens) -> dict[str, Tree]:
    tokens.at += 1
    return {"quota": quota(tokens)}


def quota(tokens: Tokens) -> dict[str, Tree]:
    """Read `over 10 mbytes used 5 kbytes`."""
    over = tokens.accept("over")
    tokens.accept("until")
    amount, unit = _amount(tokens)
    found: dict[str, Tree] = {"val": amount, "val_unit": unit}
    if over:
        found["inv"] = True
    if tokens.accept("used"):
        used, unit = _amount(tokens)
        if used:
            found |= {"used": used, "used_unit": unit}
    return found


def _amount(tokens: Tokens) -> tuple[int, str]:
    amount = number_here(tokens)
    unit = tokens.next()
    if unit not in BYTES:
        raise GrammarError(Reason("'{unit}' is no unit of bytes", unit=unit))
    return in_units(amount * BYTES[unit])


def _count(tokens: Tokens) -> dict[str, Tree]:
    tokens.at += 1
    tokens.expect("count")
    over = tokens.accept("over")
    found: dict[str, Tree] = {"val": number_here(tokens)}
    return {"ct count": found | {"inv": True} if over else found}


def _last(tokens: Tokens) -> dict[str, Tree]:
    tokens.at += 1
    if tokens.accept("used") and not tokens.accept("never"):
        name_here(tokens)
    return {"last": None}


_READERS: Mapping[str, Callable[[Tokens], dict[str, Tree]]] = {
    "counter": _counter, "limit": _limit, "quota": _quota, "ct": _count, "last": _last}
STATEFUL = frozenset(_READERS)
