"""What is asked of devices: every line that decides, once, and nothing that changes anything."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.probing.probing import probes
from aclproof.linter.program import analyse
from aclproof.linter.site.reader import read
from aclproof.parsers.model.shell import LINUX

ROOT = Path(__file__).parents[2]
SITES = sorted((ROOT / "fixtures" / "sites").glob("*/aclproof.yaml"))
READ_ONLY = re.compile(
    r"packet-tracer input \S+ (?:tcp|udp) \S+ \d+ \S+ \d+ detailed|"
    r"packet-tracer input \S+ icmp \S+ \d+ \d+ \S+ detailed|(?:show|sysctl) .*|terminal pager 0|"
    r"ip route get .*|ip6?tables -vnxL|nft list .*|hostname|date -Is|exec 2>&1|Get-\w+.*|"
    r"Test-NetConnection -ComputerName \S+ .*|portqry -n \S+ -e \d+ -p (?:TCP|UDP)|"
    r"ip6?tables-save|ipset list|ip (?:address|xfrm policy)|bridge link")


@pytest.mark.parametrize("file", SITES, ids=lambda each: each.parent.name)
def test_every_deciding_line_of_an_asa_is_asked_about_and_nothing_is_changed(file: Path) -> None:
    site = analyse(read(file))
    found = {each.name: each for each in probes(site) if not each.role}
    for machine in probes(site):
        for command in (*machine.shell.first, *machine.commands()):
            assert READ_ONLY.fullmatch(command), command
    for result in site.results:
        for part in result.missing:
            line = part.blocked_by
            if part.leg == "request" and site.firewalls[line.firewall].vendor == "cisco-asa":
                asked = [each for each in found[line.firewall].probes
                         if each.by and each.by.span == line.span]
                assert asked or not any(each.packet for each in found[line.firewall].probes)


def test_scripts_are_files_that_their_shells_take(tmp_path: Path) -> None:
    site = str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml")
    assert run(["probe", site, "--script", str(tmp_path), "-q"]) == 0
    names = {each.name for each in tmp_path.iterdir()}
    assert {"branch-asa.txt", "site-server-10.1.1.10.ps1", "client-10.20.0.10.ps1"} <= names
    lines = (tmp_path / "branch-asa.txt").read_text(encoding="utf-8").splitlines()
    assert all(not each or each.startswith("! ") or READ_ONLY.fullmatch(each) for each in lines)
    for each in tmp_path.glob("*.sh"):
        subprocess.run(["sh", "-n", str(each)], check=True)


def test_a_script_keeps_why_a_command_failed() -> None:
    """What is silent counts as an answer, so a message must not go to another place than the answers."""
    commands = (*LINUX.first, "ip xfrm policy")
    script = "\n".join(("ip() { echo 'not permitted' >&2; }", *(
        line for each in commands for line in LINUX.written(each))))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("$ ip xfrm policy\nnot permitted\n")
    assert not done.stderr


def test_json_and_the_packets_of_the_device(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml")
    assert run(["probe", site, "--format", "json", "--firewall", "branch-asa"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schemas.load("probe")).validate(document)
    machine, = document["machines"]
    first = machine["probes"][0]
    assert first["commands"] == ["packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.77 445 detailed"]
    assert (first["expected"], first["decided_by"]["line"]) == ("deny", 67)
    assert [each["expected"] for each in machine["probes"]] == sorted(
        (each["expected"] for each in machine["probes"]), key=["deny", "undecided", "permit"].index)
    assert ["show time-range"] in [each["commands"] for each in machine["probes"]]


def test_trace_has_the_command_for_its_packet(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml")
    assert run(["trace", site, "10.1.1.10", "10.20.0.77", "tcp", "445", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    hop, = document["packets"][0]["hops"]
    assert hop["probe"] == ["packet-tracer input datacentre tcp 10.1.1.10 49152 10.20.0.77 445 detailed"]


def test_an_unknown_firewall(capsys: pytest.CaptureFixture[str]) -> None:
    site = str(ROOT / "fixtures" / "sites" / "branch" / "aclproof.yaml")
    assert run(["probe", site, "--firewall", "branch-as"]) == 2
    assert "did you mean 'branch-asa'" in capsys.readouterr().err
