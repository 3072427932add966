"""What a configuration defines and names: nothing that is named anywhere is said to be unused."""

from __future__ import annotations

import pytest

from aclproof.parsers.model.definitions import Definition
from aclproof.parsers.vendor import door
from tests.parsers.cisco_asa.asa import INTERFACES, read

END = ": end\n"


def defined(text: str, end: str = END) -> dict[str, Definition]:
    found = list(door("cisco-asa").definitions(read(INTERFACES + text + end)))
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


OBJECT = "object network N\n host 10.0.0.1\n"
SERVICE = "object service N\n service tcp destination eq 80\n"
GROUP = "object-group network N\n network-object host 10.0.0.1\n"
LIST = "access-list N extended permit ip any any\n"
TIME = "time-range N\n absolute end 12:00 01 March 2030\n"


@pytest.mark.parametrize(("text", "use"), [
    (OBJECT, "access-list L extended permit ip object N any"),
    (OBJECT, "access-list L line 3 extended permit tcp any object N eq www log"),
    (OBJECT, "ipv6 access-list L permit ip any object N"),
    (OBJECT, "nat (inside,outside) source static N N destination static any any"),
    (OBJECT, "nat (inside,outside) after-auto source dynamic any pat-pool N flat"),
    (OBJECT, "object network P\n host 192.0.2.1\n nat (inside,outside) static N"),
    (OBJECT, "object network N\n nat (inside,outside) static 192.0.2.1"),  # its own translation
    (OBJECT, "object-group network G\n network-object object N"),
    (OBJECT, "snmp-server host-group inside N community REMOVED"),
    (OBJECT, "telemetry-of-tomorrow N"),
    (SERVICE, "object-group service G\n service-object object N"),
    (SERVICE, "nat (inside,outside) source static any any service N N"),
    (GROUP, "access-list L extended permit tcp object-group N any"),
    (GROUP, "object-group network G\n group-object N"),
    (GROUP, "threat-detection scanning-threat shun except object-group N"),
    ("object-group user N\n user LOCAL\\bob\n",
     "access-list L extended permit ip object-group-user N any any"),
    (LIST, "access-group N in interface inside"),
    (LIST, "access-group N global"),
    (LIST, "class-map C\n match access-list N"),
    (LIST, "route-map R permit 10\n match ip address OTHER N"),
    (LIST, "crypto map M 10 match address N"),
    (LIST, "aaa authentication match N outside RAD"),
    (LIST, "group-policy G attributes\n split-tunnel-network-list value N"),
    (LIST, "username bob attributes\n vpn-filter value N"),
    (LIST, "dynamic-access-policy-record D\n network-acl N"),
    (LIST, "group-policy G attributes\n webvpn\n  filter value N"),
    (LIST, "router eigrp 1\n distribute-list N in interface inside"),
    (LIST, "wccp web-cache redirect-list OTHER group-list N"),
    (LIST, "capture C access-list N interface inside"),
    (LIST, "nat (inside) 0 access-list N"),
    (LIST, "static (inside,outside) 192.0.2.9 access-list N"),
    (LIST, "feature-of-tomorrow N"),
    (TIME, "access-list L extended permit ip any any time-range N"),
    (TIME, "group-policy G attributes\n vpn-access-hours value N"),
])
def test_a_use_anywhere_is_one(text: str, use: str) -> None:
    line = len((INTERFACES + text + use).split("\n"))
    assert defined(text + use + "\n")["N"].uses == (line,)


@pytest.mark.parametrize(("text", "no_use"), [
    (OBJECT, "access-list L remark N"), (OBJECT, "access-list L extended permit tcp any any eq N"),
    (OBJECT, "object network P\n description N\n host 10.0.0.2"), (OBJECT, "! N"),
    (OBJECT, "object network P\n host 10.0.0.1"), (LIST, "access-list N remark N"),
    (TIME, "access-list N remark x"), (LIST.replace(" N ", " 100 "), "mtu outside 100"),
])
def test_what_is_no_use(text: str, no_use: str) -> None:
    name = "100" if "100" in text else "N"
    assert defined(f"{text}{no_use}\n")[name].uses == ()


def test_a_number_may_be_a_list() -> None:
    assert defined(f"{LIST.replace(' N ', ' 100 ')}access-group 100 global\n")["100"].uses


def test_of_what_may_be_a_part_nothing_is_said() -> None:
    text = "access-group MISSING global\nobject network EMPTY\n"
    assert defined(text).keys() == {"MISSING", "EMPTY"}
    assert not defined(text, end="")


@pytest.mark.parametrize(("line", "kind"), [
    ("access-list L extended permit ip object GONE any", "object"),
    ("access-list L extended permit ip any object-group GONE", "object-group"),
    ("object-group network G\n group-object GONE", "object-group"),
    ("object-group network G\n network-object object GONE", "object"),
    ("object-group service G\n service-object object GONE", "object"),
    ("nat (inside,outside) source static any GONE", "object"),
    ("nat (inside,outside) source dynamic any interface destination static interface GONE", "object"),
    ("nat (inside,outside) source dynamic any pat-pool GONE", "object"),
    ("nat (inside,outside) source static any any service any GONE", "object"),
    ("object network P\n host 10.0.0.1\n nat (inside,outside) static GONE", "object"),
    ("access-list L extended permit ip any any time-range GONE", "time-range"),
    ("access-group GONE in interface inside", "access-list"),
    ("class-map C\n match access-list GONE", "access-list"),
    ("crypto map M 10 match address GONE", "access-list"),
    ("nat (inside) 0 access-list GONE", "access-list"),
    ("group-policy G attributes\n vpn-filter value GONE", "access-list"),
    ("route-map R permit 10\n match ip address GONE", "access-list"),
])
def test_what_is_named_and_not_there(line: str, kind: str) -> None:
    found = defined(f"{line}\n")["GONE"]
    assert (found.kind, found.line) == (kind, 0)
    assert found.uses == (len((INTERFACES + line).split("\n")),)


