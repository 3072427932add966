"""JSON, schema `aclproof/check/v1`: a shape of its own, frozen; not a dump of internal classes.

linter/schemas/check-v1.schema.json describes it. Counts can be larger than 2**53 (IPv6): read them as big
integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from aclproof.linter import harmless
from aclproof.linter.basis import Assumption, Input, SettingValue
from aclproof.linter.gap import BaselineUse, State
from aclproof.linter.questions import Question
from aclproof.linter.reports.writing import about, wording
from aclproof.linter.reports.writing.pack_data import pack_field, packs_data
from aclproof.linter.result import (
    Conditional,
    DemandResult,
    Evidence,
    Line,
    MethodResult,
    Missing,
    Result,
    Undecided,
    Verdict,
)
from aclproof.linter.verdict.findings import findings
from aclproof.linter.verdict.not_checked import not_checked
from aclproof.linter.verdict.severity import warnings
from aclproof.linter.waiver import Waiver, WaiverUse
from aclproof.parsers.model.addresses import spell, spell_all
from aclproof.parsers.model.notes import LineCounts, Note, Span
from aclproof.parsers.model.packets import Box, size
from aclproof.parsers.model.services import PROTOCOL_NAMES, is_icmp
from aclproof.rules.pack import Pack

if TYPE_CHECKING:
    from aclproof.linter.observation import Audit, Observation, Rewrite

SCHEMA = "aclproof/check/v1"


def render(result: Result, history: dict[str, Any] | None = None) -> str:
    """Write the whole result; the same result gives the same bytes.

    With the history of the site, as `aclproof/history/v1` has it, that is a part of it.
    """
    return harmless.as_json({**document(result), **({"history": history} if history else {})})


def document(result: Result) -> dict[str, Any]:
    """Return what the report holds, for one that holds several."""
    names = iter([each.fingerprint for each in findings(result)])
    return {
        "schema": SCHEMA,
        "tool": {"name": about.NAME, "version": about.VERSION},
        "as_of": result.scope.as_of.isoformat(),
        "site": _site(result),
        **packs_data(result.pack),
        "inputs": [_input(each) for each in result.inputs],
        "assumptions": [_assumption(each) for each in result.assumptions],
        "methods": [_method(each, result) for each in result.methods],
        "results": [{**_demand(each, names, result.pack), **_marks(each, result)} for each in result.demands],
        "waivers": [_use(each, result) for each in result.waivers],
        **({"baseline": _baseline(result.baseline)} if result.baseline else {}),
        **({"later_questions": [_question(each) for each in result.later]} if result.later else {}),
        **_fixes(result),
        **_testimony(result),
        **_self_check(result),
        **({"audit": _audit(result.audit)} if result.audit else {}),
        "summary": {
            "requirements": {**{verdict.value: result.count(verdict) for verdict in Verdict},
                             "waived": len(result.waived),
                             **({"known": len(result.known)} if result.baseline else {})},
            "methods": {each.id: each.verdict.value for each in result.methods},
            "warnings": len(warnings(result))},
    }


def _testimony(result: Result) -> dict[str, Any]:
    if not result.testimony:
        return {}
    from aclproof.linter.reports.check import json_testimony

    return {"evidence": json_testimony.document(result.testimony)}


def _self_check(result: Result) -> dict[str, Any]:
    if not result.agreement:
        return {}
    from aclproof.linter.reports.writing import judged_again

    return {"self_check": judged_again.as_data(result.agreement)}


def _marks(demand: DemandResult, result: Result) -> dict[str, Any]:
    if not result.testimony:
        return {}
    from aclproof.linter.reports.writing import said

    return {"answers": said.as_data(result.testimony, demand.requirement.id)}


def _audit(audit: Audit) -> dict[str, Any]:
    return {"checks": list(audit.checks), "found": list(map(_observation, audit.found)),
            "not_told": [{"firewall": firewall, **_place(span)} for firewall, span in audit.not_told],
            "left_out": [{"firewall": each.firewall, "list": each.name, "why": each.why}
                         for each in audit.left_out],
            **({"together": [{"firewall": each.firewall, "lines": [_place(span) for span in each.spans],
                              **_rewrite(each)} for each in audit.together]} if audit.together else {}),
            **({"fail_on": audit.fail_on, "failing": len(audit.failing)} if audit.fail_on else {})}


def _observation(each: Observation) -> dict[str, Any]:
    return {"check": each.check, "severity": each.severity, "firewall": each.firewall, **_place(each.span),
            "because": [_place(other) for other in each.others],
            **({"says": each.text} if each.text else {}),
            **({"requirements": list(each.requirements)} if each.requirements else {}),
            **({"perhaps": each.perhaps} if each.perhaps else {}),
            **({"hits": each.hits} if each.hits is not None else {}),
            **({"needed": size(each.needed), "surplus": each.size, "opened": each.opened,
                "surplus_packets": [wording.flow(box) for box in each.surplus]} if each.surplus else {}),
            **({"rewrite": _rewrite(each.rewrite)} if each.rewrite else {}),
            "fingerprint": each.fingerprint, **_since(each.baseline)}


def _rewrite(found: Rewrite) -> dict[str, Any]:
    """What replaces lines, in the order in which it has to be entered; or why nothing does."""
    if found.refused:
        return {"refused": found.refused}
    return {"commands": list(found.commands), "remarks": list(found.advice)}


def _place(span: Span) -> dict[str, Any]:
    return {"file": span.file, "line": span.first_line, "text": span.text}


def _site(result: Result) -> dict[str, Any]:
    """What the answer is about: whose addresses, and which settings were given, assumed or derived."""
    scope = result.scope
    return {"file": scope.site_file or None,
            "roles": {role: spell_all(addresses) for role, addresses in scope.roles.items()},
            "without_addresses": {role: list(ids) for role, ids in scope.without_addresses.items()},
            "settings": {key: _setting(each) for key, each in scope.settings.items()}}


def _setting(each: SettingValue) -> dict[str, str]:
    written = {"value": each.value, "origin": each.origin}
    return {**written, "follows": each.follows} if each.follows else written


def _fixes(result: Result) -> dict[str, Any]:
    """Verified permits, where `--fixes` was given."""
    if result.fixes is None:
        return {}
    return {"fixes": [{"firewall": each.firewall, "vendor": each.vendor, "lines": list(each.lines),
                       "requirements": list(each.requirements)} for each in result.fixes]}


def _input(read: Input) -> dict[str, Any]:
    return {
        "name": read.name, "path": read.path, "sha256": read.sha256, "vendor": read.vendor,
        "version": read.version, "line_counts": line_counts(read.line_counts), "notes": notes(read.notes)}


def line_counts(counts: LineCounts) -> dict[str, int]:
    """Write how many lines ended in which state, the same in every JSON of ours."""
    return {"total": counts.total, "understood": counts.understood, "ignored": counts.ignored,
            "approximated": counts.approximated, "unread": counts.unread}


def notes(found: Iterable[Note]) -> list[dict[str, Any]]:
    """Write the lines that were approximated or not read."""
    return [{"state": note.state.value, "line": note.span.first_line, "text": note.span.text,
             "reason": note.reason, "decides": note.decides} for note in found]


def _assumption(assumption: Assumption) -> dict[str, Any]:
    written = {"key": assumption.key, "value": assumption.value, "origin": assumption.origin}
    if assumption.follows:
        written["follows"] = assumption.follows
    if assumption.origin == "relied-on":
        written |= {"question": assumption.question, "find_out": assumption.find_out}
    return written


def _method(each: MethodResult, result: Result) -> dict[str, Any]:
    return {"method": each.id, **pack_field(result.pack, each.id), "title": each.title,
            "verdict": each.verdict.value, "requirements": list(each.requirements),
            "reason": each.reason or None,
            "warnings": [demand.requirement.id for demand in warnings(result, each)],
            "not_checked": [demand.requirement.id for demand in not_checked(result, each)],
            **({"conditional": _conditional(each.conditional)} if each.conditional else {})}


def _conditional(found: Conditional) -> dict[str, Any]:
    return {"verdict": found.verdict.value,
            "answers": {each.question.key: each.question.word(each.value) for each in found.answers},
            "otherwise": found.otherwise.value if found.otherwise else None}


def _usually(demand: DemandResult) -> dict[str, Any]:
    """What the usual answers would make of it."""
    missing = [{"leg": part.leg, "way": part.way, **packets(box), "blocked_by": line(part.blocked_by)}
               for part in demand.missing for box in part.boxes]
    return {"verdict": demand.verdict.value, "missing": missing}


def _question(question: Question) -> dict[str, Any]:
    return {"question": question.because, "fact": question.key or None, "answers": question.answers,
            "usual": None if question.usual is None else question.word(question.usual),
            "find_out": question.find_out or None}


def _demand(demand: DemandResult, names: Iterator[str], pack: Pack) -> dict[str, Any]:
    return {
        "requirement": demand.requirement.id, **pack_field(pack, demand.requirement.id),
        "title": demand.requirement.title.en, "severity": demand.requirement.severity,
        "methods": list(demand.methods),
        "verdict": "waived" if demand.waiver else demand.verdict.value,
        **({"reason": demand.reason} if demand.reason else {}),
        **({"proven": demand.verdict.value, "waiver": _waiver(demand.waiver)} if demand.waiver else {}),
        "from": demand.requirement.source, "to": demand.requirement.destination,
        "flow": [wording.flow(box, whole=demand.boxes) for box in demand.boxes],
        "hops": [{"firewall": hop.firewall, "verdict": hop.verdict.value, "ways": list(hop.ways)}
                 for hop in demand.hops],
        "coverage": {"permitted": demand.coverage.permitted, "required": demand.coverage.required,
                     "stopped": demand.coverage.stopped},
        **_since(demand.baseline), **({"known": demand.known} if demand.baseline else {}),
        "missing": [entry for part in demand.missing for entry in _missing(part, next(names))],
        "undecided": [entry for part in demand.undecided for entry in _undecided(part, next(names))],
        "evidence": [_evidence(part, box) for part in demand.evidence for box in part.boxes],
        **({"usually": _usually(demand.usually)} if demand.usually else {}),
        "caveats": list(demand.caveats),
        "witness": str(demand.witness) if demand.witness else None}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {"id": waiver.id, "reason": waiver.reason, "owner": waiver.owner,
            "approved_by": waiver.approved_by or None, "ticket": waiver.ticket or None,
            "expires": waiver.expires.isoformat()}


def _use(use: WaiverUse, result: Result) -> dict[str, Any]:
    waiver = use.waiver
    return {**_waiver(waiver), "requirement": waiver.requirement,
            **pack_field(result.pack, waiver.requirement), "firewall": waiver.firewall or None,
            **({"site": list(waiver.sites)} if waiver.sites else {}),
            "created": waiver.created.isoformat() if waiver.created else None,
            "days_left": waiver.days_left(result.scope.as_of), "file": waiver.span.file,
            "line": waiver.span.first_line,
            "state": use.state, "because": use.because or None}


def _missing(part: Missing, name: str) -> Iterator[dict[str, Any]]:
    """One entry for each box of packets; those of one finding share its fingerprint."""
    for box in part.boxes:
        yield {"fingerprint": name, "leg": part.leg, "way": part.way, **packets(box),
               "blocked_by": line(part.blocked_by), "advice": part.advice or None,
               "near": [{"kind": near.kind, "text": near.text, "line": line(near.rule)}
                        for near in part.near],
               "translated_by": [line(each) for each in part.translated_by], **_since(part.baseline)}


def _undecided(part: Undecided, name: str) -> Iterator[dict[str, Any]]:
    for box in part.boxes:
        yield {"fingerprint": name, "leg": part.leg, "way": part.way, **packets(box),
               "because": list(part.because), "facts": list(part.facts),
               "find_out": list(part.find_out), "questions": [_question(each) for each in part.questions],
               "firewall": part.firewall or None,
               "line": line(part.line) if part.line else None, **_since(part.baseline)}


def _since(state: State | None) -> dict[str, Any]:
    """What became of it since the baseline."""
    return {"baseline": state} if state else {}


def _baseline(use: BaselineUse) -> dict[str, Any]:
    return {"file": use.file, "cured": [
        {"requirement": each.requirement, "firewall": each.firewall or None, "leg": each.leg,
         "verdict": each.verdict} for each in use.cured],
        **({"gone": [{"check": check, "firewall": firewall, "text": line}
                     for check, firewall, line, _ in (each.key for each in use.gone)]} if use.gone else {})}


def _evidence(part: Evidence, box: Box) -> dict[str, Any]:
    return {"leg": part.leg, "way": part.way, **packets(box), "permitted_by": line(part.permitted_by)}


def packets(box: Box) -> dict[str, Any]:
    """Write a set of packets, the same in every JSON of ours."""
    def numbers(ranges: tuple[tuple[int, int], ...]) -> list[str]:
        return [str(low) if low == high else f"{low}-{high}" for low, high in ranges]

    icmp = is_icmp(box.protocol)
    first, second = ("icmp_types", "icmp_codes") if icmp else ("source_ports", "destination_ports")
    return {"source": spell(box.family, box.sources.ranges),
            "destination": spell(box.family, box.destinations.ranges),
            "protocol": PROTOCOL_NAMES.get(box.protocol, str(box.protocol)),
            first: numbers(box.source_ports.ranges), second: numbers(box.destination_ports.ranges)}


def line(found: Line) -> dict[str, Any]:
    """Write a line that decides, the same in every JSON of ours."""
    return {"firewall": found.firewall, "file": found.span.file, "line": found.span.first_line,
            "text": found.text, "kind": found.kind}
