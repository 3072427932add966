"""Rules for lines that say less than they mean: open names, and lines that could not be read."""

from __future__ import annotations

from itertools import product

from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError, Services
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import ANY, AddressSet
from aclproof.parsers.model.conditions import Condition, Membership, Opaque, Side
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.model.services import ANY_SERVICE, Service, service
from aclproof.reason import Reason

ACTIONS = {"permit": Action.PERMIT, "deny": Action.DENY}
ANY_SERVICES = (ANY_SERVICE,)

_MOST = 64
"""More combinations of open members than this become one open condition."""

Alternative = tuple[AddressSet, tuple[Condition, ...]]


def rules(action: Action, source: Addresses, destination: Addresses, services: Services, line: int,
          conditions: tuple[Condition, ...], enabled: bool) -> list[Rule]:
    """One rule for what is surely meant, and one for each open member that may be meant as well."""
    sides = (_alternatives(source, "source"), _alternatives(destination, "destination"))
    offers: list[tuple[tuple[Service, ...], tuple[Condition, ...]]] = [(services.known, ())]
    # which ports or protocols are meant is no yes or no
    offers += [(one.services, (Opaque("", one.because),)) for one in services.opens]
    if len(sides[0]) * len(sides[1]) * len(offers) > _MOST:
        sides, offers = _collapsed(source, destination), [(ANY_SERVICES, ())]
    return [Rule(action, s, d, v, line, (*conditions, *s_open, *d_open, *v_open), enabled)
            for (s, s_open), (d, d_open), (v, v_open) in product(*sides, offers) if s and d and v]


def _alternatives(side: Addresses, which: Side) -> list[Alternative]:
    return [(side.known, ()),
            *((one.universe, (Membership(which, one.key, one.because),)) for one in side.opens)]


def _collapsed(source: Addresses, destination: Addresses) -> tuple[list[Alternative], list[Alternative]]:
    def whole(side: Addresses) -> AddressSet:
        return addresses.join((side.known, *(one.universe for one in side.opens)))

    many = Opaque("", Reason("the addresses of {number} names",
                             number=len(source.opens) + len(destination.opens)))
    return [(whole(source), (many,))], [(whole(destination), ())]


def unread(words: list[str], line: int, reason: str) -> list[Rule]:
    """Rules for a line that could not be read: it may decide any packet, in its own way or in either.

    A line that says both may be two lines that ran together. One whose protocol was read is for that only.
    """
    actions = [action for word, action in ACTIONS.items() if word in words[2:]]
    doubt: tuple[Condition, ...] = (Opaque("", Reason("what the line means: {reason}", reason=reason)),)
    services = _of_protocol(words) if len(actions) == 1 else ANY_SERVICES
    return [Rule(each, ANY, ANY, services, line, doubt) for each in actions or ACTIONS.values()]


def _of_protocol(words: list[str]) -> tuple[Service, ...]:
    at = next(at for at, word in enumerate(words) if at > 1 and word in ACTIONS)
    try:
        number = literals.protocol(words[at + 1])
    except (LineError, IndexError):
        return ANY_SERVICES
    return (service(number),) if number and "standard" not in words[:at] else ANY_SERVICES
