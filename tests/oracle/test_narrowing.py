"""The commands that narrow lines, entered into the tools themselves: what is needed passes, the rest not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from aclproof.linter.audit.narrowing import narrow
from tests.audit import narrow_lists as lists
from tests.audit.narrow_lists import CLIENT, DAY, NUMBERS, POINTS, SERVER, WANTED, Point
from tests.oracle.kernel import Kernel
from tests.oracle.plan import BACK_ENDS, INGRESS, BackEnd
from tests.oracle.probes import SYN, Probe
from tests.oracle.scale import CI
from tests.oracle.test_scripts import Shell

_SEEDS = range(100, 140 if CI else 115)


def _passing(kernel: Kernel, number: int) -> set[Point]:
    """Each packet opens a connection of its own."""
    probes = [Probe(4, NUMBERS[protocol], CLIENT + client, SERVER + server, 10_000 + number * 1000 + at, port,
                    SYN if protocol == "tcp" else 0)
              for at, (client, server, protocol, port) in enumerate(POINTS)]
    passed = kernel.send("forward", [(INGRESS[0], probe) for probe in probes])
    return {point for point, passes in zip(POINTS, passed, strict=True) if passes}


def _entered(load: str, commands: Sequence[str], show: str) -> str:
    """What a tool shows after some commands."""
    with Shell() as shell:
        for command in (load, *commands):
            done, said = shell.run(command)
            assert done, (command, said)
        return shell.run(show)[1]


def _agree(passed: Sequence[set[Point]], seen: Counter[str]) -> None:
    """What passes before, after, and without the lines that go."""
    before, after, rest = passed
    assert after == (before & WANTED) | (rest - WANTED)
    seen["closes"] += after < before
    seen["keeps"] += bool(after & WANTED - rest)


@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_iptables(kernel: Kernel, back_end: BackEnd, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    tool = f"iptables-{back_end}"
    for seed in _SEEDS:
        load = f"{tool}-restore <<'END'\n{lists.iptables(lists.draw(seed))}\nEND"
        saved = _entered(load, (), f"{tool}-save -t filter 2>/dev/null")
        facts = {"native nft tables": False} if back_end == "nft" else {}
        found = narrow("fw", lists.site_of(tmp_path, lists.iptables, saved, facts), DAY).together
        commands = [each.replace("iptables", tool, 1) for each in found.commands]
        gone = {each.line for each in found.surplus}
        rest = "\n".join(line for number, line in enumerate(saved.split("\n"), 1) if number not in gone)
        passed: list[set[Point]] = []
        for text in (saved, _entered(load, commands, f"{tool}-save -t filter 2>/dev/null"), rest):
            kernel.load(back_end, 4, text)
            passed.append(_passing(kernel, len(passed)))
        _agree(passed, seen)
    assert min(seen["closes"], seen["keeps"]) > 1, seen


def test_nftables(kernel: Kernel, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in _SEEDS:
        rules = re.sub(" # handle.*", "", lists.nftables(lists.draw(seed)))
        load = f"nft -f - <<'END'\n{rules}\nEND"
        shown = _entered(load, (), "nft -a list ruleset")
        found = narrow("fw", lists.site_of(tmp_path, lists.nftables, shown), DAY).together
        gone = {each.line for each in found.surplus}
        rest = "\n".join(line for number, line in enumerate(shown.split("\n"), 1) if number not in gone)
        passed: list[set[Point]] = []
        for text in (shown, _entered(load, found.commands, "nft list ruleset"), rest):
            kernel.load_native(text)
            passed.append(_passing(kernel, len(passed)))
        _agree(passed, seen)
    assert min(seen["closes"], seen["keeps"]) > 1, seen
