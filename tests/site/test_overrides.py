"""`interfaces` and `acl` of a site file that contradict the configuration: never believed in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aclproof.linter.program import check
from aclproof.linter.result import Result
from aclproof.linter.site import reader
from aclproof.rules.strict_yaml import InputError
from tests.parsers.cisco_asa.asa import INTERFACES

LISTS = """\
access-list IN extended permit tcp any any eq 80
access-list DMZ extended permit ip any any
access-list SPARE extended permit ip any any
access-group IN in interface inside
access-group DMZ in interface dmz
"""
ROUTES = "route dmz 10.30.0.0 255.255.0.0 10.2.0.9\nroute outside 0.0.0.0 0.0.0.0 192.0.2.1\n"


def result(folder: Path, client: str, override: str, facts: str = "", config: str = LISTS + ROUTES) -> Result:
    (folder / "fw.cfg").write_text(INTERFACES + config)
    site = folder / "aclproof.yaml"
    site.write_text("settings: {mode: mixed}\nmethods: [group-policy]\n"
                    f"roles: {{client: [{client}], management-point: [10.2.0.5]}}\n"
                    f"firewalls: [{{name: fw, config: fw.cfg, {override}}}]\n"
                    + (f"facts: {{{facts}}}\n" if facts else ""))
    return check(reader.read(site), date(2026, 1, 15))


def relied_on(found: Result) -> list[str]:
    return [each.key for each in found.assumptions if each.origin == "relied-on"]


@pytest.mark.parametrize("client", ["10.2.7.0/24", "10.30.1.0/24"])  # connected, by a static route
def test_a_role_whose_routes_lead_elsewhere_is_an_error(tmp_path: Path, client: str) -> None:
    with pytest.raises(InputError, match=r"whether client is at inside: the routes in fw lead to .* by dmz"):
        result(tmp_path, client, "interfaces: {client: inside}")


def test_a_fact_says_that_the_site_file_is_right(tmp_path: Path) -> None:
    found = result(tmp_path, "10.30.1.0/24", "interfaces: {client: inside}", '"client at inside of fw": yes')
    assert ("client at inside of fw", "fact") in [(each.key, each.origin) for each in found.assumptions]
    with pytest.raises(InputError, match="whether client is at inside"):
        result(tmp_path, "10.30.1.0/24", "interfaces: {client: inside}", '"client at inside of fw": no')


def test_a_default_route_is_relied_on_less_than_the_site_file_and_said(tmp_path: Path) -> None:
    found = result(tmp_path, "10.99.0.0/24", "interfaces: {client: inside}")
    assert relied_on(found) == ["client at inside of fw"]


@pytest.mark.parametrize(("client", "interface", "config"), [
    ("10.1.7.0/24", "inside", LISTS), ("10.99.0.0/24", "inside", LISTS),  # no route leads there
    ("10.99.0.0/24", "inside", LISTS + ROUTES + "router ospf 1\n network 10.0.0.0 255.0.0.0 area 0\n")])
def test_what_the_file_says_or_does_not_show_is_no_contradiction(tmp_path: Path, client: str, interface: str,
                                                                 config: str) -> None:
    assert not relied_on(result(tmp_path, client, f"interfaces: {{client: {interface}}}", config=config))


@pytest.mark.parametrize(("acl", "why"), [
    ("DMZ", "line .* binds it elsewhere"), ("SPARE", "the file binds other lists, and not this one")])
def test_a_list_that_is_bound_elsewhere_or_nowhere_is_an_error(tmp_path: Path, acl: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        result(tmp_path, "10.1.7.0/24", f"acl: {{client: {acl}}}")


def met(folder: Path, override: str, config: str, facts: str = "") -> str:
    return verdict(result(folder, "10.1.7.0/24", override, facts, config))


def verdict(found: Result) -> str:
    return next(each.verdict.value for each in found.demands if each.requirement.id == "CM2007-GPO-MP-HTTP")


@pytest.mark.parametrize(("config", "expected"), [
    (LISTS, "met"),
    (LISTS + "access-list OUT extended deny ip any any\naccess-group OUT out interface dmz\n", "missing"),
    (LISTS + "route Null0 10.2.0.5 255.255.255.255 1\n", "missing"),
    (LISTS + "shun 10.1.7.9\n", "missing"),
    (LISTS + "access-list AUTH extended permit tcp any any eq 80\n"
             "aaa authentication match AUTH inside LOCAL\n", "undecided"),
    (LISTS + "interface GigabitEthernet0/2\n shutdown\n", "undecided")])  # nothing else leads there
def test_a_list_that_the_file_binds_leaves_all_else_that_it_shows(tmp_path: Path, config: str,
                                                                  expected: str) -> None:
    assert met(tmp_path, "acl: {client: IN}", config) == expected
    assert met(tmp_path, "", config) == expected


def test_the_named_list_stands_for_the_one_of_the_interface_only(tmp_path: Path) -> None:
    fact = '"access-list SPARE for client at fw": yes'
    deny = "access-list NO extended deny ip any any\n"
    assert met(tmp_path, "acl: {client: SPARE}", LISTS.replace("permit tcp any any eq 80", "deny ip any any"),
               fact) == "met"
    assert met(tmp_path, "acl: {client: SPARE}", LISTS + deny + "access-group NO out interface dmz\n",
               fact) == "missing"
    # bound everywhere, it comes after the list of the interface, which the site file does not unbind
    everywhere = LISTS.replace("permit tcp any any eq 80", "deny ip any any") + "access-group SPARE global\n"
    assert met(tmp_path, "acl: {client: SPARE}", everywhere) == "missing"


LISTING = "ASA Version 9.12(4)\naccess-list IN extended permit tcp any any eq 80\n"


@pytest.mark.parametrize(("lines", "expected"), [
    ("", "met"),
    ("access-group IN in interface inside\n", "met"),
    ("shun 10.1.7.9\n", "missing"),
    ("access-list AUTH extended permit tcp any any eq 80\naaa authentication match AUTH dmz LOCAL\n",
     "undecided"),
    ("access-list AUTH extended permit tcp any any eq 443\naaa authentication match AUTH dmz LOCAL\n",
     "met"),
    ("access-list NO extended deny tcp any any eq 80\naccess-group IN in interface inside\n"
     "access-group NO out interface dmz\n", "undecided"),
    ("access-list NO extended deny ip any any\naccess-group IN global\n"
     "access-group NO in interface dmz\n", "undecided")])
def test_what_else_a_file_without_interfaces_shows_may_stop_packets(tmp_path: Path, lines: str,
                                                                    expected: str) -> None:
    site = tmp_path / "aclproof.yaml"
    (tmp_path / "fw.cfg").write_text(LISTING + lines)
    site.write_text("settings: {mode: mixed}\nmethods: [group-policy]\n"
                    "roles: {client: [10.1.7.0/24], management-point: [10.2.0.5]}\n"
                    "firewalls: [{name: fw, config: fw.cfg, acl: {client: IN}}]\n")
    assert verdict(check(reader.read(site), date(2026, 1, 15))) == expected


def test_a_file_that_binds_nothing_leaves_it_to_the_site_file(tmp_path: Path) -> None:
    lists = "".join(line for line in LISTS.splitlines(keepends=True) if "access-group" not in line)
    assert not relied_on(result(tmp_path, "10.1.7.0/24", "acl: {client: IN}", config=lists))
    whole = f"{lists}Cryptochecksum:0123456789abcdef0123456789abcdef\n: end\n"
    with pytest.raises(InputError, match="the file goes to its end, and binds no list"):
        result(tmp_path, "10.1.7.0/24", "acl: {client: IN}", config=whole)
    result(tmp_path, "10.1.7.0/24", "acl: {client: IN}", '"access-list IN for client at fw": yes', whole)


NEW_NAT = "object network LAN\n {}\n nat (inside,wan) {}\n"
OLD_NAT = "nat (inside) 1 {} 255.255.255.0\nglobal (wan) 1 192.0.2.9\n"


@pytest.mark.parametrize(("nat", "expected"), [
    (NEW_NAT.format("subnet 10.1.0.0 255.255.0.0", "dynamic interface"), "undecided"),
    (NEW_NAT.format("subnet 10.77.0.0 255.255.0.0", "dynamic interface"), "met"),  # others
    (NEW_NAT.format("host 10.77.0.9", "static 10.2.0.99"), "met"),  # who dials the other host
    (NEW_NAT.format("subnet 10.1.0.0 255.255.0.0", "static LAN").replace("inside,wan", "any,any"), "met"),
    (OLD_NAT.format("10.1.7.0"), "undecided"), (OLD_NAT.format("10.77.0.0"), "met"),
    (OLD_NAT.replace("1 ", "0 ").format("10.1.7.0"), "met")])  # they keep their addresses
def test_a_listing_with_translations_leaves_open_what_the_next_firewall_sees(
        tmp_path: Path, nat: str, expected: str) -> None:
    old = LISTING if "object" in nat else LISTING.replace("9.12(4)", "8.2(5)")
    (tmp_path / "a.cfg").write_text(old + nat)
    (tmp_path / "b.cfg").write_text(INTERFACES + "access-list W extended permit ip 10.1.0.0 255.255.0.0 any\n"
                                    "access-group W in interface inside\n")
    site = tmp_path / "aclproof.yaml"
    site.write_text("settings: {mode: mixed}\nmethods: [group-policy]\n"
                    "roles: {client: [10.1.7.0/24], management-point: [10.2.0.5]}\n"
                    "paths: [{from: client, to: [management-point], through: [a, b]}]\n"
                    "firewalls:\n  - {name: a, config: a.cfg, acl: {client: IN}}\n"
                    "  - {name: b, config: b.cfg}\n")
    found = check(reader.read(site), date(2026, 1, 15))
    assert verdict(found) == expected
    because = " ".join(str(each) for demand in found.demands for part in demand.undecided
                       for each in part.because)
    assert ("the file shows no interfaces" in because) is (expected == "undecided")


def test_of_a_listing_somebody_has_to_say_which_list_filters(tmp_path: Path) -> None:
    site = tmp_path / "aclproof.yaml"
    (tmp_path / "fw.cfg").write_text(LISTING)
    site.write_text("settings: {mode: mixed}\nmethods: [group-policy]\n"
                    "roles: {client: [10.1.7.0/24], management-point: [10.2.0.5]}\n"
                    "firewalls: [{name: fw, config: fw.cfg}]\n")
    assert verdict(check(reader.read(site), date(2026, 1, 15))) == "undecided"
