"""Where in which chain a permit reaches what is stopped."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aclproof.linter.engine.relevant import every_rule, relevant
from aclproof.linter.proof.records import Judged, Proof
from aclproof.linter.proof.routed import Segment
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action, Chain, Default, Rule, Stage
from aclproof.parsers.permits import Permit
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


class InsertPosition(Struct, frozen=True):
    """Before which rule of which chain a permit goes; `entry` is where a list has to be bound first."""

    chain: str
    at: int
    entry: str = ""


def find(proof: Proof, judged: Judged, stage: Stage, permits: Sequence[Permit]) -> InsertPosition | str:
    """Find the place of permits for what a filter stops, or say why there is none."""
    firewall = proof.firewall
    blockers = [part.by for part in judged.outcome.denials if part.stage is stage]
    lists = [name for name in stage.chains if name in firewall.lists]
    if not lists:
        return _unbound(firewall, judged.segment, blockers)
    if door(firewall.vendor).traits.calls_chains:
        search = _Search(firewall, judged, stage, [permit.rule() for permit in permits])
        own = _own_chain(firewall, lists, blockers)
        return own if own and search.opens(own) else search.last(lists[0])
    found: list[tuple[int, int]] = []
    for by in blockers:
        before = _before(firewall, lists, by)
        if before is None:
            assert isinstance(by, Rule)
            return Reason("{source} stops it before any list is asked", source=firewall.source.span(by.line))
        found.append(before)
    number, at = min(found)
    return InsertPosition(lists[number], at)


def _unbound(firewall: Firewall, segment: Segment,
             blockers: Sequence[Rule | Default]) -> InsertPosition | str:
    transit = segment.transit
    by_level = all(isinstance(by, Default) and by.kind == "security-level" for by in blockers)
    if transit is None or not transit.ingress or not by_level:
        return Reason("no list decides there that a permit could go into")
    entry, leave = firewall.interface(transit.ingress), firewall.interface(transit.egress or "")
    if entry and leave and entry.level == leave.level:
        return Reason("{name} and {name2} have equal security levels: only 'same-security-traffic permit "
                      "inter-interface' lets them talk, and that opens everything between equal levels",
                      name=entry.name, name2=leave.name)
    return InsertPosition("", 0, transit.ingress)


def _before(firewall: Firewall, lists: Sequence[str], by: Rule | Default) -> tuple[int, int] | None:
    """The list, and the rule of it that stops packets; None where no list does."""
    if isinstance(by, Default):
        return 0, len(firewall.chains[lists[0]].rules)
    for number, name in enumerate(lists):
        at = _index(firewall.chains[name].rules, by)
        if at is not None:
            return number, at
    return None


def _index(rules: Sequence[Rule], wanted: Rule) -> int | None:
    """The index of this very rule: another line may say the same."""
    return next((at for at, rule in enumerate(rules) if rule is wanted), None)


def _own_chain(firewall: Firewall, lists: Sequence[str],
               blockers: Sequence[Rule | Default]) -> InsertPosition | None:
    """The place before the one rule that stops, if its chain is one in which permits are kept.

    A chain that only drops (of fail2ban, say, or one that logs and drops) is not; Docker's own for the
    administrator always is.
    """
    by = blockers[0]
    if len(blockers) > 1 or isinstance(by, Default):
        return None
    for name, chain in firewall.lists.items():
        at = _index(chain.rules, by)
        if at is not None and name not in lists and _keeps_permits(name, chain):
            return InsertPosition(name, at)
    return None


def _keeps_permits(name: str, chain: Chain) -> bool:
    return "DOCKER-USER" in name or any(rule.action is Action.PERMIT for rule in chain.rules)


class _Search:
    """Tries permits in places, until a filter stops nothing any more."""

    def __init__(self, firewall: Firewall, judged: Judged, stage: Stage, permits: Sequence[Rule]) -> None:
        self._firewall, self._judged, self._stage, self._permits = firewall, judged, stage, permits
        segment = judged.segment
        self._rules = every_rule(firewall) if segment.arrival_chains else \
            relevant(firewall, [(segment.stages, segment.as_filtered)])[0]

    def last(self, chain: str) -> InsertPosition | str:
        """The last place of a chain that works: what is reached there is reached from every earlier one."""
        size = len(self._firewall.chains[chain].rules)
        if self.opens(InsertPosition(chain, size)):
            return InsertPosition(chain, size)
        if not self.opens(InsertPosition(chain, 0)):
            return Reason("no permit in {chain} reaches it", chain=chain.partition(' ')[0])
        first, end = 0, size
        while end - first > 1:
            middle = (first + end) // 2
            if self.opens(InsertPosition(chain, middle)):
                first = middle
            else:
                end = middle
        return InsertPosition(chain, first)

    def opens(self, place: InsertPosition) -> bool:
        """Whether the filter stops nothing of the packets with the permits in this place."""
        segment, old = self._judged.segment, self._firewall.chains[place.chain].rules
        kept = {id(rule) for rule in self._rules.get(place.chain, ())}
        before = [rule for rule in old[:place.at] if id(rule) in kept]
        after = [rule for rule in old[place.at:] if id(rule) in kept]
        rules = {**self._rules, place.chain: [*before, *self._permits, *after]}
        outcome, _ = segment.evaluate(rules, self._judged.context)
        return not any(part.stage == self._stage for part in outcome.denials)
