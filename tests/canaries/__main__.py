"""`python -m tests.canaries [DAMAGE...]`: positions, commands, runs and leaks, as figures for an auditor."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import every_call
from tests.canaries.planted import DAMAGES, SUBJECTS, TOKEN, inputs_of
from tests.canaries.sweep import swept

_SHOWN = 200


def main(damages: Sequence[str]) -> int:
    """Run every call over every subject with these damages, or all; returns 1 if anything leaks or breaks."""
    os.environ.update(LC_ALL="C", XDG_CACHE_HOME=os.path.join(os.getcwd(), ".none"))
    total = [0, 0, 0, 0]
    for damage, (name, subject) in itertools.product(damages or DAMAGES, SUBJECTS.items()):
        with TemporaryDirectory() as folder:
            os.environ.update(XDG_CACHE_HOME=f"{folder}/cache", XDG_CONFIG_HOME=f"{folder}/settings")
            inputs = inputs_of(subject, damage, itertools.count())
            every_call.lay(Path(folder), inputs)
            found = list(swept(Path(folder), every_call.calls()))
        tokens = sum(len(TOKEN.findall(str(each))) for each in (inputs.config, inputs.lines, inputs.session))
        broken = [each for each in found if each.code not in (0, 1, 2, 3)]
        leaks = [leak for each in found for leak in each.leaks]
        for total_at, number in enumerate((tokens, len(found), len(leaks), len(broken))):
            total[total_at] += number
        refused = sum(each.code == 2 for each in found)
        print(f"{name}, {damage}: {tokens} secrets, {len(found)} runs, of them refused {refused}, "
              f"leaks {len(leaks)}, broken {len(broken)}", flush=True)
        for leak in leaks:
            print(f"  aclproof {leak.call}: {leak.where}: {leak.text[:_SHOWN]}", flush=True)
        for each in broken:
            print(f"  aclproof {each.call}: {each.error}", flush=True)
    commands = {name for name, _ in every_call.every_option()}
    positions = sum(len(each.positions) for each in SUBJECTS.values())
    print(f"{len(SUBJECTS)} kinds of input, {positions} positions, {len(damages or DAMAGES)} states of a "
          f"line, {len(commands)} commands, {len(list(every_call.calls()))} calls: {total[0]} secrets in "
          f"{total[1]} runs, {total[2]} leaks, {total[3]} broken")
    return int(total[2] + total[3] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
