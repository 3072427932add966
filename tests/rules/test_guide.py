"""The guide docs/write-a-pack.md, followed as it is there: every check that it prints, and its commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.rules.pack import (
    Citation,
    DefaultBy,
    Derived,
    Listener,
    Requirement,
    Role,
    RuleNames,
    Setting,
    WrittenPack,
)
from tests.rules.packs import README
from tests.rules.test_readme import FIREWALL

GUIDE = Path(__file__).parents[2] / "docs" / "write-a-pack.md"
BLOCKS = re.findall(r"```(yaml|console)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fw.cfg").write_text(FIREWALL)
    return tmp_path


def write_whole() -> None:
    text = "".join(block for kind, block in BLOCKS if kind == "yaml")
    Path("kestrel.yaml").write_text(text, encoding="utf-8")


def test_each_check_on_the_way_says_what_the_guide_says(capsys: Output) -> None:
    written, checks = "", 0
    for kind, block in BLOCKS:
        if kind == "yaml":
            written += block
            Path("kestrel.yaml").write_text(written, encoding="utf-8")
        elif "rules check" in block:
            command, answer = block.split("\n", 1)
            run(shlex.split(command)[2:])
            assert "".join(capsys.readouterr()) == answer
            checks += 1
    assert checks == 3


def test_the_pack_of_the_guide_obeys_the_schema_and_has_every_row_of_its_table() -> None:
    write_whole()
    data = yaml.safe_load(Path("kestrel.yaml").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schemas.load("pack")).iter_errors(data)) == []
    rows = re.findall(r"^\| (\d) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [each.citation.row for each in rules.load("kestrel.yaml").requirements] == rows


def test_the_commands_of_the_guide_work(capsys: Output) -> None:
    write_whole()
    commands = [shlex.split(line, comments=True)[2:] for kind, block in BLOCKS if kind == "console"
                for line in block.splitlines() if line.startswith("$ ") and "rules check" not in line]
    assert {each[0] for each in commands} == {"rules", "requirements", "check", "init"}
    for command in commands:
        assert run(command) == (1 if command[0] == "check" else 0), command
    capsys.readouterr()


def test_the_port_after_the_control_port_is_the_data_port(capsys: Output) -> None:
    write_whole()
    options = ("--pack", "./kestrel.yaml", "--client", "10.20.0.0/16", "--server", "10.1.1.10")
    assert run(["requirements", *options, "--set", "control-port=9201", "--format", "json"]) == 0
    flows = json.loads(capsys.readouterr().out)["flows"]
    ports = {each["requirements"][0]["requirement"]: each.get("destination_ports")
             for each in flows}
    assert ports["KESTREL-CONTROL"] == ["9201"]
    assert ports["KESTREL-DATA"] == ["9202"]
    both = ("--set", "control-port=9201", "--set", "data-port=9102")
    assert run(["requirements", *options, *both]) == 2
    assert "data-port: must be 9202, because control-port is 9201: one port follows the other" in \
        " ".join(capsys.readouterr().err.split())
    assert run(["requirements", *options, "--set", "control-port=65535"]) == 2
    assert "port 65535 has no next port" in capsys.readouterr().err


def test_without_a_listener_the_guides_pack_checks_and_reports_as_well(capsys: Output) -> None:
    """In every format: the field is optional."""
    write_whole()
    text = Path("kestrel.yaml").read_text(encoding="utf-8")
    bare = re.sub(r"(?m)^listeners:\n  - .*\n|^    listener: .*\n", "", text)
    assert bare.count("\n") == text.count("\n") - 3
    Path("kestrel.yaml").write_text(bare, encoding="utf-8")
    site = ("fw.cfg", "--pack", "kestrel.yaml", "--client", "10.20.0.0/16", "--server", "10.1.1.10",
            "--set", "discovery=true")
    for form in "text json sarif junit github gitlab markdown csv html".split():
        assert run(["check", *site, "--format", form]) == 1
        assert "KESTREL-DISCOVERY" in capsys.readouterr().out
    assert run(["fix", *site]) == 1
    assert run(["explain", "KESTREL-DISCOVERY", "--pack", "kestrel.yaml"]) == 0
    assert run(["rules", "show", "./kestrel.yaml"]) == 0


@pytest.mark.parametrize("kind", [
    WrittenPack, Requirement, Setting, Role, Listener, Citation, RuleNames, DefaultBy, Derived],
    ids=lambda kind: kind.__name__)
def test_every_field_is_in_the_reference_and_what_a_pack_can_say_is_in_the_guide(kind: type) -> None:
    reference = README.read_text(encoding="utf-8")
    guide = GUIDE.read_text(encoding="utf-8")
    for name in kind.__struct_encode_fields__:  # type: ignore[attr-defined]
        assert re.search(rf"`{name}`|`{name}:|\b{name}:", reference), name
        assert re.search(rf"\b{name}\b", guide), name


def test_a_method_without_its_role_is_not_demanded(capsys: Output) -> None:
    write_whole()
    text = Path("kestrel.yaml").read_text(encoding="utf-8").partition("init:")[0]
    text = text.replace("de: Verwaltung}}", "de: Verwaltung}, when: {role: console}}")
    Path("kestrel.yaml").write_text(text, encoding="utf-8")
    run(["init", "fw.cfg", "--pack", "./kestrel.yaml", "-o", "site.yaml"])
    roles = Path("site.yaml").read_text(encoding="utf-8").partition("roles:")[2].partition("firewalls:")[0]
    assert re.findall(r"^  ([a-z-]+): .FILL-IN", roles, re.MULTILINE) == ["backup-server", "media-server"]
    assert "  # console: [FILL-IN]     # Console: not found; needed for administer" in roles
    capsys.readouterr()
    ends = "--role agent=10.20.0.0/16 --role backup-server=10.1.1.10 --role media-server=10.1.1.10"
    run(["check", "fw.cfg", "--pack", "./kestrel.yaml", "--format", "json", *ends.split()])
    reasons = {each["method"]: each["reason"] for each in json.loads(capsys.readouterr().out)["methods"]}
    assert reasons == {"backup": None, "administer": "it cannot be used without addresses of console"}


def test_a_row_has_one_role_at_each_end(capsys: Output) -> None:
    write_whole()
    text = Path("kestrel.yaml").read_text(encoding="utf-8")
    Path("kestrel.yaml").write_text(text.replace("from: console", "from: [console, agent]"), encoding="utf-8")
    assert run(["rules", "check", "kestrel.yaml"]) == 2
    assert capsys.readouterr().err.endswith(
        "requirements[3].from: one role is expected; write one row for each\n")


def test_rules_show_leaves_out_the_roles_that_the_packets_name(capsys: Output) -> None:
    write_whole()
    text = Path("kestrel.yaml").read_text(encoding="utf-8").replace(
        "when: {setting: discovery, is: true}",
        "when: {all-of: [{role: agent}, {setting: discovery, is: true}, {role: console}]}")
    text = text.replace("ports: [443]\n", "ports: [443]\n    when: {role: console}\n")
    Path("kestrel.yaml").write_text(text, encoding="utf-8")
    run(["rules", "show", "./kestrel.yaml", "--lang", "en"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "UDP 9103, agent -> backup-server, when discovery is true and when the site has a console" in shown
    assert "console -> backup-server Needed by" in shown
    assert "Methods backup Backup" in shown
    run(["explain", "KESTREL-DISCOVERY", "--pack", "./kestrel.yaml", "--lang", "en"])
    explained = " ".join(capsys.readouterr().out.split())
    assert "when the site has an agent and when discovery is true" in explained
