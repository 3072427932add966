"""Rules that almost permit missing packets, which explains the mistake better than the blocking line does.

One pass over each list for all that is missing at a firewall; nothing here decides a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from msgspec import Struct, field
from msgspec.structs import replace

from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.prefilter import FirstCandidates
from aclproof.linter.proof.near.comparison import by_slip, compare, decided_before, specific
from aclproof.linter.proof.near.others import differs
from aclproof.linter.proof.near.records import Blocked, Call, Near, Needed, Rank, Ranked, RuleList
from aclproof.linter.proof.near.slips import Slip, of_all, of_part
from aclproof.linter.proof.near.translated import Rewrites, compared_after, rewrites
from aclproof.linter.result import NearKind
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.plain_rules import looked_at, special
from aclproof.parsers.model.rules import Action, Rule, Stage

_MOST = 3
_OTHERS = ("other-network", "other-port")
_MOST_OTHERS = 2
"""So many rules for other networks, or for other ports, are told of one finding."""
_MOST_SHARED = 12
"""So many rules for the same but one thing are kept for all lines that stop packets of a demand."""
_MOST_RULES = 200
"""So many rules of one list are compared for one slip; beyond that no rule is informative."""
_RANK: Mapping[NearKind, int] = {
    "disabled": 0, "expired": 0, "overruled": 1, "below": 1, "translated": 1, "other-profile": 1,
    "other-interface": 1, "partly": 2, "other-port": 2, "other-source-port": 2,
    "other-network": 3, "elsewhere": 3, "unbound": 3,
    "other-protocol": 4, "source-side": 5, "reversed": 6}
_UNSPECIFIC = 10


class _Calls(Struct):
    """What sends packets from list to list, and what stops them on such ways."""

    of: dict[str, list[Call]] = field(default_factory=dict)
    """By the list to which they are sent."""
    stops: dict[int, Mapping[str, int]] = field(default_factory=dict)
    """As RuleList has it."""


class _Demanded(Struct):
    """Packets of one demand that are needed, and the lines that stop some of them."""

    needed: Needed
    stages: Mapping[str, Stage]
    """By the name of a list the first filter that evaluates it, called ones included."""
    parts: list[int] = field(default_factory=list)
    """The numbers of what is blocked."""
    shared: list[Ranked] = field(default_factory=list)

    def at(self, name: str, order: Mapping[int, int], calls: _Calls) -> RuleList:
        """Return a list as these packets meet it; facts decide nothing here."""
        stage = self.stages.get(name)
        context = replace(self.needed.context, facts={})
        if stage is None:
            return RuleList(name, None, context)
        called = () if name in stage.chains else calls.of.get(name, ())
        return RuleList(name, stage, replace(context, place=stage.place), order, called, calls.stops)


class _Question(Struct, frozen=True):
    """A slip, of all needed packets or of those that one line stops."""

    demanded: _Demanded
    slip: Slip
    part: int | None = None


def near_misses(firewall: Firewall, blocked: Sequence[Blocked]) -> list[tuple[Near, ...]]:
    """For each of `blocked` the few rules that come nearest, those that explain the mistake best first."""
    if not blocked:
        return []
    stopping = {id(each.by) for each in blocked}
    demands, lines, calls = _demanded(firewall, blocked), rewrites(firewall), _calls(firewall, stopping)
    questions = list(_questions(blocked, demands, lines))
    numbers: dict[Box, int] = {}
    asked = [numbers.setdefault(question.slip.box, len(numbers)) for question in questions]
    compared = FirstCandidates(list(numbers), _MOST_RULES)
    found: list[list[Ranked]] = [[] for _ in blocked]
    for name, chain in firewall.lists.items():
        candidates = compared.of(chain.rules, _permits)
        if not candidates:
            continue
        compared_with = stopping.union(id(rule) for rules in candidates.values() for rule in rules)
        order = {id(rule): number for number, rule in looked_at(chain.rules) if id(rule) in compared_with}
        places = {id(each): each.at(name, order, calls) for each in demands}
        for question, number in zip(questions, asked, strict=True):
            rules = candidates.get(number)
            if rules:
                _answer(firewall, blocked, question, rules, places[id(question.demanded)], lines, found)
    for each in demands:
        shared = sorted(each.shared, key=_order)[:_MOST_SHARED]
        for part in each.parts:
            by, box = blocked[part].by, each.needed.box
            found[part] += [one for one in shared if not decided_before(by, one[1].rule, box)]
    return [_best(ranked) for ranked in found]


def _permits(rule: Rule) -> bool:
    return rule.action is Action.PERMIT and rule.effect is None


def _calls(firewall: Firewall, stopping: Set[int]) -> _Calls:
    found = _Calls()
    for name, chain in firewall.chains.items():
        calling = {id(rule) for rule in special(chain.rules) if rule.target and rule.in_file}
        for number, rule in looked_at(chain.rules):
            if id(rule) in calling:
                found.of.setdefault(rule.target, []).append(Call(rule.line, name, number))
            elif id(rule) in stopping:
                found.stops[id(rule)] = {name: number}
    for stop, places in found.stops.items():
        found.stops[stop] = _with_calling_lists(places, found.of)
    return found


def _with_calling_lists(places: Mapping[str, int], calls: Mapping[str, Sequence[Call]]) -> Mapping[str, int]:
    """Add the lists by which packets come to such places: a line stands where its list was called last."""
    found, names = dict(places), list(places)
    for name in names:
        for call in calls.get(name, ()):
            if call.list not in found:
                names.append(call.list)
            found[call.list] = max(call.number, found.get(call.list, -1))
    return found


def _demanded(firewall: Firewall, blocked: Sequence[Blocked]) -> list[_Demanded]:
    """Bring together what is blocked of the same packets; many of these pass the same stages."""
    rules = {name: chain.rules for name, chain in firewall.chains.items()}
    of_stages: dict[int, Mapping[str, Stage]] = {}
    demands: dict[int, _Demanded] = {}
    for number, each in enumerate(blocked):
        needed = each.needed
        if id(needed.stages) not in of_stages:
            of_stages[id(needed.stages)] = {name: stage for stage in reversed(needed.stages)
                                            for name in callees_first(rules, stage.chains)}
        stages = of_stages[id(needed.stages)]
        demands.setdefault(id(needed), _Demanded(needed, stages)).parts.append(number)
    return list(demands.values())


def _questions(blocked: Sequence[Blocked], demands: Sequence[_Demanded],
               lines: Rewrites) -> Iterator[_Question]:
    for each in demands:
        yield _Question(each, Slip(None, each.needed.box))
        yield from (_Question(each, slip) for slip in of_all(each.needed, lines) if _some(slip.box))
        for part in each.parts:
            yield from (_Question(each, slip, part) for slip in of_part(blocked[part]))


def _some(box: Box) -> bool:
    return all((box.sources, box.destinations, box.source_ports, box.destination_ports))


def _answer(firewall: Firewall, blocked: Sequence[Blocked], question: _Question, rules: Sequence[Rule],
            place: RuleList, lines: Rewrites, found: Sequence[list[Ranked]]) -> None:
    """Add the rules of one list that come near, for one slip."""
    demanded, slip = question.demanded, question.slip
    if question.part is not None:
        part = blocked[question.part]
        found[question.part].extend(_ranked((by_slip(part, slip, rule, place) for rule in rules), part.box))
    elif slip.kind is None:
        for number in demanded.parts:
            part = blocked[number]
            near = (_compare(firewall, part, rule, place, lines) for rule in rules)
            found[number].extend(_ranked(near, demanded.needed.box))
    else:
        near_ones = (differs(firewall, demanded.needed, slip, rule, place, lines) for rule in rules)
        demanded.shared += [each for each in near_ones if each]


def _compare(firewall: Firewall, part: Blocked, rule: Rule, place: RuleList,
             lines: Rewrites) -> Near | None:
    """Compare a rule with packets that are stopped; what it stands above comes to its list translated."""
    near = compare(firewall, part, rule, place)
    if near and near.kind == "below" and place.order[id(rule)] < place.order.get(id(part.by), -1):
        return compared_after(firewall, part.box, lines, rule)
    return near


def _ranked(found: Iterable[Near | None], box: Box) -> Iterator[Ranked]:
    for near in found:
        if near:
            slipped = near.kind in ("reversed", "other-protocol", "source-side")  # these are specific
            unspecific = 0 if slipped or specific(near.rule, box) else _UNSPECIFIC
            yield Rank(_RANK[near.kind] + unspecific), near


def _order(ranked: Ranked) -> tuple[Rank, int]:
    return ranked[0], ranked[1].rule.line


def _best(found: Iterable[Ranked]) -> tuple[Near, ...]:
    once: dict[int, Ranked] = {}
    for rank, near in found:
        known = once.get(near.rule.line)
        if known is None or rank < known[0]:
            once[near.rule.line] = (rank, near)
    ranked = sorted(once.values(), key=_order)
    same_ends = bool(ranked) and ranked[0][0].kind < _RANK["other-network"]
    best: list[Near] = []
    for _, near in ranked:
        alike = sum(each.kind == near.kind for each in best)
        told_enough = alike >= _MOST_OTHERS or (same_ends and near.kind == "other-network")
        if near.kind not in _OTHERS or not told_enough:
            best.append(near)
        if len(best) == _MOST:
            break
    return tuple(best)
