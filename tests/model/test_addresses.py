from __future__ import annotations

import ipaddress
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers.model.addresses import (
    ANY,
    ANY4,
    ANY6,
    NOWHERE,
    AddressSet,
    Family,
    join,
    networks,
    parse,
    single,
    spell,
    spell_few,
    write,
)
from aclproof.parsers.model.intervals import EMPTY, IntervalSet
from tests.strategies import intervals

TEN = 10 << 24


@pytest.mark.parametrize(("text", "family", "low", "high"), [
    ("10.0.0.1", Family.V4, TEN + 1, TEN + 1),
    (" 10.0.0.1 ", Family.V4, TEN + 1, TEN + 1),
    ("10.0.0.0/8", Family.V4, TEN, TEN + 2**24 - 1),
    ("10.0.0.1/32", Family.V4, TEN + 1, TEN + 1),
    ("0.0.0.0/0", Family.V4, 0, 2**32 - 1),
    ("10.0.0.1-10.0.0.9", Family.V4, TEN + 1, TEN + 9),
    ("10.0.0.1 - 10.0.0.9", Family.V4, TEN + 1, TEN + 9),
    ("10.0.0.1-10.0.0.1", Family.V4, TEN + 1, TEN + 1),
    ("255.255.255.255", Family.V4, 2**32 - 1, 2**32 - 1),
    ("::1", Family.V6, 1, 1),
    ("::/0", Family.V6, 0, 2**128 - 1),
    ("2001:DB8::/32", Family.V6, 0x20010DB8 << 96, (0x20010DB9 << 96) - 1),
    ("fe80::1-fe80::ff", Family.V6, (0xFE80 << 112) + 1, (0xFE80 << 112) + 255),
    ("::ffff:10.0.0.1", Family.V6, (0xFFFF << 32) + TEN + 1, (0xFFFF << 32) + TEN + 1),
])
def test_people_write_addresses_networks_and_ranges(text: str, family: Family, low: int, high: int) -> None:
    assert parse(text) == single(family, IntervalSet.of((low, high)))


@pytest.mark.parametrize(("text", "why"), [
    ("", "is not an address"),
    ("10", "is not an address"),
    ("10.1", "is not an address"),
    ("10.0.0.0.0", "is not an address"),
    ("0x0a.0.0.1", "is not an address"),
    ("010.0.0.1", "is not an address"),
    ("1.2.3.256", "is not an address"),
    ("1.2.3.4/33", "is not an address"),
    ("::/129", "is not an address"),
    ("any", "is not an address"),
    ("host.example", "is not an address"),
    ("1.2.3.4\x00", "is not an address"),
    ("fe80::1%eth0", "is not an address"),
    ("fe80::1%eth0-fe80::2%eth0", "is not an address"),
    ("10.0.0.1-9", "is not an address"),
    ("10.0.0.1-", "is not an address"),
    ("1.2.3.4/-1", "is not an address"),
    ("10.0.0.0/24-10.0.1.0/24", "is not an address"),
    ("10.0.0.0/255.255.255.0", "needs a prefix length after the slash, such as /24"),
    ("10.0.0.0/0.0.0.255", "needs a prefix length after the slash, such as /24"),
    ("10.0.0.0/", "needs a prefix length"),
    ("10.0.0.0/٨", "needs a prefix length"),
    ("10.0.0.1/8", "has host bits set: write 10.0.0.0/8 or 10.0.0.1"),
    ("2001:db8::1/32", "has host bits set: write 2001:db8::/32 or 2001:db8::1"),
    ("10.0.0.9-10.0.0.1", "is a reversed range: write 10.0.0.1-10.0.0.9"),
    ("10.0.0.1-::1", "mixes IPv4 and IPv6"),
    ("::1-10.0.0.1", "mixes IPv4 and IPv6"),
])
def test_what_could_be_meant_otherwise_is_refused_with_its_text(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(f"{text!r} {why}")):
        parse(text)


_OCTET = st.integers(0, 300).map(str) | st.sampled_from(["00", "01", "", "1 ", " 1", "0x1", "\u0661"])
_LENGTH = st.integers(0, 40).map(str) | st.sampled_from(
    ["", "08", "-1", " 8", "8 ", "24.", "\u0662", "0.0.0.0"])


@given(st.lists(_OCTET, min_size=3, max_size=5).map(".".join), st.none() | _LENGTH)
def test_ipv4_is_read_as_the_standard_library_reads_it(address: str, length: str | None) -> None:
    text = address if length is None else f"{address}/{length}"
    bare = text.strip()
    _, slash, after = bare.partition("/")
    try:
        if slash and not (after.isascii() and after.isdecimal()):
            raise ValueError("a netmask, or no number at all")
        network = ipaddress.IPv4Network(bare)  # refuses host bits, and zeros before a digit
    except ValueError:
        with pytest.raises(ValueError, match=re.escape(repr(text))):
            parse(text)
    else:
        ends = int(network.network_address), int(network.broadcast_address)
        assert parse(text) == AddressSet(IntervalSet.of(ends))


