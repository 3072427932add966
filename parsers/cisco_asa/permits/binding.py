"""An interface that has no list: bind one, and keep what security levels let pass and stop from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.cisco_asa.permits.aces import Aces, address
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.model.addresses import Family, networks
from aclproof.parsers.model.firewall import Firewall, Interface
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.routing import interfaces_towards
from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, Objection, merged
from aclproof.reason import Reason

_ROUTES = ("dynamic-routing", "policy-routing", "unread-route")


def candidates(config: Config, aces: Aces, entry: str,
               missing: Sequence[MissingPermit]) -> Iterator[Candidate | NotWritable]:
    """Yield lists that are bound nowhere yet, and a new one, or why none can be written."""
    if config.ipv4_only and any(each.box.family is Family.V6 for each in missing):
        yield NotWritable(tuple(missing), Reason("no list for IPv6 is bound to {entry}: before ASA 9.0 it "
                                                 "takes a list of its own, which has to be written by hand",
                                                 entry=entry))
        return
    for chain in _unbound(config):
        name = config.list_name(chain)
        line = f"access-group {name} in interface {entry}"
        yield Candidate((line,), tuple(missing), 1, reuses=True, binds=chain, refused=_refused(name, line))
    yield _new(config, aces, entry, missing)


def _refused(name: str, line: str) -> Objection:
    """Why a list that is bound nowhere is not simply bound."""
    return Objection(
        gains=Reason("{name} permits it too and is bound nowhere, but '{line}' opens more than is missing",
                     name=name, line=line),
        loses=Reason("{name} permits it too and is bound nowhere, but '{line}' stops what security levels "
                     "let pass", name=name, line=line),
        gains_and_loses=Reason("{name} permits it too and is bound nowhere, but '{line}' opens more than is "
                               "missing, and stops what security levels let pass", name=name, line=line))


def _unbound(config: Config) -> Iterator[str]:
    """Yield the lists that filter nothing so far."""
    used = {each.chain for each in config.firewall.bindings}
    return (each for each in config.firewall.lists if each not in used and _filters(config, each))


def _filters(config: Config, name: str) -> bool:
    """Whether a list is of a kind that interfaces take."""
    known = config.access_list(name)
    texts = [config.source.span(abs(line)).text.split() for line in known.entries] if known else []
    return bool(texts) and not any({"standard", "ethertype", "webtype"} & set(words[2:5]) for words in texts)


def _new(config: Config, aces: Aces, entry: str,
         missing: Sequence[MissingPermit]) -> Candidate | NotWritable:
    firewall = config.firewall
    own = firewall.interface(entry)
    if own is None or any(interface.level is None for interface in firewall.interfaces):
        return NotWritable(tuple(missing),
                           Reason("no list is bound to {entry}, and not all security levels are known",
                                  entry=entry))
    lower = _open_by_level(firewall, own)
    guarded = [interface for interface in firewall.interfaces if interface not in lower]
    reason = _why_unknown(config, entry, guarded) if lower else ""
    if reason:
        return NotWritable(tuple(missing), reason)
    name = aces.fresh_list(f"{entry}_access_in")
    groups: list[str] = []
    entries: list[str] = []
    for union in merged(missing):
        fresh, permits = aces.written(union.permit.box, name, 0)
        groups += fresh
        entries += permits
    kept = aces.numbered(name, 0, _kept(config, lower, guarded)) if lower else []
    advice = (_keeping_advice(entry),) if lower else ()
    return Candidate((*groups, *entries, *kept, f"access-group {name} in interface {entry}"), tuple(missing),
                     len(entries), advice)


def _open_by_level(firewall: Firewall, own: Interface) -> list[Interface]:
    """The interfaces to which security levels let packets pass."""
    same = "inter-interface" in firewall.options
    return [interface for interface in firewall.interfaces if interface.name != own.name and (
        _level(interface) < _level(own) or (same and interface.level == own.level))]


def _keeping_advice(entry: str) -> str:
    return Reason("{entry} had no list: the entries behind these keep what security levels let pass from "
                  "there", entry=entry)


def _kept(config: Config, lower: Sequence[Interface], guarded: Sequence[Interface]) -> Sequence[str]:
    """The entries that stand for security levels: permit less trusted networks, or all but the others."""
    permits = [f"permit ip any {each}" for each in _networks(config, lower)]
    denies = [f"deny ip any {each}" for each in _networks(config, guarded)]
    if len(permits) <= len(denies) and not any(each.dynamic for each in lower):
        return permits
    return [*denies, "permit ip any any"]


def _level(interface: Interface) -> int:
    assert interface.level is not None
    return interface.level


def _why_unknown(config: Config, entry: str, guarded: Sequence[Interface]) -> str:
    """Why what security levels let pass from an interface cannot be written down, or nothing."""
    firewall = config.firewall
    if firewall.lists_before_translation and firewall.translations:
        return Reason("no list is bound to {entry}, and a new one would have to keep what security levels "
                      "let pass: before ASA 8.3 lists hold translated addresses, which tell no interface",
                      entry=entry)
    line = next((firewall.options[each] for each in _ROUTES if each in firewall.options), None)
    if line is not None:
        return Reason("no list is bound to {entry}, and a new one would have to keep what security levels "
                      "let pass: because of line {line}, the file does not hold all routes", entry=entry,
                      line=line)
    dynamic = next((each for each in guarded if each.dynamic), None)
    if dynamic:
        return Reason("no list is bound to {entry}, and a new one would have to keep what security levels "
                      "let pass: what lies behind {name} is not in the file", entry=entry, name=dynamic.name)
    return ""


def _networks(config: Config, interfaces: Sequence[Interface]) -> Iterator[str]:
    names = [each.name for each in interfaces]
    for family in (Family.V4,) if config.ipv4_only else Family:
        routed, _ = interfaces_towards(config.firewall, family, IntervalSet.of((0, family.last)))
        found = IntervalSet.union(each.addresses for each in routed if each.interface in names)
        yield from (address(family, *each) for each in networks(family, found.ranges))
