"""Firewalls that do otherwise than their configurations say, by answers of devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aclproof.linter.result import DemandResult, Result
from aclproof.linter.testimony import Said
from aclproof.parsers.model.shown_by_device import EndpointsAnswer


def contradicting(said: Iterable[Said], results: Sequence[DemandResult]) -> Mapping[str, Said]:
    """Return them with the first answer that shows it.

    A connection that was opened nevertheless shows it of every firewall that stops packets of it. Ports that
    a host has contradict a setting, and no firewall.
    """
    found: dict[str, Said] = {}
    for each in said:
        if each.standing == "contradicted" and not isinstance(each.answer, EndpointsAnswer):
            names = (each.firewall,) if each.firewall else [
                missing.blocked_by.firewall for result in results
                if result.requirement.id in each.requirements for missing in result.missing]
            for name in names:
                found.setdefault(name, each)
    return found


def of_result(result: Result) -> Mapping[str, Said]:
    """Return those of a result."""
    return contradicting(result.testimony.said, result.demands) if result.testimony else {}
