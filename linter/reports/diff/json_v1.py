"""What a change does, for people and as JSON (schema `aclproof/diff/v1`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aclproof.linter.diff.chain_difference import Packets
from aclproof.linter.diff.compare_sites import SiteChange
from aclproof.linter.diff.comparison import Comparison, DemandChange
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.reports.check import json_v1
from aclproof.linter.reports.diff.text import DiffText
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.parsers.model.firewall import File

SCHEMA = "aclproof/diff/v1"


def render(found: SiteChange, wholes: Sequence[FullComparison] | None, old: str, new: str, form: str,
           words: Words = ENGLISH) -> str:
    """Write the comparison; `old` and `new` are the two sides as the user named them."""
    if form == "json":
        return json.dumps(_json(found, wholes, old, new), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line.rstrip()}\n" for line in DiffText(found, words).lines(wholes, old, new))


def _json(found: SiteChange, wholes: Sequence[FullComparison] | None, old: str, new: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "old": {"name": old, "inputs": _inputs(found, new=False)},
        "new": {"name": new, "inputs": _inputs(found, new=True)},
        "script": _script(found),
        "methods": [{"method": each.id, "title": each.title, "before": each.before.value,
                     "after": each.after.value, "worse": each.worse} for each in found.comparison.methods],
        "requirements": [_change(each) for each in found.comparison.demands],
        "lists": None if wholes is None else list(map(_list, wholes)),
        "summary": _counts(found.comparison)}


def _inputs(found: SiteChange, *, new: bool) -> list[dict[str, str]]:
    inputs = []
    for name, firewall in (found.new if new else found.old).firewalls.items():
        files: Sequence[File] = firewall.files
        if new and found.script and name == found.script.firewall:
            files = found.old.firewalls[name].files
        inputs += [{"firewall": name, "path": each.name, "sha256": each.sha256} for each in files]
    return inputs


def _script(found: SiteChange) -> dict[str, Any] | None:
    if found.script is None:
        return None
    text = found.script.source
    return {"firewall": found.script.firewall, "path": text.name, "sha256": text.sha256,
            "remarks": [{"line": each.span.first_line, "text": each.text} for each in found.script.remarks]}


def _change(each: DemandChange) -> dict[str, Any]:
    return {
        "requirement": each.requirement.id, "title": each.requirement.title.en,
        "before": each.before.value if each.before else None,
        "after": each.after.value if each.after else None,
        "worse": each.worse, "unclear": each.unclear,
        "newly_permitted": list(map(json_v1.packets, each.permitted)),
        "newly_denied": list(map(json_v1.packets, each.denied)),
        "newly_undecided": list(map(json_v1.packets, each.undecided)),
        "newly_required": list(map(json_v1.packets, each.required)),
        "changed_lines": [{"change": "added" if line.sign == "+" else "removed", **json_v1.line(line.line)}
                          for line in each.changed],
        "decided_by": list(map(json_v1.line, each.deciding))}


def _list(whole: FullComparison) -> dict[str, Any]:
    found = whole.difference
    names = {"firewall": whole.firewall, "old_list": whole.names.old or None,
             "new_list": whole.names.new or None}
    if found is None:
        return {**names, "compared": None}
    return {**names, "compared": {
        "changed_rules": found.rules, "complete": found.complete,
        "newly_permitted": _many(found.newly_permitted), "newly_denied": _many(found.newly_denied),
        "open_on_one_side": _many(found.undecided_on_one_side),
        "left_out": [{"file": each.file, "line": each.first_line} for each in found.left_out]}}


def _many(parts: Sequence[Packets]) -> list[dict[str, Any]]:
    return [{**json_v1.packets(box), "protocols": [str(low) if low == high else f"{low}-{high}"
                                                   for low, high in part.protocols.ranges]}
            for part in parts for box in part.boxes]


def _counts(comparison: Comparison) -> dict[str, Any]:
    changed = [each for each in comparison.demands if each.differs]
    return {"worse": comparison.worse, "unclear": comparison.unclear,
            "requirements": {"worse": sum(1 for each in changed if each.worse),
                             "changed": len(changed), "same": len(comparison.demands) - len(changed)}}
