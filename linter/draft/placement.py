"""The place of a firewall in a site: its host, the interface of each role, the list of each role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct, field

from aclproof import parsers
from aclproof.linter.draft.comments import end_meant
from aclproof.linter.draft.hints import ReadConfig, ports_in, ports_named, rules_of
from aclproof.linter.draft.signs import Signs
from aclproof.linter.proof.route_lookup import interfaces_towards
from aclproof.linter.site.site import SiteFirewall
from aclproof.parsers.model.addresses import AddressSet, Family
from aclproof.parsers.model.conditions import OnInterface
from aclproof.parsers.model.firewall import Transit
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.vendor import door
from aclproof.reason import Reason
from aclproof.rules.init_section import PortHint

_TAKEN_BY_TOOLS = ("docker", "libvirt", "cali-", "kube")
"""Chains that programs keep for their own virtual networks: no sign of a router."""


class Suggestion(Struct, frozen=True):
    """A value, and the line that suggests it."""

    value: str
    place: str
    basis: str


class Placement(Struct, frozen=True):
    """What is proposed for one firewall besides its configuration."""

    known: ReadConfig
    host: Suggestion | None = None
    profile: Suggestion | None = None
    interfaces: Mapping[str, Suggestion] = field(default_factory=dict)
    """By role; so are `lists`."""
    lists: Mapping[str, Suggestion] = field(default_factory=dict)


def propose_placement(known: ReadConfig, roles: Mapping[str, AddressSet], signs: Signs) -> Placement:
    """Propose the place of a firewall; `roles` are the addresses that were proposed."""
    firewall = known.firewall
    traits = door(firewall.vendor).traits
    if traits.needs_host:
        usual = Reason("such computers are members of a domain")
        profile = Suggestion(traits.profiles[0], known.config, usual) if traits.profiles else None
        strong = [hint for hint in signs.ports if hint.strength == "strong"]
        return Placement(known, _host(known, signs, strong), profile)
    if firewall.on_host:
        host = None if _routes(known) else _host(known, signs, signs.ports)
        shown = host or firewall.interfaces
        return Placement(known, host, interfaces={} if shown else dict(_by_rules(known, roles)))
    if not firewall.interfaces:
        return Placement(known, lists=dict(_lists(known, roles)))
    return Placement(known, interfaces=dict(_unrouted(known, roles)))


def _host(known: ReadConfig, signs: Signs, ports: Sequence[PortHint]) -> Suggestion | None:
    """The role of the host that a firewall runs on: by its name, by comments, or by which of some ports it
    lets in."""
    for text in (known.name, PurePath(known.config).stem):
        for role, word in signs.roles_in(text):
            return Suggestion(role, known.config, Reason("its name speaks of '{word}'", word=word))
    for spoken_of in _by_comment(known, signs):
        return spoken_of
    listening = [hint for hint in reversed(ports) if hint.destination]
    watched = [port for hint in listening for port in hint.ports]
    open_ports = {port: rule for rule in _inward(known) for port in ports_in(rule, watched)}
    for hint in listening:
        for port in sorted(set(hint.ports) & set(open_ports)):
            return Suggestion(hint.destination, known.place(open_ports[port].line),
                              Reason("TCP {port} is let in", port=port))
    return None


def _by_comment(known: ReadConfig, signs: Signs) -> Iterator[Suggestion]:
    """Roles that names or comments of what is let in speak of, on ports of theirs; most computers could be
    of the near role."""
    about = {each.line: each.about for each in known.names if each.kind == "rule"}
    for rule in _inward(known):
        for role, word in signs.roles_in(about.get(rule.line, "")):
            ports = ports_named(rule)
            if role != signs.near and ports & signs.listens_on(role) and end_meant(
                    about[rule.line], role, word, ports, signs) != "source":
                yield Suggestion(role, known.place(rule.line),
                                 Reason("a rule whose name or comment speaks of '{word}'", word=word))


def _inward(known: ReadConfig) -> list[Rule]:
    """The permits for what the host itself gets; what is rewritten may be sent on."""
    chains = known.firewall.chains
    found: dict[int, Rule] = {}
    queue = [name for family in Family
             for stage in parsers.stages(known.firewall, Transit(family, hook="input"))
             for name in stage.chains if name in chains]
    reached = set(queue)
    while queue:
        for rule in chains[queue.pop()].rules:
            if rule.target in chains and rule.target not in reached:
                reached.add(rule.target)
                queue.append(rule.target)
            if rule.action is Action.PERMIT and rule.enabled and rule.in_file and not rule.effect:
                found.setdefault(rule.line, rule)
    return [found[line] for line in sorted(found)]


def _routes(known: ReadConfig) -> bool:
    """Whether rules are about packets that only pass through, other than tools' own."""
    chains = [chain for name, chain in known.firewall.chains.items() if name.startswith("filter/FORWARD")]
    return any(rule.action in (Action.PERMIT, Action.DENY, Action.JUMP) and rule.in_file
               and not any(word in known.firewall.source.span(rule.line).text.lower()
                           for word in _TAKEN_BY_TOOLS)
               for chain in chains for rule in chain.rules)


