from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from aclproof.linter import schemas
from aclproof.linter.cli import run

ROOT = Path(__file__).parents[2]
BRANCH = ROOT / "fixtures" / "sites" / "branch"
QUICK = ["--client", "10.20.0.0/16", "--server", "10.1.1.0/24", "--set", "mode=mixed"]
CONFIG = """ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 10.1.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.20.0.1 255.255.0.0
access-list IN extended permit ip any any
access-group IN in interface inside
access-group IN in interface outside
"""
SITE = """roles: {client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]}
settings: {mode: mixed}
firewalls: [{config: fw.cfg}]
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fw.cfg").write_text(CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_line(capsys: Output) -> str:
    """Standard error, after making sure that it is one plain line and nothing else was said."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip().count("\n") == 0, err
    assert "Traceback" not in err
    return err


BAD_CONFIGS: list[tuple[bytes, str]] = [
    (b"", "the file is empty"),
    (b"  \n\n", "the file is empty"),
    (b"\x7fELF\x00\x01\x02\x03binary", "binary"),
    (b"version 15.2\nip access-list extended A\n permit tcp any 10.0.0.0 0.0.0.255 eq 80\n", "router"),
    (b"access-list 101 permit tcp any 10.1.1.0 0.0.0.255 eq 445\n", "router"),
    (b"#!/bin/sh\niptables -A INPUT -j ACCEPT\n", "shell script"),
    (b"create blocked hash:ip family inet\n", "ipsets without the rules"),
    (b"Rule Name: x\nEnabled: Yes\n", "Windows"),
    (b"Dear colleague,\nplease find attached the firewall.\n", "no firewall configuration"),
    (CONFIG.encode() * 2, "second configuration"),
]


@pytest.mark.parametrize(("content", "says"), BAD_CONFIGS)
def test_a_file_that_is_no_asa_configuration_gets_one_line_and_exit_2(
        folder: Path, capsys: Output, content: bytes, says: str) -> None:
    (folder / "bad.cfg").write_bytes(content)
    assert run(["check", "bad.cfg", *QUICK]) == 2
    assert says in one_line(capsys)


@pytest.mark.parametrize(("arguments", "says"), [
    (["check", "fw.cgf", *QUICK], "did you mean fw.cfg"),
    (["check", ".", *QUICK], ".: no aclproof.yaml in this folder or below it"),
    (["check", "."], ".: no aclproof.yaml in this folder or below it"),
    (["check", "none*.yaml"], "none*.yaml: no file matches this pattern"),
    (["fix", "--cheapest", "one.yaml", "two 2.yml"], "a run is about one site; for many: for site in "
     "one.yaml 'two 2.yml'; do aclproof fix --cheapest \"$site\"; done"),
    (["waivers", "--scaffold", "."], ".: no aclproof.yaml in this folder or below it"),
    (["fix", "--cheapest", "."], "for many: for site in $(find . -name aclproof.yaml); do "
     "aclproof fix --cheapest \"$site\"; done"),
    (["check", "fw.cfg", "one.yaml"], "one.yaml names its configurations itself: give it alone"),
    (["check"], "no site file here"),
    (["check", "fw.cfg"], "--client and --server"),
    (["check", "fw.cfg", "--client", "10.0.0.5/8", "--server", "10.1.1.1"], "host bits"),
    (["check", "fw.cfg", "--client", "10.0.0.9-10.0.0.1", "--server", "10.1.1.1"], "reversed"),
    (["check", "fw.cfg", *QUICK, "--role", "managment-point=10.1.1.1"], "did you mean 'management-point'"),
    (["check", "fw.cfg", *QUICK, "--method", "client-psuh"], "did you mean 'client-push'"),
    (["check", "fw.cfg", *QUICK, "--set", "http-port=99999"], "99999"),
    (["check", "fw.cfg", *QUICK, "--set", "wsus-https-port=444"], "HTTP 80 pairs with HTTPS 443"),
    (["check", "fw.cfg", *QUICK[:4]], "'mode' is required (mixed or native)"),
    (["check", "fw.cfg", *QUICK, "--format", "jsn"], "did you mean 'json'"),
    (["check", "fw.cfg", *QUICK, "--interface", "client=insde"], "did you mean 'inside'"),
    (["check", "fw.cfg", *QUICK, "--acl", "client=NONE"], "access list"),
    (["check", "fw.cfg", *QUICK, "--as-of", "tomorrow"], "2026-01-31"),
    (["check", "fw.cfg", *QUICK, "--pack", "configmgr-2008"], "did you mean 'configmgr-2007'"),
    (["check", "fw.cfg", *QUICK, "--format", "json=fw.cfg"], "is an input"),
    (["chekc"], "did you mean 'check'"),
    (["show", "nowhere.cfg"], "no such file"),
    (["explain", "CM2007-PUSH-SMBB"], "did you mean 'CM2007-PUSH-SMB'"),
    (["trace", "fw.cfg", "10.1.1.10", "10.20.0.1"], "SOURCE DESTINATION PROTOCOL"),
    (["trace", "10.1.1.10", "10.20.0.1", "tcp", "80", "fw.cfg"],
     "fw.cfg comes before the packet: aclproof trace fw.cfg 10.1.1.10 10.20.0.1 tcp 80"),
    (["trace", "10.1.1.10 10.20.0.1 tcp 80", "none.yaml"], "none.yaml comes before the packet"),
    (["trace", "fw.cfg", "10.1.1.10", "10.20.0.1", "tcp"], "needs a destination port"),
    (["trace", "fw.cfg", "10.1.1.10", "2001:db8::1", "tcp", "80"], "different address families"),
])
def test_a_wrong_call_gets_one_line_and_exit_2(
        folder: Path, capsys: Output, arguments: list[str], says: str) -> None:
    assert run(arguments) == 2
    assert says in one_line(capsys)


