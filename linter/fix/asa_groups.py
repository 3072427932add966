"""A group that is there already takes in what is missing, where that opens nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from aclproof.linter.engine.evaluate import evaluate
from aclproof.linter.engine.prefilter import candidates
from aclproof.linter.fix.asa_aces import members
from aclproof.linter.fix.asa_entering import Config
from aclproof.linter.fix.missing_permits import Opening
from aclproof.linter.fix.proposals import Written
from aclproof.linter.fix.side_effects import beside, more
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import Context
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action, Default, Rule, Stage

_MOST_TRIES = 4
"""Each costs reading the whole configuration."""
_NO_USE = (["access-group"], ["description"])
_END = Default(Action.DENY, "", "", Span("", 0, 0, ""))


def extended(config: Config, openings: Sequence[Opening], needed: Sequence[Box]) -> Written | None:
    """Find the group whose extension opens the most; None where each opens too much or too little."""
    best: Written | None = None
    for lines in list(dict.fromkeys(_candidates(config, openings, needed)))[:_MOST_TRIES]:
        after = config.entered(lines)
        served = tuple(each for each in openings if _opens(after, each))
        if len(served) <= (len(best.openings) if best else 0):
            continue
        if not beside(config.firewall, after, needed):
            best = Written(lines, served, len(lines) - 1)
    return best


def _opens(firewall: Firewall, opening: Opening) -> bool:
    rules = {opening.chain: candidates(firewall.chains[opening.chain].rules, [opening.box])[0]}
    outcome = evaluate([Stage(opening.chain, (opening.chain,), _END)], rules, opening.box, Context())
    return not (outcome.denied or outcome.undecided)


def _candidates(config: Config, openings: Sequence[Opening],
                needed: Sequence[Box]) -> Iterator[tuple[str, ...]]:
    """Yield the lines that add to a group of a permit which is for the packets but for one end."""
    groups = _Groups(config)
    tried: set[tuple[str, Family, IntervalSet]] = set()
    for opening in openings:
        box = opening.box
        for rule in config.firewall.chains[opening.chain].rules[:opening.at]:
            for found, wanted, other, its in (
                    (rule.sources, box.sources, rule.destinations, box.destinations),
                    (rule.destinations, box.destinations, rule.sources, box.sources)):
                names = groups.of(found)
                rest = wanted - found.of(box.family) if names else wanted
                if not (names and rest and its <= other.of(box.family) and _permits(rule, box)):
                    continue
                for name in names:
                    key = name, box.family, rest
                    if key not in tried and _names(config, rule, name):
                        tried.add(key)
                        if _free(config, name) and _only_for(config, found, box.family, rest, needed):
                            yield (f"object-group network {name}", *members(box.family, rest))


class _Groups:
    """The groups of which everything is known, by what they hold; each interned set is looked up once."""

    def __init__(self, config: Config) -> None:
        self._names: dict[AddressSet, list[str]] = {}
        self._known: dict[int, list[str]] = {}
        objects = config.reader.objects
        for name, known in objects.definitions.items():
            if known.kind == "network" and known.word == "object-group":
                resolved = objects.network(name)
                if resolved.known and not resolved.opens:
                    self._names.setdefault(resolved.known, []).append(name)

    def of(self, addresses: AddressSet) -> list[str]:
        known = self._known.get(id(addresses))
        if known is None:
            known = self._known[id(addresses)] = self._names.get(addresses, [])
        return known


def _permits(rule: Rule, box: Box) -> bool:
    return rule.action is Action.PERMIT and rule.enabled and not rule.conditions and any(
        box.protocol in each.protocols and box.source_ports <= each.source_ports
        and box.destination_ports <= each.destination_ports for each in rule.services)


def _only_for(config: Config, group: AddressSet, family: Family, rest: IntervalSet,
              needed: Sequence[Box]) -> bool:
    """Whether permits that have the group at one end are, with what it is to take in, for needed packets."""
    for rule in (rule for chain in config.firewall.lists.values() for rule in chain.rules):
        if group in (rule.sources, rule.destinations):
            sources, destinations = (rest if each == group else each.of(family)
                                     for each in (rule.sources, rule.destinations))
            if rule.action is not Action.PERMIT or any(each.protocols.size > 1 for each in rule.services):
                return False
            if more((Box(family, each.protocols.lowest, sources, destinations, each.source_ports,
                         each.destination_ports) for each in rule.services), needed):
                return False
    return True


def _names(config: Config, rule: Rule, name: str) -> bool:
    words = config.source.span(rule.line).text.split()
    return ("object-group", name) in pairwise(words)


def _free(config: Config, name: str) -> bool:
    """Whether nothing but lists that filter interfaces depends on a group."""
    bound = {each.chain.removesuffix(" (ipv6)") for each in config.firewall.bindings}
    used: set[str] = set()
    others: list[list[str]] = []
    for text in config.reader.texts:
        words = text.split() if text else []
        if words[:1] == ["ipv6"]:
            words = words[1:]
        if words[:1] == ["access-list"]:
            used |= {words[1]} if name in words[2:] else set()
        elif words[:1] not in _NO_USE and words[:2] != ["object-group", "network"]:
            others.append(words)
    return used <= bound and not any(word == name or word in used for words in others for word in words)
