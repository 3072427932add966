"""A fix, entered as text by the vendor's own rules, makes the site whole; and it opens nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from msgspec.structs import replace

from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.fix.search import Fix, fix
from aclproof.linter.program import analyse, check
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.site import Site
from tests.fix.entering import enter, said_by_netsh, said_by_powershell, same_rule

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
AS_OF = date(2026, 1, 15)


def fixed(site: Site, *methods: str) -> Fix:
    """The fix of everything, of what the pack only warns of as well."""
    return fix(analyse(replace(site, strict=True), AS_OF), AS_OF, methods)


@cache
def fix_of(name: str) -> Fix:
    return fixed(reader.read(SITES / name / "aclproof.yaml"))


NAMES = sorted(each.parent.name for each in SITES.glob("*/expected.yaml")
               if re.search("^missing:", each.read_text(), re.MULTILINE))

LISTED = {"iptables-L-n-v.txt": """\
*filter
:INPUT DROP
:FORWARD DROP
:OUTPUT ACCEPT
:cm-out -
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth2 -m comment --comment "guests: dpt:80 only" -j DROP
-A FORWARD -s 10.59.0.0/16 -d 10.1.59.11 -i eth1 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.59.0.0/16 ! -d 10.1.59.13 -i eth1 -p tcp -m multiport --dports 445,8530:8531 -j ACCEPT
-A FORWARD -s 10.1.59.10 -i eth0 -o eth1 -g cm-out
-A cm-out -p icmp -m icmp --icmp-type 8 -j ACCEPT
-A cm-out -p tcp -m multiport --dports 135,445 -j ACCEPT
-A cm-out -d 10.59.0.0/17 -p tcp -m tcp --dport 49152:65535 -j ACCEPT
COMMIT
""", "iptables-L-n.txt": """\
*filter
:INPUT DROP
:FORWARD DROP
:OUTPUT ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s 10.60.0.0/16 -d 10.1.60.11 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.1.60.10 -d 10.60.0.0/16 -p tcp -m tcp --dport 445 -j ACCEPT
-A FORWARD -s 10.60.0.0/16 -d 10.1.60.10 -p tcp -m tcp --sport 445 -j ACCEPT
COMMIT
"""}
"""What the routers had of which there is only a listing."""


MORE_IS_SHOWN = {"linux-listing-short"}
"""A listing without interfaces leaves every rule open, those that are entered as well: later it has them."""


def fixed_copy(name: str, folder: Path) -> Path:
    """The site with all snippets entered into copies of its configurations."""
    shutil.copytree(SITES / name, folder / "site")
    site = reader.read(folder / "site" / "aclproof.yaml")
    for place in site.firewalls:
        mine = [each for each in fix_of(name).snippets if each.firewall == place.name]
        if mine and mine[0].vendor in ("iptables", "nftables") and not _can_load():
            pytest.skip("needs root, nft, iptables and ipset")
        if mine:
            enter(mine[0].vendor, [Path(each) for each in place.configs],
                  [line for each in mine for line in each.lines], LISTED)
    return folder / "site" / "aclproof.yaml"


def _can_load() -> bool:
    return os.geteuid() == 0 and all(map(shutil.which, ("unshare", "ipset", "nft", "iptables-legacy-restore",
                                                        "iptables-nft-restore")))


def verdicts(site: Site) -> dict[str, Verdict]:
    return {each.requirement.id: each.verdict for each in check(site, AS_OF).demands}


@pytest.mark.parametrize("name", NAMES)
def test_a_fix_that_is_entered_makes_the_missing_met_and_a_second_one_prints_nothing(
        name: str, tmp_path: Path) -> None:
    before = verdicts(reader.read(SITES / name / "aclproof.yaml"))
    assert fix_of(name).fixed or fix_of(name).unfixed
    site = reader.read(fixed_copy(name, tmp_path))
    after = verdicts(site)
    told = {each.requirement.id: each.verdict for each in fix_of(name).fixed}
    assert Verdict.MISSING not in told.values()
    expected = before | told
    if name in MORE_IS_SHOWN:
        expected = dict.fromkeys(expected, Verdict.MET) | {
            key: verdict for key, verdict in expected.items() if verdict is not Verdict.UNDECIDED}
    assert after == expected
    assert fixed(site).snippets == ()


UNFIXED = {
    "linux-docker-user": "some of it is undecided and translated here",
    "security-levels-only": "equal security levels",
    "windows-block-rule": "blocks, and that wins over every allow rule"}
"""The sites for which some requirement has no exact permit, and why."""


def test_every_other_site_is_fixed_whole() -> None:
    reasons = {name: " ".join(reason for each in fix_of(name).unfixed for reason in each.because)
               for name in NAMES if fix_of(name).unfixed}
    assert reasons.keys() == UNFIXED.keys()
    for name, text in UNFIXED.items():
        assert text in reasons[name]


def test_the_listing_is_that_of_the_rules_that_stand_for_it(tmp_path: Path) -> None:
    if not _can_load():
        pytest.skip("needs root, iptables and ipset")
    shutil.copytree(SITES / "linux-listing", tmp_path / "site")
    site = reader.read(tmp_path / "site" / "aclproof.yaml")
    before = verdicts(site)
    enter("iptables", [Path(each) for each in site.firewalls[0].configs], [], LISTED)
    assert verdicts(site) == before


def test_both_commands_of_windows_make_the_same_rule() -> None:
    pairs = [each.lines for name in NAMES for each in fix_of(name).snippets
             if each.vendor == "windows" and any("New-" in line for line in each.lines)]
    assert len(pairs) > 10
    for lines in pairs:
        (shell,), (netsh,) = ([line for line in lines if word in line] for word in ("New-", "netsh "))
        assert same_rule(said_by_powershell(shell[shell.index("New-"):]), said_by_netsh(netsh)), shell


def out_of(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 1) -> str:
    assert run([*arguments, "--as-of", "2026-01-15"]) == code
    return capsys.readouterr().out


def test_the_command_prints_what_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    for name, firewall, mark, words in (
            ("path-two-hops-block", "dc", "!", ("access-list FROM-SERVERS line 1 extended permit tcp host",)),
            ("path-two-hops-block", "client-host", "#", ("netsh advfirewall firewall add rule ",)),
            ("branch", "branch-asa", "!", ("access-list ",)),
            ("native-80-closed", "edge", "!", ("access-list ", "object-group ", " network-object ")),
            ("linux-multiport", "gw46", "#", ("iptables -I FORWARD ",)),
            ("windows-nothing-open", "client-host", "#", ("netsh advfirewall firewall add rule ",))):
        out = out_of(["fix", str(SITES / name / "aclproof.yaml"), "--firewall", firewall], capsys)
        lines = [line for line in out.splitlines() if line]
        assert any(line.startswith(words[0]) for line in lines)
        for line in lines:
            assert line.startswith((mark, *words)), line
            assert len(line) <= 80 or not line.startswith(f"{mark} ") or line.startswith("# or"), line


def test_what_is_verified_and_what_is_not_stands_in_the_comment_of_the_firewall(
        capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(["fix", str(SITES / "path-two-hops-block" / "aclproof.yaml")], capsys)
    assert "! verified with these lines and those for client-host: CM2007-PUSH-SMB met," in out
    assert "# verified with these lines and those for dc: CM2007-PUSH-SMB met," in out
    out = out_of(["fix", str(SITES / "security-levels-only" / "aclproof.yaml")], capsys)
    assert "! no verified fix for CM2007-MAN-SHARE" in out
    out = out_of(["fix", str(SITES / "path-all-works" / "aclproof.yaml")], capsys, 0)
    assert out == "# nothing is missing\n"


def test_json_keeps_its_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    schema = schemas.load("fix")
    for name in ("path-two-hops-block", "windows-block-rule", "path-all-works", "unbound-list"):
        run(["fix", str(SITES / name / "aclproof.yaml"), "--format", "json"])
        jsonschema.Draft202012Validator(schema).validate(json.loads(capsys.readouterr().out))


def test_a_block_rule_of_windows_is_named_and_not_papered_over(capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(["fix", str(SITES / "windows-block-rule" / "aclproof.yaml"), "--format", "json"], capsys)
    found = json.loads(out)["unfixed"][0]
    assert found["requirement"] == "CM2007-PUSH-SMB"
    assert re.search(r"client.reg:21 \(No SMB\) blocks, and that wins over every allow rule: narrow it, so "
                     r"that 10.1.74.10 is not among its remote addresses; that opens exactly what is missing",
                     found["because"][0])


def test_the_cheapest_method_needs_the_fewest_permits(capsys: pytest.CaptureFixture[str]) -> None:
    name = "linux-asa-and-host"
    counts = {method: fixed(reader.read(SITES / name / "aclproof.yaml"), method).permits
              for method in ("group-policy", "software-distribution")}
    assert run(["fix", str(SITES / name / "aclproof.yaml"), "--cheapest", "--as-of", "2026-01-15"]) == 1
    out, err = capsys.readouterr()
    assert counts["group-policy"] == 1 < counts["software-distribution"]
    assert "group-policy needs the fewest new permits" in err
    assert out_of(["fix", str(SITES / name / "aclproof.yaml"), "--method", "group-policy"], capsys) == out


def test_check_shows_the_fixes_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(SITES / "branch" / "aclproof.yaml")
    schema = schemas.load("check")
    without = json.loads(out_of(["check", site, "--strict", "--format", "json"], capsys))
    found = json.loads(out_of(["check", site, "--strict", "--fixes", "--format", "json"], capsys))
    jsonschema.Draft202012Validator(schema).validate(found)
    fixes = found.pop("fixes")
    assert found == without
    assert [line for each in fixes for line in each["lines"]] == [
        line for each in fix_of("branch").snippets for line in each.lines]
    out = out_of(["check", site, "--strict", "--fixes"], capsys)
    for each in fixes:
        for line in each["lines"]:
            assert out.count(f"    {line}\n") == 1
    assert "branch-asa, number 3 of 3 to enter there; verified" in out
    assert "branch-asa, number 3 of 3 to enter there: see CM2007-PUSH-SMB" in out
    assert "  Fix " not in out_of(["check", site, "--strict"], capsys)


OVERLAPPING = {"fw.cfg": """\
: Saved
ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/0
 nameif inside
 security-level 100
 ip address 10.20.9.1 255.255.0.0
