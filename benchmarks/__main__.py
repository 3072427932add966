"""Runs all benchmarks and writes docs/benchmarks.md: `python -m benchmarks [--quick]`, or `make bench`.

`--quick` leaves out the largest sizes and prints the page instead of writing it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks import engine_families, picture, start_up
from benchmarks.ladder import LIMITS, ROOT, Climb, climbs
from benchmarks.measure import Spent
from benchmarks.rivals import Row, rows

_INTRODUCTION = """# Benchmarks

`make bench` writes this page, `make bench QUICK=1` prints a short form of it. Times are seconds of processor
time of whole processes, start-up included; memory is the peak of the resident set. No process may take more
than {limits.seconds} s and {limits.megabytes:,} MB of address space. All inputs are made from a fixed seed
(`benchmarks/`).

Run on {day}: Python {python}, {cores} cores, `make bench`. Machines are shared and differ: seconds of two
runs may be apart by half; the exponents are what counts.

## How cost grows

*Exponent* is the power of its size by which the cost of an input grows between its two largest sizes, net of
what an input of one costs: 1 is linear. A dash says that the cost is too small to tell. In lists named
*pooled* the clients and the servers are in the networks that the rules name.

| family | size | seconds | MB | exponent |
|---|---|---|---|---|
"""

_START_UP = """## Before any work

What small inputs take, in milliseconds of processor time over a Python that does nothing; medians of pairs.

"""
_RIVALS = """## Others on the same files

Seconds, in the same run; what takes more than 300 s is stopped, and not run on larger inputs. They do other
work: ciscoconfparse and iptables-restore only parse; fwshift looks for rules that others hide (audit), for
what each zone may reach (matrix), for what a model of zones allows (conduits), and for what two
configurations let pass differently (compare); aclcheck says which lines one packet meets.

"""
_ENGINE = """## The shapes that hurt the engine

One demand against lists made to be hard, without reading them (`python -m benchmarks.engine_families`).
*boxes* is the same question by plain subtraction of boxes, which gives up (`>`) after three million steps.

"""


def spell(spent: Spent | None) -> str:
    if spent is None:
        return "not installed"
    return f"stopped: {spent.stopped}" if spent.stopped else f"{spent.seconds:.2f}"


def ladder(found: Sequence[Climb]) -> Iterator[str]:
    for climb in found:
        title = f"`{climb.name}`: {climb.family.title}"
        for step in climb.steps:
            last = step is climb.steps[-1]
            exponent = f"{climb.exponent:.2f}" if last and climb.exponent is not None else "–" if last else ""
            yield (f"| {title} | {step.size:,} {climb.family.unit} | {spell(step.spent)} "
                   f"| {step.spent.megabytes} | {exponent} |")
            title = ""


def rivals(found: Sequence[Row]) -> Iterator[str]:
    programs = list(dict.fromkeys(name for row in found for name in row.spent))
    yield f"| | {' | '.join(programs)} |"
    yield f"|---{'|---' * len(programs)}|"
    for row in found:
        spent = [spell(row.spent[name]) if name in row.spent else "" for name in programs]
        yield f"| {row.title} | {' | '.join(spent)} |"


def page(*, quick: bool) -> tuple[str, str]:
    """Run everything; return the page and the picture."""
    found: list[Climb] = []
    for climb in climbs(quick=quick):
        found.append(climb)
        sys.stderr.write("\n".join(ladder([climb])) + "\n")
    others: list[Row] = []
    for row in rows(quick=quick):
        others.append(row)
        sys.stderr.write("\n".join(rivals([row])) + "\n")
    engine = engine_families.report(engine_families.cases(), engine_families.options().parse_args(
        ["--runs", "1", *(["--no-peer"] if quick else [])]))
    text = _INTRODUCTION.format(limits=LIMITS, day=date.today(), python=platform.python_version(),
                                cores=os.cpu_count())
    parts = [text + "\n".join(ladder(found)), "![Seconds by size, one line a family](images/growth.svg)",
             _START_UP + "\n".join(start_up.table()), _RIVALS + "\n".join(rivals(others)),
             _ENGINE + "```text\n" + "\n".join(engine) + "\n```"]
    return "\n\n".join(parts) + "\n", picture.svg(found)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true")
    given = options.parse_args()
    text, drawn = page(quick=given.quick)
    if given.quick:
        sys.stdout.write(text)
        return
    docs = Path(ROOT) / "docs"
    (docs / "benchmarks.md").write_text(text, encoding="utf-8")
    (docs / "images" / "growth.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
