"""Logins, filters, limits and protection: what may stop a packet that the lists permit."""

from __future__ import annotations

import pytest

from tests.parsers.cisco_asa.asa import packet, read
from tests.parsers.cisco_asa.features.judged import (
    OPEN,
    PING,
    PONG,
    PUSH,
    SMB,
    TWO,
    WEB,
    inbound,
    judged,
    outbound,
)

DNS = packet("10.20.0.5", "10.1.1.10", "udp", 53)


@pytest.mark.parametrize("command", ["authentication", "authorization"])
def test_cut_through_proxy_asks_for_a_login(command: str) -> None:
    """TAC 113363: the traffic that the list permits waits until somebody has logged in."""
    text = ("access-list AUTH extended deny tcp any any eq 80\n"
            "access-list AUTH extended permit tcp any any\n"
            f"aaa {command} match AUTH outside RAD\n")
    assert inbound(text, SMB) == "undecided"
    assert inbound(text, SMB, {"logged in": True}) == "permit"
    assert inbound(text, SMB, {"logged in": False}) == "deny"
    assert inbound(text, WEB) == "permit"  # the list leaves it out
    assert inbound(text, DNS) == "permit"
    assert outbound(text) == "permit"  # another interface
    assert judged(TWO + text, PONG, "outside", "inside", reply=True) == "deny"  # no list, no inspection


@pytest.mark.parametrize(("service", "smb", "web", "dns"), [
    ("tcp/0", "undecided", "undecided", "permit"), ("any", "undecided", "undecided", "permit"),
    ("http", "permit", "undecided", "permit"), ("tcp/445", "undecided", "permit", "permit"),
    ("tcp/400-500", "undecided", "permit", "permit"), ("udp/53", "permit", "permit", "undecided"),
    ("17/0", "permit", "permit", "undecided"), ("nonsense", "undecided", "undecided", "undecided")])
def test_include_names_services(service: str, smb: str, web: str, dns: str) -> None:
    """Command reference, aaa authentication include."""
    text = f"aaa authentication include {service} outside 0 0 0 0 LOCAL\n"
    assert [inbound(text, one) for one in (SMB, WEB, DNS)] == [smb, web, dns]


def test_exclude_takes_addresses_out() -> None:
    text = "aaa authentication include tcp/0 outside 10.1.1.0 255.255.255.0 10.20.0.0 255.255.0.0 LOCAL\n"
    assert inbound(text) == "undecided"
    assert inbound(text + "aaa authentication exclude tcp/0 outside 10.1.1.10 255.255.255.255 0 0 LOCAL\n"
                   ) == "permit"
    assert inbound(text + "aaa authentication exclude x outside y LOCAL\n") == "undecided"
    assert inbound("aaa authentication include tcp/0 outside 10.9.9.0 255.255.255.0 0 0 LOCAL\n") == "permit"


@pytest.mark.parametrize("line", [
    "aaa authentication ssh console LOCAL", "aaa authorization exec LOCAL",
    "aaa accounting match X outside R",
    "aaa authentication secure-http-client", "aaa mac-exempt match M", "virtual http 10.1.1.9"])
def test_logins_to_the_box_itself_stop_nothing(line: str) -> None:
    assert inbound(line + "\n") == "permit"


@pytest.mark.parametrize(("line", "open_"), [
    ("filter url http 0 0 0 0", {"web"}), ("filter url 445 0 0 0 0 allow", {"smb"}),
    ("filter url 80-500 10.1.1.0 255.255.255.0 10.20.0.0 255.255.0.0", {"web", "smb"}),
    ("filter url 10.1.1.0 255.255.255.0 0 0", {"web"}),
    ("filter url http 10.9.9.0 255.255.255.0 0 0", set()),
    ("filter url x-80 0 0 0 0", {"web", "smb"}), ("filter url 80-x 0 0 0 0", {"web", "smb"}),
    ("filter https 445 0 0 0 0", {"smb"}), ("filter ftp 21 0 0 0 0", set()),
    ("filter activex 80 0 0 0 0", set()), ("filter java 80 0 0 0 0", set()),
    ("filter url http 0 0 0 0\nfilter url except 10.1.1.10 255.255.255.255 0 0", set())])
def test_a_filter_server_decides_on_its_ports_only(line: str, open_: set[str]) -> None:
    """CLI8, filtering services: the port, the addresses, towards a lower or an equal level."""
    found = {name for name, one in (("web", packet("10.1.1.10", "10.20.0.5", "tcp", 80)), ("smb", PUSH))
             if outbound(line + "\n", one) == "undecided"}
    assert found == open_
    assert inbound(line + "\n", WEB) == "permit"  # to a higher level


