"""DCOM through address translation: the addresses that it carries inside its data stay as they were.

The endpoint mapper's answer and the object references name the server as it knows itself, so a client that
knows it by another address dials one that does not exist there (Microsoft KB154596). Translation of the
client's side does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aclproof.linter.engine.outcomes import Doubt, Outcome, Part
from aclproof.linter.engine.stages import ForwardedFlow
from aclproof.linter.proof.routed import Segment
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Context, ForListener, Opaque
from aclproof.parsers.model.effects import Translate
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.rules import Action, Default, Rule
from aclproof.parsers.model.services import ANY_SERVICE
from aclproof.parsers.model.ternary import Ternary, settle
from aclproof.reason import Reason

LISTENER = "rpc-server"
"""Of the requirements whose packets carry DCOM."""


def doubt(name: str) -> Opaque:
    """Return what is unresolved where the firewall `name` translates the address of an RPC server."""
    question = Reason("whether DCOM works through the translation at {name}: it names the server's own "
                      "address inside its data, where this line does not rewrite it", name=name)
    return Opaque(f"DCOM through NAT at {name}", question)


def refused(name: str, firewall: Firewall, line: int) -> Default:
    """Return what stops an RPC client where it is known that DCOM does not work through a line."""
    text = Reason("DCOM names the server's own address inside its data, which this line does not rewrite "
                  "('{fact}: no')", fact=doubt(name).key)
    return Default(Action.DENY, "dcom-translation", text, firewall.quote(line))


def doubt_dcom(at: tuple[str, Firewall], segment: Segment, ways: Sequence[ForwardedFlow], context: Context,
               outcome: Outcome) -> Outcome:
    """Leave open what would pass to an RPC server whose address the firewall `at` translates; or stop it."""
    translating = next(_destination_lines(segment, ways), None)
    if context.listener != LISTENER or translating is None or _inspected(outcome):
        return outcome
    unresolved = doubt(at[0])
    known = settle(unresolved, context)
    if known is Ternary.YES:
        return outcome
    passing = (*outcome.permitted, *outcome.undecided)
    if not passing:
        return outcome
    if known is Ternary.NO:
        part = Part(segment.stages[0], refused(*at, translating), passing)
        return replace(outcome, permitted=(), undecided=(), permits=(), doubts=(),
                       denied=(*outcome.denied, *passing), denials=(*outcome.denials, part))
    line = Rule(Action.CONTINUE, ANY, ANY, (ANY_SERVICE,), translating)
    left_open = Doubt(segment.stages[0], line, (unresolved,), tuple(outcome.permitted) or passing)
    return replace(outcome, permitted=(), undecided=passing, permits=(), doubts=(*outcome.doubts, left_open))


def _inspected(outcome: Outcome) -> bool:
    """Whether inspection lets all of it through: that rewrites what DCOM carries as well."""
    return bool(outcome.permits) and all(_inspects(part.by) for part in outcome.permits)


def _inspects(by: Rule | Default) -> bool:
    """Whether a rule permits what inspection lets through."""
    if isinstance(by, Default):
        return False
    return any(isinstance(condition, ForListener) and condition.sure for condition in by.conditions)


def _destination_lines(segment: Segment, ways: Sequence[ForwardedFlow]) -> Iterator[int]:
    """The lines that translate the destination: of the table first, then of the chains."""
    for match in segment.translations:
        rewriting = match.rewriting
        if match.by and rewriting and rewriting.end == "destination":
            yield match.by.line
    for way in ways:
        for rule in way.translations:
            if isinstance(rule.effect, Translate) and rule.effect.end == "destination":
                yield rule.line
