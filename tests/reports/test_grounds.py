"""What verdicts rest on, and what would follow, is in every format: facts, usual answers, conditions."""

from __future__ import annotations

import csv
import json
from html import unescape
from io import StringIO

import pytest
from msgspec.structs import replace

from aclproof.linter.basis import Assumption
from aclproof.linter.reports import FORMATS, Look, render
from aclproof.linter.reports.check.grounds import grounds
from aclproof.linter.result import Result, Verdict
from aclproof.reason import Reason
from tests.reports.cases import result_of
from tests.reports.large_site import large

FACT = "fqdn wsus.example.com"
QUESTION = "whether it forwards"
CONDITION = "works if 'time-range OFFICE-HOURS: active'; else it is blocked"
"""Of software distribution at the branch office: its only line for SMB has the time range, a deny follows."""


def resting() -> Result:
    """The branch office, resting on a fact and on a usual answer as well."""
    result = result_of("branch")
    return replace(result, assumptions=(
        *result.assumptions, Assumption(FACT, "10.1.1.13", "fact"),
        Assumption("forwarding", "yes", "relied-on", QUESTION, "sysctl net.ipv4.ip_forward")))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_facts_usual_answers_and_conditions(form: str) -> None:
    told = " ".join(unescape(render(resting(), form)).split())
    told = told.replace("\\", "").replace('""', '"').replace("%3A", ":")
    assert FACT in told
    assert "10.1.1.13" in told
    if form != "json":
        assert QUESTION in told
        assert CONDITION in told
        assert "OFFICE-HOURS" in told


def test_json_has_them_as_data() -> None:
    told = json.loads(render(resting(), "json"))
    distribution = next(each for each in told["methods"] if each["method"] == "software-distribution")
    assert distribution["conditional"]["verdict"] == "works"
    assert {"key": FACT, "value": "10.1.1.13", "origin": "fact"} in told["assumptions"]
    assert QUESTION in [each.get("question") for each in told["assumptions"]]
    settings = told["site"]["settings"]
    assert settings["mode"]["origin"] == "given"
    assert settings["http-port"]["origin"] == "default"
    assert settings["wsus-https-port"] == {"value": "8531", "origin": "derived", "follows": "wsus-http-port"}
    assert told["site"]["roles"]["client"] == ["10.20.0.0/16"]
    assert told["as_of"] == "2026-01-15"
    assert told["tool"]["name"] == "aclproof"


def test_a_condition_stands_in_the_rows_of_its_method_only() -> None:
    rows = list(csv.DictReader(StringIO(render(resting(), "csv"))))
    with_condition = {row["requirement"] for row in rows if CONDITION in row["conditions"]}
    of_method = {row["requirement"] for row in rows if "software-distribution" in row["methods"].split()}
    assert with_condition == of_method
    assert {row["stated"] for row in rows} == {f"Stated as fact: {FACT} = 10.1.1.13."}


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "sarif"])
def test_what_the_usual_answers_would_prove_is_said_and_not_counted(form: str) -> None:
    plain = result_of("branch")
    usual = replace(plain, demands=tuple(
        replace(each, usually=replace(each, verdict=Verdict.MET) if each.undecided else None)
        for each in plain.demands))
    sentence = "By the usual answers it would be met."
    assert render(usual, form).count(sentence) == 1
    assert sentence not in render(plain, form)


def test_the_same_question_at_50_firewalls_is_one_remark() -> None:
    """One file in four is of Linux, and each leaves the same two things open."""
    relied = [text for kind, text in grounds(large(200)) if kind == "relied-on"]
    asked = [each for each in large(200).assumptions if each.origin == "relied-on"]
    assert isinstance(asked[0].question, Reason)
    templates = {each.question.template for each in asked if isinstance(each.question, Reason)}
    assert len(relied) == len(templates) < len(asked) / 10
    assert all("and 43 more." in text for text in relied)  # the first, six by name, 43 more: 50


def test_annotations_of_remarks_are_as_few_as_github_shows() -> None:
    result = result_of("branch")
    many = replace(result, assumptions=tuple(Assumption(f"fact {n}", "yes", "fact") for n in range(30)))
    lines = FORMATS["github"](many, Look()).splitlines()
    assert sum(line.startswith("::notice title=") for line in lines) == 10
    assert "21 annotations are left out" in lines[-1]
