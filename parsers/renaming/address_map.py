"""A map of addresses that keeps prefixes: two addresses share as many leading bits after it as before.

The scheme is that of Xu, Fan, Ammar and Moon, 'Prefix-preserving IP address anonymization' (ICNP 2002,
Crypto-PAn): bit i is flipped by a keyed function of the bits before it. The keyed function is HMAC-SHA-256
in place of AES. Some bits are never flipped, so that what addresses mean stays:

- above and within special networks (`_SPECIAL`, `_IDENTICAL`): private ones stay private, masks stay masks;
- on the way to the first and the last address of every range and network that is told (`keep`), below the
  prefix that both share: the image of a range is one range, network and broadcast addresses stay such.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from aclproof.parsers.model.addresses import AddressSet, Family, pieces
from aclproof.parsers.model.intervals import IntervalSet

_Node = tuple[Family, int, int]
"""A prefix: how long it is, and its bits as a number."""

_IDENTICAL = {
    Family.V4: ((0x00, 8), (0x7F, 8), (0xA9FE, 16), (0b111, 3)),
    Family.V6: ((0xFF, 8),)}
"""Nothing below these is flipped: this network, loopback, link-local, multicast and masks; multicast."""
_SPECIAL = {
    Family.V4: ((0x0A, 8), (0xAC1, 12), (0xC0A8, 16), (0b0110010001, 10)),
    Family.V6: ((0, 96), (0xFFFF, 96), (0x64FF9B << 64, 96), (0b001, 3), (0x2002, 16), (0x20010DB8, 32),
                (0x20010000, 32), (0b1111110, 7), (0b11111101, 8), (0xFE80 << 48, 64), (0b1111111011, 10))}
"""These are mapped to themselves, and their addresses among each other: private (RFC 1918), shared; embedded
IPv4, global, 6to4, examples, Teredo, local, link-local, site-local."""
_SOLICITED = (0xFF0200000000000000000001FF, 104)
"""Solicited-node multicast ends with 24 bits of an address (RFC 4291, 2.7.1)."""
_EMBEDDED = {96: (0, 0xFFFF, 0x64FF9B << 64), 16: (0x2002,)}
"""After how many bits an IPv4 address begins, and after which ones."""


class AddressMap:
    """The map of one salt; ranges are told before the first address is mapped."""

    def __init__(self, salt: bytes, held: tuple[int, int] = (0, 0)) -> None:
        """Hold so many of the last bits of every IPv4 address, and of every IPv6 address."""
        self._salt = salt
        self._pinned: set[_Node] = set()
        self._held = {family: (1 << bits) - 1 for family, bits in zip(Family, held, strict=True)}
        self._flips: dict[_Node, int] = {}
        self._known: dict[tuple[Family, int], int] = {}
        self._sets: dict[AddressSet, AddressSet] = {}
        for family in Family:
            for prefix, length in (*_SPECIAL[family], *_IDENTICAL[family]):
                self._pin(family, prefix << family.last.bit_length() - length, 0, length)
        for length in range(1, 32):
            for number in ((Family.V4.last << 32 - length) & Family.V4.last, Family.V4.last >> length):
                self._pin(Family.V4, number, 0, 32)

    def keep(self, family: Family, low: int, high: int) -> None:
        """Let the image of a range be a range, with the images of its ends as its ends."""
        bits = family.last.bit_length()
        common = bits - (low ^ high).bit_length()
        for end in (low, high):
            self._pin(family, end, common, bits)

    def hold(self, family: Family, mask: int) -> None:
        """Let the bits that a mask tests after others that it does not test be as they are."""
        bits = family.last.bit_length()
        tested_first = bits - (family.last ^ mask).bit_length()
        self._held[family] |= mask & family.last >> tested_first

    def __call__(self, family: Family, number: int) -> int:
        """Return the image of an address."""
        known = self._known.get((family, number))
        if known is None:
            known = self._known[family, number] = self._image(family, number)
        return known

    def of(self, addresses: AddressSet) -> AddressSet:
        """Return the image of a set."""
        known = self._sets.get(addresses)
        if known is None:
            known = self._sets[addresses] = AddressSet(*(self._of(family, addresses.of(family).ranges)
                                                         for family in Family))
        return known

    def _of(self, family: Family, ranges: Iterable[tuple[int, int]]) -> IntervalSet:
        found, bits = [], family.last.bit_length()
        for low, length in pieces(family, ranges):
            rest = bits - length
            first = self(family, low) >> rest << rest
            found.append((first, first + (1 << rest) - 1))
        return IntervalSet.of(*found)

    def _pin(self, family: Family, number: int, first: int, end: int) -> None:
        bits = family.last.bit_length()
        self._pinned.update(_node(family, depth, number >> bits - depth) for depth in range(first, end))

    def _image(self, family: Family, number: int) -> int:
        bits, image = family.last.bit_length(), number
        for depth in range(bits):
            bit = 1 << bits - 1 - depth
            node = _node(family, depth, number >> bits - depth)
            within = 1 << node[0].last.bit_length() - 1 - node[1]
            if not self._held[node[0]] & within and self._flip(node):
                image ^= bit
        return image

    def _flip(self, node: _Node) -> int:
        known = self._flips.get(node)
        if known is None:
            known = self._flips[node] = 0 if node in self._pinned or _identical(node) else hmac.digest(
                self._salt, b"%d %d %x" % node, "sha256")[0] & 1
        return known


def _node(family: Family, depth: int, prefix: int) -> _Node:
    """A prefix; of an IPv6 address with an IPv4 one in it that of the latter."""
    if family is Family.V6:
        for before, holders in _EMBEDDED.items():
            inner = depth - before
            if 0 <= inner < 32 and prefix >> inner in holders:
                return Family.V4, inner, prefix & (1 << inner) - 1
    return family, depth, prefix


def _identical(node: _Node) -> bool:
    family, depth, prefix = node
    if family is Family.V6 and depth >= _SOLICITED[1] and prefix >> depth - _SOLICITED[1] == _SOLICITED[0]:
        return False
    return any(depth >= length and prefix >> depth - length == zone for zone, length in _IDENTICAL[family])
