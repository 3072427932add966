"""Outputs of one host that hold a table more than once: of two back ends both apply, else only the last."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from aclproof.parsers.iptables.text.words import Ruleset, Spec, Table
from aclproof.reason import Reason


def why(table: Table) -> str:
    """Why a table is open of which an input holds another output, too."""
    return Reason("a second output of the table {table}, with other rules; give only the one that is in "
                  "force", table=table.name)


def keep_one(rulesets: list[Ruleset]) -> Iterator[Table]:
    """Keep one output of each table of a family and back end; yields those that hold other rules.

    These leave the one that is kept open: nothing says which of them is in force.
    """
    kept: list[Ruleset] = []
    for ruleset in rulesets:
        home = next((each for each in kept if _back_end(each) == _back_end(ruleset)
                     and each.tables.keys() & ruleset.tables.keys()), None)
        if home is None or _may_be_security(home, ruleset):
            kept.append(ruleset)
            continue
        home.outputs += 1
        for name, table in ruleset.tables.items():
            known = home.tables.setdefault(name, table)
            if known is not table and _content(known) != _content(table):
                known.odd.append(table.start)
                yield table
    rulesets[:] = kept


def _may_be_security(home: Ruleset, ruleset: Ruleset) -> bool:
    """Whether a listing of several tables, which need not say their names, may show that table.

    Its chains are those of filter.
    """
    return ruleset.form != "save" and len(home.tables) > 1 and ruleset.tables.keys() == {"filter"}


def _back_end(ruleset: Ruleset) -> Hashable:
    """An iptables that is not of nft says nothing of its back end."""
    said = ruleset.back_end or ruleset.program
    return ruleset.family, said if said == "nft" or ruleset.form != "save" else ""


def _content(table: Table) -> Hashable:
    chains = {name: tuple(spec._replace(line=0) if isinstance(spec, Spec) else spec for spec in specs)
              for name, specs in table.chains.items()}
    policies = {name: policy for name, (policy, _) in table.policies.items()}
    return frozenset(chains.items()), frozenset(policies.items())
