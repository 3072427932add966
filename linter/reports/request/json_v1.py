"""JSON, schema `aclproof/requirements/v1`: linter/schemas/requirements-v1.schema.json describes it."""

from __future__ import annotations

from typing import Any

from aclproof.linter.demands.demands import Demand
from aclproof.linter.demands.not_needed import NotNeeded
from aclproof.linter.demands.port_request import Flow, PortRequest
from aclproof.linter.harmless import as_json
from aclproof.linter.reports.check.json_v1 import packets
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.request.entries import Entry, entries
from aclproof.linter.reports.writing.pack_data import pack_field, packs_data
from aclproof.linter.reports.writing.wording import condition
from aclproof.rules.pack import Pack

SCHEMA = "aclproof/requirements/v1"


def render(request: PortRequest) -> str:
    """Write the whole request; the same request gives the same bytes."""
    return as_json(_request(request))


def _request(request: PortRequest) -> dict[str, Any]:
    titles = {each.id: each.title.en for each in request.pack.methods}
    found = zip(request.flows, entries(request, Words()), strict=True)
    return {
        "schema": SCHEMA,
        **packs_data(request.pack),
        "site_file": request.site_file or None,
        "methods": [{"method": each, "title": titles[each]} for each in request.assessed],
        "left_out": left_out(request),
        "assumptions": [{"key": key, "value": value} for key, value in request.assumed.items()],
        "flows": [flow_data(*each, request.pack) for each in found],
        "not_needed": [_not_needed(each) for each in request.not_needed]}


def _not_needed(what: NotNeeded) -> dict[str, Any]:
    each = what.requirement
    return {"requirement": each.id, "title": each.title.en, "methods": list(what.methods),
            "condition": condition(each.when), **({"reason": what.reason} if what.reason else {})}


def left_out(request: PortRequest) -> list[dict[str, str]]:
    """Return the methods that a request is not for, as the schema describes them."""
    titles = {each.id: each.title.en for each in request.pack.methods}
    return [{"method": each, "title": titles[each], "reason": reason}
            for each, reason in request.left_out.items()]


def flow_data(flow: Flow, entry: Entry, pack: Pack) -> dict[str, Any]:
    """Return a flow as the schema describes it."""
    ends = {"source": list(entry.sources), "destination": list(entry.destinations)}
    back = {"source": ends["destination"], "destination": ends["source"]}
    return {
        "number": entry.number, "severity": flow.severity, "from": list(flow.sources),
        "to": list(flow.destinations), "family": flow.box.family.value, **packets(flow.box), **ends,
        "direction": entry.direction, "stateful": True,
        "answers": {**packets(flow.answers), **back, "text": entry.answers},
        "through": list(flow.through), "methods": list(flow.methods),
        "requirements": [_requirement(each, pack) for each in flow.demands],
        "port": {"may_change": flow.port_may_change, "settings": list(flow.settings)},
        "assumed": list(flow.assumed), "notes": list(entry.notes)}


def _requirement(demand: Demand, pack: Pack) -> dict[str, Any]:
    requirement = demand.requirement
    return {"requirement": requirement.id, **pack_field(pack, requirement.id),
            "title": requirement.title.en, "severity": requirement.severity,
            "why": requirement.why.en.strip(), "methods": list(demand.methods),
            "citation": {"page": requirement.citation.page, "table": requirement.citation.table,
                         "row": requirement.citation.row, "note": requirement.citation.note}}
