"""Outcomes of many sites that share 50 configurations, as a run would have them, and their portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from aclproof.linter.fleet.outcome import Cause, End, MethodOutcome, Named, Outcome
from aclproof.linter.fleet.reports import Run
from aclproof.linter.fleet.reports.portfolio import Portfolio
from aclproof.linter.observation import CheckId
from aclproof.linter.reports import Look
from aclproof.rules.pack import Text

DAY = date(2026, 1, 31)
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


def audited(some: Iterable[Outcome], more: str = "") -> Iterator[Outcome]:
    """The same sites, with lines that checks name, of which some let the run fail."""
    line = f"access-list IN extended permit ip any any{more}"
    lines: tuple[tuple[CheckId, int], ...] = (("any-any", 7), ("surplus", 9), ("surplus", 12))
    for number, each in enumerate(some):
        firewall = f"asa-{number % 3}{more}"
        named = [Cause(check, firewall, f"conf/{firewall}:{place}", line, line, ()) for check, place in lines]
        counts = Named({"any-any": 1, "surplus": 2, "no-hits": 0}, {"any-any": 1} if number % 2 else {})
        yield each if each.problems else replace(each, causes=(*each.causes, *named), named=counts)


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
        opens,) * ("undecided" in verdicts), unmet={"missing": ("SMB",)} if end == "missing" else {})


def _verdict(config: int, place: int) -> str:
    if config % 4 == 0:
        return "works"
    if place == 5:
        return "not-assessed"
    return ("works", "blocked", "undecided", "works")[(config * 7 + place * 3) % 4]


class Pages:
    """A sink that keeps what is written, by name."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self._last = ""

    def next_file(self, name: str = "") -> None:
        assert name not in self.pages
        self._last = name
        self.pages[name] = ""

    def write(self, text: str) -> None:
        self.pages[self._last] += text


def portfolio(some: Sequence[Outcome], look: Look | None = None, asked: int | None = None) -> dict[str, str]:
    """Every page of a portfolio of these."""
    sink = Pages()
    report = Portfolio(Run(DAY, len(some) if asked is None else asked, look or Look()), sink)
    for each in some:
        report.add(each)
    report.close()
    return sink.pages


def save(folder: Path, pages: dict[str, str]) -> Path:
    """Write them into a folder, and return the start page."""
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "index.html"
