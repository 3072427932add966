"""A ruleset of nftables: tables with their chains, rules, sets and maps, whatever form it was written in.

Statements and expressions have the shape of libnftables-json(5), as `nft -j` of any version prints them:
`{"match": {"op": "==", "left": .., "right": ..}}`, `{"accept": None}`. Both readers, of text and of JSON, end
here, so one reader of meanings follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from aclproof.parsers.model.addresses import Family

Tree: TypeAlias = "Mapping[str, Tree] | Sequence[Tree] | str | int | bool | None"
"""A statement or an expression."""

Expressions: TypeAlias = Sequence[Tree]

UNKNOWN = "unknown"
"""Key of a statement that no reader understood: `{"unknown": "the text from there to the end of the rule"}`.
What stands before it in the rule was read."""

FAMILY_OF: Mapping[str, Family] = {"ip": Family.V4, "ip6": Family.V6}
"""By nft's word for it, of a header or of a table."""

JOINED = "in or =="
"""The operator of `ct state new | related` in a text that may be a list of nft, where that is to be equal to
both at once, or a file of rules, where either suffices."""

EITHER = "either"
"""Key of a prefix whose address, its value, has bits of a host: in a list of nft nobody has it, in a file of
rules it is the network, and the text may be either."""

_COUNTS_ONLY = frozenset({"counter", "last"})
_BESIDE_A_KEY = _COUNTS_ONLY | {"val", "timeout", "expires", "comment"}


def only_counts(statement: Tree) -> bool:
    """Whether a statement of a set for its elements always holds; false for what is not known."""
    return isinstance(statement, dict) and statement.keys() <= _COUNTS_ONLY


def asks_more(element: Tree) -> bool:
    """Whether an element, with what it has besides its value, asks for more than that value."""
    return isinstance(element, dict) and not element.keys() <= _BESIDE_A_KEY


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and all that is in it."""
    work = [tree]
    while work:
        found = work.pop()
        yield found
        if isinstance(found, dict):  # the readers make no other mappings, and asking for all takes long
            work += found.values()
        elif isinstance(found, list | tuple):
            work += found


class NftRule(Struct, frozen=True):
    """One rule, its statements in order."""

    line: int
    """In its source."""
    statements: Expressions
    handle: int | None = None
    comment: str = ""
    instead: str = ""
    """What is told of a part that was not understood, where its words are not to be quoted."""


class Base(Struct, frozen=True):
    """How a base chain is bound."""

    kind: str
    """`filter`, `nat` or `route`."""
    hook: str
    """`prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress` or `egress`."""
    priority: int | None
    """None where it was not understood."""
    policy: str = "accept"
    """Or `drop`."""
    devices: tuple[str, ...] = ()


class NftChain(Struct):
    """One chain."""

    name: str
    line: int
    rules: list[NftRule] = field(default_factory=list)
    base: Base | None = None
    policy_line: int = 0
    """The line that gives the policy; that of the chain where none does."""


class Element(Struct, frozen=True):
    """One element of a set (`value` None) or of a map."""

    line: int
    key: Tree
    """A scalar, `{"prefix": ..}`, `{"range": [..]}`, `{"concat": [..]}`, or `"*"` for all others."""
    value: Tree = None
    """Of a map: a scalar, a concatenation, or a verdict such as `{"accept": None}`."""
    timeout: bool = False
    """Whether it vanishes after some time."""
    own_timeout: bool = False
    """Whether it was given a timeout of its own."""


class NftSet(Struct):
    """A named set, or a map."""

    name: str
    line: int
    types: tuple[str, ...]
    """One word for each field of the key: `ipv4_addr`, `inet_service`; empty where it was not understood."""
    elements: list[Element] = field(default_factory=list)
    maps_to: tuple[str, ...] = ()
    """Of a map: the words of what it gives, such as `verdict`; empty for a set."""
    flags: frozenset[str] = frozenset()
    """`constant`, `interval`, `timeout`, `dynamic`."""
    size: int = 0
    """How many elements it may have; 0 where that is not said."""
    whole: bool = True
    """Whether all of its elements were understood."""
    merges: bool = False
    """Whether elements may overlap, as nft merges them (`auto-merge`)."""
    limited: bool = False
    """Whether its elements ask for the traffic so far too: a limit, a quota, a number of connections."""
    shown: bool | None = None
    """Of a ruleset with a change script: whether all elements are known, as the input had some, or by it."""
    taken_away: list[int] = field(default_factory=list)
    """Lines of commands that took elements out of it."""


class NftObject(Struct, frozen=True):
    """A stateful object, or a flow table."""

    line: int
    body: Tree
    """What it says besides its name."""


class NftTable(Struct):
    """One table of one family."""

    family: str
    """`ip`, `ip6`, `inet`, `arp`, `bridge` or `netdev`."""
    name: str
    line: int
    flags: frozenset[str] = frozenset()
    """`dormant`; JSON of old programs holds something else there."""
    chains: dict[str, NftChain] = field(default_factory=dict)
    sets: dict[str, NftSet] = field(default_factory=dict)
    """Sets and maps; they share their names."""
    objects: dict[tuple[str, str], NftObject] = field(default_factory=dict)
    """By kind and name: `("counter", "x")`, `("limit", "y")`, `("flowtable", "f")`."""

    @property
    def key(self) -> tuple[str, str]:
        """Which table it is."""
        return self.family, self.name


class Ruleset(Struct):
    """All tables of one input."""

    tables: dict[tuple[str, str], NftTable] = field(default_factory=dict)
    """By family and name, in the order of the input."""
    version: str = ""
    """Of the program, where the input shows it."""
    flushed: bool = False
    """Whether the input begins with `flush ruleset`, so that nothing else is there."""
    begun_anew: set[tuple[str, str]] = field(default_factory=set)
    """Tables that the input takes away, so that what it adds to them later is all that they have."""
    is_file: bool = False
    """Whether it is a file of commands, and no list of what is there."""
