"""Service policies: engines, modules, limits and maps, each expectation with its source."""

from __future__ import annotations

import pytest

from aclproof.parsers.cisco_asa.meaning.inspections import map_named
from aclproof.parsers.model.conditions import Opaque
from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import (
    DYNAMIC,
    MAPPER,
    OPEN,
    PONG,
    PUSH,
    SMB,
    TWO,
    WEB,
    inbound,
    judged,
    outbound,
)

DEFAULT = "class-map C\n match default-inspection-traffic\n"
ANY = "class-map C\n match any\n"
LISTED = "access-list L extended deny tcp any any eq 445\naccess-list L extended permit tcp any any\n" \
         "class-map C\n match access-list L\n"
WEB_PORT = "class-map C\n match port tcp eq 80\n"
RPC = "rpc-server"
MAPPER_ONLY = "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface inside\n"
V6 = TWO.replace("255.255.0.0\n", "255.255.0.0\n ipv6 address 2001:db8:20::1/64\n").replace(
    "255.255.255.0\n", "255.255.255.0\n ipv6 address 2001:db8:1::1/64\n")


def policy(class_map: str, *actions: str, place: str = "global") -> str:
    lines = "".join(f"  {action}\n" for action in actions)
    return f"{class_map}policy-map P\n class C\n{lines}service-policy P {place}\n"


@pytest.mark.parametrize(("engine", "expected"), [("icmp", "permit"), ("icmp error", "deny")])
def test_errors_alone_are_no_state_of_pings(engine: str, expected: str) -> None:
    """FW, ICMP inspection: `inspect icmp error` is an engine of its own, for the errors."""
    assert judged(TWO + policy(DEFAULT, f"inspect {engine}"), PONG, "outside", "inside",
                  reply=True) == expected


@pytest.mark.parametrize(("lines", "expected"), [
    (" class C\n  inspect icmp\n", "permit"), (" class C\n inspect icmp\n", "permit"),
    (" class C\n  inspect icmp\n no class C\n", "deny"),
    (" class C\n  inspect icmp\n no class D\n", "permit"),
    (" class C\n  inspect icmp\n  no inspect icmp\n", "deny"),
    (" class C\n  inspect icmp\n  no inspect ftp\n", "permit")])
def test_no_takes_a_class_or_a_line_of_it_away(lines: str, expected: str) -> None:
    text = f"{TWO}{DEFAULT}policy-map P\n{lines}service-policy P global\n"
    assert judged(text, PONG, "outside", "inside", reply=True) == expected


@pytest.mark.parametrize(("class_map", "engine", "one", "expected"), [
    (ANY, "icmp", SMB, "undecided"), (ANY, "icmp", PONG, "permit"), (DEFAULT, "icmp", SMB, "permit"),
    (ANY, "ftp", SMB, "undecided"), (ANY, "http", WEB, "permit"), (ANY, "http", SMB, "undecided"),
    (WEB_PORT, "http", WEB, "permit"), (WEB_PORT, "sip", WEB, "undecided"), (WEB_PORT, "sip", SMB, "permit"),
    (LISTED, "http", SMB, "permit"), (LISTED, "ftp", WEB, "undecided"), (ANY, "ip-options", SMB, "permit"),
    (ANY, "dcerpc", WEB, "undecided"), (DEFAULT, "sip", SMB, "permit")])
def test_an_engine_drops_what_it_does_not_understand(class_map: str, engine: str, one: object,
                                                     expected: str) -> None:
    """TAC DOC-12095 (`match any` with `inspect icmp`: message 313004): only the default inspection traffic
    gives each engine its own ports, any other class gives it everything."""
    text = policy(class_map, f"inspect {engine}")
    assert inbound(text, one) == expected  # type: ignore[arg-type]
    if expected == "undecided":
        key = f"inspect {engine} on other traffic"
        assert inbound(text, one, {key: False}) == "permit"  # type: ignore[arg-type]
        assert inbound(text, one, {key: True}) == "deny"  # type: ignore[arg-type]


