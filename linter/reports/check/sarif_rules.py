"""The tool component of a SARIF run: requirements as rules, and what notifications mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aclproof.linter.harmless import visible
from aclproof.linter.observation import CHECKS, CheckId
from aclproof.linter.reports.check.sentences import cut
from aclproof.linter.reports.explain.glossary import CHECKS as CHECKS_MEAN
from aclproof.linter.reports.writing import said
from aclproof.linter.reports.writing.about import NAME, VERSION
from aclproof.linter.reports.writing.markdown_text import code, plain
from aclproof.linter.reports.writing.wording import a_method
from aclproof.linter.result import DemandResult, Result
from aclproof.linter.testimony import Standing
from aclproof.rules.pack import Pack

_LONGEST = 1024
"""GitHub refuses a longer description; characters."""
_LONGEST_NAME = 255
_NOTIFICATIONS = {
    "unread-line": "A line of a configuration was not read and could decide a verdict.",
    "approximated-line": "A line of a configuration was read only in part and could decide a verdict.",
    "not-assessed": "{method} was not assessed.",
    "waiver": "A waiver expired, is not used, or ends soon.",
    "baseline": "Gaps that a baseline knows are cured.",
    "not-told": "Lines or lists of which a check of an audit does not tell.",
    "results-cut": "There are more findings than a run may hold."}
NOTIFICATIONS = tuple(_NOTIFICATIONS)
"""The kinds of notification, in the order of their descriptors."""


def driver(result: Result) -> dict[str, Any]:
    """Describe the tool; every requirement of the result is a rule, in the result's order."""
    method = a_method(result.pack)
    named = {"method": _literal(visible(method[:1].upper() + method[1:]))}
    return {"name": NAME, "semanticVersion": VERSION,
            "rules": [*(_rule(each, result.pack.part_with(each.requirement.id)) for each in result.demands),
                      *(_check(each) for each in (result.audit.checks if result.audit else ())),
                      *(_standing(each) for each in (said.LEVELS if result.testimony else ()))],
            "notifications": [{"id": kind, "shortDescription": {"text": text.format(**named)}}
                              for kind, text in _NOTIFICATIONS.items()]}


def audit_rule(check: CheckId) -> str:
    """Return the id of the rule of a check."""
    return f"audit/{check}"


def evidence_rule(standing: Standing) -> str:
    """Return the id of the rule for answers that stand so to the proof."""
    return f"evidence/{standing}"


def _standing(standing: Standing) -> dict[str, Any]:
    text = said.TITLES[standing]
    return {"id": evidence_rule(standing), "name": standing, "shortDescription": sarif_message(text),
            "fullDescription": sarif_message(text), "help": {"text": _literal(text)},
            "defaultConfiguration": {"level": said.LEVELS[standing]},
            "properties": {"tags": ["firewall", "evidence"], "precision": "very-high",
                           "problem.severity": said.LEVELS[standing]}}


def _check(check: CheckId) -> dict[str, Any]:
    text = CHECKS_MEAN[check]
    return {"id": audit_rule(check), "name": check, "shortDescription": sarif_message(text),
            "fullDescription": sarif_message(text),
            "help": {"text": _literal(text), "markdown": _braced(text)},
            "defaultConfiguration": {"level": CHECKS[check]},
            "properties": {"tags": ["firewall", "audit"], "precision": "very-high",
                           "problem.severity": "warning" if CHECKS[check] == "warning" else "recommendation"}}


def sarif_message(text: str, *, links: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Make a message object: foreign text cannot become a placeholder or a link.

    `links` name near misses, (where, what); the first goes to the related location with id 1, and so on.
    """
    near = "; ".join(f"[{_linked(where)}]({number}) {_literal(visible(what))}"
                     for number, (where, what) in enumerate(links, 1))
    return {"text": _literal(text) + (f" Nearest rules: {near}." if near else "")}


def _literal(text: str) -> str:
    return _braced(text).replace("](", "] (")


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _linked(text: str) -> str:
    return _literal(re.sub(r"([\\\[\]])", r"\\\1", visible(text)))


def _rule(demand: DemandResult, pack: Pack) -> dict[str, Any]:
    requirement, citation = demand.requirement, demand.requirement.citation
    title, why, fix = requirement.title.en, requirement.why.en, requirement.fix.en
    source = f"{citation.page}, {citation.table}, {citation.row}"
    web = re.fullmatch(r"https?://[^\s<>\\]+", pack.page.url)
    link = f"[{plain(source)}](<{pack.page.url}>)" if web else code(source)
    written: dict[str, Any] = {
        "id": requirement.id,
        "name": "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:_LONGEST_NAME] or requirement.id,
        "shortDescription": sarif_message(cut(visible(title), _LONGEST)),
        "fullDescription": sarif_message(cut(visible(why), _LONGEST)),
        "help": {"text": _literal(visible(f"{why} To do: {fix} Source: {source}, {pack.page.url}")),
                 "markdown": _braced(f"{plain(why)}\n\n**To do:** {plain(fix)}\n\n**Source:** {link}")},
        "defaultConfiguration": {"level": requirement.severity},
        "properties": {"tags": ["firewall", pack.id, *requirement.methods][:20],
                       "precision": "very-high", "problem.severity": requirement.severity}}
    return {**written, "helpUri": pack.page.url} if web else written
