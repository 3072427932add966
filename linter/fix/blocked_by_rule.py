"""A rule that blocks wins over every allow rule, at some vendors: which one it is, and how to narrow it."""

from __future__ import annotations

from aclproof import parsers
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.fix import side_effects
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.addresses import single, spell
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.parsers.vendor import door


def advice(proof: Proof, judged: Judged, stage: Stage, by: Rule) -> str:
    """Name what blocks, and say what it does to take the packets out of it."""
    firewall, transit, box = proof.firewall, judged.segment.transit, judged.segment.as_filtered
    place = firewall.source.span(by.line)
    lists = [firewall.chains[name].rules for name in stage.chains if name in firewall.lists]
    if transit is None or not any(rule is by for rules in lists for rule in rules):
        return Reason("{place} keeps allow rules from counting at all: that setting has to be changed "
                      "first", place=place)
    vendor = door(firewall.vendor)
    outward = transit.hook == "output"
    ours = box.destinations if outward else box.sources
    name = vendor.rule_name(firewall, by.line) or by.line
    said = Reason("{place} ({rule}) blocks, and that wins over every allow rule: narrow it, so that "
                  "{addresses} is not among its remote addresses", place=place, rule=name,
                  addresses=", ".join(spell(box.family, ours.ranges)))
    rest = (by.destinations if outward else by.sources) - single(box.family, ours)
    if by.conditions or not rest:
        return said
    after = vendor.narrowed(firewall, by.line, rest)
    if after is None:
        return said
    rules = {name: chain.rules for name, chain in after.chains.items()}
    outcome = evaluate(parsers.stages(after, transit), rules, box, judged.context)
    if outcome.denied or outcome.undecided:
        return Reason("{said}; then it still needs an allow rule", said=said)
    if side_effects.unintended(firewall, after, side_effects.with_free_axes([box], firewall)):
        return Reason("{said}; that opens more than what is missing", said=said)
    return Reason("{said}; that opens exactly what is missing", said=said)
