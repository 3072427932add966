"""Sets of addresses and ports: what they match, by brute force and as the Linux kernel says."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof.parsers import source
from aclproof.parsers.iptables.ipset import entries, packets
from aclproof.parsers.iptables.ipset.packets import KnownSets, Product, alternatives, complement
from aclproof.parsers.iptables.ipset.read import IpSet, Reader, is_dynamic
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import ANY, ANY4, AddressSet, Family, parse
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.services import ANY_SERVICE, ICMP, TCP, UDP, Service, is_icmp

KERNEL = Path(__file__).parents[3].parent / "shared" / "corpus" / "iptables" / "kernel"


def reader(text: str) -> Reader:
    return Reader(source.from_bytes(text.encode(), "sets")).read()


def sets(text: str) -> dict[str, IpSet]:
    found = reader(text)
    assert not found.reasons
    return found.sets


Packet = tuple[Family, int, int, int, int, int]
"""Family, source, destination, protocol, source port (ICMP type), destination port (ICMP code)."""


def holds(products: Sequence[Product], packet: Packet) -> int:
    """In how many of the products a packet lies."""
    family, from_, to, protocol, sport, dport = packet
    return sum(from_ in sources.of(family) and to in destinations.of(family)
               and _served(services, protocol, sport, dport) for sources, destinations, services in products)


def _served(services: Sequence[Service], protocol: int, sport: int, dport: int) -> bool:
    inside = [each for each in services if protocol in each.protocols and sport in each.source_ports
              and dport in each.destination_ports]
    assert len(inside) <= 1
    return bool(inside)


# --- what dumps look like -------------------------------------------------------------------------------

SAVED = """\
create hosts hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x0ea018aa
add hosts 192.0.2.7
add hosts 192.0.2.1
create nets hash:net family inet hashsize 1024 maxelem 65536 timeout 0 comment
add nets 198.51.100.128/25 timeout 0 nomatch
add nets 198.51.100.0/24 timeout 0 comment "bad nomatch net"
create web hash:ip,port family inet hashsize 1024 maxelem 65536
add web 192.0.2.1,tcp:80
add web 192.0.2.1,udp:53
add web 192.0.2.1,icmp:echo-request
create ports bitmap:port range 1-1024
add ports 20
create both list:set size 8
add both hosts
add both nets
"""

LISTED = """\
Name: hosts
Type: hash:ip
Revision: 6
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x0ea018aa
Size in memory: 296
References: 3
Number of entries: 2
Members:
192.0.2.7
192.0.2.1

Name: nets
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 timeout 0 comment
Size in memory: 640
References: 1
Number of entries: 2
Members:
198.51.100.128/25 timeout 0 nomatch
198.51.100.0/24 timeout 0 comment "bad nomatch net"

Name: web
Type: hash:ip,port
Header: family inet hashsize 1024 maxelem 65536
Number of entries: 3
Members:
192.0.2.1,tcp:80
192.0.2.1,udp:53
192.0.2.1,icmp:echo-request

Name: ports
Type: bitmap:port
Header: range 1-1024
Number of entries: 1
Members:
20

