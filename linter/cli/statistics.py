"""`--statistics`: what a check had to do and how long that took; times differ, so it is no result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from time import perf_counter

from aclproof.linter.proof.progress import AnyEvent, JudgingEvent, Progress
from aclproof.linter.result import MethodVerdict, Result, Verdict

_JUDGING = "judge", ""


class Stopwatch:
    """Times the steps of a check, in seconds."""

    def __init__(self, then: Progress) -> None:
        """Pass every step on to `then`."""
        self._then = then
        self._begin = self._last = perf_counter()
        self._now: tuple[str, str] | None = None
        self._times: dict[tuple[str, str], float] = {}
        self._rules: dict[str, int] = {}

    def record(self, step: AnyEvent) -> None:
        """Add the time since the last step to that one, and start this one."""
        if isinstance(step, JudgingEvent):
            self._close(_JUDGING)
            self._then(step)
            return
        self._close(("evaluate" if step.firewall else "read", step.place.name))
        if step.firewall:
            self._rules[step.place.name] = sum(len(each.rules) for each in step.firewall.chains.values())
        self._then(step)

    def report(self, result: Result) -> Iterator[str]:
        """Stop the watch and write the statistics, line by line."""
        self._close(None)
        verdicts, methods = ([each.value for each in kind] for kind in (Verdict, MethodVerdict))
        statuses = [each.status for each in result.demands]
        yield "Requirements  " + _counted(statuses, [*verdicts, "waived", "known"])
        yield "Methods       " + _counted([each.verdict.value for each in result.methods], methods)
        lines: Counter[str] = Counter()
        for each in result.inputs:
            lines[each.name] += each.line_counts.total
        for name, total in lines.items():
            evaluated = "not evaluated"
            if name in self._rules:
                seconds = self._times["evaluate", name]
                evaluated = f"{self._rules[name]} rules evaluated in {seconds:.3f} s"
            read = f"{total} lines read in {self._times['read', name]:.3f} s"
            yield f"Firewall      {name}: {read}, {evaluated}"
        if result.agreement:
            yield f"Second judge  {result.agreement.packets} packets in {self._times.get(_JUDGING, 0):.3f} s"
        yield f"Time          {self._last - self._begin:.3f} s"

    def _close(self, following: tuple[str, str] | None) -> None:
        now = perf_counter()
        if self._now:
            self._times[self._now] = self._times.get(self._now, 0) + now - self._last
        self._now, self._last = following, now


def _counted(words: Sequence[str], order: Sequence[str]) -> str:
    return ", ".join(f"{words.count(word)} {word}" for word in order if word in words) or "none"
