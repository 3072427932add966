"""A site with what its devices said: questions are settled, and what a device contradicts is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from aclproof.linter.hearing import profiles
from aclproof.linter.hearing.counters import of_counts
from aclproof.linter.hearing.endpoints import of_endpoints
from aclproof.linter.hearing.placing import Placing
from aclproof.linter.hearing.standing import CUT, Standing, of_connection
from aclproof.linter.hearing.transcripts import Heard
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, Undecided, Verdict
from aclproof.linter.site.fact_keys import key_at
from aclproof.linter.site.facts import contradiction
from aclproof.linter.testimony import Said, Testimony
from aclproof.linter.verdict.contradicting import contradicting
from aclproof.parsers.model.conditions import Fact, Opaque
from aclproof.parsers.model.fact_kinds import is_of
from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    Count,
    DeviceAnswer,
    EndpointsAnswer,
    FactAnswer,
    PacketAnswer,
)
from aclproof.reason import Reason

_MOST_ROUNDS = 8
"""An answer may raise the next question."""


def hear(site: Analysis, day: date, transcripts: Sequence[Heard]) -> tuple[Analysis, Testimony]:
    """Settle the questions that were answered, then hold every answer against the proof.

    Packets are held against what was proven before: questions may have been answered at another time. A
    firewall that contradicts its configuration does not run it: nothing that was proven to pass there counts
    any more. InputError as `analyse`.
    """
    placing = Placing(site.site, site.firewalls)
    of_transcripts = [list(_placed(site, placing, transcript)) for transcript in transcripts]
    placed = [each for answers in of_transcripts for each in answers]
    after, settled = _settled(site, day, placed)
    asking, standing = _Asking(site), Standing(site, day)
    known = settled | dict(of_counts(_counting(placed, day, Count)))
    said = tuple(known.get(number) or _said(asking, standing, answer, firewall)
                 for number, (answer, firewall) in enumerate(placed))
    remarks = (_remarks(placing, heard.firewall, answers)
               for heard, answers in zip(transcripts, of_transcripts, strict=True))
    heard = Testimony(tuple(replace(each.transcript, remarks=tuple(found))
                            for each, found in zip(transcripts, remarks, strict=True)), said)
    return after.with_doubts(_doubts(site, said)), heard


Placed = tuple[DeviceAnswer, str | Reason]
_Kind = TypeVar("_Kind", FactAnswer, Count)


def _placed(site: Analysis, placing: Placing, heard: Heard) -> Iterator[Placed]:
    devices = {each.device.casefold() for _, each in heard.answers}
    for vendor, answer in heard.answers:
        firewall = placing.firewall_of(answer, vendor, heard.firewall, devices)
        for each in _of_questions(site, answer, firewall):
            yield each, firewall


def _of_questions(site: Analysis, answer: DeviceAnswer, firewall: str | Reason) -> Iterable[DeviceAnswer]:
    """One answer for each question of a form, where it is about a form."""
    if not isinstance(answer, FactAnswer) or not answer.as_usual or isinstance(firewall, Reason):
        return (answer,)
    usual = {each.key: each.usual for _, each in site.asking[firewall].conditions()
             if isinstance(each, Opaque) and each.usual is not None and is_of(answer.key, each.key)}
    return [replace(answer, key=key, value=value) for key, value in usual.items()] or (answer,)


def _remarks(placing: Placing, stated: str, answers: Iterable[Placed]) -> Iterable[Reason]:
    """Say once of a file by what its answers are taken to be of a firewall, where no host name says so."""
    return dict.fromkeys(
        remark for answer, firewall in answers
        if not isinstance(firewall, Reason) and not isinstance(answer, (ConnectionAnswer, EndpointsAnswer))
        and (remark := placing.remark(answer, firewall, stated)))


def _counting(placed: Sequence[Placed], day: date, kind: type[_Kind]) -> Iterator[tuple[int, _Kind, str]]:
    """Yield the answers of a kind that are of a firewall and of the day, with their number and firewall."""
    for number, (answer, firewall) in enumerate(placed):
        if isinstance(answer, kind) and not isinstance(firewall, Reason) and not _of_another_day(answer, day):
            yield number, answer, firewall


class _Asking:
    """Which firewall of a site asks what."""

    def __init__(self, site: Analysis) -> None:
        self.site = site
        self._questions: dict[str, Set[str]] = {}

    def key(self, key: str, firewall: str | Reason) -> str:
        """Return the key by which a firewall asks a question; empty where it does not."""
        looked_up = self.site.facts.looked_up
        if isinstance(firewall, Reason):
            return ""
        if (own := key_at(key, firewall)) in looked_up:
            return own
        return key if key in looked_up and key in self._of(firewall) else ""

    def _of(self, firewall: str) -> Set[str]:
        """The keys of all that the lines of a firewall ask, and that it leaves open."""
        if firewall not in self._questions:
            self._questions[firewall] = _questions_of(self.site, firewall)
        return self._questions[firewall]


def _settled(site: Analysis, day: date, placed: Sequence[Placed]) -> tuple[Analysis, dict[int, Said]]:
    """Answer the questions of a site, until no answer is left that one asks for."""
    counting = {number: (answer, firewall) for number, answer, firewall in _counting(placed, day, FactAnswer)
                if answer.complete}
    with_profiles, found = profiles.settled(site, counting)
    if found:
        site = analyse(with_profiles, day, site.firewalls)
    for _ in range(_MOST_ROUNDS):
        asking = _Asking(site)
        new: dict[str, dict[int, FactAnswer]] = {}
        for number, (answer, firewall) in counting.items():
            key = asking.key(answer.key, firewall) if number not in found else ""
            if key and key not in site.known.facts and not contradiction(
                    key, answer.value, site.asking, day):
                new.setdefault(key, {})[number] = answer
        facts: dict[str, Fact] = {}
        for key, answers in new.items():
            values = list(answers.values())
            if all(each.value == values[0].value for each in values):
                facts[key] = values[0].value
            found |= {number: replace(profiles.settling(answer, counting[number][1], key, values),
                                      requirements=_that_ask(site, key))
                      for number, answer in answers.items()}
        if not facts:
            break
        stated = replace(site.site, facts={**site.site.facts, **facts},
                         overriding=site.site.overriding | frozenset(facts))
        site = analyse(stated, day, site.firewalls)
    return site, found


def _that_ask(site: Analysis, key: str) -> tuple[str, ...]:
    """The requirements that a question leaves undecided."""
    return tuple(result.requirement.id for result in site.results if any(
        key == question.key for part in result.undecided for question in part.questions))


def _of_another_day(answer: DeviceAnswer, day: date) -> bool:
    """Whether it was given more than a day away from the day of the proof, by the clock that it shows."""
    return answer.at is not None and abs((answer.at.date() - day).days) > 1


def _questions_of(site: Analysis, firewall: str) -> Set[str]:
    """The keys of all that the lines of a firewall ask, and that it leaves open."""
    if len(site.asking) == 1:
        return site.facts.looked_up
    found = {condition.key for _, condition in site.asking[firewall].conditions()}
    found |= {condition.key for _, _, judged in site.judged_at(firewall)
              for doubt in judged.outcome.doubts for condition in doubt.open}
    return found | {question.key for result in site.results for each in result.undecided
                    if each.firewall == firewall for question in each.questions}


def _said(asking: _Asking, standing: Standing, answer: DeviceAnswer, firewall: str | Reason) -> Said:
    if _of_another_day(answer, standing.day):
        return Said("proves-nothing", answer, "" if isinstance(firewall, Reason) else firewall, Reason(
            "it is of another day than the proof: --as-of {day} proves as of that one",
            day=answer.at.date().isoformat() if answer.at else ""))
    match answer:
        case ConnectionAnswer():
            return of_connection(asking.site, answer)
        case EndpointsAnswer():
            return of_endpoints(asking.site, answer)
        case PacketAnswer() if not isinstance(firewall, Reason):
            return standing.of_packet(firewall, answer)
        case FactAnswer() if not isinstance(firewall, Reason):
            return _of_fact(asking, answer, firewall, standing.day)
        case _:
            return Said("proves-nothing", answer, says=firewall)


def _of_fact(asking: _Asking, answer: FactAnswer, firewall: str, day: date) -> Said:
    """An answer that settles nothing new."""
    said, site = Said("proves-nothing", answer, firewall), asking.site
    if not answer.complete:
        return replace(said, says=CUT)
    if profiles.of_answer(answer) and (profile := profiles.given(site.site, firewall)):
        return profiles.again(answer, profile, firewall)
    key = asking.key(answer.key, firewall)
    if key and (wrong := contradiction(key, answer.value, site.asking, day)):
        return replace(said, standing="contradicted", says=wrong)
    if key not in site.known.facts:
        return replace(said, says=Reason("nothing of the site asks for it: {key}", key=answer.key))
    if site.known.facts[key] == answer.value:
        return replace(said, standing="confirmed")
    return replace(said, standing="contradicted", says=Reason(
        "the site is proven with another answer to it: {key}", key=key))


def _doubts(site: Analysis, said: Sequence[Said]) -> dict[str, Undecided]:
    """What takes back that requirements are met: they pass a firewall that contradicts its configuration, or
    were proven of other ports than a host has."""
    results = {each.requirement.id: each for each in site.results}
    of_ports = {name: _other_ports(results[name], each) for each in said if each.standing == "contradicted"
                and isinstance(each.answer, EndpointsAnswer) for name in each.requirements}
    return of_ports | {result.requirement.id: _doubt(result, name, each)
                       for name, each in contradicting(said, site.results).items() for result in site.results
                       if result.verdict is not Verdict.NOT_APPLICABLE
                       and any(hop.firewall == name for hop in result.hops)}


def _other_ports(result: DemandResult, said: Said) -> Undecided:
    because = Reason("whether RPC servers have the ports that the site says: {says} ({place})",
                     says=said.says, place=said.answer.span)
    return Undecided("request", "", result.boxes, (Question(because),), None, "")


def _doubt(result: DemandResult, name: str, said: Said) -> Undecided:
    because = Reason("whether {firewall} runs this configuration: it answered otherwise ({place})",
                     firewall=name, place=said.answer.span)
    return Undecided("request", "", result.boxes, (Question(because),), None, name)