@pytest.mark.parametrize(("action", "expected"), [
    ("sfr fail-open", "undecided"), ("sfr fail-close", "undecided"), ("sfr fail-open monitor-only", "permit"),
    ("cxsc fail-open", "undecided"), ("ips inline fail-open", "undecided"),
    ("ips promiscuous fail-open", "permit"), ("csc fail-open", "permit"),
    ("set connection conn-max 100", "undecided"), ("set connection conn-max 0", "permit"),
    ("set connection per-client-max 5", "undecided"), ("set connection embryonic-conn-max 9", "permit"),
    ("set connection timeout idle 0:10:0", "permit"), ("police output 1000000", "permit"),
    ("police input 8000 1000 conform-action drop exceed-action drop", "undecided"),
    ("police input 8000 conform-action transmit exceed-action drop", "permit"),
    ("priority", "permit"), ("inspect scansafe M fail-open", "permit")])
def test_actions_on_a_class(action: str, expected: str) -> None:
    """FW, FirePOWER, CX, IPS, CSC and connection settings: monitor-only and promiscuous modules get copies;
    0 is no limit; embryonic limits only start SYN cookies; CSC sees HTTP, FTP, SMTP and POP3. CR, police:
    `conform-action drop` drops what is below the rate."""
    assert inbound(policy(ANY.replace("any", "port tcp eq 445"), action)) == expected
    assert inbound(policy(ANY.replace("any", "port tcp eq 1"), action)) == "permit"
    assert inbound(policy(ANY.replace("any", "port tcp eq 445"), action, place="interface dmz")) == "permit"
    for place in ("outside", "inside"):
        assert inbound(policy(ANY.replace("any", "port tcp eq 445"), action, place=f"interface {place}")
                       ) == expected


@pytest.mark.parametrize(("action", "one", "expected"), [
    ("inspect scansafe M fail-open", WEB, "undecided"), ("inspect scansafe M fail-open", SMB, "permit"),
    ("csc fail-open", WEB, "undecided")])
def test_actions_on_web_requests(action: str, one: object, expected: str) -> None:
    """FW, Cloud Web Security: HTTP and HTTPS go to a proxy instead of the server."""
    text = policy("access-list L extended permit tcp any any\nclass-map C\n match access-list L\n", action)
    found = inbound(text, one, {"inspect scansafe on other traffic": False})  # type: ignore[arg-type]
    assert found == expected


@pytest.mark.parametrize(("body", "expected"), [
    (" parameters\n  protocol-violation action drop-connection\n", "undecided"),
    (" match request method post\n  reset\n", "undecided"),
    (" match request uri length gt 9\n  log\n", "permit"),
    (" parameters\n  protocol-violation action log\n", "permit"), ("", "permit")])
def test_an_inspection_map_may_stop_requests(body: str, expected: str) -> None:
    """FW, HTTP inspection."""
    text = f"policy-map type inspect http M\n{body}" + policy(DEFAULT, "inspect http M")
    assert inbound(text, WEB) == expected
    assert inbound(text, SMB) == "permit"
    assert inbound(text.replace("inspect http M\nservice", "inspect http\nservice"), WEB) == "permit"
    other = packet("10.20.0.5", "10.1.1.10", "tcp", 8530)
    assert inbound(text, other) == "permit"
    assert inbound(text.replace(DEFAULT, "class-map C\n match port tcp eq 8530\n"), other) == expected


@pytest.mark.parametrize(("body", "usual"), [
    ("", None), (" tcp-options range 6 7 clear\n", None), (" tcp-options range 3 5 drop\n", True),
    (" tcp-options window-scale drop\n", True), (" tcp-options selective-ack drop\n", True),
    (" tcp-options mss drop\n", True),
    (" tcp-options range 9 255 drop\n", False), (" syn-data drop\n", False), (" exceed-mss drop\n", False),
    (" window-variation drop-connection\n", False), (" reserved-bits allow\n", None),
    (" check-retransmission\n", None)])
