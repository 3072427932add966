"""Which firewall of a site each part of a change is for, and what a terminal leaves around its commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.diff.script_parts import parts
from aclproof.parsers import source
from tests.diff.test_diff import DAY, SITES, Output, diff, of, one_line, told
from tests.parsers.windows.windows import Words, listing, profiles

SITE = "aclproof.yaml"


@pytest.fixture
def hops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Client push is stopped at `dc`, an ASA, and at `client-host`, Windows; `branch` is iptables."""
    for file in (SITES / "path-two-hops-block").iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: Output, *arguments: str) -> str:
    run(["fix", *DAY, *arguments])
    return capsys.readouterr().out


def summary(out: str) -> str:
    return out.strip().splitlines()[-1]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_fix_prints_goes_in_as_it_is(hops: Path, capsys: Output, language: str) -> None:
    Path("all.txt").write_text(printed(capsys, "--lang", language))
    code, found = told(capsys, SITE, "all.txt", *DAY)
    smb = of(found, "CM2007-PUSH-SMB")
    assert (code, smb["before"], smb["after"]) == (0, "missing", "met")
    assert [each["firewall"] for each in found["scripts"]] == ["dc", "client-host"]
    assert found["script"] is None
    assert found["opened"] == []


def test_the_effect_is_told_for_each_firewall(hops: Path, capsys: Output) -> None:
    names = ("dc", "client-host")
    for name in names:
        Path(f"{name}.txt").write_text(printed(capsys, "--firewall", name))
    for name, other in (names, reversed(names)):
        code, out = diff(capsys, SITE, f"{name}.txt", *DAY)
        assert "nearer   CM2007-PUSH-SMB  missing, as before" in out
        assert f"{name} lets it pass now; still stopped at {other}" in out
        assert (code, summary(out)) == (0, "Nothing got worse; 1 nearer, 8 as before.")
    code, out = diff(capsys, SITE, *(f"{name}.txt" for name in names), *DAY)
    assert summary(out) == "Nothing got worse; 1 got better, 8 as before."


def test_lines_for_another_firewall_are_never_entered_without_a_word(hops: Path, capsys: Output) -> None:
    Path("all.txt").write_text(printed(capsys))
    Path("dc.txt").write_text(printed(capsys, "--firewall", "dc"))
    _, found = told(capsys, SITE, "all.txt", *DAY, "--firewall", "dc")
    script, = found["scripts"]
    assert script["firewall"] == "dc"
    assert "the lines for client-host that begin here are left out" in script["remarks"][0]["text"]
    assert "is for dc, not for client-host" in one_line(
        capsys, SITE, "dc.txt", *DAY, "--firewall", "client-host")
    text = Path("dc.txt").read_text()
    Path("dc.txt").write_text(text.replace("! dc:", "! dcc:", 1))
    assert "dc.txt:1: unknown firewall 'dcc': did you mean 'dc'?" in one_line(capsys, SITE, "dc.txt", *DAY)


def test_two_scripts_for_one_firewall_are_entered_one_after_the_other(hops: Path, capsys: Output) -> None:
    line = "access-list FROM-SERVERS line 1 extended {} tcp host 10.1.202.10 10.202.0.0 255.255.0.0 eq 445\n"
    Path("one.txt").write_text(line.format("deny"))
    Path("two.txt").write_text("! dc\n" + line.format("permit"))
    for order, after in ((["one.txt", "two.txt"], "passes"), (["two.txt", "one.txt"], None)):
        _, found = told(capsys, SITE, *order, *DAY)
        hop = {each["firewall"]: each["after"] for each in of(found, "CM2007-PUSH-SMB")["firewalls"]}
        assert hop.get("dc") == after
        assert [each["path"] for each in found["scripts"][0]["more_files"]] == order[1:]
    _, found = told(capsys, SITE, "one.txt", "two.txt", *DAY)
    assert [(each["file"], each["line"]) for each in of(found, "CM2007-PUSH-SMB")["changed_lines"]] == [
        ("two.txt", 2)]


def test_whole_configurations_and_scripts_go_together(hops: Path, capsys: Output) -> None:
    Path("dc.txt").write_text(printed(capsys, "--firewall", "dc"))
    Path("new.reg").write_text(Path("client.reg").read_text())
    _, out = diff(capsys, SITE, "new.reg", "dc.txt", *DAY)
    assert "dc lets it pass now; still stopped at client-host" in out
    Path("new.cfg").write_text(Path("dc.cfg").read_text())
    assert "give one of the two" in one_line(capsys, SITE, "new.cfg", "dc.txt", *DAY)
    assert "give it alone as NEW" in one_line(capsys, SITE, SITE, "dc.txt", *DAY)


def test_a_file_of_several_is_replaced_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SITES / "linux-dual-stack", "site")
    files = ["rules.v4", "rules.v6"]
    for name in files:
        shutil.copy(Path("site") / name, name)
        assert diff(capsys, "site", name, *DAY)[0] in (0, 3)
    assert diff(capsys, "site", *files, *DAY)[0] in (0, 3)
    shutil.copy(files[0], "other.txt")
    _, found = told(capsys, "site", "other.txt", *DAY)
    assert [each["path"] for each in found["new"]["inputs"]] == ["other.txt", "site/rules.v6"]


