"""Permits in the words of a Cisco ASA: by a group or a list that is there, or by new entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.cisco_asa.permits import binding, groups
from aclproof.parsers.cisco_asa.permits.aces import Aces
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames, merged


def candidates(firewall: Firewall, missing: Sequence[MissingPermit],
               names: RuleNames) -> Iterator[Candidate | NotWritable]:
    """Yield extensions of groups, lists to bind, and new entries, the last place of a list first."""
    config = Config(firewall)
    listed = [each for each in missing if not each.entry]
    yield from groups.extensions(config, listed)
    aces = Aces(config, [each.permit.box for each in merged(missing)], names.stem)
    for entry in dict.fromkeys(each.entry for each in missing if each.entry):
        yield from binding.candidates(config, aces, entry, [each for each in missing if each.entry == entry])
    for each in merged(listed):
        new_groups, entries = aces.written(each.permit.box, *_position(config, each.permit))
        yield Candidate((*new_groups, *entries), each.parts, len(entries))


def _position(config: Config, missing: MissingPermit) -> tuple[str, int]:
    """The list, and the number of the entry that stops the packets; 0 for the list's end."""
    if missing.at_end:
        return missing.chain, 0
    rules = config.firewall.chains[missing.chain].rules
    return missing.chain, config.number(missing.chain, rules[missing.at].line)