def test_a_tcp_map_may_drop(body: str, usual: bool | None) -> None:
    """FW, TCP normaliser: the defaults clear options; Windows opens connections with options 3 and 4."""
    text = f"tcp-map M\n{body}" + policy(ANY, "set connection advanced-options M")
    assert inbound(text) == ("permit" if usual is None else "undecided")
    assert inbound(text, packet("10.20.0.5", "10.1.1.10", "udp", 53)) == "permit"
    asked = [each for chain in read(TWO + OPEN + text).chains.values() for rule in chain.rules
             for each in rule.conditions if isinstance(each, Opaque) and "tcp-map" in each.key]
    assert {each.usual for each in asked} == {usual} - {None}


def test_a_policy_with_fail_close_concerns_ipv6() -> None:
    text = policy(DEFAULT, "inspect dns", place="interface outside fail-close")
    assert inbound(text) == "permit"
    six = packet("2001:db8:20::5", "2001:db8:1::10", "tcp", 445)
    assert judged(V6 + OPEN + text, six, "outside", "inside") == "undecided"


LISTS = ("access-list IN extended {action} tcp any any eq 135\n"
         "access-list IN extended permit tcp any any eq 80\naccess-group IN in interface inside\n")
ENGINE = policy(DEFAULT, "inspect dcerpc")


def test_the_pinhole_of_rpc_needs_the_mapper() -> None:
    """FW 9.4-9.6, DCERPC: the engine opens what is agreed on over TCP 135; without that, nothing."""
    opens = LISTS.format(action="permit") + ENGINE
    assert outbound(opens, MAPPER, listener=RPC) == "permit"
    assert outbound(opens, DYNAMIC, listener=RPC) == "permit"
    assert outbound(opens, DYNAMIC) == "deny"  # no RPC server
    assert outbound(LISTS.format(action="deny") + ENGINE, DYNAMIC, listener=RPC) == "deny"
    assert outbound(LISTS.format(action="permit"), DYNAMIC, listener=RPC) == "deny"  # no engine
    out = "access-list CO extended {action} tcp any any eq 135\naccess-group CO out interface outside\n"
    assert outbound(opens + out.format(action="permit"), DYNAMIC, listener=RPC) == "permit"
    assert outbound(opens + out.format(action="deny"), DYNAMIC, listener=RPC) == "deny"


@pytest.mark.parametrize("side", ["security-level 100", "security-level 0"])
def test_a_level_that_cannot_be_read_leaves_the_pinhole_open(side: str) -> None:
    """Whether the mapper is reached hangs on the level, and what is agreed on hangs on the mapper."""
    text = TWO.replace(side, "security-level x") + ENGINE
    assert judged(text, MAPPER, "inside", "outside") == "undecided"
    assert judged(text, DYNAMIC, "inside", "outside", listener=MAPPED) == "undecided"


def test_the_pinhole_is_for_the_hosts_whose_mapper_is_reached() -> None:
    text = ("access-list IN extended permit tcp host 10.1.1.10 any eq 135\n"
            "access-group IN in interface inside\n" + ENGINE)
    assert outbound(text, DYNAMIC, listener=RPC) == "permit"
    other = packet("10.1.1.11", "10.20.0.5", "tcp", 50000)
    assert outbound(text, other, listener=RPC) == "deny"


def test_an_explicit_deny_of_the_range_leaves_the_pinhole() -> None:
    """The engine's connections are opened without asking the list."""
    text = ("access-list IN extended permit tcp any any eq 135\naccess-list IN extended deny ip any any\n"
            "access-group IN in interface inside\n" + ENGINE)
    assert outbound(text, DYNAMIC, listener=RPC) == "permit"


def test_rpc_over_ipv6_is_not_followed() -> None:
    """FW 9.4-9.6, inspection guidelines: DCERPC inspection supports IPv4 only."""
    text = V6 + LISTS.format(action="permit") + ENGINE
    six = packet("2001:db8:1::10", "2001:db8:20::5", "tcp", 50000)
    assert judged(text, six, "inside", "outside", listener=RPC) == "deny"
    assert judged(text, DYNAMIC, "inside", "outside", listener=RPC) == "permit"


