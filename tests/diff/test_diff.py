"""`aclproof diff`: its forms, its exit codes, the lines that it names, and hostile input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from aclproof.linter.cli import run
from aclproof.linter.diff.alignment import changed
from aclproof.linter.reports.diff.json_v1 import SCHEMA

ROOT = Path(__file__).parents[2]
SITES = ROOT / "fixtures" / "sites"
DAY = ["--as-of", "2026-01-15"]
QUICK = ["--client", "10.20.0.0/16", "--server", "10.1.1.10-10.1.1.13", "--set", "mode=mixed", "--set",
         "wsus-http-port=8530", *DAY]
PERMIT = "access-list BRANCH-IN extended permit tcp 10.20.0.0 255.255.0.0 object WSUS1 eq 8530"

Output = pytest.CaptureFixture[str]


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SITES / "branch", tmp_path / "old")
    shutil.copytree(SITES / "branch", tmp_path / "new")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def diff(capsys: Output, *arguments: str) -> tuple[int, str]:
    code = run(["diff", *arguments])
    out, err = capsys.readouterr()
    assert err == "", err
    assert all(len(line) <= 80 for line in out.splitlines() if " " in line.strip()), out
    return code, out


def told(capsys: Output, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out = run(["diff", *arguments, "--format", "json"]), capsys.readouterr().out
    found: dict[str, Any] = json.loads(out)
    schema = json.loads((ROOT / "linter" / "schemas" / "diff-v1.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["schema"] == SCHEMA
    return code, found


def one_line(capsys: Output, *arguments: str) -> str:
    code = run(["diff", *arguments])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.strip().count("\n") == 0, err
    return err


def of(found: dict[str, Any], requirement: str) -> dict[str, Any]:
    return next(each for each in found["requirements"] if each["requirement"] == requirement)


# The forms


@pytest.mark.parametrize(
    "name",
    [
        "branch",
        "windows-three-vendors",
        "linux-asa-and-host",
        "path-two-hops-block",
        "time-range-open",
        "nat-published-servers",
        "fqdn-open",
        "unread-rule",
    ],
)
def test_a_site_beside_itself_changes_nothing(capsys: Output, name: str) -> None:
    site = str(SITES / name / "aclproof.yaml")
    for arguments in ([site, site], [str(SITES / name), site], [str(SITES / name), str(SITES / name)]):
        code, out = diff(capsys, *arguments, *DAY)
        assert code == 0
        assert "Nothing changes" in " ".join(out.split())
        assert "no line changed" in " ".join(out.split())
    code, found = told(capsys, site, site, *DAY, "--full")
    assert (code, found["lists"], found["summary"]["requirements"]["changed"]) == (0, [], 0)


def test_the_line_that_stops_is_shown_before_those_that_permit(capsys: Output, tmp_path: Path) -> None:
    """Of four firewalls on the way the last stops SMB now: its default, after three permits."""
    for side in ("old", "new"):
        shutil.copytree(SITES / "windows-three-vendors", tmp_path / side)
    edit(tmp_path / "new" / "client.reg", "LPort=445", "LPort=446")
    code, found = told(capsys, str(tmp_path / "old"), str(tmp_path / "new"), *DAY)
    files = [Path(each["file"]).name for each in of(found, "CM2007-PUSH-SMB")["decided_by"]]
    assert (code, files[3:]) == (1, ["client.reg", "gw.rules"])  # by the path; what permits replies is last
    run(["diff", str(tmp_path / "old"), str(tmp_path / "new"), *DAY, "--lang", "en"])
    lines = capsys.readouterr().out.partition("WORSE    CM2007-PUSH-SMB")[2].partition("\n\n")[0].splitlines()
    decided = next(number for number, line in enumerate(lines) if line.startswith("  Decided by"))
    assert "client.reg:3" in lines[decided]
    assert "default action of the Domain profile" in lines[decided + 1]
    assert lines[-1].strip() == f"and {len(files) - 2} more lines"


def test_two_folders_with_site_files(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 1
    lost = of(found, "CM2007-SUP-HTTP")
    assert (lost["before"], lost["after"], lost["worse"]) == ("met", "missing", True)
    assert lost["newly_denied"] == [{"source": ["10.20.0.0/16"], "destination": ["10.1.1.13"],
                                     "protocol": "tcp",
                                     "source_ports": ["1025-5000"], "destination_ports": ["8530"]}]
    assert [(each["change"], each["file"], each["line"]) for each in lost["changed_lines"]] == [
        ("removed", "old/branch-asa.cfg", 62)]
    assert {each["method"]: each["worse"] for each in found["methods"]}["software-update-point"]
    assert found["summary"]["requirements"] == {"worse": 1, "changed": 1, "same": 21}


def test_a_site_that_loses_a_role_does_not_say_that_its_method_works(branch: Path, capsys: Output) -> None:
    """The role may have been lost by mistake, and the firewall may stop its packets now."""
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    edit(branch / "new" / "aclproof.yaml", "  software-update-point: [10.1.1.13]\n", "")
    edit(branch / "new" / "aclproof.yaml", "  wsus-http-port: 8530\n", "")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 3
    assert [each["method"] for each in found["methods"] if each["unclear"]] == ["software-update-point"]
    assert (found["summary"]["worse"], found["summary"]["unclear"]) == (False, True)
    code, out = diff(capsys, "old", "new", *DAY)
    assert code == 3
    assert "1 method is not assessed any more" in " ".join(out.split())
    assert diff(capsys, "new", "old", *DAY)[0] == 0
    edit(branch / "new" / "aclproof.yaml", "pack: configmgr-2007\n",
         "pack: configmgr-2007\nmethods: [client-push, group-policy]\n")  # it is not asked for any more
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 3
    assert "software-update-point" in [each["method"] for each in found["methods"] if each["unclear"]]


SUPPORTED = """\
pack: configmgr-current-branch
tier: supporting
methods: [manual, domain-services]
settings: {client-connections: https, client-os: windows-11}
roles: {client: [10.143.0.0/20], management-point: [10.1.143.11], distribution-point: [10.1.143.11],
        crl-distribution-point: [10.1.143.13], dns-server: [10.1.143.14], domain-controller: [10.1.143.14]}
