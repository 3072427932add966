"""Filters of the reverse path, where routes are shown: by which interface one leads back to each source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping

from msgspec.structs import replace

from aclproof.parsers.model import routing
from aclproof.parsers.model.addresses import LINK_LOCAL, Family, single
from aclproof.parsers.model.conditions import Condition, OnInterface, Opaque
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.plain_rules import special
from aclproof.parsers.model.rules import Chain, Rule


def decide(firewall: Firewall, chains: MutableMapping[str, Chain],
           unless: Mapping[Family, tuple[Condition, ...]]) -> None:
    """Ask rules that look for the way back by which interface packets come; what routes leave open stays so.

    `unless` are the conditions under which routes are not those that are shown.
    """
    for chain in [each for each in chains.values() if any(map(_asked, special(each.rules)))]:
        chains[chain.name] = replace(chain, rules=[
            part for rule in chain.rules for part in _parts(firewall, rule, unless)])


def _asked(rule: Rule) -> Opaque | None:
    return next((each for each in rule.conditions if isinstance(each, Opaque) and each.way_back), None)


def _parts(firewall: Firewall, rule: Rule, unless: Mapping[Family, tuple[Condition, ...]]) -> Iterator[Rule]:
    asked = _asked(rule)
    if asked is None:
        yield rule
        return
    rest = tuple(each for each in rule.conditions if each is not asked)
    for family in Family:
        sources = single(family, rule.sources.of(family))
        if not sources:
            continue
        if family not in firewall.all_routes:
            yield rule._replace(sources=sources)
            continue
        elsewhere = unless.get(family, ())[:1]
        as_shown = tuple(replace(each, negated=not each.negated) for each in elsewhere
                         if isinstance(each, Opaque))
        if elsewhere:
            yield rule._replace(sources=sources, conditions=(*rule.conditions, *elsewhere))
        for part in _by_routes(firewall, rule._replace(sources=sources), asked, family):
            yield part._replace(conditions=(*rest, *part.conditions, *as_shown))


def _by_routes(firewall: Firewall, rule: Rule, asked: Opaque, family: Family) -> Iterator[Rule]:
    """The parts of a rule by where its sources are, each with what is asked of these instead."""
    sources = rule.sources.of(family)
    nearby = sources & LINK_LOCAL.of(family)  # by the link, whatever the routes (nft_fib_ipv6.c)
    ways, lost = routing.interfaces_towards(firewall, family, sources - nearby)
    back = nearby
    for way in routing.by_interface(ways):
        by: Condition = asked if way.reason else OnInterface("in", way.interface, asked.negated)
        if asked.way_back == "by any" and not way.reason:
            back |= way.addresses
        else:
            yield rule._replace(sources=single(family, way.addresses), conditions=(by,))
    if surely := lost if asked.negated else back:
        yield rule._replace(sources=single(family, surely), conditions=())
