"""What devices and hosts said, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from aclproof.linter.harmless import visible
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.result import Result
from aclproof.linter.testimony import Mark, Said, Standing, Testimony
from aclproof.linter.verdict.contradicting import of_result
from aclproof.linter.verdict.fingerprint import name_of
from aclproof.parsers.model.addresses import Family, spell_all, write
from aclproof.parsers.model.fact_kinds import Answers, word
from aclproof.parsers.model.services import PROTOCOL_NAMES
from aclproof.parsers.model.shown_by_device import (
    ConnectionAnswer,
    DeviceAnswer,
    EndpointsAnswer,
    FactAnswer,
    PacketAnswer,
)
from aclproof.parsers.vendor import doors

TITLES: Mapping[Standing, str] = {
    "contradicted": message("the device says otherwise"),
    "unexplained": message("no connection, and no firewall explains it"),
    "settled": message("settled by an answer"),
    "confirmed": message("the device says the same"),
    "proves-nothing": message("proves nothing here")}
"""How answers stand to the proof, what matters most first."""


LEVELS: Mapping[Standing, Literal["error", "warning"]] = {"contradicted": "error", "unexplained": "warning"}
"""How bad it is where answers stand so; all others say nothing bad."""


def bad(testimony: Testimony) -> Iterator[Said]:
    """Yield the answers that have a level, the worst first."""
    return (each for standing in LEVELS for each in testimony.of(standing))


def _names(words: Words) -> Mapping[Mark, str]:
    """What follows a number of answers."""
    return {"contradicted": words("contradicted"), "unexplained": words("unexplained"),
            "settled": words("settled"), "confirmed": words("confirmed"), "not-asked": words("not asked")}


def counted(testimony: Testimony, words: Words) -> str:
    """Count the answers by how they stand: `1 contradicted, 12 confirmed`."""
    found, names = {standing: len(testimony.of(standing)) for standing in TITLES}, _names(words)
    nothing = found["proves-nothing"]
    return ", ".join((
        *(f"{n} {names[standing]}" for standing, n in found.items() if n and standing in names),
        *([words.count("{n} proves nothing", "{n} prove nothing", nothing)] if nothing else ()),
        *([words("{n} not asked", n=len(testimony.not_asked))] if testimony.not_asked else ())))


def marked(testimony: Testimony, requirement: str, words: Words) -> str:
    """Write what was asked of a requirement: `2 confirmed, 1 not asked`; empty where nothing is to ask."""
    names = _names(words)
    return ", ".join(f"{n} {names[mark]}" for mark, n in testimony.marks(requirement).items())


def as_data(testimony: Testimony, requirement: str) -> dict[str, int]:
    """Count the same for programs."""
    return {mark.replace("-", "_"): n for mark, n in testimony.marks(requirement).items()}


def by_requirement(result: Result, words: Words) -> list[tuple[str, str]]:
    """Write it of each requirement that has an answer."""
    testimony = result.testimony
    return [(each.requirement.id, marked(testimony, each.requirement.id, words)) for each in result.demands
            if testimony.marks(each.requirement.id).keys() - {"not-asked"}] if testimony else []


def whose(each: Said, words: Words) -> str:
    """Write which requirements an answer is about; empty for none."""
    names = ", ".join(each.requirements)
    if not names:
        return ""
    if isinstance(each.answer, FactAnswer):
        return words("asked by: {requirements}", requirements=names)
    if isinstance(each.answer, EndpointsAnswer):
        return words("ports of: {requirements}", requirements=names)
    return words("a packet of: {requirements}", requirements=names)


def warned(result: Result, words: Words = ENGLISH) -> list[str]:
    """Write which firewalls do otherwise than their configurations say: it matters before all else."""
    return [words("{firewall} does otherwise than its configuration says ({place}): nothing is proven to "
                  "pass it until the configuration that it runs is given.", firewall=name,
                  place=each.answer.span)
            for name, each in of_result(result).items()]


def asked(answer: DeviceAnswer, words: Words = ENGLISH) -> str:
    """Write what an answer is about."""
    match answer:
        case PacketAnswer():
            return f"{answer.ingress}: {answer.packet}" if answer.ingress else str(answer.packet)
        case ConnectionAnswer():
            return _connection(answer, words)
        case EndpointsAnswer():
            return f"{_end(answer)} RPC: TCP {', '.join(map(str, answer.ports))}"
        case FactAnswer():
            return f"{answer.key}: {_value(answer)}"
        case _:
            return f"{answer.list_name}: {answer.rule}"


def _connection(answer: ConnectionAnswer, words: Words) -> str:
    family = answer.family or Family.V4
    source = words("some address") if answer.source is None else write(family, answer.source)
    return f"{source} -> {_end(answer)} {PROTOCOL_NAMES[answer.protocol].upper()} {answer.port}"


def _end(answer: ConnectionAnswer | EndpointsAnswer) -> str:
    """The host that was asked: its address, or where that does not show its name."""
    if answer.destination is None:
        return answer.name
    return write(answer.family or Family.V4, answer.destination)


def _value(answer: FactAnswer) -> str:
    """Write it as a fact is written in a site file."""
    if not isinstance(answer.value, bool):
        return f"[{', '.join(spell_all(answer.value))}]"
    kinds = (kind for _, room in doors() for kind in room.fact_kinds())
    answers: Answers = next((kind.answers for kind in kinds if kind.fits(answer.key)), "yes-no")
    return word(answers, answer.value)


def remarks(testimony: Testimony, words: Words) -> Iterator[str]:
    """Say of each transcript whose answers are taken to be its own, where no host name says that; and of
    which there are none."""
    for each in testimony.transcripts:
        if not each.answers:
            yield words("{name}: no answer is read in it", name=each.name)
        yield from (f"{each.name}: {words.sentence(text)}" for text in each.remarks)


def message_of(each: Said) -> str:
    """Write all of it in one English text, for programs that show one; what may be foreign cannot act."""
    where = f"{each.firewall}: " if each.firewall else ""
    here = f"decided here by {each.decided_by} {each.decided_by.text.strip()}" if each.decided_by else ""
    parts = f"{where}{asked(each.answer)}: {TITLES[each.standing]}", sentence(each), here
    return visible("; ".join(filter(None, parts)))


def fingerprint(each: Said) -> str:
    """Name it by what it is about: transcripts of other days have other lines and times."""
    return name_of("evidence", each.standing, each.firewall, asked(each.answer))


def sentence(each: Said, words: Words = ENGLISH) -> str:
    """Write what is to be said of an answer besides how it stands."""
    told = words.sentence(each.says)
    at = words("as of {time}", time=each.answer.at.isoformat(" ", "minutes")) if each.answer.at else ""
    return "; ".join(filter(None, (told, at)))
