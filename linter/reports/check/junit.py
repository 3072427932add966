"""JUnit XML: one suite for each path of firewalls, one case for each method and requirement.

Of an audit one suite for each firewall, and one case for each check.

There is no official schema; the tests use that of Jenkins' xUnit plugin, the strictest one in use.
A failure is something missing, an error something undecided, a skipped case is waived, known,
only warned of, or was not assessed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # writes only: nothing foreign is parsed
from collections.abc import Iterable, Sequence

from aclproof.linter.harmless import visible, whole
from aclproof.linter.observation import Audit
from aclproof.linter.reports.check import sentences
from aclproof.linter.reports.check.grounds import grounds
from aclproof.linter.reports.writing import said
from aclproof.linter.reports.writing.observed import TITLES, left_open, sentence
from aclproof.linter.reports.writing.wording import lacking
from aclproof.linter.result import DemandResult, MethodVerdict, Result, Verdict
from aclproof.linter.testimony import Testimony
from aclproof.linter.verdict.findings import Finding, findings
from aclproof.rules.joined import bare
from aclproof.rules.pack import Pack

_NOWHERE = "no firewall"
_NOT_ASSESSED = "not assessed"


def render(result: Result) -> str:
    """Write all suites, in the result's order; no times, so that the same result gives the same bytes."""
    root = _all_suites(result)
    _count(root, list(root))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def suites(result: Result, site: str) -> str:
    """Write the suites alone, each named with the site, for a file about several."""
    root = _all_suites(result)
    for suite in root:
        suite.set("name", f"{visible(site)} / {suite.get('name')}")
    ET.indent(root)
    return "".join(f"  {ET.tostring(suite, encoding='unicode').rstrip()}\n" for suite in root)


def _all_suites(result: Result) -> ET.Element:
    root = ET.Element("testsuites", name=f"aclproof {visible(result.pack.id)}")
    found = findings(result)
    demands = [each for each in result.demands if each.verdict is not Verdict.NOT_APPLICABLE]
    for path in dict.fromkeys(_path(each) for each in demands):
        suite = _suite(root, result, path)
        for demand in (each for each in demands if _path(each) == path):
            of_demand = [finding for finding in found if finding.demand is demand]
            for method in demand.methods:
                _case(suite, _class(method, result.pack), demand, of_demand)
    _not_assessed(root, result)
    if result.testimony:
        _said(_suite(root, result, ()), result.testimony)
    if result.audit:
        for firewall in dict.fromkeys(each.name for each in result.inputs):
            _audited(_suite(root, result, (firewall,)), result.audit.of(firewall), firewall)
    for suite in root:
        _count(suite, [suite])
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return root


def _path(each: DemandResult) -> tuple[str, ...]:
    return tuple(hop.firewall for hop in each.hops)


def _suite(root: ET.Element, result: Result, path: Sequence[str]) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", name=" > ".join(map(visible, path)) or _NOWHERE)
    properties = ET.SubElement(suite, "properties")
    _property(properties, "as-of", result.scope.as_of.isoformat())
    for each in result.inputs:
        if each.name in path:
            _property(properties, f"sha256:{each.path}", each.sha256)
    for kind, text in grounds(result):
        _property(properties, kind, text)
    for use, _, text in sentences.waiver_notices(result):
        _property(properties, f"waiver:{use.waiver.id}", text)
    return suite


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=visible(name), value=visible(value))


def _class(method: str, pack: Pack) -> str:
    """The method, with its pack where there are several."""
    return f"{pack.part_with(method).id}/{bare(method)}" if pack.parts else method


