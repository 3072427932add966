"""How each answer stands to what was proven of its packet."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from msgspec.structs import replace

from aclproof.linter.hearing.packets import Proven, at_firewall, on_the_way
from aclproof.linter.program import Analysis
from aclproof.linter.testimony import Said
from aclproof.linter.trace.representatives import box_of
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.model.services import ANY_PORT
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, PacketAnswer, Phase
from aclproof.parsers.source import files_of
from aclproof.reason import Reason

CUT = Reason("the answer is cut off or damaged")


class Standing:
    """Holds answers against what was proven of a site, as of a day."""

    def __init__(self, site: Analysis, day: date) -> None:
        self._site, self.day = site, day
        self._lines: dict[str, Set[str]] = {}

    def of_packet(self, name: str, answer: PacketAnswer) -> Said:
        """Hold what a firewall says of one packet against the proof."""
        said = Said("proves-nothing", answer, name)
        if not answer.complete:
            return replace(said, says=answer.leaves_open or CUT)
        firewall = self._site.asking[name]
        if _its_own(firewall, answer.packet):
            return replace(said, says=Reason("its source is an address of the firewall itself"))
        ends = _named(firewall, answer.ingress), _named(firewall, answer.egress)
        for each, known in zip((answer.ingress, answer.egress), ends, strict=True):
            if each and not known:
                return self._strange_interface(said, each)
        ours = at_firewall(self._site, name, answer.packet, ends, self.day)
        said = replace(said, decided_by=ours.by, requirements=ours.requirements)
        theirs = "permit" if answer.allowed else "deny"
        if ours.verdict == "undecided":
            return replace(said, standing="settled", says=Reason("it lets this packet pass")
                           if answer.allowed else Reason("it drops this packet: {why}", why=_why(answer)))
        if ours.verdict != theirs:
            return replace(said, standing="contradicted", says=self._otherwise(name, answer))
        if answer.allowed and (other := _other_way(answer, ours, ends[1])):
            return replace(said, standing="contradicted", says=other)
        unknown = self._not_in_file(name, answer)
        return replace(said, standing="confirmed", says=Reason(
            "but by a line that the configuration does not have: {line}", line=unknown) if unknown else "")

    def _strange_interface(self, said: Said, interface: str) -> Said:
        """Of an interface that the model has not: its lines may be there, or it is the device's own."""
        wanted = interface.casefold()
        if wanted.startswith(_INTERNAL) or any(
                word.casefold() == wanted for text in self._written(said.firewall) for word in text.split()):
            return replace(said, says=Reason("packets that pass do not come or leave by {interface}",
                                             interface=interface))
        return replace(said, standing="contradicted", says=Reason(
            "the device has an interface that the configuration has not: {interface}", interface=interface))

    def _otherwise(self, name: str, answer: PacketAnswer) -> Reason:
        """Say by which phase and line the device decides, and whether the configuration has that line."""
        unknown = self._not_in_file(name, answer)
        if unknown:
            return Reason("{does}: {why}; the configuration does not have that line, so it is of another "
                          "time, or of another firewall", does=_does(answer), why=_why(answer, unknown))
        return Reason("{does}: {why}; the configuration decides otherwise", does=_does(answer),
                      why=_why(answer))

    def _not_in_file(self, name: str, answer: PacketAnswer) -> str:
        """The first line by which a device decides and that its configuration has not; empty for none."""
        phase = _deciding(answer)
        if phase is None or not phase.entry:  # of a translation it prints more than its lines
            return ""
        return next((each for each in phase.config if " ".join(each.split()) not in self._written(name)), "")

    def _written(self, name: str) -> Set[str]:
        """The lines of a configuration, with single blanks."""
        if name not in self._lines:
            sources = files_of(self._site.asking[name].source)
            self._lines[name] = {" ".join(text.split()) for each in sources for text in each.stream()}
        return self._lines[name]


def _other_way(answer: PacketAnswer, ours: Proven, egress: str) -> Reason | None:
    """Say how the packet leaves otherwise than by the configuration; None where that does not show."""
    if egress and ours.egress and egress != ours.egress:
        return Reason("the device sends it out by {theirs}, the configuration by {ours}", theirs=egress,
                      ours=ours.egress)
    left = answer.left
    if left is None or not ours.leaves:
        return None
    leaves = [each if each.sources.size == 1 and each.source_ports.size == 1
              else replace(each, source_ports=ANY_PORT) for each in ours.leaves]
    if any(each & box_of(left) for each in leaves):
        return None
    return Reason("the device makes {packet} of it, and the configuration does not", packet=left)


_INTERNAL = ("nlp_", "identity", "np identity", "cplane", "asa_mgmt", "diagnostic")
"""How interfaces of the device itself are called, which are in no configuration."""


def _its_own(firewall: Firewall, packet: Packet) -> bool:
    return any(packet.source in each.addresses.of(packet.family) for each in firewall.interfaces)


_NO_ENDS = Reason("from which address to which it was tried does not show")
_NO_SOURCE = Reason("from which address it was tried does not show: Test-NetConnection or 'ip route get' to "
                    "the same address, on the same host, shows it")


def of_connection(site: Analysis, answer: ConnectionAnswer) -> Said:
    """Hold what a host says of a connection that it tried against the proof of the whole way."""
    said = Said("proves-nothing", answer)
    if not answer.complete:
        return replace(said, says=CUT)
    if answer.source is None or answer.destination is None or answer.family is None:
        return replace(said, says=_NO_ENDS if answer.destination is None else _NO_SOURCE)
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


def _named(firewall: Firewall, interface: str) -> str:
    """The interface as the configuration writes it; empty for none. One that names none may have any."""
    if not firewall.interfaces:
        return interface
    wanted = interface.casefold()
    return next((each.name for each in firewall.interfaces if each.name.casefold() == wanted), "")


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
