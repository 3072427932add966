"""Equal sets of addresses and services, kept once."""

from __future__ import annotations

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.rules import Rule
from aclproof.parsers.model.services import Service


class Sets:
    """Equal sets are kept once, so that the engine meets each only once."""

    def __init__(self) -> None:
        self._addresses: dict[AddressSet, AddressSet] = {}
        self._services: dict[tuple[Service, ...], tuple[Service, ...]] = {}

    def kept(self, rule: Rule) -> Rule:
        """Return the rule with sets that are kept."""
        return rule._replace(sources=self._addresses.setdefault(rule.sources, rule.sources),
                             destinations=self._addresses.setdefault(rule.destinations, rule.destinations),
                             services=self._services.setdefault(rule.services, rule.services))
