"""Reads every report back, as the programs that it is written for do: the common ground of the tests."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import unquote

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from markdown_it import MarkdownIt
from markdown_it.token import Token

from aclproof.linter.reports.check.grounds import TITLES

Finding = tuple[str, str, str, str, int]
"""Requirement, missing or undecided, firewall, file, line."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says, without how; None where the format does not say it."""

    findings: frozenset[Finding]
    statuses: dict[str, str] | None = None
    """Requirement to met, missing, undecided, waived."""
    methods: dict[str, str] | None = None
    fingerprints: frozenset[str] | None = None
    messages: tuple[str, ...] = field(default=())


def of_json(text: str, site: str) -> Told:
    report = json.loads(text)
    first: dict[str, str] = {}
    for each in report["inputs"]:
        first.setdefault(each["name"], each["path"])
    found: set[Finding] = set()
    names = set()
    for result in report["results"]:
        for part in result["missing"]:
            line = part["blocked_by"]
            found.add((result["requirement"], "missing", line["firewall"], line["file"], line["line"]))
        for part in result["undecided"]:
            firewall = part["firewall"] or ""
            line = part["line"] or {"file": first.get(firewall, site), "line": 1}
            found.add((result["requirement"], "undecided", firewall, line["file"], line["line"]))
        names |= {part["fingerprint"] for part in (*result["missing"], *result["undecided"])}
    statuses = {each["requirement"]: each["verdict"] for each in report["results"]}
    methods = {each["method"]: each["verdict"] for each in report["methods"]}
    return Told(frozenset(found), statuses, methods, frozenset(names))