Name: both
Type: list:set
Header: size 8
Number of entries: 2
Members:
hosts
nets
"""


def _said(found: dict[str, IpSet]) -> dict[str, tuple[object, ...]]:
    return {name: (each.kind, each.family, sorted(each.entries), each.members, each.size, each.dynamic,
                   each.netmask, each.reason) for name, each in found.items()}


def test_save_and_list_say_the_same() -> None:
    assert _said(sets(SAVED)) == _said(sets(LISTED))
    assert sets(SAVED)["nets"].dynamic
    assert is_dynamic("both", sets(SAVED))
    assert not is_dynamic("web", sets(SAVED))


def test_a_listing_that_has_lost_a_name_is_not_relied_on() -> None:
    """What follows would be taken for more of the set before."""
    listed = "Name: a\nType: hash:ip\nMembers:\n10.0.0.1\nType: hash:ip\nMembers:\n10.0.0.2\n"
    assert not sets(listed.partition("Type: hash:ip\nMembers:\n10.0.0.2")[0])["a"].reason
    assert sets(listed)["a"].reason


def test_the_kernels_dumps_say_the_same_in_both_forms() -> None:
    if not KERNEL.is_dir():
        pytest.skip("no corpus next to the checkout")
    for back_end in ("legacy", "nft"):
        both = [sets((KERNEL / f"coverage.{back_end}.ipset-{form}").read_text()) for form in ("save", "list")]
        assert _said(both[0]) == _said(both[1])
        assert [each.size for each in both[0].values()] == [2, 2, 4, 6, 1]


def test_one_side_of_hosts() -> None:
    found = alternatives("hosts", ("src",), sets(SAVED))
    assert found == [(parse("192.0.2.1") | parse("192.0.2.7"), ANY4, (ANY_SERVICE,))]
    others = complement("hosts", ("dst",), sets(SAVED))
    assert others == [(ANY, ANY - parse("192.0.2.1") - parse("192.0.2.7"), (ANY_SERVICE,))]


def test_exceptions_and_lists() -> None:
    found = alternatives("both", ("dst",), sets(SAVED))
    wanted = parse("192.0.2.1") | parse("192.0.2.7") | parse("198.51.100.0/25")
    assert found == [(ANY4, wanted, (ANY_SERVICE,))]


def test_ports_belong_to_tcp_and_udp_of_both_families() -> None:
    found = alternatives("ports", ("dst",), sets(SAVED))
    (one,) = found
    assert one[:2] == (ANY, ANY)
    for protocol, port, wanted in ((TCP, 20, 1), (UDP, 20, 1), (132, 20, 0), (TCP, 21, 0)):
        assert holds(found, (Family.V6, 1, 2, protocol, 9, port)) == wanted


def test_hosts_with_ports_are_grouped() -> None:
    text = "create s hash:ip,port\n" + "".join(
        f"add s 10.0.0.{host},{port}\n" for host in range(100) for port in ("80", "443", "udp:53"))
    found = alternatives("s", ("src", "dst"), sets(text))
    assert len(found) == 1
    assert len(complement("s", ("src", "dst"), sets(text))) == 3


def test_an_icmp_member_is_one_type_and_code() -> None:
    found = alternatives("web", ("dst", "dst"), sets(SAVED))
    at = parse("192.0.2.1").v4.lowest
    assert holds(found, (Family.V4, 1, at, ICMP, 8, 0)) == 1
    assert holds(found, (Family.V4, 1, at, ICMP, 8, 1)) == 0
    others = complement("web", ("dst", "dst"), sets(SAVED))
    assert holds(others, (Family.V4, 1, at, ICMP, 8, 0)) == 0
    assert holds(others, (Family.V4, 1, at, ICMP, 8, 1)) == 1
    assert holds(others, (Family.V6, 1, at, ICMP, 8, 0)) == 1


def test_too_few_directions_never_match_and_more_are_ignored() -> None:
    found = sets(SAVED)
    assert alternatives("web", ("dst",), found) == []
    assert complement("web", ("dst",), found) == [(ANY, ANY, (ANY_SERVICE,))]
    assert alternatives("hosts", ("src", "dst"), found) == alternatives("hosts", ("src",), found)


def test_an_empty_set_matches_nothing() -> None:
    for kind in ("hash:ip", "hash:net,iface", "hash:mac", "list:set"):
        found = sets(f"create s {kind}\n")
        assert alternatives("s", ("src", "src"), found) == []
        assert complement("s", ("src", "src"), found) == [(ANY, ANY, (ANY_SERVICE,))]


OPEN = [
    ("create s hash:mac\nadd s 00:11:22:33:44:55\n", "does not tell what hash:mac tests"),
    ("create s hash:net,iface\nadd s 10.0.0.0/8,eth0\n", "does not tell"),
    ("create s bitmap:ip,mac range 10.0.0.0/24\nadd s 10.0.0.2\n", "does not tell"),
    ("create s hash:ip,mark\nadd s 10.0.0.2,0x1\n", "does not tell"),
    ("create s hash:ip bitmask 255.255.0.255\nadd s 10.0.0.1\n", "'bitmask' is not understood"),
    ("create s hash:ip\ncreate s hash:net\n", "lines 1 and 2 both create it"),
    ("create s hash:ip\nadd s host.example\n", "a member could not be read: 'host.example'"),
    ("create s hash:ip\nadd s 10.0.0.1\ndel s 10.0.0.1\n", "line 3 could not be read"),
    ("create s hash:ip\nadd s 10.0.0.1\nadd t 10.0.0.2\n", "line 3 adds to a set that was not created"),
    ("create s hash:ip\nadd s 10.0.0.1 nomatch\n", "knows no exceptions"),
    ("create s hash:ip,port\nadd s 10.0.0.1\n", "has 2 parts"),
    ("create s hash:net\nadd s 10.0.0.0/8\nadd s 10.0.0.0/8 nomatch\n", "with and without nomatch"),
    ("create s hash:foo\nadd s 10.0.0.0/8\n", "'hash:foo' is not a known type"),
    ("create a list:set\ncreate s list:set\nadd s a\n", "a list of lists"),
    ("create s list:set\nadd s a\n", "the members of the set a are not in the input"),
    ("-N s ipporthash --from 10.0.0.0 --to 10.0.0.255\n-A s 10.0.0.1,80\n", "depends on the version"),
    ("Name: s\nType: hash:ip\nHeader: family inet\nNumber of entries: 2\n", "all of its 2 members"),
    ("Name: s\nType: hash:ip\nHeader: family inet\n", "does not hold its members"),
    ("Name: s\nType: hash:ip\nNumber of entries: 2\nMembers:\n10.0.0.1\n", "all of its 2 members"),
    ("add s 10.0.0.1\n", "not in the input"),
]


@pytest.mark.parametrize(("text", "reason"), OPEN, ids=[reason for _, reason in OPEN])
def test_what_is_not_known_is_said(text: str, reason: str) -> None:
    for ask in (alternatives, complement):
        with pytest.raises(RuleError, match=reason):
            ask("s", ("src", "dst"), reader(text).sets)


def test_a_list_must_test_ports_on_one_side() -> None:
    text = "create p bitmap:port range 0-9\nadd p 1\ncreate h hash:ip,port\nadd h 10.0.0.1,2\n" \
           "create s list:set\nadd s p\nadd s h\n"
    with pytest.raises(RuleError, match="source ports and destination ports"):
        alternatives("s", ("src", "dst"), sets(text))
    assert len(alternatives("s", ("dst", "dst"), sets(text))) == 2


def test_lines_are_accounted_for() -> None:
    found = reader("# made by hand\n\ncreate s hash:ip\nadd s 10.0.0.1\nadd s 10.0.0.300\nadd t 10.0.0.1\n"
                   "COMMIT\n")
    ignored, understood, unread = State.IGNORED, State.UNDERSTOOD, State.UNREAD
    assert found.states == [ignored, ignored, understood, understood, unread, unread, ignored]
    assert set(found.reasons) == {5, 6}


def test_restore_files_empty_and_remove_sets() -> None:
    found = sets("create s hash:ip -exist\nadd s 10.0.0.1 -exist\nflush s\nadd s 10.0.0.2\n"
                 "create s hash:ip -exist\ncreate t hash:ip\ndestroy t\n")
    assert alternatives("s", ("src",), found)[0][0] == parse("10.0.0.2")
    assert "t" not in found


def test_old_dumps() -> None:
    found = sets("# Generated by ipset 4.2\n-N a iphash --hashsize 1024 --probes 8 --resize 50 --netmask 24\n"
                 "-A a 10.0.5.0\n-N b portmap --from 0 --to 1024\n-A b 80\n-N c nethash --hashsize 1024\n"
                 "-A c 10.0.0.0/8\n-N d setlist --size 8\n-A d a\n-A d c\nCOMMIT\n")
    assert alternatives("d", ("src",), found) == [(parse("10.0.0.0/8"), ANY4, (ANY_SERVICE,))]
    assert alternatives("a", ("src",), found)[0][0] == parse("10.0.5.0/24")
    assert alternatives("b", ("dst",), found)[0][:2] == (ANY, ANY)


def test_what_a_set_matches_is_worked_out_once_for_each_question(monkeypatch: pytest.MonkeyPatch) -> None:
    known = KnownSets(sets(SAVED))
    find = Mock(wraps=alternatives)
    monkeypatch.setattr(packets, "alternatives", find)
    for directions in (("src",), ("dst",)) * 3:
        assert known.products("hosts", directions, negated=False, exceptions=False) == \
            alternatives("hosts", directions, sets(SAVED))
    assert find.call_count == 2
    assert known.products("hosts", ("src",), negated=True, exceptions=False) == \
        complement("hosts", ("src",), sets(SAVED))


def test_members_of_one_address_each_are_neither_taken_apart_nor_compared(
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the odd one goes the long way; a million of them would overlap 'too much' to be compared."""
    text = "create s hash:ip\n" + "".join(f"add s 10.0.{n // 200}.{n % 200}\n" for n in range(4000))
    slow = Mock(wraps=entries.entries)
    monkeypatch.setattr(entries, "entries", slow)
    monkeypatch.setattr(packets, "_MOST_WORK", 1000)
    found = sets(text + "add s 10.9.0.1-10.9.0.3\n")
    assert slow.call_count == len(["create", "add"]) - 1
    (sources, _, _), = alternatives("s", ("src",), found)
    assert sources.v4.size == 4003


