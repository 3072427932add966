"""What a command imports before it works: modules take most of the time of a small check.

Modules are counted, not milliseconds. Those of Python itself are left out, since they differ by its version.
A command that needs more of them gets a higher number here, and a reason in the change that raises it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITES = ROOT / "fixtures" / "sites"
SITE = SITES / "branch"
CHECK = ("check", str(SITE / "aclproof.yaml"), "--as-of", "2026-01-15")
PROGRAM = """
import json, sys
from aclproof.linter.cli import run
run(sys.argv[1:])
sys.stderr.write("\\n" + json.dumps(sorted(sys.modules)))
"""

OURS = {
    ("--help",): 10,
    ("schema", "site"): 53,
    ("explain",): 112,
    ("history", "--help"): 89,
    ("check", "--help"): 172,
    ("init", str(SITE / "branch-asa.cfg"), "--allow-outside"): 221,
    (*CHECK, "--format", "json"): 257,
    CHECK: 261,
    ("check", str(SITES / "linux-by-hand" / "aclproof.yaml")): 256,
    ("check", str(SITES / "windows-push-works" / "aclproof.yaml")): 274,
    ("fix", *CHECK[1:]): 267,
}
"""A command, and how many of our modules it may import."""

_ONLY_FOR_SOME = {
    "rich", "netaddr", "jinja2", "ciscoconfparse", "loguru", "junitparser", "dataclasses",
    "importlib.metadata", "email", "random", "tempfile", "shutil"}
NEEDLESS = {
    ("--help",): {"yaml", "msgspec", "rich", "netaddr"},
    ("--version",): {"yaml", "msgspec", "rich", "netaddr", "importlib.metadata"},
    ("schema", "site"): {"rich", "netaddr", "jinja2"},
    (*CHECK, "--format", "json"): _ONLY_FOR_SOME | {"csv", "zipfile"},
    CHECK: _ONLY_FOR_SOME | {"difflib"},
}
"""A command, and what it has no use for: libraries, and costly modules of Python."""


def imported(command: tuple[str, ...], folder: Path) -> frozenset[str]:
    """Every module that a process has when the command is done; `init` writes its file into the folder."""
    call = [sys.executable, "-c", PROGRAM, *command]
    done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=folder)
    return frozenset(json.loads(done.stderr.rsplit("\n", 1)[1]))


@pytest.mark.parametrize("command", OURS, ids=lambda command: " ".join(command[:1] + command[2:]))
def test_a_command_imports_no_more_than_it_needs(command: tuple[str, ...], tmp_path: Path) -> None:
    ours = sorted(each for each in imported(command, tmp_path) if each.startswith("aclproof."))
    assert len(ours) <= OURS[command], "\n".join(ours)


@pytest.mark.parametrize("command", NEEDLESS, ids=lambda command: " ".join(command[:1] + command[2:]))
def test_a_command_leaves_alone_what_it_does_not_use(command: tuple[str, ...], tmp_path: Path) -> None:
    assert not imported(command, tmp_path) & NEEDLESS[command]


@pytest.mark.parametrize(("vendor", "others"), [
    ("cisco_asa", ("iptables", "nftables", "windows")), ("iptables", ("cisco_asa", "nftables", "windows")),
    ("windows", ("cisco_asa", "iptables", "nftables"))])
def test_of_another_make_only_what_recognises_it_is_imported(
        vendor: str, others: tuple[str, ...], tmp_path: Path) -> None:
    site = {"cisco_asa": "branch", "iptables": "linux-by-hand", "windows": "windows-push-works"}[vendor]
    found = imported(("check", str(SITES / site / "aclproof.yaml")), tmp_path)
    assert f"aclproof.parsers.{vendor}.meaning.convert" in found
    for other in others:
        assert sum(each.startswith(f"aclproof.parsers.{other}") for each in found) <= 5, other
