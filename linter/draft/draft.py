"""From configurations to the content of a first site file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from msgspec import Struct

from aclproof.linter.draft.choice import Choice, choose
from aclproof.linter.draft.hints import ReadConfig, hints, networks_at, ports_in, rules_of
from aclproof.linter.draft.placement import Placement, Suggestion, propose_placement
from aclproof.linter.draft.signs import signs_of
from aclproof.linter.draft.stated import Line, Stated
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import LINK_LOCAL, AddressSet, Family, single
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.rules.init_section import SettingHints
from aclproof.rules.pack import Pack
from aclproof.rules.settings import resolve
from aclproof.rules.values import Value


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
    usual = resolve(pack, {}).values
    for setting in pack.init.settings:
        if stated and setting.id in stated.settings:
            continue
        if found := _value_of(setting, usual.get(setting.id), firewalls, roles):
            settings[setting.id] = found
    placements = tuple(propose_placement(each, roles, signs) for each in firewalls)
    return SiteDraft(placements, choice, settings, tuple(_networks(firewalls)), stated)


def _addresses(lines: Sequence[Line]) -> AddressSet:
    return addresses.join(addresses.parse(each.value) for each in lines if each.value and not each.is_open)


def _value_of(setting: SettingHints, usual: Value | None, firewalls: Sequence[ReadConfig],
              roles: Mapping[str, AddressSet]) -> Suggestion | None:
    """The first guess whose port is permitted to its role, unless only the port that is usual is permitted
    to fewer addresses than that."""
    for guess in setting.guesses:
        role = roles.get(guess.role, AddressSet())
        found = _permitted(firewalls, role, guess.port)
        other = _permitted(firewalls, role, usual) if _is_port(usual) else None
        if found and not (other and other.addresses < found.addresses):
            return Suggestion(guess.value, found.place, guess.because)
    return None


def _is_port(value: Value | None) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


class _Permitted(Struct, frozen=True):
    """A line that permits a port expressly, and to how many addresses."""

    place: str
    addresses: int


def _permitted(firewalls: Sequence[ReadConfig], role: AddressSet, port: int) -> _Permitted | None:
    """The first line of those that permit a port to a role and to the fewest addresses."""
    found = [_Permitted(known.place(rule.line), sum(rule.destinations.of(each).size for each in Family))
             for known in firewalls for rule in rules_of(known.firewall)
             if ports_in(rule, [port]) and rule.destinations & role]
    return min(found, key=lambda each: each.addresses, default=None)


def _networks(firewalls: Sequence[ReadConfig]) -> Iterator[Network]:
    """What is at each interface, once: the parts of one line together, as a pool is many of them."""
    for known in firewalls:
        for interface in known.firewall.interfaces:
            of_line: dict[int, list[AddressSet]] = {}
            for family, network, line in networks_at(known, interface.name):
                part = single(family, IntervalSet.of(network))
                if not part <= LINK_LOCAL:  # no role can be there: its packets cross no firewall
                    of_line.setdefault(line, []).append(part)
            first: dict[str, int] = {}
            for line, parts in of_line.items():
                for text in addresses.spell_all(addresses.join(parts)):
                    first.setdefault(text, line)
            yield from (Network(known.name, interface.name, text, known.place(line))
                        for text, line in first.items())
