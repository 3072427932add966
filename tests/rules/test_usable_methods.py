"""A method that a site cannot use at all is not assessed, whatever passes its firewalls, and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.rules.loader import load_pack
from aclproof.rules.pack import Equals
from aclproof.rules.strict_yaml import InputError
from tests.rules.packs import changed

PUSH = "  - {id: push, title: {en: Push, de: Push}}\n"
ONLY = "  - {id: push, title: {en: Push, de: Push}, when: {setting: shared, is: false}}\n"
SITE = ("pack: ./small.yaml\nsettings: {{mode: native, {more}}}\n"
        "roles: {{client: [10.20.0.0/16], server: [10.1.1.10]}}\n"
        "firewalls: [{{name: fw, config: fw.rules}}]\n")
OPEN = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(changed(PUSH, ONLY))
    Path("fw.rules").write_text(OPEN)
    return tmp_path


def site(more: str) -> str:
    Path("aclproof.yaml").write_text(SITE.format(more=more))
    return "aclproof.yaml"


def test_a_method_has_a_condition_like_a_requirement() -> None:
    push, pull = load_pack(changed(PUSH, ONLY), "small.yaml").methods
    assert (push.when, pull.when) == (Equals("shared", "false"), None)


@pytest.mark.parametrize(("condition", "fault"), [
    ("{setting: sharde, is: true}", "methods[0].when.setting: unknown setting 'sharde'"),
    ("{setting: shared, is: maybe}", "methods[0].when.is:"),
    ("{role: servre}", "methods[0].when.role: unknown role 'servre'"),
    ("{setting: shared}", "methods[0].when: ")])
def test_what_is_wrong_with_it_is_named(condition: str, fault: str) -> None:
    with pytest.raises(InputError) as found:
        load_pack(changed(PUSH, ONLY.replace("{setting: shared, is: false}", condition)), "small.yaml")
    assert [str(each) for each in found.value.problems if fault in str(each)]


def test_it_is_not_assessed_though_all_of_it_passes(here: Path, capsys: Output) -> None:
    verdicts = {}
    for more in ("shared: false", "shared: true"):
        run(["check", site(more), "--format", "json"])
        methods = json.loads(capsys.readouterr().out)["methods"]
        verdicts[more] = {each["method"]: (each["verdict"], each["reason"], each["requirements"])
                          for each in methods}
    assert verdicts["shared: false"]["push"][0] == "works"
    assert verdicts["shared: true"]["push"] == ("not-assessed", "it cannot be used with shared true", [])
    for each in verdicts.values():
        assert each["pull"] == ("works", None, ["SMALL-1"])


def test_a_port_request_leaves_it_out(here: Path, capsys: Output) -> None:
    for more, left in (("shared: false", []), ("shared: true", ["push"])):
        run(["requirements", site(more), "--format", "json"])
        assert [each["method"] for each in json.loads(capsys.readouterr().out)["left_out"]] == left


def test_the_default_that_makes_it_usable_is_listed(here: Path, capsys: Output) -> None:
    run(["requirements", site("http: 80"), "--format", "json"])
    assumed = {each["key"]: each["value"] for each in json.loads(capsys.readouterr().out)["assumptions"]}
    assert assumed["shared"] == "false"


def test_explain_says_where_it_is_usable(here: Path, capsys: Output) -> None:
    run(["explain", "push", "--pack", "./small.yaml"])
    assert "Usable     when shared is false" in capsys.readouterr().out


def test_a_setting_without_a_default_has_to_be_given(here: Path, capsys: Output) -> None:
    Path("small.yaml").write_text(changed(PUSH, ONLY.replace("shared, is: false", "mode, is: native")))
    Path("aclproof.yaml").write_text(SITE.format(more="http: 80").replace("mode: native, ", ""))
    assert run(["check", "aclproof.yaml"]) == 2
    assert "'mode' is required" in capsys.readouterr().err
