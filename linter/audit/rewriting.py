"""Lines that open more than is needed, replaced by permits of what requirements send through them.

The permits are entered where the line stands, and only then it is taken away: nothing is interrupted between.
All is carried out on a copy: no requirement fares otherwise, and no list lets a packet pass that it did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import product

from msgspec import Struct

from aclproof import parsers
from aclproof.linter.audit.kept import kept
from aclproof.linter.audit.surplus import Surplus
from aclproof.linter.diff.chain_difference import MOST_RULES, compare_list
from aclproof.linter.diff.chain_pair import ChainPair, ListNames
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.relevant import relevant
from aclproof.linter.fix.entering import Entered
from aclproof.linter.fix.opening import Opened, Snippet, open_all
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.proof.records import Proof
from aclproof.linter.verdict.coverage import KeptBack, kept_back
from aclproof.parsers.model import conditions
from aclproof.parsers.model.besides import NOTHING, Besides
from aclproof.parsers.model.conditions import Context, InState
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.plain_rules import lines
from aclproof.parsers.permits import MissingPermit
from aclproof.parsers.removals import ByHand, DeadRule
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason, joined

_STATES = (conditions.NEW, conditions.ESTABLISHED, conditions.INVALID, conditions.UNTRACKED)
_WRITABLE = (conditions.InState, conditions.OnInterface, conditions.InProfile, conditions.ServedBy,
             conditions.ForListener)
"""What a permit asks for as well where the line does, or something narrower."""
_OTHER_USE = Reason("something else than an interface uses the list as well")
_UNUSUAL = Reason("the line asks for something that a permit would not ask for")
_STAYS = Reason("the line is still there after the command that takes it away")
_TOO_MUCH = Reason("too much of the list changes at once to compare it")
_OPENS = Reason("the permits would open more than the line did")


class Rewriting(Struct, frozen=True):
    """What replaces some lines of one list or several."""

    surplus: tuple[Surplus, ...]
    snippets: tuple[Snippet, ...] = ()
    """The permits, to be entered first."""
    removals: tuple[str, ...] = ()
    """The commands that take the lines away, in their order."""
    advice: tuple[str, ...] = ()
    refused: str = ""
    """Why there are no commands."""
    after: Analysis | None = None
    """The site with the commands carried out."""

    @property
    def commands(self) -> tuple[str, ...]:
        """All lines to enter, in their order; comments are among them."""
        return (*(line for each in self.snippets for line in each.lines), *self.removals)


class _TakenAway(Struct, frozen=True):
    """Lines that went, by commands."""

    commands: tuple[str, ...]
    after: Firewall
    notes: tuple[str, ...]


def rewrite(name: str, site: Analysis, day: date, surplus: Sequence[Surplus]) -> Rewriting:
    """Replace some lines of a firewall, all of them together."""
    found, firewall = tuple(surplus), site.firewalls[name]
    besides = door(firewall.vendor).besides(firewall)
    refused = _beyond(firewall, found, besides)
    if refused:
        return Rewriting(found, refused=refused)
    off = frozenset(firewall.source.given(each.line) for each in found)
    wanted = kept(name, site, day, found)
    opened = open_all(site, name, Entered.of(firewall, off), wanted,
                      [(each.listener, each.box) for each in wanted], overruling=False)
    if opened.refused:
        return Rewriting(found, refused=joined("; ", dict.fromkeys(why for _, why in opened.refused)))
    done = _taken_away(opened, off)
    if isinstance(done, str):
        return Rewriting(found, refused=done)
    after = reanalyse(site, day, {**site.firewalls, name: done.after})
    refused = worse(site, after) or _opens_more(name, site, done.after, found, wanted)
    if refused:
        return Rewriting(found, refused=refused)
    advice = (*_advice(firewall, done.after, found, besides), *done.notes)
    return Rewriting(found, opened.snippets, done.commands, advice, after=after)


def _beyond(firewall: Firewall, surplus: Sequence[Surplus], besides: Mapping[int, Besides]) -> str:
    """Say why permits of packets would not do the same for some lines; empty where they would."""
    singly = door(firewall.vendor).counted_singly(firewall)
    numbers = {each.line for each in surplus}
    for name in dict.fromkeys(each.chain for each in surplus):
        if name in singly or name in firewall.list_uses:
            return singly.get(name, _OTHER_USE)
        for rule in firewall.chains[name].rules:
            if rule.line in numbers:
                asked = next((each for each in rule.conditions if not isinstance(each, _WRITABLE)), None)
                if asked:
                    return Reason("the line asks what a permit would not: {what}", what=asked.because)
                if besides.get(rule.line, NOTHING).beyond:
                    return _UNUSUAL
    return ""


def _taken_away(opened: Opened, off: Set[int]) -> _TakenAway | str:
    """Take lines away after the permits were entered, the last of a list first; or say why that fails."""
    before = opened.entered.firewall
    places = _places(before, off)
    found = door(before.vendor).removals(before, [DeadRule(*each) for each in places])
    by_hand = [each.why for each in found.of_rules if isinstance(each, ByHand)]
    if by_hand:
        return by_hand[0]
    first = () if opened.snippets else door(before.vendor).leads_to(before)
    commands = (*first, *dict.fromkeys(each for each in found.of_rules if isinstance(each, str)))
    try:
        after = opened.entered.with_lines(commands).firewall
    except UnsupportedInputError as error:
        return str(error)
    return _STAYS if _places(after, off) else _TakenAway(commands, after, found.notes)


def _places(firewall: Firewall, off: Set[int]) -> list[tuple[str, int]]:
    """The lists and lines of rules, from the last of each list to its first."""
    given = firewall.source.given
    found: dict[tuple[str, int], None] = {}
    for name, chain in firewall.lists.items():
        mine = {line for line in lines(chain.rules) if line and given(line) in off}
        if mine:
            found |= {(name, rule.line): None for rule in reversed(chain.rules) if rule.line in mine}
    return list(found)


def worse(before: Analysis, after: Analysis) -> str:
    """Name the requirements that fare otherwise, or of which a firewall stops more; empty for none."""
    was = {each.requirement.id: (each.verdict, each.coverage) for each in before.results}
    now = {each.requirement.id: (each.verdict, each.coverage) for each in after.results}
    names = [each for each in was if now.get(each) != was[each]
             or any(_more_kept_back(before.proofs.get(each, ()), after.proofs.get(each, ()), name)
                    for name in before.firewalls)]
    return Reason("with the commands {names} would not be as before",
                  names=joined(", ", names)) if names else ""


def _more_kept_back(before: Sequence[Proof], after: Sequence[Proof], name: str) -> bool:
    """Whether a firewall stops more of what a requirement sends, or leaves more open."""
    was = kept_back(before, name)
    return any(now.exceeds(was.get(leg, KeptBack())) for leg, now in kept_back(after, name).items())


def _opens_more(name: str, site: Analysis, after: Firewall, surplus: Sequence[Surplus],
                permits: Iterable[MissingPermit]) -> str:
    """Say why it is not shown that no list lets a packet pass that it stopped or left open; or nothing.

    Of packets that none but the lines in question match, each passed already; a permit for certain interfaces
    is compared for what passes these.
    """
    ways = {("", ""), *((each.permit.ingress, each.permit.egress) for each in permits)}
    before = site.firewalls[name]
    profile = next(each.profile for each in site.site.firewalls if each.name == name)
    gone = {before.quote(each.line) for each in surplus}
    states = _STATES if any(isinstance(each, InState) for _, each in before.conditions()) else _STATES[:1]
    for chain, way in product(before.lists, sorted(ways)):
        pair = ChainPair(ListNames(chain, chain), before, after, profile, way)
        for state in states if pair.differs else ():
            found = compare_list(pair, Context(states=frozenset({state})), but=gone)
            if not found.complete:
                return _TOO_MUCH
            if found.newly_permitted or found.perhaps_permitted:
                return _OPENS
    return ""


def _passes(firewall: Firewall, surplus: Surplus) -> bool:
    """Whether a list surely lets all pass that a line opened besides; not told of a long one."""
    stages = parsers.through(firewall, surplus.chain)
    uses = relevant(firewall, [(stages, box) for box in surplus.more])
    if any(sum(map(len, rules.values())) > MOST_RULES for rules in uses):
        return False
    found = (evaluate(stages, rules, box, Context()) for rules, box in zip(uses, surplus.more, strict=True))
    return not any(each.denied or each.undecided for each in found)


def _advice(firewall: Firewall, after: Firewall, surplus: Sequence[Surplus],
            besides: Mapping[int, Besides]) -> Iterator[Reason]:
    """What one should know besides: what stays open, what permits do not do, and whose rules these are."""
    kept_by = door(firewall.vendor).kept_by
    for each in surplus:
        place = firewall.quote(each.line)
        if _passes(after, each):
            yield Reason("all that {place} opens besides passes by other lines as well", place=place)
        if besides.get(each.line, NOTHING).deeds:
            yield Reason("{place} does something besides (it logs, marks or counts) that the permits do not",
                         place=place)
    for who in dict.fromkeys(who for each in surplus for who in kept_by(firewall, each.chain)):
        yield Reason("{who} loads its own rules anew: those of them that are taken away come back then",
                     who=who)
