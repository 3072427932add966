"""Permits of one firewall, written and entered until none of them is missing there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.engine.algebra import minus
from aclproof.linter.fix import entering
from aclproof.linter.program import Analysis
from aclproof.linter.proof.needed_packets import with_free_axes
from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT, is_icmp
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames, merged
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


class Snippet(Struct, frozen=True):
    """A permit in the words of its vendor, in the order in which it has to be entered."""

    firewall: str
    vendor: str
    lines: tuple[str, ...]
    opens: tuple[Box, ...]
    requirements: tuple[str, ...]
    permits: int
    """How many new permits it holds."""
    advice: tuple[str, ...] = ()
    """What one should know besides."""
    opens_more: bool = False
    """Whether it opens more than is missing, because nothing narrower can be written; the advice says so."""


class Opened(Struct, frozen=True):
    """What was entered into one firewall, and what could not be."""

    entered: entering.Entered
    snippets: tuple[Snippet, ...]
    refused: tuple[tuple[tuple[str, ...], Reason], ...]
    """Requirements whose permits cannot be written, and why."""


_WHOLE = (ANY, ANY4, ANY6)

Wanted = dict[MissingPermit, list[str]]
"""Permits to be made, with the requirements that each is for."""


def add(missing: MissingPermit, requirement: str, wanted: Wanted) -> None:
    """Add a permit for a requirement; what others permit already in the same place is not written twice."""
    overlapping = [other for other in wanted if missing.box & other.box and _in_place_of(missing, other)]
    for other in overlapping:
        if requirement not in wanted[other]:
            wanted[other].append(requirement)
    for box in minus([missing.box], [other.box for other in overlapping]):
        wanted[_with_box(missing, box)] = [requirement]


def _in_place_of(missing: MissingPermit, other: MissingPermit) -> bool:
    """Whether two permits differ in their packets only."""
    return _with_box(missing, other.box) == other


def _with_box(missing: MissingPermit, box: Box) -> MissingPermit:
    return replace(missing, permit=replace(missing.permit, box=box))


def systems(found: Analysis) -> dict[str, tuple[str, ...]]:
    """By firewall: the systems that the site names for the hosts that it runs on."""
    values = found.work.settings.values
    named = [(setting.system_of, str(values[setting.id])) for setting in found.pack.settings
             if setting.system_of and setting.id in values]
    return {place.name: tuple(dict.fromkeys(system for role in place.host for of, system in named
                                            if of == role)) for place in found.site.firewalls}


def open_all(found: Analysis, place: str, entered: entering.Entered,
             wanted: Mapping[MissingPermit, Sequence[str]], needed: Iterable[tuple[str, Box]], *,
             overruling: bool = True) -> Opened:
    """Enter permits for one firewall; they may open what is `needed`, each box with its listener, no more.

    `overruling`: they stand before what stops their packets, and a note names each rule that was written to.
    """
    free = _needed(needed, entered.firewall)
    snippets: list[Snippet] = []
    refused: list[tuple[tuple[str, ...], Reason]] = []
    for part in found.pack.each:
        rest = [permit for permit, names in wanted.items() if found.pack.part_with(names[0]) is part]
        called = RuleNames(part.names_of_rules.title, part.names_of_rules.stem)
        while rest:
            steps = entering.best(entered, rest, free, called)
            if isinstance(steps, NotWritable):
                served = steps.permits
                refused.append((_names(served, wanted),
                                Reason("{name}: {reason}", name=place, reason=steps.reason)))
            else:
                served = tuple(permit for step in steps for permit in step.candidate.permits)
                entered = steps[-1].entered
                snippets += [_snippet(found, place, step.candidate, _names(step.candidate.permits, wanted),
                                      overruling=overruling) for step in steps]
            rest = [each for each in rest if each not in served]
    return Opened(entered, tuple(snippets), tuple(refused))


def _needed(boxes: Iterable[tuple[str, Box]], firewall: Firewall) -> entering.Needed:
    served: dict[str, list[Box]] = {}
    for listener, box in boxes:
        if listener and not is_icmp(box.protocol):
            served.setdefault(listener, []).append(replace(box, destination_ports=ANY_PORT))
    return entering.Needed(with_free_axes(dict.fromkeys(box for _, box in boxes), firewall),
                           {name: with_free_axes(some, firewall) for name, some in served.items()})


def _names(permits: Iterable[MissingPermit],
           wanted: Mapping[MissingPermit, Sequence[str]]) -> tuple[str, ...]:
    """Return the requirements that some permits are for."""
    return tuple(dict.fromkeys(name for permit in permits for name in wanted[permit]))


def _snippet(found: Analysis, place: str, candidate: Candidate, names: tuple[str, ...], *,
             overruling: bool) -> Snippet:
    opens = tuple(each.permit.box for each in merged(candidate.permits))
    proofs = [proof for name in names if overruling for proof in found.proofs[name] if proof.name == place]
    advice = tuple(dict.fromkeys((*candidate.advice, *_overruled(proofs, opens))))
    firewall = found.firewalls[place]
    lines = (*door(firewall.vendor).leads_to(firewall), *candidate.lines)
    return Snippet(place, firewall.vendor, lines, opens, names, candidate.count, advice,
                   bool(candidate.besides and candidate.advice))


def _overruled(proofs: Sequence[Proof], opens: Sequence[Box]) -> Iterator[Reason]:
    """Name the rules of one firewall that were written to stop some of what is opened."""
    for proof in proofs:
        if not isinstance(proof.finding, Judged):
            continue
        for part in proof.finding.outcome.denials:
            by = part.by
            if isinstance(by, Rule) and by.in_file and _is_narrow(by) and _meet(part.boxes, opens):
                yield Reason("this overrules {place}, which stops some of it: ask why that is there",
                             place=proof.firewall.quote(by.line))


def _is_narrow(rule: Rule) -> bool:
    """Whether it is for certain addresses or ports; one for all of a protocol ends a list, as in fw4."""
    return (rule.sources not in _WHOLE or rule.destinations not in _WHOLE
            or not any(each.source_ports == each.destination_ports == ANY_PORT for each in rule.services))


def _meet(some: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(one & other for one in some for other in others)