def test_many_members_that_overlap_are_given_up() -> None:
    text = "create s hash:net,net\n" + "".join(
        f"add s 10.{n % 200}.{n // 200}.0/24,0.0.0.0/0\nadd s 0.0.0.0/0,10.{n % 200}.{n // 200}.0/24\n"
        for n in range(4000))
    with pytest.raises(RuleError, match="overlap too much"):
        alternatives("s", ("src", "dst"), sets(text))


# --- brute force over a small universe --------------------------------------------------------------------

_HOSTS = (0, 1, 2, 3, 5, 6)
_BASE = parse("10.0.0.0").v4.lowest


def _prefix(at: int, size: int) -> str:
    return f"10.0.0.{at}" + (f"/{32 - size}" if size else "")


_nets = st.integers(0, 3).flatmap(lambda size: st.integers(0, 7).map(lambda at: (at >> size << size, size)))
_numbers = st.integers(0, 3)
_protocols = st.sampled_from([("tcp", 6), ("udp", 17), ("icmp", 1), ("gre", 47)])


_Members = list[tuple[list[tuple[int, int]], bool]]
"""For each member its parts, in numbers, and whether it is an exception."""

_Drawn = tuple[str, str, _Members]
"""A type, its dump, and the members."""


@st.composite
def _set(draw: st.DrawFn) -> _Drawn:
    kind = draw(st.sampled_from(("hash:ip", "hash:net", "hash:ip,port", "hash:net,port", "hash:net,net",
                                 "hash:ip,port,ip", "hash:ip,port,net", "hash:net,port,net", "bitmap:port")))
    members: dict[str, tuple[list[tuple[int, int]], bool]] = {}
    for _ in range(draw(st.integers(0, 6))):
        words, parts = [], []
        for dimension in kind.partition(":")[2].split(","):
            if dimension == "port":
                name, protocol = draw(_protocols)
                port = 0 if name == "gre" else draw(_numbers)
                if kind == "bitmap:port":
                    words.append(str(port))
                else:
                    words.append(f"{name}:{port >> 1}/{port & 1}" if name == "icmp" else f"{name}:{port}")
                parts.append((protocol, port))
            else:
                at, size = draw(_nets)
                size = size if dimension == "net" else 0
                at = at >> size << size
                words.append(_prefix(at, size))
                parts.append((at, size))
        members[",".join(words)] = parts, "net" in kind and draw(st.integers(0, 3)) == 0
    text = f"create s {kind}\n" + "".join(f"add s {word}{' nomatch' * excluded}\n"
                                          for word, (_, excluded) in members.items())
    return kind, text, list(members.values())


