"""What commands ask about a configuration that was read, beside the verdicts: all of it, once."""

from __future__ import annotations

from aclproof.linter.draft import grouping
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import files_of
from aclproof.parsers.vendor import door


def ask(firewall: Firewall) -> None:
    """Ask a vendor's room everything; only UnsupportedInputError is an answer that is none."""
    room, files = door(firewall.vendor), files_of(firewall.source)
    for each in files:
        list(room.names([each]))
        room.holds(each)
        grouping.found_in(each, each.name, each.name)
    for find in (room.referenced_lines, room.definitions, room.besides, room.unlogged, room.comments,
                 room.counted_singly):
        list(find(firewall))
    room.counting(firewall)
    room.leads_to(firewall)
    for name, chain in firewall.chains.items():
        list(room.kept_by(firewall, name))
        for rule in list(chain.rules)[:20]:
            room.hits(firewall, rule.line)
            room.rule_name(firewall, rule.line)
