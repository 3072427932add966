"""The worked example of rules/README.md, as it is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from aclproof import rules
from aclproof.linter.cli import run
from tests.rules.packs import README, acme

FIREWALL = """\
ASA Version 9.12(4)
hostname fw
interface GigabitEthernet0/0
 nameif agents
 security-level 0
 ip address 10.20.0.1 255.255.0.0
interface GigabitEthernet0/1
 nameif servers
 security-level 100
 ip address 10.1.1.1 255.255.255.0
access-list AGENTS extended permit tcp 10.20.0.0 255.255.0.0 host 10.1.1.10 eq 7443
access-group AGENTS in interface agents
access-list SERVERS extended deny ip any any
access-group SERVERS in interface servers
"""
HOST = """\
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProfile]
"EnableFirewall"=dword:00000001

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]
"wake"="v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=7444|App=C:\\\\acme\\\\agent.exe|Name=Wake|"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack as the page has it, and the firewall that its command names."""
    (tmp_path / "acme.yaml").write_text(acme(), encoding="utf-8")
    (tmp_path / "fw.cfg").write_text(FIREWALL)
    (tmp_path / "host.reg").write_text(HOST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command() -> list[str]:
    line, = re.findall(r"```sh\naclproof (.*?)\n```", README.read_text(encoding="utf-8"))
    return str(line).split()


def test_the_example_is_a_pack_and_obeys_the_schema(folder: Path) -> None:
    pack = rules.load("acme.yaml")
    assert (pack.near, pack.names_of_rules.stem, pack.requirements[0].listener) == ("agent", "ACME", "")
    schema = json.loads((README.parent / "pack.schema.json").read_text(encoding="utf-8"))
    data = yaml.safe_load((folder / "acme.yaml").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(data)) == []


@pytest.mark.parametrize(("language", "heading", "advice"), [
    ("en", "Way of reporting", "Acme advises to let agents poll where they cannot be woken."),
    ("de", "Meldeweg", "Acme rät, Agenten abfragen zu lassen, wo sie nicht geweckt werden können.")])
@pytest.mark.parametrize("form", ["text", "html"])
def test_reports_speak_the_packs_words(
        folder: Path, capsys: pytest.CaptureFixture[str], language: str, heading: str, advice: str,
        form: str) -> None:
    assert run([*command(), "--lang", language, "--format", form]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert heading in out
    assert advice in out
    assert "Configuration Manager" not in out


def test_a_rule_for_a_program_does_not_prove_that_the_packs_own_listener_is_it(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With and without a listener: nothing says whose program it is."""
    own = (folder / "acme.yaml").read_text(encoding="utf-8")
    options = ["--role", "agent=10.20.0.5", "--role", "relay=10.1.1.10", "--host", "agent",
               "--profile", "domain", "--pack", "acme.yaml", "--format", "json"]
    for text in (own, own.replace("    listener: acme-agent\n", "")):
        (folder / "acme.yaml").write_text(text, encoding="utf-8")
        assert run(["check", "host.reg", *options]) == 3
        found = {each["requirement"]: each for each in json.loads(capsys.readouterr().out)["results"]}
        assert found["ACME-WAKE"]["verdict"] == "undecided"
        assert "whether it is the program C:\\acme\\agent.exe that listens there" in str(
            found["ACME-WAKE"]["undecided"]).replace("\\\\", "\\")
    (folder / "acme.yaml").write_text(own.replace("acme-agent\n", "system-smb\n"), encoding="utf-8")
    assert run(["check", "host.reg", *options]) == 1, "what the kernel serves, that program does not"