def _naive(kind: str, members: _Members, directions: Sequence[str],
           packet: Packet) -> bool:
    """The kernel's way: try members from the longest prefixes on; the first that matches decides."""
    family, from_, to, protocol, sport, dport = packet
    dimensions = kind.partition(":")[2].split(",")
    if family is not Family.V4 and kind != "bitmap:port":
        return False
    if len(directions) < len(dimensions):
        return False
    best: tuple[list[int], bool] | None = None
    for parts, excluded in members:
        rank = []
        for part, dimension, direction in zip(parts, dimensions, directions, strict=False):
            if dimension == "port":
                port = sport << 1 | dport if is_icmp(protocol) else sport if direction == "src" else dport
                same = (protocol in (6, 17) and port == part[1]) if kind == "bitmap:port" else (
                    protocol == part[0] and (protocol == 47 or port == part[1]))
            else:
                address = (from_ if direction == "src" else to) - _BASE
                same = address >> part[1] == part[0] >> part[1]
                rank += [-part[1]] if dimension == "net" else []
            if not same:
                break
        else:
            if best is None or rank > best[0]:
                best = rank, excluded
    return best is not None and not best[1]


_SERVICES = ((6, 0, 1), (6, 1, 0), (6, 2, 3), (6, 9, 3), (17, 1, 2), (17, 3, 0), (1, 0, 0), (1, 0, 1),
             (1, 1, 0), (1, 1, 1), (47, 5, 6), (132, 1, 1), (0, 0, 0))


