"""Random rulesets of nftables, as text: a number makes one, always the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.oracle.constants import Constants
from tests.oracle.nft import sets, statements
from tests.oracle.nft.expressions import Scope
from tests.oracle.plan import Hook

WAY = {"forward": ("prerouting", "forward", "postrouting"), "input": ("prerouting", "input"),
       "output": ("output", "postrouting")}
"""The hooks that a packet passes."""
_PRIORITIES = {
    "filter": ("raw", "raw + 5", "mangle", "mangle - 3", "filter", "filter - 5", "filter + 10", "security",
               "-401", "-199", "-37", "17", "150", "301"),
    "route": ("mangle", "raw", "filter - 1", "-160", "20"),
    "nat": ("-150", "-99", "5", "200"),
}
_NUMBERS = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}
_STANDARD = {"prerouting": "dstnat", "input": "100", "output": "-100", "postrouting": "srcnat"}
"""Of chains that translate."""
_UNEQUAL = re.compile(r"(sport|type) != (\{ )?\d+ .*(dport|code) != (\{ )?\d+ |"
                      r"(dport|code) != (\{ )?\d+ .*(sport|type) != (\{ )?\d+ ")
"""Tests that nft may compare at once, and then it matches what differs in one of them."""
_ONE_SET_OF_FLAGS = re.compile(r"tcp flags \{ [^,}]* \}")
"""What nft may write as a value: then it means any of the flags, and no more all of them."""
_RAW = re.compile(r"th [sd]port (\{ )?\d+ .*th [sd]port (\{ )?\d+ ")
"""What nft prints as bytes of whatever header there is."""
_LESS_AND_GREATER = re.compile(r"(\S+ \S+) < \S+ \1 > ")
"""What no packet is, and nft lists as `!=` of a range, which most packets are."""
_OF_IPTABLES = (-300, -150, -100, 0, 50, 100)
_CALLED = 2
"""Chains of a table that others call."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A ruleset, and the constants that packets are to be drawn around."""

    seed: int
    family: int
    hook: Hook
    loaded: str
    """As it is loaded."""
    text: str
    """As it is read."""
    constants: Constants
    leaves_open: bool = False
    """Whether something of it cannot be known, so that not every packet has a sure verdict."""
    ordered: bool = True
    """Whether the order of all chains shows."""

    @property
    def translates(self) -> bool:
        """Whether some packets are sent elsewhere: their connections must not collide there."""
        return re.search("dnat|redirect", self.loaded) is not None

    def __str__(self) -> str:
        numbered = "\n".join(f"{number:4} {line}" for number, line in enumerate(self.text.split("\n"), 1))
        return f"nft seed {self.seed}, IPv{self.family}, {self.hook}\n{numbered}"


@dataclass(slots=True)
class _Table:
    """One table in the making."""

    family: str
    name: str
    scope: Scope
    lines: list[str] = field(default_factory=list)
    """Of its sets and maps."""
    called: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    """Lines of its chains."""
    translations: list[str] = field(default_factory=list)
    """Names of its maps for nat."""


def make(seed: int, family: int, hook: Hook, beside: Constants | None = None) -> Ruleset:
    """Make the ruleset of a number, also beside rules of iptables that speak of the same constants.

    There it takes priorities of its own: whose chains come first at the same one is in no file.
    """
    return _Maker(seed, family, hook, beside).make()


