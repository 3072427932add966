"""What one rule means: its statements are carried out in order, until a test fails or a verdict is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from aclproof.parsers.model.addresses import NOWHERE, AddressSet
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import ChangeHopLimit, Divert, Effect, TrackIn, Untrack, Whose
from aclproof.parsers.model.packet_conditions import HasConnection
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE, Service
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.nftables.meaning import marks, matches, translations, values
from aclproof.parsers.nftables.meaning.packets import DoubtError, Parts, both, distinct, on, opaque, text_of
from aclproof.parsers.nftables.meaning.scope import ALL_OTHERS, Scope
from aclproof.parsers.nftables.ruleset import UNKNOWN, NftRule, Tree
from aclproof.reason import Reason

_ANY_SERVICES = (ANY_SERVICE,)
_VERDICTS: Mapping[str, Action] = {"accept": Action.PERMIT, "drop": Action.DENY, "reject": Action.DENY,
                                   "return": Action.RETURN, "continue": Action.CONTINUE}
_CALLS: Mapping[str, Action] = {"jump": Action.JUMP, "goto": Action.GOTO}
_HARMLESS = frozenset({"counter", "log", "comment", "last", "dup", "flow", "ct helper", "ct timeout",
                       "ct expectation", "secmark", "reset"})
"""Statements that change nothing that a later one asks."""
_UNDECIDED = frozenset({"limit", "quota", "ct count", "connlimit"})
"""Tests of the traffic so far."""
_ASIDE = frozenset({"tproxy", "synproxy", "fwd"})
"""Statements that take packets from their way."""


class Sets:
    """Equal sets are kept once, so that the engine meets each only once."""

    def __init__(self) -> None:
        self._addresses: dict[AddressSet, AddressSet] = {}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {}

    def kept(self, rule: Rule) -> Rule:
        """Return the rule with sets that are kept."""
        return rule._replace(sources=self._addresses.setdefault(rule.sources, rule.sources),
                             destinations=self._addresses.setdefault(rule.destinations, rule.destinations),
                             services=self._services.setdefault(rule.services, rule.services))


class RuleReader:
    """Reads the rules of one table."""

    def __init__(self, scope: Scope, first: int, chain_name: Callable[[str], str], sets: Sets) -> None:
        self._scope, self._first, self._chain_name, self._sets = scope, first, chain_name, sets

    def rules(self, rule: NftRule) -> tuple[list[Rule], str]:
        """Return what a rule means, and what of it stays open, for people."""
        reading = _Reading(rule, self._scope, self._first + rule.line, self._chain_name)
        found = [self._sets.kept(each) for each in reading.rules()]
        return found, "; ".join(dict.fromkeys(reading.open))


class _Reading:
    """One rule while its statements are carried out."""

    def __init__(self, rule: NftRule, scope: Scope, line: int, chain_name: Callable[[str], str]) -> None:
        self._rule, self._scope, self._line, self._chain_name = rule, scope, line, chain_name
        self._parts: Parts = matches.everything(scope)
        self._done = False
        """Whether a verdict was given to all that comes so far."""
        self._said = False
        """Whether there is a rule for all that comes so far, which goes on."""
        self.open: list[str] = []

    def rules(self) -> Iterator[Rule]:
        """Yield its rules in the model; one that matches nothing where no packet comes to its end."""
        any_rule = False
        for statement in self._rule.statements:
            for rule in self._carried_out(statement):
                any_rule = True
                yield rule
            if self._done:
                break
        if not self._done and not self._said:
            for rule in self._with(Action.CONTINUE):
                any_rule = True
                yield rule
        if not any_rule:  # it is there, and can match nothing
            yield Rule(Action.CONTINUE, NOWHERE, NOWHERE, _ANY_SERVICES, self._line)

    def _carried_out(self, statement: Tree) -> Iterator[Rule]:
        kind, body = statement_of(statement)
        if kind in _HARMLESS or _is_comment(kind, body):
            return iter(())
        read = self._READERS.get(kind)
        return read(self, kind, body) if read else \
            self._unknown(text_of(statement) if kind != UNKNOWN else str(body))

    # Tests

    def _test(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._said = False
        try:
            self._parts = both(self._parts, _matched(body, self._scope))
        except DoubtError as doubt:
            self._doubt({kind: body}, doubt)
        return iter(())

    def _undecided(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A test of the traffic so far."""
        self._doubt({kind: body})
        return iter(())

    def _doubt(self, statement: Tree, doubt: DoubtError | None = None) -> None:
        self._said = False
        condition = opaque(text_of(statement), doubt)
        self.open.append(condition.because)
        within = doubt.within if doubt else matches.everything(self._scope)
        self._parts = on(both(self._parts, within), condition)

    def _unknown(self, text: str) -> Iterator[Rule]:
        """What is not understood may do anything to the packets that come to it."""
        reason = Reason("'{text}' is not understood", text=text)
        self.open.append(reason)
        self._done = True
        doubt = Opaque("", Reason("what the line means: {reason}", reason=reason))
        for action in (Action.PERMIT, Action.DENY):
            yield from self._with(action, conditions=(doubt,))

    # Verdicts

    def _with(self, action: Action, effect: Effect | None = None, target: str = "",
              conditions: tuple[Condition, ...] = (), parts: Parts | None = None) -> Iterator[Rule]:
        self._said = action is Action.CONTINUE
        for part in distinct(self._parts if parts is None else parts):
            yield Rule(action, part.sources, part.destinations, part.services, self._line,
                       (*part.conditions, *conditions), True, target, effect)

    def _decided(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A verdict for all that comes so far."""
        self._done = kind != "continue"
        return self._verdict(kind, body)

    def _verdict(self, kind: str, body: Tree, parts: Parts | None = None) -> Iterator[Rule]:
        if kind in _VERDICTS:
            yield from self._with(_VERDICTS[kind], parts=parts)
            return
        name = body.get("target") if isinstance(body, dict) else None
        if isinstance(name, str) and name in self._scope.table.chains:
            yield from self._with(_CALLS[kind], target=self._chain_name(name), parts=parts)
            return
        reason = Reason("what the chain {name} does, which the input does not show", name=name) \
            if isinstance(name, str) and "{" not in name else Reason("what the chain without a name does")
        self.open.append(reason)
        for action in (Action.PERMIT, Action.DENY):
            yield from self._with(action, conditions=(Opaque("", reason),), parts=parts)

    def _verdict_map(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A rule for each verdict; what has no element goes on after the rule."""
        try:
            found = self._looked_up(body, lambda verdict: statement_of(verdict)[0] in ("jump", "continue"))
        except DoubtError as doubt:
            condition = opaque(text_of({kind: body}), doubt)
            self.open.append(condition.because)
            self._done = True
            for action in (Action.PERMIT, Action.DENY):
                yield from self._with(action, conditions=(condition,))
            return
        kept: list[Parts] = []
        for verdict, parts in found:
            word, called = statement_of(verdict)
            if word == "continue":
                kept.append(parts)
            else:
                yield from self._verdict(word, called, parts)
        self._parts = [part for parts in kept for part in parts]
        self._done = not kept

    def _looked_up(self, body: Tree, stays: Callable[[Tree], bool] = lambda value: True
                   ) -> list[tuple[Tree, Parts]]:
        """What a map gives, each with the packets that get it; DoubtError where that cannot be told.

        What is for all others comes last, so it need not leave out what does not stay until then.
        """
        assert isinstance(body, dict)
        field = matches.field_of(body["key"], self._scope)
        pairs = translations.pairs(body["data"], self._scope)
        found = [(value, both(self._parts, matches.among(field, keys)))
                 for value, keys in _by_value(pairs) if ALL_OTHERS not in keys]
        others = [value for key, value in pairs if key == ALL_OTHERS]
        staying = [key for key, value in pairs if key != ALL_OTHERS and stays(value)]
        return found + [(value, both(self._parts, matches.outside(field, staying))) for value in others]

    # Effects

    def _translation(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._done = True
        for parts, effect in translations.translated(kind, body, self._scope):
            yield from self._with(Action.PERMIT, effect, parts=both(self._parts, parts))

    def _mangled(self, kind: str, body: Tree) -> Iterator[Rule]:
        match body:
            case {"key": {"meta": {"key": "mark"}}, "value": value}:
                yield from self._marked("packet", value)
            case {"key": {"ct": {"key": "mark"}}, "value": value}:
                yield from self._marked("connection", value)
            case {"key": {"ct": {"key": "zone", **way}}, "value": value}:
                yield from self._with(Action.CONTINUE, _zone(str(way.get("dir", "")), value))
            case {"key": {"payload": {"field": "ttl" | "hoplimit"}}, "value": value}:
                yield from self._with(Action.CONTINUE, ChangeHopLimit("set", value)
                                      if isinstance(value, int) else ChangeHopLimit("decrease", 255))
            case {"key": {"payload": {"field": "saddr" | "daddr" | "sport" | "dport" | "protocol" | "nexthdr"}
                          | {"base": _}}}:
                self._done = True
                yield from self._with(Action.PERMIT, Divert(Reason("what the rewritten header does to them")))
            case _:  # a priority, a label, a size: nothing that a test here is decided by
                return

    def _marked(self, whose: Whose, value: Tree) -> Iterator[Rule]:
        if marks.of_connection(value):  # without one the rule ends here
            self._parts = on(self._parts, HasConnection())
        match value:
            case {"map": body}:
                yield from self._marked_by_map(whose, body)
            case _:
                for effect in marks.effects(whose, value):
                    yield from self._with(Action.CONTINUE, effect)

    def _marked_by_map(self, whose: Whose, body: Tree) -> Iterator[Rule]:
        """What has no element leaves the rule."""
        try:
            found = self._looked_up(body)
        except DoubtError as doubt:
            yield from self._with(Action.CONTINUE, marks.unknown(whose))
            self._doubt({"map": body}, doubt)
            return
        for value, parts in found:
            for effect in marks.effects(whose, value):
                yield from self._with(Action.CONTINUE, effect, parts=parts)
        self._parts = [part for _, parts in found for part in parts]

    def _untracked(self, kind: str, body: Tree) -> Iterator[Rule]:
        """What has a connection already keeps it (nft_ct.c)."""
        return self._with(Action.CONTINUE, Untrack(), conditions=(HasConnection(negated=True),))

    def _updated(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A set that packets change may be full, and may hold tests of its own."""
        yield from self._with(Action.CONTINUE)
        self._doubt({kind: body})

    def _taken_aside(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._done = True
        return self._with(Action.PERMIT, Divert(Reason("what {statement} makes of them",
                                                       statement=text_of({kind: body}))))

    def _queued(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._done = True
        doubt = implicit.of_program(f"line {self._line}")
        self.open.append(doubt.because)
        yield from self._with(Action.DENY, conditions=(doubt,))
        yield from self._with(Action.PERMIT)

    _READERS: ClassVar[Mapping[str, Callable[[_Reading, str, Tree], Iterator[Rule]]]] = {
        "match": _test, "vmap": _verdict_map, "mangle": _mangled, "notrack": _untracked, "queue": _queued,
        **dict.fromkeys((*_VERDICTS, *_CALLS), _decided), **dict.fromkeys(translations.ENDS, _translation),
        **dict.fromkeys(_ASIDE, _taken_aside), **dict.fromkeys(_UNDECIDED, _undecided),
        **dict.fromkeys(("set", "map", "meter"), _updated)}


def statement_of(statement: Tree) -> tuple[str, Tree]:
    """Return the word and the rest of a statement; some versions write one of one word as that word."""
    match statement:
        case str(word):
            return word, None
        case Mapping() if len(statement) == 1:
            return next(iter(statement.items()))
        case _:
            return UNKNOWN, text_of(statement)


def _is_comment(kind: str, body: Tree) -> bool:
    """Whether it is iptables' match of comments, which asks nothing."""
    return kind == "xt" and isinstance(body, dict) and body.get("name") == "comment"


def _matched(body: Tree, scope: Scope) -> Parts:
    match body:
        case {"op": str(op), "left": left, "right": right}:
            return matches.matched(op, left, right, scope)
        case _:
            raise values.not_known(body)


def _by_value(pairs: Sequence[tuple[Tree, Tree]]) -> list[tuple[Tree, list[Tree]]]:
    """The keys of each value, in order; the one that stands for all others by itself."""
    found: dict[str, tuple[Tree, list[Tree]]] = {}
    for key, verdict in pairs:
        name = f"{key == ALL_OTHERS} {verdict!r}"
        found.setdefault(name, (verdict, []))[1].append(key)
    return list(found.values())


def _zone(way: str, value: Tree) -> TrackIn:
    zone = value if isinstance(value, int) else None
    return TrackIn(zone if way != "reply" else 0, zone if way != "original" else 0)