def of_sarif(text: str) -> Told:
    run = json.loads(text)["runs"][0]
    found = set()
    for each in run["results"]:
        at = each["locations"][0]
        place = at["physicalLocation"]
        firewall = at["logicalLocations"][0]["name"] if "logicalLocations" in at else ""
        assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        found.add((each["ruleId"], each["properties"]["verdict"], firewall,
                   unquote(place["artifactLocation"]["uri"]), place["region"]["startLine"]))
    names = frozenset(each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"])
    return Told(frozenset(found), None, run["properties"]["methods"], names,
                tuple(each["message"]["text"] for each in run["results"]))


def of_junit(text: str) -> Told:
    words = {Failure: "missing", Error: "undecided", Skipped: "waived"}
    found: set[Finding] = set()
    statuses: dict[str, str] = {}
    outcomes: dict[str, set[str]] = {}
    for suite in JUnitXml.fromstring(text.encode()):
        assert isinstance(suite, TestSuite)
        for case in suite:
            assert isinstance(case, TestCase)
            assert len(case.result) <= 1
            status = words[type(case.result[0])] if case.result else "met"
            if case.result and case.result[0].type == "warning":  # decides nothing
                status = str(case.result[0].message).removeprefix("Warning, ").partition(":")[0]
                outcomes.setdefault(str(case.classname), set())
            else:
                outcomes.setdefault(str(case.classname), set()).add(status)
            requirement, _, title = str(case.name).partition(": ")
            if title:
                statuses[requirement] = status
            for each in case.result:
                for told in re.finditer(r"^(\w+) at (.*):(\d+)(?: on (.*))?$", each.text or "", re.MULTILINE):
                    found.add((requirement, told[1], told[4] or "", told[2], int(told[3])))
    methods = {name: "blocked" if "missing" in seen else "undecided" if "undecided" in seen else "works"
               for name, seen in outcomes.items()}
    return Told(frozenset(found), statuses, methods)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def of_csv(text: str) -> Told:
    rows = rows_of(text)
    found = frozenset((row["requirement"], row["verdict"], row["firewall"], row["file"], int(row["line"]))
                      for row in rows if row["line"])
    names = frozenset(row["fingerprint"] for row in rows if row["fingerprint"])
    return Told(found, {row["requirement"]: row["status"] for row in rows}, None, names)


def of_gitlab(text: str) -> Told:
    found = set()
    entries = [each for each in json.loads(text) if each["check_name"] not in TITLES]
    for each in entries:
        verdict, firewall = _said(each["description"])
        found.add((each["check_name"], verdict, firewall, each["location"]["path"],
                   each["location"]["lines"]["begin"]))
    return Told(frozenset(found), None, None, frozenset(each["fingerprint"] for each in entries),
                tuple(each["description"] for each in entries))


def _said(message: str) -> tuple[str, str]:
    if told := re.match(r"Undecided(?: on (.*?))?: ", message):
        return "undecided", told[1] or ""
    told = re.match(r"(.*?) stops ", message)
    assert told, message
    return "missing", told[1]


@dataclass(frozen=True, slots=True)
class Command:
    """A workflow command as GitHub's runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def command_of(line: str) -> Command | None:
    """Parse a line as the runner does: `::` at its start after white space, else `##[` anywhere in it."""
    known = {"error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-matcher", "set-env",
             "set-output", "save-state", "stop-commands", "echo", "add-path", "internal-set-repo-path"}
    text = line.lstrip()
    end = text.find("::", 2)
    if text.startswith("::") and end >= 0:
        name, _, rest = text[2:end].partition(" ")
        if name in known:
            pairs = (each.partition("=") for each in rest.split(",") if each)
            return Command(name, {key.strip(): _unescaped(value, ":,") for key, _, value in pairs},
                           _unescaped(text[end + 2:], ""))
    start = line.find("##[")
    close = line.find("]", start)
    if start >= 0 and close >= 0 and line[start + 3:close].split(" ")[0] in known:
        return Command(line[start + 3:close].split(" ")[0], {}, line[close + 1:])
    return None


def orders_in(text: str) -> list[str]:
    """What the runners of other pipelines would obey, wherever in a line it is.

    Azure Pipelines (Command.TryParse of its agent), TeamCity (service messages), GitLab
    (Gitlab::Ci::Ansi2json, without the escape sequence that it wants after a section's name).
    """
    return re.findall(r"##(?:vso|teamcity)\[[^\]\n]*\]?|section_(?:start|end):\d+:[\w.-]+", text,
                      re.IGNORECASE)


def _unescaped(text: str, more: str) -> str:
    for character in f"\r\n{more}":
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")


def commands_of(text: str) -> Iterator[Command]:
    return (command for line in text.splitlines() if (command := command_of(line)))


def of_github(text: str) -> Told:
    found = set()
    commands = [each for each in commands_of(text) if each.properties["title"] not in TITLES.values()]
    for each in commands:
        requirement, verdict = each.properties["title"].split(" ")[:2]
        firewall = _said(each.data)[1]
        found.add((requirement, verdict, firewall, each.properties["file"], int(each.properties["line"])))
    return Told(frozenset(found), messages=tuple(each.data for each in commands))


MARKDOWN = MarkdownIt("commonmark").enable("table")


def tables_of(text: str) -> list[list[list[str]]]:
    """Every table as rows of cells, the heading first; a cell is its visible text."""
    tables: list[list[list[str]]] = []
    for token in MARKDOWN.parse(text):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and token.level == 4 and tables:
            tables[-1][-1].append("".join(_shown(each) for each in token.children or []))
    return tables


def _shown(token: Token) -> str:
    return unescape(token.content)


def of_markdown(text: str) -> Told:
    found = set()
    methods: dict[str, str] = {}
    for table in tables_of(text):
        if table[0][1:3] == ["Verdict", "Firewall"]:
            for requirement, verdict, firewall, place in table[1:]:
                file, _, line = place.rpartition(":")
                found.add((requirement, verdict, "" if firewall == "-" else firewall, file, int(line)))
        if table[0][0] == "Installation method":
            methods = {row[0]: row[1].lower().partition(",")[0] for row in table[1:]}
    return Told(frozenset(found), None, methods)


def nested(value: Any) -> Iterator[Any]:
    """Every value of a JSON document, whole ones before their parts."""
    yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from nested(part)
