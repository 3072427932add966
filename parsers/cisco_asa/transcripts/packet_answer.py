"""From a command and its trace to the answer of one firewall about one packet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from aclproof.parsers.cisco_asa.text.quoting import quotable
from aclproof.parsers.cisco_asa.transcripts import asked, trace_text, trace_xml, translated
from aclproof.parsers.cisco_asa.transcripts.asked import Asked
from aclproof.parsers.cisco_asa.transcripts.screen import DAMAGE, WIDTH
from aclproof.parsers.cisco_asa.transcripts.session import Command
from aclproof.parsers.cisco_asa.transcripts.trace import REASON, Step, Trace, has_interfaces
from aclproof.parsers.model.notes import HIDDEN
from aclproof.parsers.model.shown_by_device import PacketAnswer, Phase
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_VERDICTS = {"allow": True, "drop": False}
_NO_INTERFACE = frozenset({"", "UNKNOWN", "NP Identity Ifc"})
"""What a result says where the packet has none: the last one is the firewall itself."""
_ROUTING_TABLE = re.compile(r"\(vrfid:\d+\)$")
_REASON = re.compile(r"\(([\w-]+)\) \S.*")
_IMPLICIT = "Implicit Rule"
_LEADS = re.compile("LOOKUP|UN-NAT")
"""Phases that say by which interface a packet leaves."""
_ENTRY = re.compile(r"access-list \S+ (?!remark )")
_TO_SNORT = re.compile(r"access-list \S+ advanced permit ")
"""What an FTD permits it gives to Snort; what it trusts it does not."""
_EXPLAINED = re.compile(r"match \S+ \S+ (?:any|host|\d)|(?:static|dynamic|identity) (?:NAT )?transl"
                        r"|NAT exempt|translate_hits")
"""What releases up to 8.2 add to a line of NAT, and is no line of a configuration."""
_OPEN_BEFORE = Reason("the packet belongs to a connection that was open before: what becomes of a new one "
                      "does not show")
_TUNNEL = Reason("the tunnel is not up: it is opened when such a packet comes")
_RULES = frozenset("""acl-drop firewall l2_acl nat-no-xlate-to-pat-pool nat-rpf-failed nat-xlate-failed
no-route rpf-violated security-failed sp-security-failed""".split())
"""Reasons that follow from the configuration. Others are of the moment: no neighbour, a link that is down."""
_SNORT = Reason("Snort is still to decide: the trace does not show what it says")


def read(command: Command, source: Source, at: datetime | None, *, mixed: bool) -> Iterator[PacketAnswer]:
    """Yield the answer of a `packet-tracer` command; nothing where its packet does not show, or no trace.

    With `mixed` it may be the answer to another one.
    """
    if command.filtered or not asked.is_trace(command.words):
        return
    form = trace_xml if trace_xml.is_xml(command.answer) else trace_text
    trace = form.read(command.answer)
    meant = _asked(command)
    if meant is None:
        return
    if trace is None or trace.result["action"].lower() not in _VERDICTS:
        if any(trace_text.is_part(line.text) for line in command.answer):
            yield PacketAnswer(span=source.span(command.line.number), device=command.device, at=at,
                               context=command.context, complete=False, packet=meant.packet,
                               ingress=meant.ingress, allowed=None)
        return
    allowed = _VERDICTS[trace.result["action"].lower()]
    try:
        left, same = translated.left(meant.packet, trace.steps), True
    except translated.OtherPacketError:
        left, same = None, False
    leaves_open = _leaves_open(trace, allowed=allowed)
    yield PacketAnswer(
        span=source.span(trace.line), device=command.device, context=command.context, at=at,
        complete=same and not mixed and not leaves_open and _is_sound(command, trace, meant, allowed=allowed),
        packet=meant.packet, ingress=_interface(trace.result.get("input-interface", "")) or meant.ingress,
        egress=_interface(trace.result.get("output-interface", "")), allowed=allowed,
        phases=tuple(_phase(step, source) for step in trace.steps),
        reason=_reason(trace), left=left if allowed else None, leaves_open=leaves_open)


def _asked(command: Command) -> Asked | None:
    """The packet of a command; one that is longer than the screen goes on in the lines after it."""
    rest = trace_text.lead(command.answer)
    if not rest:
        return asked.read(command.words)
    ways = {joint: joint.join([command.text, *rest]) for joint in ("", " ")}
    found = {each for way in ways.values() if (each := asked.read(way.split()))}
    return found.pop() if len(found) == 1 else None


def _is_sound(command: Command, trace: Trace, meant: Asked, *, allowed: bool) -> bool:
    """Whether the answer is whole, and is of this command."""
    shown = _interface(trace.result.get("input-interface", ""))
    return (trace.sound and has_interfaces(trace.result) and not _may_go_on(command)
            and shown.lower() == meant.ingress.lower() and _ends_as_it_should(trace, allowed=allowed)
            and not any(DAMAGE in line.text for line in (command.line, *command.answer)))


def _may_go_on(command: Command) -> bool:
    """Whether the screen may have cut a command within its last value, and the line with the rest is lost.

    A longer line in the answer shows that nothing was cut there.
    """
    return (len(command.line.text) == WIDTH and not trace_text.lead(command.answer)
            and not asked.has_options(command.words)
            and all(len(line.text) <= WIDTH for line in command.answer))


def _ends_as_it_should(trace: Trace, *, allowed: bool) -> bool:
    """Whether the phases fit the result: what passes opens a connection, what a rule drops shows the rule."""
    dropped = [step for step in trace.steps if not step.allowed]
    if allowed:
        kinds = [step.kind for step in trace.steps]
        created = "FLOW-CREATION" in kinds and any(_LEADS.search(kind) for kind in kinds)
        return created and not dropped and "output-interface" in trace.result and REASON not in trace.result
    reason = _reason(trace)
    return bool(_REASON.fullmatch(reason)) and bool(dropped or not reason.startswith("(acl-drop)"))


def _leaves_open(trace: Trace, *, allowed: bool) -> Reason | str:
    """Why what was printed says nothing of new connections."""
    said = " ".join(text for step in trace.steps for text in step.extra).lower()
    if "found flow with id" in said or "using existing flow" in said:
        return _OPEN_BEFORE
    if allowed:
        decided = any(step.kind.upper().startswith("SNORT") for step in trace.steps)
        asked_for = any(_TO_SNORT.match(text) for step in trace.steps for text in step.config)
        return _SNORT if (asked_for or "sent to snort" in said) and not decided else ""
    why = _REASON.fullmatch(_reason(trace))
    if why and why[1] not in _RULES:
        return Reason("it is dropped for a reason that is no rule's: {reason}", reason=why[0])
    return _TUNNEL if any(step.kind == "VPN" and not step.allowed for step in trace.steps) else ""


def _reason(trace: Trace) -> str:
    """Why it was dropped, without the place in the program that releases from 9.13 add."""
    return trace.result.get(REASON, "").partition(", Drop-")[0].strip()


def _interface(name: str) -> str:
    name = _ROUTING_TABLE.sub("", name)
    return "" if name in _NO_INTERFACE else name


def _phase(step: Step, source: Source) -> Phase:
    lines = [quotable(text) for text in step.config
             if text != _IMPLICIT and not (step.kind.endswith("NAT") and _EXPLAINED.match(text))]
    shown = tuple(line for line in lines if HIDDEN not in line)
    entry = next((line for line in shown if _ENTRY.match(line)), "")
    return Phase(step.number, step.kind, step.allowed, shown, entry, _IMPLICIT in step.config,
                 source.span(step.line))
