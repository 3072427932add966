"""What replaces lines that open too much, against every packet of a small universe, for each make."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from aclproof.linter.audit.narrowing import narrow
from aclproof.linter.audit.surplus import surpluses
from aclproof.linter.fix.entering import Entered
from aclproof.linter.program import Analysis, reanalyse
from tests.audit import narrow_lists as lists
from tests.audit.narrow_lists import DAY, WANTED, Write, passing


def fates(site: Analysis) -> dict[str, object]:
    return {each.requirement.id: (each.verdict, each.coverage) for each in site.results}


@pytest.mark.parametrize("write", lists.LISTS)
def test_exact(write: Write, tmp_path: Path) -> None:
    """Packets of requirements fare as before; others as in the list without the lines that go."""
    seen: Counter[str] = Counter()
    for seed in range(60):
        some = lists.draw(seed)
        text = write(some)
        site, chain = lists.site_of(tmp_path, write, text), lists.LISTS[write]
        before = site.firewalls["fw"]
        passed = passing(before, chain)
        found = narrow("fw", site, DAY, singly=True)
        named = [each.line for each in surpluses("fw", site)]
        assert [each.surplus[0].line for each in found.lines] == named
        assert narrow("fw", site, DAY).together.commands == found.together.commands
        for each in (*found.lines, found.together) if found.lines else ():
            assert not each.refused, (seed, each.refused)
            after = Entered.of(before).with_lines(each.commands).firewall
            gone = {surplus.line for surplus in each.surplus}
            rest = passing(before, chain, gone)
            assert passing(after, chain) == (passed & WANTED) | (rest - WANTED), seed
            assert passed & WANTED - rest <= lists.opened(each), seed
            assert lists.opened(each) <= WANTED & set(lists.points_of(text, some, gone)), seed
            assert fates(reanalyse(site, DAY, {"fw": after})) == fates(site), seed
            seen["closes"] += rest - WANTED < passed - WANTED
            seen["permits"] += bool(each.snippets)
            seen["only takes away"] += not each.snippets
        if found.together.after:
            assert not list(surpluses("fw", found.together.after)), seed
            seen["takes over"] += len(found.together.surplus) > len(found.lines)
            seen["several"] += len(found.lines) > 1
    assert min(seen[each] for each in (
        "closes", "permits", "only takes away", "takes over", "several")) > 1, seen