def test_a_file_of_several_is_replaced_by_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         capsys: Output) -> None:
    """As the exporting page tells to make two files with netsh."""
    monkeypatch.chdir(tmp_path)
    Path("rules.txt").write_text(listing(Words("SMB", local_port="445")))
    Path("profiles.txt").write_text(profiles())
    Path(SITE).write_text("""\
settings: {mode: mixed}
methods: [software-distribution]
roles: {client: [10.20.0.0/29], distribution-point: [10.1.1.12]}
firewalls: [{name: pc, config: [rules.txt, profiles.txt], host: distribution-point, profile: domain}]
""")
    Path("later.txt").write_text(listing(Words("SMB", local_port="445", enabled="No")))
    code, found = told(capsys, SITE, "later.txt", *DAY)
    assert code == 1
    assert [each["path"] for each in found["new"]["inputs"]] == ["later.txt", "profiles.txt"]
    Path("whole.txt").write_text(profiles() + listing(Words("SMB", local_port="445")))
    assert "give it the same name" in one_line(capsys, SITE, "whole.txt", *DAY)


PROMPTS = [
    ("dc", "fw-dc(config)# {}", "access-list FROM-SERVERS line 1 extended permit ip any any"),
    ("dc", "fw-dc/act(config-if)# {}", "access-list FROM-SERVERS line 1 extended permit ip any any"),
    ("client-host", "PS C:\\Users\\o'neil> {}", "New-NetFirewallRule -DisplayName x -Direction Inbound"),
    ("client-host", "[pc7]: PS C:\\> {}", "New-NetFirewallRule -DisplayName x -Direction Inbound"),
    ("client-host", "C:\\Windows\\system32>{}",
     "netsh advfirewall firewall add rule name=x dir=in action=allow"),
    ("branch", "root@gw:~# {}", "iptables -I FORWARD 1 -j ACCEPT"),
    ("branch", "[root@gw ~]# {}", "iptables -I FORWARD 1 -j ACCEPT"),
    ("branch", "admin@gw:/etc/x y$ {}", "sudo iptables -I FORWARD 1 -j ACCEPT"),
    ("branch", "$ {}", "iptables -I FORWARD 1 -j ACCEPT"),
]


@pytest.mark.parametrize(("name", "prompt", "command"), PROMPTS)
def test_prompts_are_no_part_of_a_command(hops: Path, capsys: Output, name: str, prompt: str,
                                          command: str) -> None:
    found = []
    Path("s").write_text(f"{command}\n")
    found.append(told(capsys, SITE, "s", *DAY))
    answers = "\nOk.\n\n" if "netsh" in command else ""
    Path("s").write_text(f"{prompt.format(command)}\n{answers}{prompt.format('')}\n")
    found.append(told(capsys, SITE, "s", *DAY))
    for _, each in found:
        assert each["scripts"][0].pop("sha256")
        each["script"].pop("sha256")
        each["new"] = None
    assert found[0] == found[1]
    assert found[0][1]["scripts"][0]["firewall"] == name


def test_what_is_no_prompt_and_no_answer_is_not_passed_over(hops: Path, capsys: Output) -> None:
    command = "netsh advfirewall firewall add rule name=x dir=in action=allow"
    for odd in ("The requested operation requires elevation (Run as administrator).x", "something else"):
        Path("s").write_text(f"C:\\>{command}\n\n{odd}\n")
        assert "s:3:" in one_line(capsys, SITE, "s", *DAY)


@pytest.mark.parametrize("comment", [
    "! fw", "# fw:", "!--- firewall fw ---", "! hostname fw", "# Firewall: fw", "! fw: enter in this order",
    "# fw: in dieser Reihenfolge eingeben"])
def test_a_comment_names_the_firewall(comment: str) -> None:
    script = source.from_bytes(f"first\n{comment}\n\nsecond\n".encode(), "s")
    found = parts(script, ["fw"])
    assert [(each.firewall, each.header) for each in found] == [("", 0), ("fw", 2)]
    assert [each.script.lines() for each in found] == [["first"], ["", "", "", "second"]]


@pytest.mark.parametrize("comment", ["! for fw", "# fw: see the ticket", "!   fw: a reason", "fw", "! x"])
def test_other_comments_name_none(comment: str) -> None:
    found = parts(source.from_bytes(f"first\n{comment}\nsecond\n".encode(), "s"), ["fw"])
    assert [each.firewall for each in found] == [""]


def test_what_fix_prints_where_nothing_can_be_entered_changes_nothing(hops: Path, capsys: Output) -> None:
    text = "# nothing is missing\n\n! undecided: CM2007-PUSH-SMB\n"
    Path("said.txt").write_text(text)
    code, found = told(capsys, SITE, "said.txt", *DAY)
    assert (code, found["scripts"], found["opened"]) == (0, [], [])
    assert all(each["before"] == each["after"] for each in found["requirements"])
    Path("empty.txt").write_text("")
    assert run(["diff", SITE, "empty.txt", *DAY]) == 2
