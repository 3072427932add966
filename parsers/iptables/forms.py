"""Which form an input has, and what it holds: rules, listings or sets, with every line accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aclproof.parsers.iptables.ipset import read as ipset
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.saved import save
from aclproof.parsers.iptables.text import listing
from aclproof.parsers.iptables.text.kinds import kind
from aclproof.parsers.iptables.text.words import Ruleset
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.source import Source

_EVERY_INTERFACE = Opaque(
    "every interface", Reason("whether the rule holds for every interface: the listing lacks -v, so its "
                              "interfaces are not shown; give the output of iptables-save"))


@dataclass(slots=True)
class Form:
    """One input; `states` has an entry for each line, `reasons` one for each line that is not plain."""

    source: Source
    states: list[State]
    rulesets: Sequence[Ruleset] = ()
    sets: Mapping[str, IpSet] = field(default_factory=dict)
    unread_lines: Mapping[str, list[int]] = field(default_factory=dict)
    """By table: lines that may be damaged rules of it."""
    reasons: dict[int, str] = field(default_factory=dict)
    deciding: set[int] = field(default_factory=set)
    """Unread lines that could decide a verdict."""

    @property
    def shown(self) -> bool:
        """Whether it is a listing, whose rows begin with anything."""
        return any("listing" in ruleset.form for ruleset in self.rulesets)

    def unread(self, line: int, reason: str) -> None:
        """Note a line of a chain that was not understood."""
        self.states[line - 1] = State.UNREAD
        self.reasons[line] = reason
        self.deciding.add(line)

    def approximated(self, line: int, reason: str) -> None:
        """Note a line that is kept with an open condition."""
        self.states[line - 1] = State.APPROXIMATED
        self.reasons[line] = reason

    def of_every_rule(self, ruleset: Ruleset) -> tuple[Condition, ...]:
        """What a lossy form leaves open of each of its rules."""
        return (_EVERY_INTERFACE,) if ruleset.form == "short listing" else ()


def read(source: Source, *, rules: bool = True) -> Form:
    """Read one input by its form; without `rules`, of a dump only its tables and their chains."""
    match kind(source.text):
        case "listing":
            shown = listing.Reader(source).read()
            return Form(source, shown.states, shown.rulesets, reasons=shown.reasons)
        case "ipset":
            members = ipset.Reader(source).read()
            return Form(source, members.states, sets=members.sets, reasons=members.reasons)
        case _:
            saved = save.Reader(source, rules=rules).read()
            deciding = {line for lines in saved.unread_lines.values() for line in lines}
            return Form(source, saved.states, saved.rulesets, {}, saved.unread_lines, saved.reasons, deciding)
