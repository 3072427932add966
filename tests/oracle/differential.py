"""The same packets through the kernel and through the product: every verdict and every counter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from tests.oracle import counters
from tests.oracle.judge import NO_FAULT, Fault, Judge, Verdict, Way, of_iptables
from tests.oracle.kernel import Kernel
from tests.oracle.plan import BackEnd, Hook
from tests.oracle.rulesets import Ruleset
from tests.oracle.states import Kinds
from tests.oracle.traffic import Shot, SomeRuleset

_R = TypeVar("_R", bound=SomeRuleset)


@dataclass(frozen=True, slots=True)
class Run(Generic[_R]):
    """What the kernel did with some packets."""

    ruleset: _R
    shots: Sequence[Shot]
    passed: Sequence[bool]
    counted: dict[int, int]
    """Packets by line of the ruleset: rules, and the policies of chains that have some."""


def record(kernel: Kernel, back_end: BackEnd, ruleset: Ruleset, shots: Sequence[Shot]) -> Run[Ruleset]:
    """Load the rules afresh, and send the packets; the sets must be there already."""
    kernel.load(back_end, ruleset.family, ruleset.text)
    passed = kernel.send(ruleset.hook, [(shot.by, shot.probe) for shot in shots])
    return Run(ruleset, shots, passed, counters.counted(ruleset.text, kernel.saved(back_end, ruleset.family)))


def as_saved(kernel: Kernel, back_end: BackEnd, ruleset: Ruleset) -> Ruleset:
    """The same ruleset and sets as the kernel's own programs write them."""
    kernel.load(back_end, ruleset.family, ruleset.text)
    return replace(ruleset, text=kernel.saved(back_end, ruleset.family),
                   sets=kernel.saved_sets(list(ruleset.constants.sets)))


def read(ruleset: Ruleset, fault: Fault = NO_FAULT) -> Judge:
    """Let the product read a ruleset."""
    return Judge(of_iptables(ruleset.family, ruleset.text, ruleset.sets), ruleset.family, fault)


def said(judge: Judge, hook: Hook, shot: Shot, states: Kinds) -> Verdict:
    """Ask the product about a packet, which may reply to another."""
    way = Way.by(hook, shot.by)
    if shot.request:
        before = shot.request
        found = judge.reply(Way.by(hook, before.by), before.probe, states[before.probe.kind], way, shot.probe)
        if found:
            return found
    return judge.judge(way, shot.probe, states[shot.probe.kind])


_ZONE = "--zone"
"""A reply in another zone than its request is new or invalid: which of the two is not followed."""


def verdicts(run: Run[_R], judge: Judge, states: Kinds) -> list[Verdict]:
    """Ask the product about all packets of a run."""
    return [said(judge, run.ruleset.hook, shot, states) for shot in run.shots]


def disagreements(run: Run[_R], judge: Judge, states: Kinds) -> Iterator[str]:
    """Yield what the product says otherwise than the kernel; where it cannot know all, what is sure has to
    hold."""
    return differences(run, verdicts(run, judge, states))


def differences(run: Run[_R], found: Sequence[Verdict]) -> Iterator[str]:
    """Yield what the product has said otherwise than the kernel."""
    leaves_open = run.ruleset.leaves_open or (_ZONE in run.ruleset.text and any(
        shot.request for shot in run.shots))
    met: Counter[int] = Counter()
    for shot, passed, (verdict, lines, doubts) in zip(run.shots, run.passed, found, strict=True):
        met.update(lines)
        if leaves_open and verdict == "undecided":
            continue
        if verdict != ("permit" if passed else "deny"):
            yield (f"{shot.probe} by {shot.by}{' in reply' if shot.request else ''}: the kernel "
                   f"{'accepts' if passed else 'drops'} it, the product says {verdict} by the lines {lines}"
                   f"{'; '.join(['', *doubts])}")
    for line, count in run.counted.items() if not leaves_open else ():
        if met[line] != count:
            text = run.ruleset.text.split("\n")[line - 1]
            yield f"line {line}: {count} times in the kernel, in the product {met[line]}: {text}"


def explain(again: Callable[[Sequence[Shot]], Run[_R]], run: Run[_R], judge: Judge, states: Kinds) -> str:
    """Say all that is needed to see a disagreement again, with the fewest packets that show it."""
    least = 2 if any(shot.request for shot in run.shots) else 1  # a reply stays with its request
    shots = run.shots
    while len(shots) > least:
        middle = len(shots) // 2 // least * least
        half = shots[:middle]
        shots = half if any(disagreements(again(half), judge, states)) else shots[middle:]
    found = list(disagreements(again(shots), judge, states)) or list(disagreements(run, judge, states))
    return "\n".join([str(run.ruleset), *map(repr, shots), *found])
