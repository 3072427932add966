"""`rules list`, `show` and `check`, and that every report names the file of a pack that is not built in."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from aclproof import rules
from aclproof.linter import schemas
from aclproof.linter.cli import run
from aclproof.linter.reports import FORMATS
from tests.rules.packs import SMALL, acme, changed, line_with
from tests.rules.test_readme import FIREWALL

Output = pytest.CaptureFixture[str]
SITE = """\
pack: acme
roles: {agent: [10.20.0.0/16], relay: [10.1.1.10]}
firewalls:
  - {name: fw, config: fw.cfg}
"""
AS_OF = ("--as-of", "2026-01-15")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a pack in `rules`, and a site beside it that has the same pack."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name, text in {"rules/acme.yaml": acme(), "site/rules/acme.yaml": acme(), "site/aclproof.yaml": SITE,
                       "site/fw.cfg": FIREWALL}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def said(capsys: Output, *arguments: str, code: int = 0) -> str:
    assert run(list(arguments)) == code
    out, err = capsys.readouterr()
    assert (code == 0) == (err == ""), err
    return out if code == 0 else err


def test_the_list_has_every_pack_that_a_name_finds(capsys: Output) -> None:
    lines = said(capsys, "rules", "list").splitlines()
    assert lines.count("configmgr-2007: built in, default") == 1
    place = lines.index("acme: rules/acme.yaml")
    assert lines[place + 1] == "  Acme agents, version 1, 2 requirements"
    names = {line.split(":")[0] for line in lines if not line.startswith(" ")}
    assert names == {*rules.builtin(), "acme"}
    for name in names:
        assert said(capsys, "rules", "show", name)


def test_the_list_survives_files_that_are_no_packs_and_names_that_are_taken(
        folder: Path, capsys: Output) -> None:
    (folder / "rules" / "alerts.yaml").write_text("groups:\n- name: x\n")
    (folder / "rules" / "configmgr-2007.yaml").write_text(acme(), encoding="utf-8")
    (folder / "rules" / "Not A Name.yaml").touch()
    text = " ".join(said(capsys, "rules", "list").split())
    assert "alerts: rules/alerts.yaml not a sound pack: 'aclproof rules check rules/alerts.yaml' says" in text
    assert "configmgr-2007: rules/configmgr-2007.yaml, another pack has this name, so give its path" in text
    assert "Not A Name" not in text
    found = json.loads(said(capsys, "rules", "list", "--format", "json"))
    assert list(Draft202012Validator(schemas.load("packs")).iter_errors(found)) == []
    packs = {(each["name"], each["place"]): each for each in found["packs"]}
    assert [each for each, pack in packs.items() if pack["default"]] == [("configmgr-2007", "built-in")]
    assert packs["configmgr-2007", "site"]["ambiguous"]
    assert packs["configmgr-2007", "built-in"]["ambiguous"]
    assert not packs["acme", "site"]["ambiguous"]
    assert packs["alerts", "site"]["problems"] > 0
    assert packs["acme", "site"]["sha256"] == hashlib.sha256(acme().encode()).hexdigest()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", [*rules.builtin(), "acme"])
def test_a_pack_is_shown_whole_in_80_columns(name: str, language: str, capsys: Output) -> None:
    text = said(capsys, "rules", "show", name, "--lang", language)
    assert [line for line in text.splitlines() if len(line) > 80 and len(line.split()) > 1] == []
    flat, pack = " ".join(text.split()), rules.load(rules.find(name))
    texts = (part.title for each in (pack.methods, pack.roles, pack.listeners) for part in each)
    for title in (pack.title, *texts):
        assert " ".join((title.de if language == "de" else title.en).split()) in flat
    for each in pack.requirements:
        assert re.search(rf"^  {each.id} ", text, re.MULTILINE), each.id
        assert f"{each.source} -> {each.destination}" in flat
    assert pack.page.url in text


def test_what_a_requirement_depends_on_is_shown(capsys: Output) -> None:
    lines = " ".join(said(capsys, "rules", "show", "configmgr-2007").split())
    assert "CM2007-PUSH-EPM-UDP UDP 135, site-server -> client, when epm-udp is true (warning)" in lines
    assert "mode Site mode: mixed, native. Default: none: it is required" in lines
    shown = said(capsys, "rules", "show", "acme")
    assert "acme-agent" in shown
    assert f"SHA-256 {hashlib.sha256(acme().encode()).hexdigest()}" in " ".join(shown.split())
    assert "ephemeral-ports" not in shown, "every pack has it"


def test_a_sound_pack_is_one_line_that_counts_what_is_in_it(capsys: Output) -> None:
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    line = "2 methods, 2 roles, 5 settings, 2 requirements, 1 warning\n"
    assert said(capsys, "rules", "check", "small.yaml") == f"small.yaml: small 1: {line}"
    assert said(capsys, "rules", "check", "rules/*.yaml", "small.yaml").splitlines() == [
        "rules/acme.yaml: acme 1: 2 methods, 2 roles, 1 setting, 2 requirements",
        f"small.yaml: small 1: {line}".rstrip()]


def test_all_problems_of_all_files_are_told_at_once(capsys: Output) -> None:
    wrong = changed("from: client\n", "from: clinet\n")
    wrong = changed("is: native}", "is: nativ}", wrong)
    Path("wrong.yaml").write_text(wrong, encoding="utf-8")
    Path("broken.yaml").write_text("id: [\n", encoding="utf-8")
    assert run(["rules", "check", "wrong.yaml", "rules/acme.yaml", "broken.yaml", "absent.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("rules/acme.yaml: acme 1: "), "a sound one is told as well"
    assert (f"wrong.yaml:{line_with('clinet', wrong)}: requirements[0].from: unknown role 'clinet': did you "
            "mean 'client'?") in err
    assert f"wrong.yaml:{line_with('nativ}', wrong)}: requirements[0].when.is: " in err
    assert "broken.yaml:2: this is not valid YAML" in err
    assert "absent.yaml: no such file" in err


def test_a_pack_may_come_from_standard_input(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    assert said(capsys, "rules", "check", "-").startswith("-: small 1: ")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"id: small\n")))
    assert "<stdin>:1: " in said(capsys, "rules", "check", "-", code=2)


@pytest.mark.parametrize(("arguments", "complaint"), [
    (["lits"], "did you mean 'list'?"), (["show", "acne"], "did you mean 'acme'?"), (["show"], "PACK"),
    (["check"], "PACK.yaml"), (["check", "*.none"], "no file matches"), (["check", "rules"], "is a folder")])
def test_wrong_usage_is_one_line(arguments: list[str], complaint: str, capsys: Output) -> None:
    assert complaint in said(capsys, "rules", *arguments, code=2)


def test_a_name_means_the_same_wherever_the_command_is_run(folder: Path, capsys: Output) -> None:
    """The site file's name is looked for beside the site file, that of --pack in the current folder."""
    (folder / "rules" / "acme.yaml").write_text(acme() + "# of the current folder\n", encoding="utf-8")

    def file(*arguments: str) -> str:
        assert run(["check", *AS_OF, "--format", "json", *arguments]) in (0, 1, 3)
        return str(json.loads(capsys.readouterr().out)["pack"]["file"])

    assert file("site/aclproof.yaml") == "site/rules/acme.yaml"
    assert file("site/aclproof.yaml", "--pack", "acme") == "rules/acme.yaml"
    options = ("--client", "10.20.0.0/16", "--server", "10.1.1.10")
    assert file("site/fw.cfg", *options, "--pack", "acme") == "rules/acme.yaml"


