"""Two tests that nft may put together: `tcp sport != 1 tcp dport != 2`.

Fields that are next to each other in a header it loads at once, and compares both with one `!=`: then the
rule matches what differs in one of them (seen with nft 1.0.6: of ports, of type and code of ICMP, of protocol
and hop limit). A list shows the same text for one comparison as for two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from aclproof.parsers.nftables.meaning.packets import Parts, both, on, opaque, text_of
from aclproof.parsers.nftables.ruleset import Tree

BOTH = "two tests"
"""Key of a statement that is made here: the two of them."""
_BESIDE = ({"sport", "dport"}, {"type", "code"}, {"ttl", "protocol"}, {"nexthdr", "hoplimit"})


def together(statements: Sequence[Tree]) -> Iterator[Tree]:
    """Yield the statements of a rule, with such tests as one, where the first of them is."""
    first = {field: at for at in range(len(statements)) if (field := _unequal(statements[at]))}
    left_out: set[int] = set()
    for at, statement in enumerate(statements):
        if at in left_out:
            continue
        other = next((place for (protocol, name), place in first.items() if place > at
                      and (mine := _unequal(statement)) and mine[0] == protocol
                      and {mine[1], name} in _BESIDE), None)
        if other is None:
            yield statement
        else:
            left_out.add(other)
            yield {BOTH: [statement, statements[other]]}


def _unequal(statement: Tree) -> tuple[str, str] | None:
    """The field that is compared with one value that it must not have."""
    match statement:
        case {"match": {"op": "!=", "right": right, "left": {
                "payload": {"protocol": str(protocol), "field": str(name)}}}} if _is_one(right):
            return protocol, name
        case _:
            return None


def _is_one(right: Tree) -> bool:
    match right:
        case {"set": [one]}:  # which nft writes as this value
            return _is_one(one)
        case str():
            return not right.startswith("@")
        case _:
            return isinstance(right, int)


def matched(pair: Tree, parts: Parts, read: Callable[[Tree], Parts]) -> Parts:
    """Return the packets that differ in both fields, and on a doubt those that differ in one."""
    assert isinstance(pair, Sequence)
    assert not isinstance(pair, str)
    tests = [each["match"] for each in pair if isinstance(each, dict)]
    (one, two), (not_one, not_two) = (
        [read({**test, "op": op}) for test in tests if isinstance(test, dict)] for op in ("!=", "=="))
    doubt = opaque(" ".join(map(text_of, pair)))
    in_one = [*both(both(parts, one), not_two), *both(both(parts, not_one), two)]
    return [*both(both(parts, one), two), *on(in_one, doubt)]
