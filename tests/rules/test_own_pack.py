"""A pack of another product through every command: its own words, and none of Configuration Manager."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.linter.site import reader
from tests.rules.packs import acme
from tests.rules.test_readme import FIREWALL, HOST
from tests.test_house import PRODUCT

CONFIGS = {
    "fw.cfg": FIREWALL + "object network RELAY1\n host 10.1.1.10\npager lines 24\n",
    "gw.rules": "*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT ACCEPT\n-A FORWARD -p tcp --dport 9 -j ACCEPT\n"
                "COMMIT\n",
    "pc.reg": HOST}
SITE = """\
pack: acme.yaml
roles:
  agent: [10.20.1.0/24, 10.20.3.0/24, 10.20.5.0/24, 10.20.7.0/24]
  relay: [10.1.1.10, 10.1.1.20, 10.1.1.30, 10.1.1.40]
firewalls:
"""
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {**CONFIGS, "acme.yaml": acme()}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def without_init(text: str) -> str:
    shorter = re.sub(r"(?m)^init:\n(?:  .*\n)+", "", text)
    assert shorter != text
    return shorter


def draft(capsys: Output) -> str:
    assert run(["init", *CONFIGS, "--pack", "acme.yaml", "-o", "-"]) == 0
    return capsys.readouterr().out


def test_init_finds_roles_by_the_packs_words_and_ports(folder: Path, capsys: Output) -> None:
    out = draft(capsys)
    for line in (
            "pack: acme.yaml", "# methods: [poll, wake]     # default: every method whose roles are given",
            "  # relay-port: 7443                       # where the relay was given another port",
            "    - 10.20.0.0/16     # guess: fw.cfg:6 behind interface agents; fw.cfg:11 TCP 7443 is "
            "permitted from there",
            "    - 10.1.1.10     # guess: fw.cfg:15 object RELAY1; fw.cfg:11 TCP 7443 is permitted to it",
            "    # interfaces: {agent: eth1, relay: eth0}     # where rules name interfaces",
            "    host: FILL-IN     # the role of the computer that it guards",
            "#   - {from: agent, to: relay, through: [fw, gw]}"):
        assert line in out.splitlines()
    assert not PRODUCT.search(out)


def test_without_the_section_a_site_file_is_still_drafted(folder: Path, capsys: Output) -> None:
    Path("acme.yaml").write_text(without_init(acme()), encoding="utf-8")
    out = draft(capsys)
    assert "  # relay-port: 7443                       # Port of the relay" in out.splitlines()
    Path("site.yaml").write_text(out.replace("host: FILL-IN", "host: agent"), encoding="utf-8")
    assert {role: len(found.v4.ranges) for role, found in reader.read(Path("site.yaml")).roles.items()} == {
        "agent": 1, "relay": 1}
    assert run(["init", "--pack", "acme.yaml"]) == 0
    err = capsys.readouterr().err
    for what in ("agent: [FILL-IN]", "relay: [FILL-IN]", "- config: FILL-IN"):
        assert what in err


def test_a_setting_without_a_default_is_to_be_filled_in_even_where_the_section_omits_it(
        folder: Path, capsys: Output) -> None:
    zone = "settings:\n  - {id: zone, title: {en: Zone, de: Zone}, kind: choice, values: [red, blue]}\n"
    Path("acme.yaml").write_text(acme().replace("\nsettings:\n", f"\n{zone}", 1), encoding="utf-8")
    assert "  zone: FILL-IN     # Zone" in draft(capsys).splitlines()


def test_without_a_near_role_nothing_is_said_of_an_order(folder: Path, capsys: Output) -> None:
    Path("acme.yaml").write_text(without_init(acme()).replace("near: true, ", ""), encoding="utf-8")
    out = draft(capsys)
    for line in ("  agent: [FILL-IN]     # Agents",
                 "# The pack has no near role: where several are between two roles, say their order in "
                 "'paths'.",
                 "    host: FILL-IN     # the role of the computer that it guards",
                 "#   - {from: agent, to: relay, through: [fw, gw]}"):
        assert line in out.splitlines()
    assert "clients" not in out


def test_a_pack_that_is_none_is_named(folder: Path, capsys: Output) -> None:
    assert run(["init", "--pack", "acme.yml"]) == 2
    assert run(["init", "--pack", "configmgr-207"]) == 2
    assert "did you mean 'configmgr-2007'?" in capsys.readouterr().err
    assert not Path("aclproof.yaml").exists()


@pytest.mark.parametrize(("firewall", "written"), [
    ("{name: fw, config: fw.cfg}", "object-group network ACME-1"),
    ("{name: gw, config: gw.rules}", "iptables -A FORWARD "),
    ("{name: pc, config: pc.reg, host: agent, profile: domain}", '-DisplayName "Acme UDP 7444"')])
def test_fixes_carry_the_packs_names(folder: Path, capsys: Output, firewall: str, written: str) -> None:
    Path("pc.reg").write_text(HOST.replace("Action=Allow", "Action=Allow|RA4=192.0.2.1"), encoding="utf-8")
    Path("site.yaml").write_text(f"{SITE}  - {firewall}\n", encoding="utf-8")
    run(["fix", "site.yaml"])
    out = capsys.readouterr().out
    assert written in out
    assert not PRODUCT.search(out)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("arguments", [
    ["check", "site.yaml", "--format", "text"], ["check", "site.yaml", "--format", "html"],
    ["check", "site.yaml", "--format", "sarif"], ["check", "site.yaml", "--format", "markdown"],
    ["fix", "site.yaml"], ["diff", "site.yaml", "site.yaml", "--full"], ["requirements", "site.yaml"],
    ["explain", "ACME-WAKE", "--pack", "acme.yaml"]], ids=" ".join)
def test_no_command_speaks_of_another_product(
        folder: Path, capsys: Output, arguments: list[str], language: str) -> None:
    Path("site.yaml").write_text(f"{SITE}  - {{name: fw, config: fw.cfg}}\n", encoding="utf-8")
    assert run([*arguments, *([] if "sarif" in arguments else ["--lang", language])]) in (0, 1, 3)
    out = capsys.readouterr().out
    assert out
    assert not PRODUCT.search(out.replace(">Source page<", "")), "that is a label of every report"
    assert not re.search(r"install", out, re.IGNORECASE)


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "Nothing changes for the ways of reporting;"),
    ("de", "Nichts ändert sich für die Meldewege;")])
def test_sentences_call_a_method_what_the_pack_calls_it(
        folder: Path, capsys: Output, language: str, sentence: str) -> None:
    Path("site.yaml").write_text(f"{SITE}  - {{name: fw, config: fw.cfg}}\n", encoding="utf-8")
    run(["diff", "site.yaml", "site.yaml", "--lang", language])
    assert sentence in " ".join(capsys.readouterr().out.split())
    run(["check", "site.yaml", "--format", "html", "--lang", language])
    needs = {"en": "stops packets that a way of reporting needs.", "de": "Pakete, die ein Meldeweg braucht."}
    assert needs[language] in " ".join(capsys.readouterr().out.split())
    run(["check", "site.yaml", "--format", "sarif"])
    driver = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]
    assert "A way of reporting was not assessed." in str(driver["notifications"])


def test_methods_have_a_neutral_name_by_default(folder: Path, capsys: Output) -> None:
    text = re.sub(r"(?m)^method-(heading|in-sentences): .*\n", "", acme())
    Path("acme.yaml").write_text(text, encoding="utf-8")
    Path("site.yaml").write_text(f"{SITE}  - {{name: fw, config: fw.cfg}}\n", encoding="utf-8")
    run(["diff", "site.yaml", "site.yaml"])
    assert "Nothing changes for the methods;" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("language", "row"), [
    ("en", "Listens    The agent's service"), ("de", "Lauscht    Der Dienst des Agenten")])
def test_explain_shows_who_listens_where_it_is_the_packs_own(
        folder: Path, capsys: Output, language: str, row: str) -> None:
    assert run(["explain", "ACME-WAKE", "--pack", "acme.yaml", "--lang", language]) == 0
    assert row in re.sub(r" {4,}", "    ", capsys.readouterr().out)
    assert run(["explain", "ACME-POLL", "--pack", "acme.yaml", "--lang", language]) == 0
    assert row.split()[0] not in capsys.readouterr().out


@pytest.mark.parametrize(("ports", "named"), [("[relay-port]", True), ("[5000-6000]", False)])
def test_the_note_on_rpc_names_the_setting_that_its_ports_come_from(
        folder: Path, capsys: Output, ports: str, named: bool) -> None:
    text = acme().replace("    ports: [relay-port]\n", f"    ports: {ports}\n    listener: rpc-server\n")
    Path("acme.yaml").write_text(text, encoding="utf-8")
    Path("site.yaml").write_text(f"{SITE}  - {{name: fw, config: fw.cfg}}\n", encoding="utf-8")
    assert run(["requirements", "site.yaml"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "so the range has to be open as a whole." in out
    assert ("then set relay-port and print this again." in out) is named
    assert "rpc-dynamic-ports" not in out
