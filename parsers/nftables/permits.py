"""A permit in the words of nft."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.parsers.iptables import permits as iptables
from aclproof.parsers.iptables.text.words import BUILT_IN
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp
from aclproof.parsers.netfilter import firewalld, managers, openwrt
from aclproof.parsers.nftables import forms
from aclproof.parsers.nftables.ruleset import NftChain, NftRule, NftTable, walk
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.nftables.text.symbols import PRINTED
from aclproof.parsers.permits import Candidate, MissingPermit, RuleNames, merged
from aclproof.parsers.source import Joined, Source, files_of
from aclproof.reason import Reason

_PLAIN = re.compile(r"[A-Za-z_]+\d[\w.]*|lo|docker0|virbr0")
"""A name that is no word of nft, so that it needs no quotes for nft."""
_PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
"""At which iptables binds the chains of a table that permits may go into."""
_OF_NFT = frozenset("ip6 icmpv6".split())


class _Place(Struct, frozen=True):
    """A chain as the input shows it, and where in it a permit goes."""

    form: forms.Form
    table: NftTable
    chain: NftChain
    at: int
    """The rule before which it goes; their number for the end."""


def candidates(firewall: Firewall, missing: Sequence[MissingPermit],
               names: RuleNames) -> Iterator[Candidate]:
    """Yield commands, the last place of each chain first, so that the numbers of the others stay."""
    rulesets = _Rulesets(firewall)
    said: set[str] = set()
    for each in merged(missing):
        found = rulesets.place(each.permit)
        if found is None:
            yield from iptables.candidates(firewall, each.parts)
        else:
            lasting = [line for line in _lasting(firewall, each.permit, found, names) if line not in said]
            said.update(line for line in lasting if "--new-policy" in line or "-zone=" in line.split()[-1])
            commands = _of_iptables(each.permit, found) or [_command(each.permit, found)]
            yield Candidate((*commands, *lasting), each.parts, len(commands), tuple(_advice(found)))


class _Rulesets:
    """What the inputs show, read when it is first asked for."""

    def __init__(self, firewall: Firewall) -> None:
        self._firewall = firewall
        self._tables: Mapping[tuple[str, str], tuple[NftTable, forms.Form]] | None = None

    def place(self, missing: MissingPermit) -> _Place | None:
        """Where a permit goes; None where its chain is one of iptables."""
        family, _, rest = missing.chain.partition(" ")
        name, _, chain = rest.partition(" ")
        if self._tables is None:
            self._tables = dict(tables(self._firewall))
        if (family, name) not in self._tables or chain not in self._tables[family, name][0].chains:
            return None
        table, form = self._tables[family, name]
        inside = table.chains[chain]
        inside, at = _named(table, inside, self._index(missing, inside.rules, form.source))
        return _Place(form, table, inside, _before_its_log(inside.rules, at))

    def _index(self, missing: MissingPermit, rules: Sequence[NftRule], source: Source) -> int:
        """The rule of the input that a rule of the model belongs to, or the first after it."""
        joined = self._firewall.source
        first = joined.first(source) if isinstance(joined, Joined) else 0
        lines = {rule.line: number for number, rule in reversed(list(enumerate(rules)))}
        for rule in self._firewall.chains[missing.chain].rules[missing.at:]:
            if rule.line - first in lines:
                return lines[rule.line - first]
        return len(rules)


def tables(firewall: Firewall) -> Iterator[tuple[tuple[str, str], tuple[NftTable, forms.Form]]]:
    """Yield the tables of all inputs by family and name, each with the form that it is read from."""
    for source in files_of(firewall.source):
        if kind(source.text):
            form = forms.read(source)
            yield from ((key, (table, form)) for key, table in form.ruleset.tables.items())


def _named(table: NftTable, inside: NftChain, at: int) -> tuple[NftChain, int]:
    """The place, or the one of the rule that calls it where it is in braces: no command reaches into them."""
    for chain in table.chains.values() if inside.name.startswith("__chain") else ():
        for number, rule in enumerate(chain.rules):
            if {"target": inside.name} in walk(rule.statements):
                return _named(table, chain, number)
    return inside, at


def _before_its_log(rules: Sequence[NftRule], at: int) -> int:
    """Go back over rules that log what is dropped there: what is permitted is not to be logged as dropped."""
    while at and _only_logs(rules[at - 1]):
        at -= 1
    return at


def _only_logs(rule: NftRule) -> bool:
    kinds = {key for each in rule.statements for key in (each if isinstance(each, Mapping) else ())}
    return "log" in kinds and kinds <= {"log", "counter", "limit", "match"}


# The command


def _of_iptables(missing: MissingPermit, place: _Place) -> list[str]:
    """Commands of iptables for a table that it keeps: what else is in there, it cannot show any more."""
    table, chain = place.table, place.chain
    if not _is_of_iptables(table):
        return []
    program = "iptables-nft" if table.family == "ip" else "ip6tables-nft"
    option = "" if table.name == "filter" else f" -t {table.name}"
    where = "-A" if place.at == len(chain.rules) else "-I"
    number = "" if where == "-A" else f" {place.at + 1}"
    state = f"-m conntrack --ctstate {missing.permit.state}" if missing.permit.state else ""
    return [f"{program}{option} {where} {word(chain.name)}{number} {each}"
            for each in iptables.specifications(missing.permit, state)]


def _is_of_iptables(table: NftTable) -> bool:
    """Whether iptables made a table: all of its rules count, and its chains are bound where it binds them."""
    bound = [(chain.name, chain.base) for chain in table.chains.values() if chain.base]
    rules = [rule for chain in table.chains.values() for rule in chain.rules]
    return (table.family in ("ip", "ip6") and not table.sets and bool(bound)
            and all(name in BUILT_IN.get(table.name, ()) and base.hook == name.lower()
                    and base.priority == _PRIORITIES.get(table.name) for name, base in bound)
            and all(any(isinstance(each, Mapping) and "counter" in each for each in rule.statements)
                    for rule in rules))


def _command(missing: MissingPermit, place: _Place) -> str:
    return " ".join(["nft", *_where(place), _rule(missing, place)])


def _where(place: _Place) -> list[str]:
    """Which command it is, and what it counts from: handles stay, whatever is entered before."""
    rules, at = place.chain.rules, place.at
    names = ["rule", place.table.family, word(place.table.name), word(place.chain.name)]
    if at == len(rules):
        return ["add", *names]
    handle = rules[at].handle
    return ["insert", *names, *(["index", str(at)] if handle is None else ["handle", str(handle)])]


def word(name: str) -> str:
    """Write a name for a shell."""
    return shlex.quote(name)


def _rule(missing: MissingPermit, place: _Place) -> str:
    permit, box = missing.permit, missing.box
    parts = [f"{key} {_name(name)}" for key, name in (("iifname", permit.ingress), ("oifname", permit.egress))
             if name]
    parts += _ends(box, place.table)
    parts += _service(box)
    parts += [f"ct state {permit.state.lower()}"] if permit.state else []
    parts += ["counter"] if _counts(place.chain) else []
    return " ".join([*parts, "accept"])


def _name(interface: str) -> str:
    """An interface, in quotes that nft sees where the shell's are not enough."""
    plain = _PLAIN.fullmatch(interface) and interface not in _OF_NFT
    return f'"{interface}"' if plain else shlex.quote(f'"{interface}"')


