"""The rules that can meet packets, chain by chain: what is left of a long list is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.classes import bits
from aclproof.linter.engine.prefilter import Axes, in_batches
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule, Stage

RulesByChain = Mapping[str, Sequence[Rule]]


def relevant(firewall: Firewall, uses: Sequence[tuple[Sequence[Stage], Box]]) -> list[RulesByChain]:
    """Return for each use, packets at some stages, the rules that can meet them, of every chain they come to.

    One pass over each chain for many uses, after those that call it: packets come to a called chain only by a
    rule that can meet them. ValueError when chains call each other in a circle.
    """
    chains = every_rule(firewall)
    found: list[RulesByChain] = []
    for first, axes in in_batches([box for _, box in uses]):
        stages_of = [stages for stages, _ in uses[first:first + axes.size]]
        found += _of_batch(chains, stages_of, axes)
    return found


def _of_batch(chains: RulesByChain, stages_of: Sequence[Sequence[Stage]], axes: Axes) -> list[RulesByChain]:
    coming: dict[str, int] = {}  # the uses whose packets come to a chain, as a bit mask
    for number, stages in enumerate(stages_of):
        for name in dict.fromkeys(name for stage in stages for name in stage.chains):
            coming[name] = coming.get(name, 0) | 1 << number
    found: list[dict[str, Sequence[Rule]]] = [{} for _ in stages_of]
    for name in reversed(callees_first(chains, list(coming))):
        users = coming.get(name, 0)
        kept: dict[int, list[Rule]] = {number: [] for number in bits(users)}
        for rule, mask in axes.meeting(chains[name], disabled=False) if users else ():
            mask &= users
            for number in bits(mask):
                kept[number].append(rule)
            if mask and rule.target:
                coming[rule.target] = coming.get(rule.target, 0) | mask
        for number, rules in kept.items():
            found[number][name] = rules
    return list(found)


def every_rule(firewall: Firewall) -> dict[str, Sequence[Rule]]:
    """Return the rules of all chains: for packets that a translation may turn into others on their way."""
    return {name: chain.rules for name, chain in firewall.chains.items()}