@pytest.mark.parametrize(("class_map", "expected"), [(ANY, "deny"), (WEB_PORT, "undecided")])
def test_state_bypass_ends_inspection(class_map: str, expected: str) -> None:
    """FW, TCP state bypass: inspection is not done for what it holds for."""
    bypass = class_map.replace("class-map C", "class-map B")
    text = LISTS.format(action="permit") + bypass + DEFAULT + (
        "policy-map P\n class B\n  set connection advanced-options tcp-state-bypass\n class C\n"
        "  inspect dcerpc\nservice-policy P global\n")
    assert outbound(text, DYNAMIC, listener=RPC) == expected


def test_state_bypass_is_of_tcp_and_leaves_the_inspection_of_pings() -> None:
    text = DEFAULT + ANY.replace("class-map C", "class-map B") + (
        "policy-map P\n class B\n  set connection advanced-options tcp-state-bypass\n class C\n"
        "  inspect icmp\nservice-policy P global\n")
    assert judged(TWO + text, PONG, "outside", "inside", reply=True) == "permit"


@pytest.mark.parametrize(("action", "dynamic", "mapper"), [("reset", "deny", "undecided"),
                                                          ("log", "permit", "permit")])
def test_a_dcerpc_map_that_resets_closes_the_pinhole(action: str, dynamic: str, mapper: str) -> None:
    """FW 9.5+, DCERPC inspection maps: `match uuid` with `reset`."""
    text = LISTS.format(action="permit") + (
        f"policy-map type inspect dcerpc M\n match uuid ms-rpc-isystemactivator\n  {action}\n"
        ) + policy(DEFAULT, "inspect dcerpc M")
    assert outbound(text, DYNAMIC, listener=RPC) == dynamic
    assert outbound(text, MAPPER, listener=RPC) == mapper


MAPPED = "mapped-rpc"


@pytest.mark.parametrize(("release", "dcom"), [("7.2(4)", "undecided"), ("9.1(7)", "undecided"),
                                               ("9.12(4)", "permit")])
def test_every_release_opens_what_the_endpoint_mapper_names(release: str, dcom: str) -> None:
    """FW 8.4, 9.1 and 9.4, DCERPC: map and lookup operations of the endpoint mapper are supported, whichever
    service is asked for; up to 9.1 nothing that is not the endpoint mapper's, such as DCOM's activation."""
    text = TWO.replace("9.12(4)", release) + LISTS.format(action="permit") + ENGINE
    assert judged(text, DYNAMIC, "inside", "outside", listener=MAPPED) == "permit"
    assert judged(text, DYNAMIC, "inside", "outside", listener=RPC) == dcom


def test_what_is_not_mapped_gets_no_pinhole() -> None:
    """A global catalog listens on 3268 without the endpoint mapper, and nobody asks that for it."""
    text = LISTS.format(action="permit") + ENGINE
    catalog = packet("10.1.1.10", "10.20.0.5", "tcp", 3268)
    assert outbound(text, catalog, listener="lsass") == "deny"
    assert outbound(text, DYNAMIC, listener="lsass") == "deny"
    assert outbound(LISTS.format(action="deny") + ENGINE, DYNAMIC, listener=MAPPED) == "deny"
    assert outbound(LISTS.format(action="permit"), DYNAMIC, listener=MAPPED) == "deny"


@pytest.mark.parametrize(("facts", "expected"), [
    ({}, "undecided"), ({"inspect dcerpc M": False}, "permit"), ({"inspect dcerpc M": True}, "deny")])
@pytest.mark.parametrize("body", [
    " match uuid ms-rpc-epm\n  reset\n", " match not uuid ms-rpc-isystemactivator\n  reset\n",
    " class K\n  reset\n",
    " match uuid ms-rpc-isystemactivator\n  reset\n match uuid ms-rpc-epm\n  reset log\n"])
def test_a_dcerpc_map_that_resets_something_may_close_it(
        facts: dict[str, bool], expected: str, body: str) -> None:
    """FW 9.5+: the UUIDs that a map may reset are the endpoint mapper's own and two of DCOM."""
    text = LISTS.format(action="permit") + (
        f"policy-map type inspect dcerpc M\n{body}"
        ) + policy(DEFAULT, "inspect dcerpc M")
    assert outbound(text, DYNAMIC, facts, listener=MAPPED) == expected


