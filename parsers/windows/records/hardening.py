"""Rules that harden Windows' services: a layer of its own, whose blocks no rule of the firewall lifts."""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.windows.records.rule import Barrier, WindowsRule
from aclproof.reason import Reason

_SENDERS = frozenset({"bits", "wuauserv"})
"""Windows' services whose connections a site is asked for: downloads and updates."""


def barriers(rule: WindowsRule) -> Iterator[Barrier]:
    """Yield what a rule of that layer may stop; what it allows lifts no more than its own blocks.

    Whether another rule of the layer lifts the block is not followed, so it stays a question. Windows hardens
    what many of its services send, which is nobody's concern here but those of the client.
    """
    matters = rule.direction == "In" or rule.service.lower() in _SENDERS
    if rule.enabled and rule.action == "Block" and matters:
        yield Barrier(rule.line, f"service hardening '{rule.name}' blocks", Reason(
            "whether the service hardening rule '{name}' blocks {service}", name=rule.name,
            service=rule.service or rule.program or rule.package), (rule,))


def unread(line: int, reason: object) -> Barrier:
    """Return what a rule of that layer may do that cannot be read."""
    return Barrier(line, "", Reason("what the line means: {reason}", reason=str(reason)))
