"""Rules that harden Windows' services: a layer of its own, whose blocks no rule of the firewall lifts."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.reason import Reason
from aclproof.parsers.windows.records.rule import Barrier, WindowsRule


def barriers(rule: WindowsRule) -> Iterator[Barrier]:
    """Yield what a rule of that layer may stop; what it allows lifts no more than its own blocks.

    Whether another rule of the layer lifts the block is not followed, so it stays a question.
    """
    if rule.enabled and rule.action == "Block":
        yield Barrier(rule.line, f"service hardening '{rule.name}' blocks", Reason(
            "whether the service hardening rule '{name}' blocks {service}", name=rule.name,
            service=rule.service or rule.program), (rule,))


def unread(line: int, reason: object) -> Barrier:
    """Return what a rule of that layer may do that cannot be read."""
    return Barrier(line, "", Reason("what the line means: {reason}", reason=str(reason)))
