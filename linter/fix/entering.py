"""The first candidates that open what is missing and nothing else, entered into their firewall."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from itertools import chain, tee

from msgspec import Struct
from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.prefilter import candidates as that_meet
from aclproof.linter.fix.side_effects import difference, unintended
from aclproof.parsers import source
from aclproof.parsers.model import plain_rules
from aclproof.parsers.model.addresses import spell
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.vendor import door
from aclproof.reason import Reason

_NAME = "<commands>"
"""What no file is called: of the lines that are entered."""
_MOST_TRIES = 4
"""Of what looks as if it would fit; each costs reading the whole configuration."""


class Entered(Struct, frozen=True):
    """A firewall with some lines entered: always into its files as they were given, as a user does it."""

    firewall: Firewall
    files: tuple[Source, ...]
    lines: tuple[str, ...] = ()
    off: Set[int] = frozenset()
    """Lines that are to go: they stay in their places, and their rules match nothing."""

    @classmethod
    def of(cls, firewall: Firewall, off: Set[int] = frozenset()) -> Entered:
        """Begin without any line, with lines of the firewall that are `off`."""
        return cls(switched(firewall, off, on=False), source.files_of(firewall.source), off=off)

    def with_lines(self, lines: Iterable[str]) -> Entered:
        """Enter more lines; UnsupportedInputError where the device would refuse one, or might."""
        whole = (*self.lines, *lines)
        script = source.from_bytes("".join(f"{line}\n" for line in whole).encode(), _NAME)
        after, _ = parsers.enter(self.firewall.vendor, self.files, script, into_listing=True)
        return replace(self, firewall=switched(after, self.off, on=False), lines=whole)


def switched(firewall: Firewall, wanted: Collection[int], *, on: bool) -> Firewall:
    """Enable or disable the rules of some lines; these are numbered as in the files that were given."""
    if not wanted:
        return firewall
    given, chains = firewall.source.given, dict(firewall.chains)
    for name, whole in chains.items():
        found = {line for line in plain_rules.lines(whole.rules) if line and given(line) in wanted}
        if found:
            chains[name] = replace(whole, rules=plain_rules.switched(whole.rules, found, on=on))
    return replace(firewall, chains=chains)


class Step(Struct, frozen=True):
    """A candidate that was taken, and the firewall with it and all that were taken together with it."""

    candidate: Candidate
    """With the permits that it really opens."""
    entered: Entered


class Needed(Struct, frozen=True):
    """What may pass at a firewall, because the requirements need it."""

    boxes: Sequence[Box]
    served: Mapping[str, Sequence[Box]]
    """By listener: the same at whatever port, for it alone. The ports of one change, and are its own."""


def best(before: Entered, missing: Sequence[MissingPermit], needed: Needed,
         names: RuleNames) -> Sequence[Step] | NotWritable:
    """Take the first candidate that opens some of what is missing and nothing but what is needed.

    New permits are taken together with those after them where that is as exact: each entering costs reading
    the whole configuration.
    """
    refused = NotWritable(tuple(missing), Reason("nothing that could be entered opens it"))
    advice: list[tuple[MissingPermit, str]] = []
    tries = 0
    candidates, = tee(door(before.firewall.vendor).candidates(before.firewall, missing, names), 1)
    for candidate in candidates:
        if isinstance(candidate, NotWritable):
            return candidate
        if minus(candidate.passes, needed.boxes):
            continue
        tries += bool(candidate.passes)
        if tries > _MOST_TRIES and candidate.passes:
            continue
        together = list(_new_permits(chain([candidate], copy(candidates))))
        steps = _tried_together(before, together, needed) or _tried(before, candidate, needed)
        if not isinstance(steps, str):
            return [_advised(step, advice) for step in steps]
        if candidate.reuses:
            advice += [(permit, steps) for permit in candidate.permits if steps]
        else:
            refused = NotWritable(candidate.permits, steps)
    return refused


def _advised(step: Step, advice: Sequence[tuple[MissingPermit, str]]) -> Step:
    """Add what other candidates for its permits were refused for."""
    candidate = step.candidate
    said = dict.fromkeys(text for permit, text in advice if permit in candidate.permits)
    return replace(step, candidate=replace(candidate, advice=(*said, *candidate.advice)))


def _new_permits(candidates: Iterable[Candidate | NotWritable]) -> Iterator[Candidate]:
    """Yield the first candidates as long as none hangs on what becomes of another one."""
    served: set[MissingPermit] = set()
    for candidate in candidates:
        if isinstance(candidate, NotWritable) or candidate.reuses or candidate.same_as:
            return
        if not served.isdisjoint(candidate.permits):
            return
        served.update(candidate.permits)
        yield candidate


def _tried_together(before: Entered, candidates: Sequence[Candidate], needed: Needed) -> list[Step]:
    """Enter several candidates; none where they do more than what is needed, or cannot be entered."""
    lines = [line for candidate in candidates for line in candidate.lines]
    if len(candidates) < 2 or not all(line.isprintable() for line in lines):
        return []
    try:
        after = before.with_lines(lines)
    except UnsupportedInputError:
        return []
    fine = [*needed.boxes, *(box for candidate in candidates for box in candidate.besides)]
    if unintended(before.firewall, after.firewall, fine, needed.served):
        return []
    return [Step(candidate, after) for candidate in candidates]


def _tried(before: Entered, candidate: Candidate, needed: Needed) -> list[Step] | str:
    """Enter a candidate; or say what is wrong with it."""
    if not all(line.isprintable() for line in candidate.lines):
        return Reason("a name in its rules cannot be written on a line")
    try:
        after = before.with_lines(candidate.lines)
        other = before.with_lines([candidate.same_as]) if candidate.same_as else after
    except UnsupportedInputError as error:
        return str(error)
    if candidate.reuses:
        opened = tuple(each for each in candidate.permits if _opens(after.firewall, candidate, each))
        if not opened or (candidate.binds and opened != candidate.permits):
            return ""
        candidate = replace(candidate, permits=opened)
    fine = [*needed.boxes, *candidate.besides]
    wrong = unintended(before.firewall, after.firewall, fine, needed.served)
    wrong = wrong or unintended(after.firewall, other.firewall, ())
    if not wrong:
        return [Step(candidate, after)]
    return _told(before.firewall, after.firewall, candidate, needed.boxes, wrong[0])


def _opens(firewall: Firewall, candidate: Candidate, permit: MissingPermit) -> bool:
    """Whether a list lets all packets of a permit pass."""
    stages = parsers.through(firewall, candidate.binds or permit.chain)
    if permit.profile:  # the filter has one chain that rules are in
        stages = tuple(replace(each, chains=(permit.chain,),
                               place=replace(each.place, profile=permit.profile.capitalize()))
                       for each in stages)
    rules = {each: that_meet(chain.rules, [permit.box])[0] for each, chain in firewall.chains.items()}
    outcome = evaluate(stages, rules, permit.box, Context(listener=permit.listener))
    return not (outcome.denied or outcome.undecided)


def _told(before: Firewall, after: Firewall, candidate: Candidate, needed: Sequence[Box], wrong: Box) -> str:
    """Say what a candidate does besides: in the vendor's words, or by a packet."""
    if candidate.refused is None:
        ends = " -> ".join(spell(wrong.family, each.ranges[:1])[0]
                           for each in (wrong.sources, wrong.destinations))
        return Reason("what opens it changes what becomes of other packets, such as {ends}", ends=ends)
    found = difference(before, after)
    if not minus(found.gained, needed):
        return candidate.refused.loses
    return candidate.refused.gains_and_loses if found.lost else candidate.refused.gains
