"""One packet judged twice, by the engine of `check` and by the tracer, which share no code and must agree."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.engine.evaluate import evaluate
from aclproof.parsers.model.conditions import Context, Fact
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box, Packet
from aclproof.parsers.windows.meaning import stages as windows_stages
from tests.parsers.windows.windows import packet, verdict


def answer(found: Firewall, asked: Packet, *, listener: str, facts: Mapping[str, Fact] | None = None,
           profile: str = "domain", out: bool = False) -> str:
    """Return `permit`, `deny` or `undecided`, when both say the same."""
    hook: Hook = "output" if out else "input"
    context = Context(dict(facts or {}), listener=listener)
    traced = verdict(found, asked, listener=listener, profile=profile, hook=hook, facts=context)
    sides = [IntervalSet.of((each, each)) for each in (
        asked.source, asked.destination, asked.source_port, asked.destination_port)]
    box = Box(asked.family, asked.protocol, *sides)
    outcome = evaluate(windows_stages.stages(found, Transit(asked.family, hook=hook, profile=profile)),
                       {name: chain.rules for name, chain in found.chains.items()}, box, context)
    proven = "undecided" if outcome.undecided else "deny" if outcome.denied else "permit"
    assert proven == traced
    return proven


def smb(found: Firewall, facts: Mapping[str, Fact] | None = None, *, profile: str = "domain") -> str:
    """Ask for SMB from another network."""
    return answer(found, packet(445), listener="system-smb", facts=facts, profile=profile)


def mapper(found: Firewall, facts: Mapping[str, Fact] | None = None) -> str:
    """Ask for the endpoint mapper."""
    return answer(found, packet(135), listener="endpoint-mapper", facts=facts)


def web(found: Firewall, facts: Mapping[str, Fact] | None = None) -> str:
    """Ask for HTTP to another host."""
    return answer(found, packet(80, out=True), listener="http-sys", facts=facts, out=True)
