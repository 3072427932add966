"""Interfaces that a site file names and no rule does: a slip of the pen, or one without rules.

Only rules show the interfaces of a firewall that runs on a host, and they need not name all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.conditions import LOOPBACK, OnInterface, Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.reason import Reason

_WILDCARD = "+"


def doubts(place: SiteFirewall, firewall: Firewall) -> Iterator[Opaque]:
    """Yield a doubt for each such interface; one that is hardly a slip is relied on."""
    if not firewall.on_host or firewall.interfaces:  # else the file shows them all
        return
    named = named_by_rules(firewall)
    for name in dict.fromkeys(place.interfaces.values()):
        if is_unnamed(name, named):
            yield Opaque(key(name, place), Reason(
                "whether {firewall} has an interface {name}: no rule of it names one", firewall=place.name,
                name=name), True, "ip link", relied_on=not meant(name, named))


def key(name: str, place: SiteFirewall) -> str:
    """Return the fact that a firewall has an interface."""
    return f"interface {name} of {place.name}"


def named_by_rules(firewall: Firewall) -> list[str]:
    """Return the interfaces that rules name, `+` at the end of a name for anything."""
    names = {condition.name: None for _, condition in firewall.conditions()
             if isinstance(condition, OnInterface) and not condition.supposed}
    return [name for name in names if name != LOOPBACK]


def is_unnamed(name: str, named: Sequence[str]) -> bool:
    """Return whether rules name interfaces, but not this one."""
    return bool(named) and not any(_matches(pattern, name) for pattern in named)


def meant(name: str, named: Sequence[str]) -> str:
    """Return the interface that was probably meant; empty where none is one slip away."""
    return next((each for each in named if not each.endswith(_WILDCARD) and _one_slip(name, each)), "")


def _matches(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith(_WILDCARD) else name == pattern


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter was left out, doubled, swapped or mistaken; another number is another interface."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == len(longer):
        at = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        if len(at) == 1:
            return not (one[at[0]].isdigit() and other[at[0]].isdigit())
        return len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] + one[at[1]] == other[at[1]] + other[at[0]]
    return len(longer) == len(shorter) + 1 and any(
        longer[:place] + longer[place + 1:] == shorter for place in range(len(longer)))
