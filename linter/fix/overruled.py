"""Rules that were written to stop certain packets, and that a permit before them overrules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.proof.records import Judged, Proof
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import ANY_PORT
from aclproof.reason import Reason

_WHOLE = (ANY, ANY4, ANY6)


def advice(proofs: Sequence[Proof], opens: Sequence[Box]) -> Iterator[Reason]:
    """Name the rules of one firewall that stop some of what is opened; those that end a list are none."""
    for proof in proofs:
        if not isinstance(proof.finding, Judged):
            continue
        for part in proof.finding.outcome.denials:
            by = part.by
            if isinstance(by, Rule) and by.in_file and _is_narrow(by) and _meet(part.boxes, opens):
                yield Reason("this overrules {place}, which stops some of it: ask why that is there",
                             place=proof.firewall.quote(by.line))


def _is_narrow(rule: Rule) -> bool:
    """Whether it is for certain addresses or ports; one for all of a protocol ends a list, as in fw4."""
    return (rule.sources not in _WHOLE or rule.destinations not in _WHOLE
            or not any(each.source_ports == each.destination_ports == ANY_PORT for each in rule.services))


def _meet(some: Sequence[Box], others: Sequence[Box]) -> bool:
    return any(one & other for one in some for other in others)
