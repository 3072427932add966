"""The options of a baseline for many sites, and the file that is written of all of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from hashlib import sha256

from aclproof import inputs
from aclproof.linter.baseline import file as baselines
from aclproof.linter.baseline.known import with_others
from aclproof.linter.cli import baseline, files, streams
from aclproof.linter.cli.formats import Target
from aclproof.linter.fleet.outcome import Outcome
from aclproof.linter.fleet.ratchet import Ratchet
from aclproof.linter.gap import Known
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem


def ratchet_of(known: str | None, written: str | None, reports: Sequence[Target],
               sites: Sequence[str]) -> Ratchet:
    """Read the options of a baseline.

    UsageError for what does not fit; InputError for one that is damaged, or has none of the sites.
    """
    if known is None and written is None:
        return Ratchet()
    file = baseline.file_of(known, written, [each.file for each in reports])
    with inputs.noted() if written else nullcontext():  # what is written again need not stay as it is
        whole = baselines.content(file) if known or os.path.exists(file) else None
        have = {} if whole is None else baselines.parsed(whole, file)
    if known and sites and not any(baselines.site_name(each, file) in have for each in sites):
        raise InputError(Problem(file, 0, "", Reason(
            "nothing is known of any of these sites here, such as {site}; a baseline names them from its own "
            "folder", site=baselines.site_name(sites[0], file))))
    return Ratchet(file, bool(known), bool(written), sha256(whole or b"").hexdigest())


def known_of(outcome: Outcome, ratchet: Ratchet) -> Mapping[str, Known]:
    """What a baseline is to have of a site, by the name that it gives the site."""
    if outcome.known is None:
        return {}
    return {baselines.site_name(outcome.site, ratchet.file): baselines.read_known(outcome.known)}


def write(sites: Mapping[str, Known], checks: Collection[str], ratchet: Ratchet, quiet: int) -> None:
    """Write what is known of all sites that were proven, if wished.

    What it knows of other sites, and of lines that other checks than these name, stays.
    """
    if not ratchet.writes:
        return
    with inputs.noted():
        before = baselines.read(ratchet.file) if os.path.exists(ratchet.file) else {}
    after = {**before, **{site: with_others(known, before.get(site), checks)
                          for site, known in sites.items()}}
    files.save(baselines.write(after), ratchet.file)
    gaps = sum(len(each.gaps) for each in after.values())
    lines = sum(len(each.seen) for each in after.values())
    streams.notice(Reason("{file} has {n} known gaps of {sites} sites", file=ratchet.file, n=gaps,
                          sites=len(after)), quiet)
    if lines:
        streams.notice(Reason("lines that checks name, known of {sites} sites: {n}", sites=len(after),
                              n=lines), quiet)
    if before:
        baseline.notify_rewritten(before, after, ratchet.file, quiet)


def notify_left_out(sites: Sequence[str], proven: Collection[str], ratchet: Ratchet, quiet: int) -> None:
    """Print of how many sites the baseline says something that this run, of these sites, did not look at."""
    if not ratchet.file or not sites:
        return
    with inputs.noted():
        have = baselines.read(ratchet.file)
    asked = {baselines.site_name(each, ratchet.file): each for each in sites}
    unread = sum(each not in have for each in asked)
    if unread and ratchet.writes:
        streams.notice(Reason("sites that could not be read, and are not in {file}: {n}", file=ratchet.file,
                              n=unread), quiet)
    checked = sum(asked.get(each) in proven for each in have)
    others = sorted(have.keys() - asked.keys())
    if others:
        streams.notice(Reason("{file} has {all} sites: {n} of them were checked; not in this run are "
                              "{others}, such as {site}", file=ratchet.file, all=len(have), n=checked,
                              others=len(others), site=others[0]), quiet)
    elif checked < len(have):
        streams.notice(Reason("{file} has {all} sites: {n} of them were checked", file=ratchet.file,
                              all=len(have), n=checked), quiet)
