"""The engine of sets: what it says of a whole demand is what the kernel does with the packets in it."""

from __future__ import annotations

import pytest

from tests.oracle import demands, rulesets, traffic
from tests.oracle.demands import SAMPLE
from tests.oracle.differential import read
from tests.oracle.judge import Way
from tests.oracle.kernel import Kernel
from tests.oracle.plan import BACK_ENDS, HOOKS, INGRESS, LOOPBACK, PLANS, Hook
from tests.oracle.probes import ACK, PSH, SYN, TCP
from tests.oracle.scale import RULESETS
from tests.oracle.traffic import Shot

_DEMANDS = 2
"""For each ruleset."""
_PLAIN = frozenset({SYN})
_SEVERAL = frozenset({SYN, ACK, PSH | ACK})
"""All of them are NEW when they come first."""
_MAY_STAY_OPEN = ("--ctorig", "--ctrepl", "NETMAP", "-j SET")
"""What may treat the packets of one demand each in its own way, and so leave a part of it undecided."""


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("family", PLANS)
def test_every_packet_of_a_part_fares_as_the_part(kernel: Kernel, family: int, hook: Hook) -> None:
    seen = {True: 0, False: 0}
    for seed in range(3000, 3000 + 5 * RULESETS):
        if seed >= 3000 + RULESETS // 2 and min(seen.values()) >= SAMPLE:
            break
        ruleset = rulesets.make(seed, family, hook)
        rng = ruleset.constants.rng
        back_end = BACK_ENDS[seed % 2]
        if ruleset.sets:
            kernel.add_sets(ruleset.sets)
        kernel.load(BACK_ENDS[1 - seed % 2], family, _NOTHING)
        kernel.load(back_end, family, ruleset.text)
        way = Way.by(hook, LOOPBACK if hook == "output" else rng.choice(INGRESS))
        judge = read(ruleset)
        for _ in range(_DEMANDS):
            demand = demands.draw(ruleset)
            flags = rng.choice((_PLAIN, _PLAIN, _SEVERAL)) if demand.protocol == TCP else _PLAIN
            parts = judge.sets(way, demand, "NEW", flags)
            if len(flags) == 1 and not any(word in ruleset.text for word in _MAY_STAY_OPEN):
                assert not parts["undecided"], f"{ruleset}\n{demand}\n{parts['undecided']}"
            for name, wanted in (("permitted", True), ("denied", False)):
                shots = [Shot(way.ingress or LOOPBACK, each)
                         for each in demands.sample(rng, demand, parts[name], flags)]
                for batch in traffic.batches(ruleset, shots):
                    passed = kernel.send(hook, [(shot.by, shot.probe) for shot in batch])
                    wrong = [shot for shot, each in zip(batch, passed, strict=True) if each is not wanted]
                    assert not wrong, f"{back_end}, {ruleset}\n{demand}, {flags}: {name}, but {wrong[0]!r}"
                    seen[wanted] += len(batch)
    assert min(seen.values()) >= SAMPLE


_NOTHING = "".join(f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains) + "COMMIT\n"
                   for table, chains in rulesets.BUILT_IN.items())
