"""What came of judging single packets again (`--self-check`), in words and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aclproof.linter.agreement import Agreement, Judge
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.result import Result


def agreed(result: Result, words: Words = ENGLISH) -> str:
    """Write how many packets both judges judge alike; empty where they differ, or were not asked."""
    known = result.agreement
    return words.sentence(known.said) if known and not known.disagreements else ""


def disputed(result: Result, words: Words = ENGLISH) -> list[str]:
    """Write on how many packets they disagree, then each of these: it matters before all else."""
    known = result.agreement
    if not known or not known.disagreements:
        return []
    return [words.sentence(known.said), *(words.sentence(each.reason) for each in known.disagreements)]


def as_data(agreement: Agreement) -> dict[str, Any]:
    """Return it for programs."""
    return {"packets": agreement.packets, "says": agreement.said, "disagreements": [
        {"requirement": each.requirement, "leg": each.leg, "packet": str(each.packet),
         "firewall": each.firewall or None, "sets": _judge(each.sets), "tracer": _judge(each.tracer),
         "says": each.reason} for each in agreement.disagreements]}


def _judge(judge: Judge) -> Mapping[str, Any]:
    line = judge.line
    return {"verdict": judge.verdict,
            "line": {"file": line.file, "line": line.first_line, "text": line.text} if line else None}
