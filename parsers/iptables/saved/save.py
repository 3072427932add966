"""`iptables-save`, `iptables -S`, and rule files that people edit: lines in, tables out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from aclproof.parsers.iptables.saved import commands, which_table
from aclproof.parsers.iptables.saved.carry_out import COMMANDS, KERNELS, Commands, declared_again, set_policy
from aclproof.parsers.iptables.saved.torn import Pieces
from aclproof.parsers.iptables.text import family, remarks, rule, session, twice
from aclproof.parsers.iptables.text.plain import APPENDED, PlainRules
from aclproof.parsers.iptables.text.remarks import Says, is_rule_like
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Ruleset, Spec, Table
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_COUNTERS = re.compile(r"\[\d+:\d+\] *")
_OWN = (":", "-", "[", "*")
"""What lines begin with that are no remarks."""
_PROMPT = re.compile(r"\[[\w.-]+@[^\]#$]{1,80}\]\s*[#$]")
"""What looks like counters and is none."""
_HEAD = 10000
_BEGINNINGS = ("-A", "--append", "-I", "--insert")
"""Words that begin a rule, perhaps right after the word before."""
_NO_LINE = Reason("not a line of iptables-save")


class Reader:
    """What one input says; `states` has one entry for each of its lines."""

    def __init__(self, source: Source, *, rules: bool = True) -> None:
        self.source = source
        self._wants_rules = rules
        self.lines = source.lines()
        self.states: list[State] = [State.IGNORED] * len(self.lines)
        self.reasons: dict[int, str] = {}
        """Lines that were not read, and why."""
        self.strays: list[int] = []
        """Lines outside of all tables that may be damaged ones of any of them."""
        self.remarks: dict[int, Says] = {}
        """Lines that say what is not shown."""
        self._saves = any(each.lstrip().startswith("*") for each in self.lines[:_HEAD])
        of, said = self._family()
        self.rulesets = [Ruleset(of, "save" if self._saves else "commands", source, said_family=said)]
        self._table: Table | None = None
        self._commands = Commands(source, self.reasons, rules=rules)
        self._rules = PlainRules()
        self._appended = 0
        """The line of the last rule, of which the next one may be the rest."""
        self._pieces: Pieces | None = None
        self._announced = 0
        """The heading of a dump whose tables are still to come."""

    def _family(self) -> tuple[Family, bool]:
        """The family of the first rules, and whether anything says so: the heading, else all of the text."""
        first = next((text for text in self.lines if text.strip("\r\t \ufeff")), "")
        writer = remarks.writer(first.strip("\r\t \ufeff"))
        return (writer.family, True) if writer and writer.family else family.find(self.source.original)

    def read(self) -> Reader:
        """Read all lines; none is dropped, and a bad one does not cost the rest."""
        for number, text in enumerate(self.lines, 1):
            text = text.strip("\r\t \ufeff")
            if self._plain(text, number):
                self.states[number - 1] = State.UNDERSTOOD
                continue
            if not text or self._is_remark(text, number):
                continue
            try:
                self._line(text, number)
                self.states[number - 1] = State.UNDERSTOOD
            except RuleError as error:
                self._wrong(number, str(error))
        self._end(len(self.lines) + 1)
        return self

    def _plain(self, text: str, number: int) -> bool:
        """Append a rule in the fast lane; False for a line that has to be looked at closely."""
        words = APPENDED(text)
        if words is None or self._table is None or _may_hold_a_remark(text) or (
                self._commands.counted and self.source.entered(number)):
            return False
        chain, spec = self._table.chains.get(words[1]), self._rules.spec(number, words.groups())
        if chain is None or spec is None or (self._commands.counted and spec.names_lists):
            return False
        self._put_together()
        self._appended = number
        if self._wants_rules:
            chain.append(spec)
        return True

    def _end(self, number: int) -> None:
        self._put_together()
        if self._table is not None and not self._saves:
            self._look_at_the_end(self._table)
        self._close(number, whole=False)
        if self._announced:
            self._wrong(self._announced, Reason("no table follows this heading: the end is missing"))
        again = twice.keep_one(self.rulesets) if self._saves else which_table.assign(self.rulesets)
        for table in again:
            self.states[table.start - 1] = State.UNREAD
            self.reasons[table.start] = twice.why(table)

    def _look_at_the_end(self, table: Table) -> None:
        """Nothing marks the end of `iptables -S`, but a rule that does nothing is seldom the last one."""
        last = max((spec for chain in table.chains.values() for spec in chain), default=None,
                   key=lambda each: each.line)
        if isinstance(last, Spec) and not last.target:
            self._wrong(last.line, Reason("the last rule has no target: its end may be missing"))

    def _is_remark(self, text: str, number: int) -> bool:
        """Comments say which program wrote the dump, and whether there is more that it does not show."""
        if text.startswith(_OWN) and not _PROMPT.match(text):
            if _may_hold_a_remark(text):
                self.remarks[number] = remarks.says(text) or Says.NOTHING
            return False
        table = "" if self._saves else session.heading(text)
        typed = session.Command(self.rulesets[-1].family, True, table) if table else session.command(text)
        if typed or session.is_prompt(text):
            if typed:
                self._typed(typed, number)
            return True
        says = remarks.says(text)
        if says is None:
            return False
        if says is Says.WRITTEN:
            self._written(text, number)
        elif says is not Says.NOTHING:
            self.remarks[number] = says
        return True

    def _written(self, text: str, number: int) -> None:
        writer = remarks.writer(text)
        if writer is None:
            return
        self._announced = number
        if writer.family is None:
            self.rulesets[-1].generated, self.rulesets[-1].back_end = True, writer.back_end
        elif not self.rulesets[-1].tables:
            self.rulesets[-1] = replace(self.rulesets[-1], family=writer.family, back_end=writer.back_end,
                                        generated=True, said_family=True)
        elif (self.rulesets[-1].family, self.rulesets[-1].back_end) != writer:
            self.rulesets.append(Ruleset(writer.family, "save", self.source, back_end=writer.back_end,
                                         generated=True))

    def _typed(self, typed: session.Command, number: int) -> None:
        """A command in front of its output says what that is."""
        self._close(number, whole=False)
        if not typed.shows:
            self._wrong(number, Reason("a command, not what it did"))
            return
        form = "save" if self._saves else "commands"
        made = Ruleset(typed.family, form, self.source, program=typed.program, asked=typed.table)
        if self.rulesets[-1].tables:
            self.rulesets.append(made)
        else:
            self.rulesets[-1] = made

    def _line(self, text: str, number: int) -> None:
        if text != "COMMIT" and not is_rule_like(text):
            raise RuleError(_NO_LINE)
        if text[0] == "*":
            name = text[1:].strip()
            if name not in BUILT_IN:
                raise RuleError(Reason("iptables has no table '{table}'", table=name))
            self._open(name, number)
        elif text[0] == ":":
            self._declare(text[1:].split(), number)
        elif text == "COMMIT":
            if self._table is None:
                raise RuleError(Reason("the end of a table that does not begin"))
            self._close(number)
        else:
            self._command(_COUNTERS.sub("", text, 1) if text[0] == "[" else text, number)

    def _wrong(self, number: int, reason: str) -> None:
        self.states[number - 1] = State.UNREAD
        self.reasons[number] = reason
        text = self.lines[number - 1].strip("\r\ufeff")
        if self._table is None:
            self.strays.append(number)
            return
        self._table.odd.append(number)
        if text.lstrip().startswith("-A "):
            self._piece(self._table, number, alone=False)
            return
        if self._pieces is None and 0 < self._appended == number - 1:
            self._piece(self._table, number - 1)
        if self._pieces and self._pieces.follows(number):
            self._pieces.texts.append(text)

    def _piece(self, table: Table, number: int, *, alone: bool = True) -> None:
        """Keep a rule: lines that cannot be read may be the rest of it."""
        self._put_together()
        text = self.lines[number - 1].strip("\r\ufeff").lstrip()
        self._pieces = Pieces(table, number, [_COUNTERS.sub("", text, 1)], alone)

    def _put_together(self) -> None:
        if self._pieces and len(self._pieces.texts) > 1 and self._wants_rules:
            self._pieces.mark()
        self._pieces, self._appended = None, 0

    def _open(self, name: str, number: int) -> Table:
        """Begin a table; one that the file holds already belongs to another dump in the same file."""
        self._close(number, whole=False)
        self._announced = 0
        key = name
        if name in self.rulesets[-1].tables:
            if self._saves:
                self.rulesets.append(replace(self.rulesets[-1], tables={}))
            else:
                key = f"output {number}"
        self._table = self.rulesets[-1].tables[key] = Table(name, start=number)
        return self._table

    def _close(self, number: int, *, whole: bool = True) -> None:
        self._put_together()
        if self._table is not None:
            self._table.end = number
            if self._saves and not whole:
                start = self._table.start
                self.states[start - 1] = State.APPROXIMATED
                self.reasons[start] = Reason("no COMMIT ends the table {table}: iptables-restore refuses it, "
                                             "or its end is missing", table=self._table.name)
                self._table.odd.append(start)
        self._table = None

    def _declare(self, words: list[str], number: int) -> None:
        if self._table is None:
            raise RuleError(Reason("a chain is declared outside of a table"))
        if len(words) < 2:
            raise RuleError(Reason("expected ':CHAIN POLICY [packets:bytes]'"))
        name, policy = words[:2]
        if policy != "-":
            set_policy(self._table, name, policy, number)
        elif name in self._table.chains and name not in KERNELS:
            raise RuleError(declared_again(name))
        self._table.chains.setdefault(name, [])

    def _command(self, text: str, number: int) -> None:
        words = rule.tokens(text)
        verb = self._verb(words, text)
        entered = self.source.entered(number)
        if verb == "zero" and not entered:
            return
        if self._table is None:
            if self._saves:
                raise RuleError(Reason("a rule outside of a table"))
            self._open("filter", number)
        elif verb == "policy" and not entered and not self._saves:
            self._next_output(words[1:2], number)
        table = self._table
        assert table is not None
        if not self._saves:
            table.name = which_table.table_of(set(table.chains)) if entered else ""
        if entered:
            commands.refuse(verb, table, words[1:])
        if verb == "append" and not entered:
            self._put_together()
            self._appended = number
        self._commands.carry_out(verb, table, self.rulesets[-1].family, words[1:], number)

    def _verb(self, words: Sequence[str], text: str) -> str:
        verb = COMMANDS.get(words[0]) if words else None
        if verb is None:
            raise RuleError(Reason("'{text}' is no command of iptables", text=words[0] if words else text))
        if self._is_two(words):
            raise RuleError(Reason("two rules stand in one line, as if its end were lost"))
        if verb == "rename":
            raise RuleError(Reason("renaming a chain is not followed"))
        return verb

    def _is_two(self, words: Sequence[str]) -> bool:
        """Whether a rule begins within another one; names and comments end in `-A` as well."""
        chains = self._table.chains if self._table else {}
        return any(word in _BEGINNINGS or (word.endswith(_BEGINNINGS) and after in chains)
                   for word, after in pairwise(words[1:]))

    def _next_output(self, chain: Sequence[str], number: int) -> None:
        """A policy after rules, or one that cannot follow, begins the output of another `iptables -S`."""
        assert self._table is not None
        if any(self._table.chains.values()) or (
                chain and which_table.begins_anew(list(self._table.policies), chain[0])):
            self._open("filter", number)


def _may_hold_a_remark(text: str) -> bool:
    """Whether something that the program has said may have got into a line of the dump."""
    return "Warning: " in text or "is incompatible" in text
