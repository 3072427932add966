"""What each form of input proves to be complete, and what it can never show.

Measured with iptables 1.8.9 on Linux 6.18, both back ends.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from aclproof.parsers.iptables.text.words import BUILT_IN, Ruleset


class Absent(Enum):
    """What it means that a form does not hold a table."""

    NOT_LOADED = "not loaded"
    """The program prints all tables that are loaded."""
    RELIED_ON = "relied on"
    """It may have been left out, which nobody does who wants to know."""
    OPEN = "open"
    """The form never holds more than one."""


class Shows(NamedTuple):
    """One form: what is not in it, and what that means."""

    tables: Absent
    chains: bool
    """Whether a chain of the kernel that is not in it has no rules: at most its policy is not known."""
    interfaces: bool = True
    alone: bool = True
    """Whether it says that nothing else was loaded before it."""


FORMS = {
    # `iptables-save` ends each table with COMMIT, and prints every table that the kernel has
    "dump": Shows(Absent.NOT_LOADED, chains=True),
    # the same, or `iptables-save -t TABLE`: the output is the same
    "dump of one table": Shows(Absent.RELIED_ON, chains=True),
    # `iptables-save -t TABLE`, where the command is in the file
    "table": Shows(Absent.OPEN, chains=True),
    # what `iptables-restore` loads: it leaves other tables alone, and with `-n` what its tables held before;
    # a chain that it does not declare loses its rules, and keeps its policy
    "restore": Shows(Absent.RELIED_ON, chains=True, alone=False),
    # `iptables -S` and `-L` print one table, with a chain's name one chain; no mark says where they end
    "commands": Shows(Absent.OPEN, chains=False),
    "listing": Shows(Absent.OPEN, chains=False),
    # `iptables -L` without -v
    "short listing": Shows(Absent.OPEN, chains=False, interfaces=False),
}

OTHERS = ("nat", "mangle", "raw")
"""The tables besides filter that rules are commonly in; a security table is loaded by hardly anybody."""

HARDLY_A_POLICY = {"nat"}
"""`iptables` refuses to give its chains a policy DROP; iptables-restore takes it."""

MAY_LACK = {("nat", "INPUT")}
"""Chains that the kernel has not always had (this one since 2.6.36)."""


def form(ruleset: Ruleset) -> Shows:
    """Return what the form of a ruleset shows."""
    name = ruleset.form
    if name == "save":
        name = "restore" if not ruleset.generated else "table" if ruleset.asked else \
            "dump" if len(ruleset.tables) > 1 else "dump of one table"
    return FORMS[name]


def hidden(ruleset: Ruleset, table: str) -> list[str]:
    """Return the chains of a table that the kernel calls and the input says nothing of."""
    known = ruleset.tables[table]
    return [name for name in BUILT_IN[table] if name not in known.policies and (table, name) not in MAY_LACK]
