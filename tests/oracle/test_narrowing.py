"""The commands that narrow lines, entered into the tools themselves: what is needed passes, the rest not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from aclproof.linter.audit.narrowing import narrow
from tests.audit import narrow_lists as lists
from tests.audit.narrow_lists import CLIENT, DAY, NUMBERS, POINTS, SERVER, WANTED, Point
from tests.oracle import rulesets, traffic
from tests.oracle.kernel import Kernel
from tests.oracle.narrowing import Case
from tests.oracle.network import CommandError
from tests.oracle.nft import rulesets as nft_rulesets
from tests.oracle.plan import BACK_ENDS, DEVICES, INGRESS, BackEnd
from tests.oracle.probes import SYN, Probe
from tests.oracle.scale import CI
from tests.oracle.test_scripts import Shell
from tests.oracle.traffic import Shot, SomeRuleset

_SEEDS = range(100, 140 if CI else 115)
_RANDOM = 300 if CI else 80
_PACKETS = 200
_LINKS = "\n".join(f"ip tuntap add {each} mode tun" for each in DEVICES)
"""Rules may name them by what the kernel calls them."""


def _passing(kernel: Kernel, number: int) -> set[Point]:
    """Each packet opens a connection of its own."""
    probes = [Probe(4, NUMBERS[protocol], CLIENT + client, SERVER + server, 10_000 + number * 1000 + at, port,
                    SYN if protocol == "tcp" else 0)
              for at, (client, server, protocol, port) in enumerate(POINTS)]
    passed = kernel.send("forward", [(INGRESS[0], probe) for probe in probes])
    return {point for point, passes in zip(POINTS, passed, strict=True) if passes}


def _same_for_requirements(kernel: Kernel, ruleset: SomeRuleset, case: Case,
                           loads: Sequence[Callable[[], None]], seen: Counter[str]) -> None:
    """Send packets of all kinds and those that are asked for, before and after: less passes, and these do."""
    asked = [Shot(INGRESS[0], each) for each in case.probes()]
    shots = [*traffic.draw(ruleset, _PACKETS), *asked]
    passed = []
    for load in loads:
        load()
        passed.append(kernel.send("forward", [(shot.by, shot.probe) for shot in shots]))
    before, after = passed
    assert not any(now and not was for was, now in zip(before, after, strict=True)), ruleset
    assert before[-len(asked):] == after[-len(asked):], ruleset
    seen["narrowed"] += 1
    seen["closed"] += sum(before) - sum(after)
    seen["asked"] += sum(before[-len(asked):])


def test_random_rulesets_of_iptables(kernel: Kernel, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    tool, show = "iptables-legacy", "iptables-legacy-save 2>/dev/null"
    for seed in range(_RANDOM):
        ruleset = rulesets.make(seed, 4, "forward")
        if ruleset.leaves_open or ruleset.sets:
            continue
        case, load = Case(ruleset.constants), f"{tool}-restore <<'END'\n{ruleset.text}\nEND"
        saved = _entered(load, (), show)
        found = case.narrowed(tmp_path, saved)
        if found and found.together.commands:
            commands = [each.replace("iptables", tool, 1) for each in found.together.commands]
            texts = saved, _entered(load, commands, show)
            _same_for_requirements(kernel, ruleset, case,
                                   [partial(kernel.load, "legacy", 4, text) for text in texts], seen)
    assert min(seen[each] for each in ("narrowed", "closed", "asked")) > 1, seen


def test_random_rulesets_of_nftables(kernel: Kernel, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(_RANDOM):
        ruleset = nft_rulesets.make(seed, 4, "forward")
        if ruleset.leaves_open:
            continue
        case, load = Case(ruleset.constants), f"{_LINKS}\nnft -f - <<'END'\n{ruleset.loaded}\nEND"
        shown = _entered(load, (), "nft -a list ruleset")
        found = case.narrowed(tmp_path, shown)
        if found and found.together.commands:
            texts = ruleset.loaded, _entered(load, found.together.commands, "nft list ruleset")
            try:
                _same_for_requirements(kernel, ruleset, case,
                                       [partial(kernel.load_native, text) for text in texts], seen)
            except CommandError:
                seen["unread"] += 1  # nft does not take everything that it prints
    assert min(seen[each] for each in ("narrowed", "closed", "asked")) > seen["unread"], seen


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
