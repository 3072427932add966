"""Interfaces and routes of a router, where `ip address` and `ip route` were given with its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.iptables.forms import Form
from aclproof.parsers.iptables.text.ip_output import Leads, Places
from aclproof.parsers.model.addresses import NOWHERE, Family
from aclproof.parsers.model.firewall import Interface, Route
from aclproof.parsers.source import Joined

_LOOPBACK = "lo"


def interfaces(forms: Sequence[Form], joined: Joined) -> tuple[Interface, ...]:
    """Return every interface that is shown, with its own addresses."""
    found: dict[str, Interface] = {}
    for form, places in _shown(forms):
        first = joined.first(form.source)
        for name, (own, line) in places.interfaces.items():
            before = found.get(name)
            found[name] = Interface(name, None, (before.addresses if before else NOWHERE) | own,
                                    before.line if before else first + line)
    return tuple(found.values())


def routes(forms: Sequence[Form], joined: Joined) -> tuple[Route, ...]:
    """Return the routes of the main table; of a family without, the networks at the interfaces."""
    families = {family for _, places in _shown(forms) for family in places.families}
    found: dict[Route, None] = {}
    for form, places in _shown(forms):
        first = joined.first(form.source)
        for leads in places.routes:
            found |= dict.fromkeys(_routes(leads, first))
        for leads in places.connected:
            if leads.interface != _LOOPBACK:
                found |= dict.fromkeys(each for each in _routes(leads, first) if each.family not in families)
    return tuple(found)


def options(forms: Sequence[Form], joined: Joined) -> Mapping[str, int]:
    """Return the line that shows that another table than the main one may decide."""
    lines = (joined.first(form.source) + places.elsewhere for form, places in _shown(forms)
             if places.elsewhere)
    line = next(lines, None)
    return {} if line is None else {"policy-routing": line}


def rules_shown(forms: Sequence[Form]) -> bool:
    """Return whether it is shown which rules choose the table."""
    return any(places.rules_shown for _, places in _shown(forms))


def _shown(forms: Sequence[Form]) -> Iterator[tuple[Form, Places]]:
    return ((form, form.places) for form in forms if form.places)


def _routes(leads: Leads, first: int) -> Iterator[Route]:
    for family in Family:
        for low, high in leads.network.of(family).ranges:
            length = family.last.bit_length() - (high - low).bit_length()
            yield Route(family, low, length, leads.interface, first + leads.line, leads.metric)
