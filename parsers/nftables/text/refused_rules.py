"""Rules and chains that nft or the kernel refuses, so that nothing of a file is loaded.

What a refused rule asks for is judged by its headers, in the order of its statements (nft's evaluate.c).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from aclproof.parsers.nftables.ruleset import Base, NftChain, NftRule, NftTable, Tree, walk
from aclproof.parsers.nftables.text.datatypes import protocol_number
from aclproof.parsers.nftables.text.normal import single
from aclproof.reason import Reason

_NETWORKS = frozenset({"ip", "ip6"})
_TRANSPORTS = frozenset({"tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "esp", "comp", "igmp",
                         "gre"})
_REJECTED: Mapping[str, str] = {"icmp": "ip", "icmpv6": "ip6"}
_TRANSLATES: Mapping[str, frozenset[str]] = {
    "dnat": frozenset({"prerouting", "output"}), "redirect": frozenset({"prerouting", "output"}),
    "snat": frozenset({"postrouting", "input"}), "masquerade": frozenset({"postrouting"})}
"""The hooks at which the kernel takes each translation."""
_HOOKS: Mapping[str, frozenset[str]] = {"route": frozenset({"output"}), "nat": frozenset(
    {"prerouting", "input", "output", "postrouting"})}
_NOTHING: frozenset[str] = frozenset()
_CALLS = frozenset({"jump", "goto", "vmap"})
_TRACKED = -200
"""The priority of connection tracking, after which chains of translation come."""


def refused(table: NftTable, *, flushed: bool) -> Iterator[tuple[int, str]]:
    """Yield the lines of a table that are refused; `flushed` where no chains are there but the file's."""
    for chain in table.chains.values():
        for rule in chain.rules:
            yield from ((rule.line, reason) for reason in _in_rule(rule, table.family))
            yield from ((rule.line, Reason("nft refuses a call of {name}, which a hook calls", name=name))
                        for name in _called(rule.statements)
                        if name in table.chains and (base := table.chains[name].base) and base.hook)
            if flushed:
                yield from ((rule.line, Reason("there is no chain {name} in this file", name=name))
                            for name in _called(rule.statements) if name not in table.chains)
        if chain.base:
            yield from _in_base(chain, chain.base, table)


def _in_rule(rule: NftRule, family: str) -> Iterator[str]:
    network = family if family in _NETWORKS else ""
    transport, asked = "", set[str]()
    for statement in rule.statements:
        kind, body = single(statement)
        if not isinstance(body, dict):
            continue
        new = _asked(body["left"] if kind == "match" else body) - asked
        asked |= new
        for found in sorted(new & _NETWORKS):
            if network not in ("", found):
                yield _beside(network, found)
            network = network or found
        for found in sorted(new & _TRANSPORTS):
            if transport not in ("", found):
                yield _beside(transport, found)
            transport = transport or found
        if kind == "match":
            transport = transport or _only_protocol(body)
        elif kind == "reject":
            yield from _rejected(str(body.get("type")), network, transport)
        elif kind in _TRANSLATES:
            yield from _translated(body, family, asked)


def _asked(tree: Tree) -> frozenset[str]:
    """The headers that an expression reads, and what of `meta` says which they are."""
    if (found := _field(tree)) is not None:
        return found
    trees = list(walk(tree))
    if any(isinstance(each, dict) and "tunnel" in each for each in trees):
        return _NOTHING
    return frozenset().union(*(_field(each) or _NOTHING for each in trees))


def _field(tree: Tree) -> frozenset[str] | None:
    """The same of one field; None for anything else."""
    match tree:
        case {"payload": {"protocol": name, "field": "protocol" | "nexthdr"}}:
            return frozenset((str(name), "l4proto"))
        case {"payload": {"protocol": name, "field": _, **rest}} if not rest:
            return frozenset((str(name),))
        case {"meta": {"key": "l4proto" | "nfproto" as key}}:
            return frozenset((str(key),))
        case {"meta": _} | {"ct": _}:
            return _NOTHING
        case _:
            return None


def _only_protocol(body: Mapping[str, Tree]) -> str:
    """The protocol that a test asks for by its number, if it has a header; empty for several."""
    match body:
        case {"op": "==", "right": str() | int() as right,
              "left": {"meta": {"key": "l4proto"}} | {"payload": {"field": "protocol" | "nexthdr"}}}:
            number = protocol_number(right)
            return next((name for name in sorted(_TRANSPORTS) if protocol_number(name) == number), "")
        case _:
            return ""


def _beside(one: str, other: str) -> Reason:
    return Reason("nft refuses '{other}' in a rule for {one}", other=other, one=one)


def _rejected(kind: str, network: str, transport: str) -> Iterator[str]:
    if kind == "tcp reset" and transport not in ("", "tcp"):
        yield _beside(transport, kind)
    if kind in _REJECTED and network not in ("", _REJECTED[kind]):
        yield _beside(network, kind)


def _translated(body: Mapping[str, Tree], family: str, asked: Collection[str]) -> Iterator[str]:
    said = {*_NETWORKS, "icmp", "icmpv6", "nfproto"}
    if "addr" in body and "family" not in body and family == "inet" and said.isdisjoint(asked):
        yield Reason("nft refuses a translation to an address that does not say 'ip' or 'ip6'")
    if "port" in body and {*_TRANSPORTS, "l4proto"}.isdisjoint(asked):
        yield Reason("nft refuses a translation to a port in a rule that asks for no protocol")


def _in_base(chain: NftChain, base: Base, table: NftTable) -> Iterator[tuple[int, str]]:
    level = base.priority
    if base.hook not in _HOOKS.get(base.kind, {base.hook}) or (
            base.kind == "nat" and level is not None and level <= _TRACKED):
        yield chain.line, Reason("the kernel refuses a chain of type {kind} at this hook and priority",
                                 kind=base.kind)
    for each in _reached(chain, table):
        for rule in each.rules:
            for kind in (single(statement)[0] for statement in rule.statements):
                if base.hook not in _TRANSLATES.get(kind, {base.hook}):
                    yield rule.line, Reason("the kernel refuses '{kind}' at the hook {hook}", kind=kind,
                                            hook=base.hook)


def _reached(chain: NftChain, table: NftTable) -> Iterator[NftChain]:
    """A chain and all that its rules call."""
    work, seen = [chain], {chain.name}
    while work:
        found = work.pop()
        yield found
        for rule in found.rules:
            for name in _called(rule.statements):
                if name in table.chains and name not in seen:
                    seen.add(name)
                    work.append(table.chains[name])


def _called(statements: Sequence[Tree]) -> Iterator[str]:
    for statement in statements:
        for tree in walk(statement) if single(statement)[0] in _CALLS else ():
            match tree:
                case {"target": str(name)}:
                    yield name
                case _:
                    pass
