"""What `check` says of a site, as far as laws are about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.program import Analysis, check
from aclproof.linter.result import Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.site import Site
from aclproof.parsers.model.conditions import ForListener, IsItself, Membership, Opaque, ServedBy
from tests.laws.entries import Entry
from tests.laws.spelled import PLAIN, WRITERS, Spelling, site

DAY = date(2026, 1, 15)


class Proven(Struct, frozen=True):
    """What was proven of one requirement."""

    verdict: Verdict
    permitted: int
    stopped: int


Picture = Mapping[str, Proven]
"""By requirement."""


def picture(result: Result) -> Picture:
    """Return what was proven of each requirement."""
    return {each.requirement.id: Proven(each.verdict, each.coverage.permitted, each.coverage.stopped)
            for each in result.demands}


def written(folder: Path, vendor: str, found: Sequence[Entry], spelling: Spelling = PLAIN) -> Site:
    """Write a ruleset and its site file into a folder, and read the site."""
    file, write = WRITERS[vendor]
    (folder / file).write_text(write(found, spelling), encoding="utf-8", newline="")
    (folder / "aclproof.yaml").write_text(site(vendor, file, spelling), encoding="utf-8")
    return reread(folder)


def reread(folder: Path) -> Site:
    """Read the site of a folder as it is now."""
    return reader.read(folder / "aclproof.yaml")


def judged(folder: Path, vendor: str, found: Sequence[Entry], spelling: Spelling = PLAIN) -> Picture:
    """Return what is proven of a ruleset in the words of a vendor."""
    return picture(check(written(folder, vendor, found, spelling), DAY))


def with_facts(known: Site, facts: Mapping[str, bool]) -> Site:
    """Return the site with more facts, of which some may be needless."""
    return replace(known, facts={**known.facts, **facts}, overriding=frozenset(facts), narrowed=True,
                   waivers="")


def open_questions(site: Analysis) -> list[str]:
    """Return the keys of what lines test and yes or no answers, but for what is relied on already."""
    asked = [each for firewall in site.asking.values() for _, each in firewall.conditions()
             if each.key and each.key not in site.known.facts]
    left_out = {each.key for each in asked if isinstance(each, Membership | IsItself | ServedBy) or (
        isinstance(each, Opaque) and each.relied_on) or (isinstance(each, ForListener) and each.sure)}
    return sorted({each.key for each in asked} - left_out)


# How one picture stands to another


def same(before: Picture, after: Picture) -> list[str]:
    """Requirements of which something else is proven."""
    return [f"{each}: {before[each]} became {after.get(each)}" for each in before
            if before[each] != after.get(each)]


def less_known(before: Picture, after: Picture) -> list[str]:
    """Requirements of which more is proven, where less is known: each may only become undecided."""
    return [f"{each}: {one} became {other}" for each, one in before.items() if (other := after[each]) and (
        other.verdict not in (one.verdict, Verdict.UNDECIDED) or other.permitted > one.permitted
        or other.stopped > one.stopped)]


def more_passes(before: Picture, after: Picture) -> list[str]:
    """Requirements of which less passes, where more is permitted."""
    return [f"{each}: {one} became {other}" for each, one in before.items() if (other := after[each]) and (
        other.verdict.rank > one.verdict.rank or other.permitted < one.permitted
        or other.stopped > one.stopped)]


def none_new(before: Picture, after: Picture) -> list[str]:
    """Requirements that are met, and were not."""
    return [f"{each}: {one} became {after[each]}" for each, one in before.items()
            if after[each].verdict is Verdict.MET is not one.verdict]
