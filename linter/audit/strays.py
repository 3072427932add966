"""Lines that were not read and may be rules of any list: nobody knows what they do, and where they belong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aclproof.parsers.model.conditions import Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span, State
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.vendor import door


def strays(firewall: Firewall) -> Sequence[Span]:
    """Return the lines that could decide something, and that stand in no list as rules that may be any."""
    unread = [each.span for each in firewall.notes if each.state is State.UNREAD and each.decides]
    placed = {firewall.quote(rule.line) for chain in firewall.lists.values() for rule in special(chain.rules)
              if rule.in_file and any(isinstance(each, Opaque) and not each.key for each in rule.conditions)
              } if unread else set()
    return [each for each in unread if each not in placed]


class Between:
    """Whether such a line may be a rule that stands between two others of a list."""

    def __init__(self, firewall: Firewall) -> None:
        in_any_order = door(firewall.vendor).traits.allow_cannot_beat_block
        self._strays = () if in_any_order else strays(firewall)
        self._quote = firewall.quote

    def may_come(self, line: int, later: Iterable[Rule]) -> bool:
        """Return whether one stands after a line, and before the last of some others where these stand after
        the line as well: what a list calls may stand anywhere."""
        if not self._strays:
            return False
        here, ends = self._quote(line), [self._quote(each.line) for each in later]
        after = [each for each in self._strays if each.file != here.file or each.first_line > here.first_line]
        in_order = all(each.file == here.file and each.first_line > here.first_line for each in ends)
        return any(not in_order or each.file != here.file
                   or each.first_line < max(end.first_line for end in ends) for each in after)
