"""The options of baselines: what is known, read and written (docs/baseline.md)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter.cli import files, streams
from aclproof.linter.gap import Known
from aclproof.linter.result import Result
from aclproof.linter.site.site import Site
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

if TYPE_CHECKING:
    from aclproof.linter.baseline.file import Baseline

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Key = TypeVar("_Key")


def baseline_options(command: _Command) -> _Command:
    """Give a command the options that name a baseline."""
    known = click.option("--baseline", "known", metavar="FILE",
                         help="Leave what this file knows out of the exit code; see docs/baseline.md.")
    write = click.option("--write-baseline", metavar="FILE",
                         help="Write all gaps of the site, and what --checks name, into this file as known, "
                              "new ones too; with --baseline of the same file only take the cured ones out "
                              "of it.")
    return known(write(command))


class Chosen(Struct, frozen=True):
    """What the options name: the baseline to compare with, and the one to write; empty for none."""

    known: str = ""
    written: str = ""
    site: str = ""
    """The site as the baseline names it."""
    sites: Mapping[str, Known] = {}
    """What the file has so far."""


def chosen(known: str | None, written: str | None, site: Site, reports: Sequence[str]) -> Chosen:
    """Read the options and the baseline that they name.

    UsageError for what does not fit the site, the files of the reports, or each other; InputError for a
    baseline that is damaged or does not have the site.
    """
    if known is None and written is None:
        return Chosen()
    file = file_of(known, written, reports)
    if not site.origin:
        raise click.UsageError(Reason("a baseline names sites by their files: write a site file first "
                                      "('aclproof init')"))
    from aclproof.linter.baseline.file import read, site_name

    name = site_name(site.origin.file, file)
    with inputs.noted() if written else nullcontext():  # what is written again need not stay as it is
        sites = read(file) if known or os.path.exists(file) else {}
    if known and name not in sites:
        raise InputError(Problem(file, 0, "", Reason(
            "nothing is known of {site} here; to begin: aclproof check {file} --write-baseline {baseline}",
            site=name, file=site.origin.file, baseline=file)))
    return Chosen(known or "", written or "", name, sites)


def file_of(known: str | None, written: str | None, reports: Sequence[str]) -> str:
    """The file of the baseline; UsageError for what does not fit together."""
    for option, file in (("--baseline", known), ("--write-baseline", written)):
        if file is not None and (not file or files.is_stdout(file)):
            raise click.UsageError(Reason("{option}: name the file of the baseline", option=option))
    if known and written and files.key(known) != files.key(written):
        raise click.UsageError(Reason("--baseline and --write-baseline name two files: name one twice to "
                                      "take out of it what is cured, or --write-baseline alone to begin"))
    if written and files.key(written) in map(files.key, reports):
        raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                      file=written))
    return written or known or ""


def compared(result: Result, baseline: Chosen) -> Result:
    """Compare a result with the baseline, where there is one to compare with."""
    if not baseline.known:
        return result
    from aclproof.linter.baseline.known import compare

    return compare(result, baseline.sites[baseline.site], baseline.known)


def save(result: Result, baseline: Chosen, quiet: int) -> None:
    """Write the baseline, where that is wished and the result is sure; what it knows of other sites stays."""
    file, site = baseline.written, baseline.site
    if not file:
        return
    if result.agreement and result.agreement.disagreements:
        streams.notice(Reason("{file} is not written: the two judges disagree", file=file), quiet)
        return
    from aclproof.linter.baseline import known
    from aclproof.linter.baseline.file import write

    before = baseline.sites.get(site)
    now = known.with_others(known.after(result, before if baseline.known else None), before,
                            result.audit.checks if result.audit else ())
    after = {**baseline.sites, site: now}
    files.save(write(after), file)
    gaps = len(now.gaps)
    streams.notice(Reason("{file} has 1 known gap of {site}", file=file, site=site) if gaps == 1 else
                   Reason("{file} has {n} known gaps of {site}", file=file, n=gaps, site=site), quiet)
    if now.seen:
        streams.notice(Reason("lines that checks name, known of {site}: {n}", site=site, n=len(now.seen)),
                       quiet)
    if baseline.sites:
        notify_rewritten(baseline.sites, after, file, quiet)


def notify(result: Result, quiet: int, *, rewritten: bool) -> None:
    """Print how much the exit code leaves out as known, what is new or has grown, and how much is cured."""
    if result.baseline is None:
        return
    file = result.baseline.file
    notify_of(len(result.known), 0 if rewritten else len(result.baseline.cured), file, quiet)
    if worse := [each.requirement.id for each in result.demands if each.unproven]:
        streams.notice(Reason("new or grown since the baseline: {names}", names=", ".join(worse)), quiet)
    if result.audit:
        new = Counter[str](each.check for each in result.audit.found if not each.known)
        notify_lines(len(result.audit.found) - new.total(), new,
                     0 if rewritten else len(result.baseline.gone), file, quiet)


def notify_new(names: Iterable[str], sites: int, quiet: int) -> None:
    """Print which requirements are new or have grown at so many sites."""
    if said := ", ".join(sorted(names)):
        streams.notice(Reason("new or grown since the baseline at 1 site: {names}", names=said)
                       if sites == 1 else
                       Reason("new or grown since the baseline at {n} sites: {names}", n=sites, names=said),
                       quiet)


def notify_of(known: int, cured: int, file: str, quiet: int) -> None:
    """Print how many requirements a baseline knows, and how many of its gaps are there no more."""
    if known:
        streams.notice(Reason("1 requirement is known from the baseline, not proven") if known == 1 else
                       Reason("{n} requirements are known from the baseline, not proven", n=known), quiet)
    if cured:
        streams.notice(Reason("1 known gap is cured: take it out with --baseline {file} "
                              "--write-baseline {file}", file=file) if cured == 1 else
                       Reason("{n} known gaps are cured: take them out with --baseline {file} "
                              "--write-baseline {file}", n=cured, file=file), quiet)


def notify_lines(known: int, new: Mapping[str, int], gone: int, file: str, quiet: int) -> None:
    """Print how many of the lines that checks name a baseline knows, which are new, and how many are gone."""
    if known:
        streams.notice(Reason("lines that checks name, known from the baseline: {n}", n=known), quiet)
    if said := ", ".join(f"{check} {n}" for check, n in sorted(new.items())):
        streams.notice(Reason("lines that checks name, new or grown since the baseline: {names}", names=said),
                       quiet)
    if gone:
        streams.notice(Reason("known lines that no check names any more: {n}; take them out with "
                              "--baseline {file} --write-baseline {file}", n=gone, file=file), quiet)


def notify_rewritten(before: Baseline, after: Baseline, file: str, quiet: int) -> None:
    """Print what writing a baseline again did to it: what is added passes from now on."""
    added, changed, out = _rewritten(*({(site, gap.key): gap for site, known in each.items()
                                        for gap in known.gaps} for each in (before, after)))
    streams.notice(Reason("{file}, compared with before: gaps added {added}, changed {changed}, taken out "
                          "{out}", file=file, added=added, changed=changed, out=out), quiet)
    lines = _rewritten(*({(site, seen.key): seen for site, known in each.items() for seen in known.seen}
                         for each in (before, after)))
    if any(lines):
        added, changed, out = lines
        streams.notice(Reason("{file}, compared with before: lines added {added}, changed {changed}, taken "
                              "out {out}", file=file, added=added, changed=changed, out=out), quiet)


def _rewritten(old: Mapping[_Key, object], new: Mapping[_Key, object]) -> tuple[int, int, int]:
    """How many are added, changed and taken out."""
    changed = sum(old[each] != new[each] for each in old.keys() & new.keys())
    return len(new.keys() - old.keys()), changed, len(old.keys() - new.keys())