def _case(suite: ET.Element, method: str, demand: DemandResult, found: Sequence[Finding]) -> None:
    requirement = demand.requirement
    case = ET.SubElement(suite, "testcase", classname=visible(method),
                         name=visible(f"{requirement.id}: {requirement.title.en}"))
    lines = [_describe(each) for each in found]
    if demand.waiver:
        _outcome(case, "skipped", "waived", sentences.waived(demand.waiver), lines)
    elif demand.known:
        what = f"{demand.verdict.value.capitalize()}. {sentences.of_baseline(demand.baseline)}"
        _outcome(case, "skipped", "known", what, lines)
    elif demand.unproven and demand.is_warning:
        _outcome(case, "skipped", "warning", f"Warning, {demand.status}: {requirement.fix.en}", lines)
    elif demand.verdict is Verdict.MISSING:
        what = f"Missing: {lacking(demand)}. {requirement.fix.en}"
        _outcome(case, "failure", "missing", what, lines)
    elif demand.verdict is Verdict.UNDECIDED:
        facts = dict.fromkeys(fact for each in demand.undecided for fact in each.facts)
        settle = f" Settle it with facts in the site file: {', '.join(facts)}." if facts else ""
        what = "; ".join(dict.fromkeys(text for each in demand.undecided for text in each.because))
        _outcome(case, "error", "undecided", f"Not known: {what}.{settle}", lines)


def _describe(finding: Finding) -> str:
    """Two lines for a finding: where, and what."""
    firewall = f" on {finding.firewall}" if finding.firewall else ""
    where = f"{finding.verdict.value} at {finding.span}{firewall}"
    return f"{visible(where)}\n  {sentences.message(finding)}"


def _outcome(case: ET.Element, tag: str, kind: str, text: str, lines: Iterable[str]) -> None:
    outcome = ET.SubElement(case, tag, type=kind, message=sentences.cut(visible(text)))
    outcome.text = whole("\n".join(lines))


def _said(suite: ET.Element, testimony: Testimony) -> None:
    """What contradicts is a failure, what nothing explains is skipped: it decides nothing."""
    suite.set("name", "what devices say")
    for standing in said.LEVELS:
        case = ET.SubElement(suite, "testcase", classname="evidence",
                             name=f"{standing}: {said.TITLES[standing]}")
        if found := testimony.of(standing):
            _outcome(case, "failure" if said.LEVELS[standing] == "error" else "skipped", standing,
                     said.TITLES[standing], [f"{visible(str(each.answer.span))}\n  {said.message_of(each)}"
                                             for each in found])


def _audited(suite: ET.Element, audit: Audit, firewall: str) -> None:
    """What lets the run fail is a failure; else what is named is skipped: it decides nothing."""
    suite.set("name", f"audit of {visible(firewall)}")
    for properties in suite.iter("properties"):
        for text in left_open(audit):
            _property(properties, "audit", text)
    for check in audit.checks:
        case = ET.SubElement(suite, "testcase", classname="audit", name=f"{check}: {TITLES[check]}")
        if found := [each for each in audit.found if each.check == check]:
            fails = any(each.check == check for each in audit.failing)
            kind = "known" if all(each.known for each in found) else found[0].severity
            lines = "1 line is named" if len(found) == 1 else f"{len(found)} lines are named"
            _outcome(case, "failure" if fails else "skipped", kind, f"{lines}: {TITLES[check]}",
                     [f"{visible(str(each.span))}\n  {sentence(each)}" for each in found])


def _not_assessed(root: ET.Element, result: Result) -> None:
    """An unassessed method must not look proven; where none was assessed, that is an error."""
    none = all(each.verdict is MethodVerdict.NOT_ASSESSED for each in result.methods)
    left_out = [each for each in result.methods if each.verdict is MethodVerdict.NOT_ASSESSED]
    suite = _suite(root, result, ()) if left_out else root
    for method in left_out:
        suite.set("name", _NOT_ASSESSED)
        case = ET.SubElement(suite, "testcase", classname=visible(method.id), name=visible(method.title))
        _outcome(case, "error" if none else "skipped", _NOT_ASSESSED, method.reason, ())


def _count(where: ET.Element, suites: Iterable[ET.Element]) -> None:
    within = [case for suite in suites for case in suite.iter("testcase")]
    for name, tag in (("tests", ""), ("failures", "failure"), ("errors", "error")):
        where.set(name, str(sum(1 for case in within if not tag or case.find(tag) is not None)))
