"""SARIF 2.1.0, for code scanning: OASIS' schema, and what GitHub requires besides it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from aclproof.linter.harmless import as_json, visible
from aclproof.linter.reports.check import sarif_rules, sentences
from aclproof.linter.reports.check.grounds import grounds
from aclproof.linter.reports.check.sarif_rules import sarif_message
from aclproof.linter.reports.writing import judged_again, said
from aclproof.linter.reports.writing.file_uris import FileNames
from aclproof.linter.reports.writing.observed import RELATIONS, left_open, sentence
from aclproof.linter.reports.writing.wording import few, pack_file
from aclproof.linter.result import Hop, HopVerdict, Line, MethodVerdict, Missing, Result
from aclproof.linter.verdict.findings import Finding, findings, worst_first
from aclproof.linter.waiver import Waiver
from aclproof.parsers.model.addresses import spell
from aclproof.parsers.model.notes import Note, Span, State

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_MOST_RESULTS = 25_000
"""GitHub refuses a run with more."""
_MOST_RELATED = 20
"""Locations besides that of the line; GitHub shows 100 of a result."""
_MOST_NOTIFICATIONS = 1000
_MOST_HOPS = 10
"""Firewalls in the flow of one result."""
_MOST_STEPS = 4000
"""Steps of all flows, of about 1 kB: on a long path every firewall has results, and each its own flow."""
_STATES = {"new": "new", "grown": "updated", "shrunk": "updated", "unchanged": "unchanged"}
"""`absent` ones are open alerts to readers that do not know the word: what is cured is a notification."""
_HOPS = {HopVerdict.PASSES: "lets it pass", HopVerdict.STOPS: "stops it", HopVerdict.OPEN: "is undecided",
         HopVerdict.BESIDE: "is not crossed", HopVerdict.UNSEEN: "is not reached"}


def render(result: Result, places: FileNames) -> str:
    """Write one run with one result for each finding; the worst come first."""
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run(result, places)]})


def run(result: Result, places: FileNames) -> dict[str, Any]:
    """Return the run alone, for a file with several."""
    return _Run(result, places).write()


class _Run:
    def __init__(self, result: Result, places: FileNames) -> None:
        self._result, self._places = result, places
        self._packs = {each.origin.file: each.origin.sha256 for each in result.pack.each if each.origin}
        transcripts = result.testimony.transcripts if result.testimony else ()
        files = dict.fromkeys([*(each.path for each in result.inputs), result.scope.site_file, *self._packs,
                               *(each.name for each in transcripts)])
        self._artifacts = {file: number for number, file in enumerate(filter(None, files))}
        self._files = {file: self._file(file) for file in self._artifacts}
        self._rules = {each.requirement.id: number for number, each in enumerate(result.demands)}
        self._found = worst_first(findings(result))
        ends = 2
        self._most_hops = min(_MOST_STEPS // max(len(self._found), 1) - ends, _MOST_HOPS)

    def write(self) -> dict[str, Any]:
        result, found, known = self._result, self._found, list(grounds(self._result))
        site = self._places.path(result.scope.site_file) if result.scope.site_file else "options"
        return {
            "tool": {"driver": sarif_rules.driver(result)},
            "automationDetails": {"id": f"aclproof/{result.pack.id}/{site}/"},
            "language": "en",
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": sarif_message(
                "The root of the repository, or the folder in which aclproof ran.")}},
            "invocations": [{
                "executionSuccessful": True,
                "toolExecutionNotifications": list(self._unread(
                    len(found) + len(result.audit.found if result.audit else ()) - _MOST_RESULTS)),
                "toolConfigurationNotifications": list(self._site_notes())}],
            "artifacts": [self._artifact(file) for file in self._artifacts],
            "results": [*(self._of(each) for each in found[:_MOST_RESULTS]),
                        *self._contradicting(), *self._observed(_MOST_RESULTS - len(found))],
            "properties": {
                "pack": {"id": result.pack.id, "version": result.pack.version},
                **({"packs": {each.id: each.version for each in result.pack.parts}} if result.pack.parts
                   else {}),
                "asOf": result.scope.as_of.isoformat(),
                "methods": {each.id: each.verdict.value for each in result.methods},
                "assumptions": {each.key: each.value for each in result.assumptions},
                **({"packFile": pack_file(result.pack)} if self._packs else {}),
                "stated": [text for kind, text in known if kind == "stated"],
                "reliedOn": [text for kind, text in known if kind == "relied-on"],
                **({"selfCheck": judged_again.as_data(result.agreement)} if result.agreement else {}),
                "conditions": [text for kind, text in known if kind == "condition"]}}

    def _artifact(self, file: str) -> dict[str, Any]:
        read = next((each for each in self._result.inputs if each.path == file), None)
        if read is None:
            written = {"location": self._file(file), "roles": ["userSpecifiedConfiguration"]}
            return {**written, "hashes": {"sha-256": self._packs[file]}} if file in self._packs else written
        counts = read.line_counts
        return {"location": self._file(file), "roles": ["analysisTarget"], "hashes": {"sha-256": read.sha256},
                "properties": {"vendor": read.vendor, "lines": counts.total, "unread": counts.unread,
                               "approximated": counts.approximated}}

    def _of(self, finding: Finding) -> dict[str, Any]:
        demand, part = finding.demand, finding.part
        related = list(_related(part))[:_MOST_RELATED] if isinstance(part, Missing) else []
        written: dict[str, Any] = {
            "ruleId": demand.requirement.id,
            "ruleIndex": self._rules[demand.requirement.id],
            "level": sentences.level(finding),
            "message": sarif_message(sentences.message(finding, near=False), links=[
                (f"{each.line.span}", each.text) for each in related if each.near]),
            "locations": [self._location(finding.span, finding.firewall)],
            "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
            "fingerprints": {"aclproof/v1": finding.fingerprint},
            "suppressions": [self._suppression(finding.waiver)] if finding.waiver else [],
            **({"baselineState": _STATES[part.baseline]} if part.baseline else {}),
            "properties": {"verdict": finding.verdict.value, "leg": part.leg, "way": part.way,
                           "methods": list(demand.methods), "fix": list(finding.fix),
                           **({"answers": said.as_data(self._result.testimony, demand.requirement.id)}
                              if self._result.testimony else {})}}
        if related:
            written["relatedLocations"] = [
                {"id": number, **self._location(line.line.span, line.line.firewall, line.text)}
                for number, line in enumerate(related, 1)]
        if len(demand.hops) > 1 and self._most_hops > 0:
            written["codeFlows"] = [{"threadFlows": [{"locations": list(self._flow(finding))}]}]
        return written

    def _contradicting(self) -> Iterator[dict[str, Any]]:
        """Answers of devices that do not agree with the proof."""
        checks = len(self._result.audit.checks) if self._result.audit else 0
        levels = list(said.LEVELS)
        for each in said.bad(self._result.testimony) if self._result.testimony else ():
            mark = said.fingerprint(each)
            yield {
                "ruleId": sarif_rules.evidence_rule(each.standing), "level": said.LEVELS[each.standing],
                "ruleIndex": len(self._rules) + checks + levels.index(each.standing),
                "message": sarif_message(said.message_of(each)),
                "locations": [self._location(each.decided_by or each.answer.span, each.firewall)],
                "relatedLocations": [{"id": 1, **self._location(each.answer.span, each.firewall,
                                                                "the device's answer")}],
                "partialFingerprints": {"primaryLocationLineHash": mark},
                "fingerprints": {"aclproof/v1": mark}}

    def _observed(self, most: int) -> Iterator[dict[str, Any]]:
        """What the checks of an audit name, as far as there is room for it."""
        audit = self._result.audit
        for each in audit.found[:max(most, 0)] if audit else ():
            yield {
                "ruleId": sarif_rules.audit_rule(each.check), "level": each.level,
                "ruleIndex": len(self._rules) + audit.checks.index(each.check) if audit else 0,
                "message": sarif_message(sentence(each, because=False)),
                "locations": [self._location(each.span, each.firewall)],
                "relatedLocations": [
                    {"id": number, **self._location(other, each.firewall,
                                                    f"{RELATIONS[each.check]} this line")}
                    for number, other in enumerate(each.others[:_MOST_RELATED], 1)],
                "partialFingerprints": {"primaryLocationLineHash": each.fingerprint},
                "fingerprints": {"aclproof/v1": each.fingerprint},
                **({"baselineState": _STATES[each.baseline]} if each.baseline else {})}

    def _flow(self, finding: Finding) -> Iterator[dict[str, Any]]:
        """The path of the packets: who sends them, every firewall, where they should arrive."""
        requirement, box = finding.demand.requirement, finding.part.boxes[0]
        ends, hops = [requirement.source, requirement.destination], list(finding.demand.hops)
        if finding.part.leg == "reply":
            ends, hops = ends[::-1], hops[::-1]
        outside = Span(self._result.scope.site_file or self._result.inputs[0].path, 1, 1, "")
        near = _nearest(hops, finding.firewall, self._most_hops)
        left_out = len(hops) - len(near)
        more = f" ({left_out} firewalls of the path are left out)" if left_out else ""
        steps = [(outside, "", f"{ends[0]} sends {sentences.packets(finding)}{more}", False)]
        steps += [self._hop(finding, hop) for hop in near]
        steps.append((outside, "", f"{few(spell(box.family, box.destinations.ranges))} ({ends[1]}) is where "
                                   "they should arrive", False))
        for span, firewall, text, decides in steps:
            yield {"location": self._location(span, firewall, text),
                   "importance": "essential" if decides else "important"}

    def _hop(self, finding: Finding, hop: Hop) -> tuple[Span, str, str, bool]:
        demand = finding.demand
        if hop.firewall == finding.firewall:
            word = "stops them" if isinstance(finding.part, Missing) else "may stop them"
            return finding.span, hop.firewall, f"{hop.firewall} {word}", True
        lines = [each.permitted_by for each in demand.evidence if hop.verdict is HopVerdict.PASSES]
        lines += [each.blocked_by for each in demand.missing]
        lines += [each.line for each in demand.undecided if each.line]
        at = next((each.span for each in lines if each.firewall == hop.firewall), None)
        file = next(each.path for each in self._result.inputs if each.name == hop.firewall)
        return at or Span(file, 1, 1, ""), hop.firewall, f"{hop.firewall} {_HOPS[hop.verdict]}", False

    def _suppression(self, waiver: Waiver) -> dict[str, Any]:
        written: dict[str, Any] = {"kind": "external", "status": "accepted",
                                   "justification": visible(sentences.waived(waiver))}
        if waiver.span.first_line:
            written["location"] = self._location(waiver.span)
        return written

    def _unread(self, left_out: int) -> Iterator[dict[str, Any]]:
        if left_out > 0:
            yield _note("results-cut", "warning", f"{left_out} more findings: a run holds {_MOST_RESULTS}. "
                                                  "The other formats of aclproof list all of them.")
        notes = [note for each in self._result.inputs for note in each.notes if note.decides]
        for note in notes[:_MOST_NOTIFICATIONS]:
            place = {"artifactLocation": self._file(note.span.file),
                     "region": {"startLine": note.span.first_line}}
            yield {**_unread(note), "locations": [{"physicalLocation": place}]}
        if len(notes) > _MOST_NOTIFICATIONS:
            yield _note("unread-line", "warning", f"{len(notes) - _MOST_NOTIFICATIONS} more such lines.")

    def _site_notes(self) -> Iterator[dict[str, Any]]:
        for method in self._result.methods:
            if method.verdict is MethodVerdict.NOT_ASSESSED:
                yield _note("not-assessed", "note", f"{method.title} was not assessed: {method.reason}.")
        for text in sentences.cured(self._result):
            yield _note("baseline", "note", text)
        for text in left_open(self._result.audit) if self._result.audit else ():
            yield _note("not-told", "note", text)
        for use, level, text in sentences.waiver_notices(self._result):
            where = [self._location(use.waiver.span)] if use.waiver.span.first_line else []
            yield {**_note("waiver", level, text), "locations": where}

    def _location(self, span: Span, firewall: str = "", text: str = "") -> dict[str, Any]:
        quoted = span.text if span.literal else ""
        region: dict[str, Any] = {"startLine": span.first_line, "startColumn": span.column,
                                  "endLine": span.last_line, "endColumn": span.column + len(quoted)}
        if quoted:
            region["snippet"] = {"text": quoted}
        written: dict[str, Any] = {"physicalLocation": {
            "artifactLocation": self._files.get(span.file) or self._file(span.file), "region": region}}
        if firewall:
            written["logicalLocations"] = [{"name": firewall, "kind": "resource"}]
        if text:
            written["message"] = sarif_message(visible(text))
        return written

    def _file(self, file: str) -> dict[str, Any]:
        uri = self._places.uri(file)
        written: dict[str, Any] = {"uri": uri}
        if not uri.startswith("file:"):
            written["uriBaseId"] = _ROOT
        if file in self._artifacts:
            written["index"] = self._artifacts[file]
        return written


def _nearest(hops: Sequence[Hop], firewall: str, most: int) -> Sequence[Hop]:
    """Of a long path the stretch around one of its firewalls, or its beginning."""
    at = next((number for number, hop in enumerate(hops) if hop.firewall == firewall), 0)
    first = max(min(at - most // 2, len(hops) - most), 0)
    return hops[first:first + most]


class _Related(Struct, frozen=True):
    line: Line
    text: str
    near: bool


def _related(part: Missing) -> Iterator[_Related]:
    """The lines that a reader of a finding wants to see as well: near misses first."""
    for near in part.near:
        said = "" if near.rule.span.literal else f": {near.rule.text}"  # there is no snippet of it
        yield _Related(near.rule, f"{near.text}{said}", True)
    for span in dict.fromkeys(span for line in (part.blocked_by, *(near.rule for near in part.near))
                              for span in line.names):
        yield _Related(Line(part.blocked_by.firewall, span, "definition", span.text),
                       f"{span.text} is defined here", False)
    for line in part.translated_by:
        yield _Related(line, f"{line.firewall} translates the packets before", False)


def _note(kind: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": kind, "index": sarif_rules.NOTIFICATIONS.index(kind)}, "level": level,
            "message": sarif_message(visible(text))}


def _unread(note: Note) -> dict[str, Any]:
    kind, how = ("unread-line", "not read") if note.state is State.UNREAD else ("approximated-line",
                                                                                "read only in part")
    return _note(kind, "warning", f"Line {note.span.first_line} was {how} and could decide: {note.reason}.")
