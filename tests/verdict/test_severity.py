"""What the pack only warns of decides about no method and no exit code, unless it is said to be strict.

Microsoft's page for client push asks for two groups of Windows Firewall rules, and neither opens UDP 135,
which the port table lists: the pack marks that row as a warning.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run

UDP = "CM2007-PUSH-EPM-UDP"
SITE = """\
settings: {mode: mixed, client-os: windows-7}
methods: [client-push]
roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
firewalls:
  - {name: fw, config: fw.cfg}
"""
HEAD = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
interface GigabitEthernet0/1
 nameif clients
 security-level 50
 ip address 10.20.0.1 255.255.0.0
access-list CLIENTS extended permit ip any any
access-group CLIENTS in interface clients
access-group SERVERS in interface servers
time-range NIGHT
 periodic daily 20:00 to 23:00
"""
ALL_BUT_UDP = """\
access-list SERVERS extended permit icmp any any
access-list SERVERS extended permit tcp any any
"""
AT_NIGHT = "access-list SERVERS extended permit udp any any eq 135 time-range NIGHT\n"
ONLY_SMB_IS_CLOSED = """\
access-list SERVERS extended deny tcp any any eq 445
access-list SERVERS extended permit icmp any any
access-list SERVERS extended permit tcp any any
"""
EVERYTHING = "access-list SERVERS extended permit ip any any\n"

Output = pytest.CaptureFixture[str]


def site(folder: Path, rules: str, waivers: str = "") -> str:
    folder.mkdir(exist_ok=True)
    (folder / "fw.cfg").write_text(HEAD + rules, encoding="utf-8")
    if waivers:
        (folder / "waivers.yaml").write_text(waivers, encoding="utf-8")
    file = folder / "aclproof.yaml"
    file.write_text(SITE + ("waivers: waivers.yaml\n" if waivers else ""), encoding="utf-8")
    return str(file)


def check(capsys: Output, *arguments: str) -> tuple[int, str]:
    code = run(["check", *arguments, "--as-of", "2026-01-15"])
    return code, capsys.readouterr().out


