"""JUnit XML: Jenkins' schema, and what junitparser reads out of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from junitparser import JUnitXml, Skipped, TestCase, TestSuite

from aclproof.linter.reports.check import junit
from aclproof.linter.result import Result, Verdict
from aclproof.rules.joined import bare
from tests.reports.cases import NAMES, full, many, result_of, unassessed

SCHEMA = Path(__file__).parents[1] / "schemas" / "junit-10.xsd"
RESULTS: dict[str, Callable[[], Result]] = {"full": full, "unassessed": unassessed, "many": lambda: many(150)}


@cache
def schema() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(SCHEMA)


def suites_of(result: Result) -> dict[str, TestSuite]:
    return {str(each.name): each for each in JUnitXml.fromstring(junit.render(result).encode())
            if isinstance(each, TestSuite)}


def cases_of(suite: TestSuite) -> list[TestCase]:
    return [each for each in suite if isinstance(each, TestCase)]


def test_the_schema_can_refuse() -> None:
    text = junit.render(result_of("branch"))
    assert not schema().is_valid(text.replace("<failure ", "<fault ").replace("</failure>", "</fault>"))


@pytest.mark.parametrize("name", NAMES)
def test_the_report_keeps_the_strictest_schema(name: str) -> None:
    schema().validate(junit.render(result_of(name)))


@pytest.mark.parametrize("name", RESULTS)
def test_the_report_keeps_the_schema_with_all_that_a_result_can_hold(name: str) -> None:
    schema().validate(junit.render(RESULTS[name]()))


@pytest.mark.parametrize("name", NAMES)
def test_the_counts_are_those_that_a_reader_counts(name: str) -> None:
    text = junit.render(result_of(name))
    report = JUnitXml.fromstring(text.encode())
    stated = [(each.tests, each.failures, each.errors, each.skipped) for each in report]
    report.update_statistics()
    assert [(each.tests, each.failures, each.errors, each.skipped) for each in report] == stated
    head = re.search(r'tests="(\d+)" failures="(\d+)" errors="(\d+)"', text)
    assert head
    assert [int(each) for each in head.groups()] == [
        sum(each[column] for each in stated) for column in range(3)]


@pytest.mark.parametrize("name", NAMES)
def test_a_suite_is_a_path_and_a_case_a_method_with_a_requirement(name: str) -> None:
    result = result_of(name)
    pack = result.pack
    whose = {each.id: f"{part.id}/{bare(each.id)}" if pack.parts else each.id
             for part in pack.each for each in part.methods}
    expected = {(" > ".join(hop.firewall for hop in each.hops) or "no firewall", whose[method],
                 each.requirement.id)
                for each in result.demands if each.verdict is not Verdict.NOT_APPLICABLE
                for method in each.methods}
    found = [(suite, case.classname, str(case.name).partition(":")[0])
             for suite, cases in suites_of(result).items() if suite != "not assessed"
             for case in cases_of(cases)]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_a_suite_carries_the_hashes_of_its_firewalls_files() -> None:
    suites = suites_of(result_of("path-two-hops-block"))
    assert "dc > branch > client-host" in suites
    for name, suite in suites.items():
        hashes = {each.value for each in suite.properties() if each.name and each.name.startswith("sha256:")}
        firewalls = name.split(" > ")
        assert hashes == {each.sha256 for each in result_of("path-two-hops-block").inputs
                          if each.name in firewalls}


def test_a_waived_case_is_skipped_and_says_by_whom() -> None:
    suite = suites_of(full())["branch-asa"]
    skipped = [each for each in cases_of(suite) if each.result and isinstance(each.result[0], Skipped)
               and each.result[0].type == "waived"]
    assert [str(each.name).partition(":")[0] for each in skipped] == ["CM2007-PUSH-SMB", "CM2007-SWD-SMB"]
    for each in skipped:
        assert "Waived until 2026-06-30 by network team" in str(each.result[0].message)
        assert each.result[0].text
    names = {str(each.name) for each in suite.properties()}
    assert {each for each in names if each.startswith("waiver:")} == {"waiver:W-3", "waiver:W-4"}


def test_nothing_assessed_is_no_success() -> None:
    suite = suites_of(unassessed())["not assessed"]
    assert suite.errors == suite.tests == len(unassessed().methods)


def test_a_method_that_was_not_assessed_beside_others_is_skipped() -> None:
    name = next(each for each in NAMES if 0 < sum(
        method.reason != "" for method in result_of(each).methods) < len(result_of(each).methods))
    suite = suites_of(result_of(name))["not assessed"]
    assert suite.skipped == suite.tests == sum(1 for each in result_of(name).methods if each.reason)
