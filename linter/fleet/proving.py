"""The work of one site: read it, prove it, and write what reports of all sites hold of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter import errors
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.fleet.outcome import Cause, End, MethodOutcome, Named, Outcome
from aclproof.linter.fleet.pieces import piece
from aclproof.linter.fleet.ratchet import Ratchet, compared
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.gap import KNOWN
from aclproof.linter.observation import CheckId, Severity
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.writing.wording import few, first_flow, left_unchecked, service
from aclproof.linter.result import DemandResult, Missing, Result, Undecided, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.amending import Amendments, amended
from aclproof.linter.site.site import Site
from aclproof.linter.verdict import severity
from aclproof.linter.verdict.causes import blockers, effect, ids, open_questions, unproven
from aclproof.linter.verdict.ending import Ending, ending
from aclproof.reason import Reason

_MOST_CAUSES = 20
"""Of each kind and site: reports of all sites show the worst."""


class Wishes(Struct, frozen=True):
    """What a run asks of each of its sites."""

    day: date
    amendments: Amendments = Amendments()
    anywhere: bool = False
    root: str | None = None
    require: str = "all"
    fixes: bool = False
    second_opinion: bool = False
    self_check: int = 0
    """How many packets of each demand are judged again."""
    checks: tuple[CheckId, ...] = ()
    fail_on: Severity | None = None
    formats: tuple[str, ...] = ()
    look: Look = Look()
    ratchet: Ratchet = Ratchet()

    def question(self) -> str:
        """All that is asked of a site, as a text: of a baseline only its own gaps matter to it."""
        return repr(replace(self, ratchet=self.ratchet.question()))


def site_of(file: str, wishes: Wishes) -> Site:
    """Read the site of a file, as a run asks for it; InputError where it cannot be read."""
    return amended(reader.read(file, anywhere=wishes.anywhere, root=wishes.root), wishes.amendments)


def prove(site: str, wishes: Wishes, shared: Shared) -> Outcome:
    """Prove the site of a file; never raises, since one site must not stop the others."""
    files: tuple[str, ...] = (site,)
    try:
        known = site_of(site, wishes)
        files = known.files()
        result = result_of(known, wishes.day, fixes=wishes.fixes, second_opinion=wishes.second_opinion,
                           self_check=wishes.self_check, checks=wishes.checks, fail_on=wishes.fail_on,
                           shared=shared)
        if result.agreement and result.agreement.disagreements:
            return Outcome(site, "failed", tuple(each.reason for each in result.agreement.disagreements),
                           files=files)
        result, known_now = compared(site, result, wishes.ratchet)
        cured = tuple(each.requirement for each in result.baseline.cured) if result.baseline else ()
        return replace(_outcome(site, result, files, wishes), known=known_now, cured=cured)
    except Exception as error:
        end, problems = _of_error(error)
        return Outcome(site, end, problems, files=files)


def _of_error(error: Exception) -> tuple[End, tuple[str, ...]]:
    if isinstance(error, errors.user_errors()):
        return "unreadable", tuple(errors.problems(error))
    if inputs.lacks_memory(error):
        error.__traceback__ = None  # it holds what took the memory
        return "failed", (Reason("there is not enough memory for this input: nothing was proven"),)
    if isinstance(error, OSError):
        return "unreadable", (inputs.system_reason(error) or Reason("an input or output failed"),)
    return "failed", (errors.our_fault(error),)


def _outcome(site: str, result: Result, files: tuple[str, ...], wishes: Wishes) -> Outcome:
    titles = {each.id: each.title for each in result.pack.methods}
    packs = {each.id: pack.id for pack in result.pack.each for each in pack.methods}
    methods = tuple(MethodOutcome(each.id, titles[each.id], each.verdict.value,
                                  len(severity.warnings(result, each)), left_unchecked(result, each),
                                  packs[each.id])
                    for each in result.methods)
    counts = {verdict.value: result.count(verdict) for verdict in Verdict} | {
        "waived": len(result.waived), "known": len(result.known)}
    if met := sum(each.assumed and each.verdict is Verdict.MET for each in result.demands):
        counts["assumed"] = met
    words = Words(wishes.look.language)
    expired = tuple(each.waiver.id for each in result.waivers if each.state == "expired")
    new = {each.requirement.id: _shown(each, words) for each in result.demands if each.unproven} \
        if result.baseline else {}
    if result.baseline:
        counts["new"] = len(new)
    causes = (*_causes(result, words), *_named_lines(result, words))
    return Outcome(site, _end(result, wishes.require), (), methods, counts, causes, expired, files,
                   unmet=_unmet(result), new=tuple(new), shown=new,
                   assumed=tuple(f"{each.key} = {each.value}" for each in result.assumptions
                                            if each.assumed),
                   named=_named(result), judged_again=result.agreement.packets if result.agreement else 0,
                   pieces={form: piece(form, result, wishes.look) for form in wishes.formats})


def _shown(demand: DemandResult, words: Words) -> str:
    """What is new of a requirement, or has grown: its title and the first packets."""
    parts: tuple[Missing | Undecided, ...] = (*demand.missing, *demand.undecided)
    boxes = [box for part in parts if part.baseline not in KNOWN for box in part.boxes]
    title = " ".join(words.of(demand.requirement.title).split())
    return f"{title}: {first_flow(boxes, words, demand.boxes)}" if boxes else title


def _unmet(result: Result) -> dict[str, tuple[str, ...]]:
    """Requirements that are not met by status; what neither stops nor is tolerated is a warning.

    Those that are met by nothing but usual answers, which the site assumes, are `assumed`.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in result.demands:
        if each.assumed and each.verdict is Verdict.MET:
            found["assumed"].append(each.requirement.id)
        if each.verdict in (Verdict.MISSING, Verdict.UNDECIDED):
            found["warning" if each.is_warning and each.unproven else each.status].append(each.requirement.id)
    return {status: tuple(names) for status, names in found.items()}


