"""The entries of Firepower Threat Defense: `access-list NAME advanced permit|deny|trust ...` (TAC 212321).

`trust` passes without Snort and `deny` is dropped before it; what `permit` lets pass, Snort may refuse: rules
by application or URL stand here as permits too.
"""

from __future__ import annotations

from collections.abc import Sequence

from aclproof.parsers.cisco_asa.features.rows.connections import SNORT
from aclproof.parsers.cisco_asa.meaning.aces import AceReader
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.conditions import Condition, OnInterface
from aclproof.parsers.model.rules import Action, Rule
from aclproof.reason import Reason

_PLAIN = {"permit": "permit", "deny": "deny", "trust": "permit"}
_OF_THE_END = "rule-id"
"""The word after which a line says its number, what is logged, and options of every entry."""
_LOGGED = frozenset({"event-log", "flow-start", "flow-end", "both"})


def rules(aces: AceReader, words: Sequence[str], at: int, line: int) -> list[Rule]:
    """Read an entry from its action on; LineError, KeyError or IndexError where it cannot be read."""
    action = words[at]
    end = words.index(_OF_THE_END) if _OF_THE_END in words else len(words)
    kept, conditions = _without_interfaces([_PLAIN[action], *words[at + 1:end]])
    found = aces.extended([*kept, *(word for word in words[end + 2:] if word not in _LOGGED)], 0, line)
    asked = SNORT.opaque()
    read: list[Rule] = []
    for rule in found:
        rule = rule._replace(conditions=(*rule.conditions, *conditions))
        if action == "permit":
            read.append(rule._replace(conditions=(*rule.conditions, asked)))
            rule = rule._replace(action=Action.DENY)
        read.append(rule)
    return read


def _without_interfaces(words: Sequence[str]) -> tuple[list[str], tuple[Condition, ...]]:
    """Take out `ifc NAME`: before the source it is the ingress, before the destination the egress."""
    kept: list[str] = []
    named: list[tuple[int, str]] = []
    rest = iter(words)
    for word in rest:
        if word == "ifc":
            named.append((len(kept), next(rest, "")))
        else:
            kept.append(word)
    of_protocol = 3 if kept[1:2] in (["object"], ["object-group"]) else 2
    if len(named) > 2 or any(not name for _, name in named):
        raise LineError(Reason("expected at most two interfaces after 'ifc'"))
    return kept, tuple(OnInterface("in" if position == of_protocol else "out", name)
                       for position, name in named)