@pytest.mark.parametrize("uuid", ["ms-rpc-isystemactivator", "ms-rpc-oxidresolver"])
def test_a_dcerpc_map_that_resets_dcom_alone_opens_what_the_mapper_names(uuid: str) -> None:
    """Messages of the endpoint mapper have a UUID of their own. DCOM is activated over TCP 135 as well."""
    text = LISTS.format(action="permit") + (
        f"policy-map type inspect dcerpc M\n match uuid {uuid}\n  reset log\n match uuid ms-rpc-epm\n  log\n"
        ) + policy(DEFAULT, "inspect dcerpc M")
    assert outbound(text, DYNAMIC, listener=MAPPED) == "permit"
    assert outbound(text, DYNAMIC, listener=RPC) != "permit"
    assert outbound(text, MAPPER, listener="endpoint-mapper") == "undecided"


@pytest.mark.parametrize(("option", "dcom"), [("epm-service-only", "undecided"),
                                              ("lookup-operation", "permit")])
def test_a_map_may_enforce_the_endpoint_mapper(option: str, dcom: str) -> None:
    """FW 8.4-9.20, DCERPC maps: `epm-service-only` enforces the endpoint mapper's service when a client
    binds; what becomes of DCOM's activation then, the guide does not say."""
    text = LISTS.format(action="permit") + (
        f"policy-map type inspect dcerpc M\n parameters\n  endpoint-mapper {option}\n"
        ) + policy(DEFAULT, "inspect dcerpc M")
    assert outbound(text, DYNAMIC, listener=MAPPED) == "permit"
    assert outbound(text, DYNAMIC, listener=RPC) == dcom
    assert outbound(text, DYNAMIC, {"inspect dcerpc": True}, listener=RPC) == "permit"


@pytest.mark.parametrize("listener", [MAPPED, RPC])
def test_a_dcerpc_map_that_is_not_in_the_file_may_stop_rpc(listener: str) -> None:
    """An ASA has no reference to a map that does not exist (CR, inspect): lines are lacking in the file."""
    text = LISTS.format(action="permit") + policy(DEFAULT, "inspect dcerpc NOSUCH")
    for answer, expected in ((None, "undecided"), (False, "permit"), (True, "deny")):
        facts = {} if answer is None else {"inspect dcerpc NOSUCH": answer}
        assert outbound(text, DYNAMIC, facts, listener=listener) == expected
        assert outbound(text, MAPPER, facts, listener="endpoint-mapper") == expected


@pytest.mark.parametrize(("line", "name"), [
    ("http M", "M"), ("ftp strict M", "M"), ("ftp strict", ""), ("h323 h225 M", "M"),
    ("sip M tls-proxy T", "M"), ("dns M dynamic-filter-snoop", "M"), ("dns maximum-length 512", ""),
    ("icmp error", ""), ("esmtp _default_esmtp_map", ""), ("dcerpc", "")])
def test_where_an_inspect_line_names_its_map(line: str, name: str) -> None:
    """CR, inspect: the map comes after the words of its engine, and before `tls-proxy` and the like.
    The `_default_` maps are built in, and show in `show running-config all` only."""
    engine, *rest = line.split()
    assert map_named(engine, rest) == name


def test_an_http_map_that_is_not_in_the_file_concerns_port_80() -> None:
    text = policy(DEFAULT, "inspect http NOSUCH")
    assert inbound(text, WEB) == "undecided"
    assert inbound(text, WEB, {"inspect http NOSUCH": False}) == "permit"
    assert inbound(text, SMB) == "permit"


@pytest.mark.parametrize("place", ["global", "interface outside"])
def test_a_policy_that_is_not_in_the_file_may_do_anything(place: str) -> None:
    """A service-policy names a policy-map that exists (CR): it may stop packets, and follow RPC and pings."""
    line = f"service-policy NOSUCH {place}\n"
    settled = {"policy-map NOSUCH drops": False}
    assert inbound(line) == "undecided"
    assert inbound(line, facts=settled) == "permit"
    rpc = LISTS.format(action="permit") + line
    assert outbound(rpc, DYNAMIC, settled, listener=MAPPED) == "undecided"
    assert outbound(rpc, DYNAMIC, {**settled, "inspect dcerpc": True}, listener=MAPPED) == "permit"
    assert judged(TWO + line, PONG, "outside", "inside", settled, reply=True) == "undecided"


