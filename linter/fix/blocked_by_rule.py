"""A rule that blocks wins over every allow rule, at some vendors: which one it is, and how to narrow it."""

from __future__ import annotations

from aclproof import parsers
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.fix import side_effects
from aclproof.linter.proof.needed_packets import from_any_port, with_free_axes
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.addresses import single, spell
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Rule, Stage
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


def advice(proof: Proof, judged: Judged, stage: Stage, by: Rule) -> str:
    """Name what blocks, and say what it does to take the packets out of it."""
    firewall, transit, box = proof.firewall, judged.segment.transit, judged.segment.as_filtered
    place = firewall.source.span(by.line)
    if transit is None or not _in_lists(firewall, stage, by):
        return Reason("{place} keeps allow rules from counting at all: that setting has to be changed "
                      "first", place=place)
    vendor = door(firewall.vendor)
    outward = transit.hook == "output"
    ours = box.destinations if outward else box.sources
    name = vendor.rule_name(firewall, by.line) or by.line
    narrow = Reason("{place} ({rule}) blocks, and that wins over every allow rule: narrow it, so that "
                    "{addresses} is not among its remote addresses", place=place, rule=name,
                    addresses=", ".join(spell(box.family, ours.ranges)))
    rest = (by.destinations if outward else by.sources) - single(box.family, ours)
    if by.conditions or not rest:
        return narrow
    after = vendor.narrowed(firewall, by.line, rest)
    if after is None:
        return narrow
    outcome = evaluate(parsers.stages(after, transit), every_rule(after), box, judged.context)
    if outcome.denied or outcome.undecided:
        return Reason("{said}; then it still needs an allow rule", said=narrow)
    needed = with_free_axes([from_any_port(proof, box)], firewall)
    if side_effects.unintended(firewall, after, needed):
        return Reason("{said}; that opens more than what is missing", said=narrow)
    return Reason("{said}; that opens exactly what is missing", said=narrow)


def _in_lists(firewall: Firewall, stage: Stage, by: Rule) -> bool:
    """Whether a rule is one of a list, and not of a setting, of a filter."""
    for name in stage.chains:
        if name in firewall.lists and any(rule is by for rule in firewall.chains[name].rules):
            return True
    return False
