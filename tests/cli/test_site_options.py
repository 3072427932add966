"""What is said where the options of a run and its site file do not fit together, or there is no site file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.linter.cli import run
from aclproof.rules.strict_yaml import InputError

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
QUICK = ("branch-asa.cfg", "--client", "10.20.0.0/16", "--server", "10.1.1.0/24")
CURRENT = ("--pack", "configmgr-current-branch", "--set", "client-connections=https")
OWN = """\
id: own
title: {en: Own, de: Eigenes}
version: "1"
page: {url: "https://example.com/p", edition: e}
methods: [{id: ask, title: {en: Ask, de: Fragen}}]
roles:
  - {id: client, near: true, title: {en: Client, de: Client}}
  - {id: server, title: {en: Server, de: Server}}
settings: []
requirements:
  - id: OWN-1
    title: {en: One, de: Eins}
    methods: [ask]
    from: client
    to: server
    protocol: tcp
    ports: [445]
    CONDITION
    alternate-port: false
    why: {en: Because., de: Darum.}
    fix: {en: Permit it., de: Lassen Sie es zu.}
    citation: {page: p, table: t, row: 1}
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The branch office, in the current folder."""
    shutil.copytree(SITES / "branch", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: Output, *arguments: str) -> str:
    assert run([*arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.parametrize("site", [(), ("aclproof.yaml",)])
@pytest.mark.parametrize(("option", "key"), [
    (("--set", "mode=native"), "settings"), (("--interface", "client=outside"), "firewalls"),
    (("--profile", "domain"), "firewalls")])
def test_what_a_site_file_says_is_not_said_again(capsys: Output, site: tuple[str, ...],
                                                 option: tuple[str, ...], key: str) -> None:
    err = refused(capsys, "check", *site, *option)
    assert f"{option[0]} cannot be combined with a site file" in err
    assert f"write it into aclproof.yaml, under '{key}'" in err


def test_addresses_are_of_a_run_without_a_site_file(capsys: Output) -> None:
    assert "name a firewall configuration to check, or a site file" in refused(
        capsys, "check", "--client", "10.20.0.0/16", "--server", "10.1.1.0/24")


@pytest.mark.parametrize(("arguments", "says"), [
    (("--method", "push"), "command line: --method push: unknown method 'push': did you mean 'client-push'?"),
    (("--method", "software"), "did you mean 'software-update-point' or 'software-distribution'?"),
    (("--method", "client-pish"), "did you mean 'client-push'?"),
    ((*QUICK, "--set", "mode=native", "--method", "push"), "command line: --method push: unknown method"),
    ((*QUICK, "--set", "modus=native"), "command line: --set modus: unknown setting"),
    ((*QUICK, "--set", "mode=native", "--role", "mp=10.1.1.11"), "command line: --role mp: unknown role"),
    ((*QUICK, "--set", "mode=native", "--acl", "mp=IN"), "command line: --acl mp: unknown role 'mp'")])
def test_a_wrong_word_of_the_command_line_is_named_there(capsys: Output, arguments: tuple[str, ...],
                                                         says: str) -> None:
    err = refused(capsys, "check", *arguments)
    assert says in err
    assert "aclproof.yaml" not in err


def test_a_wrong_method_of_the_site_file_is_named_by_its_line(folder: Path, capsys: Output) -> None:
    with (folder / "aclproof.yaml").open("a", encoding="utf-8") as file:
        file.write("methods:\n  - manual\n  - push\n")
    line = len((folder / "aclproof.yaml").read_text(encoding="utf-8").splitlines())
    assert f"aclproof.yaml:{line}: methods[1]: unknown method 'push'" in refused(capsys, "check")


@pytest.mark.parametrize("arguments", [
    (str(SITES / "cb-warnings-only" / "aclproof.yaml"),), (*QUICK, *CURRENT)])
def test_a_method_of_the_other_tier_is_not_unknown(capsys: Output, arguments: tuple[str, ...]) -> None:
    err = refused(capsys, "check", *arguments, "--method", "site-systems")
    assert "site-systems belongs to the tier 'supporting'" in err
    assert "give --tier supporting" in err


def test_a_method_whose_roles_have_no_addresses_names_the_first_of_them(capsys: Output) -> None:
    assert run(["check", *QUICK, *CURRENT, "--method", "cloud-gateway"]) == 3
    assert "no addresses are given for the role 'cloud-management-gateway'" in " ".join(
        capsys.readouterr().out.split())


@pytest.mark.parametrize("condition", ["when: {role: server}", "tier: supporting"])
def test_server_stands_for_roles_that_every_site_has(folder: Path, capsys: Output, condition: str) -> None:
    (folder / "own.yaml").write_text(OWN.replace("CONDITION", condition), encoding="utf-8")
    err = refused(capsys, "check", *QUICK, "--pack", "own.yaml")
    assert "of those the pack own has only the near one; give --role ROLE=ADDR (client, server)" in err
    assert "--client and --server" not in err


def test_without_a_site_file_the_next_step_is_named(folder: Path, capsys: Output) -> None:
    (folder / "aclproof.yaml").unlink()
    for command in ("check", "fix", "requirements"):
        assert "write one ('aclproof init'), or" in refused(capsys, command)
    assert "'aclproof init'" in refused(capsys, "trace", "10.20.0.1", "10.1.1.1", "tcp", "80")


def test_an_unknown_pack_lists_each_name_once() -> None:
    for word in ("nonsense", "configmgr"):
        with pytest.raises(InputError) as caught:
            rules.find(word)
        assert str(caught.value).count("configmgr-2007") == 1