DROPS = "dynamic-filter enable\ndynamic-filter drop blacklist"
WEB_ONLY = "access-list W extended permit tcp any any eq 80\n"
LISTED = "dynamic-filter blacklist\n address 10.20.0.5 255.255.255.255"


@pytest.mark.parametrize(("lines", "one", "expected"), [
    ("threat-detection scanning-threat shun", SMB, "undecided"),
    ("threat-detection scanning-threat", SMB, "permit"),
    ("threat-detection basic-threat", SMB, "permit"),
    ("threat-detection statistics access-list", SMB, "permit"),
    ("threat-detection scanning-threat shun except ip-address 10.20.0.0 255.255.0.0", SMB, "permit"),
    ("threat-detection scanning-threat shun except ip-address 10.1.1.0 255.255.255.0", SMB, "undecided"),
    ("threat-detection scanning-threat shun except ip-address 10.9.0.0 255.255.0.0\nthreat-detection "
     "scanning-threat shun except ip-address 10.8.0.0 255.255.0.0", SMB, "undecided"),
    ("threat-detection scanning-threat shun except ip-address 10.9.0.0 255.255.0.0\nthreat-detection "
     "scanning-threat shun except ip-address 10.20.0.0 255.255.0.0", SMB, "permit"),
    ("dynamic-filter enable\ndynamic-filter drop blacklist", SMB, "undecided"),
    ("dynamic-filter drop blacklist", SMB, "permit"),
    ("dynamic-filter enable interface outside", SMB, "permit"),
    ("dynamic-filter enable\ndynamic-filter drop blacklist interface dmz", SMB, "permit"),
    ("dynamic-filter enable\ndynamic-filter drop blacklist\ndynamic-filter blacklist\n address 10.20.0.5 "
     "255.255.255.255", SMB, "deny"),
    (f"{DROPS} threat-level range low moderate\n{LISTED}", SMB, "undecided"),
    (f"{DROPS} threat-level eq very-high\n{LISTED}", SMB, "deny"),
    (f"{WEB_ONLY}{DROPS} action-classify-list W", SMB, "permit"),
    (f"{WEB_ONLY}{DROPS} action-classify-list W", WEB, "undecided"),
    (f"{WEB_ONLY}{DROPS} interface outside action-classify-list W threat-level eq high", SMB, "permit"),
    (f"{WEB_ONLY}{DROPS} interface outside action-classify-list W threat-level eq high", WEB, "undecided"),
    (f"{WEB_ONLY}{DROPS} action-classify-list W\n{LISTED}", SMB, "permit"),
    (f"{WEB_ONLY}{DROPS} action-classify-list W\n{LISTED}", WEB, "deny"),
    ("access-list W extended deny ip host 10.20.0.5 any\naccess-list W extended permit ip any any\n"
     f"{DROPS} action-classify-list W\n{LISTED}", SMB, "undecided"),  # whose answers it permits
    (f"{DROPS} action-classify-list GONE\n{LISTED}", SMB, "undecided"),
    ("logging enable\nlogging host inside 10.1.1.9 udp/514", SMB, "permit"),
    ("wccp web-cache\nwccp interface outside web-cache redirect in", WEB, "undecided"),
    ("wccp web-cache\nwccp interface outside web-cache redirect in", SMB, "permit"),
    ("wccp web-cache\nwccp interface inside web-cache redirect in", WEB, "permit"),
    ("wccp web-cache", WEB, "permit"),
    ("access-list R extended permit tcp any any eq 445\nwccp 61 redirect-list R\nwccp interface outside 61 "
     "redirect in", WEB, "permit"),
    ("access-list R extended permit tcp any any eq 445\nwccp 61 redirect-list R\nwccp interface outside 61 "
     "redirect in", SMB, "undecided"),
    ("object-group-search access-control", SMB, "permit"),
    ("access-list mode auto-commit", SMB, "permit"),
    ("access-list mode manual-commit", SMB, "undecided"),
    ("arp-inspection outside enable", SMB, "undecided"),
    ("mac-learn outside disable", SMB, "undecided"),
    ("ip audit name N attack action drop\nip audit interface outside N", PONG, "permit"),
    ("ip audit name N info action alarm\nip audit interface outside N", PONG, "permit"),
    ("ip audit name N info action alarm drop\nip audit interface outside N", PONG, "deny"),
    ("ip audit name N info action reset\nip audit interface outside N", PONG, "deny"),
    ("ip audit name N info\nip audit info action drop\nip audit interface outside N", PONG, "deny"),
    ("ip audit name N info action drop\nip audit interface outside N\nip audit signature 2000 disable", PONG,
     "permit"),
    ("ip audit name N info action drop", PONG, "permit"),
    ("ip audit name N info action drop\nip audit interface outside N", SMB, "permit"),
    ("shun 10.20.0.5", SMB, "deny"), ("shun 10.20.0.6", SMB, "permit")])
