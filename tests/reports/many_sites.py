"""Outcomes of many sites, as a run would have them: some works, blocked, open, unread; 50 configurations."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.linter.fleet.outcome import Cause, End, MethodOutcome, Outcome
from aclproof.rules.pack import Text

_TOWNS = ("Aachen", "Berlin", "Bonn", "Dresden", "Erfurt", "Frankfurt am Main", "Hamburg", "Köln", "München",
          "Würzburg")
_METHODS = {"client-push": "Client push", "group-policy": "Group Policy",
            "software-update-point": "Software update point",
            "software-distribution": "Software distribution", "logon-script": "Logon script",
            "manual": "Manual installation"}


def outcomes(count: int) -> Iterator[Outcome]:
    """Every 19th cannot be read; of the others the number says what the configuration has."""
    for number in range(count):
        site = f"sites/{_TOWNS[number % 10]}/{number:04}/aclproof.yaml"
        yield _unread(site) if number % 19 == 18 else _proven(site, number)


def _unread(site: str) -> Outcome:
    problem = f"{site}:2: settings.mode: 'mixd' is no value; use 'mixed' or 'native'"
    return Outcome(site, "unreadable", (problem,))


def _proven(site: str, number: int) -> Outcome:
    config = number % 50
    verdicts = [_verdict(config, place) for place in range(len(_METHODS))]
    methods = tuple(MethodOutcome(name, Text(title, title), verdict)
                    for (name, title), verdict in zip(_METHODS.items(), verdicts, strict=True))
    end: End = "missing" if "blocked" in verdicts else "unproven" if "undecided" in verdicts else "proven"
    counts = {"met": 12, "missing": verdicts.count("blocked"), "undecided": verdicts.count("undecided")}
    text = f"access-list BRANCH-IN extended deny tcp any host 10.20.{config}.77 eq 445"
    place = f"conf/asa-{config:02}.cfg:{300 + config}"
    stops = Cause("line", f"asa-{config:02}", place, text, text, ("SMB",))
    asks = f"whether time-range T{config % 7} is active"
    opens = Cause("question", "", "", asks, asks, ("SMB",))
    return Outcome(site, end, (), methods, counts, (stops,) * (end == "missing") + (
        opens,) * ("undecided" in verdicts))


def _verdict(config: int, place: int) -> str:
    if config % 4 == 0:
        return "works"
    if place == 5:
        return "not-assessed"
    return ("works", "blocked", "undecided", "works")[(config * 7 + place * 3) % 4]