@given(st.integers(0, 2**32 - 1))
def test_ipv4_is_written_as_the_standard_library_writes_it(number: int) -> None:
    assert write(Family.V4, number) == str(ipaddress.IPv4Address(number))


def test_a_plain_address_loads_no_library() -> None:
    program = ("import sys; from aclproof.parsers.model.addresses import Family, parse, spell_all;"
               "spell_all(parse('10.20.0.0/16')); sys.exit('netaddr' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(st.text(alphabet="0123456789abcdefx.:/-% ", max_size=24))
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        found, refused = parse(text), ""
    except ValueError as error:
        found, refused = NOWHERE, str(error)
    assert found or refused.startswith(repr(text))


def families() -> st.SearchStrategy[tuple[Family, int, int]]:
    def within(family: Family) -> st.SearchStrategy[tuple[Family, int, int]]:
        ends = st.tuples(st.integers(0, family.last), st.integers(0, family.last)).map(sorted)
        networks = st.tuples(st.integers(0, family.last), st.integers(0, family.last.bit_length())).map(
            lambda drawn: [drawn[0] & -(1 << drawn[1]), drawn[0] | (1 << drawn[1]) - 1])
        return st.one_of(ends, networks).map(lambda both: (family, both[0], both[1]))
    return st.sampled_from(Family).flatmap(within)


@given(st.lists(families(), min_size=1, max_size=4))
def test_what_is_spelled_reads_back(drawn: list[tuple[Family, int, int]]) -> None:
    whole = join(single(family, IntervalSet.of((low, high))) for family, low, high in drawn)
    texts = [text for family in Family for text in spell(family, whole.of(family).ranges)]
    assert join(map(parse, texts)) == whole


@pytest.mark.parametrize(("family", "ranges", "texts"), [
    (Family.V4, (), []),
    (Family.V4, ((TEN, TEN),), ["10.0.0.0"]),
    (Family.V4, ((TEN, TEN + 255), (TEN + 300, TEN + 301)), ["10.0.0.0/24", "10.0.1.44/31"]),
    (Family.V4, ((TEN + 1, TEN + 256),), ["10.0.0.1-10.0.1.0"]),
    (Family.V4, ((0, 2**32 - 1),), ["0.0.0.0/0"]),
    (Family.V6, ((0, 2**128 - 1),), ["::/0"]),
    (Family.V6, ((0x20010DB8 << 96, (0x20010DB8 << 96) + 1),), ["2001:db8::/127"]),
])
def test_ranges_are_spelled_as_networks_where_they_are_some(
        family: Family, ranges: tuple[tuple[int, int], ...], texts: list[str]) -> None:
    assert spell(family, ranges) == texts


@given(families(), st.integers(0, 300))
def test_the_fewest_networks_are_those_of_the_standard_library(drawn: tuple[Family, int, int],
                                                               few: int) -> None:
    family, low, high = drawn
    for ends in ((low, high), (low, min(low + few, family.last))):
        first, last = (ipaddress.ip_address(write(family, end)) for end in ends)
        assert [ipaddress.ip_network(each) for each in networks(family, [ends])] == list(
            ipaddress.summarize_address_range(first, last))


def test_few_ranges_are_spelled() -> None:
    four = IntervalSet.of(*((n, n) for n in (1, 3, 5, 7)))
    assert spell_few(Family.V4, four) == "0.0.0.1, 0.0.0.3, 0.0.0.5, ..."
    assert spell_few(Family.V4, four, 4) == "0.0.0.1, 0.0.0.3, 0.0.0.5, 0.0.0.7"


def test_small_ipv6_numbers_are_not_written_as_ipv4() -> None:
    assert write(Family.V4, 1) == "0.0.0.1"
    assert write(Family.V6, 1) == "::1"


@given(st.lists(intervals(), min_size=4, max_size=4))
def test_a_set_of_addresses_is_one_of_each_family(drawn: list[IntervalSet]) -> None:
    one, other = AddressSet(*drawn[:2]), AddressSet(*drawn[2:])
    for family in Family:
        mine, its = one.of(family), other.of(family)
        assert [each.of(family) for each in (one | other, one & other, one - other, join([one, other]))] == [
            mine | its, mine & its, mine - its, mine | its]
    assert (one <= other) is all(one.of(family) <= other.of(family) for family in Family)
    assert bool(one) is any(one.of(family) for family in Family)


def test_families_stay_apart() -> None:
    assert ANY == ANY4 | ANY6
    assert not ANY4 & ANY6
    assert ANY - ANY6 == ANY4
    assert NOWHERE <= ANY4 <= ANY
    assert not ANY6 <= ANY4
    assert ANY4.of(Family.V6) == EMPTY
    assert not NOWHERE
    assert join([]) == AddressSet()