def report(capsys: Output, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(check(capsys, *arguments, "--format", "json")[1])
    return told


@pytest.mark.parametrize(("rules", "verdict"), [(ALL_BUT_UDP, "missing"),
                                                (ALL_BUT_UDP + AT_NIGHT, "undecided")])
def test_a_method_works_although_a_warning_is_not_proven(tmp_path: Path, capsys: Output, rules: str,
                                                         verdict: str) -> None:
    file = site(tmp_path, rules)
    code, text = check(capsys, file)
    assert code == 0
    assert "Client push           works, 1 warning   5 of 6" in text
    told = report(capsys, file)
    assert told["methods"][0]["verdict"] == "works"
    assert told["methods"][0]["warnings"] == [UDP]
    assert told["summary"]["warnings"] == 1
    assert told["summary"]["requirements"][verdict] == 1  # what was proven of it stays said
    assert {each["requirement"]: each["verdict"] for each in told["results"]}[UDP] == verdict


def test_strict_lets_warnings_count(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, ALL_BUT_UDP)
    code, text = check(capsys, file, "--strict")
    assert code == 1
    assert "BLOCKED" in text
    assert "(warning" not in text
    assert check(capsys, site(tmp_path, ALL_BUT_UDP + AT_NIGHT), "--strict")[0] == 3


def test_strict_asks_for_no_role_that_only_a_warning_has(capsys: Output) -> None:
    """The site has no distribution point, which the pack only warns of."""
    file = Path(__file__).parents[2] / "fixtures" / "sites" / "cb-source-and-mp" / "aclproof.yaml"
    lenient, strict = (report(capsys, str(file), *options)["results"] for options in ((), ("--strict",)))
    assert {each["requirement"]: each["verdict"] for each in strict} == {
        each["requirement"]: each["verdict"] for each in lenient}


def test_a_warning_excuses_nothing_else(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, ONLY_SMB_IS_CLOSED)
    code, text = check(capsys, file)
    assert code == 1
    assert "BLOCKED" in text
    assert text.index("MISSING  CM2007-PUSH-SMB") < text.index(f"MISSING  {UDP}  (warning")


def test_any_method_is_enough_and_may_have_warnings(tmp_path: Path, capsys: Output) -> None:
    assert check(capsys, site(tmp_path, ALL_BUT_UDP), "--require", "any")[0] == 0
    assert check(capsys, site(tmp_path, ALL_BUT_UDP), "--require", "any", "--strict")[0] == 1


def test_a_waived_warning_is_none(tmp_path: Path, capsys: Output) -> None:
    waiver = f"waivers: [{{id: W-1, requirement: {UDP}, reason: r, owner: o, expires: 2026-10-01}}]\n"
    told = report(capsys, site(tmp_path, ALL_BUT_UDP, waiver))
    assert told["methods"][0]["warnings"] == []
    assert told["summary"]["requirements"]["waived"] == 1


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_reports_for_people_count_warnings_with_the_verdict(tmp_path: Path, capsys: Output,
                                                            form: str) -> None:
    assert "works, 1 warning" in check(capsys, site(tmp_path, ALL_BUT_UDP), "--format", form)[1]


def test_the_html_report_does_not_say_that_something_needed_is_stopped(tmp_path: Path,
                                                                       capsys: Output) -> None:
    text = check(capsys, site(tmp_path, ALL_BUT_UDP), "--format", "html")[1]
    assert "1 requirement that is only warned of is not proven." in text
    assert "Everything that is needed gets through." in text


def test_a_warning_is_no_failed_test_case(tmp_path: Path, capsys: Output) -> None:
    root = ET.fromstring(check(capsys, site(tmp_path, ALL_BUT_UDP), "--format", "junit")[1])
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    skipped = [case.find("skipped") for case in root.iter("testcase") if UDP in str(case.get("name"))]
    assert [each.get("type") for each in skipped if each is not None] == ["warning"]


def test_fix_opens_nothing_that_is_only_warned_of(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, ALL_BUT_UDP)
    assert run(["fix", file]) == 0  # as check: a warning counts nowhere
    assert capsys.readouterr().out == (
        "# no method fails by what is missing\n"
        f"# 1 warning is left out, as no method fails by it: {UDP} (--strict\n"
        "#   opens it as well)\n")
    assert run(["fix", file, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["snippets"], told["warnings"]) == ([], [UDP])


def test_fix_opens_what_is_needed_and_counts_the_warnings_that_it_leaves_out(tmp_path: Path,
                                                                             capsys: Output) -> None:
    assert run(["fix", site(tmp_path, ONLY_SMB_IS_CLOSED)]) == 1
    text = capsys.readouterr().out
    assert "permit tcp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 445" in text
    assert "udp" not in text
    assert "1 warning is left out" in text


def test_a_warning_that_is_undecided_is_no_question_to_fix(tmp_path: Path, capsys: Output) -> None:
    file = site(tmp_path, ALL_BUT_UDP + AT_NIGHT)
    assert run(["fix", file]) == 0
    assert capsys.readouterr().out == "# nothing is missing\n"
    assert run(["fix", file, "--strict"]) == 3
    assert "time-range NIGHT" in capsys.readouterr().out


def test_fix_opens_warnings_with_strict(tmp_path: Path, capsys: Output) -> None:
    assert run(["fix", site(tmp_path, ALL_BUT_UDP), "--strict"]) == 1
    text = capsys.readouterr().out
    assert "permit udp host 10.1.1.10 10.20.0.0 255.255.0.0 eq 135" in text
    assert "left out" not in text


@pytest.mark.parametrize(("rules", "options", "command"), [
    (ALL_BUT_UDP, (), "aclproof fix FILE --strict prints"),
    (ONLY_SMB_IS_CLOSED, (), "aclproof fix FILE prints"),
    (ONLY_SMB_IS_CLOSED, ("--strict",), "aclproof fix FILE --strict prints")])
def test_the_next_command_prints_something(
        tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, rules: str, options: tuple[str, ...],
        command: str) -> None:
    monkeypatch.chdir(tmp_path)  # a long path would be cut at the edge
    file = Path(site(tmp_path, rules)).name
    text = check(capsys, file, *options)[1]
    assert command.replace("FILE", file) in " ".join(text[text.index("Next: "):].split())


@pytest.mark.parametrize("form", ["text", "html"])
def test_reports_with_fixes_say_that_warnings_have_none(tmp_path: Path, capsys: Output, form: str) -> None:
    text = check(capsys, site(tmp_path, ALL_BUT_UDP), "--fixes", "--format", form)[1]
    assert "left out, as no method fails by it" in text
    assert "No verified change is known" not in text


def test_a_change_that_costs_a_warning_only_is_told_and_passes(tmp_path: Path, capsys: Output) -> None:
    before, after = site(tmp_path / "old", EVERYTHING), site(tmp_path / "new", ALL_BUT_UDP)
    assert run(["diff", before, after]) == 0
    assert f"{UDP} (warning)  met -> missing" in capsys.readouterr().out
    assert run(["diff", before, after, "--strict"]) == 1
