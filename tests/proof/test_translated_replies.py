"""Echo replies to hosts that are translated: they come back by their request's way, and are judged there.

Before 8.3 a list on the way in holds the mapped address, without `inspect icmp` a reply needs an entry.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.site import reader

HEAD = """\
{release}
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
access-list IN extended permit ip any any
access-group IN in interface inside
"""
PIX6 = """\
PIX Version 6.3(5)
nameif ethernet0 outside security0
nameif ethernet1 inside security100
ip address outside 10.20.0.1 255.255.0.0
ip address inside 10.1.1.1 255.255.255.0
"""
STATIC = "static (inside,outside) 10.20.255.10 10.1.1.10 netmask 255.255.255.255\n"
PAT = "nat (inside) 1 10.1.1.0 255.255.255.0\nglobal (outside) 1 10.20.255.10\n"
POOL = PAT.replace("1 10.20.255.10", "1 10.20.255.10-10.20.255.11")
INSPECT = "policy-map p\n class class-default\n  inspect icmp\nservice-policy p global\n"


def _list(destination: str, name: str = "OUT", bound: str = "in interface outside") -> str:
    return f"access-list {name} permit icmp any host {destination} echo-reply\naccess-group {name} {bound}\n"


def _echo(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: str = "10.20.0.0/16",
          server: str = "10.1.1.10") -> str:
    return str(_found(text, tmp_path, capsys, client, server)["verdict"])


def _found(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], client: str = "10.20.0.0/16",
           server: str = "10.1.1.10") -> dict[str, Any]:
    config = tmp_path / "fw.cfg"
    config.write_text(text)
    run(["check", str(config), "--client", client, "--server", server, "--set", "mode=mixed",
         "--method", "client-push", "--format", "json"])
    results: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["results"]
    return next(each for each in results if each["requirement"] == "CM2007-PUSH-ECHO")


@pytest.mark.parametrize("head", [
    HEAD.format(release="ASA Version 8.2(5)"), HEAD.format(release="PIX Version 7.2(4)"),
    HEAD.format(release="FWSM Version 4.1(5)"), PIX6])
@pytest.mark.parametrize(("text", "expected"), [
    (STATIC + _list("10.20.255.10"), "met"), (STATIC + _list("10.1.1.10"), "missing"),
    (PAT + _list("10.20.255.10"), "met"), (PAT + _list("10.1.1.10"), "missing"),
    (POOL + _list("10.20.255.10"), "undecided"), (STATIC + _list("10.20.255.99"), "missing")])
def test_a_reply_meets_the_list_with_the_mapped_address(head: str, text: str, expected: str, tmp_path: Path,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    assert _echo(head + text, tmp_path, capsys) == expected


@pytest.mark.parametrize(("seen", "expected"), [("10.1.1.10", "met"), ("10.20.255.10", "missing")])
def test_a_list_on_the_way_out_sees_the_real_host(seen: str, expected: str, tmp_path: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    """Each list holds the addresses of its interface's side."""
    out = _list(seen, "BACK", "out interface inside")
    text = HEAD.format(release="ASA Version 8.2(5)") + STATIC + _list("10.20.255.10") + out
    assert _echo(text, tmp_path, capsys) == expected


@pytest.mark.parametrize(("head", "pat"), [
    ("ASA Version 8.2(5)", PAT.replace("10.20.255.10", "interface")),
    ("ASA Version 9.12(4)", "nat (inside,outside) source dynamic any interface\n")])
@pytest.mark.parametrize(("seen", "old", "new"), [("10.20.255.10", "undecided", "missing"),
                                                  ("10.1.1.10", "undecided", "met"), ("any", "met", "met")])
