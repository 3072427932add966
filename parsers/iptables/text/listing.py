"""`iptables -L` in all its forms: headings, titles and rows in; tables of rules out.

A listing does not say which table or family it shows: the built-in chains and the addresses show it.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct, field

from aclproof.parsers.iptables.text import family, listing_row, remarks, session, twice
from aclproof.parsers.iptables.text.listing_row import Columns
from aclproof.parsers.iptables.text.listing_torn import TORN, Pieces
from aclproof.parsers.iptables.text.remarks import Says
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Ruleset, Spec, Table, Unread
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source
from aclproof.reason import Reason, joined

_HEADING = re.compile(r"\s*Chain (?P<name>\S+) \((?:policy (?P<policy>[^\s)]+)|"
                      r"(?P<references>\d+) references\))?.*")
_DAMAGED = re.compile(r"\d\.\d+\.|::|anywhere|--|Chain |\(policy|references\)")
"""A line that is neither row nor heading, but may have been one."""

_COLUMN = re.compile(r"(?<!\S)(?:!?\d+\.\d+\.\d+\.\d+\S*|!?[0-9a-fA-F:]*::\S*|anywhere|--)(?!\S)")
_FEWEST_COLUMNS = 2
"""A row that cannot be read is quoted where it has so many; any other line may be what was typed."""

_RANK = {"PREROUTING": 0, "INPUT": 1, "FORWARD": 2, "OUTPUT": 3, "POSTROUTING": 3}
"""Built-in chains come in this order in a listing, and before the others."""

_BETRAYED = {target: table for table, targets in (
    ("nat", "DNAT SNAT REDIRECT MASQUERADE NETMAP"), ("raw", "CT NOTRACK"),
    ("security", "SECMARK CONNSECMARK"), ("mangle", "DSCP TOS TTL HL ECN CLASSIFY CHECKSUM TPROXY"),
) for target in targets.split()}
"""Targets that only one table takes."""

_MANGLING = {"MARK", "CONNMARK", "TCPMSS"}
"""Targets that every table takes, but hardly any other than mangle in front of and after the filter."""

_FEWEST = 2
"""Every table has so many chains of the kernel's, at least."""

_OLD_NAT = {"PREROUTING", "POSTROUTING", "OUTPUT"}
"""The chains of nat before Linux 2.6.36."""