def _end(result: Result, require: str) -> End:
    """How a site ends: nothing that somebody answers for, or assumes, is called proven."""
    end = _END[ending(result, require)]
    unproven = any((each.assumed or each.verdict in (Verdict.MISSING, Verdict.UNDECIDED))
                   and not each.is_warning for each in result.demands)
    return "accepted" if end == "proven" and unproven else end


_END: dict[Ending, End] = {Ending.PROVEN: "proven", Ending.UNPROVEN: "unproven", Ending.MISSING: "missing"}


def _causes(result: Result, words: Words) -> Iterator[Cause]:
    for blocker in blockers(unproven(result, Verdict.MISSING))[:_MOST_CAUSES]:
        line = blocker.line
        yield Cause("line", line.firewall, str(line.span), line.text, words.sentence(line.text),
                    *_needs(blocker.demands, words), not effect(blocker.demands))
    for question in open_questions(unproven(result, Verdict.UNDECIDED))[:_MOST_CAUSES]:
        because = question.question.because
        yield Cause("question", "", "", because, words.sentence(because), *_needs(question.demands, words),
                    not effect(question.demands))


def _named(result: Result) -> Named | None:
    if (audit := result.audit) is None:
        return None
    lines, failing, new = (Counter[str](each.check for each in some) for some in (
        audit.found, audit.failing, (each for each in audit.found if result.baseline and not each.known)))
    return Named({check: lines[check] for check in audit.checks}, failing,
                 sum(each.known for each in audit.found), new,
                 len(result.baseline.gone) if result.baseline else 0)


def _named_lines(result: Result, words: Words) -> Iterator[Cause]:
    """The first lines that each check names at each firewall, and no baseline has.

    By firewall, so that sites which have it in common have the same ones.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for each in (each for each in result.audit.found if not each.known) if result.audit else ():
        seen[each.check, each.firewall] += 1
        if seen[each.check, each.firewall] <= _MOST_CAUSES:
            text = each.span.text.strip()
            yield Cause(each.check, each.firewall, str(each.span), text, words.sentence(text), ())


def _needs(demands: Sequence[DemandResult], words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The requirements, and the services of each."""
    services = (dict.fromkeys(service(box, words, each.boxes) for box in each.boxes) for each in demands)
    return tuple(ids(demands)), tuple(few([*each], words=words) for each in services)
