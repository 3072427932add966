"""Commands carried out on a table, one by one: what its chains hold after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aclproof.parsers.iptables.saved import commands, same_rule
from aclproof.parsers.iptables.text import rule
from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Spec, Table, Unread
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.source import Source
from aclproof.reason import Reason

COMMANDS = {
    "-A": "append", "--append": "append", "-I": "insert", "--insert": "insert", "-R": "replace",
    "--replace": "replace", "-D": "delete", "--delete": "delete", "-P": "policy", "--policy": "policy",
    "-N": "new", "--new-chain": "new", "--new": "new", "-F": "flush", "--flush": "flush",
    "-X": "remove", "--delete-chain": "remove", "-Z": "zero", "--zero": "zero", "-E": "rename",
    "--rename-chain": "rename",
}
"""What a command does, by its option."""

KERNELS = frozenset(name for chains in BUILT_IN.values() for name in chains)
"""The chains that the kernel calls; no line makes one."""


class Commands:
    """Carries out commands; `reasons` gets the lines of rules that could not be read."""

    def __init__(self, source: Source, reasons: dict[int, str], *, rules: bool) -> None:
        self._source, self._reasons, self._wants_rules = source, reasons, rules
        self.counted = any(map(source.entered, range(1, source.size + 1)))
        """Whether commands may name rules by number."""
        self._finder = same_rule.Finder()
        self._family = Family.V4
        self._do: dict[str, Callable[[Table, Sequence[str], int], None]] = {
            "append": self._append, "insert": self._insert, "replace": self._replace,
            "delete": self._delete, "policy": self._policy, "new": self._new, "flush": self._flush,
            "remove": self._remove}

    def carry_out(self, verb: str, table: Table, family: Family, words: Sequence[str], number: int) -> None:
        """Carry out one command on a table of a family; RuleError where it cannot be."""
        self._family = family
        if verb != "zero":
            self._do[verb](table, words, number)

    def _chain(self, table: Table, words: Sequence[str]) -> tuple[list[Spec | Unread], Sequence[str]]:
        if not words or rule.is_option(words[0]):
            raise RuleError(Reason("the chain is not named"))
        if words[0] not in table.chains and words[0] not in KERNELS:
            raise RuleError(Reason("no line above declares the chain {chain}", chain=words[0]))
        return table.chains.setdefault(words[0], []), words[1:]

    def _specs(self, table: Table, chain: str, words: Sequence[str], number: int, *,
               inserted: bool = False) -> Sequence[Spec | Unread]:
        """Read a rule; where rules are counted by commands, a list of addresses makes several."""
        if not self._wants_rules:
            return []
        try:
            spec = rule.parse(words, number)
            if self._source.entered(number):
                commands.refuse_rule(spec, table, chain)
            return commands.rules(spec, inserted=inserted) if self.counted else [spec]
        except RuleError as error:
            self._reasons[number] = str(error)
            return [Unread(number, str(error), rule.readable(words))]

    def _append(self, table: Table, words: Sequence[str], number: int) -> None:
        chain, rest = self._chain(table, words)
        chain += self._specs(table, words[0], rest, number)

    def _insert(self, table: Table, words: Sequence[str], number: int) -> None:
        chain, rest = self._chain(table, words)
        at, rest = _position(rest)
        if at is not None and not 1 <= at <= len(chain) + 1:
            raise RuleError(Reason("the chain has {count} rules, so nothing can be inserted as number {at}",
                                   count=len(chain), at=at))
        at = (at or 1) - 1
        self._finder.changed(chain)
        chain[at:at] = self._specs(table, words[0], rest, number, inserted=True)

    def _replace(self, table: Table, words: Sequence[str], number: int) -> None:
        chain, rest = self._chain(table, words)
        at, rest = _position(rest)
        if at is None or not 1 <= at <= len(chain):
            raise RuleError(Reason("there is no rule with that number to replace"))
        specs = self._specs(table, words[0], rest, number)
        if len(specs) > 1:
            raise RuleError(Reason("one rule cannot be replaced by several, and each address of a list "
                                   "makes one"))
        self._finder.changed(chain)
        chain[at - 1:at] = specs

    def _delete(self, table: Table, words: Sequence[str], number: int) -> None:
        chain, rest = self._chain(table, words)
        at, rest = _position(rest)
        if at is not None:
            if rest:
                raise RuleError(Reason("give the number of a rule or its words, not both"))
            if not 1 <= at <= len(chain):
                raise RuleError(Reason("the chain has {count} rules, and none with number {at}",
                                       count=len(chain), at=at))
            self._finder.remove_at(chain, at - 1)
            return
        for wanted in commands.rules(rule.parse(rest, number), inserted=False):
            self._finder.remove(chain, wanted, self._family)

    def _policy(self, table: Table, words: Sequence[str], number: int) -> None:
        if len(words) < 2:
            raise RuleError(Reason("expected '-P CHAIN ACCEPT' or '-P CHAIN DROP'"))
        set_policy(table, words[0], words[1], number)

    def _new(self, table: Table, words: Sequence[str], number: int) -> None:
        if not words or rule.is_option(words[0]):
            raise RuleError(Reason("the chain is not named"))
        if words[0] in table.chains and not self._source.entered(number):
            raise RuleError(declared_again(words[0]))
        table.chains.setdefault(words[0], [])

    def _flush(self, table: Table, words: Sequence[str], number: int) -> None:
        for name in [words[0]] if words else list(table.chains):
            table.chains[name] = []

    def _remove(self, table: Table, words: Sequence[str], number: int) -> None:
        for name in [words[0]] if words else list(table.chains):
            if name not in table.policies:
                table.chains.pop(name, None)


def declared_again(chain: str) -> Reason:
    """What is wrong with a chain that is made twice: the older back end stops there, the other empties it."""
    return Reason("the chain {chain} is declared above already: iptables-restore refuses that, or empties it",
                  chain=chain)


def set_policy(table: Table, chain: str, policy: str, number: int) -> None:
    """Give a chain its policy; RuleError for one that has none, or for a word that is none."""
    if policy not in ("ACCEPT", "DROP"):
        raise RuleError(Reason("'{policy}' is no policy of a built-in chain", policy=policy))
    if chain not in KERNELS or (table.name and chain not in BUILT_IN[table.name]):
        raise RuleError(Reason("the chain {chain} is none of the kernel's, so it has no policy", chain=chain))
    table.policies[chain] = policy, number
    table.chains.setdefault(chain, [])


def _position(words: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    if words and words[0].isascii() and words[0].isdecimal():
        return int(words[0]), words[1:]
    return None, words
