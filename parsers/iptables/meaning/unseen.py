"""What the inputs of a host cannot show, as doubts: rules ahead of a table, or beside all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from aclproof.parsers.iptables import shown
from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.ipset.read import IpSet, is_dynamic
from aclproof.parsers.iptables.shown import Absent
from aclproof.parsers.iptables.text.native_tables import NativeTable
from aclproof.parsers.iptables.text.remarks import Says
from aclproof.parsers.iptables.text.words import Criteria, Ruleset, criteria
from aclproof.parsers.model.addresses import ANY4, ANY6, AddressSet, Family
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import SetMark, Whose
from aclproof.parsers.model.notes import numbered
from aclproof.parsers.model.rules import NO_LINE, Action, Chain, Rule
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.source import Joined
from aclproof.reason import Reason

_PROGRAMS = {Family.V4: "iptables-save", Family.V6: "ip6tables-save"}
_BACK_ENDS = 2
_MOST_ODD = 20
"""Each leaves everything open; a few suffice."""


class _Dump(NamedTuple):
    """One ruleset, and the input that holds it."""

    form: Form
    ruleset: Ruleset


def policy(ruleset: Ruleset, table: str, chain: str) -> Opaque:
    """Whether a chain whose rules are known drops what none of them decides."""
    usual = None if table == "filter" else False
    return Opaque(f"{table} {chain} drops the rest",
                  Reason("whether the policy of {table} {chain} is DROP: {name} does not say it", table=table,
                         chain=chain, name=_name(ruleset)), usual,
                  f"{_tables(ruleset.family)} -t {table} -S {chain}",
                  relied_on=table in shown.HARDLY_A_POLICY)


def hidden(ruleset: Ruleset, table: str, chain: str) -> Opaque:
    """What a chain does that is not shown at all: no yes or no says which packets it stops."""
    program = _PROGRAMS[ruleset.family]
    return Opaque("", Reason("what {table} {chain} does, which {name} does not show: give the output of "
                             "{program} as well", table=table, chain=chain, name=_name(ruleset),
                             program=program), None, program)


def chains(forms: Sequence[Form], joined: Joined, *, of_nftables: bool = True) -> Iterator[Chain]:
    """Build the chains of all that is not shown, family by family.

    `of_nftables`: what nftables has besides is not shown either. Else it is, with the tables of iptables'
    newer back end, and only dumps of the older one say that there are rules of that.
    """
    native = [each for form in forms for each in form.native]
    for family, everything in ((Family.V4, ANY4), (Family.V6, ANY6)):
        dumps = [_Dump(form, ruleset) for form in forms for ruleset in form.rulesets
                 if ruleset.family is family]
        found = _Unseen(family, dumps, joined, everything)
        of_others = found.native(native, forms) if of_nftables else ()
        absent = found.absent() if of_nftables or any(
            ruleset.is_legacy for form in forms for ruleset in form.rulesets) else ()
        beside = [*absent, *found.other_tables(), *found.remarks(), *of_others,
                  *found.other_routes(forms)]
        if beside:
            yield Chain(implicit.beside(family), beside, synthetic=True)
        for table in dict.fromkeys(name for dump in dumps for name in dump.ruleset.tables):
            ahead = [*found.odd(table), *found.loaded_before(table), *found.timed_sets(table, _sets(forms))]
            if ahead:
                yield Chain(implicit.ahead(family, table), ahead, synthetic=True)


class _Unseen:
    """What is not shown of one family."""

    def __init__(self, family: Family, dumps: Sequence[_Dump], joined: Joined,
                 everything: AddressSet) -> None:
        self._family, self._dumps, self._joined, self._everything = family, dumps, joined, everything

    def _criteria(self) -> Iterable[Criteria]:
        return criteria(table for _, ruleset in self._dumps for table in ruleset.tables.values())

    def _stops(self, line: int, *doubts: Condition) -> Rule:
        return implicit.may_stop(line, doubts, self._everything)

    def _may_have_set_marks(self, doubt: Opaque) -> Iterator[Rule]:
        """Other tables can also set the marks that rules here test."""
        tested = {test.module for asked in self._criteria() for test in asked.tests}
        for whose in _MARKS:
            if _MARKS[whose] in tested:
                yield implicit.may_stop(NO_LINE, (doubt,), self._everything)._replace(
                    action=Action.CONTINUE, effect=SetMark(whose, 0, 0, known=False))

    def absent(self) -> Iterator[Rule]:
        """The filter table is in no input, or nothing of the family at all."""
        if any("filter" in dump.ruleset.tables for dump in self._dumps):
            return
        program = _PROGRAMS[self._family]
        what = Reason("what the IPv{family} filter table would do: give the output of {program} as well",
                      family=self._family.value, program=program) if self._dumps else \
            Reason("what the IPv{family} rules would do: give the output of {program} as well",
                   family=self._family.value, program=program)
        yield self._stops(NO_LINE, Opaque("", what, None, program))

    def other_tables(self) -> Iterator[Rule]:
        """Tables that an input does not hold, and of which its form does not say that they are empty."""
        held = {name for dump in self._dumps for name in dump.ruleset.tables}
        missing = [name for name in shown.OTHERS if name not in held]
        for dump in self._dumps:
            means, name = shown.form(dump.ruleset).tables, _name(dump.ruleset)
            program = _PROGRAMS[self._family]
            if missing and means is Absent.OPEN:
                doubt = Opaque(f"other tables of {name}", Reason(
                    "whether the tables {tables}, which {name} cannot show, or what is cut off its end stop, "
                    "mark or redirect it", tables=", ".join(missing), name=name), False, program)
                yield from self._may_have_set_marks(doubt)
                yield self._stops(NO_LINE, doubt, Opaque("", Reason(
                    "what the tables do that {name} does not show: give the output of {program} as well",
                    name=name, program=program), None, program))
            elif missing and means is Absent.RELIED_ON:
                yield from self._relied_on(f"other tables of {name}", Reason(
                    "whether the tables {tables}, which are not in {name}, are loaded and stop or redirect "
                    "it", tables=", ".join(missing), name=name), program)
            if not dump.ruleset.said_family:
                yield from self._relied_on(f"{name} is of the other family", Reason(
                    "whether {name} is of IPv{other}: nothing in it says that it is of IPv{family}",
                    name=name, other=10 - self._family.value, family=self._family.value), "")

    def _relied_on(self, key: str, question: str, find_out: str) -> Iterator[Rule]:
        """Nobody doubts it; where a fact does, it is not known what that means."""
        yield self._stops(NO_LINE, Opaque(key, question, False, find_out, relied_on=True), _MEANS)

    def remarks(self) -> Iterator[Rule]:
        """Lines that say that there is more than what is shown."""
        for form in dict.fromkeys(id(dump.form) for dump in self._dumps):
            dump = next(each for each in self._dumps if id(each.form) == form)
            first = self._joined.first(dump.form.source)
            lines = dump.form.source.lines() if dump.form.remarks else []
            for line, says in dump.form.remarks.items():
                text = lines[line - 1]
                if says is Says.OTHER_BACK_END and _about(text) is self._family \
                        and len(self._dumps) < _BACK_ENDS:
                    program = _PROGRAMS[self._family].replace("tables", "tables-legacy")
                    yield self._stops(first + line, Opaque("other back end drops", Reason(
                        "whether the tables of the other back end, of which this line warns, drop it: give "
                        "the output of {program} as well", program=program), None, program))
                elif says is Says.MORE:
                    yield self._stops(first + line, Opaque("tables that are not shown drop", Reason(
                        "whether what this line says is not shown drops it"), None, "nft list ruleset"))

    def native(self, listed: Sequence[NativeTable], forms: Sequence[Form]) -> Iterator[Rule]:
        """Tables that nft has and no input shows: its own, and those of the nft back end of iptables."""
        of_nft = any(dump.ruleset.back_end == "nft" for dump in self._dumps)
        for table in listed:
            if self._family in table.families and not (table.by_iptables and self._may_show(table)):
                form = next(each for each in forms if table in each.native)
                name = f"{table.kind} {table.name}"
                yield self._stops(self._joined.first(form.source) + table.line, Opaque(
                    f"table {name} drops", Reason("whether the table {name} drops it, which no file shows",
                                                  name=name), None, f"nft list table {name}"))
        if of_nft:
            yield from self._relied_on("native rules in tables of iptables", Reason(
                "whether another program has put rules of nftables into the tables of iptables, where "
                "iptables-save shows them wrongly"), "nft list ruleset")
        if of_nft and not listed:
            asked = Reason(
                "whether tables of nftables (of firewalld, docker, libvirt, fail2ban...) drop it: "
                "iptables-save shows only its own; give the output of 'nft list tables' as well")
            yield self._stops(NO_LINE, Opaque("native nft tables", asked, False, "nft list tables"),
                              Opaque("", asked, None, "nft list tables"))

    def other_routes(self, forms: Sequence[Form]) -> Iterator[Rule]:
        """Rules of routing that choose another table than the one that is shown, where interfaces matter."""
        if any(test.name in ("in-interface", "out-interface") for asked in self._criteria()
               for test in asked.tests):
            for doubts in other_tables(forms, self._family):
                yield self._stops(NO_LINE, *doubts)

    def _may_show(self, table: NativeTable) -> bool:
        """Whether an input may show a table that the nft back end keeps: not one of the legacy back end."""
        return any(table.name in dump.ruleset.tables for dump in self._dumps
                   if dump.ruleset.back_end == "nft" or dump.ruleset.form != "save")

    def odd(self, table: str) -> Iterator[Rule]:
        """Lines that may be damaged rules of a table, or say that some are missing."""
        for form, ruleset in self._dumps:
            known = ruleset.tables.get(table)
            lines = [*(known.odd if known else ()), *form.strays]
            lines += [line for line, says in form.remarks.items() if says is Says.UNSURE]
            for line in sorted(lines)[:_MOST_ODD]:
                reason = form.reasons.get(line) or Reason("it says that rules are not shown as they are")
                form.deciding.add(line)
                doubt = Opaque("", Reason("what is damaged or missing here: {reason}", reason=reason))
                yield from implicit.unread(self._joined.first(form.source) + line, (doubt,), self._everything,
                                           implicit.changed(table))

    def loaded_before(self, table: str) -> Iterator[Rule]:
        """What was in a table before a file was loaded, which `iptables-restore -n` leaves there."""
        for _, ruleset in self._dumps:
            if table in ruleset.tables and not shown.form(ruleset).alone:
                name = _name(ruleset)
                doubt = Opaque(f"{name} is loaded with --noflush", Reason(
                    "whether {name} is loaded by iptables-restore with --noflush, so that older rules stay "
                    "before its own", name=name), False, "", relied_on=True)
                yield from implicit.unread(NO_LINE, (doubt, _MEANS), self._everything)

    def timed_sets(self, table: str, sets: dict[str, IpSet]) -> Iterator[Rule]:
        """Members that time out: a dump has those of its second."""
        tables = [ruleset.tables[table] for _, ruleset in self._dumps if table in ruleset.tables]
        tests = (test for asked in criteria(tables) for test in asked.tests
                 if test.module == "set" and test.values)
        if any(is_dynamic(name, sets) for name in {test.values[0] for test in tests}):
            doubt = Opaque("members with a timeout changed", Reason(
                "whether members of sets that time out have changed since they were saved"), False,
                "ipset list", relied_on=True)
            yield from implicit.unread(NO_LINE, (doubt, _MEANS), self._everything)


def other_tables(forms: Sequence[Form], family: Family) -> Iterator[tuple[Condition, ...]]:
    """Yield that rules of routing may choose other tables than the one that is shown, if none is."""
    places = [form.places for form in forms if form.places]
    if places and not any(family in each.rules_shown or each.elsewhere for each in places):
        yield _policy_routing(family), _MEANS


def other_tables_route(forms: Sequence[Form]) -> Mapping[Family, tuple[Condition, ...]]:
    """Return on which condition another table decides than the one that is shown, by family; none where
    none does."""
    places = [form.places for form in forms if form.places]
    for form in forms:
        if form.places and form.places.elsewhere:
            line = numbered(form.source.place(form.places.elsewhere), of_several=len(forms) > 1)
            return dict.fromkeys(Family, (Opaque("", Reason(
                "line {line} routes by policy; say which interface leads there: 'interfaces: {{ROLE: NAME}}'",
                line=line)),))
    return {family: (_policy_routing(family), _MEANS) for family in Family
            if not any(family in each.rules_shown for each in places)}


_MARKS: Mapping[Whose, str] = {"packet": "mark", "connection": "connmark"}
"""Which match tests which mark."""

_RULES_OF_ROUTING = {Family.V4: "ip rule", Family.V6: "ip -6 rule"}


def _policy_routing(family: Family) -> Opaque:
    """That routes may stand elsewhere, where the rules of that family were not given."""
    return Opaque(f"policy routing of IPv{family.value}", Reason(
        "whether rules of routing choose other tables than the one that is shown, so that packets come in "
        "and go out elsewhere"), False, _RULES_OF_ROUTING[family], relied_on=True)


_MEANS = Opaque("", Reason("what that changes: give a better export"))
"""What follows from an answer that is not the usual one."""


def _sets(forms: Sequence[Form]) -> dict[str, IpSet]:
    return {name: each for form in forms for name, each in form.sets.items()}


def _name(ruleset: Ruleset) -> str:
    """The file of a ruleset, however the path to it was written."""
    return PurePath(ruleset.source.original.name).name


def _tables(family: Family) -> str:
    return "iptables" if family is Family.V4 else "ip6tables"


def _about(text: str) -> Family:
    return Family.V6 if "ip6tables" in text else Family.V4