def _packets() -> Iterator[Packet]:
    for from_, to in product(_HOSTS, _HOSTS):
        for protocol, sport, dport in _SERVICES:
            yield Family.V4, _BASE + from_, _BASE + to, protocol, sport, dport
    yield Family.V6, _BASE, _BASE, 6, 0, 1
    yield Family.V4, 1, _BASE, 6, 0, 1


_directions = st.lists(st.sampled_from(("src", "dst")), min_size=1, max_size=3).map(tuple)


@given(_set(), _directions)
def test_brute_force_agrees(one: _Drawn, directions: tuple[str, ...]) -> None:
    kind, text, members = one
    found = sets(text)
    matched, others = alternatives("s", directions, found), complement("s", directions, found)
    for packet in _packets():
        wanted = _naive(kind, members, directions, packet)
        assert holds(matched, packet) == wanted
        assert holds(others, packet) == (not wanted)


@given(_set(), _set(), _directions)
def test_a_list_is_the_union_of_its_sets(one: _Drawn, two: _Drawn, directions: tuple[str, ...]) -> None:
    found = sets(one[1] + two[1].replace(" s ", " t ") + "create l list:set\nadd l s\nadd l t\n")
    axes = {directions[at] for at, kind in ((each[0].partition(":")[2].split(",").index("port"), each[0])
                                            for each in (one, two) if "port" in each[0])
            if len(directions) > kind.count(",")}
    if len(axes) > 1:
        with pytest.raises(RuleError, match="source ports and destination ports"):
            alternatives("l", directions, found)
        return
    matched, others = alternatives("l", directions, found), complement("l", directions, found)
    for packet in _packets():
        wanted = any(_naive(kind, members, directions, packet) for kind, _, members in (one, two))
        assert holds(matched, packet) == wanted
        assert holds(others, packet) == (not wanted)


