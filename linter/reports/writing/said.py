"""What devices and hosts said, in words."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.testimony import Said, Standing, Testimony
from aclproof.parsers.model.addresses import Family, spell_all, write
from aclproof.parsers.model.fact_kinds import Answers, word
from aclproof.parsers.model.services import PROTOCOL_NAMES
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, DeviceAnswer, FactAnswer, PacketAnswer
from aclproof.parsers.vendor import doors

TITLES: Mapping[Standing, str] = {
    "contradicted": message("the device says otherwise"),
    "unexplained": message("no connection, and no firewall explains it"),
    "settled": message("settled by an answer"),
    "confirmed": message("the device says the same"),
    "proves-nothing": message("proves nothing here")}
"""How answers stand to the proof, what matters most first."""


def counted(testimony: Testimony, words: Words) -> str:
    """Count the answers by how they stand: `1 contradicted, 12 confirmed`."""
    names = {"contradicted": words("contradicted"), "unexplained": words("unexplained"),
             "settled": words("settled"), "confirmed": words("confirmed"),
             "proves-nothing": words("proves nothing")}
    found = {standing: len(testimony.of(standing)) for standing in TITLES}
    return ", ".join(f"{found[standing]} {names[standing]}" for standing in TITLES if found[standing])


def asked(answer: DeviceAnswer, words: Words = ENGLISH) -> str:
    """Write what an answer is about."""
    match answer:
        case PacketAnswer():
            return f"{answer.ingress}: {answer.packet}" if answer.ingress else str(answer.packet)
        case ConnectionAnswer():
            return _connection(answer, words)
        case FactAnswer():
            return f"{answer.key}: {_value(answer)}"
        case _:
            return f"{answer.list_name}: {answer.rule}"


def _connection(answer: ConnectionAnswer, words: Words) -> str:
    known = [each for each in (answer.source, answer.destination) if each is not None]
    family = Family.V6 if max(known, default=0) > Family.V4.last else Family.V4
    source = words("some address") if answer.source is None else write(family, answer.source)
    destination = answer.name if answer.destination is None else write(family, answer.destination)
    return f"{source} -> {destination} {PROTOCOL_NAMES[answer.protocol].upper()} {answer.port}"


def _value(answer: FactAnswer) -> str:
    """Write it as a fact is written in a site file."""
    if not isinstance(answer.value, bool):
        return f"[{', '.join(spell_all(answer.value))}]"
    kinds = (kind for _, room in doors() for kind in room.fact_kinds())
    answers: Answers = next((kind.answers for kind in kinds if kind.fits(answer.key)), "yes-no")
    return word(answers, answer.value)


def sentence(each: Said, words: Words = ENGLISH) -> str:
    """Write what is to be said of an answer besides how it stands."""
    told = words.sentence(each.says)
    at = words("as of {time}", time=each.answer.at.isoformat(" ", "minutes")) if each.answer.at else ""
    return "; ".join(filter(None, (told, at)))