@pytest.mark.parametrize(("site", "says"), [
    (SITE.replace("firewalls: [{config: fw.cfg}]", ""), "'firewalls' is missing"),
    (SITE.replace("management-point", "managment-point"), "did you mean 'management-point'"),
    (SITE.replace("10.20.0.0/16", "10.20.0.9-10.20.0.1"), "reversed"),
    (SITE.replace("[10.20.0.0/16]", "[10.20.0.0/16, 10.20.4.0/24]"), "overlaps"),
    (SITE.replace("fw.cfg", "../fw.cfg"), "outside the folder"),
    (SITE.replace("mixed", "mixed, http-port: 22:22"), "22:22"),
    (SITE.replace("mixed", "mixed, http-port: 010"), "010"),
    (SITE.replace("mixed", "mixed, schema-published: no"), "true, false"),
    (SITE + "roles: {}\n", "roles"),
    (SITE + "firewals: []\n", "did you mean 'firewalls'"),
    (SITE + "methods: [software-update-point]\n", "needs the role 'software-update-point'"),
    (SITE + "facts: {x: perhaps}\n", "facts"),
    ("[" * 60_000, "deep"),
    ("roles: &a {client: *a}\n", "anchor"),
    ("just text\n", "mapping"),
])
def test_a_wrong_site_file_names_the_line_and_exits_2(
        folder: Path, capsys: Output, site: str, says: str) -> None:
    (folder / "aclproof.yaml").write_text(site, encoding="utf-8")
    assert run(["check"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert says in err
    assert all(line.startswith("aclproof: aclproof.yaml") for line in err.splitlines())


def test_every_problem_of_a_site_file_is_told_at_once(folder: Path, capsys: Output) -> None:
    (folder / "aclproof.yaml").write_text("rolse: {}\nroles: {client: [10.0.0.5/8, nonsense]}\n"
                                          "firewalls: [{name: a}]\n", encoding="utf-8")
    assert run(["check"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[2] for line in lines] == ["1", "2", "2", "3"]


def test_exit_codes_follow_the_verdicts(folder: Path, capsys: Output) -> None:
    push = [*QUICK, "--method", "client-push", "--set", "epm-udp=false"]
    group = [*QUICK, "--method", "group-policy"]
    assert run(["check", "fw.cfg", *group]) == 0
    assert run(["check", "fw.cfg", *push]) == 0
    closed = CONFIG.replace("permit ip any any", "permit tcp any any eq 80")
    (folder / "closed.cfg").write_text(closed, encoding="utf-8")
    assert run(["check", "closed.cfg", *push]) == 1
    assert run(["check", "closed.cfg", *push, "--method", "group-policy", "--require", "any"]) == 0
    timed = CONFIG.replace("permit ip any any", "permit ip any any time-range WORK")
    (folder / "timed.cfg").write_text(timed, encoding="utf-8")
    assert run(["check", "timed.cfg", *group]) == 3
    assert run(["check", "timed.cfg", *group, "--fact", "time-range WORK=active"]) == 0
    assert run(["check", "timed.cfg", *group, "--fact", "time-range WORK=inactive"]) == 1
    capsys.readouterr()
    assert run(["check", "timed.cfg", *group, "--allow-undecided"]) == 0
    assert "--allow-undecided" in capsys.readouterr().err


def test_a_bug_is_exit_4_and_quotes_no_configuration(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret line of the configuration")

    monkeypatch.setattr("aclproof.parsers.parse_all", broken)
    assert run(["check", "fw.cfg", *QUICK]) == 4
    said = one_line(capsys)
    assert "RuntimeError" in said
    assert "secret" not in said


@pytest.mark.parametrize(("raised", "code"),
                         [(KeyboardInterrupt, 130), (RecursionError, 4), (MemoryError, 4)])
def test_no_exception_leaks_clicks_exit_code_1(
        folder: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, raised: type[BaseException],
        code: int) -> None:
    def broken(*_: object) -> None:
        raise raised

    monkeypatch.setattr("aclproof.parsers.parse_all", broken)
    assert run(["check", "fw.cfg", *QUICK]) == code
    one_line(capsys)


def test_results_go_to_stdout_and_nothing_else_does(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(["check", "fw.cfg", *QUICK, "--format", "json"])
    out, err = capfd.readouterr()
    assert json.loads(out)["schema"] == "aclproof/check/v1"
    assert err == ""


def test_json_keeps_its_published_schema(folder: Path, capsys: Output) -> None:
    validator = jsonschema.Draft202012Validator(schemas.load("check"))
    for site in sorted((ROOT / "fixtures" / "sites").glob("*/aclproof.yaml")):
        run(["check", str(site), "--format", "json"])
        validator.validate(json.loads(capsys.readouterr().out))


def test_several_reports_come_from_one_run_and_files_are_whole(folder: Path, capsys: Output) -> None:
    assert run(["check", "fw.cfg", *QUICK, "--format", "text", "--format", "json=out.json"]) in (0, 1, 3)
    assert "Installation method" in capsys.readouterr().out
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))["summary"]
    assert sorted(path.name for path in folder.iterdir()) == ["fw.cfg", "out.json"]


def test_a_report_that_cannot_be_written_is_exit_2(folder: Path, capsys: Output) -> None:
    assert run(["check", "fw.cfg", *QUICK, "--format", "json=nowhere/out.json"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_text_fits_80_columns_and_carries_no_escape_codes(capsys: Output) -> None:
    assert run(["check", str(BRANCH / "aclproof.yaml")]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_colour_is_a_matter_of_option_and_environment(
        capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ["check", str(BRANCH / "aclproof.yaml")]
    run([*call, "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(call)
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(call)
    assert "\x1b[" not in capsys.readouterr().out


HOSTILE = "\x1b]0;owned\x07\x1b[31m[red]x[/red]\u202e:smile:"


@pytest.mark.parametrize("command", [
    ["check", "fw.cfg", *QUICK], ["show", "fw.cfg"], ["show", "fw.cfg", "--acl", "IN"],
    ["trace", "fw.cfg", "10.20.0.9", "10.1.1.1", "tcp", "80"]])
def test_text_of_a_configuration_cannot_act_on_the_terminal(
        folder: Path, capsys: Output, command: list[str]) -> None:
    hostile = CONFIG.replace("permit ip any any", f"deny ip any object-group {HOSTILE}\n{HOSTILE}")
    (folder / "fw.cfg").write_text(hostile.replace("\nASA", f"\nhostname {HOSTILE}\nASA"), encoding="utf-8")
    run(command)
    out, err = capsys.readouterr()
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)


def test_a_role_that_a_default_method_lacks_is_not_assessed(folder: Path, capsys: Output) -> None:
    (folder / "aclproof.yaml").write_text(SITE, encoding="utf-8")
    run(["check", "--format", "json"])
    verdicts = json.loads(capsys.readouterr().out)["summary"]["methods"]
    assert verdicts["software-update-point"] == "not-assessed"
    assert verdicts["group-policy"] == "works"


def test_standard_input_is_a_configuration() -> None:
    check = [sys.executable, "-m", "aclproof", "check", "-", *QUICK, "--method", "group-policy"]
    done = subprocess.run(check, input=CONFIG.encode(), capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert b"works" in done.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    site = BRANCH / "aclproof.yaml"
    command = f"{sys.executable} -m aclproof check {site} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.splitlines()[-1] == "1"
    assert done.stderr == ""


def test_trace_reads_many_packets(folder: Path, capsys: Output) -> None:
    (folder / "p.csv").write_text("source,destination,protocol,destination_port,state\n"
                                  "10.20.0.9,10.1.1.1,tcp,80,new\n10.20.0.9,10.1.1.1,icmp,,new\n",
                                  encoding="utf-8")
    assert run(["trace", "fw.cfg", "--packets", "p.csv", "--format", "json"]) == 0
    traced = json.loads(capsys.readouterr().out)
    assert [each["verdict"] for each in traced["packets"]] == ["permit", "permit"]
    assert traced["packets"][0]["hops"][0]["deciding"]["line"] == 10
    (folder / "p.csv").write_text("source,destination,protocol\n10.20.0.9,nowhere,tcp\n", encoding="utf-8")
    assert run(["trace", "fw.cfg", "--packets", "p.csv"]) == 2
    assert "p.csv:2" in capsys.readouterr().err


def test_explain_knows_every_requirement_method_and_setting(capsys: Output) -> None:
    from aclproof import rules

    pack = rules.load("configmgr-2007")
    titles = {**{one.id: one.title.en for one in pack.requirements},
              **{one.id: one.title.en for one in pack.methods},
              **{one.id: one.title.en for one in pack.settings}}
    for name, title in titles.items():
        assert run(["explain", name]) == 0
        assert title in " ".join(capsys.readouterr().out.split())
    assert run(["explain"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_command_about_one_site_names_the_site_file_of_a_folder(folder: Path, capsys: Output) -> None:
    (folder / "here").mkdir()
    (folder / "here" / "aclproof.yaml").touch()
    assert run(["fix", "here"]) == 2
    assert "here is a folder: name the site file in it, here/aclproof.yaml" in one_line(capsys)


def test_without_a_command_the_help_is_shown_as_it_is(capsys: Output) -> None:
    assert run(["--help"]) == 0
    usage, nothing = capsys.readouterr()
    assert nothing == ""
    assert run([]) == 2
    assert capsys.readouterr() == ("", usage)


@pytest.mark.parametrize(("typed", "meant"), [
    ("help", "--help"), ("help trace", "trace --help"), ("version", "--version"), ("-V", "--version")])
def test_what_people_type_for_an_option_is_understood(typed: str, meant: str, capsys: Output) -> None:
    assert run(meant.split()) == 0
    answer = capsys.readouterr()
    assert run(typed.split()) == 0
    assert capsys.readouterr() == answer


def test_the_installed_command_works() -> None:
    done = subprocess.run([Path(sys.executable).parent / "aclproof", "--version"], capture_output=True,
                          text=True, check=True, env={**os.environ, "COLUMNS": "80"})
    assert done.stdout.startswith("aclproof ")


def test_a_pack_is_found_beside_its_site_file(folder: Path, capsys: Output) -> None:
    (folder / "site").mkdir()
    pack = (ROOT / "rules" / "configmgr-2007.yaml").read_text(encoding="utf-8")
    (folder / "site" / "own.yaml").write_text(pack, encoding="utf-8")
    (folder / "site" / "fw.cfg").write_text(CONFIG, encoding="utf-8")
    (folder / "site" / "aclproof.yaml").write_text(f"pack: own.yaml\n{SITE}", encoding="utf-8")
    assert run(["check", "-qq", "site/aclproof.yaml"]) in (0, 1)
    assert run(["init", "site/fw.cfg", "--pack", "site/own.yaml", "-o", "site/new.yaml"]) == 0
    assert "pack: own.yaml\n" in (folder / "site" / "new.yaml").read_text(encoding="utf-8")


def test_a_role_has_one_interface_at_a_firewall(folder: Path, capsys: Output) -> None:
    site = SITE.replace("{config: fw.cfg}", "{config: fw.cfg, interfaces: {client: [inside, outside]}}")
    (folder / "aclproof.yaml").write_text(site, encoding="utf-8")
    assert run(["check"]) == 2
    assert "expected one name: where the addresses of a role lie behind several" in one_line(capsys)


def test_the_hint_for_an_interface_names_its_role(folder: Path, capsys: Output) -> None:
    (folder / "gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth1 -p tcp --dport 80 -j ACCEPT\n"
        "-A FORWARD -m state --state ESTABLISHED -o eth1 -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    (folder / "aclproof.yaml").write_text(SITE.replace("fw.cfg", "gw.rules") + "methods: [group-policy]\n",
                                          encoding="utf-8")
    assert run(["check", "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)
    asked = {because for result in found["results"] for part in result["undecided"]
             for because in part["because"]}
    assert any("'interfaces: {client: eth1}'" in each for each in asked), asked
    assert not any("ROLE" in each for each in asked)
