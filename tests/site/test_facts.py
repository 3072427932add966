"""Facts that nothing depends on, or that contradict a configuration, are errors with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.site.reader import read
from tests.parsers.cisco_asa.asa import INTERFACES

CONFIG = INTERFACES + """\
time-range WORK
 periodic weekdays 8:00 to 17:00
time-range OLD
 absolute end 23:59 31 December 2024
object network MP
 fqdn v4 mp.example.com
access-list IN extended permit tcp any object MP eq 80
access-list IN extended permit tcp any host 10.1.0.11 eq 81 time-range WORK
access-list IN extended permit tcp any host 10.1.0.11 eq 80 time-range WORK
access-list IN extended permit tcp any host 10.1.0.11 eq 80 time-range OLD
access-group IN in interface outside
"""
SITE = """\
settings: {mode: mixed}
methods: [group-policy]
roles: {client: [192.0.2.128/25], management-point: [10.1.0.11]}
firewalls: [{config: fw.cfg}]
facts: {%s}
"""
FACT = '"time-range WORK": active'
FQDN = '"fqdn mp.example.com": [10.1.0.12]'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fw.cfg").write_text(CONFIG)
    return tmp_path


def asked(folder: Path, facts: str, *options: str) -> int:
    (folder / "aclproof.yaml").write_text(SITE % facts)
    return run(["check", "--as-of", "2026-01-15", *options])


def test_facts_that_settle_something_are_in_the_report(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, f"{FACT}, {FQDN}") == 0
    out = capsys.readouterr().out
    assert "time-range WORK = active" in out
    assert "fqdn mp.example.com = 10.1.0.12" in out


@pytest.mark.parametrize(("facts", "says"), [
    ('"time-range WOKR": active', "unknown fact 'time-range WOKR': did you mean 'time-range WORK'"),
    ('"user bob": yes', "no rule depends on it; unknown fact 'user bob'"),
    ('"": yes', "no rule depends on it"),
    ('"time-range WORK": [10.1.0.11]', "expected yes or no (active or inactive): fw.cfg:21 depends on"),
    ('"fqdn mp.example.com": yes', "expected a list of addresses: fw.cfg:20 depends on"),
    ('"time-range OLD": active', "cannot be active: the time-range that fw.cfg:23 names ended on 2024-12-31"),
    ('"reply": yes', "no rule depends on it")])
def test_a_fact_that_does_not_fit_is_an_error(
        folder: Path, capsys: pytest.CaptureFixture[str], facts: str, says: str) -> None:
    assert asked(folder, facts) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.startswith("aclproof: aclproof.yaml:5: facts.")
    assert len(err.splitlines()) == 1


def test_a_fact_that_no_needed_packet_depends_on_is_left_alone(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All answers that a report proposes can be given at once: one may make another needless."""
    later = CONFIG.replace("eq 80 time-range WORK", "eq 80")
    (folder / "fw.cfg").write_text(later)
    assert asked(folder, FACT) != 2
    assert not capsys.readouterr().err


def test_a_fact_of_the_command_line_is_named_as_such(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, FACT, "--fact", "time-range WOKR=active") == 2
    assert capsys.readouterr().err.startswith("aclproof: command line: --fact time-range WOKR")


def test_facts_for_other_methods_are_left_alone(folder: Path) -> None:
    assert asked(folder, '"user bob": yes') == 2
    assert asked(folder, f'{FACT}, "user bob": yes', "--method", "group-policy") != 2
    assert asked(folder, FACT, "--method", "group-policy", "--fact", "user bob=yes") == 2


def test_a_fact_is_said_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(folder, f'{FACT}, "time-range WORK": inactive') == 2
    assert "time-range WORK" in capsys.readouterr().err
    (folder / "aclproof.yaml").write_text(SITE % FACT)
    assert read(folder / "aclproof.yaml").states("time-range WORK")
