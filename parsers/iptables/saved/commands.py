"""Commands that are entered, one by one: what the kernel refuses, and which rules one command makes.

A saved rule set holds only what the kernel took, so none of this is checked for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from msgspec.structs import replace

from aclproof.parsers.iptables.text.words import BUILT_IN, RuleError, Spec, Table, Test
from aclproof.reason import Reason

_NAME = re.compile(r"[^-\s!][^\s]{0,27}")
_TARGETS = frozenset("ACCEPT DROP REJECT RETURN QUEUE LOG MARK DNAT SNAT MASQUERADE REDIRECT".split())
_ONLY_IN = {"REJECT": "filter", **dict.fromkeys(("DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP"), "nat"),
            "NOTRACK": "raw"}
_NO_INPUT, _NO_OUTPUT = ("OUTPUT", "POSTROUTING"), ("INPUT", "PREROUTING")


def refuse(verb: str, table: Table, words: Sequence[str]) -> None:
    """RuleError for a command that the kernel does not carry out on a table as it is."""
    chain = words[0] if words else ""
    known = chain in table.chains or chain in BUILT_IN.get(table.name, ())
    match verb:
        case "new":
            _refuse_new(chain, known=known)
        case "remove":
            for name in words[:1] or [each for each in table.chains if each not in BUILT_IN[table.name]]:
                _refuse_removal(table, name)
        case "policy" if chain not in BUILT_IN[table.name]:
            raise RuleError(Reason("only the built-in chains of {table} have a policy, '{chain}' is none "
                                   "of them", table=table.name, chain=chain))
        case "policy" if table.name == "nat" and words[1:2] == ["DROP"]:
            raise RuleError(Reason("the table nat is not for filtering, and takes no DROP"))
        case "flush" | "zero" if not words:
            return
        case _ if not chain:
            raise RuleError(Reason("there is no chain named here in the table {table}", table=table.name))
        case _ if not known:
            raise RuleError(Reason("there is no chain {chain} in the table {table}", chain=chain,
                                   table=table.name))
        case _:
            pass
    most = {"new": 1, "remove": 1, "policy": 2, "flush": 1, "zero": 2}.get(verb)
    if most and len(words) > most:
        raise RuleError(Reason("'{word}' does not belong here", word=words[most]))


def _refuse_new(chain: str, *, known: bool) -> None:
    if known:
        raise RuleError(Reason("there is a chain {chain} already", chain=chain))
    if not _NAME.fullmatch(chain) or chain in _TARGETS:
        raise RuleError(Reason("'{chain}' can be no chain's name", chain=chain))


def _refuse_removal(table: Table, chain: str) -> None:
    if chain not in table.chains or chain in BUILT_IN[table.name]:
        raise RuleError(Reason("there is no chain {chain} that could be removed", chain=chain))
    if table.chains[chain]:
        raise RuleError(Reason("the chain {chain} is not empty", chain=chain))
    if any(isinstance(each, Spec) and each.target == chain
           for specs in table.chains.values() for each in specs):
        raise RuleError(Reason("a rule still leads to the chain {chain}", chain=chain))


def refuse_rule(spec: Spec, table: Table, chain: str) -> None:
    """RuleError for a rule that the kernel does not take in this place."""
    if table.name == "nat" and spec.target == "DROP":
        raise RuleError(Reason("the table nat is not for filtering, and takes no DROP"))
    where = _ONLY_IN.get(spec.target)
    if where and where != table.name and spec.target not in table.chains:
        raise RuleError(Reason("{target} works in the table {table} only", target=spec.target, table=where))
    for test in spec.tests:
        if (test.name == "in-interface" and chain in _NO_INPUT) or (
                test.name == "out-interface" and chain in _NO_OUTPUT):
            raise RuleError(Reason("--{name} cannot be asked in {chain}", name=test.name, chain=chain))


def rules(spec: Spec, *, inserted: bool) -> list[Spec]:
    """The rules of one command: one of each address of a list; `-I` puts each before the last one.

    RuleError for a list besides a negated address, which the kernel's tools refuse.
    """
    ends = [test for test in spec.tests if _is_end(test)]
    if not any("," in value for test in ends for value in test.values):
        return [spec]
    if any(test.negated for test in ends):
        raise RuleError(Reason("'!' does not go with a list of addresses"))
    choices = [_one_each(test) for test in spec.tests]
    order = sorted(range(len(choices)), key=lambda at: spec.tests[at].name != "source")  # it varies slowest
    found: list[Spec] = []
    for choice in product(*(choices[at] for at in order)):
        tests: list[Test] = list(spec.tests)
        for at, test in zip(order, choice, strict=True):
            tests[at] = test
        found.append(spec.asking(tuple(tests)))
    return found[::-1] if inserted else found


def _is_end(test: Test) -> bool:
    return not test.module and test.name in ("source", "destination")


def _one_each(test: Test) -> list[Test]:
    """A test of a list of addresses as one test of each."""
    if not _is_end(test) or len(test.values) != 1:
        return [test]
    return [replace(test, values=(address,)) for address in test.values[0].split(",")]
