"""What a router does not forward: its own packets, those to itself, and those that no usable route takes.

As the kernel looks up: the local table first (own and broadcast addresses), then the main one; a look-up that
finds nothing, or a route that drops, ends the packet, and so do answers that find none.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.rules.strict_yaml import InputError
from tests.parsers.iptables.test_ip_output import ADDRESSES, ROUTES, RULES, USUAL, result, verdict

ANY_WAY = RULES.replace("-i eth1 -o eth0 ", "")
"""No rule asks for an interface."""
LET_IN = ANY_WAY.replace(":INPUT DROP", ":INPUT ACCEPT")
ONE = "10.20.0.64/28"
NO_DEFAULT = ROUTES.replace("default via 10.3.0.254 dev eth2\n", "")


@pytest.mark.parametrize("rules", [RULES, ANY_WAY])
def test_packets_to_itself_pass_input(tmp_path: Path, rules: str) -> None:
    found = result(tmp_path, ADDRESSES + ROUTES, client=ONE, server="10.1.1.1", rules=rules)
    assert verdict(found) == "missing"


def test_a_router_is_no_role_unless_somebody_says_so(tmp_path: Path) -> None:
    given = {"client": ONE, "server": "10.1.1.1", "rules": LET_IN}
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, **given)) == "undecided"
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, **given, more=", host: management-point")) == "met"


def test_what_it_publishes_is_forwarded(tmp_path: Path) -> None:
    rules = ANY_WAY.replace("COMMIT", "-A PREROUTING -d 10.1.1.1/32 -p tcp -m tcp --dport 80 -j DNAT "
                                      "--to-destination 10.1.1.11\nCOMMIT", 1)
    facts = '"translation to 10.1.1.11": yes'
    given = {"client": ONE, "server": "10.1.1.1", "facts": facts}
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, **given, rules=rules)) == "met"
    itself = rules.replace("--to-destination 10.1.1.11", "--to-destination 10.20.0.1")
    given["facts"] = '"translation to 10.20.0.1": yes'
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, **given, rules=itself)) == "missing"  # by INPUT


@pytest.mark.parametrize(("client", "server"), [
    ("10.20.0.1", "10.1.1.11"), ("10.20.0.1, 10.20.0.2", "10.1.1.11"), (ONE, "10.1.1.255"),
    ("10.20.0.255", "10.1.1.11")])
def test_no_other_host_sends_or_gets_these(tmp_path: Path, client: str, server: str) -> None:
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, client=client, server=server,
                          rules=LET_IN)) == "undecided"


def test_in_the_midst_of_a_network_it_is_not_meant(tmp_path: Path) -> None:
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, client="10.20.0.0/24", server="10.1.1.0/24",
                          rules=ANY_WAY)) == "met"
    assert verdict(result(tmp_path, ADDRESSES + ROUTES, client=ONE, server="10.1.1.1, 10.1.1.2",
                          rules=ANY_WAY)) == "missing"


@pytest.mark.parametrize(("routes", "client", "server", "fate"), [
    (NO_DEFAULT, "10.77.0.0/28", "10.1.1.11", "undecided"),  # answers find no route
    (NO_DEFAULT, ONE, "10.77.0.5", "undecided"),
    (ROUTES, ONE, "10.77.0.5", "met"),
    (ROUTES + "blackhole 10.20.0.64/29\n", ONE, "10.1.1.11", "missing"),  # half of the answers
    (ROUTES + "unreachable 10.77.0.0/24\n", ONE, "10.77.0.5", "missing"),
    (ROUTES + "prohibit 10.1.0.0/16\n", ONE, "10.1.1.11", "met"),  # the longer prefix wins
    (ROUTES + "blackhole default metric 200\n", ONE, "10.77.0.5", "met"),  # the lower metric does
    (ROUTES + USUAL.replace("32766:", "100:\tfrom 10.20.0.0/16 lookup 100\n32766:")
     + "blackhole 10.1.1.11\n", ONE, "10.1.1.11", "undecided"),  # another table may lead there
    ("", ONE, "10.77.0.5", "met")])  # the table is not shown
def test_routes_count_though_no_rule_asks_for_interfaces(tmp_path: Path, routes: str, client: str,
                                                         server: str, fate: str) -> None:
    found = result(tmp_path, ADDRESSES + routes, client=client, server=server, rules=ANY_WAY)
    assert verdict(found) == fate


def test_the_site_file_may_name_the_way_but_not_lift_a_route_that_drops(tmp_path: Path) -> None:
    named = ", interfaces: {client: eth1, management-point: eth0}"
    assert verdict(result(tmp_path, ADDRESSES + NO_DEFAULT, client="10.77.0.0/28", more=named)) == "met"
    dropped = ADDRESSES + ROUTES + "blackhole 10.1.1.11\n"
    assert verdict(result(tmp_path, dropped, client=ONE, more=named)) == "missing"
    elsewhere = result(tmp_path, dropped, client=ONE, more=named, facts='"policy routing of IPv4": yes')
    assert verdict(elsewhere) == "undecided"


def test_a_translation_to_where_no_route_leads(tmp_path: Path) -> None:
    rules = ANY_WAY.replace("COMMIT", "-A PREROUTING -d 10.1.1.11/32 -j DNAT --to-destination 10.77.0.5\n"
                                      "COMMIT", 1)
    for routes, fate in ((ROUTES, "met"), (NO_DEFAULT, "undecided")):
        assert verdict(result(tmp_path, ADDRESSES + routes, client=ONE, rules=rules,
                              facts='"translation to 10.77.0.5": yes')) == fate


def test_a_route_by_another_router_is_no_network_of_its_own(tmp_path: Path) -> None:
    routes = ROUTES.replace("10.20.0.0/16 via", "10.20.0.0/17 via")
    rules = ANY_WAY.replace("-A FORWARD -p tcp", "-A FORWARD -s 10.20.127.255/32 -j DROP\n-A FORWARD -p tcp")
    assert verdict(result(tmp_path, ADDRESSES + routes, client="10.20.0.0/17", rules=rules)) == "missing"


@pytest.mark.parametrize(("source", "destination", "code"), [
    ("10.20.0.70", "10.1.1.1", 1), ("10.20.0.1", "10.1.1.11", 3), ("10.20.0.70", "10.1.1.255", 3),
    ("10.20.0.70", "10.1.1.11", 0)])
def test_the_tracer_does_not_forward_them_either(tmp_path: Path, source: str, destination: str,
                                                 code: int) -> None:
    result(tmp_path, ADDRESSES + ROUTES, client=source, server=destination, rules=ANY_WAY)
    assert run(["trace", str(tmp_path / "aclproof.yaml"), source, destination, "tcp", "80"]) == code


def test_a_host_has_one_of_the_addresses_of_its_role(tmp_path: Path) -> None:
    host = ", host: management-point"
    other = ADDRESSES.replace("10.1.1.1/24", "10.1.1.50/24")
    assert verdict(result(tmp_path, ADDRESSES, server="10.1.1.1", rules=LET_IN, more=host)) == "met"
    with pytest.raises(InputError, match="whether management-point is the host of gw: it has none of its"):
        result(tmp_path, other, server="10.1.1.1", rules=LET_IN, more=host)
    stated = '"management-point is gw": yes'
    assert verdict(result(tmp_path, other, server="10.1.1.1", rules=LET_IN, more=host, facts=stated)) == "met"
    part = other[other.index("2: eth0"):]  # there may be more
    assert verdict(result(tmp_path, part, server="10.1.1.1", rules=LET_IN, more=host)) == "met"


@pytest.mark.parametrize(("output", "fate"), [(ADDRESSES, "met"), (ADDRESSES[ADDRESSES.index("2: eth0"):],
                                                                    "undecided")])
def test_where_all_addresses_are_shown_what_is_forwarded_goes_to_none_of_them(tmp_path: Path, output: str,
                                                                              fate: str) -> None:
    rules = ANY_WAY.replace("COMMIT", "-A PREROUTING -m addrtype --dst-type LOCAL -j DNAT "
                                      "--to-destination 172.17.0.2\nCOMMIT", 1)
    assert verdict(result(tmp_path, output, client=ONE, rules=rules)) == fate


ETH1_UP = "3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP>"
CARRIER = ADDRESSES.replace(ETH1_UP, "3: eth1: <NO-CARRIER,BROADCAST,UP>")
SWITCHED_OFF = ADDRESSES.replace(ETH1_UP, "3: eth1: <BROADCAST,MULTICAST>")
BRIEF = "eth0 UP 10.1.1.1/24\neth1 DOWN 10.20.0.1/24\neth2 UP 10.3.0.1/24\n"
LINKDOWN = ROUTES.replace("src 10.20.0.1", "src 10.20.0.1 linkdown")
DEAD = ROUTES.replace("src 10.20.0.1", "src 10.20.0.1 dead linkdown")


@pytest.mark.parametrize(("output", "client", "fate"), [
    (ADDRESSES + ROUTES, ONE, "met"),
    (ADDRESSES + LINKDOWN, ONE, "undecided"),  # it waits for a carrier, or goes by the default route
    (ADDRESSES + LINKDOWN, "10.3.0.64/28", "met"),  # not its way
    (CARRIER + ROUTES, ONE, "undecided"), (CARRIER, ONE, "undecided"),
    (SWITCHED_OFF + ROUTES, ONE, "undecided"), (SWITCHED_OFF, ONE, "undecided"),
    (DEAD, ONE, "undecided"), (DEAD.replace(" linkdown", ""), ONE, "undecided"),  # no default route yet
    (DEAD, "10.3.0.64/28", "met"),
    (ROUTES.replace("/16 via 10.20.0.9 dev eth1", "/16 proto static\n\tnexthop via 10.20.0.9 dev eth1 dead\n"
                    "\tnexthop via 10.3.0.9 dev eth2"), "10.20.7.64/28", "undecided"),
    (BRIEF + ROUTES, ONE, "undecided"), (BRIEF + ROUTES, "10.3.0.64/28", "met"),
    (ADDRESSES + LINKDOWN + "10.20.0.64/27 via 10.3.0.9 dev eth2\n", ONE, "met")])  # the longer prefix wins
def test_a_route_to_a_link_that_is_down_is_not_relied_on(tmp_path: Path, output: str, client: str,
                                                        fate: str) -> None:
    assert verdict(result(tmp_path, output, client=client, rules=ANY_WAY)) == fate
    source = client.replace(".64/28", ".70")
    code = run(["trace", str(tmp_path / "aclproof.yaml"), source, "10.1.1.11", "tcp", "80"])
    assert code == {"met": 0, "undecided": 3}[fate]


@pytest.mark.parametrize(("output", "at", "fate"), [
    (ADDRESSES + ROUTES, "eth1", "met"), (CARRIER + ROUTES, "eth1", "undecided"),
    (ADDRESSES + LINKDOWN, "eth1", "undecided"), (SWITCHED_OFF, "eth1", "undecided"),
    (CARRIER, "eth2", "met")])
def test_who_names_an_interface_does_not_say_that_its_link_is_up(tmp_path: Path, output: str, at: str,
                                                                 fate: str) -> None:
    client = ONE if at == "eth1" else "10.3.0.64/28"
    found = result(tmp_path, output, client=client, rules=ANY_WAY,
                   more=f", interfaces: {{client: {at}, management-point: eth0}}")
    assert verdict(found) == fate
    source = client.replace(".64/28", ".70")
    packet = [source, "10.1.1.11", "tcp", "80"]
    codes = [run(["trace", str(tmp_path / "aclproof.yaml"), *packet]),
             run(["trace", str(tmp_path / "gw.v4"), str(tmp_path / "ip.txt"), *packet, "--ingress", at])]
    assert codes == {"met": [0, 0], "undecided": [3, 3]}[fate]
    assert any("client is at eth1, whose link is shown to be down; give new output of" in question.because
               for demand in found.demands for part in demand.undecided
               for question in part.questions) is (fate == "undecided")


ETH0_DOWN = ADDRESSES.replace("UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n"
                              "    inet 10.1.1.1", "NO-CARRIER,UP> mtu 1500 state DOWN\n    inet 10.1.1.1")
ETH0_LINKDOWN = ROUTES.replace("src 10.1.1.1", "src 10.1.1.1 linkdown")
TWO_LINKS = ETH0_DOWN + "    inet 10.20.0.5/24 scope global eth2\n"


@pytest.mark.parametrize(("output", "server", "fate"), [
    (ADDRESSES + ROUTES, "10.1.1.1", "met"),
    (ETH0_DOWN + ROUTES, "10.1.1.1", "undecided"), (ETH0_DOWN, "10.1.1.1", "undecided"),
    (ETH0_LINKDOWN, "10.1.1.1", "undecided"),  # the network of its address
    ("10.1.1.0/24 dev eth9 proto kernel scope link\n" + ETH0_LINKDOWN, "10.1.1.1", "undecided"),  # or by eth9
    (ETH0_DOWN + ROUTES, "10.1.1.0/24", "undecided"),
    (TWO_LINKS, "10.1.1.1, 10.20.0.5", "undecided"),  # both were meant
    (TWO_LINKS, "10.0.0.0/8", "met"),  # it has another one of these
    (ETH0_DOWN, "10.3.0.1", "met"),
    (CARRIER, "10.1.1.1", "undecided")])  # answers find the client's link down
def test_a_host_whose_own_link_is_down(tmp_path: Path, output: str, server: str, fate: str) -> None:
    found = result(tmp_path, output, client=ONE, server=server, rules=LET_IN, more=", host: management-point")
    assert verdict(found) == fate
    if "/" not in server:
        packet = ["10.20.0.70", server.split(",")[0], "tcp", "80"]
        assert run(["trace", str(tmp_path / "aclproof.yaml"), *packet]) == {"met": 0, "undecided": 3}[fate]


ETH1_ON = ADDRESSES[ADDRESSES.index("3: eth1"):]
ETH1_OFF = ETH1_ON.replace(ETH1_UP, "3: eth1: <BROADCAST,MULTICAST>")
OUT_OF_USE = ROUTES.replace("default via 10.3.0.254 dev eth2", "default via 10.1.1.254 dev eth0 linkdown")


@pytest.mark.parametrize(("output", "server", "fate"), [
    (ETH0_DOWN, "0.0.0.0/0", "met"), (ETH0_DOWN[:ETH0_DOWN.index("3: eth1")], "0.0.0.0/0", "undecided"),
    (ETH0_DOWN + "    inet 10.1.1.1/24 scope global eth2\n", "10.1.1.1", "met"),  # at another link as well
    (TWO_LINKS + ETH0_LINKDOWN, "10.1.1.0/24, 10.20.0.5", "met"),  # the one that is up
    (TWO_LINKS + ETH0_LINKDOWN, "10.3.0.0/24, 10.1.1.64/28", "met"),
    # none of its own addresses that are shown is the role's: the networks at its links are
    (ETH1_ON + ETH0_LINKDOWN, "10.1.1.64/28", "undecided"),
    (ETH1_OFF + ETH0_LINKDOWN, "10.1.1.64/28", "undecided"),
    (ETH0_LINKDOWN, "10.20.0.1", "met"), (ETH0_LINKDOWN, "10.0.0.0/8", "met"),
    (OUT_OF_USE, "10.77.0.5", "met"),
    (ETH0_LINKDOWN, "10.1.0.0/16", "undecided"),
    (ETH0_LINKDOWN.replace("via 10.3.0.254 dev eth2", "dev eth2 scope link"), "10.1.0.0/16", "undecided"),
    (ETH0_DOWN[ETH0_DOWN.index("2: eth0"):ETH0_DOWN.index("3: eth1")] + ETH0_LINKDOWN, "10.0.0.0/8",
     "undecided"),
    (ETH0_LINKDOWN, "10.1.0.0/16, 10.20.128.0/17", "undecided")])  # another router's network is not its own
def test_of_several_links_that_of_its_role_counts(tmp_path: Path, output: str, server: str,
                                                  fate: str) -> None:
    found = result(tmp_path, output, client="10.3.0.64/28", server=server, rules=LET_IN,
                   more=", host: management-point")
    assert verdict(found) == fate


def test_only_the_address_at_a_link_that_is_down_is_open(tmp_path: Path) -> None:
    rules = LET_IN.replace("-A FORWARD -m", "-A INPUT -d 10.1.1.1/32 -j DROP\n-A FORWARD -m")
    found = result(tmp_path, TWO_LINKS, client=ONE, server="10.1.1.1, 10.20.0.5", rules=rules,
                   more=", host: management-point")
    demand, = (each for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")
    assert not demand.missing
    assert demand.coverage.permitted * 2 == demand.coverage.required


def test_the_link_of_the_address_is_named(tmp_path: Path) -> None:
    output = ETH0_DOWN.replace(ETH1_UP, "3: eth1: <BROADCAST,MULTICAST>")
    found = result(tmp_path, output, client="10.3.0.64/28", server="10.20.0.1", rules=LET_IN,
                   more=", host: management-point")
    reasons = {str(because) for each in found.demands for part in each.undecided for because in part.because}
    assert [("eth0" in each, "eth1" in each) for each in reasons] == [(False, True)]


def test_a_host_does_not_send_by_a_link_that_is_down(tmp_path: Path) -> None:
    for output, fate in ((ADDRESSES, "met"), (CARRIER, "undecided"), (ETH0_DOWN, "undecided")):
        found = result(tmp_path, output, client="10.20.0.1", rules=LET_IN, more=", host: client")
        assert verdict(found) == fate
        assert run(["trace", str(tmp_path / "aclproof.yaml"), "10.20.0.1", "10.1.1.11", "tcp", "80"]) == {
            "met": 0, "undecided": 3}[fate]


def test_a_translation_to_a_link_that_is_down(tmp_path: Path) -> None:
    rules = ANY_WAY.replace("COMMIT", "-A PREROUTING -d 10.1.1.11/32 -j DNAT --to-destination 10.20.0.5\n"
                                      "COMMIT", 1)
    for routes, fate in ((ROUTES, "met"), (LINKDOWN, "undecided")):
        assert verdict(result(tmp_path, ADDRESSES + routes, client="10.3.0.64/28", rules=rules,
                              facts='"translation to 10.20.0.5": yes')) == fate


def test_a_sentence_names_the_file_of_its_line(tmp_path: Path) -> None:
    found = result(tmp_path, ADDRESSES + LINKDOWN, client=ONE, rules=ANY_WAY)
    line = (ADDRESSES + LINKDOWN).split("\n").index(next(
        each for each in LINKDOWN.split("\n") if "linkdown" in each)) + 1
    reasons = [question.because for demand in found.demands for part in demand.undecided
               for question in part.questions]
    assert any(f"the route in line {line} of " in reason and "ip.txt leads to eth1" in reason
               for reason in reasons)


@pytest.mark.parametrize(("client", "server", "more", "fate"), [
    ("10.1.1.64/28", "10.1.1.11", "", "undecided"),  # one network: they reach each other without it
    ("10.1.1.64/28", "10.1.1.11", ", interfaces: {client: eth0, management-point: eth0}", "missing"),
    ("10.99.0.0/28", "10.3.0.77", "", "missing"),  # by the default route they do come to it
    ("10.3.0.64/28", "10.77.0.5", "", "missing"),  # it is their way out
    (ONE, "10.1.1.11", "", "met")])
def test_whether_packets_come_to_a_router_that_leads_to_both_ends_alike(
        tmp_path: Path, client: str, server: str, more: str, fate: str) -> None:
    found = result(tmp_path, ADDRESSES + ROUTES, client=client, server=server, more=more)
    assert verdict(found) == fate
    if fate == "undecided":
        asked = {question.key for demand in found.demands for part in demand.undecided
                 for question in part.questions}
        assert asked == {"beside gw at eth0"}
        assert run(["trace", str(tmp_path / "aclproof.yaml"), "10.1.1.70", server, "tcp", "80"]) == 3
