"""What `aclproof probe` prints for a site and nobody has asked, as far as transcripts show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from aclproof.linter.hearing.transcripts import Heard
from aclproof.linter.probing.probing import probes
from aclproof.linter.probing.records import Machine, Probe
from aclproof.linter.program import Analysis
from aclproof.linter.site.fact_keys import key_at
from aclproof.linter.testimony import Said, Unasked
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shown_by_device import ConnectionAnswer, FactAnswer, PacketAnswer


def unasked(site: Analysis, said: Sequence[Said], heard: Sequence[Heard]) -> Iterator[Unasked]:
    """Yield what was asked by no command in a transcript of the machine, and answered by no answer.

    Of another source port it is the same packet: nobody chooses it.
    """
    telling = [each for each in said if each.standing != "proves-nothing"]
    firewalls, hosts = _by_file((each, each.firewall) for each in said), _by_file(
        (each, _source(each)) for each in said)
    for machine in probes(site):
        answering = hosts if machine.role else firewalls
        texts = [each.text for each in heard if machine.name in answering.get(each.transcript.name, ())
                 or (not machine.role and each.firewall == machine.name)]
        for probe in machine.probes:
            entered = any(_was_entered(command, text) for command in probe.commands for text in texts)
            if not entered and not any(_answers(machine, probe, each) for each in telling):
                yield Unasked(machine.name, machine.role, probe.commands, probe.requirements)


def _by_file(named: Iterable[tuple[Said, str]]) -> Mapping[str, Set[str]]:
    """The machines that answers are taken to be of, by the transcript in which they stand."""
    found: dict[str, set[str]] = {}
    for each, machine in named:
        found.setdefault(each.answer.span.file, set()).add(machine)
    return found


def _source(said: Said) -> str:
    answer = said.answer
    if isinstance(answer, ConnectionAnswer) and answer.family and answer.source is not None:
        return write(answer.family, answer.source)
    return ""


def _was_entered(command: str, text: str) -> bool:
    return command in text and bool(re.search(rf"(?m)(?:^|[ #>$]){re.escape(command)}\r?$", text))


def _answers(machine: Machine, probe: Probe, said: Said) -> bool:
    """Whether an answer is about the question or the packet of a probe, or a packet that its line decides."""
    packet, answer = probe.packet, said.answer
    if packet is None:
        return isinstance(answer, FactAnswer) and said.firewall == machine.name and probe.key in (
            answer.key, key_at(answer.key, machine.name))
    if isinstance(answer, ConnectionAnswer):
        return bool(machine.role) and answer.destination is not None and _source(said) == machine.name and (
            answer.family, answer.destination, answer.protocol, answer.port) == (
            packet.family, packet.destination, packet.protocol, packet.destination_port)
    if not isinstance(answer, PacketAnswer) or said.firewall != machine.name:
        return False
    by_line = probe.by is not None and said.decided_by == probe.by.span
    return _ends(answer.packet) == _ends(packet) or (
        by_line and not set(said.requirements).isdisjoint(probe.requirements))


def _ends(packet: Packet) -> tuple[int, ...]:
    return packet.family.value, packet.protocol, packet.source, packet.destination, packet.destination_port
