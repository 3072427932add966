"""A fix, entered as text by the vendor's own rules, makes the site whole; and it opens nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers
from linter import schemas
from linter import site as sites
from linter.cli import run
from linter.fix.verified import Fix, fix
from linter.program import check
from linter.result import Verdict
from linter.site import FirewallPlace, Site
from parsers import source
from parsers.model.addresses import parse
from tests.parsers.asa import crossing, packet

SITES = Path(__file__).parent.parent / "fixtures" / "sites"
AS_OF = date(2026, 1, 15)


@cache
def fix_of(name: str) -> Fix:
    return fix(sites.read(SITES / name / "aclproof.yaml"), AS_OF)


NAMES = sorted(each.parent.name for each in SITES.glob("*/expected.yaml")
               if re.search("^missing:", each.read_text(), re.MULTILINE))


# The vendors' own rules for a line that is entered


def enter(vendor: str, path: Path, lines: list[str]) -> None:
    match vendor:
        case "cisco-asa":
            path.write_text(entered_asa(path.read_text(), lines))
        case "iptables":
            path.write_text(entered_iptables(path, lines))
        case _:
            path.write_text(entered_registry(path.read_text(), lines))


def entered_asa(text: str, lines: list[str]) -> str:
    config = text.splitlines()
    for line in lines:
        found = re.fullmatch(r"((?:ipv6 )?access-list \S+) (?:line (\d+) )?((?:extended )?permit .*)", line)
        if found is None:
            config.append(line)
            continue
        name, number, rest = found.groups()
        entries = [at for at, each in enumerate(config) if each.lstrip().startswith(f"{name} ")]
        at = entries[int(number) - 1] if number else (entries[-1] + 1 if entries else len(config))
        config.insert(at, f"{name} {rest}")
    return "\n".join(config) + "\n"


def entered_iptables(path: Path, commands: list[str]) -> str:
    """By the real iptables, in a network of its own."""
    if os.geteuid() != 0 or not shutil.which("iptables-restore") or not shutil.which("unshare"):
        pytest.skip("needs root and iptables")
    script = "\n".join([f"iptables-restore {path}", *commands, "iptables-save"])
    done = subprocess.run(["unshare", "-n", "sh", "-ec", script], capture_output=True, text=True, timeout=60)
    if done.returncode or any(each.startswith("ip6tables") for each in commands):
        pytest.skip(f"the kernel does not take this rule set here: {done.stderr.strip()[:200]}")
    return done.stdout


def entered_registry(text: str, lines: list[str]) -> str:
    """What `netsh ... add rule` writes to the registry."""
    for line in lines:
        if not line.startswith("# or: netsh"):
            continue
        words = dict(re.findall(r'(\w+)="?([^"]*?)"?(?= \w+=|$)', line.split("add rule ")[1]))
        protocol, _, kind = words["protocol"].partition(":")
        number = {"TCP": 6, "UDP": 17, "icmpv4": 1}[protocol]
        parts = ["v2.10", "Action=Allow", "Active=TRUE", f"Dir={words['dir'].capitalize()}",
                 f"Protocol={number}", f"Profile={words['profile'].capitalize()}"]
        parts += [f"ICMP4={kind.replace('any', '*').replace(',', ':')}"] if kind else []
        parts += [f"LPort={each}" if "-" not in each else f"LPort2_10={each}"
                  for each in words.get("localport", "").split(",") if each]
        parts += [f"RPort={each}" for each in words.get("remoteport", "").split(",") if each]
        parts += [f"RA4={each}" for each in words["remoteip"].split(",")]
        text += '"{0}"="{1}|Name={0}|"\n'.format(f"fix-{len(text)}", "|".join(parts))
    return text


def fixed_copy(name: str, folder: Path) -> Path:
    """The site with all snippets entered into copies of its configurations."""
    shutil.copytree(SITES / name, folder / "site")
    site = sites.read(folder / "site" / "aclproof.yaml")
    for place in site.firewalls:
        mine = [each for each in fix_of(name).snippets if each.firewall == place.name]
        if not mine:
            continue
        if len(place.configs) != 1 or (mine[0].vendor == "windows" and not place.configs[0].endswith(".reg")):
            pytest.skip("entered by hand into this form")
        if mine[0].vendor == "iptables" and "-A" not in Path(place.configs[0]).read_text():
            pytest.skip("a listing is nothing to enter a rule into")
        enter(mine[0].vendor, Path(place.configs[0]), [line for each in mine for line in each.lines])
    return folder / "site" / "aclproof.yaml"


@pytest.mark.parametrize("name", NAMES)
def test_a_fix_that_is_entered_makes_the_missing_met_and_a_second_one_prints_nothing(
        name: str, tmp_path: Path) -> None:
    before = {each.requirement.id: each.verdict for each in check(
        sites.read(SITES / name / "aclproof.yaml"), AS_OF).demands}
    assert fix_of(name).fixed or fix_of(name).unfixed
    site = sites.read(fixed_copy(name, tmp_path))
    after = {each.requirement.id: each.verdict for each in check(site, AS_OF).demands}
    fixed = {each.requirement.id: each.verdict for each in fix_of(name).fixed}
    assert {key: after[key] for key in fixed} == fixed
    assert Verdict.MISSING not in fixed.values()
    assert {key: verdict for key, verdict in after.items() if key not in fixed} == {
        key: verdict for key, verdict in before.items() if key not in fixed}
    assert fix(site, AS_OF).snippets == ()


def test_most_sites_can_be_fixed_whole() -> None:
    whole = [name for name in NAMES if not fix_of(name).unfixed]
    assert len(whole) >= len(NAMES) * 0.8, sorted(set(NAMES) - set(whole))


def test_the_command_prints_what_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", str(SITES / "path-two-hops-block" / "aclproof.yaml"), "--firewall", "dc"]) == 1
    out = capsys.readouterr().out
    assert "access-list FROM-SERVERS line 1 extended permit tcp host 10.1.202.10" in out
    assert "New-NetFirewallRule" not in out
    assert run(["fix", str(SITES / "path-all-works" / "aclproof.yaml")]) == 0
    assert capsys.readouterr().out == "# nothing is missing\n"


def test_json_keeps_its_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("path-two-hops-block", "windows-block-rule", "path-all-works"):
        run(["fix", str(SITES / name / "aclproof.yaml"), "--format", "json"])
        jsonschema.Draft202012Validator(schemas.load("fix")).validate(json.loads(capsys.readouterr().out))


def test_a_block_rule_of_windows_is_named_and_not_papered_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", str(SITES / "windows-block-rule" / "aclproof.yaml")]) == 1
    out = capsys.readouterr().out
    assert "no verified fix for CM2007-PUSH-SMB" in out
    assert "client.reg:21 blocks, and that wins over every allow rule" in out


def test_the_cheapest_method_needs_the_fewest_lines(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(SITES / "linux-asa-and-host" / "aclproof.yaml")
    assert run(["fix", site, "--cheapest", "--as-of", "2026-01-15"]) == 1
    out, err = capsys.readouterr()
    chosen = err.split()[1]
    lines = [line for line in out.splitlines() if line and line[0] not in "!#"]
    assert run(["fix", site, "--method", chosen, "--as-of", "2026-01-15"]) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if line and line[0] not in "!#"] == lines




# By brute force: what a fix opens is what was missing

CLIENTS = [f"10.20.0.{n}" for n in range(8)]
SERVERS = ["10.1.1.11", "10.1.1.12", "10.1.1.13"]
PORTS = (80, 81, 445)
HEAD = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif clients
 security-level 0
 ip address 10.20.0.254 255.255.255.0
interface GigabitEthernet0/1
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
"""
SOURCES = st.sampled_from(["any", "host 10.20.0.3", "10.20.0.0 255.255.255.252", "10.20.0.4 255.255.255.252"])
TARGETS = st.sampled_from(["any", "host 10.1.1.11", "host 10.1.1.12", "10.1.1.8 255.255.255.248"])
SERVICES = st.sampled_from(["", "eq 80", "eq 445", "range 80 81", "gt 100"])
ENTRIES = st.lists(st.tuples(st.sampled_from(["permit", "deny"]), SOURCES, TARGETS, SERVICES), max_size=8)