class _Dump(Struct):
    """What one call of `iptables -L` printed."""

    line: int
    family: Family | None = None
    table: str = ""
    program: str = ""
    chains: dict[str, list[Spec | Unread]] = field(default_factory=dict)
    policies: dict[str, tuple[str, int]] = field(default_factory=dict)
    references: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How many rules are said to lead to a chain, and the line that says so."""
    interfaces: bool = True
    said_family: bool = True
    odd: list[int] = field(default_factory=list)
    """Lines that say that something is missing, or that may be anything."""
    guessed: bool = False
    """Whether no table has just these chains."""

    def ends_before(self, name: str, *, built_in: bool) -> bool:
        """Whether a chain of this name belongs to another call."""
        if name in self.chains:
            return True
        if not built_in or not self.chains:
            return False
        last = next(reversed(self.chains))
        return last not in self.policies or _RANK.get(name, 0) < _RANK.get(last, 0)


class Reader:
    """What a listing says; `states` has one entry for each of its lines.

    Understood are rules and the headings with a policy; ignored are other headings, titles, comments and
    blank lines.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.lines()
        self.states: list[State] = [State.IGNORED] * len(self.lines)
        self.reasons: dict[int, str] = {}
        """Lines that were not read, or with a remark, and why."""
        self.rulesets: list[Ruleset] = []
        """One for each family; more when a table is in the input twice."""
        self._dumps: list[_Dump] = []
        self._next: _Dump | None = None
        self._chain: list[Spec | Unread] | None = None
        self._columns: Columns | None = None
        self._gap = False
        self._number = 0
        """Of the last row, where rows have numbers."""
        self._pieces: Pieces | None = None
        self.strays: list[int] = []
        """Lines outside of the chains that may be damaged ones."""
        self.remarks: dict[int, Says] = {}
        """Lines that say what is not shown."""

    def read(self) -> Reader:
        """Read all lines; none is dropped, and a bad one does not cost the rest."""
        for number, text in enumerate(self.lines, 1):
            text = text.rstrip()
            if text:
                self._line(text, number)
            self._gap = not text
        self._put_together()
        self._assemble()
        return self

    def _line(self, text: str, number: int) -> None:
        if heading := _HEADING.fullmatch(text):
            self._heading(heading, number)
        elif columns := listing_row.titles(text):
            self._titles(columns, number)
        elif self._chain is None:
            self._outside(text, number)
        else:
            self._row(text, number, self._dumps[-1], self._chain)

    def _heading(self, heading: re.Match[str], number: int) -> None:
        self._put_together()
        name, policy = heading["name"], heading["policy"]
        if self._next or not self._dumps or self._dumps[-1].ends_before(name, built_in=bool(policy)):
            self._dumps.append(self._next or _Dump(number))
            self._dumps[-1].line, self._next = number, None
        dump = self._dumps[-1]
        self._chain, self._number = dump.chains.setdefault(name, []), 0
        if name in _RANK and policy in ("ACCEPT", "DROP"):
            dump.policies[name] = policy, number
            self.states[number - 1] = State.UNDERSTOOD
        elif name in _RANK or policy:
            self._unread(number, Reason("the policy of a built-in chain is not to be read"))
            dump.odd.append(number)
        elif heading["references"]:
            dump.references[name] = int(heading["references"]), number

    def _titles(self, columns: Columns, number: int) -> None:
        self._columns = columns
        if self._chain:
            self._unread(number, Reason("titles inside a chain: the heading of another one is missing"),
                         self._chain)
        if self._dumps:
            self._dumps[-1].interfaces &= columns.interfaces

    def _row(self, text: str, number: int, dump: _Dump, chain: list[Spec | Unread]) -> None:
        try:
            if self._columns is None:
                raise RuleError(Reason("no titles of columns stand above the line"))
            found = listing_row.row(text, number, self._columns)
            if dump.family and found.family and dump.family is not found.family:
                raise RuleError(Reason("an IPv{found} rule in a listing of IPv{listed}",
                                       found=found.family, listed=dump.family))
        except RuleError as error:
            self._no_row(text, number, chain, str(error))
            return
        self._put_together()
        dump.family = dump.family or found.family
        if found.number and found.number != self._number + 1:
            self._unread(number, Reason("rows are missing above this one, by their numbers"), chain)
        else:
            self.states[number - 1] = State.UNDERSTOOD
        self._number = found.number
        self._pieces = Pieces(chain, self._columns, number, [text], found.spec)
        chain.append(found.spec)

    def _no_row(self, text: str, number: int, chain: list[Spec | Unread], reason: str) -> None:
        if remarks.says(text) or session.command(text) or session.is_prompt(text) or (
                self._gap and not _DAMAGED.search(text)):
            self._outside(text, number)
            return
        if len(_COLUMN.findall(text)) < _FEWEST_COLUMNS:
            self.source.hide(number)
            reason = listing_row.NO_COLUMNS  # others quote a word
        self._unread(number, reason, chain)
        if self._pieces and self._pieces.follows(number):
            self._pieces.texts.append(text)
        elif self._columns:
            self._pieces = Pieces(chain, self._columns, number, [text], None)

    def _put_together(self) -> None:
        if self._pieces and len(self._pieces.texts) > 1:
            self._pieces.mark()
            self._unread(self._pieces.first, TORN)
        self._pieces = None

    def _outside(self, text: str, number: int) -> None:
        """Take a line that is no part of a chain: the command that made the next listing, or anything."""
        self._put_together()
        command, says = session.command(text), remarks.says(text)
        if command and command.shows:
            self._chain, self._next = None, _Dump(number, command.family, command.table,
                                                   command.program)
        elif command:
            self._chain = None
            self._stray(number, Reason("a command, not what it did"))
        elif table := session.heading(text):
            self._chain, self._next = None, _Dump(number, table=table)
        elif says is not None:
            self.remarks[number] = says
        elif not session.is_prompt(text):
            self._stray(number, Reason("stands outside of the chains"))

    def _stray(self, number: int, reason: str) -> None:
        self._unread(number, reason)
        self.strays.append(number)
        self.source.hide(number)

    def _unread(self, number: int, reason: str, chain: list[Spec | Unread] | None = None) -> None:
        self.states[number - 1] = State.UNREAD
        self.reasons[number] = reason
        if chain is not None:
            chain.append(Unread(number, reason))

    def _remark(self, number: int, reason: str) -> None:
        if self.states[number - 1] is not State.UNREAD:
            self.states[number - 1] = State.APPROXIMATED
        self.reasons[number] = joined("; ", filter(None, (self.reasons.get(number), reason)))

    def _assemble(self) -> None:
        """Give each call its table, and join the tables of a family."""
        known = {dump.family for dump in self._dumps if dump.family}
        named = next(iter(known)) if len(known) == 1 else family.named(self.source.name)
        for dump in self._dumps:
            if dump.family is None:
                dump.said_family = named is not None
                dump.family = named or Family.V4
                self._remark(dump.line, Reason("nothing here tells IPv4 from IPv6: taken for IPv{family}",
                                               family=dump.family))
            if not dump.table:
                dump.table, sure = _table(dump)
                dump.guessed = not sure
                if not sure:
                    self._remark(dump.line, Reason("no table has just these chains: taken for {table}",
                                                   table=dump.table))
            self._count_references(dump)
            self._join(dump, dump.family)
        for table in twice.keep_one(self.rulesets):
            self._unread(table.start, twice.why(table))

    def _count_references(self, dump: _Dump) -> None:
        """Rules that lead to a chain are counted in its heading."""
        rules = [rule for chain in dump.chains.values() for rule in chain]
        leading = Counter(rule.target for rule in rules if isinstance(rule, Spec))
        if len(dump.policies) < _FEWEST or any(isinstance(rule, Unread) for rule in rules):
            return  # a part of the table, or open anyway
        for name, (count, line) in dump.references.items():
            if leading[name] != count:
                self._unread(line, Reason("{count} rules lead to this chain, and {found} are shown",
                                          count=count, found=leading[name]))
                dump.odd.append(line)

    def _join(self, dump: _Dump, family: Family) -> None:
        ruleset = next((each for each in reversed(self.rulesets)
                        if each.family is family and each.program == dump.program), None)
        if ruleset is None or ruleset.tables.get(dump.table, Table("")).chains.keys() & dump.chains.keys():
            ruleset = Ruleset(family, "listing", self.source, program=dump.program)
            self.rulesets.append(ruleset)
        ruleset.said_family &= dump.said_family
        if not dump.interfaces:
            ruleset.form = "short listing"
        table = ruleset.tables.setdefault(dump.table, Table(dump.table, start=dump.line))
        table.chains.update(dump.chains)
        table.policies.update(dump.policies)
        table.odd += dump.odd
        table.guessed |= dump.guessed


def _targets(dump: _Dump) -> set[str]:
    return {rule.target for rules in dump.chains.values() for rule in rules if isinstance(rule, Spec)}


def _table(dump: _Dump) -> tuple[str, bool]:
    """Find the table by its built-in chains, else by the targets that only one table knows."""
    shown = set(dump.policies)
    targets = _targets(dump)
    betrayed = {_BETRAYED[target] for target in targets if target in _BETRAYED}
    whole = [table for table, chains in BUILT_IN.items() if set(chains) == shown]
    if whole or shown == _OLD_NAT:
        if "security" in whole and "security" in betrayed:
            return "security", True
        return (whole or ["nat"])[0], True
    able = [table for table in ("filter", "nat", "mangle", "raw") if shown <= set(BUILT_IN[table])]
    able = able or ["filter"]
    if "filter" not in able and targets & _MANGLING:
        betrayed.add("mangle")
    for table in able:
        if table in betrayed:
            return table, False
    return able[0], False
