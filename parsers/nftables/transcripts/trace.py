"""`nft monitor trace`: what the chains of a host say of a packet.

Only first packets are read (a SYN, a ping, UDP that no rule takes for a reply). The trace names chains and
not their hooks, so `allowed` says that none of the chains in it stopped the packet; whether all are in it
that the packet passes, the configuration tells. A packet that was let through is proven only where more was
printed after it: a prompt, or a later packet of the same connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from aclproof.parsers.model.packets import Packet
from aclproof.parsers.model.shown_by_device import PacketAnswer, Phase
from aclproof.parsers.nftables.transcripts.counts import plain
from aclproof.parsers.nftables.transcripts.traced_packet import Traced, traced
from aclproof.parsers.prompts import Typed
from aclproof.parsers.source import Source

_EVENT = re.compile(r"trace id (?P<id>[0-9a-f]{1,8}) (?P<family>\w+) (?P<table>\S+) (?P<chain>\S+) "
                    r"(?P<what>\S.*)")
_RULE = re.compile(r"rule (?P<rule>.+) \(verdict (?P<verdict>[a-z]+)(?: \S+)?\)")
_POLICY = re.compile(r"policy (?P<verdict>accept|drop)(?: meta mark 0x[0-9a-f]{8})?")
_VERDICT = re.compile(r"verdict (?:continue|return)(?: meta mark 0x[0-9a-f]{8})?")
_HIDES = re.compile(r"\b(?:masquerade|snat|redirect|fwd|dup|tproxy|queue)\b")
_GOES_ON = ("continue", "jump", "goto", "return")


class _Trace(Struct):
    """The events of one packet so far."""

    line: int
    chain: str
    """Where it begins."""
    packets: list[Traced]
    phases: list[Phase] = field(default_factory=list)
    open: bool = True
    """Whether a chain has been entered that has not said anything yet."""
    whole: bool = True
    stopped: bool = False
    replies: bool = False
    last: int = 0

    def goes_on(self, chain: str, packet: Traced) -> bool:
        """Whether it is the same packet: ids are used again, for packets that begin where it began."""
        return not self.stopped and (chain != self.chain or self.packets[0].mark == packet.mark)


def answers(transcript: Source, part: Typed) -> Iterator[PacketAnswer]:
    """Yield what became of each packet, as far as the trace shows it."""
    done: list[_Trace] = []
    running: dict[str, _Trace] = {}
    torn: set[str] = set()
    """Ids of which something is lost."""
    lines = list(part.numbered())
    for line, text in lines if part.whole_line else lines[:-1]:
        event = _EVENT.fullmatch(text.strip())
        if not event:
            continue
        trace = running.get(event["id"])
        if event["what"].startswith("packet: "):
            packet = traced(event["what"])
            if packet is None:
                torn.add(event["id"])
                if trace:
                    trace.whole = False
            elif trace is None or not trace.goes_on(_chain(event), packet):
                running[event["id"]] = _Trace(line, _chain(event), [packet], last=line)
                running[event["id"]].whole = event["id"] not in torn and bool(done or part.command)
                done.append(running[event["id"]])
            else:
                trace.whole &= not trace.open and packet.mark == trace.packets[0].mark
                trace.packets.append(packet)
                trace.open, trace.last = True, line
        elif trace:
            trace.last = line
            _step(trace, event, line, transcript)
        else:
            torn.add(event["id"])
    for trace in done:
        if trace.packets[0].begins and not trace.replies:
            more = part.ended or any(other.line > trace.last and other.packets[0].packet ==
                                     trace.packets[0].packet for other in done)
            yield _answer(transcript, part, trace, more=more)


def _chain(event: re.Match[str]) -> str:
    return f"{event['family']} {event['table']} {event['chain']}"


def _step(trace: _Trace, event: re.Match[str], line: int, transcript: Source) -> None:
    kind = _chain(event)
    if rule := _RULE.fullmatch(event["what"]):
        if rule["verdict"] in _GOES_ON:
            return
        verdict, config = rule["verdict"], [plain(rule["rule"])]
        trace.replies |= verdict == "accept" and "established" in rule["rule"]
    elif policy := _POLICY.fullmatch(event["what"]):
        verdict, config = policy["verdict"], []
    elif _VERDICT.fullmatch(event["what"]) or event["what"].startswith("conntrack: "):
        return
    else:
        trace.whole = False
        return
    trace.whole &= trace.open and not trace.stopped and verdict in ("accept", "drop")
    trace.open = False
    trace.stopped |= verdict != "accept"
    trace.phases.append(Phase(len(trace.phases) + 1, kind, verdict == "accept", tuple(config),
                              implicit=not config, span=transcript.span(line)))


def _answer(transcript: Source, part: Typed, trace: _Trace, *, more: bool) -> PacketAnswer:
    first, last = trace.packets[0], trace.packets[-1]
    changed = any(_HIDES.search(line) for phase in trace.phases for line in phase.config)
    left: Packet | None = last.packet if not changed and last.packet != first.packet else None
    by_policy = trace.stopped and not trace.phases[-1].config
    return PacketAnswer(
        span=transcript.span(trace.phases[-1].span.first_line if trace.phases and trace.phases[-1].span
                             else trace.line),
        device=part.device, at=part.at, complete=trace.whole and not trace.open and (trace.stopped or more),
        packet=first.packet, ingress=first.ingress, egress=last.egress,
        allowed=bool(trace.phases) and not trace.stopped, phases=tuple(trace.phases), left=left,
        reason="policy drop" if by_policy else "")