interface GigabitEthernet0/1
 nameif servers
 security-level 50
 ip address 10.1.1.1 255.255.255.0
access-list IN extended permit udp any any eq 53
access-group IN in interface inside
: end
""", "aclproof.yaml": """\
settings: {mode: native, client-os: windows-xp, wsus-http-port: 80}
methods: [software-update-point, group-policy]
roles:
  client: [10.20.0.0/28]
  management-point: [10.1.1.5, 10.1.1.2]
  software-update-point: [10.1.1.2, 10.1.1.7]
firewalls: [{name: fw, config: fw.cfg}]
"""}


def test_what_two_requirements_share_is_permitted_once(tmp_path: Path) -> None:
    for name, text in OVERLAPPING.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = fixed(reader.read(tmp_path / "aclproof.yaml"))
    assert found.unfixed == ()
    assert sorted(line for each in found.snippets for line in each.lines) == [
        f"access-list IN extended permit tcp 10.20.0.0 255.255.255.240 host 10.1.1.{end} eq 443"
        for end in (2, 5, 7)]
    shared = [each for each in found.snippets if any("host 10.1.1.2 " in line for line in each.lines)]
    assert [set(each.requirements) for each in shared] == [{"CM2007-SUP-HTTPS", "CM2007-GPO-MP-HTTPS"}]