def test_another_policy_that_is_not_in_the_file_leaves_the_engine_open() -> None:
    """It may bypass TCP state, or have the engine itself, with a map, instead of the global one."""
    text = LISTS.format(action="permit") + ENGINE + "service-policy NOSUCH interface outside\n"
    settled = {"policy-map NOSUCH drops": False}
    assert outbound(text, DYNAMIC, settled, listener=MAPPED) == "undecided"
    assert outbound(text, DYNAMIC, {**settled, "inspect dcerpc": True}, listener=MAPPED) == "permit"


@pytest.mark.parametrize(("option", "expected"), [
    ("NOSUCH", "undecided"), ("tcp-state-bypass", "permit"), ("flow-offload", "permit")])
def test_a_tcp_map_that_is_not_in_the_file_may_drop(option: str, expected: str) -> None:
    text = policy(ANY, f"set connection advanced-options {option}")
    assert inbound(text) == expected
    assert inbound(text, facts={"tcp-map NOSUCH drops": False}) == "permit"


def test_a_class_that_is_not_in_the_file_may_hold_anything_or_nothing() -> None:
    text = LISTS.format(action="permit") + policy("", "inspect dcerpc")
    assert outbound(text, DYNAMIC, listener=MAPPED) == "undecided"


@pytest.mark.parametrize(("entries", "expected"), [
    (["permit tcp any any eq 135"], "permit"), (["permit tcp any4 any4 eq 135"], "permit"),
    (["permit tcp 10.1.0.0 255.255.0.0 any eq 135"], "undecided"),
    (["permit tcp any any range 135 136"], "undecided"),
    (["permit tcp any any eq 135 inactive"], "deny"), (["permit udp any any eq 135"], "undecided"),
    (["deny tcp host 10.1.1.10 any eq 135", "permit tcp any any eq 135"], "undecided")])
def test_a_class_by_a_list_of_all_of_tcp_135_is_that_of_its_port(entries: list[str], expected: str) -> None:
    """The same packets as `match port tcp eq 135`."""
    listed = "".join(f"access-list L extended {each}\n" for each in entries)
    text = LISTS.format(action="permit") + listed + policy("class-map C\n match access-list L\n",
                                                           "inspect dcerpc")
    settled = {"inspect dcerpc on other traffic": False}
    assert outbound(text, DYNAMIC, settled, listener=MAPPED) == expected


def test_a_port_of_another_engine_is_no_port_for_mapped_rpc_either() -> None:
    text = LISTS.format(action="permit") + policy(DEFAULT, "inspect sqlnet", "inspect dcerpc")
    one = packet("10.1.1.10", "10.20.0.5", "tcp", 1521)
    for facts, expected in (({}, "permit"), ({"dynamic RPC on a port of inspect": True}, "deny")):
        assert outbound(text, one, facts, listener=MAPPED) == expected


@pytest.mark.parametrize(("engine", "expected"), [("sunrpc", "undecided"), ("ip-options", "permit")])
def test_an_engine_of_an_interface_takes_the_packets_from_those_of_all(engine: str, expected: str) -> None:
    """FW, service policy: policies of interfaces go first, and a packet is inspected by one engine."""
    its_own = f"class-map M\n match port tcp eq 135\npolicy-map Q\n class M\n  inspect {engine}\n"
    text = MAPPER_ONLY + policy(DEFAULT, "inspect dcerpc") + its_own + "service-policy Q interface inside\n"
    facts = {"inspect sunrpc on other traffic": False}
    assert outbound(text, DYNAMIC, facts, listener=RPC) == expected


def test_of_two_engines_on_a_packet_the_first_is_applied() -> None:
    """FW, service policy: a packet matches one class for inspection; engines cannot be combined."""
    text = LISTS.format(action="permit") + ANY.replace("class-map C", "class-map A") + DEFAULT + (
        "policy-map P\n class A\n  inspect http\n class C\n  inspect dcerpc\nservice-policy P global\n")
    facts = {"inspect http on other traffic": False}
    assert outbound(text, DYNAMIC, facts, listener=RPC) == "undecided"