def test_from_8_3_on_it_holds_the_real_one(head: str, pat: str, seen: str, old: str, new: str, tmp_path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    """Here with an address from DHCP: before, whether the list holds that is not known."""
    text = HEAD.format(release=head).replace("10.20.0.1 255.255.0.0", "dhcp") + pat
    text += _list(seen).replace("host any", "any") + "route outside 10.20.0.0 255.255.0.0 192.0.2.1\n"
    assert _echo(text, tmp_path, capsys) == (old if "8.2" in head else new)


def test_and_of_two_hosts_that_share_a_pool_the_one_that_it_permits(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD.format(release="ASA Version 9.12(4)") + "object network POOL\n range 10.20.255.10 " \
        "10.20.255.11\nnat (inside,outside) source dynamic any POOL\n" + _list("10.1.1.10")
    assert _echo(text, tmp_path, capsys) == "met"
    assert _echo(text, tmp_path, capsys, server="10.1.1.10/31") == "missing"


@pytest.mark.parametrize(("seen", "expected"), [("10.20.0.77", "met"), ("10.1.1.77", "missing")])
def test_and_the_real_one_of_who_answers(seen: str, expected: str, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD.format(release="ASA Version 9.12(4)") + "object network CLIENT\n host 10.20.0.77\n" \
        f" nat (outside,inside) static 10.1.1.77\naccess-list OUT permit icmp host {seen} any echo-reply\n" \
        "access-group OUT in interface outside\n"
    assert _echo(text, tmp_path, capsys, "10.1.1.77") == expected


@pytest.mark.parametrize(("seen", "expected"), [
    ("host 10.1.1.10", "undecided"), ("host 10.20.255.10", "undecided")])
def test_of_a_listing_it_is_not_known_which_address_was_hidden(seen: str, expected: str,
                                                               tmp_path: Path) -> None:
    (tmp_path / "fw.cfg").write_text(
        f"ASA Version 8.2(5)\naccess-list USERS extended permit icmp any {seen} echo-reply\n"
        f"access-list SERVERS extended permit ip any any\n{PAT}")
    (tmp_path / "aclproof.yaml").write_text(
        "settings: {mode: mixed}\nmethods: [client-push]\nfirewalls:\n"
        "  - {name: fw, config: fw.cfg, acl: {client: USERS, site-server: SERVERS}}\n"
        "roles: {client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]}\n")
    found = check(reader.read(tmp_path / "aclproof.yaml"))
    assert [each.verdict.value for each in found.demands
            if each.requirement.id == "CM2007-PUSH-ECHO"] == [expected]


@pytest.mark.parametrize(("nat", "permitted", "share"), [
    ("", "10.20.0.0 255.255.128.0 any", 0.5),
    (STATIC, "10.20.0.0 255.255.128.0 any", 0),  # of what is translated none counts where one is stopped
    (STATIC, "any host 10.20.255.10", 1), (STATIC, "any host 10.20.255.99", 0)])
def test_echoes_count_whose_answers_come_back(nat: str, permitted: str, share: float, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD.format(release="ASA Version 8.2(5)") + nat + \
        f"access-list OUT permit icmp {permitted} echo-reply\naccess-group OUT in interface outside\n"
    found = _found(text, tmp_path, capsys, "10.20.0.0-10.20.0.127, 10.20.128.0-10.20.128.127")["coverage"]
    assert found["permitted"] == share * found["required"]


def test_with_inspection_no_entry_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD.format(release="ASA Version 8.2(5)") + PAT + INSPECT
    assert _echo(text + _list("10.20.255.99"), tmp_path, capsys) in ("met", "undecided")


def test_fix_opens_a_list_on_the_way_out_for_what_leaves(tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "fw.cfg"
    config.write_text(HEAD.format(release="ASA Version 8.2(5)") + STATIC
                      + "access-list L extended permit icmp host 10.20.255.10 any\n"
                        "access-group L out interface outside\n" + _list("10.20.255.10"))
    run(["fix", str(config), "--client", "10.20.0.0/16", "--server", "10.1.1.10", "--set", "mode=mixed",
         "--method", "client-push"])
    said = capsys.readouterr().out
    assert "access-list L extended permit tcp host 10.20.255.10 10.20.0.0 255.255.0.0 eq 445" in said
    assert "CM2007-PUSH-SMB" in said.partition("verified with these lines")[2]
