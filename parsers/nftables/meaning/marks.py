"""What a statement makes of a mark: every way to set it is `(one mark & some bits) ^ a value`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aclproof.parsers.model.effects import ALL_BITS, CopyMark, Effect, SetMark, TrackIn, Whose
from aclproof.parsers.nftables.meaning import values
from aclproof.parsers.nftables.meaning.packets import DoubtError
from aclproof.parsers.nftables.ruleset import Tree


class _Bits(NamedTuple):
    """`(mark & kept) ^ value`; without a mark, of 0."""

    whose: Whose | None
    kept: int
    value: int


def unknown(whose: Whose) -> SetMark:
    """Return the effect of a statement that sets a mark to something unknown."""
    return SetMark(whose, 0, 0, known=False)


def effects(whose: Whose, value: Tree) -> Iterator[Effect]:
    """Yield what setting a mark does, in order."""
    try:
        bits = _bits(value)
    except DoubtError:
        yield unknown(whose)
        return
    if bits.whose is None:
        yield SetMark(whose, bits.value, ALL_BITS)
    elif bits.whose == whose:
        yield SetMark(whose, bits.value, ALL_BITS & ~bits.kept)
    else:
        yield CopyMark(whose, from_mask=bits.kept)
        if bits.value:
            yield SetMark(whose, bits.value, 0)


def _bits(tree: Tree) -> _Bits:
    match tree:
        case {"meta": {"key": "mark"}}:
            return _Bits("packet", ALL_BITS, 0)
        case {"ct": {"key": "mark"}}:
            return _Bits("connection", ALL_BITS, 0)
        case {"&": [left, right]}:
            inner, number = _bits(left), _number(right)
            return _Bits(inner.whose, inner.kept & number, inner.value & number)
        case {"|": [left, right]}:
            inner, number = _bits(left), _number(right)
            return _Bits(inner.whose, inner.kept & ~number, inner.value & ~number | number)
        case {"^": [left, right]}:
            inner, number = _bits(left), _number(right)
            return inner._replace(value=inner.value ^ number)
        case _:
            return _Bits(None, 0, _number(tree))


def _number(tree: Tree) -> int:
    return values.only(values.number(ALL_BITS), tree)


def zone(way: str, value: Tree) -> TrackIn:
    """How packets are tracked, by a zone for one direction of connections or for both."""
    number = value if isinstance(value, int) else None
    return TrackIn(number if way != "reply" else 0, number if way != "original" else 0, untracked_too=True)
