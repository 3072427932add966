"""The map of addresses: what it keeps, held against the addresses one by one."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.renaming.address_map import AddressMap

SALT = b"a salt that nobody keeps"
V4 = st.integers(0, Family.V4.last)
V6 = st.integers(0, Family.V6.last)


def number(text: str) -> int:
    return int(ip_address(text))


def shared(bits: int, one: int, other: int) -> int:
    """How many leading bits two addresses have in common."""
    return bits - (one ^ other).bit_length()


@given(V4, V4)
def test_two_addresses_share_as_many_bits_as_before(one: int, other: int) -> None:
    image = AddressMap(SALT)
    assert shared(32, image(Family.V4, one), image(Family.V4, other)) == shared(32, one, other)


@given(V6, V6)
def test_of_ipv6_as_well(one: int, other: int) -> None:
    image = AddressMap(SALT)
    assert shared(128, image(Family.V6, one), image(Family.V6, other)) == shared(128, one, other)


@given(V4, V4)
def test_a_range_stays_one_with_its_ends(one: int, other: int) -> None:
    low, high = sorted((one, other))
    image = AddressMap(SALT)
    image.keep(Family.V4, low, high)
    first, last = image(Family.V4, low), image(Family.V4, high)
    assert last - first == high - low
    whole = image.of(AddressSet(v4=IntervalSet.of((low, high))))
    assert whole == AddressSet(v4=IntervalSet.of((first, last)))


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_set_is_the_images_of_its_addresses(ends: list[tuple[int, int]]) -> None:
    base = number("10.77.3.0")
    found = IntervalSet.of(*((base + min(pair), base + max(pair)) for pair in ends))
    image = AddressMap(SALT)
    one_by_one = IntervalSet.of(*((each, each) for each in (
        image(Family.V4, address) for low, high in found.ranges for address in range(low, high + 1))))
    assert image.of(AddressSet(v4=found)).v4 == one_by_one


@given(V4, st.integers(1, 31))
def test_networks_and_broadcasts_stay_such(address: int, length: int) -> None:
    size = 1 << 32 - length
    low = address // size * size
    image = AddressMap(SALT)
    image.keep(Family.V4, low, low + size - 1)
    assert image(Family.V4, low) % size == 0
    assert image(Family.V4, low + size - 1) % size == size - 1


@pytest.mark.parametrize("text", [
    "0.0.0.0", "127.0.0.1", "224.0.0.5", "255.255.255.255", "169.254.169.254", "::", "::1", "ff02::1",
    *(str(ip_network(f"0.0.0.0/{length}").netmask) for length in range(33)),
    *(str(ip_network(f"0.0.0.0/{length}").hostmask) for length in range(33))])
def test_special_addresses_and_masks_are_as_they_were(text: str) -> None:
    address = ip_address(text)
    assert AddressMap(SALT)(Family(address.version), int(address)) == int(address)


@pytest.mark.parametrize("network", """10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fd00::/8
fe80::/64 2000::/3 2002::/16 ::ffff:0:0/96""".split())
@given(st.data())
def test_who_is_in_a_special_network_stays_in_it_and_nobody_comes_in(
        network: str, data: st.DataObject) -> None:
    found = ip_network(network)
    family, image = Family(found.version), AddressMap(SALT)
    inside = data.draw(st.integers(int(found.network_address), int(found.broadcast_address)))
    anywhere = data.draw(V4 if family is Family.V4 else V6)
    assert ip_address(_text(family, image(family, inside))) in found
    assert (ip_address(_text(family, image(family, anywhere))) in found) == \
        (ip_address(_text(family, anywhere)) in found)


def _text(family: Family, address: int) -> str:
    packed = address.to_bytes(4 if family is Family.V4 else 16, "big")
    return str(ip_address(packed))


@given(V4)
def test_an_ipv4_address_within_an_ipv6_one_is_mapped_as_itself(address: int) -> None:
    image = AddressMap(SALT)
    inner = image(Family.V4, address)
    assert image(Family.V6, 0xFFFF << 32 | address) == 0xFFFF << 32 | inner
    assert image(Family.V6, 0x2002 << 112 | address << 80) >> 80 == 0x2002 << 32 | inner


@given(V4, V4)
def test_a_mask_with_holes_tests_the_same_addresses(one: int, other: int) -> None:
    mask = number("255.255.0.255")
    image = AddressMap(SALT)
    image.hold(Family.V4, mask)
    assert (one & mask == other & mask) == (image(Family.V4, one) & mask == image(Family.V4, other) & mask)


def test_another_salt_is_another_map() -> None:
    addresses = range(number("10.20.0.0"), number("10.20.1.0"))
    one, other = (AddressMap(salt) for salt in (SALT, b"another salt, of as many bytes"))
    assert [one(Family.V4, each) for each in addresses] != [other(Family.V4, each) for each in addresses]
    assert [one(Family.V4, each) for each in addresses] != list(addresses)
