"""From configurations to the content of a first site file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aclproof.linter.draft.choice import Choice, choose
from aclproof.linter.draft.hints import (
    MANAGEMENT,
    UPDATES,
    ReadConfig,
    hints,
    networks_at,
    ports_in,
    rules_of,
)
from aclproof.linter.draft.placement import Placement, Suggestion, propose_placement
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet, single, spell
from aclproof.parsers.model.intervals import IntervalSet


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses behind an interface, to choose from."""

    firewall: str
    interface: str
    network: str
    place: str


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """The content of a first site file; firewalls in the order in which packets of the client meet them."""

    placements: tuple[Placement, ...]
    choice: Choice
    settings: Mapping[str, Suggestion]
    networks: tuple[Network, ...]


def draft_site(firewalls: Sequence[ReadConfig]) -> SiteDraft:
    """Guess roles, settings and the place of each firewall; nothing is guessed that no line suggests."""
    choice = choose(hint for known in firewalls for hint in hints(known))
    roles = {role: addresses.join(single(each.family, IntervalSet.of(each.addresses)) for each in chosen)
             for role, chosen in choice.chosen.items()}
    return SiteDraft(tuple(propose_placement(each, roles) for each in firewalls), choice,
                    dict(_settings(firewalls, roles)), tuple(_networks(firewalls)))


def _settings(firewalls: Sequence[ReadConfig],
              roles: Mapping[str, AddressSet]) -> Iterator[tuple[str, Suggestion]]:
    web = _permitted(firewalls, roles.get(MANAGEMENT), (80, 443))
    if 80 in web:
        yield "mode", Suggestion("mixed", web[80], "TCP 80 is permitted to the management point")
    elif 443 in web:
        yield "mode", Suggestion("native", web[443], "only TCP 443 is permitted to the management point")
    updates = _permitted(firewalls, roles.get(UPDATES), (8530, 8531, 80, 443))
    for port in (8530, 8531):
        if port in updates:
            yield "wsus-http-port", Suggestion("8530", updates[port], f"TCP {port} is permitted to it")
            return


def _permitted(firewalls: Sequence[ReadConfig], role: AddressSet | None,
               ports: tuple[int, ...]) -> dict[int, str]:
    """The first line that permits each port to a role expressly."""
    found: dict[int, str] = {}
    for known in firewalls if role else ():
        for rule in rules_of(known.firewall):
            assert role is not None
            if rule.destinations & role and not rule.destinations <= AddressSet():
                for port in set(ports) & set(ports_in(rule)):
                    found.setdefault(port, known.place(rule.line))
    return found


def _networks(firewalls: Sequence[ReadConfig]) -> Iterator[Network]:
    for known in firewalls:
        for interface in known.firewall.interfaces:
            for family, network, line in networks_at(known, interface.name):
                yield Network(known.name, interface.name, spell(family, [network])[0], known.place(line))
