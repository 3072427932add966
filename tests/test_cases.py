"""Inputs with the right answers, outside of the project: none is met wrongly, crashes, leaks or is damaged.

What is merely undecided where the input would tell more, or told badly, is not tested here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aclproof.linter.cli import run

FOLDER = Path(__file__).parents[2] / "shared" / "cases"
if not (FOLDER / "cases.jsonl").exists():
    pytest.skip("no 'shared/cases' next to the checkout", allow_module_level=True)

CASES: list[dict[str, Any]] = [json.loads(line) for line in (FOLDER / "cases.jsonl").read_text().splitlines()]
KINDS_OF_OUTPUT = ("secrets", "injection", "crash")
"""What these must not print is a promise; elsewhere it is wording."""
BUG, PROVEN, MISSING = 4, 0, 1


@pytest.mark.parametrize("case", [each for each in CASES if not each["id"].startswith("speed/")],
                         ids=lambda case: case["id"])
def test_nothing_is_met_wrongly_nor_leaks(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    group, name = case["id"].split("/", 1)
    monkeypatch.chdir(FOLDER / group / name if (FOLDER / group / name).is_dir() else FOLDER / group)
    expected = case.get("expect", {})
    as_json = ["--format", "json"] if expected and "--format" not in case["args"] else []
    code = run([*case["args"], *as_json])
    printed = capsys.readouterr()
    assert code != BUG, printed.err
    if PROVEN not in case.get("exit", [PROVEN]):
        assert code != PROVEN, case["why"]
    if case["kind"] in KINDS_OF_OUTPUT:
        assert not [each for each in case.get("hasnt", []) if re.search(each, printed.out + printed.err)]
    found = {each["requirement"]: each["verdict"] for each in json.loads(printed.out)["results"]} \
        if expected and code in (PROVEN, MISSING, 3) else {}
    wrong = [requirement for requirement, right in expected.items()
             if found.get(requirement) == "met" and "met" not in right]
    assert not wrong, case.get("why")