@given(st.text("cre at dhs:ip,net/.-0123 nomc\n#", max_size=80), st.integers(0, len(SAVED)))
def test_damaged_dumps_are_read_and_counted(noise: str, at: int) -> None:
    for text in (SAVED[:at] + noise + SAVED[at:], LISTED[:at] + noise + LISTED[at:], SAVED[:at]):
        if not text.strip():
            continue
        found = reader(text)
        assert len(found.states) == len(source.from_bytes(text.encode(), "f").lines())
        assert {at for at, state in enumerate(found.states, 1) if state is State.UNREAD} == set(found.reasons)
        for name, directions in product(found.sets, (("src",), ("src", "dst"))):
            with suppress(RuleError):
                assert all(all(each) for each in alternatives(name, directions, found.sets))


# --- the kernel --------------------------------------------------------------------------------------------

KERNEL_SETS = """\
create hi hash:ip
create hn hash:net
create hip hash:ip,port
create hnp hash:net,port
create hipi hash:ip,port,ip
create hipn hash:ip,port,net
create bp bitmap:port range 0-65535
create hm hash:ip netmask 24
create ls list:set
create h6 hash:net,port family inet6
add hi 127.0.0.1
add hn 127.0.0.0/29
add hn 127.0.0.2/31 nomatch
add hn 127.0.0.3
add hip 127.0.0.1,tcp:40
add hip 127.0.0.2-127.0.0.3,41
add hip 127.0.0.4,udp:40-41
add hip 127.0.0.5,icmp:echo-request
add hnp 127.0.0.0/29,udp:40
add hnp 127.0.0.4/30,udp:40 nomatch
add hnp 127.0.0.0/29,udp:41
add hipi 127.0.0.1,udp:40,127.0.0.2
add hipn 127.0.0.1,udp:40,127.0.0.0/30
add hipn 127.0.0.1,udp:40,127.0.0.2/31 nomatch
add bp 40
add hm 127.0.1.9
add ls hn
add ls hip
add ls h6
add h6 ::1,udp:40
"""


KERNEL_RULES = {
    "hi": "src dst src,dst", "hn": "src dst", "hip": "src,src dst,dst src,dst dst", "hnp": "dst,dst src,dst",
    "hipi": "src,dst,dst dst,src,src", "hipn": "src,dst,dst", "bp": "src dst", "hm": "dst",
    "ls": "dst,dst src dst",
}
"""Sets, and the directions to test them in."""


def _able() -> bool:
    tried = "ipset create a hash:ip && iptables -A OUTPUT -m set --match-set a src"
    if os.name != "posix" or os.geteuid() or not shutil.which("unshare"):
        return False
    done = subprocess.run(["unshare", "-n", "sh", "-c", tried], capture_output=True, check=False)
    return done.returncode == 0


_SENDER = """\
import socket, subprocess, sys
rules, packets = eval(sys.stdin.read())
def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
run("ip", "link", "set", "lo", "up")
for at, rule in enumerate(rules):
    run("iptables", "-A", "OUTPUT", "-m", "comment", "--comment", f"rule{at}", "-m", "mark", "--mark", "1",
        "-m", "set", *rule.split())
for from_, to, protocol, sport, dport in packets:
    run("iptables", "-Z", "OUTPUT")
    if protocol == 17:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 1)
        s.bind((from_, sport))
        s.sendto(b"x", (to, dport))
    else:
        s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 1)
        s.bind((from_, 0))
        body = bytes([sport, dport, 0, 0, 0, 1, 0, 1])
        total = sum(int.from_bytes(body[i:i + 2], "big") for i in range(0, 8, 2))
        total = (total >> 16) + (total & 65535)
        s.sendto(body[:2] + (total ^ 65535).to_bytes(2, "big") + body[4:], (to, 0))
    s.close()
    lines = run("iptables", "-L", "OUTPUT", "-n", "-v", "-x").splitlines()[2:]
    print(" ".join("1" if line.split()[0] != "0" else "0" for line in lines))
"""
"""Sends packets over the loopback of a network namespace, and tells which rules counted each of them.

The packets are marked, so that the answers to them are not counted.
"""