def test_an_unknown_name_in_a_site_file_is_told_with_its_line(folder: Path, capsys: Output) -> None:
    (folder / "site" / "aclproof.yaml").write_text(f"# mine\n{SITE}".replace("acme", "acne"))
    err = said(capsys, "check", "site/aclproof.yaml", code=2)
    assert "site/aclproof.yaml:2: pack: unknown pack 'acne': did you mean 'acme'?" in err


@pytest.mark.parametrize("arguments", [
    *(("check", *AS_OF, "--format", each) for each in FORMATS),
    ("check", *AS_OF, "--lang", "de"), ("fix", *AS_OF), ("fix", *AS_OF, "--format", "json"),
    *(("requirements", "--format", each) for each in ("text", "json", "markdown")),
    *(("requirements", "--compare", "acme", "site/rules/acme.yaml", "--format", each)
      for each in ("text", "json", "markdown")),
    ("diff", *AS_OF, "site/aclproof.yaml"), ("diff", *AS_OF, "--format", "json", "site/aclproof.yaml")],
    ids=" ".join)
def test_every_report_says_which_file_the_pack_was_with_its_hash(
        arguments: tuple[str, ...], capsys: Output) -> None:
    run([*arguments, "site/aclproof.yaml"])
    out = capsys.readouterr().out
    digest = hashlib.sha256(acme().encode()).hexdigest()
    assert digest in out
    shown = re.sub(r"\s+[#!]\s+", " ", out) if arguments[0] == "fix" else out
    assert re.search(r"site/rules/acme\.yaml|site\\/rules", " ".join(shown.replace("\\", "").split()))
    if arguments == ("requirements", "--format", "text"):
        assert re.search(r"(?m)^Pack {10}The requirements are those of acme 1 in ", out)
    if "json" in arguments:
        schema = schemas.load("migration" if "--compare" in arguments else arguments[0])
        assert list(Draft202012Validator(schema).iter_errors(json.loads(out))) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_built_in_pack_has_no_file(form: str, folder: Path, capsys: Output) -> None:
    words = {"acme": "configmgr-2007", "agent:": "client:", "relay:": "site-server:"}
    site = re.sub("|".join(words), lambda word: words[word[0]], SITE)
    (folder / "site" / "aclproof.yaml").write_text(site + "settings: {mode: native}\n")
    assert run(["check", *AS_OF, "--format", form, "site/aclproof.yaml"]) in (1, 3)
    out = capsys.readouterr().out
    assert "configmgr-2007.yaml" not in out
    assert "The requirements are those of" not in out


def test_init_writes_the_name_where_it_means_the_same_from_the_site_file(
        folder: Path, capsys: Output) -> None:
    def pack(target: str) -> str:
        assert run(["init", "site/fw.cfg", "--pack", "acme", "-o", target, "--allow-outside"]) == 0
        capsys.readouterr()
        line, = re.findall(r"(?m)^pack: (.*)$", Path(target).read_text(encoding="utf-8"))
        return str(line).strip('"')

    assert pack("aclproof.yaml") == "acme"
    (folder / "elsewhere").mkdir()
    assert pack("elsewhere/aclproof.yaml") == "../rules/acme.yaml"
    assert pack("site/other.yaml") == "../rules/acme.yaml", "another file has the name there"
