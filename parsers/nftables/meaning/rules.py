"""What one rule means: its statements are carried out in order, until a test fails or a verdict is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.effects import ChangeHopLimit, Divert, Effect, Untrack, Whose
from aclproof.parsers.model.packet_conditions import HasConnection
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.netfilter import implicit
from aclproof.parsers.nftables.meaning import (
    implied,
    maps,
    marks,
    matches,
    translated,
    translations,
    turns,
    unequal,
)
from aclproof.parsers.nftables.meaning.equal_sets import Sets
from aclproof.parsers.nftables.meaning.packets import DoubtError, Parts, both, distinct, on, text_of
from aclproof.parsers.nftables.meaning.scope import Scope
from aclproof.parsers.nftables.meaning.statements import (
    doubted,
    is_harmless,
    rewrites_header,
    statement_of,
    stays,
)
from aclproof.parsers.nftables.meaning.turns import Stretches
from aclproof.parsers.nftables.ruleset import UNKNOWN, NftRule, Tree
from aclproof.reason import Reason

_ANY_SERVICES = (ANY_SERVICE,)
_VERDICTS: Mapping[str, Action] = {"accept": Action.PERMIT, "drop": Action.DENY, "reject": Action.DENY,
                                   "return": Action.RETURN, "continue": Action.CONTINUE}
_CALLS: Mapping[str, Action] = {"jump": Action.JUMP, "goto": Action.GOTO}
_UNDECIDED = frozenset({"limit", "quota", "ct count", "connlimit"})
"""Tests of the traffic so far."""
_ASIDE = frozenset({"tproxy", "synproxy", "fwd"})
"""Statements that take packets from their way."""


class RuleReader:
    """Reads the rules of one table."""

    def __init__(self, scope: Scope, first: int, chain_name: Callable[[str], str], sets: Sets) -> None:
        self._scope, self._first, self._chain_name, self._sets = scope, first, chain_name, sets

    def rules(self, rule: NftRule, called: Callable[[int], str]) -> tuple[Stretches, str]:
        """Return what a rule means, and what of it stays open, for people.

        `called` names the chains that are to be of its own, from 1.
        """
        reading = _Reading(rule, self._scope, self._first + rule.line, self._chain_name, called)
        found = [[self._sets.kept(each) for each in stretch] for stretch in reading.rules()]
        return found, "; ".join(dict.fromkeys(reading.open))


class _Reading:
    """One rule while its statements are carried out."""

    def __init__(self, rule: NftRule, scope: Scope, line: int, chain_name: Callable[[str], str],
                 called: Callable[[int], str]) -> None:
        self._rule, self._scope, self._line, self._chain_name = rule, scope, line, chain_name
        self._called = called
        self._translated = scope.translated and translated.by_iptables(rule)
        self._stretches: list[list[Rule]] = [[]]
        self._at = 0
        """The stretch to which the next rules belong."""
        self._parts: Parts = matches.everything(scope)
        self._done = False
        """Whether a verdict was given to all that comes so far."""
        self._said = False
        """Whether there is a rule for all that comes so far, which goes on."""
        self.open: list[str] = []

    def rules(self) -> Stretches:
        """Return its rules in the model; one that matches nothing where no packet comes to its end."""
        statements = list(unequal.together(self._rule.statements))
        harmless = list(map(is_harmless, statements))
        acting = max((at for at, each in enumerate(harmless) if not each), default=-1)
        for at, statement in enumerate(statements):
            if at < acting or not harmless[at]:
                self._asked_by(*statement_of(statement))
            for rule in () if harmless[at] else self._carried_out(statement):
                self._stretches[self._at].append(rule)
            if self._done:
                break
        if not self._done and not self._said:
            self._stretches[self._at] += self._with(Action.CONTINUE)
        if not any(self._stretches):  # it is there, and can match nothing
            self._stretches[0].append(Rule(Action.CONTINUE, NOWHERE, NOWHERE, _ANY_SERVICES, self._line))
        return self._stretches

    def _apart(self, *rules: Rule) -> str:
        """Begin a chain of its own, and return its name."""
        self._stretches.append([*rules])
        return self._called(len(self._stretches) - 1)

    def _carried_out(self, statement: Tree) -> Iterator[Rule]:
        kind, body = statement_of(statement)
        read = self._READERS.get(kind)
        return read(self, kind, body) if read else \
            self._unknown(text_of(statement) if kind != UNKNOWN else str(body))

    def _asked_by(self, kind: str, body: Tree) -> None:
        for each in implied.asked(kind, body):
            try:
                self._parts, self._said = implied.having(each, self._parts, self._scope), False
            except DoubtError as doubt:
                self._doubt({kind: body}, implied.unsure(doubt, {kind: body}))

    def _test(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._said = False
        try:
            if self._translated:
                translated.check(body, self._rule)
            self._parts = both(self._parts, matches.matched(body, self._scope)) if kind == "match" else \
                unequal.matched(body, self._parts, lambda test: matches.matched(test, self._scope))
        except DoubtError as doubt:
            self._doubt({kind: body}, doubt)
        return iter(())

    def _undecided(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A test of the traffic so far."""
        self._doubt({kind: body})
        return iter(())

    def _doubt(self, statement: Tree, doubt: DoubtError | None = None) -> None:
        self._said, condition = False, doubted(statement, self._scope.table.objects, doubt)
        self.open.append(condition.because)
        within = doubt.within if doubt else matches.everything(self._scope)
        self._parts = on(both(self._parts, within), condition)

    def _unknown(self, text: str) -> Iterator[Rule]:
        """What is not understood may do anything to the packets that come to it."""
        reason = self._rule.instead or Reason("'{text}' is not understood", text=text)
        self.open.append(reason)
        self._done = True
        doubt = Opaque("", Reason("what the line means: {reason}", reason=reason))
        yield from self._anything(on(self._parts, doubt))

    def _anything(self, parts: Parts) -> Iterator[Rule]:
        """What may end in any way: where a table changes packets, it may change these."""
        changed = Divert(Reason("what this line makes of them")) if self._scope.changes_packets else None
        yield from self._with(Action.PERMIT, changed, parts=parts)
        yield from self._with(Action.DENY, parts=parts)

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
        return self._verdict(kind, body, self._parts, again=turns.may_come_again(self._parts))

    def _verdict(self, kind: str, body: Tree, parts: Parts, *, again: bool) -> Iterator[Rule]:
        """Give a verdict; with `again`, what a jump sends back could meet another alternative of the rule."""
        if kind in _VERDICTS:
            yield from self._with(_VERDICTS[kind], parts=parts)
            return
        name = body.get("target") if isinstance(body, dict) else None
        if isinstance(name, str) and name in self._scope.table.chains:
            yield from self._called_chain(_CALLS[kind], self._chain_name(name), parts, again=again)
            return
        reason = Reason("what the chain {name} does, which the input does not show", name=name) \
            if isinstance(name, str) and "{" not in name else Reason("what the chain without a name does")
        self.open.append(reason)
        yield from self._anything(on(parts, Opaque("", reason)))

    def _called_chain(self, action: Action, name: str, parts: Parts, *, again: bool) -> Iterator[Rule]:
        if action is Action.JUMP and again:
            everything = matches.everything(self._scope)
            action, name = Action.GOTO, self._apart(*self._with(action, target=name, parts=everything))
        return self._with(action, target=name, parts=parts)

    def _verdict_map(self, kind: str, body: Tree) -> Iterator[Rule]:
        """A rule for each verdict; what has no element leaves the rule, what had one meets no later one."""
        try:
            apart = maps.may_overlap(body, self._scope)
            found = maps.looked_up(body, self._parts, self._scope, maps.stays_never if apart else stays)
        except DoubtError as doubt:
            yield from self._any_verdict({kind: body}, doubt, maps.values(body, self._scope))
            return
        again = apart or turns.may_come_again([part for _, parts in found for part in parts])
        kept = [part for verdict, parts in found for part in parts if statement_of(verdict)[0] == "continue"]
        further, at = self._apart() if apart and kept else "", len(self._stretches) - 1
        for verdict, parts in found:
            word, called = statement_of(verdict)
            if word != "continue":
                yield from self._verdict(word, called, parts, again=again)
            elif further:
                yield from self._with(Action.GOTO, target=further, parts=parts)
        self._parts, self._done = kept, not kept
        if further:
            self._at, self._parts = at, matches.everything(self._scope)

    def _any_verdict(self, statement: Tree, doubt: DoubtError, verdicts: Sequence[Tree]) -> Iterator[Rule]:
        """A map of which nobody can tell what it gives; without `verdicts` they are not known either."""
        text = text_of(statement)
        because = doubt.because or Reason("which verdict '{statement}' gives", statement=text)
        self.open.append(because)
        key = f"test {text}" if len(verdicts) == 1 else ""  # which of several it is, no yes or no says
        self._parts = on(both(self._parts, doubt.within), Opaque(key, because, doubt.usual, doubt.find_out))
        words = [statement_of(each) for each in verdicts]
        self._done = ("continue", None) not in words
        if not words:
            yield from self._anything(self._parts)
        for word, called in words:
            if word != "continue":
                yield from self._verdict(word, called, self._parts, again=False)

    # Effects

    def _translation(self, kind: str, body: Tree) -> Iterator[Rule]:
        self._done = True
        for parts, effect in translations.translated(kind, body, self._scope):
            yield from self._with(Action.PERMIT, effect, parts=both(self._parts, parts))

    def _changed(self, found: Sequence[tuple[Parts, Sequence[Effect]]]) -> Iterator[Rule]:
        """Change something of some packets each; all of them go on, and no others."""
        self._parts = [part for parts, _ in found for part in parts]
        if not any(turns.changes_its_tests(self._parts, each) for _, effects in found for each in effects):
            for parts, effects in reversed(found):  # of those that overlap the first one counts
                for effect in effects:
                    yield from self._with(Action.CONTINUE, effect, parts=parts)
            return
        name = self._apart()
        for parts, effects in found:
            yield from self._with(Action.GOTO, effects[0], name, parts=parts)
        self._at, self._parts = len(self._stretches) - 1, matches.everything(self._scope)
        for effect in found[0][1][1:]:
            yield from self._with(Action.CONTINUE, effect)

    def _mangled(self, kind: str, body: Tree) -> Iterator[Rule]:
        match body:
            case {"key": {"meta": {"key": "mark"}}, "value": value}:
                yield from self._marked("packet", value)
            case {"key": {"ct": {"key": "mark"}}, "value": value}:
                yield from self._marked("connection", value)
            case {"key": {"ct": {"key": "zone", **way}}, "value": value}:
                yield from self._changed([(self._parts, [marks.zone(str(way.get("dir", "")), value)])])
            case {"key": {"payload": {"field": "ttl" | "hoplimit"}}, "value": value}:
                left = ChangeHopLimit("set", value) if isinstance(value, int) \
                    else ChangeHopLimit("decrease", 255)
                yield from self._changed([(self._parts, [left])])
            case _ if rewrites_header(body):
                self._done = True
                yield from self._with(Action.PERMIT, Divert(
                    Reason("what the rewritten header does to them"), goes_on=True))
            case _:  # a priority, a label, a size: nothing that a test here is decided by
                return

    def _marked(self, whose: Whose, value: Tree) -> Iterator[Rule]:
        match value:
            case {"map": body}:
                yield from self._marked_by_map(whose, body)
            case _ if self._translated and translated.blurs(whose, value):
                yield from self._changed([(self._parts, [marks.unknown(whose)])])
            case _:
                yield from self._changed([(self._parts, list(marks.effects(whose, value)))])

    def _marked_by_map(self, whose: Whose, body: Tree) -> Iterator[Rule]:
        """What has no element leaves the rule."""
        try:
            found = maps.looked_up(body, self._parts, self._scope)
        except DoubtError as doubt:
            yield from self._changed([(self._parts, [marks.unknown(whose)])])
            self._doubt({"map": body}, doubt)
            return
        yield from self._changed([(parts, list(marks.effects(whose, value))) for value, parts in found])

    def _untracked(self, kind: str, body: Tree) -> Iterator[Rule]:
        """What has a connection already keeps it (nft_ct.c)."""
        before, untrack = self._parts, Untrack()
        without = on(before, HasConnection(negated=True))
        if not turns.changes_its_tests(before, untrack):
            yield from self._with(Action.CONTINUE, untrack, parts=without)
            return
        name = self._apart()
        yield from self._with(Action.GOTO, untrack, name, parts=without)
        yield from self._with(Action.GOTO, target=name, parts=before)
        self._at, self._parts = len(self._stretches) - 1, matches.everything(self._scope)

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
        "match": _test, unequal.AT_ONCE: _test, "vmap": _verdict_map, "mangle": _mangled,
        "notrack": _untracked, "queue": _queued,
        **dict.fromkeys((*_VERDICTS, *_CALLS), _decided), **dict.fromkeys(translations.ENDS, _translation),
        **dict.fromkeys(_ASIDE, _taken_aside), **dict.fromkeys(_UNDECIDED, _undecided),
        **dict.fromkeys(("set", "map", "meter"), _updated)}
