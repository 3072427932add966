"""Requests with the replies that come to them, as single packets."""

from __future__ import annotations

from tests.oracle.judge import Judge, Way
from tests.oracle.plan import EGRESS, INGRESS
from tests.oracle.probes import ACK, ICMP, ICMP6, SYN, TCP, UDP
from tests.oracle.states import Kinds
from tests.oracle.traffic import Shot


def exchange(judge: Judge, shot: Shot, states: Kinds) -> list[Shot]:
    """A packet that asks, with its answer; nothing for packets that nobody answers."""
    answer = _ANSWERS.get(shot.probe.kind[1:])
    if answer is None:
        return []
    gone = judge.leaves(Way.by("forward", INGRESS[0]), shot.probe, states[shot.probe.kind])
    reply = gone._replace(source=gone.destination, destination=gone.source)
    if shot.probe.protocol in (TCP, UDP):
        reply = reply._replace(source_port=gone.destination_port, destination_port=gone.source_port,
                               flags=answer)
    else:
        reply = reply._replace(source_port=answer)
    if judge.leaves(Way.by("forward", EGRESS), reply, states[reply.kind]) != reply:
        return []  # were it no reply, it would be sent elsewhere
    asked = Shot(INGRESS[0], shot.probe)
    return [asked, Shot(EGRESS, reply, asked)]


_ANSWERS = {(TCP, SYN): SYN | ACK, (TCP, ACK): ACK, (UDP,): 0, (ICMP, 8, 0): 0, (ICMP6, 128, 0): 129}
"""What replies to a kind of packet: its flags, or its ICMP type."""
