"""Permits in the words of a Cisco ASA."""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.linter.fix import asa_binding, asa_groups
from aclproof.linter.fix.asa_aces import Aces
from aclproof.linter.fix.asa_entering import Config
from aclproof.linter.fix.merging import merged
from aclproof.linter.fix.missing_permits import Opening
from aclproof.linter.fix.proposals import Proposal, Refusal, Written
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box


def propose(firewall: Firewall, openings: Sequence[Opening], needed: Sequence[Box]) -> Proposal:
    """Extend a group where that opens exactly what is missing; else write entries, the last place first.

    What a group does not open is left for the next time.
    """
    config = Config(firewall)
    listed = [each for each in openings if not each.entry]
    extended = asa_groups.extended(config, listed, needed)
    if extended:
        return Proposal((extended,), config.entered(extended.lines))
    written: list[Written] = []
    refused: list[Refusal] = []
    aces = Aces(config, [each.opening.box for each in merged(openings)])
    for entry in dict.fromkeys(each.entry for each in openings if each.entry):
        mine = [each for each in openings if each.entry == entry]
        bound = asa_binding.bound(config, aces, entry, mine, needed)
        if isinstance(bound, Refusal):
            refused.append(bound)
        else:
            written.append(bound)
    for each in merged(listed):
        groups, entries = aces.written(each.opening.box, *_place(config, each.opening))
        written.append(Written((*groups, *entries), each.parts, len(entries)))
    lines = [line for each in written for line in each.lines]
    return Proposal(tuple(written), config.entered(lines), tuple(refused))


def _place(config: Config, opening: Opening) -> tuple[str, int]:
    """The list, and the number of the entry that stops the packets; 0 for the list's end."""
    rules = config.firewall.chains[opening.chain].rules
    at_end = opening.at >= len(rules)
    return opening.chain, 0 if at_end else config.number(opening.chain, rules[opening.at].line)
