"""How each answer stands to what was proven of its packet."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from aclproof.linter.hearing.packets import at_firewall, on_the_way
from aclproof.linter.program import Analysis
from aclproof.linter.testimony import Said
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, PacketAnswer, Phase
from aclproof.parsers.source import files_of
from aclproof.reason import Reason

CUT = Reason("the answer is cut off or damaged")


def of_packet(site: Analysis, name: str, answer: PacketAnswer, day: date) -> Said:
    """Hold what a firewall says of one packet against the proof."""
    said = Said("proves-nothing", answer, name)
    if not answer.complete:
        return replace(said, says=answer.leaves_open or CUT)
    firewall = site.asking[name]
    strange = [each for each in (answer.ingress, answer.egress) if each and not _has(firewall, each)]
    if strange:
        return replace(said, standing="contradicted", says=Reason(
            "the device has an interface that the configuration has not: {interface}", interface=strange[0]))
    ours = at_firewall(site, name, answer.packet, (answer.ingress, answer.egress), day)
    said = replace(said, decided_by=ours.by, requirements=ours.requirements)
    theirs = "permit" if answer.allowed else "deny"
    if ours.verdict == "undecided":
        return replace(said, standing="settled", says=Reason("it lets this packet pass")
                       if answer.allowed else Reason("it drops this packet: {why}", why=_why(answer)))
    if ours.verdict == theirs:
        unknown = _not_in_file(answer, firewall)
        return replace(said, standing="confirmed", says=Reason(
            "but by a line that the configuration does not have: {line}", line=unknown) if unknown else "")
    return replace(said, standing="contradicted", says=_otherwise(answer, firewall))


def of_connection(site: Analysis, answer: ConnectionAnswer) -> Said:
    """Hold what a host says of a connection that it tried against the proof of the whole way."""
    said = Said("proves-nothing", answer)
    if not answer.complete:
        return replace(said, says=CUT)
    if answer.source is None or answer.destination is None or answer.family is None:
        return replace(said, says=Reason("from which address to which it was tried does not show"))
    ours = on_the_way(site, _connection(answer))
    said = replace(said, requirements=ours.requirements)
    if not ours.requirements:
        return replace(said, says=Reason("no requirement of the site sends such packets"))
    match answer.heard, ours.verdict:
        case "open", "permit":
            return replace(said, standing="confirmed")
        case "open", "deny":
            return replace(said, standing="contradicted", says=Reason(
                "the connection was opened, and a firewall on its way stops all such packets"))
        case "open", _:
            return replace(said, standing="settled", says=Reason("this connection was opened"))
        case "closed", _:
            return replace(said, says=Reason("an answer came that refuses it: from the host, where nothing "
                                             "listens, or from a firewall in its name"))
        case _, "permit":
            return replace(said, standing="unexplained", says=Reason(
                "no connection, though every firewall lets its packets pass: nothing may listen there, or "
                "something stops it that the site does not name"))
        case _, "deny":
            return replace(said, standing="confirmed")
        case _:
            return replace(said, says=Reason("no answer came: from a firewall that stops it, or a host where "
                                             "nothing listens"))


def _connection(answer: ConnectionAnswer) -> Box:
    """The first packets of the connection: its source port does not show."""
    assert answer.source is not None
    assert answer.destination is not None
    assert answer.family is not None
    only = IntervalSet.of
    return Box(answer.family, answer.protocol, only((answer.source,) * 2), only((answer.destination,) * 2),
               ANY_PORT, only((answer.port, answer.port)))


def _has(firewall: Firewall, interface: str) -> bool:
    """Whether a configuration has an interface; one that names none may have any."""
    names = {each.name.casefold() for each in firewall.interfaces}
    return not names or interface.casefold() in names


def _otherwise(answer: PacketAnswer, firewall: Firewall) -> Reason:
    """Say by which phase and line the device decides, and whether the configuration has that line."""
    unknown = _not_in_file(answer, firewall)
    if unknown:
        return Reason("{does}: {why}; the configuration does not have that line, so it is older than that, "
                      "or of another firewall", does=_does(answer), why=_why(answer, unknown))
    return Reason("{does}: {why}; the configuration decides otherwise", does=_does(answer), why=_why(answer))


def _does(answer: PacketAnswer) -> Reason:
    return Reason("the device lets it pass") if answer.allowed else Reason("the device drops it")


def _why(answer: PacketAnswer, named: str = "") -> Reason | str:
    """The phase, and the line by which it decides: the entry of a list, unless another one is to be named."""
    phase = _deciding(answer)
    if phase is None:
        return answer.reason or Reason("it does not say by what")
    line = named or phase.entry or "".join(phase.config[-1:])
    by = line or answer.reason or Reason("an implicit rule")
    return Reason("phase {number}, {kind}, {by}", number=phase.number, kind=phase.kind, by=by)


def _deciding(answer: PacketAnswer) -> Phase | None:
    """The phase that drops the packet, or the last one with a line of a list that lets it pass."""
    if not answer.allowed:
        return next((each for each in answer.phases if not each.allowed), None)
    return next((each for each in reversed(answer.phases) if each.entry), None)


def _not_in_file(answer: PacketAnswer, firewall: Firewall) -> str:
    """The first line by which the device decides and that the configuration does not have; empty for none."""
    phase = _deciding(answer)
    if phase is None or not phase.entry:  # of a translation it prints more than its lines
        return ""
    known = {" ".join(text.split()) for each in files_of(firewall.source) for text in each.stream()}
    return next((each for each in phase.config if " ".join(each.split()) not in known), "")
