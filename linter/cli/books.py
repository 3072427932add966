"""What a run over many sites writes while it is under way: every report, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import click
from msgspec import Struct, field

from aclproof import inputs
from aclproof.linter.cli import leaving, output, ratchet, sinks
from aclproof.linter.cli.formats import STDOUT, Target
from aclproof.linter.fleet.outcome import UNREAD, End, Outcome
from aclproof.linter.fleet.proving import Wishes
from aclproof.linter.fleet.reports import FORMATS, Report, Run
from aclproof.linter.fleet.reports.sarif import MOST_RUNS
from aclproof.linter.fleet.reports.totals import Totals
from aclproof.linter.gap import Known
from aclproof.reason import Reason

_FAILURES: tuple[End, ...] = ("missing", "unreadable", "failed")


class Books(Struct):
    """What is known of the sites that are done."""

    wishes: Wishes
    reports: list[tuple[Report, sinks.Place]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    expired: set[str] = field(default_factory=set)
    """Waivers that no longer apply."""
    read: set[str] = field(default_factory=set)
    """Sites that could be read."""
    known: dict[str, Known] = field(default_factory=dict)
    """What a baseline is to have, by site."""

    @property
    def failed(self) -> bool:
        """Whether a site is worse than unproven, or a check names what the run is to fail on."""
        return bool(self.totals.named.failing) or any(self.totals.ends[end] for end in _FAILURES)

    def add(self, outcome: Outcome) -> None:
        """Write what came of a site."""
        self.totals.add(outcome)
        self.expired.update(outcome.expired)
        if outcome.end not in UNREAD:
            self.read.add(outcome.site)
        self.known |= ratchet.known_of(outcome, self.wishes.ratchet)
        for file in outcome.files:
            inputs.note(file)
        for report, _ in self.reports:
            report.add(outcome)

    def close(self) -> None:
        """End every report, and then give each its name."""
        for report, _ in self.reports:
            report.close()
        for _, place in self.reports:
            place.finish()


@contextmanager
def opened(wanted: Sequence[Target], sites: Sequence[str], wishes: Wishes,
           options: output.ReportOptions) -> Iterator[Books]:
    """Begin every report; nothing of one is left where the run ends before it is closed."""
    for site in sites:
        inputs.note(site)
    books = Books(wishes)
    with ExitStack() as unfinished:
        for target in wanted:
            _refuse_several_files(target, len(sites))
            place = sinks.sink(target.file, target.form, options.quiet)
            unfinished.enter_context(leaving.undone(place.discard))
            look = output.look(options) if target.file == STDOUT else wishes.look
            books.reports.append((FORMATS[target.form](Run(wishes.day, len(sites), look), place), place))
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if summary and any(each.form == "github" for each in wanted):
            own = sinks.Summary(summary)
            books.reports.append((FORMATS["markdown"](Run(wishes.day, len(sites), wishes.look), own), own))
        yield books


def _refuse_several_files(target: Target, size: int) -> None:
    if target.form in sinks.FOLDERS and target.file == STDOUT:
        raise click.UsageError(Reason("{form} of many sites is a folder of pages: name it, --format "
                                      "{form}=DIR", form=target.form))
    if target.form == "sarif" and target.file == STDOUT and size > MOST_RUNS:
        raise click.UsageError(Reason("{form} of so many sites is several files: give it a name, --format "
                                      "{form}=FILE", form=target.form))
