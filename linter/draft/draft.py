"""From configurations to the content of a first site file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.draft.choice import Choice, choose
from aclproof.linter.draft.hints import ReadConfig, hints, networks_at, ports_in, rules_of
from aclproof.linter.draft.placement import Placement, Suggestion, propose_placement
from aclproof.linter.draft.signs import signs_of
from aclproof.linter.draft.stated import Line, Stated
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import AddressSet, single, spell
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.rules.init_section import SettingHints
from aclproof.rules.pack import Pack


class Network(Struct, frozen=True):
    """Addresses behind an interface, to choose from."""

    firewall: str
    interface: str
    network: str
    place: str


class SiteDraft(Struct, frozen=True):
    """The content of a first site file; firewalls in the order in which the near role meets them."""

    placements: tuple[Placement, ...]
    choice: Choice
    settings: Mapping[str, Suggestion]
    networks: tuple[Network, ...]
    stated: Stated | None = None
    """What an inventory states; there is no guess for a role or a setting in it."""


def draft_site(firewalls: Sequence[ReadConfig], pack: Pack, stated: Stated | None = None) -> SiteDraft:
    """Guess roles, settings and the place of each firewall; nothing is guessed that no line suggests, nor
    what is `stated`."""
    signs = signs_of(pack)
    known_roles = stated.roles if stated else {}
    choice = choose((hint for known in firewalls for hint in hints(known, signs)
                     if hint.role not in known_roles), signs.near)
    roles = {role: addresses.join(single(each.family, IntervalSet.of(each.addresses)) for each in chosen)
             for role, chosen in choice.chosen.items()}
    roles |= {role: known for role, lines in known_roles.items() if (known := _addresses(lines))}
    settings: dict[str, Suggestion] = {}
    for setting in pack.init.settings:
        if stated and setting.id in stated.settings:
            continue
        if found := _value_of(setting, firewalls, roles):
            settings[setting.id] = found
    placements = tuple(propose_placement(each, roles, signs) for each in firewalls)
    return SiteDraft(placements, choice, settings, tuple(_networks(firewalls)), stated)


def _addresses(lines: Sequence[Line]) -> AddressSet:
    return addresses.join(addresses.parse(each.value) for each in lines if each.value and not each.is_open)


def _value_of(setting: SettingHints, firewalls: Sequence[ReadConfig],
              roles: Mapping[str, AddressSet]) -> Suggestion | None:
    """The first guess whose port is permitted to its role."""
    for guess in setting.guesses:
        if place := _permitted(firewalls, roles.get(guess.role, AddressSet()), guess.port):
            return Suggestion(guess.value, place, guess.because)
    return None


def _permitted(firewalls: Sequence[ReadConfig], role: AddressSet, port: int) -> str:
    """The first line that permits a port to a role expressly, or nothing."""
    for known in firewalls:
        for rule in rules_of(known.firewall):
            if rule.destinations & role and ports_in(rule, [port]):
                return known.place(rule.line)
    return ""


def _networks(firewalls: Sequence[ReadConfig]) -> Iterator[Network]:
    for known in firewalls:
        for interface in known.firewall.interfaces:
            for family, network, line in networks_at(known, interface.name):
                yield Network(known.name, interface.name, spell(family, [network])[0], known.place(line))
