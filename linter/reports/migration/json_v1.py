"""JSON, schema `aclproof/migration/v1`: linter/schemas/migration-v1.schema.json describes it."""

from __future__ import annotations

from typing import Any

from aclproof.linter.demands.port_request import PortRequest
from aclproof.linter.harmless import as_json
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.migration.sections import Migrated, Section, sections
from aclproof.linter.reports.request.entries import entries
from aclproof.linter.reports.request.json_v1 import flow_data, left_out
from aclproof.linter.reports.writing.pack_data import pack_data

SCHEMA = "aclproof/migration/v1"


def render(migrated: Migrated) -> str:
    """Write the whole migration; the same one gives the same bytes."""
    found = migrated.migration
    flows: dict[str, Any] = {each.change: _flows(migrated, each) for each in sections(migrated, Words())}
    return as_json({"schema": SCHEMA, "from": _pack(found.before), "to": _pack(found.after),
                    "site_file": found.after.site_file or None, **flows})


def _pack(request: PortRequest) -> dict[str, Any]:
    return {**pack_data(request.pack), "left_out": left_out(request),
            "assumptions": [{"key": key, "value": value} for key, value in request.assumed.items()]}


def _flows(migrated: Migrated, section: Section) -> list[dict[str, Any]]:
    found = zip(section.request.flows, entries(section.request, Words()), strict=True)
    return [{**flow_data(flow, entry, section.request.pack),
             "state": (migrated.state(flow) or None) if section.change != "close" else None}
            for flow, entry in found]