firewalls: [{name: branch, config: branch.cfg}]
"""
LIST = "access-list CLIENTS-IN extended permit tcp object CLIENTS host 10.1.143.13 eq www"


@pytest.mark.parametrize(("permits", "before"), [(True, "works"), (False, "blocked")])
def test_nothing_is_better_because_less_is_asked(tmp_path: Path, capsys: Output, *, permits: bool,
                                                 before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients by HTTPS need revocation lists (port 80 of 10.1.143.13): only the tier asks about them.

    Without the tier the manual installation works in any case. What was met, and whatever stops it now, is
    unclear; what was missing is not mended.
    """
    monkeypatch.chdir(tmp_path)
    for side in ("old", "new"):
        shutil.copytree(SITES / "cb-supporting", side)
        Path(side, "aclproof.yaml").write_text(SUPPORTED, encoding="utf-8")
    config = Path("old", "branch.cfg")
    head, line, tail = config.read_text().partition("access-list CLIENTS-IN ")
    config.write_text(f"{head}{LIST}\n{line}{tail}" if permits else f"{head}{line}{tail}")
    edit(Path("new", "aclproof.yaml"), "tier: supporting\n", "")
    edit(Path("new", "aclproof.yaml"), "methods: [manual, domain-services]\n", "methods: [manual]\n")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 3
    methods = {each["method"]: (each["before"], each["after"], each["unclear"]) for each in found["methods"]}
    assert methods == {"manual": (before, "works", False), "domain-services": ("works", "not-assessed", True)}
    unclear = {each["requirement"] for each in found["requirements"] if each["unclear"]}
    assert ("CMCB-CRL" in unclear) is permits
    assert "CMCB-CLIENT-DNS-TCP" in unclear
    assert "better" not in diff(capsys, "old", "new", *DAY)[1]
    edit(Path("new", "aclproof.yaml"), "methods: [manual]\n", "methods: [manual]\ntier: supporting\n")
    config.write_text(f"{head}{line}{tail}")
    Path("new", "branch.cfg").write_text(f"{head}{LIST}\n{line}{tail}")
    assert diff(capsys, "old", "new", "--method", "manual", *DAY)[0] == 0
    assert "better" in diff(capsys, "old", "new", "--method", "manual", *DAY)[1]


