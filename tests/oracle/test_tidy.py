"""Rulesets without the lines that are said to do nothing: the kernel treats every packet as before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from aclproof import parsers
from aclproof.linter.audit.chain_audit import audit_chain
from aclproof.linter.audit.tidying import tidy
from aclproof.linter.engine.budget import Budget
from aclproof.parsers.source import Source, from_bytes
from aclproof.parsers.vendor import door
from tests.oracle import rulesets, traffic
from tests.oracle.differential import as_saved, record
from tests.oracle.judge import of_iptables
from tests.oracle.kernel import Kernel
from tests.oracle.nft import differential as of_nft
from tests.oracle.nft import rulesets as nft_rulesets
from tests.oracle.nft.scale import PACKETS
from tests.oracle.plan import BACK_ENDS, HOOKS, PLANS, BackEnd
from tests.oracle.scale import RULESETS

_EVERYWHERE = [(seed, family, hook) for seed in range(7000, 7012 + RULESETS // 2) for family in PLANS
               for hook in HOOKS]
_STEPS = 10**9


def without_dead_lines(sources: list[Source], found: Counter[str]) -> str:
    """The first of some inputs without what does nothing in it."""
    firewall = parsers.parse_all(sources)
    lines = sources[0].text.split("\n")
    besides = door(firewall.vendor).besides(firewall)
    for name in firewall.lists:
        audit = audit_chain(firewall, name, Budget(_STEPS), besides)
        for dead in audit.dead if audit else ():
            if firewall.quote(dead.line).file == sources[0].name:
                lines[firewall.quote(dead.line).first_line - 1] = ""
                found[dead.why] += 1
    return "\n".join(lines)


def test_iptables(kernel: Kernel) -> None:
    found: Counter[str] = Counter()
    passed: Counter[bool] = Counter()
    for seed, family, hook in _EVERYWHERE:
        ruleset = rulesets.make(seed, family, hook)
        if ruleset.leaves_open or "-j SET" in ruleset.text:
            continue  # there the same ruleset need not do the same again
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        ruleset = as_saved(kernel, "legacy", ruleset)
        files = of_iptables(family, ruleset.text, ruleset.sets)
        few = without_dead_lines([from_bytes(text.encode(), name) for name, text in files.items() if text],
                                 found)
        shots = traffic.draw(ruleset, PACKETS)
        before = record(kernel, "legacy", ruleset, shots)
        after = record(kernel, "legacy", replace(ruleset, text=few), shots)
        assert before.passed == after.passed, f"{ruleset}\n{few}"
        passed.update(before.passed)
    assert min(passed[True], passed[False]) > 1000
    assert min(found[each] for each in ("shadowed", "covered", "redundant")) > 0, found


@pytest.mark.parametrize("back_end", BACK_ENDS)
@pytest.mark.parametrize("listed", [False, True])
def test_commands_for_iptables(kernel: Kernel, back_end: BackEnd, listed: bool) -> None:
    """Of a listing they go by number, as those of rules do that an earlier one is like."""
    by_number: Counter[bool] = Counter()
    passed: Counter[bool] = Counter()
    for seed, family, hook in _EVERYWHERE[::5]:
        ruleset = rulesets.make(seed, family, hook)
        if ruleset.leaves_open or "-j SET" in ruleset.text:
            continue
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        ruleset = as_saved(kernel, back_end, replace(ruleset, text=_with_twins(ruleset.text, seed)))
        text = _listing(kernel, back_end, family, ruleset.text) if listed else ruleset.text
        files = of_iptables(family, text, ruleset.sets)
        found = tidy(parsers.parse_all([from_bytes(text.encode(), name) for name, text in files.items()
                                        if text]))
        assert not found.refused
        commands = [each.replace(" ", f"-{back_end} ", 1) for each in found.removal.commands]
        by_number.update(each.rpartition(" ")[2].isdecimal() for each in commands)
        shots = traffic.draw(ruleset, PACKETS)
        before = record(kernel, back_end, ruleset, shots)
        kernel.load(back_end, family, ruleset.text)
        kernel.enter("\n".join(commands))
        after = record(kernel, back_end, replace(ruleset, text=kernel.saved(back_end, family)), shots)
        assert before.passed == after.passed, (ruleset, commands)
        passed.update(before.passed)
    assert min(passed[True], passed[False]) > 1000
    assert by_number[True] > 10, by_number
    assert listed or by_number[False] > 10, by_number


def _with_twins(text: str, seed: int) -> str:
    """Some rules once more, at the end of their chains."""
    draw = Random(seed)
    lines: list[str] = []
    twins: list[str] = []
    for line in text.split("\n"):
        if line.startswith("COMMIT"):
            lines += twins
            twins = []
        elif line.startswith("-A") and draw.random() < 0.2:
            twins.append(line)
        lines.append(line)
    return "\n".join(lines)


def _listing(kernel: Kernel, back_end: BackEnd, family: int, saved: str) -> str:
    """All tables that a ruleset has, each with the command that lists it."""
    tool = "iptables" if family == 4 else "ip6tables"
    return "".join(f"# {tool} -t {line[1:]} -L -n -v\n{kernel.listed(back_end, family, line[1:])}\n"
                   for line in saved.split("\n") if line.startswith("*"))


def test_nftables(kernel: Kernel) -> None:
    found: Counter[str] = Counter()
    passed: Counter[bool] = Counter()
    for seed, family, hook in _EVERYWHERE:
        ruleset = nft_rulesets.make(seed, family, hook)
        if ruleset.leaves_open:
            continue
        few = without_dead_lines([from_bytes(ruleset.text.encode(), "rules.nft")], found)
        shots = traffic.draw(ruleset, PACKETS)
        before = of_nft.record(kernel, ruleset, shots)
        after = of_nft.record(kernel, replace(ruleset, loaded=few, ordered=False), shots)
        assert before.passed == after.passed, f"{ruleset}\n{few}"
        passed.update(before.passed)
    assert min(passed[True], passed[False]) > 1000
    assert min(found[each] for each in ("shadowed", "covered", "redundant")) > 0, found