class _Maker:
    """One ruleset in the making."""

    def __init__(self, seed: int, family: int, hook: Hook, beside: Constants | None) -> None:
        self._seed, self._hook = seed, hook
        rng = Random(f"nft {seed} {family} {hook}")
        self._constants = beside or Constants(rng, family, hook)
        self._other = Constants(self._constants.rng, 10 - family, hook)
        self._open = not beside and rng.random() < 0.15
        self._ties = not beside and rng.random() < 0.1
        self._late = False
        """Whether a filter comes after sources are translated: what it sees of them is not followed."""
        self._taken = {(each, number) for each in WAY[hook] for number in _OF_IPTABLES} if beside else set()

    def make(self) -> Ruleset:
        constants = self._constants
        own = "ip" if constants.family == 4 else "ip6"
        families = [own, "inet", *constants.rng.sample((own, "inet"), constants.rng.randint(0, 1))]
        constants.rng.shuffle(families)
        tables = [self._table(family, f"t{number}") for number, family in
                  enumerate(families[:constants.rng.randint(1, len(families))])]
        for hook in WAY[self._hook]:
            self._base_chains(tables, hook)
        if constants.chance(0.2):
            tables.append(self._table_of_others())
        for side, edges in constants.address_edges.items():
            edges.discard(constants.network(side).low)  # of IPv6 an address of any router (anycast)
        write = _commanded if constants.chance(0.15) else _written
        text = "".join(f"{line}\n" for table in tables for line in write(table))
        asks_new_source = self._late and re.search(r"masquerade|\bsnat ", text)
        left_open = self._open or asks_new_source or _may_lack_elements(text) or any(
            each.search(text) for each in (_UNEQUAL, _RAW, _ONE_SET_OF_FLAGS, _LESS_AND_GREATER))
        return Ruleset(self._seed, constants.family, self._hook, text, text, constants,
                       bool(left_open),
                       not self._ties)

    def _table(self, family: str, name: str) -> _Table:
        constants = self._constants
        scope = Scope(constants, self._other, family, "")
        called = [f"c{number}" for number in range(_CALLED)]
        table = _Table(family, name, scope, called=called)
        for number in range(_CALLED - 1, -1, -1):  # those that are called first
            scope.callees = called[number + 1:]
            scope.hook = "postrouting" if number == _CALLED - 1 else ""
            table.chains[:0] = [f"chain c{number} {{", *self._rules(scope, 3), "}"]
        scope.callees, scope.hook = called, ""
        if self._open:
            table.lines += sets.changed(constants)
        self._add_sets(table)
        return table

    def _add_sets(self, table: _Table) -> None:
        """Only base chains speak of them: they are drawn after the chains that maps call."""
        constants, scope = self._constants, table.scope
        known, maps = {}, {}
        for name, of, lines in sets.created(scope, constants.rng.randint(0, 4)):
            known[name], table.lines = of, table.lines + lines
        for name, of, lines in sets.created_maps(scope, constants.rng.randint(0, 2)):
            maps[name], table.lines = of, table.lines + lines
        for name, ports in (("d0", False), ("d1", True)):
            if constants.chance(0.4):
                table.lines += sets.translations(constants, name, ports=ports)
                table.translations.append(name)
        scope.sets, scope.maps = known, maps

    def _base_chains(self, tables: Sequence[_Table], hook: str) -> None:
        constants = self._constants
        is_main = hook == self._hook
        for _ in range(constants.rng.randint(1, 3) if is_main else constants.rng.choice((0, 0, 1, 1, 2))):
            kind = "route" if hook == "output" and constants.chance(0.3) else "filter"
            self._base_chain(constants.rng.choice(tables), kind, hook)
        if hook != "forward" and not self._ties and constants.chance(0.4):
            for _ in range(constants.rng.choice((1, 1, 2))):
                self._base_chain(constants.rng.choice(tables), "nat", hook)

    def _base_chain(self, table: _Table, kind: str, hook: str) -> None:
        constants, scope = self._constants, table.scope
        priority = self._priority(kind, hook)
        if priority is None:
            return
        after = _number(priority) > _NUMBERS["srcnat"]
        self._late |= after and kind == "filter" and hook in ("postrouting", "input")
        drop = 0.25 if hook == self._hook and kind == "filter" else 0.04 if kind != "nat" else 0.02
        here = Scope(constants, self._other, table.family, hook, scope.sets, scope.maps, scope.callees)
        if hook == "postrouting":
            here.callees = scope.callees[-1:]  # it may ask only what is known there
        policy = " policy drop;" if constants.chance(drop) else constants.rng.choice(("", " policy accept;"))
        if kind == "nat":
            here.callees = ()
            rules = [statements.translation(here, table.translations)
                     for _ in range(constants.rng.randint(1, 5))]
        else:
            rules = list(self._rules(here, 8 if hook == self._hook else 3))
        name = f"{kind[0]}_{hook}_{len(table.chains)}"
        bound = f"type {kind} hook {hook} priority {priority};{policy}"
        table.chains += [f"chain {name} {{", bound, *rules, "}"]

    def _priority(self, kind: str, hook: str) -> str | None:
        """Draw one that no chain at this hook has, where order shows."""
        for _ in range(8):
            drawn = _STANDARD[hook] if kind == "nat" and self._constants.chance(0.6) \
                else self._constants.rng.choice(_PRIORITIES[kind])
            number = _number(drawn)
            if self._ties or (hook, number) not in self._taken:
                self._taken.add((hook, number))
                return drawn
        return None

    def _rules(self, scope: Scope, most: int) -> Iterator[str]:
        for _ in range(self._constants.rng.randint(1, most + 2)):
            if self._open and self._constants.chance(0.12):
                yield statements.open_rule(scope)
            else:
                yield statements.rule(scope, effects=not self._ties)

    def _table_of_others(self) -> _Table:
        """A table of the other family, which no packet meets."""
        family = "ip" if self._other.family == 4 else "ip6"
        rules = [statements.rule(Scope(self._other, self._constants, family, self._hook), effects=False)
                 for _ in range(3)]
        line = f"type filter hook {self._hook} priority filter; policy drop;"
        return _Table(family, "t0", Scope(self._other, self._constants, family, ""),
                      chains=["chain others {", line, *rules, "}"])