def _ends(box: Box, table: NftTable) -> list[str]:
    word = "ip" if box.family is Family.V4 else "ip6"
    whole = IntervalSet.of((0, box.family.last))
    found = [f"{word} {side} {_set(spell(box.family, numbers.ranges))}"
             for side, numbers in (("saddr", box.sources), ("daddr", box.destinations)) if numbers != whole]
    if found or table.family != "inet" or is_icmp(box.protocol):
        return found
    return [f"meta nfproto {'ipv4' if box.family is Family.V4 else 'ipv6'}"]


def _service(box: Box) -> list[str]:
    name = PROTOCOL_NAMES.get(box.protocol, str(box.protocol))
    if is_icmp(box.protocol) and box.source_ports != ANY_PORT:
        word = "icmp" if box.family is Family.V4 else "icmpv6"
        known = PRINTED[f"{word}_type"]
        types = [known.get(low, _range(low, high)) for low, high in box.source_ports.ranges]
        return [f"{word} type {_set(types)}"]
    sides = (("sport", box.source_ports), ("dport", box.destination_ports))
    found = [f"{name} {side} {_set([_range(*each) for each in ports.ranges])}"
             for side, ports in sides if ports != ANY_PORT]
    return found or [f"meta l4proto {'ipv6-icmp' if name == 'icmp6' else name}"]


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"


def _set(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{{ {', '.join(values)} }}"


def _counts(chain: NftChain) -> bool:
    """Whether most rules of a chain that accept count what they accept."""
    accepting = [{key for each in rule.statements if isinstance(each, Mapping) for key in each}
                 for rule in chain.rules]
    accepting = [keys for keys in accepting if "accept" in keys]
    return sum("counter" in keys for keys in accepting) * 2 > len(accepting)


# What else to do, so that it lasts


def _advice(place: _Place) -> Iterator[Reason]:
    if "owner" in place.table.flags:
        yield Reason("the table {table} belongs to the program that made it (flag owner): nft refuses this "
                     "command there, so tell that program of the permit", table=place.table.name)
    yield from map(managers.note, managers.of(place.table.name, place.table.chains))
    if place.form.ruleset.is_file:
        source, rules = place.form.source, place.chain.rules
        if place.at == len(rules):
            yield Reason("put the rule at the end of the chain {chain} in {file} as well, or it is lost when "
                         "the file is loaded anew", chain=place.chain.name, file=source.original.name)
        else:
            yield Reason("put the rule before {place} as well, or it is lost when the file is loaded anew",
                         place=source.span(rules[place.at].line))


def _lasting(firewall: Firewall, missing: MissingPermit, place: _Place, names: RuleNames) -> list[str]:
    """The same in the words of the program that keeps the table, as comments."""
    table, chain = f"{place.table.family} {place.table.name} ", place.chain.name
    found: list[str] = []
    kept_by = list(managers.of(place.table.name, place.table.chains))
    if managers.FIREWALLD in kept_by:
        found = firewalld.commands(firewall, missing, table, chain)
    elif managers.FW4 in kept_by:
        found = openwrt.commands(firewall, missing, table, chain, names.title)
    if not found:
        return []
    return [Reason("# lasting, in the words of {who}:", who=kept_by[0].name),
            *(f"# {each}" for each in found)]