def _by_rules(known: ReadConfig, roles: Mapping[str, AddressSet]) -> Iterator[tuple[str, Suggestion]]:
    """Interfaces that rules name together with a role's addresses; only where all of them agree."""
    for role, addresses in roles.items():
        found: Counter[tuple[str, int]] = Counter()
        for rule in rules_of(known.firewall):
            for condition in rule.conditions:
                if isinstance(condition, OnInterface) and not condition.negated and \
                        not condition.name.endswith("+"):
                    side = rule.sources if condition.way == "in" else rule.destinations
                    if any(side.of(family) and side.of(family) <= addresses.of(family) for family in Family):
                        found[condition.name, rule.line] += 1
        names = {name for name, _ in found}
        if len(names) == 1:
            name, line = min(found, key=lambda each: each[1])
            yield role, Suggestion(name, known.place(line), Reason("a rule names both"))


def _unrouted(known: ReadConfig, roles: Mapping[str, AddressSet]) -> Iterator[tuple[str, Suggestion]]:
    """For roles to which no route leads: the interface whose list has them as sources."""
    for role, addresses in roles.items():
        place = SiteFirewall(known.name, tuple(known.configs))
        if any(part.reason for family in Family if addresses.of(family)
               for part in interfaces_towards(known.firewall, place, role, family, addresses.of(family))):
            for name, suggested in _lists(known, {role: addresses}):
                bound = [each for each in known.firewall.bindings
                         if each.chain == suggested.value and each.direction == "in" and each.interface]
                if len(bound) == 1 and bound[0].interface:
                    yield name, Suggestion(bound[0].interface, known.place(bound[0].line),
                                          Reason("its list {name} has rules with them as sources",
                                                 name=suggested.value))


def _lists(known: ReadConfig, roles: Mapping[str, AddressSet]) -> Iterator[tuple[str, Suggestion]]:
    """For each role the list that has it as a source most often."""
    for role, addresses in roles.items():
        counts: Counter[str] = Counter()
        first: dict[str, int] = {}
        for name, chain in known.firewall.lists.items():
            for rule in chain.rules:
                if any(_names_as_source(rule.sources.of(family), addresses, family) for family in Family):
                    counts[name] += 1
                    first.setdefault(name, rule.line)
        best = counts.most_common(2)
        if best and (len(best) == 1 or best[0][1] > best[1][1]):
            name = best[0][0]
            yield role, Suggestion(name, known.place(first[name]),
                                   Reason("it has rules with them as sources"))


def _names_as_source(sources: IntervalSet, addresses: AddressSet, family: Family) -> bool:
    return sources.size <= family.last // 2 and sources.overlaps(addresses.of(family))
