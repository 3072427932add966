"""A history as JSON (schema `aclproof/history/v1`)."""

from __future__ import annotations

from typing import Any

from aclproof.linter.harmless import as_json
from aclproof.linter.history.changes import RequirementChange, status_of
from aclproof.linter.history.commits import Commit
from aclproof.linter.history.history import History, Step
from aclproof.linter.history.judgement import Judged, Judgement, Unreadable
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.writing import about

SCHEMA = "aclproof/history/v1"


def render(history: History) -> str:
    """Write the whole history; the same history gives the same bytes."""
    return as_json(document(history))


def document(history: History) -> dict[str, Any]:
    """Return what the report holds, for one that has it as a part."""
    beginning = history.beginning
    return {
        "schema": SCHEMA,
        "tool": {"name": about.NAME, "version": about.VERSION},
        "site": history.site,
        "as_of": history.asked.day.isoformat(),
        "first_parents": True,
        "beginning": {"commit": beginning.commit.id, "is_since": beginning.is_since,
                      "was_called": beginning.was_called or None},
        "latest": {"commit": history.latest.commit.id, "end": _end(history.latest.judgement),
                   "methods": _methods_now(history), "requirements": _requirements_now(history)},
        "commits": [_step(each) for each in reversed(history.touching)],
        "summary": {"commits": len(history.steps), "touching": len(history.touching),
                    "changing": sum(1 for each in history.steps if each.changes),
                    "unreadable": sum(1 for each in history.steps if isinstance(each.judgement, Unreadable)),
                    "proven": history.proofs}}


def _end(judgement: Judgement) -> str:
    return judgement.ending.value if isinstance(judgement, Judged) else "unreadable"


def _methods_now(history: History) -> list[dict[str, Any]]:
    latest = history.latest.judgement
    return [{"method": name, "verdict": verdict.value, "since": _name(history.since(name))}
            for name, verdict in latest.methods.items()] if isinstance(latest, Judged) else []


def _requirements_now(history: History) -> list[dict[str, Any]]:
    latest = history.latest.judgement
    if not isinstance(latest, Judged):
        return []
    return [{"requirement": name, "status": status_of(each), "since": _name(history.requirement_since(name))}
            for name, each in latest.demands.items()]


def _name(step: Step | None) -> str | None:
    return step.commit.id if step else None


def _step(step: Step) -> dict[str, Any]:
    judgement = step.judgement
    return {
        **_commit(step.commit),
        "end": _end(judgement),
        "problems": list(judgement.problems) if isinstance(judgement, Unreadable) else [],
        "compared_with": step.compared_with.id if step.compared_with else None,
        "unreadable_between": step.unread,
        "verdicts": {name: verdict.value for name, verdict in judgement.methods.items()}
        if isinstance(judgement, Judged) else {},
        "methods": [{"method": each.id, "title": each.title.en,
                     "before": each.before.value if each.before else None,
                     "after": each.after.value if each.after else None} for each in step.changes.methods],
        "requirements": list(map(_change, step.changes.requirements))}


def _commit(commit: Commit) -> dict[str, Any]:
    return {"commit": commit.id, "date": commit.day.isoformat(), "author": commit.author,
            "subject": commit.subject, "merge": commit.is_merge}


def _change(change: RequirementChange) -> dict[str, Any]:
    return {
        "requirement": change.requirement.id, "title": " ".join(change.requirement.title.en.split()),
        "methods": list(change.methods),
        "change": change.kind, "before": change.before, "after": change.after,
        "decided_by": list(map(json_v1.line, change.lines)),
        "decided_before_by": list(map(json_v1.line, change.lines_before)),
        "because": list(change.because)}
