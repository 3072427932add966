"""Checks that hold lines against what the site's requirements send: expectations written from the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from tests.asa_edge import INTERFACES, SITE

HEAD = f"""ASA Version 9.16(4)
{INTERFACES}access-group IN in interface outside
access-group DMZ in interface dmz
"""
CLIENTS, MP = "198.51.100.0 255.255.255.0", "host 10.30.0.10"
IN, DMZ = "access-list IN extended", "access-list DMZ extended"
NEEDED = f"{IN} permit tcp {CLIENTS} {MP} eq 443"
EVERYTHING = f"{DMZ} permit ip any any"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(lines: list[str], check: str) -> list[tuple[str, list[str]]]:
    """The lines that a check names, each with the requirements that it is about."""
    Path("aclproof.yaml").write_text(SITE)
    Path("fw.cfg").write_text(HEAD + "".join(f"{each}\n" for each in lines) + ": end\n")
    assert run(["check", "--checks", check, "--format", "json=out.json", "-qq"]) in (0, 1, 3)
    audit = json.loads(Path("out.json").read_text())["audit"]
    return [(each["text"], [name.removeprefix("CM2007-PUSH-") for name in each["requirements"]])
            for each in audit["found"]]


@pytest.mark.parametrize(("line", "named"), [
    (f"{DMZ} permit tcp {MP} {CLIENTS} eq 443", True),
    (f"{DMZ} permit tcp {MP} eq 443 {CLIENTS}", True),  # answers, which pass with their connection
    (f"{IN} permit tcp {MP} {CLIENTS} eq 443", True),  # in the list of the wrong interface
    (f"{DMZ} permit tcp any {CLIENTS} eq 443", False),  # hosts may fetch updates from anywhere
    (f"{DMZ} permit tcp {MP} {CLIENTS} eq 444", False),
    (f"{DMZ} permit tcp {MP} {CLIENTS}", False),
    (f"{DMZ} permit udp {MP} {CLIENTS} eq 443", False),
    (f"{DMZ} deny tcp {MP} {CLIENTS} eq 443", False),
    (f"{DMZ} permit tcp {MP} {CLIENTS} eq 443 inactive", False),
    (f"{DMZ} permit tcp host 10.30.0.20 {CLIENTS} eq 445", False),  # it is the requirement's own
])
def test_the_other_direction(line: str, named: bool) -> None:
    """Whatever the rest of the site is like."""
    for rest in ([NEEDED], []):
        assert [text for text, _ in found([*rest, line], "reversed-permit")] == [line] * named
        if named:
            assert found([*rest, line], "reversed-permit") == [(line, ["MP-HTTPS"])]


def test_answers_pass_alone_where_sessions_are_bypassed() -> None:
    """The request may have gone by another firewall: then the list is asked."""
    bypass = ["class-map ALL", " match any", "policy-map P", " class ALL",
              "  set connection advanced-options tcp-state-bypass", "service-policy P global"]
    answers, service = f"{DMZ} permit tcp {MP} eq 443 {CLIENTS}", f"{DMZ} permit tcp {MP} {CLIENTS} eq 443"
    assert found([NEEDED, answers, service, *bypass], "reversed-permit") == [(service, ["MP-HTTPS"])]


def test_what_only_a_permit_of_everything_permits() -> None:
    push = ["SMB", "EPM-TCP", "RPC"]
    assert found([NEEDED, EVERYTHING], "only-any-any") == []  # without it nothing is bound: the level permits
    other = f"{DMZ} deny tcp any any eq 23"
    of_any, = found([NEEDED, other, EVERYTHING], "only-any-any")
    assert of_any[0] == EVERYTHING
    assert set(push) <= set(of_any[1])
    assert "MP-HTTPS" not in of_any[1]
    narrow = f"{DMZ} permit tcp host 10.30.0.20 any eq 445"
    for lines in ([narrow, EVERYTHING], [EVERYTHING, narrow]):  # before it, or after it
        (_, left), = found([NEEDED, other, *lines], "only-any-any")
        assert "SMB" not in left
        assert "RPC" in left
    whole = f"{DMZ} permit ip host 10.30.0.20 any"
    assert found([NEEDED, EVERYTHING, whole], "only-any-any") == []


@pytest.mark.parametrize(("line", "named"), [
    (f"{IN} permit tcp {CLIENTS} {MP} range 443 444 inactive", True),
    (f"{IN} permit tcp host 198.51.100.7 {MP} eq 443 inactive", True),  # it helps one client
    (f"{IN} permit tcp {CLIENTS} {MP} eq 80 inactive", False),
    (f"{IN} deny tcp {CLIENTS} {MP} eq 443 inactive", False),
    (f"access-list SPARE extended permit tcp {CLIENTS} {MP} eq 443 inactive", False),  # bound nowhere
])
def test_a_rule_that_is_off_and_would_help(line: str, named: bool) -> None:
    assert found([line], "disabled-rule") == [(line, ["MP-HTTPS"])] * named
    assert found([NEEDED, line], "disabled-rule") == []  # nothing lacks it
    elsewhere = [f"{DMZ} permit tcp {CLIENTS} {MP} range 443 {port} inactive" for port in range(500, 570)]
    assert found([*elsewhere, line], "disabled-rule") == [(line, ["MP-HTTPS"])] * named  # not on the way
    blocked = [f"{IN} deny ip any any", line]
    assert found(blocked, "disabled-rule") == []  # it comes too late
