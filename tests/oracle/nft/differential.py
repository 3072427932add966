"""The same packets through nftables in the kernel and through the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.oracle.differential import Run
from tests.oracle.judge import NO_FAULT, Fault, Judge
from tests.oracle.kernel import Kernel
from tests.oracle.nft import counters
from tests.oracle.nft.rulesets import Ruleset, asks_empty_set
from tests.oracle.traffic import Shot

_LISTINGS = ("", "-a", "-n", "-s", "-nn")
"""Options with which a listing is read in turn."""
_OF_JSON = ("-j", "-j -n")


def as_listed(kernel: Kernel, ruleset: Ruleset) -> Ruleset:
    """The same ruleset as it was written or, by turns, as `nft` prints it as text or JSON."""
    if ruleset.seed % 2 == 0:
        text = f"#!/usr/sbin/nft -f\n{ruleset.text}"
        return replace(ruleset, text=text, leaves_open=ruleset.leaves_open or asks_empty_set(text))
    kernel.load_native(ruleset.loaded)
    turn = ruleset.seed // 2
    options = _OF_JSON if turn % 2 else _LISTINGS
    return replace(ruleset, text=kernel.native(options[turn // 2 % len(options)]))


def record(kernel: Kernel, ruleset: Ruleset, shots: Sequence[Shot]) -> Run[Ruleset]:
    """Load the rules afresh, and send the packets."""
    kernel.load_native(ruleset.loaded)
    passed = kernel.send(ruleset.hook, [(shot.by, shot.probe) for shot in shots])
    counts = counters.counted(kernel.native("-j"))
    counted = counters.by_line(ruleset.text, counts) if ruleset.ordered else {}
    return Run(ruleset, shots, passed, counted)


def read(ruleset: Ruleset, fault: Fault = NO_FAULT) -> Judge:
    """Let the product read a ruleset."""
    return Judge({"rules.nft": ruleset.text}, ruleset.family, fault)
