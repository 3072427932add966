"""A site with what its devices said: questions are settled, and what a device contradicts is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from aclproof.linter.hearing.placing import firewall_of
from aclproof.linter.hearing.standing import CUT, of_connection, of_packet
from aclproof.linter.hearing.transcripts import Heard
from aclproof.linter.program import Analysis, analyse
from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, Undecided, Verdict
from aclproof.linter.site.fact_keys import key_at
from aclproof.linter.site.facts import contradiction
from aclproof.linter.testimony import Said, Testimony
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    Count,
    DeviceAnswer,
    FactAnswer,
    PacketAnswer,
)
from aclproof.reason import Reason

_MOST_ROUNDS = 8
"""An answer may raise the next question."""


def hear(site: Analysis, day: date, transcripts: Sequence[Heard]) -> tuple[Analysis, Testimony]:
    """Settle the questions that were answered, then hold every answer against the proof.

    A firewall that contradicts its configuration does not run it: nothing that was proven to pass there
    counts any more. InputError as `analyse`.
    """
    placed = [(answer, firewall_of(answer, vendor, each.firewall, site.site, site.firewalls))
              for each in transcripts for vendor, answer in each.answers]
    site, settled = _settled(site, day, placed)
    said = tuple(settled.get(number) or _said(site, answer, firewall, day)
                 for number, (answer, firewall) in enumerate(placed))
    heard = Testimony(tuple(each.transcript for each in transcripts), said)
    return site.with_doubts(_doubts(site, said)), heard


Placed = tuple[DeviceAnswer, str | Reason]


def _settled(site: Analysis, day: date, placed: Sequence[Placed]) -> tuple[Analysis, dict[int, Said]]:
    """Answer the questions of a site, until no answer is left that one asks for."""
    found: dict[int, Said] = {}
    for _ in range(_MOST_ROUNDS):
        new: dict[str, Fact] = {}
        for number, (answer, firewall) in enumerate(placed):
            if not isinstance(answer, FactAnswer) or number in found or not answer.complete:
                continue
            key = _asked(site, answer.key, firewall)
            if (key and key not in site.known.facts
                    and not contradiction(key, answer.value, site.asking, day)):
                new[key] = answer.value
                found[number] = Said("settled", answer, str(firewall), Reason("it answers: {key}", key=key))
        if not new:
            break
        stated = replace(site.site, facts={**site.site.facts, **new},
                         overriding=site.site.overriding | frozenset(new))
        site = analyse(stated, day, site.firewalls)
    return site, found


def _asked(site: Analysis, key: str, firewall: str | Reason) -> str:
    """The key by which the site asks a question of a firewall; empty where it does not."""
    if isinstance(firewall, Reason):
        return ""
    return next((each for each in (key_at(key, firewall), key) if each in site.facts.looked_up), "")


def _said(site: Analysis, answer: DeviceAnswer, firewall: str | Reason, day: date) -> Said:
    match answer:
        case ConnectionAnswer():
            return of_connection(site, answer)
        case PacketAnswer() if not isinstance(firewall, Reason):
            return of_packet(site, firewall, answer, day)
        case FactAnswer() if not isinstance(firewall, Reason):
            return _of_fact(site, answer, firewall, day)
        case Count() if not isinstance(firewall, Reason):
            return Said("proves-nothing", answer, firewall, Reason(
                "how often a line was met says nothing about which packets met it"))
        case _:
            return Said("proves-nothing", answer, says=firewall)


def _of_fact(site: Analysis, answer: FactAnswer, firewall: str, day: date) -> Said:
    """An answer that settles nothing new."""
    said = Said("proves-nothing", answer, firewall)
    key = _asked(site, answer.key, firewall)
    if not answer.complete:
        return replace(said, says=CUT)
    if not key:
        return replace(said, says=Reason("nothing of the site asks for it: {key}", key=answer.key))
    if wrong := contradiction(key, answer.value, site.asking, day):
        return replace(said, says=wrong)
    if site.known.facts[key] == answer.value:
        return replace(said, standing="confirmed")
    return replace(said, standing="contradicted", says=Reason(
        "the site is proven with another answer to it: {key}", key=key))


def _doubts(site: Analysis, said: Sequence[Said]) -> dict[str, Undecided]:
    """What takes back that requirements are met: they pass a firewall that contradicts its configuration."""
    contradicting: dict[str, Said] = {}
    for each in said:
        if each.standing == "contradicted":
            for name in (each.firewall,) if each.firewall else _stopping(site, each):
                contradicting.setdefault(name, each)
    return {result.requirement.id: _doubt(result, name, each)
            for name, each in contradicting.items() for result in site.results
            if result.verdict is Verdict.MET and any(hop.firewall == name for hop in result.hops)}


def _doubt(result: DemandResult, name: str, said: Said) -> Undecided:
    because = Reason("whether {firewall} runs this configuration: it answered otherwise ({place})",
                     firewall=name, place=said.answer.span)
    return Undecided("request", "", result.boxes, (Question(because),), None, name)


def _stopping(site: Analysis, said: Said) -> Iterator[str]:
    """The firewalls that stop packets of a connection that was opened nevertheless."""
    for result in site.results:
        if result.requirement.id in said.requirements:
            yield from (each.blocked_by.firewall for each in result.missing)
