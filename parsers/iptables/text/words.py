"""iptables' own words, before they mean anything in the common model: every form of input ends here.

A save file, `iptables -S` and a listing differ in spelling only. Their readers write each rule as the tests
and the target that `iptables-save` would print; `matches` and `targets` say what those mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.source import Source

BUILT_IN = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
"""The tables, and the chains that the kernel itself calls."""


AS_LISTED = "as listed"
"""The name of a test or an argument that holds words of a listing which are not taken apart."""


class RuleError(Exception):
    """A rule or a part of it that means nothing here: a short reason in the user's words."""


class Test(Struct, frozen=True):
    """One test of a rule, spelled as `iptables-save` spells it.

    `module` is empty for the tests that every rule knows (source, destination, in-interface, out-interface,
    protocol, fragment), else the name after `-m`. `name` is the option without dashes: `dport`, `ctstate`,
    `match-set`. `values` are its words as written: `("22:25",)`, `("blocked", "src,dst")`.
    """

    module: str
    name: str
    values: tuple[str, ...] = ()
    negated: bool = False

    def __str__(self) -> str:
        """Return the test as a person would write it."""
        words = [f"-m {self.module}"] if self.module else []
        return " ".join((*words, *(["!"] if self.negated else []), f"--{self.name}", *self.values))


class Criteria(Struct, frozen=True):
    """What a rule asks of a packet; rules of equal words share one."""

    tests: tuple[Test, ...] = ()
    matches: tuple[tuple[str, tuple[Test, ...]], ...] = ()
    """The matches as they were loaded, each with its tests: to the kernel their order makes another rule."""


class Jump(Struct, frozen=True):
    """What a rule does with a packet that meets its criteria; without a target it only counts."""

    target: str = ""
    goto: bool = False
    arguments: tuple[tuple[str, str], ...] = ()
    """The target's options with their values: `("to-destination", "10.0.0.2:80")`."""


NO_COMMENT = Test("comment", "comment", ("",))
"""Stands in shared criteria for the comment of each rule."""


class Spec(NamedTuple):
    """A rule as written. A tuple, because a file may hold a million of them.

    What few other rules say (the addresses that it begins with, its comment) is kept apart from what many
    say, so that equal words are read and understood once.
    """

    line: int
    criteria: Criteria
    jump: Jump
    source: str = ""
    """The value of a `-s` that comes before all other criteria, with `!` before it where it is negated."""
    destination: str = ""
    comment: str = ""
    """Belongs in the place of `NO_COMMENT`."""

    @property
    def whole(self) -> Criteria:
        """All that it asks of a packet, in the order in which it is written."""
        ends = [Test("", name, (value.removeprefix("!"),), value.startswith("!"))
                for name, value in (("source", self.source), ("destination", self.destination)) if value]
        matches = tuple((module, self._commented(tests)) for module, tests in self.criteria.matches)
        return Criteria((*ends, *self._commented(self.criteria.tests)), matches)

    @property
    def tests(self) -> tuple[Test, ...]:
        """All of its tests."""
        return self.whole.tests

    @property
    def target(self) -> str:
        """The name of its target, or of the chain that it leads to."""
        return self.jump.target

    @property
    def names_lists(self) -> bool:
        """Whether one of the addresses that it begins with is a list."""
        return "," in self.source or "," in self.destination

    def asking(self, tests: tuple[Test, ...]) -> Spec:
        """Return the rule with other tests."""
        return Spec(self.line, Criteria(tests, self.criteria.matches), self.jump)

    def _commented(self, tests: tuple[Test, ...]) -> tuple[Test, ...]:
        if not self.comment:
            return tests
        return tuple(replace(test, values=(self.comment,)) if test == NO_COMMENT else test for test in tests)


class Unread(Struct, frozen=True):
    """A line that is in the chain but could not be read, and why; `tests` are those that could."""

    line: int
    reason: str
    tests: tuple[Test, ...] = ()
    head: Spec | None = None
    """What the line says by itself, where the lines after it may be the rest of it."""
    joined: tuple[Spec, ...] = ()
    """What it says together with them."""
    rest: tuple[int, ...] = ()
    """Those lines, and the line itself where it is no rule alone."""


class Table(Struct):
    """One table: chains in the order of the file, and the policies of the built-in ones."""

    name: str
    chains: dict[str, list[Spec | Unread]] = field(default_factory=dict)
    policies: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Chain to its policy (ACCEPT or DROP) and the line that says so."""
    start: int = 1
    end: int = 0
    """The line of its COMMIT, or the one after the last where there is none."""
    odd: list[int] = field(default_factory=list)
    """Lines that may be damaged rules of any of its chains, or that say that rules are missing."""
    guessed: bool = False
    """Whether its chains may be another table's as well, and nothing says whose they are."""


class Ruleset(Struct):
    """All tables of one family and one back end, from one or more inputs."""

    family: Family
    form: str
    """`save`, `commands` (iptables -S), `listing`, or `short listing` (without interfaces)."""
    source: Source
    tables: dict[str, Table] = field(default_factory=dict)
    back_end: str = ""
    """`nft` or `legacy`, where the input says which of the two it is of."""
    program: str = ""
    """`nft` or `legacy`, where the command that printed it was called so."""
    generated: bool = False
    """Whether a program says that it wrote all of it; else people may have."""
    outputs: int = 1
    """How many outputs hold its tables."""
    asked: str = ""
    """The only table that was asked for, where the input holds the command."""
    said_family: bool = True
    """Whether anything says of which family it is."""

    @property
    def is_legacy(self) -> bool:
        """Whether it is of the older back end: the other one names itself in the first line of a dump."""
        return self.back_end == "legacy" or (self.generated and self.back_end != "nft")


def criteria(tables: Iterable[Table]) -> Iterable[Criteria]:
    """Return what the rules of some tables ask; what many share comes once."""
    return {id(spec.criteria): spec.criteria for table in tables for specs in table.chains.values()
            for spec in specs if isinstance(spec, Spec)}.values()
