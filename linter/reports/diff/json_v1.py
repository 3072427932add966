"""What a change does, as JSON (schema `aclproof/diff/v1`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aclproof.linter.diff.chain_difference import Packets
from aclproof.linter.diff.changed_firewalls import Script
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.comparison import Comparison, DemandChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.diff.opened import Opened
from aclproof.linter.harmless import as_json
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.diff import DiffReport
from aclproof.linter.reports.writing.pack_data import own_pack
from aclproof.parsers.model.firewall import File

SCHEMA = "aclproof/diff/v1"


def render(report: DiffReport) -> str:
    """Write the whole report; the same report gives the same bytes."""
    return as_json(_json(report))


def _json(report: DiffReport) -> dict[str, Any]:
    change, comparison = report.change, report.change.comparison
    return {
        "schema": SCHEMA,
        "old": {"name": report.old, **own_pack(change.old.pack),
                "inputs": _inputs(change, new=False)},
        "new": {"name": report.new, **own_pack(change.new.pack),
                "inputs": _inputs(change, new=True)},
        "script": _script(*change.scripts) if len(change.scripts) == 1 else None,
        "scripts": list(map(_script, change.scripts)),
        "methods": [{"method": method.id, "title": method.title, "before": method.before.value,
                     "after": method.after.value, "worse": method.worse, "unclear": method.unclear}
                    for method in comparison.methods],
        "requirements": [_requirement(demand) for demand in comparison.demands],
        "lists": None if report.lists is None else list(map(_list, report.lists)),
        "opened": list(map(_opened, report.opened)),
        "summary": _counts(comparison)}


def _inputs(change: SiteChange, *, new: bool) -> list[dict[str, str]]:
    inputs = []
    for name, firewall in (change.new if new else change.old).firewalls.items():
        files: Sequence[File] = firewall.files
        if new and any(name == script.firewall for script in change.scripts):
            files = change.old.firewalls[name].files
        inputs += [{"firewall": name, "path": file.name, "sha256": file.sha256} for file in files]
    return inputs


def _script(script: Script) -> dict[str, Any]:
    first = script.sources[0]
    return {"firewall": script.firewall, "path": first.name, "sha256": first.sha256,
            "more_files": [{"path": text.name, "sha256": text.sha256} for text in script.sources[1:]],
            "remarks": [{"line": remark.span.first_line, "text": remark.text} for remark in script.remarks]}


def _requirement(demand: DemandChange) -> dict[str, Any]:
    return {
        "requirement": demand.requirement.id, "title": demand.requirement.title.en,
        "before": demand.before.value if demand.before else None,
        "after": demand.after.value if demand.after else None,
        "worse": demand.worse, "unclear": demand.unclear,
        "newly_permitted": list(map(json_v1.packets, demand.permitted)),
        "newly_denied": list(map(json_v1.packets, demand.denied)),
        "newly_undecided": list(map(json_v1.packets, demand.undecided)),
        "newly_required": list(map(json_v1.packets, demand.required)),
        "changed_lines": [{"change": "added" if changed.sign == "+" else "removed",
                           **json_v1.line(changed.line)} for changed in demand.changed],
        "decided_by": list(map(json_v1.line, demand.deciding)),
        "firewalls": [{"firewall": hop.firewall, "before": hop.before.value, "after": hop.after.value}
                      for hop in demand.hops],
        "stopped_at": list(demand.stopped_at)}


def _list(compared: FullComparison) -> dict[str, Any]:
    difference = compared.difference
    names = {"firewall": compared.firewall, "old_list": compared.names.old or None,
             "new_list": compared.names.new or None}
    if difference is None:
        return {**names, "compared": None}
    return {**names, "compared": {
        "changed_rules": difference.rules, "complete": difference.complete,
        "newly_permitted": _packets(difference.newly_permitted),
        "newly_denied": _packets(difference.newly_denied),
        "open_on_one_side": _packets(difference.undecided_on_one_side),
        "left_out": [{"file": span.file, "line": span.first_line} for span in difference.left_out]}}


def _opened(opened: Opened) -> dict[str, Any]:
    names = opened.names
    return {"firewall": opened.firewall, "old_list": names.old or None if names else None,
            "new_list": names.new or None if names else None, "certain": opened.certain,
            "packets": _packets(opened.packets)}


def _packets(parts: Sequence[Packets]) -> list[dict[str, Any]]:
    return [{**json_v1.packets(box), "protocols": list(map(_range, part.protocols.ranges))}
            for part in parts for box in part.boxes]


def _range(ends: tuple[int, int]) -> str:
    low, high = ends
    return str(low) if low == high else f"{low}-{high}"


def _counts(comparison: Comparison) -> dict[str, Any]:
    changed = [demand for demand in comparison.demands if demand.differs]
    return {"worse": comparison.worse, "unclear": comparison.unclear,
            "requirements": {"worse": sum(1 for demand in changed if demand.worse),
                             "changed": len(changed), "same": len(comparison.demands) - len(changed)}}
