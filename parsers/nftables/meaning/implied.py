"""What a statement asks by what it reads or writes: a packet that lacks it leaves the rule (NFT_BREAK).

nft adds no line for this to what it shows: `ip ttl set 64` is for IPv4 only, `counter name tcp dport map
{ 80 : "web" }` for what the map has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packet_conditions import HasConnection
from aclproof.parsers.model.services import TCP, Service
from aclproof.parsers.nftables.meaning import header_fields, maps
from aclproof.parsers.nftables.meaning.packets import (
    EVERYTHING,
    OF_FAMILY,
    DoubtError,
    Parts,
    both,
    if_any,
    of_services,
    text_of,
)
from aclproof.parsers.nftables.meaning.scope import Scope
from aclproof.parsers.nftables.meaning.statements import sets_mark
from aclproof.parsers.nftables.meaning.unequal import AT_ONCE
from aclproof.parsers.nftables.ruleset import Tree
from aclproof.reason import Reason

_MAY_LACK = frozenset({"rt", "fib", "socket", "osf", "ipsec", "exthdr", "tcp option", "ip option",
                       "sctp chunk", "dccp option", "tunnel"})
"""Expressions besides headers that a packet may have no value of."""
_OF_ALL = frozenset({"mark", "priority", "length", "protocol", "nfproto", "l4proto", "cpu", "random",
                     "nftrace", "pkttype", "secmark", "time", "day", "hour"})
"""What `meta` knows of every packet (nft_meta.c)."""
_WHOLE = frozenset({"ip", "ip6", "tcp", "udp", "udplite", "sctp", "dccp"})
"""Headers of which every packet that has them has all fields."""
_OF_ICMP = frozenset((protocol, name) for protocol in ("icmp", "icmpv6") for name in ("type", "code"))
"""Fields of all messages of ICMP."""
_OF_TCP = of_services(Service(IntervalSet.of((TCP, TCP))))
_REJECTED: Mapping[str, Parts] = {"icmp": OF_FAMILY[Family.V4], "icmpv6": OF_FAMILY[Family.V6],
                                  "tcp reset": _OF_TCP}
_MAY_END = frozenset({"flow", "ct expectation"})
"""Statements that go on for some connections only: of a flow table those that are confirmed
(nft_flow_offload.c), of an expectation those that are not (nft_ct.c)."""
_BY_THEMSELVES = frozenset({"match", AT_ONCE, "vmap", "dnat", "snat", "redirect", "masquerade"})
"""Statements whose reading asks for what they look at."""


def asked(kind: str, body: Tree) -> Iterator[Tree]:
    """Yield what a statement reads and writes, in the order of `having`; itself where it may end the rule."""
    if kind in _MAY_END:
        yield {kind: body}
    match body:
        case {"type": str()} if kind == "reject":
            yield {kind: body}
        case {"key": key, "value": value} if kind == "mangle":
            yield from _written(key)
            if not (sets_mark(body) and isinstance(value, Mapping) and "map" in value):
                yield from _read(value)
            if _may_be_key(value):
                yield {"key": value}
        case _ if kind == "reset":
            yield {"written": body}
        case _:
            yield from () if kind in _BY_THEMSELVES else _read(body)


def _written(key: Tree) -> Iterator[Tree]:
    """What is changed, if it is something of a header."""
    if isinstance(key, Mapping) and not ("meta" in key or "ct" in key):
        yield {"written": key}


def lacks_a_map(statement: Tree) -> bool:
    """Return whether a list shows a statement without its map: these are set to no other expression."""
    match statement:
        case {"mangle": {"key": {"ct": {"key": "label" | "event"}}, "value": Mapping() as value}}:
            return "map" not in value
        case _:
            return False


def _may_be_key(value: Tree) -> bool:
    """Whether a list may have left out a map: nft prints its key alone where it cannot read the map."""
    match value:
        case {"meta": {"key": "mark"}} | {"ct": {"key": "mark"}}:
            return False
        case {"payload": _} | {"meta": _} | {"ct": _}:
            return True
        case _:
            return False


def _read(tree: Tree) -> Iterator[Tree]:
    """The expressions in a tree whose value a packet may lack."""
    match tree:
        case {"map": {"key": _, "data": _}} | {"payload": _} | {"meta": _} | {"ct": _}:
            yield tree
        case Mapping() if _MAY_LACK & tree.keys():
            yield tree
        case Mapping():
            for each in tree.values():
                yield from _read(each)
        case list() | tuple():
            for each in tree:
                yield from _read(each)
        case _:
            return


def having(expression: Tree, parts: Parts, scope: Scope) -> Parts:
    """Return those of some packets that go on after what `asked` has yielded; DoubtError where it is open."""
    match expression:
        case {"map": body}:
            return [part for _, found in maps.looked_up(body, parts, scope) for part in found]
        case {"reject": {"type": str(kind)}}:
            return both(parts, _REJECTED.get(kind, EVERYTHING))
        case {"written": {"tcp option": _}}:  # without the option it goes on (nft_exthdr.c)
            return both(parts, _OF_TCP)
        case {"written": {"payload": body}} | {"payload": body}:
            return both(parts, _with_header(body))
        case {"meta": {"key": key}} if key in _OF_ALL:
            return parts
        case {"ct": {"key": "mark"}}:
            return both(parts, if_any(HasConnection()))
        case {"rt": {"key": "mtu"}}:  # only where routes are known already (nft_rt.c)
            return parts
        case {"ct": _}:
            raise DoubtError(within=if_any(HasConnection()))
        case {"tcp option": _} | {"osf": _}:
            raise DoubtError(within=_OF_TCP)
        case _:
            raise DoubtError


def unsure(doubt: DoubtError, statement: Tree) -> DoubtError:
    """Return a doubt of `having` that says what is asked of the statement."""
    because = doubt.because or Reason("whether the rule goes on after '{statement}'",
                                      statement=text_of(statement))
    return DoubtError(because, doubt.within, doubt.usual, doubt.find_out)


def _with_header(body: Tree) -> Parts:
    match body:
        case {"protocol": str(protocol), "field": str(name), **rest} if not rest:
            try:
                found = header_fields.field(protocol, name).has
            except DoubtError as doubt:
                found = doubt.within
            if protocol not in _WHOLE and (protocol, name) not in _OF_ICMP:
                raise DoubtError(within=found)
            return found
        case _:
            raise DoubtError
