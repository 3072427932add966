"""GitLab Code Quality: the fields that GitLab documents, strictly."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from aclproof.linter.reports.check import gitlab
from aclproof.linter.reports.writing.file_uris import FileNames
from tests.reports.cases import NAMES, ROOT, full, result_of

PLACES = FileNames(str(ROOT), str(ROOT))
DOCUMENTED: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object", "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object", "additionalProperties": False, "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {"type": "object", "additionalProperties": False, "required": ["begin"],
                              "properties": {"begin": {"type": "integer", "minimum": 1}}}}}}}}
"""Of https://docs.gitlab.com/ci/testing/code_quality/; paths are relative and do not begin with `./`."""


def entries(result: Any) -> list[dict[str, Any]]:
    text = gitlab.render(result, PLACES)
    assert text.startswith("[")  # GitLab refuses a byte order mark
    found = json.loads(text)
    jsonschema.Draft202012Validator(DOCUMENTED).validate(found)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_report_has_the_documented_fields_and_no_fingerprint_twice(name: str) -> None:
    found = entries(result_of(name))
    assert len({each["fingerprint"] for each in found}) == len(found)
    for each in found:
        assert (ROOT / each["location"]["path"]).is_file()


def test_severities_follow_what_is_at_stake() -> None:
    severities = {each["check_name"]: each["severity"] for each in entries(result_of("branch"))}
    assert severities["CM2007-PUSH-RPC"] == "critical"
    assert severities["CM2007-SWD-SMB"] == "major"
    assert severities["CM2007-PUSH-EPM-UDP"] == "minor"


def test_waived_findings_stay_as_information_and_idle_waivers_are_told() -> None:
    found = entries(full())
    waived = [each for each in found if "Waived until" in each["description"]]
    assert {each["check_name"] for each in waived} == {"CM2007-PUSH-SMB", "CM2007-SWD-SMB"}
    assert {each["severity"] for each in waived} == {"info"}
    idle = [each for each in found if each["check_name"] == "waiver"]
    assert [each["location"] for each in idle] == [
        {"path": "waivers.yaml", "lines": {"begin": 6}}, {"path": "waivers.yaml", "lines": {"begin": 7}}]
