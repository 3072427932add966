"""The work of one site: read it, prove it, and write what reports of all sites hold of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter import errors
from aclproof.linter.fleet.one_site import result_of
from aclproof.linter.fleet.outcome import Cause, End, MethodOutcome, Outcome
from aclproof.linter.fleet.pieces import piece
from aclproof.linter.fleet.ratchet import Ratchet, compared
from aclproof.linter.fleet.shared import Shared
from aclproof.linter.reports import Look
from aclproof.linter.reports.language.language import Words
from aclproof.linter.result import Result, Verdict
from aclproof.linter.site import reader
from aclproof.linter.site.amending import Amendments, amended
from aclproof.linter.verdict import severity
from aclproof.linter.verdict.causes import blockers, open_questions, unproven
from aclproof.linter.verdict.ending import Ending, ending
from aclproof.reason import Reason

_MOST_CAUSES = 20
"""Of each kind and site: reports of all sites show the worst."""


class Wishes(Struct, frozen=True):
    """What a run asks of each of its sites."""

    day: date
    amendments: Amendments = Amendments()
    anywhere: bool = False
    require: str = "all"
    fixes: bool = False
    second_opinion: bool = False
    formats: tuple[str, ...] = ()
    look: Look = Look()
    ratchet: Ratchet = Ratchet()


def prove(site: str, wishes: Wishes, shared: Shared) -> Outcome:
    """Prove the site of a file; never raises, since one site must not stop the others."""
    try:
        known = amended(reader.read(site, anywhere=wishes.anywhere), wishes.amendments)
        result = result_of(known, wishes.day, fixes=wishes.fixes, second_opinion=wishes.second_opinion,
                           read=shared.read)
        result, gaps = compared(site, result, wishes.ratchet)
        return replace(_outcome(site, result, known.files(), wishes), gaps=gaps)
    except errors.user_errors() as error:
        return Outcome(site, "unreadable", tuple(errors.problems(error)))
    except MemoryError as error:
        error.__traceback__ = None  # it holds what took the memory
        return Outcome(site, "failed", (Reason("there is not enough memory for this input: nothing was "
                                               "proven"),))
    except OSError as error:
        said = inputs.system_reason(error) or Reason("an input or output failed")
        return Outcome(site, "unreadable", (said,))
    except Exception as error:
        return Outcome(site, "failed", (errors.our_fault(error),))


def _outcome(site: str, result: Result, files: tuple[str, ...], wishes: Wishes) -> Outcome:
    titles = {each.id: each.title for each in result.pack.methods}
    methods = tuple(MethodOutcome(each.id, titles[each.id], each.verdict.value,
                                  len(severity.warnings(result, each))) for each in result.methods)
    counts = {verdict.value: result.count(verdict) for verdict in Verdict} | {
        "waived": len(result.waived), "known": len(result.known)}
    words = Words(wishes.look.language)
    expired = ", ".join(each.waiver.id for each in result.waivers if each.state == "expired")
    notices = (Reason("waivers that have expired do not apply: {names}", names=expired),) if expired else ()
    return Outcome(site, _end(result, wishes.require), (), methods, counts,
                   tuple(_causes(result, words)), notices, files,
                   pieces={form: piece(form, result, wishes.look) for form in wishes.formats})


def _end(result: Result, require: str) -> End:
    """How a site ends: nothing that somebody answers for is called proven."""
    end = _END[ending(result, require)]
    unproven = any(each.verdict in (Verdict.MISSING, Verdict.UNDECIDED) and not each.is_warning
                   for each in result.demands)
    return "accepted" if end == "proven" and unproven else end


_END: dict[Ending, End] = {Ending.PROVEN: "proven", Ending.UNPROVEN: "unproven", Ending.MISSING: "missing"}


def _causes(result: Result, words: Words) -> Iterator[Cause]:
    for blocker in blockers(unproven(result, Verdict.MISSING))[:_MOST_CAUSES]:
        line = blocker.line
        yield Cause("line", line.firewall, str(line.span), line.text, words.sentence(line.text),
                    tuple(each.requirement.id for each in blocker.demands))
    for question in open_questions(unproven(result, Verdict.UNDECIDED))[:_MOST_CAUSES]:
        because = question.question.because
        yield Cause("question", "", "", because, words.sentence(because),
                    tuple(each.requirement.id for each in question.demands))