def test_single_commands(lines: str, one: object, expected: str) -> None:
    """Cisco's guides as in the table of features: scanning-threat shun (CLI8), the botnet filter (FW), WCCP,
    ACL commit (FWSM 2.3 ch. 10), signatures 2000 echo reply and 2004 echo (CLI8 signature list)."""
    assert inbound(lines + "\n", one) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["arp-inspection {} enable", "mac-learn {} disable"])
@pytest.mark.parametrize(("place", "expected"), [("outside", "permit"), ("inside", "undecided")])
def test_what_a_mac_address_stops_is_asked_by_interface(line: str, place: str, expected: str) -> None:
    fact = f"{line.split()[0]} outside drops"
    assert inbound(f"{line.format(place)}\n", facts={fact: False}) == expected


def test_many_groups_may_be_too_many_to_search() -> None:
    """Syslog 815002: more than 10,000 matches of groups; a hundred groups at both ends are needed for it."""
    groups = "".join(f"object-group network G{number}\n network-object 10.1.1.0 255.255.255.0\n"
                     for number in range(101))
    assert inbound(groups + "object-group-search access-control\n") == "undecided"
    assert inbound(groups + "pager lines 24\n") == "permit"


@pytest.mark.parametrize(("more", "facts", "expected"), [
    ("", {}, "permit"), ("", {"logging host 10.1.1.9": False}, "deny"),
    ("logging permit-hostdown\n", {"logging host 10.1.1.9": False}, "permit")])
def test_a_logging_server_by_tcp_is_relied_on(more: str, facts: dict[str, bool], expected: str) -> None:
    """Without `logging permit-hostdown` no connection opens while the server does not answer."""
    text = f"logging enable\nlogging host inside 10.1.1.9 6/1470\n{more}"
    assert inbound(text, SMB, facts) == expected
    assert inbound("logging host inside 10.1.1.9 6/1470\n", SMB, facts) == "permit"  # logging is off
    conditions = [condition for chain in read(TWO + text).chains.values() for rule in chain.rules
                  for condition in rule.conditions]
    assert any(getattr(condition, "relied_on", False) for condition in conditions) == (not more)


def test_a_ping_out_is_stopped_too() -> None:
    text = "ip audit name N info action drop\nip audit interface inside N\n"
    assert outbound(text, PING) == "deny"


@pytest.mark.parametrize(("line", "expected"), [
    ("static (inside,outside) 10.1.1.10 10.1.1.10 netmask 255.255.255.255", "permit"),
    ("static (inside,outside) 10.1.1.10 10.1.1.10 netmask 255.255.255.255 0 0", "permit"),
    ("static (inside,outside) 10.1.1.10 10.1.1.10 netmask 255.255.255.255 tcp 0 50 udp 9", "permit"),
    ("static (inside,outside) 10.1.1.10 10.1.1.10 netmask 255.255.255.255 tcp 500 0", "undecided"),
    ("static (inside,outside) 10.1.1.10 10.1.1.10 netmask 255.255.255.255 dns 500", "undecided"),
    ("static (inside,outside) 10.1.1.10 10.1.1.10 500", "undecided"),
    ("static (inside,outside) tcp 10.1.1.10 445 10.1.1.10 445", "permit"),
    ("static (inside,outside) tcp 10.1.1.10 445 10.1.1.10 445 500", "undecided")])
def test_a_line_of_translation_may_limit_connections(line: str, expected: str) -> None:
    """Command reference, static: the most connections, then the most half-open ones; 0 is no limit."""
    text = TWO.replace("9.12(4)", "8.2(5)") + OPEN + line + "\n"
    assert judged(text, SMB, "outside", "inside") == expected


def test_an_object_that_is_called_like_a_number_is_no_limit() -> None:
    named = "object network 500\n host 10.1.1.10\nnat (inside,outside) source static 500 500\n"
    assert inbound(named) == "permit"
