"""What asks nothing of the firewalls of a site, and why."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from aclproof.reason import Reason
from aclproof.rules.pack import Requirement


class NotNeeded(Struct, frozen=True):
    """A requirement of the pack that asks nothing of the firewalls of this site."""

    requirement: Requirement
    methods: tuple[str, ...]
    """The selected ones that have it."""
    reason: str = ""
    """Why, where its condition holds."""


def on_one_computer(needed: Iterable[Requirement], not_needed: Iterable[NotNeeded]) -> dict[str, Reason]:
    """Return why nothing of some methods can be judged: what they require has one computer at both ends."""
    judged = {method for each in needed if each.severity == "error" for method in each.methods}
    return {method: Reason("all that it requires here stays on one computer, so nothing of it passes a "
                           "firewall")
            for each in not_needed if each.reason and each.requirement.severity == "error"
            for method in each.methods if method not in judged}
