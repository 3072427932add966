"""A printed fix is a change script: what reads scripts for `diff` makes of it what `fix` promised."""

from __future__ import annotations

from collections import Counter

import pytest

from aclproof import parsers
from aclproof.linter.diff.comparison import compare
from aclproof.linter.program import analyse
from aclproof.linter.result import Verdict
from aclproof.linter.site import reader
from aclproof.parsers import scripts, source
from aclproof.parsers.source import UnsupportedInputError
from tests.fix.test_fix import AS_OF, NAMES, SITES, fix_of

NOT_BY_COMMANDS = {
    "linux-listing", "linux-listing-short",  # commands change what iptables-save writes
    "show-access-list",  # a listing is no configuration to enter lines into
}
"""Sites whose configuration is of a form that no script is carried out on; `diff` says so."""


@pytest.mark.parametrize("name", NAMES)
def test_a_fix_is_a_script_that_makes_the_missing_met(name: str) -> None:
    site = reader.read(SITES / name / "aclproof.yaml")
    before = {place.name: parsers.read(*place.configs) for place in site.firewalls}
    after = dict(before)
    refused: list[str] = []
    for place in site.firewalls:
        lines = [line for each in fix_of(name).snippets if each.firewall == place.name for line in each.lines]
        if lines:
            script = source.from_bytes("\n".join(lines).encode(), "fix.txt")
            try:
                after[place.name] = scripts.read(place.configs, script).firewall
            except UnsupportedInputError as error:
                refused.append(str(error))
    assert bool(refused) == (name in NOT_BY_COMMANDS), refused
    if refused:
        return
    old, new = (analyse(site, AS_OF, firewalls) for firewalls in (before, after))
    verdicts = {each.requirement.id: each.verdict for each in new.results}
    assert {each.requirement.id: verdicts[each.requirement.id] for each in fix_of(name).fixed} == {
        each.requirement.id: each.verdict for each in fix_of(name).fixed}
    assert not [each.requirement.id for each in compare(old, new, {}).demands if each.worse]
    if not fix_of(name).unfixed:
        assert Verdict.MISSING not in verdicts.values()


def test_most_fixes_are_scripts() -> None:
    makes = Counter(each.vendor for name in NAMES if name not in NOT_BY_COMMANDS
                    for each in fix_of(name).snippets)
    assert min(makes[each] for each in ("cisco-asa", "nftables", "iptables", "windows")) >= 5, makes
