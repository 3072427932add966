"""Lines of one firewall that do nothing, and the commands that take them away, tried before they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.audit.chain_audit import STEPS, ChainAudit, DeadLine, audit_lists
from aclproof.linter.diff.chain_difference import compare_list
from aclproof.linter.diff.chain_pair import ChainPair, ListNames
from aclproof.linter.engine import budget
from aclproof.linter.engine.budget import Budget, OverBudgetError
from aclproof.linter.fix.entering import Entered
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.removals import ByHand, DeadRule
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

_MOST_RULES = 64_000
"""So many rules the packets of all that goes may meet, where it is compared: some seconds."""


class Removal(Struct, frozen=True):
    """Lines to take away, by the commands that do it, in the order in which these have to be entered."""

    by_command: Mapping[str, tuple[DeadLine, ...]] = field(default_factory=dict)
    leads_to: tuple[str, ...] = ()
    """What has to be entered before."""
    notes: tuple[str, ...] = ()
    """What a person should know before."""
    not_compared: tuple[str, ...] = ()
    """Lists that were not compared for every packet with the commands carried out, and why: all others were,
    and no packet fares otherwise."""

    @property
    def commands(self) -> tuple[str, ...]:
        """All that has to be entered."""
        return (*self.leads_to, *self.by_command) if self.by_command else ()

    @property
    def lines(self) -> tuple[DeadLine, ...]:
        """All that goes."""
        return tuple(each for some in self.by_command.values() for each in some)

    @property
    def command_of(self) -> Mapping[DeadLine, str]:
        """What takes each line away."""
        return {each: command for command, some in self.by_command.items() for each in some}


class Tidying(Struct, frozen=True):
    """What was found at one firewall."""

    firewall: Firewall
    dead: tuple[DeadLine, ...]
    """List by list, in the order of their lines."""
    removal: Removal
    by_hand: Mapping[DeadLine, str]
    """Those for which there is no command, and why."""
    refused: str = ""
    """Why there is none for any, where commands could not be carried out."""
    unsettled: tuple[int, ...] = ()
    """Lines of which it would take too long to tell."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Lists that were not looked at, and why."""


def tidy(firewall: Firewall) -> Tidying:
    """Look at every list of a firewall, and at the commands for what is found."""
    dead: list[DeadLine] = []
    unsettled: list[int] = []
    left_out: dict[str, str] = {}
    steps = Budget(STEPS)
    for name, found in audit_lists(firewall, steps):
        if isinstance(found, ChainAudit):
            dead += found.dead
            unsettled += found.unsettled
        else:
            left_out[name] = found
    removal, by_hand = _removal(firewall, dead[::-1])
    refused = ""
    if removal.by_command:
        try:
            removal = replace(removal, not_compared=tuple(_not_compared(firewall, removal)))
        except UnsupportedInputError as error:
            removal, refused = Removal(), str(error)
    return Tidying(firewall, tuple(dead), removal, {each: by_hand[each] for each in dead if each in by_hand},
                   refused, tuple(unsettled), left_out)


def _removal(firewall: Firewall, last_first: Sequence[DeadLine]) -> tuple[Removal, dict[DeadLine, str]]:
    """The commands for some lines, not tried yet; and those that have none, with the reason."""
    room = door(firewall.vendor)
    found = room.removals(firewall, [
        DeadRule(each.chain, each.line, frozenset(rule.line for rule in each.by)) for each in last_first])
    commands: dict[str, list[DeadLine]] = {}
    by_hand: dict[DeadLine, str] = {}
    for line, how in zip(last_first, found.of_rules, strict=True):
        if isinstance(how, ByHand):
            by_hand[line] = how.why
        else:
            commands.setdefault(how, []).append(line)
    return Removal({command: tuple(some) for command, some in commands.items()}, room.leads_to(firewall),
                   found.notes), by_hand


def _not_compared(firewall: Firewall, removal: Removal) -> Iterator[str]:
    """Carry commands out, and yield the lists of which it is not shown that no packet fares otherwise.

    UnsupportedInputError where one cannot be carried out.
    """
    after = Entered.of(firewall).with_lines(removal.commands).firewall
    steps = Budget(STEPS)
    for name in dict.fromkeys(each.chain for each in removal.lines):
        for profile in door(firewall.vendor).traits.profiles or ("",):
            if why := _doubt(ChainPair(ListNames(name, name), firewall, after, profile), name, steps):
                yield Reason("{list}: {why}", list=name, why=why)
                break


def _doubt(pair: ChainPair, name: str, steps: Budget) -> str:
    """Say why it is not shown that no packet of a list fares otherwise; empty where it is."""
    too_much = Reason("too much of it changes at once")
    try:
        with budget.part_of(steps, most=STEPS):
            found = compare_list(pair, Context(), _MOST_RULES)
    except OverBudgetError:
        return too_much
    if found.newly_permitted or found.newly_denied:
        raise AssertionError(f"lines of {name} that do nothing do something")
    if found.undecided_on_one_side:
        return Reason("it tests what is not known here, so only rule by rule it is proven")
    return "" if found.complete else too_much