@pytest.mark.parametrize("line", [
    "access-list L extended permit ip object HERE any\nobjct network HERE\n host 10.0.0.1",  # damaged
    "access-list L extended permit ip object-group HERE any\nobject-group network-service HERE\n x",
    "access-list L extended permit object icmp-echo any any",  # every device knows it
    "name 10.0.0.1 HERE\nnat (inside,outside) source static HERE HERE",
    "nat (inside,outside) source static 10.0.0.1 2001:db8::1",
    "nat (inside,outside) source dynamic any interface",
    "object network P\n host 10.0.0.1\n nat (inside,outside) static interface service tcp www 8080",
    "route-map R permit 10\n match ip address prefix-list HERE",
    "crypto map M client configuration address initiate",
    "access-list L remark object HERE",
    "access-list HERE remark only\naccess-group HERE global",
])
def test_what_may_be_there_is_not_missed(line: str) -> None:
    assert all(each.line for each in defined(f"{line}\n").values())


SAME = [
    ("object network A\n host 10.0.0.1", "object network B\n subnet 10.0.0.1 255.255.255.255"),
    ("object network A\n subnet 10.0.0.0 255.255.255.0", "object network B\n range 10.0.0.0 10.0.0.255"),
    ("object network A\n fqdn v4 a.example", "object network B\n fqdn v4 a.example"),
    ("object service A\n service tcp destination eq 80", "object service B\n service tcp destination eq www"),
    ("object-group network A\n network-object 10.0.0.0 255.255.255.128\n network-object 10.0.0.128 "
     "255.255.255.128",
     "object-group network B\n network-object 10.0.0.0 255.255.255.0\n network-object host 10.0.0.7"),
    ("object-group network A\n group-object C", "object-group network B\n network-object object D"),
    ("object-group service A tcp\n port-object range 80 82",
     "object-group service B tcp\n port-object eq 81\n port-object eq www\n port-object eq 82"),
    ("object-group service A\n service-object tcp destination eq 80\n service-object tcp destination eq 81",
     "object-group service B\n service-object tcp destination range 80 81"),
    ("object-group protocol A\n protocol-object tcp\n protocol-object udp",
     "object-group protocol B\n protocol-object 17\n protocol-object 6"),
    ("object-group icmp-type A\n icmp-object echo\n icmp-object echo-reply",
     "object-group icmp-type B\n icmp-object echo-reply\n icmp-object echo"),
    ("object-group user A\n user LOCAL\\x\n user LOCAL\\y",
     "object-group user B\n user LOCAL\\y\n user LOCAL\\x")]
BESIDE = "object-group network C\n network-object host 10.9.9.9\nobject network D\n host 10.9.9.9\n"


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_however_it_is_written(one: str, other: str) -> None:
    found = defined(f"{BESIDE}{one}\n{other}\n")
    assert found["A"].value is not None
    assert (found["A"].kind, found["A"].value) == (found["B"].kind, found["B"].value)


@pytest.mark.parametrize(("one", "other"), [
    ("object network A\n host 10.0.0.1", "object network B\n host 10.0.0.2"),
    ("object network A\n host 10.0.0.1", "object-group network B\n network-object host 10.0.0.1"),
    ("object network A\n fqdn v4 a.example", "object network B\n fqdn v6 a.example"),
    ("object-group service A tcp\n port-object eq 80", "object-group service B udp\n port-object eq 80"),
    ("object-group service A\n service-object tcp destination eq 80",
     "object-group service B\n service-object tcp source eq 80"),
    ("object-group icmp-type A\n icmp-object echo", "object-group icmp-type B\n icmp-object 8"),  # of ICMPv6
    ("object network A\n host unreadable", "object network B\n host unreadable"),
    ("object-group network A\n network-object host x", "object-group network B\n network-object host x"),
    ("object-group network A", "object-group network B"),
    (LIST.replace(" N ", " A "), LIST.replace(" N ", " B "))])
def test_what_is_not_the_same(one: str, other: str) -> None:
    a, b = (defined(f"{one}\n{other}\n")[name] for name in "AB")
    assert a.value is None or (a.kind, a.value) != (b.kind, b.value)


@pytest.mark.parametrize(("text", "empty"), [
    ("object network N", True), ("object network N\n description for later", True),
    ("object network N\nobject network P\n host 10.0.0.1\nobject network N\n host 10.0.0.2", False),
    ("object network N\n fqdn a.example", False), ("object network N\n host unreadable", False),
    ("object-group network N", True),
    ("object-group network N\n group-object E\nobject-group network E", True),
    ("object-group network N\n group-object GONE", False),
    ("object-group service N tcp", True), ("object-group service N", True), ("object-group protocol N", True),
    ("object-group icmp-type N", True), ("object-group user N", True),
    ("object-group user N\n user LOCAL\\bob", False),
    ("object-group security N\n security-group tag 5", False), (LIST, False), (TIME, False)])
def test_what_has_no_members(text: str, empty: bool) -> None:
    assert defined(f"{text}\n")["N"].empty is empty


def test_an_object_with_a_translation_does_more_than_stand_for_an_address() -> None:
    found = defined(f"{OBJECT} nat (inside,outside) static 192.0.2.1\n{OBJECT.replace(' N', ' M')}")
    assert (found["N"].does_more, found["M"].does_more) == (True, False)
    assert found["N"].value == found["M"].value
