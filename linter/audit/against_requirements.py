"""Checks that hold the lines of a firewall against what the site's requirements send through it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from aclproof import parsers
from aclproof.linter import any_any
from aclproof.linter.audit.subject import Subject
from aclproof.linter.audit.surplus import observed, surpluses
from aclproof.linter.demands.demands import answer
from aclproof.linter.engine.algebra import minus
from aclproof.linter.engine.call_order import callees_first
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.engine.relevant import every_rule
from aclproof.linter.fix.entering import switched
from aclproof.linter.observation import Observation
from aclproof.linter.program import reanalyse
from aclproof.linter.proof.near.comparison import specific
from aclproof.linter.proof.records import Judged
from aclproof.linter.result import Verdict
from aclproof.linter.usage.usage import usage
from aclproof.linter.verdict.coverage import KeptBack, kept_back
from aclproof.parsers.model.addresses import ANY, Family
from aclproof.parsers.model.conditions import InProfile, OnInterface, ServedBy, TimeRange
from aclproof.parsers.model.firewall import Binding
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import TCP, UDP
from aclproof.reason import Reason, joined

_MOST_TRIES = 64
_MOST_RULES = 2_000_000
"""So many disabled rules of a firewall are tried, and so many rules looked at for it, once for each try."""
_OPENING = (TimeRange, OnInterface, InProfile, ServedBy)
"""Tests of rules that let first packets of connections pass."""


def surplus(subject: Subject) -> Iterator[Observation]:
    """Permits that open more than requirements need."""
    for each in surpluses(subject.name, subject.site):
        yield observed(subject.name, subject.firewall, each)


def any_any_policies(subject: Subject) -> Iterator[Observation]:
    """Policies by which a router lets all through that nothing stops: no rule takes the rest."""
    firewall = subject.firewall
    if subject.name not in {each.name for each in subject.site.site.firewalls if not each.host}:
        return
    every, found = every_rule(firewall), dict[Span, None]()
    for family in Family:
        filters = [each for each in firewall.bindings if each.point and each.point.hook == "forward"
                   and not each.point.translates and each.family in (None, family)]
        policies = [firewall.defaults.get(each.chain) for each in filters]
        last = max(zip(filters, policies, strict=True), key=lambda each: _asked(each[0]), default=None)
        if last and last[1] and all(each and each.action is Action.PERMIT for each in policies) and not any(
                any_any.takes_everything(rule, family) for name in callees_first(
                    every, [each.chain for each in filters]) for rule in every[name]):
            found[last[1].span] = None
    why = Reason("the policy lets all through that no rule before it stops")
    yield from (Observation("any-any", subject.name, span, text=why) for span in found)


def _asked(binding: Binding) -> tuple[int, int]:
    """When the kernel asks a chain of a hook."""
    return (binding.point.priority, binding.point.rank) if binding.point else (0, 0)


def only_any_any(subject: Subject) -> Iterator[Observation]:
    """Permits of everything without which a requirement would not be met: nothing narrower permits it."""
    lines = any_any.lines(subject.firewall)
    found = usage(subject.site, subject.day, [subject.name], lines).firewalls if lines else ()
    for line in (line for each in found for line in each.lines):
        of_met = [each for each in line.dependents if each.verdict is Verdict.MET]
        needing = tuple(each.requirement for each in of_met if each.share in ("all", "part"))
        unknown = tuple(each.requirement for each in of_met if each.share == "not-tried")
        if needing or unknown:
            yield Observation("only-any-any", subject.name, line.line.span, (),
                              Reason("without it these are not met: {requirements}",
                                     requirements=joined(", ", needing)) if needing else
                              Reason("these pass by it: {requirements}",
                                     requirements=joined(", ", unknown)),
                              needing or unknown, "" if needing else line.not_tried)


def reversed_permits(subject: Subject) -> Iterator[Observation]:
    """Permits of a requirement's service from its server to its client, or of answers that need none."""
    forward, turned = _packets(subject)
    needed = {each.permitted_by.span for result in subject.site.results for each in result.evidence
              if each.permitted_by.firewall == subject.name}
    boxes = [box for _, box, _ in turned]
    for chain in subject.firewall.lists.values() if boxes else ():
        found: dict[int, dict[str, bool]] = {}
        serving = {id(rule) for some in candidates(chain.rules, forward) for rule in some}
        for (requirement, box, answers), rules in zip(turned, candidates(chain.rules, boxes), strict=True):
            for rule in rules:
                if (id(rule) not in serving and _opens(rule, box)
                        and specific(rule, box, by_source=answers)
                        and subject.firewall.quote(rule.line) not in needed):
                    found.setdefault(rule.line, {}).setdefault(requirement, answers)
        for line, of_line in sorted(found.items()):
            requirement, answers = next(iter(of_line.items()))
            yield Observation("reversed-permit", subject.name, subject.firewall.quote(line), (),
                              _says(requirement, answers=answers), tuple(of_line))


