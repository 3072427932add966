"""Which form an input has, and what it holds: rules, listings or sets, with every line accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import field
from msgspec.structs import replace

from aclproof.parsers.iptables import shown
from aclproof.parsers.iptables.ipset import read as ipset
from aclproof.parsers.iptables.ipset.read import IpSet
from aclproof.parsers.iptables.saved import save
from aclproof.parsers.iptables.text import listing, native_tables, session
from aclproof.parsers.iptables.text.kinds import kind
from aclproof.parsers.iptables.text.native_tables import NativeTable
from aclproof.parsers.iptables.text.remarks import Says, is_rule_like, quotable
from aclproof.parsers.iptables.text.words import Ruleset
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.notes import State
from aclproof.parsers.netfilter import ip_output, ip_shown, terminal
from aclproof.parsers.netfilter.accounted import Accounted
from aclproof.parsers.netfilter.ip_output import Places
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_EVERY_INTERFACE = Opaque(
    "every interface", Reason("whether the rule holds for every interface: the listing lacks -v, so its "
                              "interfaces are not shown; give the output of iptables-save"), mostly=True)


class Form(Accounted):
    """One input."""

    source: Source
    rulesets: Sequence[Ruleset] = ()
    sets: Mapping[str, IpSet] = field(default_factory=dict)
    strays: Sequence[int] = ()
    """Lines outside of all tables that may be damaged ones of any of them."""
    remarks: Mapping[int, Says] = field(default_factory=dict)
    """Lines that say what is not shown."""
    native: Sequence[NativeTable] = ()
    """What `nft list tables` printed."""
    places: Places | None = None
    """What `ip address`, `ip route` and `ip rule` printed."""

    @property
    def is_listing(self) -> bool:
        """Whether it is a listing, whose rows begin with anything."""
        return any("listing" in ruleset.form for ruleset in self.rulesets)

    def of_every_rule(self, ruleset: Ruleset) -> tuple[Condition, ...]:
        """What a lossy form leaves open of each of its rules."""
        return () if shown.form(ruleset).interfaces else (_EVERY_INTERFACE,)


def read(source: Source, *, rules: bool = True) -> Form:
    """Read one input by its form; without `rules`, of a dump only its tables and their chains."""
    source.quotable = quotable
    shows_places = ip_shown.is_in(source.text)
    if not shows_places and not terminal.has_prompts(source):
        return _of_rules(source, rules=rules)
    lines = terminal.lines(source)
    for number, (kept, whole) in enumerate(zip(lines, source.lines(), strict=True), 1):
        if kept != whole:  # what other commands were, and printed
            source.hide(number)
    places = ip_output.Reader(lines).found if shows_places else None
    if places:
        lines = ["" if number in places.lines else line for number, line in enumerate(lines, 1)]
    alone = places and all(not line.strip() or session.is_prompt(line) for line in lines)
    form = Form(source, states=[State.IGNORED] * len(lines)) if alone else \
        _of_rules(replace(source, text="".join(f"{line}\n" for line in lines)), rules=rules)
    form.source, form.places = source, places
    for line in places.lines if places else ():
        form.states[line - 1] = State.UNDERSTOOD
    return form


def _of_rules(source: Source, *, rules: bool) -> Form:
    match kind(source.text):
        case "listing":
            listed = listing.Reader(source).read()
            return Form(source, listed.rulesets, {}, listed.strays, listed.remarks, states=listed.states,
                        reasons=listed.reasons)
        case "ipset":
            members = ipset.Reader(source).read()
            return Form(source, states=members.states, sets=members.sets, reasons=members.reasons)
        case "nft tables":
            states, native = native_tables.read(source)
            return Form(source, states=states, native=native)
        case _:
            saved = save.Reader(source, rules=rules).read()
            for line in saved.reasons:
                if saved.states[line - 1] is State.UNREAD \
                        and not is_rule_like(saved.lines[line - 1].lstrip()):
                    source.hide(line)
            return Form(source, saved.rulesets, {}, saved.strays, saved.remarks, states=saved.states,
                        reasons=saved.reasons)
