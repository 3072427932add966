"""The options of baselines: the gaps that are known, read and written (docs/baseline.md)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from aclproof import inputs
from aclproof.linter.cli import files, streams
from aclproof.linter.gap import Gaps
from aclproof.linter.result import Result
from aclproof.linter.site.site import Site
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem

if TYPE_CHECKING:
    from aclproof.linter.baseline.file import Baseline

_Command = TypeVar("_Command", bound=Callable[..., Any])


def baseline_options(command: _Command) -> _Command:
    """Give a command the options that name a baseline."""
    known = click.option("--baseline", "known", metavar="FILE",
                         help="Leave gaps that this file knows out of the exit code; see docs/baseline.md.")
    write = click.option("--write-baseline", metavar="FILE",
                         help="Write all gaps of the site into this file as known, new ones too; with "
                              "--baseline of the same file only take the cured ones out of it.")
    return known(write(command))


class Chosen(Struct, frozen=True):
    """What the options name: the baseline to compare with, and the one to write; empty for none."""

    known: str = ""
    written: str = ""
    site: str = ""
    """The site as the baseline names it."""
    sites: Mapping[str, Gaps] = {}
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
    if known and written and files.real(known) != files.real(written):
        raise click.UsageError(Reason("--baseline and --write-baseline name two files: name one twice to "
                                      "take out of it what is cured, or --write-baseline alone to begin"))
    if written and files.real(written) in map(files.real, reports):
        raise click.UsageError(Reason("two reports would go to {file}; give each a file of its own",
                                      file=written))
    return written or known or ""


def compared(result: Result, baseline: Chosen) -> Result:
    """Compare a result with the baseline, where there is one to compare with."""
    if not baseline.known:
        return result
    from aclproof.linter.baseline.comparing import compare

    return compare(result, baseline.sites[baseline.site], baseline.known)


def save(result: Result, baseline: Chosen, quiet: int) -> None:
    """Write the baseline, where that is wished; what it knows of other sites stays."""
    file, site = baseline.written, baseline.site
    if not file:
        return
    from aclproof.linter.baseline.comparing import shrunk
    from aclproof.linter.baseline.file import write
    from aclproof.linter.baseline.gaps import gaps_of

    gaps = shrunk(baseline.sites[site], result) if baseline.known else gaps_of(result)
    after = {**baseline.sites, site: gaps}
    files.save(write(after), file)
    streams.notice(Reason("{file} has 1 known gap of {site}", file=file, site=site) if len(gaps) == 1 else
                   Reason("{file} has {n} known gaps of {site}", file=file, n=len(gaps), site=site), quiet)
    if baseline.sites:
        notify_rewritten(baseline.sites, after, file, quiet)


def notify(result: Result, quiet: int, *, rewritten: bool) -> None:
    """Print how much the exit code leaves out as known, what is new or has grown, and how much is cured."""
    if result.baseline is None:
        return
    notify_of(len(result.known), 0 if rewritten else len(result.baseline.cured), result.baseline.file, quiet)
    if worse := [each.requirement.id for each in result.demands if each.unproven]:
        streams.notice(Reason("new or grown since the baseline: {names}", names=", ".join(worse)), quiet)


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


def notify_rewritten(before: Baseline, after: Baseline, file: str, quiet: int) -> None:
    """Print what writing a baseline again did to it: what is added passes from now on."""
    old, new = ({(site, gap.key): gap for site, gaps in each.items() for gap in gaps}
                for each in (before, after))
    changed = sum(old[each] != new[each] for each in old.keys() & new.keys())
    streams.notice(Reason("{file}, compared with before: gaps added {added}, changed {changed}, taken out "
                          "{out}", file=file, added=len(new.keys() - old.keys()), changed=changed,
                          out=len(old.keys() - new.keys())), quiet)