def test_two_configurations_with_quick_options(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "object WSUS1 eq 8530", "object-group SITE-SYSTEMS eq 8530")
    code, out = diff(capsys, "old/branch-asa.cfg", "new/branch-asa.cfg", *QUICK)
    assert code == 0
    assert "better   CM2007-SUP-HTTP  missing -> met" in out
    assert "+ new/branch-asa.cfg:62" in out
    code, out = diff(capsys, "new/branch-asa.cfg", "old/branch-asa.cfg", *QUICK)
    assert code == 1
    assert "WORSE    CM2007-SUP-HTTP  met -> missing" in out


def test_two_folders_without_site_files_are_paired_by_name(branch: Path, capsys: Output) -> None:
    for side in ("old", "new"):
        for name in ("aclproof.yaml", "expected.yaml"):
            (branch / side / name).unlink()
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    assert diff(capsys, "old", "new", *QUICK)[0] == 1
    assert "give --client" in one_line(capsys, "old", "new")
    shutil.copy(branch / "new" / "branch-asa.cfg", branch / "new" / "second.cfg")
    assert "second.cfg is only in new" in one_line(capsys, "old", "new", *QUICK)


def test_a_configuration_takes_the_place_of_the_sites_own(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    code, out = diff(capsys, "old", "new/branch-asa.cfg", *DAY)
    assert code == 1
    assert "old -> new/branch-asa.cfg" in out


def test_a_script_is_entered_into_the_one_firewall(branch: Path, capsys: Output) -> None:
    (branch / "change.txt").write_text(f"conf t\nno {PERMIT.replace('8530', '8530 log')}\nend\n")
    code, out = diff(capsys, "old/aclproof.yaml", "change.txt", *DAY)
    assert code == 1
    assert "before and after change.txt on branch-asa" in " ".join(out.split())
    assert "- old/branch-asa.cfg:62" in out
    (branch / "change.txt").write_text(f"access-list BRANCH-IN line 1 {PERMIT.partition('BRANCH-IN ')[2]}\n")
    code, found = told(capsys, "old/aclproof.yaml", "change.txt", *DAY)
    assert code == 0
    assert "has this entry already (old/branch-asa.cfg:62)" in found["script"]["remarks"][0]["text"]
    assert found["script"]["path"] == "change.txt"
    assert [each["path"] for each in found["new"]["inputs"]] == ["old/branch-asa.cfg"]


def test_a_script_says_for_which_vendor_it_is(capsys: Output, tmp_path: Path) -> None:
    site = str(SITES / "windows-three-vendors" / "aclproof.yaml")
    script = tmp_path / "change"
    script.write_text("iptables -I FORWARD -p tcp --dport 445 -j DROP\n")
    code, found = told(capsys, site, str(script), *DAY)
    assert (code, found["script"]["firewall"]) == (1, "gw")
    assert of(found, "CM2007-PUSH-SMB")["changed_lines"][-1] == {
        "change": "added", "firewall": "gw", "file": str(script), "line": 1,
        "text": "iptables -I FORWARD -p tcp --dport 445 -j DROP", "kind": "rule"}
    script.write_text("Disable-NetFirewallRule -DisplayName 'Endpoint mapper over UDP'\n")
    assert "may be for server-host or client-host; name it with --firewall" in one_line(
        capsys, site, str(script), *DAY)
    for_server = one_line(capsys, site, str(script), *DAY, "--firewall", "server-host")
    assert "no rule of this computer's own" in for_server
    code, found = told(capsys, site, str(script), *DAY, "--firewall", "client-host")
    assert (code, found["script"]["firewall"]) == (0, "client-host")
    assert "did you mean" in one_line(capsys, site, str(script), *DAY, "--firewall", "client-hots")
    assert "windows" in one_line(capsys, site, str(script), *DAY, "--firewall", "core")
    assert "--firewall and --script go with" in one_line(capsys, site, site, "--firewall", "core")


def test_commands_for_windows(capsys: Output, tmp_path: Path) -> None:
    site = str(SITES / "windows-push-works" / "aclproof.yaml")
    script = tmp_path / "change.cmd"
    script.write_text("@echo off\nnetsh advfirewall firewall set rule "
                      'group="File and Printer Sharing" new enable=no\n')
    code, found = told(capsys, site, str(script), *DAY)
    assert code == 1
    lost = of(found, "CM2007-PUSH-SMB")
    assert (lost["before"], lost["after"]) == ("met", "missing")
    assert [(each["change"], each["line"]) for each in lost["changed_lines"]] == [
        ("removed", 17), ("added", 2)]


def test_lines_that_may_be_a_configuration_or_a_script(branch: Path, capsys: Output) -> None:
    (branch / "list.cfg").write_text("access-list IN extended permit ip any any\n")
    (branch / "more.cfg").write_text("access-list IN extended deny ip any any\n")
    quick = [*QUICK, "--acl", "client=IN", "--acl", "site-server=IN", "--method", "group-policy"]
    assert "give --no-script or --script" in one_line(capsys, "list.cfg", "more.cfg", *quick)
    assert diff(capsys, "list.cfg", "more.cfg", *quick, "--no-script")[0] == 1
    assert diff(capsys, "list.cfg", "more.cfg", *quick, "--script")[0] == 0
    assert diff(capsys, "old/branch-asa.cfg", "more.cfg", *QUICK)[0] == 0  # there are interfaces in old only


def test_other_roles_ask_for_other_packets(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "aclproof.yaml", "software-update-point: [10.1.1.13]",
         "software-update-point: [10.1.1.13, 10.1.1.12]")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 1
    more = of(found, "CM2007-SUP-HTTP")
    assert (more["before"], more["after"]) == ("met", "missing")
    assert [each["destination"] for each in more["newly_required"]] == [["10.1.1.12"]]
    assert more["newly_denied"] == []


def test_other_settings_ask_for_other_requirements(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "aclproof.yaml", "mode: mixed", "mode: native")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 1  # WSUS speaks HTTPS then, which nothing permits
    https = of(found, "CM2007-SUP-HTTPS")
    assert (https["before"], https["after"], https["worse"]) == ("not-applicable", "missing", True)
    assert https["newly_required"]
    http = of(found, "CM2007-SUP-HTTP")
    assert (http["before"], http["after"], http["worse"]) == ("met", "not-applicable", False)


# Exit codes


def test_what_nobody_can_tell_is_neither_worse_nor_the_same(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "eq 445 time-range OFFICE-HOURS", "eq 445 time-range NIGHTS")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 3
    assert found["summary"] == {"worse": False, "unclear": True,
                                "requirements": {"worse": 0, "changed": 1, "same": 21}}
    code, out = diff(capsys, "old", "new", *DAY)
    assert code == 3
    assert "UNCLEAR  CM2007-SWD-SMB  undecided, as before" in out


def test_less_is_known(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", PERMIT, f"{PERMIT} time-range NIGHTS")
    code, found = told(capsys, "old", "new", *DAY)
    change = of(found, "CM2007-SUP-HTTP")
    assert (code, change["before"], change["after"], change["worse"]) == (1, "met", "undecided", True)
    assert change["newly_undecided"]
    assert change["newly_denied"] == []
    code, found = told(capsys, "new", "old", *DAY)
    assert (code, of(found, "CM2007-SUP-HTTP")["newly_permitted"] != []) == (0, True)


def test_a_fact_may_be_asked_for_on_one_side_only(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", " time-range OFFICE-HOURS", "")
    fact = ["--fact", "time-range OFFICE-HOURS=inactive"]
    for sides in (("old", "new"), ("new", "old")):
        code, _ = diff(capsys, *sides, *DAY, *fact)
        assert code == (0 if sides[0] == "old" else 1)
    assert "no rule depends on it" in one_line(capsys, "new", "new", *DAY, *fact)
    assert "expected yes or no" in one_line(capsys, "old", "new", *DAY, "--fact",
                                            "time-range OFFICE-HOURS=10.0.0.0/8")


# The lines


def test_a_member_of_a_group_within_a_group_is_named(branch: Path, capsys: Output) -> None:
    config = branch / "old" / "branch-asa.cfg"
    edit(config, "object-group network SITE-SYSTEMS\n",
         "object-group network INNER\n network-object object MP1\n"
         "object-group network UNUSED\n network-object host 10.9.9.9\nobject-group network SITE-SYSTEMS\n"
         " group-object INNER\n")
    edit(config, " network-object object MP1\n network-object object DP1", " network-object object DP1")
    edit(config, "access-list BRANCH-IN extended permit tcp 10.20.0.0 255.255.0.0 object MP1 "
                 "object-group WEB\n", "")
    (branch / "s.txt").write_text(
        "object-group network INNER\n network-object object WSUS1\n no network-object object MP1\n"
        "object-group network UNUSED\n network-object host 10.9.9.8\n")
    code, found = told(capsys, "old", "s.txt", *DAY)
    assert code == 1
    lines = of(found, "CM2007-GPO-MP-HTTP")["changed_lines"]
    assert [(each["change"], each["text"]) for each in lines] == [
        ("removed", "network-object object MP1"), ("added", "network-object object WSUS1")]


def test_a_route_that_sends_packets_elsewhere_is_named(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "route datacentre 0.0.0.0 0.0.0.0",
         "route datacentre 172.16.0.0 255.240.0.0")
    code, found = told(capsys, "old", "new", *DAY)
    assert code == 1
    lines = of(found, "CM2007-SUP-HTTP")["changed_lines"]
    assert [each["text"].split()[0] for each in lines] == ["route", "route"]


def test_a_secret_that_changed_is_not_told(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "community demo-not-a-secret", "community hunter2")
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    for form in ("text", "json"):
        run(["diff", "old", "new", *DAY, "--full", "--format", form])
        out = capsys.readouterr().out
        assert "hunter2" not in out
        assert "not-a-secret" not in out


# Whole lists


def test_a_list_is_compared_whole(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "permit udp any object-group SITE-SYSTEMS eq domain",
         "permit udp any object-group SITE-SYSTEMS range 53 54")
    code, found = told(capsys, "old", "new", *DAY, "--full")
    assert code == 0
    whole, = found["lists"]
    assert (whole["old_list"], whole["new_list"]) == ("BRANCH-IN", "BRANCH-IN")
    assert whole["compared"]["complete"]
    assert whole["compared"]["newly_permitted"] == [
        {
            "source": ["0.0.0.0/0"],
            "destination": ["10.1.1.10-10.1.1.13"],
            "protocol": "udp",
            "protocols": ["17"],
            "source_ports": ["0-65535"],
            "destination_ports": ["54"],
        }
    ]
    assert whole["compared"]["newly_denied"] == []
    code, out = diff(capsys, "old", "new", *DAY, "--chain", "BRANCH-IN")
    assert "0.0.0.0/0 -> 10.1.1.10-10.1.1.13  UDP 54" in out
    assert "did you mean 'BRANCH-IN'" in one_line(capsys, "old", "new", *DAY, "--chain", "BRANCH-INN")


def test_the_budget_is_said(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "access-list BRANCH-IN extended deny ip any any log\n", "")
    code, out = diff(capsys, "old", "new", *DAY, "--full", "--budget", "1")
    assert code == 3
    assert "Not compared" in out
    assert "--budget" in out
    assert diff(capsys, "old", "new", *DAY, "--full")[0] == 0


def test_a_list_on_one_side_only_is_not_compared(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", "access-group BRANCH-IN in interface branch\n", "")
    _, found = told(capsys, "old", "new", *DAY, "--full")
    assert found["lists"] == [{"firewall": "branch-asa", "old_list": "BRANCH-IN", "new_list": None,
                               "compared": None}]
    _, out = diff(capsys, "old", "new", *DAY, "--full")
    assert "there is a list before only" in " ".join(out.split())


# Hostile input


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00\x01\x02\x03" * 200,
        b"\xff\xfe\x00",
        b"access-list",
        b"no",
        b"no \n",
        b"object-group\n",
        b"line " * 9999,
        b"interface\n nameif",
        b"access-list A line 99999999999999999999999 extended permit ip any any",
        b"clear configure",
        b"nat",
        b"nat (a,b) source",
        b"no nat",
        b"policy-map\n class",
        b"exit\n" * 50,
        b"!\n",
        b"object network X\n nat",
        b"access-group",
        b"access-group X in interface",
        "no access-list \u2028 x".encode(),
        b"iptables",
        b"iptables -A",
        b"iptables -t",
        b"iptables -A INPUT -s",
        b"ip6tables -A INPUT\\",
        b"netsh advfirewall firewall",
        b"netsh advfirewall firewall add rule",
        b"New-NetFirewallRule",
        b"New-NetFirewallRule -",
        b"Set-NetFirewallRule -DisplayName",
        b"Remove-NetFirewallRule ,,,",
        b"time-range T\n absolute end",
        b"route inside",
        b"ipv6 access-list X permit",
        b"no ipv6",
        b"access-list \x1b[31mX extended permit ip any any",
    ],
)
def test_hostile_scripts_get_one_line(capsys: Output, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "change").write_bytes(content)
    for site, name in (("branch", "branch-asa"), ("linux-multiport", ""), ("windows-push-works", "")):
        found = [str(SITES / site / "aclproof.yaml"), str(tmp_path / "change"), *DAY, "--script"]
        code = run(["diff", *found, *(["--firewall", name] if name else [])])
        out, err = capsys.readouterr()
        assert code in (0, 1, 2, 3), err
        assert (code == 2) == (out == "")
        assert err.strip().count("\n") == 0
        assert "internal error" not in err
        assert "\x1b" not in out + err


@pytest.mark.parametrize(("arguments", "says"), [
    (["old"], "Missing argument"),
    (["old", "nope.cfg"], "no such file"),
    (["nope.yaml", "nope.yaml"], "no such file"),
    (["old/branch-asa.cfg", "new"], "is a site, and old/branch-asa.cfg is none"),
    (["old", "."], "holds no aclproof.yaml"),
    (["old/branch-asa.cfg", "new/branch-asa.cfg"], "give --client"),
    (["old", "new", "--client", "10.0.0.1"], "cannot be combined with a site file"),
    (["old/branch-asa.cfg", "new/branch-asa.cfg", *QUICK, "--firewall", "x"], "goes with a site"),
    (["old", "new", "--as-of", "tomorrow"], "write a day"),
])
def test_wrong_usage_gets_one_line(branch: Path, capsys: Output, arguments: list[str], says: str) -> None:
    assert says in one_line(capsys, *arguments)


def test_the_same_comparison_twice_gives_the_same_bytes(branch: Path, capsys: Output) -> None:
    edit(branch / "new" / "branch-asa.cfg", f"{PERMIT}\n", "")
    for form in ("text", "json"):
        outputs = set()
        for _ in range(2):
            run(["diff", "old", "new", *DAY, "--full", "--format", form])
            outputs.add(capsys.readouterr().out)
        assert len(outputs) == 1


# What two sequences have in common


def test_what_is_left_of_two_sequences_is_the_same() -> None:
    random = Random(4)
    for _ in range(2_000):
        before = [random.randrange(6) for _ in range(random.randrange(12))]
        after = [random.randrange(6) for _ in range(random.randrange(12))]
        gone, come = changed(before, after)
        assert [each for at, each in enumerate(before) if at not in gone] == [
            each for at, each in enumerate(after) if at not in come]
    lines = [f"line {number}" for number in range(3_000)]
    more = [*lines[:1_000], "new", *lines[1_000:2_000], "!", *lines[2_001:]]
    assert changed(lines, more) == ([2_000], [1_000, 2_001])
    assert changed(lines, lines) == ([], [])


# In German


def test_people_are_told_in_their_language_and_machines_in_english(branch: Path, capsys: Output) -> None:
    (branch / "tonight.txt").write_text("access-list BRANCH-IN line 1 extended deny tcp any any eq 80\n")
    site = str(branch / "old" / "aclproof.yaml")
    code, out = diff(capsys, site, "tonight.txt", *DAY, "--full", "--lang", "de")
    assert code == 1
    for said in ("Installationsmethode", "SCHLECHTER", "erfüllt -> fehlend", "Jetzt blockiert",
                 "Geändert + tonight.txt:1"):
        assert said in " ".join(out.split())
    assert "Now denied" not in out
    english, german = (told(capsys, site, "tonight.txt", *DAY, "--lang", each) for each in ("en", "de"))
    assert english == german


@pytest.mark.parametrize(("site", "says"), [
    ("ad-members-dmz", "Nothing changes for all that members do; no line changed that could decide."),
    ("branch", "Nothing changes for the installation methods; no line changed that could decide."),
    ("sql-server-zones", "Nothing changes for the services; no line changed that could decide.")])
def test_what_nothing_changes_for_is_called_as_the_pack_calls_it(site: str, says: str,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    file = str(Path(__file__).parents[2] / "fixtures" / "sites" / site / "aclproof.yaml")
    assert run(["diff", file, file]) in (0, 3)
    assert says in " ".join(capsys.readouterr().out.split())
