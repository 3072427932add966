"""What packets meet, in sentences that a colleague can read aloud."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import assert_never

from aclproof.linter.harmless import visible
from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.trace.sentences import HopNarrator
from aclproof.linter.reports.trace.steps import leaves_changed
from aclproof.linter.trace.records import Hop, Trace
from aclproof.parsers.model.addresses import write
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.packets import icmp_kind
from aclproof.parsers.model.services import PROTOCOL_NAMES, is_icmp


def render(traces: Iterable[Trace], words: Words, width: int = 80) -> Iterator[str]:
    """Write packet by packet in sentences, with an empty line between them."""
    between = ""
    for trace in traces:
        yield between + _packet(trace, words, width)
        between = "\n"


def _packet(trace: Trace, words: Words, width: int) -> str:
    lines = _wrapped(" ".join(_opening(trace, words)), width)
    for number, hop in enumerate(trace.hops):
        reached = number <= trace.stopped_at
        lines += ["", *_wrapped(_arrival(trace, number, words, reached=reached), width)]
        for sentence in HopNarrator(hop, words).sentences():
            lines += _wrapped(sentence.text, width, 2)
            lines += [f"      {visible(line)}" for line in sentence.quoted]
        lines += _wrapped(_end_of(hop, words), width, 2)
        if trace.kind == "request" and hop.probe:
            lines += _wrapped(words("The firewall itself says it, if you enter:"), width, 2)
            lines += [f"      {visible(command)}" for command in hop.probe]
    lines += ["", *_wrapped(_whole(trace, words), width)]
    return "".join(f"{line}\n" for line in lines)


def _wrapped(text: str, width: int, indent: int = 0) -> list[str]:
    return textwrap.wrap(visible(text), width, initial_indent=" " * indent, subsequent_indent=" " * indent,
                         break_long_words=False, break_on_hyphens=False)


def _opening(trace: Trace, words: Words) -> Iterator[str]:
    packet = trace.packet
    source, destination = (write(packet.family, end) for end in (packet.source, packet.destination))
    name = PROTOCOL_NAMES.get(packet.protocol, str(packet.protocol)).upper()
    if is_icmp(packet.protocol):
        yield words("The packet goes from {source} to {destination}: {protocol} {kind}.", source=source,
                    destination=destination, protocol=name,
                    kind=words.sentence(icmp_kind(packet.protocol, packet.source_port)))
    else:
        yield words("The packet goes from {source} to {destination}: {protocol}, from port {source_port} to "
                    "port {port}.", source=source, destination=destination, protocol=name,
                    source_port=packet.source_port, port=packet.destination_port)
    if trace.kind == "reply":
        yield words("It answers a connection that {opener} opened.", opener=destination)
    if trace.kind == "follow-up":
        yield words("It belongs to a connection that is open already.")
    ends = trace.connection
    if ends and ends.demand:
        yield words("The site needs it for {id}: {title}.", id=ends.demand.requirement.id,
                    title=words.of(ends.demand.requirement.title))
    elif ends:
        yield words("No requirement of the site asks for it.")
    names = [hop.name for hop in trace.hops]
    if len(names) > 1:
        yield words("On its way stand, in this order: {names}.", names=", ".join(names))


def _arrival(trace: Trace, number: int, words: Words, *, reached: bool) -> str:
    hop = trace.hops[number]
    files = ", ".join(file.name for file in hop.firewall.files)
    said = [words("{number}. The firewall {name}, read from {files}.", number=number + 1, name=hop.name,
                  files=files)]
    if not reached:
        said.append(words("The packet does not get here, since {name} stops it. If it did, this would "
                          "happen.", name=trace.hops[trace.stopped_at].name))
    if hop.packet != trace.packet:
        said.append(words("It comes here as {packet}.", packet=hop.packet))
    if hop.transit:
        said.append(_way(hop.transit, words))
    elif hop.way:
        said.append(words("Only this is asked: {way}.", way=words.sentence(hop.way)))
    return " ".join(said)


def _way(transit: Transit, words: Words) -> str:
    entry, leave = transit.ingress, transit.egress
    match transit.hook:
        case "input":
            return words("It is for this host itself, and comes in by {entry}.", entry=entry) if entry else \
                words("It is for this host itself.")
        case "output":
            return words("This host sends it, by {leave}.", leave=leave) if leave else \
                words("This host sends it.")
        case "forward":
            if entry and leave:
                return words("It comes in by {entry} and goes out by {leave}.", entry=entry, leave=leave)
            if entry:
                return words("It comes in by {entry}.", entry=entry)
            return words("It goes out by {leave}.", leave=leave) if leave else words("It is routed through.")
        case _:
            assert_never(transit.hook)


def _end_of(hop: Hop, words: Words) -> str:
    ends = {
        "permit": words("So {name} lets it through.", name=hop.name),
        "deny": words("So {name} does not let it through.", name=hop.name),
        "undecided": words("So the configuration does not tell whether {name} lets it through.",
                           name=hop.name),
        "beside": words("So {name} has nothing to say about it.", name=hop.name),
        "unseen": words("So nobody can tell what {name} would do with it.", name=hop.name)}
    end = ends[hop.verdict]
    if hop.left and leaves_changed(hop):
        end += " " + words("It goes on as {packet}.", packet=hop.left)
    return end


def _whole(trace: Trace, words: Words) -> str:
    if trace.verdict == "deny":
        stopper = trace.hops[trace.stopped_at]
        return words("The packet does not arrive: {name} stops it.", name=stopper.name)
    if trace.verdict == "permit":
        if not trace.hops:
            return words("The packet arrives: the site file says that no firewall stands on its way.")
        return words("The packet arrives.")
    reasons = [trace.gap] if trace.gap else []
    for hop in trace.hops:
        if hop.verdict in ("undecided", "unseen"):
            reasons += hop.because
            steps = hop.packet_trace.steps if hop.packet_trace else ()
            reasons += [condition.because for step in steps for condition in step.unresolved]
    told = "; ".join(dict.fromkeys(words.sentence(each) for each in reasons))
    if not told:
        told = words("no firewall of the site judges it")
    return words("Whether the packet arrives is open: {reasons}.", reasons=told)