@pytest.mark.skipif(not _able(), reason="needs root, ipset and iptables")
def test_the_kernel_agrees() -> None:
    rules = [f"{'! ' * negated}--match-set {name} {each}" for name, sides in KERNEL_RULES.items()
             for each in sides.split() for negated in (False, True)]
    hosts = [*range(1, 8), 0x109]
    packets = [(from_, to, protocol, sport, dport) for from_, to in product((1, 2, 3, 6), hosts)
               for protocol, sport, dport in ((17, 50, 40), (17, 40, 41), (1, 8, 0))]
    sent = [(f"127.0.{from_ >> 8}.{from_ & 255}", f"127.0.{to >> 8}.{to & 255}", *rest)
            for from_, to, *rest in packets]
    script = f"ipset restore <<E\n{KERNEL_SETS}E\npython3 -c '{_SENDER}'"
    done = subprocess.run(["unshare", "-n", "sh", "-c", script], input=repr((rules, sent)), text=True,
                          capture_output=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    base = parse("127.0.0.0").v4.lowest
    found = sets(KERNEL_SETS)
    asked = []
    for rule in rules:
        words = rule.split()
        ask = complement if words[0] == "!" else alternatives
        asked.append(ask(words[-2], words[-1].split(","), found))
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == len(packets)
    for (from_, to, protocol, sport, dport), answer in zip(packets, answers, strict=True):
        packet = Family.V4, base + from_, base + to, protocol, sport, dport
        ours = [str(holds(products, packet)) for products in asked]
        wrong = [rule for rule, one, kernel in zip(rules, ours, answer, strict=True) if one != kernel]
        assert not wrong, packet


def test_sets_of_addresses_are_of_one_family() -> None:
    assert alternatives("h6", ("src", "dst"), sets(KERNEL_SETS))[0][0] == AddressSet(v6=parse("::1").v6)


@pytest.mark.parametrize("kind", ["hash:ip,port", "hash:net,port"])
def test_members_with_ports_mean_in_the_fast_lane_what_they_mean_in_the_slow_one(kind: str) -> None:
    """A comment needs a closer look, and says nothing."""
    members = ["10.0.0.1,tcp:80", "10.0.0.0/30,udp:53", "10.0.0.2,80", "10.0.0.3,icmp:echo-request",
               "10.0.0.1,tcp:80", "192.0.2.0/24,tcp:8000-8010", "10.0.0.1,gre:0"]
    create = f"create s {kind} family inet\n"
    fast, slow = (sets(create + "".join(f"add s {each}{rest}\n" for each in members))
                  for rest in ("", ' comment "x"'))
    assert [len(each["s"].odd) for each in (fast, slow)] == [0, len(members)]
    assert not slow["s"].ported
    assert sorted(map(repr, fast["s"].entries)) == sorted(map(repr, slow["s"].entries))
    for directions in (("src", "dst"), ("dst", "dst"), ("dst", "src")):
        assert alternatives("s", directions, fast) == alternatives("s", directions, slow)
    excepted = "add s 10.0.0.1,tcp:80 nomatch\n"
    if kind == "hash:net,port":
        text = f"{create}add s 10.0.0.0/24,tcp:80\n"
        both = sets(text + excepted)
        packet = (Family.V4, (10 << 24) + 1, 1, TCP, 1024, 80)
        assert not holds(alternatives("s", ("src", "dst"), both), packet)
        assert holds(alternatives("s", ("src", "dst"), sets(text)), packet)
