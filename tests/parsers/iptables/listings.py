"""Short ways to read a listing of iptables, for the tests of this room."""

from __future__ import annotations

from aclproof.parsers import source
from aclproof.parsers.iptables.text.listing import Reader
from aclproof.parsers.iptables.text.words import Ruleset, Spec, Unread
from aclproof.parsers.model.notes import State


def reader(text: str) -> Reader:
    """Read a listing, and count its lines."""
    found = Reader(source.from_bytes(text.encode(), "listing")).read()
    assert len(found.states) == len(found.lines)
    assert {at for at, state in enumerate(found.states, 1) if state is State.UNREAD} <= set(found.reasons)
    return found


def only(text: str) -> Ruleset:
    """Read a listing of one family."""
    found = reader(text).rulesets
    assert len(found) == 1
    return found[0]


def row(line: str, *, verbose: bool = False) -> Spec | Unread:
    """Read one row, under the titles of -v or without them."""
    title = (" pkts bytes target     prot opt in     out     source               destination" if verbose
             else "target     prot opt source               destination")
    (table,) = only(f"Chain INPUT (policy DROP)\n{title}\n{line}\n").tables.values()
    return table.chains["INPUT"][0]


def spec(line: str, *, verbose: bool = False) -> Spec:
    """Read one row that is a rule."""
    found = row(line, verbose=verbose)
    assert isinstance(found, Spec), found
    return found
