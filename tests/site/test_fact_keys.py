"""A fact is about one firewall, where several ask by the same words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run

OUTER, INNER = "192.0.2", "198.51.100"
CLIENTS, SERVER = "10.20.0", "10.1.1"
SITE = """\
methods: [group-policy]
settings: {{mode: mixed}}
roles: {{client: [{clients}.64/26], management-point: [{server}.11]}}
firewalls:
  - {{name: a, config: a.cfg}}
  - {{name: b, config: b.cfg}}
facts: {facts}
"""
ENDED = " absolute end 08:00 1 January 2020\n"
DAILY = " periodic daily 8:00 to 18:00\n"


def asa(inside: str, outside: str, ours: str, way: str, entry: str) -> str:
    """One of two firewalls in a row; `way`: the network beyond the other one; `entry`: its only list."""
    return f"""\
ASA Version 9.16(4)
interface GigabitEthernet0/0
 nameif {outside}
 security-level 50
 ip address {OUTER}.{1 if ours == CLIENTS else 2} 255.255.255.0
interface GigabitEthernet0/1
 nameif {inside}
 security-level 50
 ip address {ours}.1 255.255.255.0
same-security-traffic permit inter-interface
route {outside} {way}.0 255.255.255.0 {OUTER}.{2 if ours == CLIENTS else 1} 1
{entry}: end
"""


def checked(capsys: pytest.CaptureFixture[str], facts: dict[str, str], of_a: str,
            of_b: str) -> dict[str, Any]:
    """Check two firewalls in a row; the only rule of each for TCP 80 names the time-range that is given."""
    for name, inside, ours, way, words in (
            ("a", "branch", CLIENTS, SERVER, of_a), ("b", "core", SERVER, CLIENTS, of_b)):
        outside, bound = "wan", "branch" if name == "a" else "wan"
        rule = "time-range T" if words else ""
        entry = (f"access-list L extended permit tcp any any eq 80 {rule}\n"
                 f"access-group L in interface {bound}\n")
        Path(f"{name}.cfg").write_text(asa(inside, outside, ours, way, entry + words))
    Path("aclproof.yaml").write_text(SITE.format(clients=CLIENTS, server=SERVER, facts=json.dumps(facts)))
    code = run(["check", "--format", "json", "--as-of", "2026-11-29"])
    out, err = capsys.readouterr()
    found: dict[str, Any] = {"code": code, "error": err}
    if out:
        demand, = (each for each in json.loads(out)["results"] if each["verdict"] != "not-applicable")
        found |= {"verdict": demand["verdict"],
                  "facts": {key for part in demand["undecided"] for key in part["facts"]}}
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_time_ranges_of_one_name_are_two_questions(capsys: pytest.CaptureFixture[str]) -> None:
    ranges = (f"time-range T\n{DAILY}", "time-range T\n periodic daily 18:01 to 23:59\n")
    assert checked(capsys, {}, *ranges)["facts"] == {"time-range T at a", "time-range T at b"}
    half = checked(capsys, {"time-range T at a": "active"}, *ranges)
    assert (half["verdict"], half["facts"]) == ("undecided", {"time-range T at b"})
    both = {"time-range T at a": "active", "time-range T at b": "active"}
    assert checked(capsys, both, *ranges)["verdict"] == "met"


def test_one_answer_for_two_firewalls_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """The second one's time-range has ended, whatever the first one's does."""
    found = checked(capsys, {"time-range T": "active"}, f"time-range T\n{DAILY}", f"time-range T\n{ENDED}")
    assert found["code"] == 2
    assert "answer for each, as 'time-range T at a', 'time-range T at b'" in found["error"]
    of_a = {"time-range T at a": "active"}
    assert checked(capsys, of_a, f"time-range T\n{DAILY}", f"time-range T\n{ENDED}")["verdict"] == "missing"


def test_what_only_one_firewall_asks_keeps_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys, {}, f"time-range T\n{DAILY}", "")["facts"] == {"time-range T"}
    assert checked(capsys, {"time-range T": "active"}, f"time-range T\n{DAILY}", "")["verdict"] == "met"
