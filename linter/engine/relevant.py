"""The rules that can meet packets, chain by chain: what is left of a long list is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclproof.linter.engine.evaluate import callees_first
from aclproof.linter.engine.prefilter import candidates
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule, Stage

RulesByChain = Mapping[str, Sequence[Rule]]


def relevant(firewall: Firewall, uses: Sequence[tuple[Sequence[Stage], Box]]) -> list[RulesByChain]:
    """Return for each use, packets at some stages, the rules of every chain there that can meet them.

    One pass over each chain for all uses. ValueError when chains call each other in a circle.
    """
    chains = every_rule(firewall)
    reached: dict[tuple[str, ...], list[str]] = {}
    users: dict[str, list[int]] = {}
    for number, (stages, _) in enumerate(uses):
        roots = tuple(dict.fromkeys(name for stage in stages for name in stage.chains))
        if roots not in reached:
            reached[roots] = callees_first(chains, roots)
        for name in reached[roots]:
            users.setdefault(name, []).append(number)
    found: list[dict[str, Sequence[Rule]]] = [{} for _ in uses]
    for name, numbers in users.items():
        kept = candidates(chains[name], [uses[number][1] for number in numbers])
        for number, rules in zip(numbers, kept, strict=True):
            found[number][name] = rules
    return list(found)


def every_rule(firewall: Firewall) -> dict[str, Sequence[Rule]]:
    """Return the rules of all chains: for packets that a translation may turn into others on their way."""
    return {name: chain.rules for name, chain in firewall.chains.items()}