def test_without_lists_the_levels_decide_on_the_mapper() -> None:
    assert judged(TWO + ENGINE, DYNAMIC, "inside", "outside", listener=RPC) == "permit"
    up = packet("10.20.0.5", "10.1.1.10", "tcp", 50000)
    assert judged(TWO + ENGINE, up, "outside", "inside", listener=RPC) == "deny"
    assert outbound(ENGINE, PUSH) == "permit"


@pytest.mark.parametrize(("engine", "port"), [("sqlnet", 1521), ("h323 h225", 1720), ("skinny", 2000),
                                              ("sip", 5060)])
def test_an_rpc_server_on_the_port_of_another_engine_is_relied_on_not_to_be(engine: str, port: int) -> None:
    """FW, default inspections: these ports lie in 1025-5000 and above, from which RPC takes its own."""
    text = policy(DEFAULT, f"inspect {engine}")
    one = packet("10.1.1.10", "10.20.0.5", "tcp", port)
    key = "dynamic RPC on a port of inspect"
    assert outbound(text, one, listener=RPC) == "permit"
    assert outbound(text, one, {key: True}, listener=RPC) == "deny"
    assert outbound(text, one, {key: True}) == "permit"  # no RPC server
    assert outbound(text, DYNAMIC, {key: True}, listener=RPC) == "permit"


@pytest.mark.parametrize("again", [
    "policy-map P\n class D\n  inspect icmp\n", "class-map C\n", "class-map match-all C\n",
    "policy-map P\n class C\n  inspect icmp\n"])
def test_a_policy_or_class_that_is_entered_again_keeps_what_it_has(again: str) -> None:
    """GEN: to enter a section again is to go on with it; only 'no' takes lines away."""
    text = policy(ANY, "sfr fail-close")
    assert inbound(text) == inbound(text + again) == inbound(again + text) == "undecided"


@pytest.mark.parametrize(("kind", "name", "lines", "more"), [
    ("tcp-map", "M", " tcp-options range 3 5 drop\n", " exceed-mss allow\n"),
    ("policy-map type inspect http", "M", " parameters\n  protocol-violation action drop-connection\n",
     " parameters\n")])
def test_a_map_that_is_entered_again_keeps_what_it_has(kind: str, name: str, lines: str, more: str) -> None:
    actions = ("set connection advanced-options M", "inspect http M")
    text = policy(WEB_PORT, *actions) + f"{kind} {name}\n{lines}"
    other = "" if kind == "tcp-map" else "tcp-map M\n"
    maps = other or "policy-map type inspect http M\n"
    assert inbound(f"{maps}{text}", WEB) == inbound(f"{maps}{text}{kind} {name}\n{more}", WEB) == "undecided"


@pytest.mark.parametrize(("lines", "expected"), [
    (" no match any\n match port tcp eq 80\n", "permit"), (" match port tcp eq 80\n", "undecided")])
def test_what_a_class_holds_after_it_was_entered_again(lines: str, expected: str) -> None:
    """A device refuses a second `match`, so what such a class holds is not known."""
    text = policy("class-map C\n match port tcp eq 445\n", "sfr fail-close")
    assert inbound(text) == "undecided"
    taken = lines.replace("any", "port tcp eq 445")
    assert inbound(f"{text}class-map C\n{taken}", SMB) == expected


def test_a_class_of_management_holds_nothing_that_passes() -> None:
    """FW, service policy: its class map is for what the box itself gets."""
    classes = "class-map type management C\n match port tcp eq 445\n"
    assert inbound(policy(classes, "set connection conn-max 5")) == "permit"


def test_the_limit_of_a_class_that_is_not_in_the_file_is_asked_by_its_words() -> None:
    text = policy("", "set connection conn-max 5")
    assert inbound(text) == "undecided"
    assert inbound(text, facts={"connection limit: set connection conn-max 5": False}) == "permit"
