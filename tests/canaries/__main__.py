"""`python -m tests.canaries [DAMAGE...]`: positions, commands, runs and leaks, as figures for an auditor."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import every_call
from tests.canaries.planted import DAMAGES, SUBJECTS, TOKEN, inputs_of
from tests.canaries.sweep import Outcome, swept

_SHOWN = 200


def main(damages: Sequence[str]) -> int:
    """Run every call over every subject with these damages, or all; returns 1 if anything leaks or breaks."""
    total = [0, 0, 0, 0]
    lots = list(itertools.product(damages or DAMAGES, SUBJECTS))
    with ProcessPoolExecutor() as pool:
        sweeps = zip(lots, pool.map(_swept, *zip(*lots, strict=True)), strict=True)
        for (damage, name), (tokens, found) in sweeps:
            total = [sum(each) for each in zip(total, _told(damage, name, tokens, found), strict=True)]
    commands = {name for name, _ in every_call.every_option()}
    positions = sum(len(each.positions) for each in SUBJECTS.values())
    print(f"{len(SUBJECTS)} kinds of input, {positions} positions, {len(damages or DAMAGES)} states of a "
          f"line, {len(commands)} commands, {len(list(every_call.calls()))} calls: {total[0]} secrets in "
          f"{total[1]} runs, {total[2]} leaks, {total[3]} broken")
    return int(total[2] + total[3] > 0)


def _swept(damage: str, name: str) -> tuple[int, Sequence[Outcome]]:
    """Run every call over one subject; return how many secrets it holds, too."""
    with TemporaryDirectory() as folder:
        os.environ.update(LC_ALL="C", XDG_CACHE_HOME=f"{folder}/cache", XDG_CONFIG_HOME=f"{folder}/settings")
        inputs = inputs_of(SUBJECTS[name], damage, itertools.count())
        every_call.lay(Path(folder), inputs)
        found = list(swept(Path(folder), every_call.calls()))
    texts = (inputs.config, inputs.lines, inputs.session)
    return sum(len(TOKEN.findall(str(each))) for each in texts), found


def _told(damage: str, name: str, tokens: int, found: Sequence[Outcome]) -> tuple[int, int, int, int]:
    """Print what came of a subject; return how many secrets, runs, leaks and broken runs there were."""
    broken = [each for each in found if each.code not in (0, 1, 2, 3)]
    leaks = [leak for each in found for leak in each.leaks]
    refused = sum(each.code == 2 for each in found)
    print(f"{name}, {damage}: {tokens} secrets, {len(found)} runs, of them refused {refused}, "
          f"leaks {len(leaks)}, broken {len(broken)}", flush=True)
    for leak in leaks:
        print(f"  aclproof {leak.call}: {leak.where}: {leak.text[:_SHOWN]}", flush=True)
    for each in broken:
        print(f"  aclproof {each.call}: {each.error}", flush=True)
    return tokens, len(found), len(leaks), len(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
