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
    wanted = lists.wanted(write)
    for seed in range(60):
        some = lists.draw(seed)
        if write is lists.windows:
            some = lists.of_one_host(some)
        text = write(some)
        site, chain = lists.site_of(tmp_path, write, text), lists.LISTS[write]
        before = site.firewalls["fw"]
        passed = passing(before, chain)
        found = narrow("fw", site, DAY, singly=True)
        named = [each.line for each in surpluses("fw", site)]
        tried = [each.surplus[0].line for each in found.lines]
        at_once = narrow("fw", site, DAY).together.commands
        commands = found.together.commands
        assert (tried, at_once) == (named, commands), seed
        for each in (*found.lines, found.together) if found.lines else ():
            refused = each.refused
            assert not refused, seed
            after = Entered.of(before).with_lines(each.commands).firewall
            gone = {surplus.line for surplus in each.surplus}
            now, rest = passing(after, chain), passing(before, chain, gone)
            assert now == (passed & wanted) | (rest - wanted), seed
            opened, most = lists.opened(each), lists.points_of(before, chain, some, gone)
            assert passed & WANTED - rest <= opened <= WANTED & most, seed
            was, are = fates(site), fates(reanalyse(site, DAY, {"fw": after}))
            assert are == was, seed
            seen["closes"] += rest - wanted < passed - wanted
            seen["permits"] += bool(each.snippets)
            seen["only takes away"] += not each.snippets
        if found.together.after:
            left = [each.line for each in surpluses("fw", found.together.after)]
            assert not left, seed
            seen["takes over"] += len(found.together.surplus) > len(found.lines)
            seen["several"] += len(found.lines) > 1
    assert min(seen[each] for each in (
        "closes", "permits", "only takes away", "takes over", "several")) > 1, seen
