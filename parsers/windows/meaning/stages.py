"""A packet's way through Windows Firewall: one filter for what comes in, one for what goes out.

Order of force (MS-FASP 2.2.34): where the firewall is off everything passes; then authenticated bypass, block
rules, allow rules, the profile's default action. Replies pass with the session.
"""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.conditions import Place
from aclproof.parsers.model.firewall import Firewall, Hook, Transit
from aclproof.parsers.model.rules import Action, Default, Stage
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.meaning import implicit
from aclproof.parsers.windows.meaning.implicit import WAYS
from aclproof.parsers.windows.records.rule import PROFILE_NAMES, PROFILES, Direction
from aclproof.reason import Reason

_WAYS: Mapping[Hook, Direction] = {"input": "In", "output": "Out"}


def stages(firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
    """Return the one filter of a direction, in a profile or in whichever there may be.

    UnsupportedInputError for packets that only pass through the computer, and for a profile that Windows does
    not have.
    """
    way = _WAYS.get(transit.hook)
    if way is None:
        raise UnsupportedInputError(Reason("{name}: Windows Firewall filters only what its own computer "
                                           "sends and gets; say whose it is: 'host: ROLE'",
                                           name=firewall.name))
    profile = _profile(firewall, transit.profile)
    place = Place(transit.ingress if way == "In" else "", "" if way == "In" else transit.egress,
                  way == "In", way == "Out", profile=profile)
    chains: tuple[str, ...] = (implicit.barriers(way), implicit.state(way), implicit.bypass(way),
                               implicit.exceptions(way), WAYS[way])
    ends = [firewall.defaults[implicit.of_profile(way, each)] for each in PROFILES if profile in ("", each)]
    if len({each.action for each in ends}) > 1:
        chains = (*chains, implicit.default(way))
    end = next((each for each in ends if each.action is Action.DENY), ends[0])
    name = Reason("{way}, {profile} profile", way=WAYS[way], profile=PROFILE_NAMES[profile]) if profile \
        else WAYS[way]
    return (Stage(name, chains, end if profile else _whichever(end, way), place, once=True),)


def through(firewall: Firewall, chain: str) -> tuple[Stage, ...]:
    """Return the filter of one direction, for a profile that is not known; KeyError for another chain."""
    hook: Hook = {name: hook for hook, way in _WAYS.items() for name in (WAYS[way],)}[chain]
    return stages(firewall, Transit(Family.V4, hook=hook))


def _profile(firewall: Firewall, word: str) -> str:
    """Find a profile, however it is written."""
    found = next((each for each in PROFILES if each.lower() == word.lower()), "")
    if word and not found:
        raise UnsupportedInputError(Reason("{name}: Windows has no profile '{word}'; say domain, private "
                                           "or public", name=firewall.name, word=word))
    return found


def _whichever(end: Default, way: Direction) -> Default:
    """Every profile has this default action, or the chain before has tested which."""
    return Default(end.action, end.kind, Reason("default action: {action}",
                                                action=implicit.unmatched(way, end.action)), end.span)