@given(ENTRIES)
def test_what_a_fix_opens_is_exactly_what_was_missing(entries: list[tuple[str, str, str, str]]) -> None:
    aces = [f"access-list IN extended {action} tcp {source} {target} {service}".rstrip()
            for action, source, target, service in entries]
    text = HEAD + "\n".join(["access-list IN remark nothing else", *aces,
                             "access-list IN extended deny ip any any",
                             "access-group IN in interface clients"]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fw.cfg"
        path.write_text(text)
        site = Site({"client": parse("10.20.0.0/29"), "management-point": parse("10.1.1.11"),
                     "distribution-point": parse("10.1.1.12")}, (FirewallPlace("fw", (str(path),)),),
                    methods=("group-policy", "software-distribution"), settings={"mode": "mixed"})
        found = fix(site, AS_OF)
        before = passing(text)
        changed = entered_asa(text, [line for each in found.snippets for line in each.lines])
        needed = {(client, server, port) for client in CLIENTS
                  for server, port in ((SERVERS[0], 80), (SERVERS[1], 445))}
        assert found.unfixed == ()
        assert passing(changed) == before | needed
        path.write_text(changed)
        assert fix(site, AS_OF).snippets == ()


def passing(text: str) -> set[tuple[str, str, int]]:
    firewall = parsers.parse(source.from_bytes(text.encode(), "fw.cfg"))
    return {(client, server, port) for client in CLIENTS for server in SERVERS for port in PORTS
            if crossing(firewall, packet(client, server, "tcp", port), "clients", "servers") == "permit"}
