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


def test_a_list_beside_others_is_relied_on_and_said(tmp_path: Path) -> None:
    found = result(tmp_path, "10.1.7.0/24", "acl: {client: IN}")
    assert relied_on(found) == ["access-list IN for client at fw"]


def test_a_file_that_binds_nothing_leaves_it_to_the_site_file(tmp_path: Path) -> None:
    lists = "".join(line for line in LISTS.splitlines(keepends=True) if "access-group" not in line)
    assert not relied_on(result(tmp_path, "10.1.7.0/24", "acl: {client: IN}", config=lists))
