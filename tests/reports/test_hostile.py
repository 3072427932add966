"""A site whose names attack every reader: each report holds them as text, and as nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from aclproof.linter.cli import run
from aclproof.linter.reports import FORMATS
from aclproof.linter.reports.check.grounds import TITLES
from tests.reports import readers
from tests.reports.test_markdown import harmless

SCHEMAS = Path(__file__).parents[1] / "schemas"
EVIL = ("=cmd|'/C calc'!A1 <script>alert(1)</script><img src=x onerror=1> ]]> %0A::error::own ##[add-mask]e "
        "`x` |pipe| [a](http://evil.example) @everyone #1 ::add-mask::e {0} &amp;")
COMMENT = "\x1b[2K\x9b2J\x07\u202e\u2066\u0085\ue000" + EVIL.replace('"', "")
MATCHED = f'-p tcp -m comment --comment "{COMMENT}"'
CHAIN = "@all|<b>`::error::x"
SITE = """roles:
  client: [10.20.0.0/16]
  site-server: [10.1.1.10]
  management-point: [10.1.1.11]
settings: {{mode: mixed, epm-udp: false}}
methods: [client-push, group-policy]
firewalls: [{{name: {name}, config: {file}}}]
"""
FILE = "a,b;c @all #1 `|%0A <b>]]>.rules"


RULES = f"""*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:{CHAIN} - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j {CHAIN}
-A {CHAIN} {MATCHED} -m tcp --dport 445 -j DROP
-A {CHAIN} {MATCHED} -m tcp --dport 135 -m hashlimit --hashlimit-name "{COMMENT}" -j DROP
-A {CHAIN} {MATCHED} -m tcp --dport 80 -m set --match-set {CHAIN} dst -j ACCEPT
-A {CHAIN} {MATCHED} -m tcp --dport 445 -j ACCEPT
COMMIT
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return written(tmp_path_factory.mktemp("hostile"))


def written(folder: Path, *options: str) -> dict[str, str]:
    (folder / FILE).write_text(RULES, encoding="utf-8")
    site = SITE.format(name=json.dumps(EVIL), file=json.dumps(FILE))
    (folder / "aclproof.yaml").write_text(site, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        arguments = [each for form in FORMATS for each in ("--format", f"{form}=out.{form}")]
        assert run(["check", *arguments, "--as-of", "2026-01-15", *options]) == 1
    return {form: (folder / f"out.{form}").read_bytes().decode("utf-8") for form in FORMATS}


def test_the_site_attacks_with_every_kind_of_finding(reports: dict[str, str]) -> None:
    told = readers.of_json(reports["json"], "aclproof.yaml")
    assert {each[1] for each in told.findings} == {"missing", "undecided"}
    assert {each[2] for each in told.findings} == {EVIL}
    missing = [part for result in json.loads(reports["json"])["results"] for part in result["missing"]]
    assert any(COMMENT in part["blocked_by"]["text"] for part in missing)
    assert any(COMMENT in near["line"]["text"] for part in missing for near in part["near"])


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_invisible_or_controlling_is_written(form: str, reports: dict[str, str]) -> None:
    text = reports[form].replace("\r\n", "\n") if form == "csv" else reports[form]
    assert "".join(text.split("\n")).isprintable()


@pytest.mark.parametrize("form", FORMATS)
def test_no_line_is_a_command_to_a_runner_but_annotations(form: str, reports: dict[str, str]) -> None:
    commands = [each.name for each in readers.commands_of(reports[form])]
    assert commands == [] if form != "github" else set(commands) == {"error", "warning", "notice"}


def test_what_checks_name_cannot_act_either(tmp_path: Path) -> None:
    found = written(tmp_path, "--checks", "hygiene", "--fail-on", "note")
    named = json.loads(found["json"])["audit"]["found"]
    assert any(COMMENT in each["text"] for each in named)
    for form, text in found.items():
        test_nothing_invisible_or_controlling_is_written(form, found)
        test_no_line_is_a_command_to_a_runner_but_annotations(form, found)
        assert "shadowed-rule" in text
    test_markdown_has_no_markup_of_theirs(found)
    xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd").validate(found["junit"])
    for each in readers.commands_of(found["github"]):
        assert set(each.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert each.properties.get("file", FILE) == FILE
    assert all(not value or value.lstrip()[0] not in "=+-@＝＋－＠"
               for row in readers.rows_of(found["csv"]) for value in row.values())


def test_json_and_sarif_give_the_names_back_unchanged(reports: dict[str, str]) -> None:
    told = readers.of_json(reports["json"], "aclproof.yaml")
    assert readers.of_sarif(reports["sarif"]).findings == told.findings
    assert {each[3] for each in told.findings} == {FILE}
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema).validate(json.loads(reports["sarif"]))


def test_junit_is_well_formed_and_keeps_its_schema(reports: dict[str, str]) -> None:
    xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd").validate(reports["junit"])
    told = readers.of_json(reports["json"], "aclproof.yaml")
    found = {(each[0], each[1], each[4]) for each in readers.of_junit(reports["junit"]).findings}
    assert found == {(each[0], each[1], each[4]) for each in told.findings}


def test_markdown_has_no_markup_of_theirs(reports: dict[str, str]) -> None:
    harmless(reports["markdown"])
    for table in readers.tables_of(reports["markdown"]):
        assert len({len(row) for row in table}) == 1


def test_no_cell_is_a_formula(reports: dict[str, str]) -> None:
    rows = readers.rows_of(reports["csv"])
    assert all(not value or value.lstrip()[0] not in "=+-@＝＋－＠" for row in rows for value in row.values())
    assert rows[-1]["requirement"].startswith("CM2007")


def test_annotations_keep_their_properties(reports: dict[str, str]) -> None:
    every = list(readers.commands_of(reports["github"]))
    assert len(reports["github"].splitlines()) == len(every) + 1
    found = [each for each in every if each.properties["title"] not in TITLES.values()]
    assert found
    for each in found:
        assert set(each.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert each.properties["file"] == FILE
        assert each.properties["title"].startswith("CM2007-")


def test_gitlab_gets_one_entry_for_each_finding(reports: dict[str, str]) -> None:
    told = readers.of_json(reports["json"], "aclproof.yaml")
    names = [each["fingerprint"] for each in json.loads(reports["gitlab"])
             if each["check_name"] not in TITLES]
    assert len(names) == len(told.fingerprints or ())
    assert frozenset(names) == told.fingerprints
