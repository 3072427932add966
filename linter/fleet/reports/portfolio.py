"""The portfolio: a page of each site, and a start page with what all of them come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.fleet.outcome import End, MethodOutcome, Outcome
from aclproof.linter.fleet.pieces import BACK
from aclproof.linter.fleet.reports import START, Run, Sink, wording
from aclproof.linter.fleet.reports.totals import CauseName, Totals, name_of
from aclproof.linter.fleet.reports.wording import ENDS
from aclproof.linter.observation import CHECKS
from aclproof.linter.reports import html
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.observed import LEVELS, TITLES
from aclproof.linter.site.site import name_of as name_of_site
from aclproof.linter.verdict import fingerprint

_MOST_CAUSES = 10
"""Of each kind."""
_MOST_NAMED = 5
"""Lines of each check."""
_MOST_STEPS = 3
"""Causes of each kind that are named as what to do first."""
_MOST_LETTERS = 60
"""Of a site in the name of its page."""
_RANKS: Mapping[str, str] = {
    "proven": "0", "accepted": "1", "unproven": "2", "missing": "3", "unreadable": "4", "failed": "5",
    "works": "0", "not-assessed": "1", "undecided": "2", "blocked": "3"}
"""How bad the end of a site and the verdict of a method are."""
_NO_RANK = "-"
"""It sorts before every rank."""


class Row(Struct, frozen=True):
    """A site in the table of the start page."""

    site: str
    page: str
    """Its own page, seen from the start page."""
    end: End
    problems: tuple[str, ...]
    verdicts: Mapping[str, str]
    """By the name of the method, with its pack."""
    causes: tuple[int, ...]
    """Numbers of those that it has."""
    unmet: tuple[tuple[str, str], ...] = ()
    """The worst, as a word such as missing and the requirements that it is about."""
    is_new: bool = False
    """Whether some of it is new since the baseline or has grown."""
    fails: bool = False
    """Whether checks name what lets the run fail."""

    @property
    def name(self) -> str:
        """What the site is called."""
        return name_of_site(self.site)

    def ranks(self, methods: Iterable[str]) -> str:
        """A sign for each column of the table, by which it is sorted."""
        return _RANKS[self.end] + "".join(
            _RANKS[self.verdicts[each]] if each in self.verdicts else _NO_RANK for each in methods)


class Portfolio:
    """Writes the page of a site at once, and the start page last."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._sink, self._run, self._words = sink, run, Words(run.look.language)
        self._totals = Totals()
        self._rows: list[Row] = []
        self._numbers: dict[CauseName, int] = {}
        """Of all causes, by which rows name them until it is known which are listed."""
        self._methods: dict[str, tuple[str, int, MethodOutcome]] = {}
        """With the first site that has it, and its place there."""

    def add(self, outcome: Outcome) -> None:
        """Write its page, and keep its row."""
        self._totals.add(outcome)
        row = self._row(outcome)
        self._rows.append(row)
        for place, method in enumerate(outcome.methods):
            first = row.site, place, method
            self._methods[method.name] = min(self._methods.get(method.name, first), first,
                                             key=lambda it: it[:2])
        self._sink.next_file(row.page)
        self._sink.write(outcome.pieces.get("html") or html.page(
            "unproven", self._run.look.language, start=BACK, day=self._run.day, name=row.name, end=row.end,
            word=self._words(ENDS[row.end][0]), problems=row.problems,
            command=f"aclproof check {quote(row.site)}"))

    def close(self) -> None:
        """Write the start page."""
        found = {kind: self._totals.alike(kind) for kind in ("line", "question")}
        checks = list(wording.checks(self._totals))
        named = [(check, each) for check, *_ in checks for each in self._totals.alike(check)[:_MOST_NAMED]]
        listed = [*((kind, each) for kind, some in found.items() for each in some[:_MOST_CAUSES]), *named]
        places = {self._numbers[name_of(same.cause)]: number for number, (_, each) in enumerate(listed)
                  for same in each.causes}
        rows = [replace(row, causes=tuple(sorted({places[each] for each in row.causes if each in places})))
                for row in sorted(self._rows, key=lambda row: (-int(_RANKS[row.end]), row.site))]
        first = {number: row for row in reversed(rows) for number in row.causes}
        packs = self._packs()
        self._sink.next_file(START)
        self._sink.write(html.page(
            "index", self._run.look.language, totals=self._totals,
            counts=wording.requirements(self._totals, self._words),
            new=wording.new(self._totals, self._words),
            assumed=wording.assumed(self._totals, self._words), asked=self._run.sites, day=self._run.day,
            causes=[(kind, [(number, each) for number, (of, each) in enumerate(listed) if of == kind],
                     max(len(some) - _MOST_CAUSES, 0)) for kind, some in found.items() if some],
            audit=wording.audit(self._totals, self._words),
            judged_again=wording.judged_again(self._totals, self._words), titles=TITLES,
            checks=[(check, lines, sites, [(number, each) for number, (of, each) in enumerate(listed)
                                           if of == check],
                     wording.further(self._totals, check, [each for of, each in named if of == check],
                                     self._words)) for check, lines, sites in checks],
            levels={check: LEVELS[level] for check, level in CHECKS.items()},
            steps=_MOST_STEPS, first=first, packs=packs,
            methods=[each.name for methods in packs.values() for each in methods], rows=rows, ranks=_RANKS,
            words={end: self._words(word) for end, (word, _) in ENDS.items()}))

    def _packs(self) -> dict[str, list[MethodOutcome]]:
        """The methods of each pack, in an order that does not depend on that of the sites."""
        found: dict[str, list[MethodOutcome]] = {}
        for *_, method in sorted(self._methods.values(), key=lambda each: each[:2]):
            found.setdefault(method.pack, []).append(method)
        return found

    def _row(self, outcome: Outcome) -> Row:
        site = self._run.look.places.path(outcome.site)
        causes = (self._numbers.setdefault(name_of(each), len(self._numbers)) for each in outcome.causes)
        return Row(site, page_of(site), outcome.end, outcome.problems,
                   {each.name: each.verdict for each in outcome.methods}, tuple(causes),
                   tuple((word, names) for word, _, names in wording.unmet(outcome, self._words))[:1],
                   bool(outcome.new), wording.fails(outcome))


def page_of(site: str) -> str:
    """Return the name of the page of a site, good on every system: `sites/branch-3f2a9c10de.html`."""
    words = re.sub(r"[^a-z0-9]+", "-", name_of_site(site.lower())).strip("-")
    return f"sites/{words[-_MOST_LETTERS:].lstrip('-')}-{fingerprint.name_of(site)[:10]}.html"