def _may_lack_elements(text: str) -> bool:
    """Whether an empty set may be one that `nft -t` shows so, or that a file leaves to other programs."""
    sets, filled = len(re.findall(r"(?m)^\s*(?:add )?(?:set|map) ", text)), text.count("elements = ")
    return sets > filled and (text.startswith("add ") or not filled)


def asks_empty_set(text: str) -> bool:
    """Whether rules of a file ask a set that it leaves empty, for other programs to fill."""
    sets = re.findall(r"\b(?:set|map) (?:\w+ \w+ )?(\w+) \{([^}]*)", text)
    return any("elements" not in inside and f"@{name}" in text for name, inside in sets)


def _number(priority: str) -> int:
    name, _, rest = priority.partition(" ")
    return _NUMBERS[name] + int(rest.replace(" ", "") or 0) if name in _NUMBERS else int(priority)


def _written(table: _Table) -> Iterator[str]:
    yield f"table {table.family} {table.name} {{"
    for line in (*table.lines, *table.chains):
        depth = "\t" if line.endswith("{") or line == "}" else "\t\t"
        yield depth + line
    yield "}"


def _commanded(table: _Table) -> Iterator[str]:
    """The same as commands: sets, maps and rules come after all chains, which they may call."""
    yield f"add table {table.family} {table.name}"
    named: list[str] = []
    rules: list[str] = []
    lines = iter((*table.lines, *table.chains))
    for header in lines:
        kind, name, _ = header.split()
        inside = list(iter(lambda: next(lines), "}"))
        place = f"{table.family} {table.name} {name}"
        if kind == "chain":
            bound = [line for line in inside if line.startswith("type ")]
            yield f"add chain {place}" + "".join(f" {{ {line} }}" for line in bound)
            rules += [f"add rule {place} {line}" for line in inside if line not in bound]
        else:
            named.append(f"add {kind} {place} {{ {'; '.join(inside)}; }}")
    yield from (*named, *rules)
