"""What checks name, what they do not tell, and what lets a run fail: in every format."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from junitparser import JUnitXml, TestCase, TestSuite
from msgspec.structs import replace

from aclproof.linter import schemas
from aclproof.linter.gap import BaselineUse, Seen
from aclproof.linter.observation import CHECKS, Audit, CheckId, Observation, Severity
from aclproof.linter.reports import FORMATS, Look, render
from aclproof.linter.result import Result
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, ICMP, TCP, UDP
from tests.reports import readers
from tests.reports.cases import result_of
from tests.reports.samples import audit_of_all_kinds

SCHEMAS = Path(__file__).parents[1] / "schemas"


@cache
def result(fail_on: Severity | None = None) -> Result:
    """The branch office: two warnings, of which one is known, and a note that has grown."""
    use = BaselineUse("known.json", (), (Seen(("any-any", "branch-asa", "permit ip any any", 1)),))
    plain = result_of("branch")
    return replace(plain, baseline=use, audit=replace(audit_of_all_kinds(plain), fail_on=fail_on))


def audit(fail_on: Severity | None = None) -> Audit:
    found = result(fail_on).audit
    assert found
    return found


def test_what_fails_is_as_bad_and_not_known() -> None:
    assert audit().failing == ()
    assert [each.check for each in audit("warning").failing] == ["any-any"]
    assert [each.check for each in audit("note").failing] == ["any-any", "surplus"]


def test_json_has_all_of_it() -> None:
    told = json.loads(render(result("note"), "json"))
    jsonschema.Draft202012Validator(schemas.load("check")).validate(told)
    found = {each["check"]: each for each in told["audit"]["found"]}
    assert {check: each["baseline"] for check, each in found.items()} == {
        "shadowed-rule": "unchanged", "any-any": "new", "surplus": "grown"}
    assert (told["audit"]["fail_on"], told["audit"]["failing"]) == ("note", 2)
    assert [(each["list"], each["why"]) for each in told["audit"]["left_out"]] == [
        ("CRYPTO", "each of its entries makes a tunnel of its own"),
        ("VPN", "each of its entries makes a tunnel of its own")]
    assert told["baseline"]["gone"] == [
        {"check": "any-any", "firewall": "branch-asa", "text": "permit ip any any"}]
    assert not {"fail_on", "failing"} & json.loads(render(result(), "json"))["audit"].keys()


def test_sarif_has_levels_states_and_what_is_not_told() -> None:
    log = json.loads(render(result("warning"), "sarif"))
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)
    run, = log["runs"]
    found = {each["ruleId"]: each for each in run["results"] if each["ruleId"].startswith("audit/")}
    assert {rule: (each["level"], each["baselineState"]) for rule, each in found.items()} == {
        "audit/shadowed-rule": ("note", "unchanged"), "audit/any-any": ("warning", "new"),
        "audit/surplus": ("note", "updated")}
    assert {each["partialFingerprints"]["primaryLocationLineHash"] for each in found.values()} == {
        each.fingerprint for each in audit().found}
    rules = run["tool"]["driver"]["notifications"]
    notes = run["invocations"][0]["toolConfigurationNotifications"]
    told = {each["descriptor"]["id"]: each["message"]["text"] for each in notes
            if rules[each["descriptor"]["index"]]["id"] == each["descriptor"]["id"]}
    assert "Known lines that no check names any more: 1" in told["baseline"]
    assert "CRYPTO, VPN" in told["not-told"]


def test_what_a_sarif_run_has_no_room_for_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    every = len(json.loads(render(result(), "sarif"))["runs"][0]["results"])
    for room in (every - 2, 1):
        monkeypatch.setattr("aclproof.linter.reports.check.sarif._MOST_RESULTS", room)
        run, = json.loads(render(result(), "sarif"))["runs"]
        cut, = (each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]
                if each["descriptor"]["id"] == "results-cut")
        assert len(run["results"]) == room
        assert cut.startswith(f"{every - room} more findings")


@pytest.mark.parametrize(("fail_on", "outcomes"), [
    (None, {"shadowed-rule": ("skipped", "known"), "any-any": ("skipped", "warning"),
            "surplus": ("skipped", "note"), "no-hits": None}),
    ("warning", {"shadowed-rule": ("skipped", "known"), "any-any": ("failure", "warning"),
                 "surplus": ("skipped", "note"), "no-hits": None}),
    ("note", {"shadowed-rule": ("skipped", "known"), "any-any": ("failure", "warning"),
              "surplus": ("failure", "note"), "no-hits": None})])
def test_junit_has_a_suite_of_checks_for_each_firewall(
        fail_on: Severity | None, outcomes: dict[str, tuple[str, str] | None]) -> None:
    text = render(result(fail_on), "junit")
    xmlschema.XMLSchema10(SCHEMAS / "junit-10.xsd").validate(text)
    suites = {str(each.name): each for each in JUnitXml.fromstring(text.encode())
              if isinstance(each, TestSuite)}
    suite = suites["audit of branch-asa"]
    cases = {str(each.name).partition(":")[0]: each for each in suite if isinstance(each, TestCase)}
    assert {check: (type(case.result[0]).__name__.lower(), case.result[0].type) if case.result else None
            for check, case in cases.items()} == outcomes
    assert "not looked at" in {str(each.name): str(each.value) for each in suite.properties()}["audit"]
    alone = JUnitXml.fromstring(render(replace(result(), audit=None), "junit").encode())
    assert [each.name for each in alone if str(each.name).startswith("audit")] == []


def test_annotations_have_their_levels_and_a_count() -> None:
    text = render(result("warning"), "github")
    found = [(each.name, each.properties["title"]) for each in readers.commands_of(text)
             if " on branch-asa" in each.properties["title"] and "CM2007" not in each.properties["title"]]
    assert found == [("warning", "any-any on branch-asa"), ("notice", "surplus on branch-asa"),
                     ("notice", "shadowed-rule on branch-asa")]
    assert text.splitlines()[-1].endswith(
        "; audit: 2 warnings, 1 note on 3 lines, 1 of them known from the baseline, 1 of them fails the run "
        "(--fail-on warning)")
    assert "::notice title=Audit::not looked at for lines that do nothing" in text


def test_ten_annotations_of_a_level_and_the_others_are_counted() -> None:
    one = next(each for each in audit().found if each.check == "any-any")
    many = tuple(replace(one, fingerprint=f"{n:032x}", span=replace(one.span, first_line=n, last_line=n))
                 for n in range(1, 31))
    plain = replace(result(), audit=replace(audit(), found=many, left_out=(), not_told=()))
    text = render(plain, "github")
    assert len([each for each in text.splitlines() if each.startswith("::warning")]) == 10
    assert "annotations are left out" in text.splitlines()[-1]


def test_gitlab_has_an_entry_for_each_line_and_each_list() -> None:
    found = [each for each in json.loads(render(result(), "gitlab"))
             if each["check_name"].startswith("audit")]
    assert [(each["check_name"], each["severity"]) for each in found] == [
        ("audit/shadowed-rule", "info"), ("audit/any-any", "minor"), ("audit/surplus", "info"),
        ("audit", "info"), ("audit", "info")]
    assert len({each["fingerprint"] for each in found}) == len(found)


def test_csv_has_rows_for_all_of_it() -> None:
    rows = [each for each in readers.rows_of(render(result(), "csv"))
            if each["requirement"].startswith("audit")]
    assert [(each["requirement"], each["status"], each["baseline"]) for each in rows] == [
        ("audit/shadowed-rule", "known", "unchanged"), ("audit/any-any", "named", "new"),
        ("audit/surplus", "named", "grown"), ("audit", "not-told", ""), ("audit", "left-out", ""),
        ("audit", "left-out", "")]
    assert {each["text"] for each in rows if each["status"] == "left-out"} == {"CRYPTO", "VPN"}


def test_text_counts_what_is_known_and_shows_it_when_asked() -> None:
    text = render(result("note"), "text")
    assert "Audit: 2 warnings, 1 note on 3 lines, 1 of them known from the baseline, 2 of" in text
    assert "    1 known from the baseline\n" in text
    assert "1 known line that no check names any more" in text
    for said in ("(new since the baseline) permit | ip any any", "(grown since the baseline)",
                 "not looked at for lines that do nothing, on branch-asa: CRYPTO, VPN:"):
        assert said in " ".join(text.split())
    assert "(known from the baseline)" not in text
    verbose = FORMATS["text"](result("note"), Look(verbose=True))
    assert "(known from the baseline) deny tcp any any" in " ".join(verbose.split())


def shown(*found: Observation) -> str:
    """What the text says of some observations, in one line."""
    text = render(replace(result(), audit=Audit(tuple(CHECKS), found)), "text")
    return " ".join(text.partition("Audit: ")[2].partition("Assumed:")[0].split())


def named(check: CheckId, line: int, said: str = "", perhaps: str = "") -> Observation:
    return Observation(check, "branch-asa", Span("a.cfg", line, line, "permit x"), text=said, perhaps=perhaps)


def test_a_line_that_two_checks_name_is_one_line() -> None:
    text = shown(named("any-any", 8), named("redundant-rule", 7), named("surplus", 7))
    assert text.startswith("1 warning, 2 notes on 2 lines, no verdict depends on that any-any (warning): ")
    assert text.count("a.cfg:7 permit x") == 2


def test_the_level_of_a_check_is_that_of_the_worst_line() -> None:
    unsure, sure = named("shadowed-rule", 1, perhaps="an answer"), named("shadowed-rule", 2)
    assert "shadowed-rule (warning): " in shown(unsure, sure)
    assert "shadowed-rule (note): " in shown(unsure)


def test_what_is_to_be_said_of_all_lines_is_said_once() -> None:
    assert "its list have; since May a.cfg:1 permit x a.cfg:2" in shown(
        named("no-hits", 1, "since May"), named("no-hits", 2, "since May"))
    assert "its list have a.cfg:1 permit x since May a.cfg:2 permit x since June" in shown(
        named("no-hits", 1, "since May"), named("no-hits", 2, "since June"))


@pytest.mark.parametrize("form", ["text", "html", "markdown", "csv", "sarif"])
def test_where_rules_have_no_order_none_is_said_to_come_before(form: str) -> None:
    checks: tuple[CheckId, ...] = "shadowed-rule", "covered-rule", "redundant-rule"
    found = tuple(replace(named(check, line), ordered=False) for line, check in enumerate(checks, 1))
    text = render(replace(result(), audit=Audit(tuple(CHECKS), found)), form)
    assert text.count("other rules do the same with all its packets") == 2
    assert "rules that block take all its packets" in text
    assert "what takes its packets before does the same" not in text
    assert "what comes after it does the same with its packets" not in text


def test_the_other_line_is_said_to_be_what_it_is() -> None:
    other = (Span("a.cfg", 9, 9, "other"),)
    relations: dict[CheckId, str] = {"covered-rule": "because of", "duplicate-object": "the same as",
                                     "unlogged-deny": "see"}
    for check, relation in relations.items():
        assert f"{relation} a.cfg:9 other" in shown(replace(named(check, 1), others=other))


def test_of_what_a_line_opens_besides_the_largest_part_of_tcp_is_told() -> None:
    def opened(protocol: int, ports: tuple[int, int]) -> Box:
        return Box(Family.V4, protocol, IntervalSet.of((1, 1)), IntervalSet.of((2, 2)), ANY_PORT,
                   IntervalSet.of(ports))

    text = shown(replace(named("surplus", 1), needed=(opened(TCP, (80, 80)),), size=1, opened=2, surplus=(
        opened(ICMP, (0, 65535)), opened(TCP, (1, 2)), opened(TCP, (100, 200)), opened(UDP, (0, 65535)))))
    assert "0.0.0.1 -> 0.0.0.2 TCP 100-200, and 3 more parts" in text


def test_markdown_has_one_table_of_three_columns() -> None:
    text = render(result(), "markdown")
    table = next(each for each in readers.tables_of(text) if each[0][0] == "Check")
    assert [row[0] for row in table[1:]] == [
        "any-any (warning, new)", "surplus (note, grown)", "shadowed-rule (warning, known)"]
    assert all(len(row) == 3 for row in table)
    assert "- not looked at for lines that do nothing, on branch-asa" in text


def test_html_marks_them_and_says_what_is_not_told() -> None:
    text = render(result("warning"), "html")
    section = text.partition('<section id="audit"')[2].partition("</section>")[0]
    assert section.count('class="badge waived">known<') == 1
    assert section.count('class="badge open">') == 2
    assert "1 of them fails the run (--fail-on warning)." in section
    assert "CRYPTO, VPN" in section


def test_the_same_in_german() -> None:
    for form in ("text", "markdown", "html"):
        text = FORMATS[form](result("note"), Look(language="de"))
        for english in ("on 3 lines", "known from the baseline", "since the baseline", "not looked at",
                        "not told of"):
            assert english not in text, (form, english)