def _says(requirement: str, *, answers: bool) -> Reason:
    if answers:
        return Reason("it permits answers of {requirement}, which pass with their connection",
                      requirement=requirement)
    return Reason("it permits the service of {requirement} from its server to its client",
                  requirement=requirement)


def _packets(subject: Subject) -> tuple[list[Box], list[tuple[str, Box, bool]]]:
    """First and later packets of clients as they are here, and the same the other way round.

    The other way each with its requirement, and whether they are answers.
    """
    firewall = subject.firewall
    with_connections = firewall.stateful - ({TCP} if "answers-alone" in firewall.options else set())
    forward: dict[Box, None] = {}
    turned: dict[tuple[str, Box, bool], None] = {}
    for requirement, proof in _judged(subject):
        for box in (proof.segment.as_filtered, proof.segment.as_leaving):
            forward[box] = None
            if box.protocol in (TCP, UDP):
                other_way = replace(box, sources=box.destinations, destinations=box.sources)
                turned[requirement, other_way, False] = None
                if box.protocol in with_connections:
                    turned[requirement, answer(box), True] = None
    return list(forward), list(turned)


def _judged(subject: Subject) -> Iterator[tuple[str, Judged]]:
    """What the rules say of packets that clients send, by requirement."""
    return ((requirement, judged) for requirement, proof, judged in subject.site.judged_at(subject.name)
            if proof.leg.kind != "reply")


def _opens(rule: Rule, box: Box) -> bool:
    """Whether a rule lets first packets between hosts pass that it names."""
    everywhere = ANY.of(box.family)
    return (rule.action is Action.PERMIT and rule.in_file and rule.enabled
            and all(isinstance(each, _OPENING) for each in rule.conditions)
            and everywhere not in (rule.sources.of(box.family), rule.destinations.of(box.family)))


def disabled(subject: Subject) -> Iterator[Observation]:
    """Permits that are not in force, and with which less would be missing."""
    firewall = subject.site.asking[subject.name]
    lines = _switched_off(subject)
    if not lines or not _helped(subject, lines):
        return
    rules = sum(len(chain.rules) for chain in firewall.chains.values())
    most = min(_MOST_TRIES, _MOST_RULES // rules)
    profile = next((each.segment.transit.profile for _, each in _judged(subject) if each.segment.transit), "")
    for number, line in enumerate(lines):
        helped = _helped(subject, [line]) if number < most else {}
        sure = tuple(name for name, surely in helped.items() if surely)
        span = firewall.quote(line)
        if helped:
            says = Reason("in force it permits packets of {requirements}",
                          requirements=joined(", ", sure or helped))
            if because := parsers.kept_out(subject.firewall, line, profile):
                says = Reason("packets of {requirements}: {because}",
                              requirements=joined(", ", sure or helped), because=because)
            yield Observation("disabled-rule", subject.name, span, (), says, sure or tuple(helped),
                              "" if sure else Reason("what else it tests"))
        elif number >= most:
            yield Observation("disabled-rule", subject.name, span,
                              perhaps=Reason("what is with it: it was not tried, as there are too many"))


def _switched_off(subject: Subject) -> list[int]:
    """The lines of disabled permits that meet packets of what is not met, in their order."""
    unmet = {each.requirement.id for each in subject.site.results if each.verdict is not Verdict.MET}
    rules, lists = every_rule(subject.firewall), subject.firewall.lists
    boxes: dict[str, dict[Box, None]] = {}
    for requirement, proof in _judged(subject):
        for stage in proof.segment.stages if requirement in unmet else ():
            for name in callees_first(rules, [each for each in stage.chains if each in rules]):
                boxes.setdefault(name, {})[proof.segment.as_filtered] = None
    return sorted({rule.line for name, sent in boxes.items() if name in lists
                   for some in candidates(rules[name], list(sent), disabled=True) for rule in some
                   if not rule.enabled and rule.in_file and rule.action is Action.PERMIT})


def _helped(subject: Subject, lines: Collection[int]) -> dict[str, bool]:
    """The requirements of which less is kept back with some lines switched on: surely, or perhaps."""
    site, name = subject.site, subject.name
    changed = {**site.asking, name: switched(site.asking[name], lines, on=True)}
    proofs = reanalyse(site, subject.day, changed).proofs
    found: dict[str, bool] = {}
    for requirement, before in site.proofs.items():
        after = kept_back(proofs[requirement], name)
        for leg, was in kept_back(before, name).items():
            now = after.get(leg, KeptBack())
            if was.exceeds(now):
                found[requirement] = found.get(requirement, False) or bool(minus(was.all, now.all))
    return found
