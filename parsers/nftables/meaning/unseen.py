"""What the inputs of a host with nftables cannot show, as doubts: rules ahead of a table, or beside all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Literal

from aclproof.parsers.iptables.forms import Form as Dump
from aclproof.parsers.iptables.meaning import unseen as iptables_unseen
from aclproof.parsers.iptables.text.words import Ruleset as DumpRuleset
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, OnInterface, Opaque
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.nftables.forms import Form
from aclproof.parsers.nftables.meaning import hook_points
from aclproof.parsers.nftables.meaning.extent import Extent, named_only
from aclproof.parsers.nftables.meaning.implied import lacks_a_map
from aclproof.parsers.nftables.meaning.scope import FAMILIES
from aclproof.parsers.nftables.meaning.statements import statement_of
from aclproof.parsers.nftables.ruleset import UNKNOWN, Base, NftChain, NftTable
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
_ABOVE = ("bond", "br", "docker", "lan", "team", "virbr", "vlan", "vmbr", "wan")
"""How names of interfaces begin that commonly lie over others."""
_EVERYTHING = {Family.V4: ANY4, Family.V6: ANY6}


def chains(forms: Sequence[Form], extents: Sequence[Extent], beside: Sequence[Dump],
           joined: Joined, shown: Mapping[str, Chain]) -> Iterator[Chain]:
    """Build the chains of what is not shown; `beside` are the dumps of iptables of the same host.

    `extents` say of each form how much it shows; `shown` are the chains that the inputs have.
    """
    listed = [*_not_shown(forms, beside, joined)]
    names_all = any(each.native for each in beside) or Extent.TABLES in extents
    odd = [list(_odd(form)) for form in forms]
    for family, everything in _EVERYTHING.items():
        filtered = _filtered(family, forms, beside)
        found = [implicit.may_stop(line, (doubt,), everything) for of, line, doubt in listed
                 if family in hook_points.sees(of)]
        found += [implicit.may_stop(NO_LINE, doubts, everything)
                  for form, shows in zip(forms, extents, strict=True)
                  for doubts in _other_rules(form, shows, names_all=names_all, filtered=filtered)]
        found += [implicit.may_stop(NO_LINE, doubts, everything)
                  for doubts in iptables_unseen.other_tables(beside, family)
                  if any(_tests_interfaces(chain) for chain in shown.values())]
        found += [*_elsewhere(forms, joined, family), *_unread(forms, joined, everything)]
        if not any(ruleset.is_legacy and ruleset.family is family
                   for form in beside for ruleset in form.rulesets):
            found.append(implicit.may_stop(NO_LINE, (_LEGACY, _MEANS), everything))
        yield Chain(implicit.beside(family), found, synthetic=True)
        for form, doubts_of_form in zip(forms, odd, strict=True):
            for table in form.ruleset.tables.values():
                ahead = list(_ahead(form, table, doubts_of_form, joined, everything))
                if ahead:
                    yield Chain(implicit.ahead(family, hook_points.title(table)), ahead, synthetic=True)


def _tests_interfaces(chain: Chain) -> bool:
    return any(isinstance(each, OnInterface) for rule in special(chain.rules) for each in rule.conditions)


_LEGACY = Opaque("tables of iptables-legacy", Reason(
    "whether iptables-legacy has rules of its own that stop it: nft does not show them"), False,
    "iptables-legacy-save; ip6tables-legacy-save", relied_on=True)


def _not_shown(forms: Sequence[Form], beside: Sequence[Dump],
               joined: Joined) -> Iterator[tuple[str, int, Opaque]]:
    """Tables that `nft list tables` names and no input shows: the family, the line and the doubt."""
    named = {(form.source, table.key): table.line for form in forms for table in named_only(form)}
    shown = {table.key for form in forms for table in form.ruleset.tables.values()
             if (form.source, table.key) not in named}
    shown |= {key for form in beside for ruleset in form.rulesets if not ruleset.is_legacy
              for key in _kept_by(ruleset)}
    listed = [(form.source, (each.kind, each.name), each.line) for form in beside for each in form.native]
    for source, key, line in (*listed, *((source, key, line) for (source, key), line in named.items())):
        if key not in shown:
            name = " ".join(key)
            yield key[0], joined.first(source) + line, Opaque(f"table {name} drops", Reason(
                "whether the table {name} drops it, which no file shows", name=name), None,
                f"nft list table {name}")


def _kept_by(ruleset: DumpRuleset) -> Iterator[tuple[str, str]]:
    """The tables of nftables that the nft back end of iptables has its own in."""
    kind = "ip" if ruleset.family is Family.V4 else "ip6"
    return ((kind, name) for name in ruleset.tables)


def _filtered(family: Family, forms: Sequence[Form], beside: Sequence[Dump]) -> bool:
    """Whether any input filters a family: where none does, its rules are likely elsewhere."""
    return any(ruleset.family is family for dump in beside for ruleset in dump.rulesets) or any(
        hook_points.family(table) in (None, family) and any(chain.base for chain in table.chains.values())
        for form in forms for table in form.ruleset.tables.values() if table.family in FAMILIES)


def _other_rules(form: Form, shows: Extent, *, names_all: bool,
                 filtered: bool) -> Iterator[tuple[Condition, ...]]:
    """Rules of a family that no input shows; `names_all` where all tables are named.

    A file without any table may be cut, or not the one that has the rules.
    """
    name, of_file = _name(form), form.ruleset.is_file and bool(form.ruleset.tables)
    if form.ruleset.is_file and not form.ruleset.flushed:
        yield Opaque(f"{name} is loaded beside others", Reason(
            "whether older rules are there when {name} is loaded: it does not begin with 'flush ruleset'",
            name=name), False, "nft list ruleset", relied_on=filtered or of_file), _MEANS
    elif shows is Extent.PART or (shows is Extent.UNSAID and not names_all):
        yield Opaque(f"other rules than in {name}", Reason(
            "whether there are tables, chains or rules that are not in {name} and stop it", name=name), False,
            "nft list ruleset", relied_on=shows is Extent.UNSAID and (
                filtered or of_file)), _MEANS


def _unread(forms: Sequence[Form], joined: Joined, everything: AddressSet) -> Iterator[Rule]:
    """Lines that were not understood may be of any table, and be called wherever one may."""
    for form in forms:
        for line in sorted({*form.deciding, *_bindings(form)})[:_MOST_ODD]:
            yield implicit.may_stop(joined.first(form.source) + line, (_damaged(form, line),), everything)


def _bindings(form: Form) -> Iterator[int]:
    """The lines of chains that nothing calls which may be damaged ones that bind them to a hook."""
    for table in form.ruleset.tables.values():
        for chain in table.chains.values():
            for rule in chain.rules if chain.base is None else ():
                word, text = statement_of(rule.statements[0]) if rule.statements else ("", "")
                if word == UNKNOWN and ("hook" in str(text) or str(text).startswith("type")):
                    yield rule.line


def _damaged(form: Form, line: int) -> Opaque:
    return Opaque("", Reason("what is damaged or missing here: {reason}", reason=form.reasons.get(line, "")))


def _elsewhere(forms: Sequence[Form], joined: Joined, family: Family) -> Iterator[Rule]:
    """Chains at hooks that are not followed: of devices, of bridges, of ARP."""
    for form in forms:
        first = joined.first(form.source)
        for table in form.ruleset.tables.values():
            if "dormant" in table.flags or family not in hook_points.sees(table.family):
                continue
            for chain, base in hook_points.elsewhere(table):
                if _may_stop(chain, base):
                    doubt = _of_chain(table, chain, base)
                    for way in _ways(base):
                        yield implicit.may_stop(first + chain.line, (*way, doubt), _EVERYTHING[family])


def _of_chain(table: NftTable, chain: NftChain, base: Base) -> Opaque:
    name = f"{hook_points.title(table)} {chain.name}"
    if table.family == "bridge":
        return Opaque(f"chain {name} drops", Reason(
            "whether packets go over a bridge of this host, where the chain {name} may drop them", name=name),
            False, "bridge link")
    return Opaque(f"chain {name} drops", Reason(
        "whether the chain {name} drops them: what is called at the hook {hook} is not followed", name=name,
        hook=base.hook))


def _ways(base: Base) -> Iterator[tuple[Condition, ...]]:
    """By which interfaces packets come to a chain of devices: they pass those below an interface as well."""
    if not base.devices or base.hook not in ("ingress", "egress"):
        yield ()
        return
    way: Literal["in", "out"] = "in" if base.hook == "ingress" else "out"
    for each in base.devices:
        name = f"{each[:-1]}+" if each.endswith("*") else each
        yield (OnInterface(way, name),)
        yield (OnInterface(way, f"{each}.+", supposed=True),)
        lies_below = Opaque(f"device {each} lies below", Reason(
            "whether the interface lies over the device {device}, as a bridge, a bond or a VLAN does",
            device=each), None, "ip -d link")
        for above in _ABOVE:
            yield OnInterface(way, f"{above}+", supposed=True), lies_below


def _may_stop(chain: NftChain, base: Base) -> bool:
    """Whether a chain has anything that could stop a packet, or change it."""
    return base.policy == "drop" or base.priority is None or any(
        statement_of(each)[0] not in _LETS_PASS for rule in chain.rules for each in rule.statements)


def _odd(form: Form) -> Iterator[tuple[int, Opaque]]:
    """Lines that may be rules of any table, or make rules others than those that are shown."""
    for line in sorted(form.deciding)[:_MOST_ODD]:
        yield line, _damaged(form, line)
    for line in _maps_left_out(form)[:1]:
        yield line, Opaque("", Reason(
            "what the other rules ask: nft has left out the map of this line, and after one that it cannot "
            "read it leaves out other sets as well; give the file that was loaded"))


def _ahead(form: Form, table: NftTable, odd_lines: Iterable[tuple[int, Opaque]], joined: Joined,
           everything: AddressSet) -> Iterator[Rule]:
    """What may come before the rules of a table, or may be one of them."""
    first, name = joined.first(form.source), hook_points.title(table)
    odd = table.flags - _KNOWN_FLAGS
    if odd:  # to accept here is to leave the rest of the chain out
        doubt = Opaque(f"table {name} is dormant", Reason(
            "whether the table {name} is dormant: this version of nft prints its flags wrongly", name=name),
            None, f"nft list table {name}")
        yield implicit.unread(first + table.line, (doubt,), everything)[0]
    for line, doubt in odd_lines:
        yield from implicit.unread(first + line, (doubt,), everything)
    if any((each.flags & {"timeout"} and not each.flags & {"dynamic"}) or any(
            element.timeout for element in each.elements) for each in table.sets.values()):
        doubt = Opaque("members with a timeout changed", Reason(
            "whether members of sets that time out have changed since they were saved"), False,
            "nft list sets", relied_on=True)
        yield from implicit.unread(NO_LINE, (doubt, _MEANS), everything)


def _maps_left_out(form: Form) -> Sequence[int]:
    """The lines of a list that show the key of a map, and not the map (seen with nft 1.0.6)."""
    if form.ruleset.is_file:
        return ()
    return [rule.line for table in form.ruleset.tables.values() for chain in table.chains.values()
            for rule in chain.rules if any(map(lacks_a_map, rule.statements))]


def _name(form: Form) -> str:
    """The file of a form, however the path to it was written."""
    return PurePath(form.source.original.name).name


def untracked(chain: str, line: int) -> Rule:
    """A rule for chains of translation that the kernel asks only where it tracks connections at all."""
    doubt = Opaque(f"connections are tracked for {chain}", Reason(
        "whether the kernel tracks connections: no rule asks for that, and without it the chain {chain} is "
        "not asked", chain=chain), None, "lsmod | grep conntrack")
    return Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), line, (doubt,))
