"""Lines of one firewall that do nothing, and the commands that take them away, tried before they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from aclproof.linter.audit.chain_audit import STEPS, ChainAudit, DeadLine, audit_lists
from aclproof.linter.diff.chain_difference import compare_list
from aclproof.linter.diff.chain_pair import ChainPair, ListNames
from aclproof.linter.engine.budget import Budget
from aclproof.linter.fix.entering import Entered
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


class Removal(Struct, frozen=True):
    """Lines to take away, and the command for each, in the order in which they have to be entered."""

    lines: tuple[DeadLine, ...] = ()
    commands: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    """Lists that were not compared for every packet with the commands carried out, and why: all others were,
    and no packet fares otherwise."""


class Tidying(Struct, frozen=True):
    """What was found at one firewall."""

    firewall: Firewall
    dead: tuple[DeadLine, ...]
    """List by list, in the order of their lines."""
    removal: Removal
    by_hand: tuple[DeadLine, ...]
    """Those for which there is no command."""
    refused: str = ""
    """Why there is none, where commands could not be carried out."""
    unsettled: tuple[int, ...] = ()
    """Lines of which it would take too long to tell."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Lists that were not looked at, and why."""


def tidy(firewall: Firewall) -> Tidying:
    """Look at every list of a firewall, and at the commands for what is found."""
    dead: list[DeadLine] = []
    unsettled: list[int] = []
    left_out: dict[str, str] = {}
    for name, found in audit_lists(firewall, Budget(STEPS)):
        if isinstance(found, ChainAudit):
            dead += found.dead
            unsettled += found.unsettled
        else:
            left_out[name] = found
    tried = _removal(firewall, dead[::-1])
    removal, refused = (tried, "") if isinstance(tried, Removal) else (Removal(), tried)
    gone = set(removal.lines)
    return Tidying(firewall, tuple(dead), removal, tuple(each for each in dead if each not in gone), refused,
                   tuple(unsettled), left_out)


def _removal(firewall: Firewall, last_first: Sequence[DeadLine]) -> Removal | str:
    """The commands for some lines, carried out and compared; or why they cannot be carried out."""
    commands = door(firewall.vendor).removals(firewall, [(each.chain, each.line) for each in last_first])
    pairs = [each for each in zip(last_first, commands, strict=True) if each[1]]
    if not pairs:
        return Removal()
    lines, written = zip(*pairs, strict=True)
    try:
        after = Entered.of(firewall).with_lines(written).firewall
    except UnsupportedInputError as error:
        return str(error)
    lists = dict.fromkeys(each.chain for each in lines)
    doubts = ((name, _doubt(firewall, after, name)) for name in lists)
    return Removal(lines, written, tuple(Reason("{list}: {why}", list=name, why=why)
                                         for name, why in doubts if why))


def _doubt(before: Firewall, after: Firewall, name: str) -> str:
    """Say why it is not shown that no packet of a list fares otherwise; empty where it is."""
    found = compare_list(ChainPair(ListNames(name, name), before, after), Context())
    if found.newly_permitted or found.newly_denied:
        raise AssertionError(f"lines of {name} that do nothing do something")
    if found.undecided_on_one_side:
        return Reason("it tests what is not known here, so only rule by rule it is proven")
    return "" if found.complete else Reason("too much of it changes at once")
