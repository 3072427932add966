"""What the inputs of a host with nftables cannot show, as doubts: rules ahead of a table, or beside all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, OnInterface, Opaque
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import hook_points
from aclproof.parsers.nftables.meaning.rules import statement_of
from aclproof.parsers.nftables.ruleset import Base, NftChain, NftTable
from aclproof.parsers.source import Joined
from aclproof.reason import Reason

_MOST_ODD = 20
"""Each leaves everything open; a few suffice."""
_LETS_PASS = frozenset({"match", "accept", "return", "continue", "counter", "log", "comment", "limit",
                        "quota", "flow", "last", "dup"})
"""Statements that stop nothing, and change nothing that others ask."""
_KNOWN_FLAGS = frozenset({"dormant", "owner", "persist"})
_MEANS = Opaque("", Reason("what that changes: give a better export"))
"""What follows from an answer that is not the usual one."""
_EVERYTHING = {Family.V4: ANY4, Family.V6: ANY6}


def chains(forms: Sequence[Form], joined: Joined, listed: Iterable[tuple[str, str, int]], *,
           legacy_shown: bool) -> Iterator[Chain]:
    """Build the chains of what is not shown.

    `listed` are the tables that `nft list tables` printed: family, name and line; `legacy_shown` says whether
    the rules of the other back end of iptables are.
    """
    listed = list(listed)
    for family, everything in _EVERYTHING.items():
        beside = [*_other_tables(forms, listed, family, everything), *_elsewhere(forms, joined, family)]
        if not legacy_shown:
            beside.append(implicit.may_stop(NO_LINE, (_LEGACY, _MEANS), everything))
        yield Chain(implicit.beside(family), beside, synthetic=True)
        for form in forms:
            for table in form.ruleset.tables.values():
                ahead = list(_ahead(form, table, joined, everything))
                if ahead:
                    yield Chain(implicit.ahead(family, hook_points.title(table)), ahead, synthetic=True)


_LEGACY = Opaque("tables of iptables-legacy", Reason(
    "whether iptables-legacy has rules of its own that stop it: nft does not show them"), False,
    "iptables-legacy-save; ip6tables-legacy-save", relied_on=True)


def _other_tables(forms: Sequence[Form], listed: Sequence[tuple[str, str, int]], family: Family,
                  everything: AddressSet) -> Iterator[Rule]:
    """Tables that no input shows: of `nft list table` and of a file nothing says that there are no more."""
    shown = {table.key for form in forms for table in form.ruleset.tables.values()}
    for of, name, line in listed:
        if (of, name) not in shown and family in hook_points.sees(of):
            yield implicit.may_stop(line, (Opaque(f"table {of} {name} drops", Reason(
                "whether the table {of} {name} drops it, which no file shows", of=of, name=name), None,
                f"nft list table {of} {name}"),), everything)
    for form in forms if not listed else ():
        name = _name(form)
        if form.ruleset.is_file and not form.ruleset.flushed:
            yield implicit.may_stop(NO_LINE, (Opaque(f"{name} is loaded beside others", Reason(
                "whether older rules are there when {name} is loaded: it does not begin with 'flush ruleset'",
                name=name), False, "nft list ruleset", relied_on=True), _MEANS), everything)
        elif not form.listed:
            yield implicit.may_stop(NO_LINE, (Opaque(f"other tables than in {name}", Reason(
                "whether there are tables that are not in {name} and stop it", name=name), False,
                "nft list tables", relied_on=True), _MEANS), everything)


def _elsewhere(forms: Sequence[Form], joined: Joined, family: Family) -> Iterator[Rule]:
    """Chains at hooks that are not followed: of devices, of bridges, of ARP."""
    for form in forms:
        first = joined.first(form.source)
        for table in form.ruleset.tables.values():
            if "dormant" in table.flags or family not in hook_points.sees(table.family):
                continue
            for chain in hook_points.elsewhere(table):
                if chain.base and _may_stop(chain, table):
                    doubt = _of_chain(table, chain)
                    for way in _ways(chain.base):
                        yield implicit.may_stop(first + chain.line, (*way, doubt), _EVERYTHING[family])


def _of_chain(table: NftTable, chain: NftChain) -> Opaque:
    name = f"{hook_points.title(table)} {chain.name}"
    base = chain.base
    assert base
    if table.family == "bridge":
        return Opaque(f"chain {name} drops", Reason(
            "whether packets go over a bridge of this host, where the chain {name} may drop them", name=name),
            False, "bridge link")
    return Opaque(f"chain {name} drops", Reason(
        "whether the chain {name} drops them: what is called at the hook {hook} is not followed", name=name,
        hook=base.hook))


def _ways(base: Base) -> Sequence[tuple[Condition, ...]]:
    """By which interfaces packets come to a chain of devices."""
    if not base.devices or base.hook not in ("ingress", "egress"):
        return [()]
    return [(OnInterface("in" if base.hook == "ingress" else "out", each),) for each in base.devices]


def _may_stop(chain: NftChain, table: NftTable) -> bool:
    """Whether a chain has anything that could stop a packet, or change it."""
    if chain.base and (chain.base.policy == "drop" or chain.base.priority is None):
        return True
    return any(statement_of(each)[0] not in _LETS_PASS for rule in chain.rules for each in rule.statements)


def _ahead(form: Form, table: NftTable, joined: Joined, everything: AddressSet) -> Iterator[Rule]:
    """What may come before the rules of a table, or may be one of them."""
    first, name = joined.first(form.source), hook_points.title(table)
    odd = table.flags - _KNOWN_FLAGS
    if odd:  # to accept here is to leave the rest of the chain out
        doubt = Opaque(f"table {name} is dormant", Reason(
            "whether the table {name} is dormant: this version of nft prints its flags wrongly", name=name),
            None, f"nft list table {name}")
        yield implicit.unread(first + table.line, (doubt,), everything)[0]
    for line in sorted(form.deciding)[:_MOST_ODD]:
        reason = form.reasons.get(line, "")
        doubt = Opaque("", Reason("what is damaged or missing here: {reason}", reason=reason))
        yield from implicit.unread(first + line, (doubt,), everything)
    if any((each.flags & {"timeout"} and not each.flags & {"dynamic"}) or any(
            element.timeout for element in each.elements) for each in table.sets.values()):
        doubt = Opaque("members with a timeout changed", Reason(
            "whether members of sets that time out have changed since they were saved"), False,
            "nft list sets", relied_on=True)
        yield from implicit.unread(NO_LINE, (doubt, _MEANS), everything)


def _name(form: Form) -> str:
    """The file of a form, however the path to it was written."""
    return PurePath(form.source.original.name).name


def untracked(chain: str, line: int) -> Rule:
    """A rule for chains of translation that the kernel asks only where it tracks connections at all."""
    doubt = Opaque(f"connections are tracked for {chain}", Reason(
        "whether the kernel tracks connections: no rule asks for that, and without it the chain {chain} is "
        "not asked", chain=chain), None, "lsmod | grep conntrack")
    return Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), line, (doubt,))
