"""The VPN tunnels of a file: which packets they take, where they end, and which lists filter them.

`crypto map NAME SEQ match address LIST`, `set peer`, `crypto map NAME interface IF`; `ip local pool` for
users; and interfaces with `tunnel protection ipsec`. A filter is found by the tunnel group of the peer, its
group policy, and DfltGrpPolicy for what that leaves out (TAC 99103).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from aclproof.parsers.cisco_asa.meaning.hardware import name_of
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet
from aclproof.parsers.model.intervals import IntervalSet

Line = tuple[list[str], int]
_SITE_TO_SITE = "DefaultL2LGroup"
_DEFAULT_POLICY = "DfltGrpPolicy"


class Split(Struct, frozen=True):
    """Which addresses users reach through their tunnel: those of a list, or all others."""

    list: str
    excludes: bool
    family: AddressSet
    """All addresses of the family that it is for."""
    line: int


class Tunnel(Struct, frozen=True):
    """Packets that go through one tunnel, or through the tunnels of the users of a pool."""

    line: int
    name: str
    """The peer, the pool, or the interface."""
    interfaces: tuple[str, ...]
    """Where it ends; none where that is not known."""
    selector: str = ""
    """The access list that selects the packets that go in."""
    far: AddressSet = ANY
    """Where there is no list: the addresses at its other end."""
    filters: tuple[str, ...] = ()
    """The access lists that filter it."""
    own_filters: tuple[str, ...] = ()
    """Those that filter what some users send and get, by their own attributes."""
    of_users: bool = False
    splits: tuple[Split, ...] = ()
    vlan: int = 0
    """The line that sends the packets out by a VLAN of its own."""
    announced: bool = False
    """Whether routes to its other end are in force that no line states."""


class _Policies(Struct):
    """Group policies and tunnel groups, by name: the words and the line of what they set."""

    policies: dict[str, dict[str, tuple[list[str], int]]] = field(default_factory=dict)
    groups: dict[str, dict[str, tuple[list[str], int]]] = field(default_factory=dict)
    of_users: dict[str, None] = field(default_factory=dict)
    """The filters of single users, and of records that choose users by what they are and use."""

    def set_in(self, policy: str, word: str) -> tuple[list[str], int]:
        """What a policy sets, or the default one for it; nothing where neither does."""
        for name in (policy, _DEFAULT_POLICY):
            found = self.policies.get(name, {}).get(word)
            if found:
                return found
        return [], 0

    def policy_of(self, group: str) -> str:
        """The policy of a tunnel group."""
        words, _ = self.groups.get(group, {}).get("default-group-policy", ([], 0))
        return words[0] if words else _DEFAULT_POLICY

    def filters(self, policies: Iterable[str]) -> tuple[str, ...]:
        """The lists that policies name as filters."""
        found: dict[str, None] = {}
        for policy in policies:
            words, _ = self.set_in(policy, "vpn-filter")
            if words[:1] == ["value"]:
                found |= dict.fromkeys(words[1:2])
        return tuple(found)

    def splits(self, policies: Iterable[str]) -> tuple[Split, ...]:
        """What policies send past the tunnels of users; lists are for both families since 9.0 (VPN)."""
        found: dict[Split, None] = {}
        for policy in policies:
            words, line = self.set_in(policy, "split-tunnel-network-list")
            for family, word in ((ANY4, "split-tunnel-policy"), (ANY6, "ipv6-split-tunnel-policy")):
                how = "".join(self.set_in(policy, word)[0])
                if words[:1] == ["value"] and words[1:] and how in ("tunnelspecified", "excludespecified"):
                    found[Split(words[1], how == "excludespecified", family, line)] = None
        return tuple(found)


def tunnels(sections: Sequence[Section], flat: Mapping[str, Sequence[Line]],
            names: Mapping[str, str]) -> list[Tunnel]:
    """Read all tunnels of a file."""
    policies = _policies(sections)
    crypto = flat.get("crypto", ())
    ends = _ends(sections, crypto)
    return [*_site_to_site(crypto, policies), *_pools(flat.get("ip", ()), ends, policies, names),
            *_interfaces(sections, policies)]


def _policies(sections: Iterable[Section]) -> _Policies:
    found = _Policies()
    for section in sections:
        for child in section.children:
            match section.words[0], child.words:
                case ("username", ["vpn-filter", "value", name]) | (
                        "dynamic-access-policy-record", ["network-acl", name]):
                    found.of_users[name] = None
                case _:
                    pass
        kinds = {"group-policy": found.policies, "tunnel-group": found.groups}
        here = kinds.get(section.words[0])
        if here is not None and len(section.words) > 1:
            settings = here.setdefault(section.words[1], {})
            for child in section.children:
                settings[child.words[0]] = (child.words[1:], child.line)
    return found


def _ends(sections: Iterable[Section], crypto: Iterable[Line]) -> tuple[str, ...]:
    """The interfaces at which users' tunnels end."""
    found = [words[4] for words, _ in crypto
             if words[1] == "map" and words[3:4] == ["interface"] and len(words) > 4]
    for section in sections:
        if section.words == ["webvpn"]:
            found += [child.words[1] for child in section.children if len(child.words) > 1]
    return tuple(dict.fromkeys(found))


def _site_to_site(crypto: Sequence[Line], policies: _Policies) -> Iterator[Tunnel]:
    entries: dict[tuple[str, str, str], dict[str, tuple[list[str], int]]] = {}
    ends: dict[str, list[str]] = {}
    for words, line in crypto:
        if words[1] not in ("map", "dynamic-map") or len(words) < 5:
            continue
        if words[3] == "interface":
            ends.setdefault(words[2], []).append(words[4])
        else:
            key = "set " + words[5] if words[4] == "set" and words[5:] else words[4]
            entries.setdefault((words[1], words[2], words[3]), {})[key] = (words[5:], line)
    in_order = sorted(entries.items(), key=lambda entry: literals.number(entry[0][2], 65535) or 0)
    for (kind, name, number), settings in in_order:
        if kind == "map":
            dynamic, _ = settings.get("ipsec-isakmp", ([], 0))
            yield from _entry(f"{name} {number}", settings, ends.get(name, ()), policies)
            for (inner, called, _), own in in_order if dynamic[:1] == ["dynamic"] else ():
                if inner == "dynamic-map" and called == dynamic[-1]:
                    yield from _entry(called, own, ends.get(name, ()), policies)


def _entry(name: str, settings: Mapping[str, tuple[list[str], int]], ends: Sequence[str],
           policies: _Policies) -> Iterator[Tunnel]:
    selected, line = settings.get("match", ([], 0))
    if selected[:1] != ["address"] or len(selected) < 2 or not ends:
        return
    peers = settings.get("set peer", ([], 0))[0][1:]
    groups = [peer if peer in policies.groups else _SITE_TO_SITE for peer in peers or [_SITE_TO_SITE]]
    yield Tunnel(line, peers[0] if peers else name, tuple(ends), selected[1],
                 filters=policies.filters(map(policies.policy_of, groups)),
                 announced="set reverse-route" in settings)


def _pools(lines: Iterable[Line], ends: tuple[str, ...], policies: _Policies,
           names: Mapping[str, str]) -> Iterator[Tunnel]:
    """`ip local pool NAME FIRST-LAST [mask M]`, `ipv6 local pool NAME FIRST/LENGTH COUNT`."""
    for words, line in lines:
        if words[1:3] != ["local", "pool"] or len(words) < 5:
            continue
        used = list(_policies_with(words[3], policies))
        vlan = max((policies.set_in(policy, "vlan")[1] for policy in used), default=0)
        yield Tunnel(line, words[3], ends, far=_of_pool(words[4:], names), filters=policies.filters(used),
                     own_filters=tuple(policies.of_users), splits=policies.splits(used), of_users=True,
                     vlan=vlan, announced=True)


def _of_pool(words: Sequence[str], names: Mapping[str, str]) -> AddressSet:
    """`FIRST-LAST [mask M]`; all hosts of a network are the network, whose two other addresses nobody has."""
    first, _, last = words[0].partition("-")
    try:
        if "/" in first:
            return _of_pool6(first, words[1:])
        found = literals.between(first, last or first, names)
        whole = literals.network(first, words[2], names) if words[1:2] == ["mask"] and words[2:] else found
    except LineError:
        return ANY
    ends = whole.v4 - found.v4
    return whole if found <= whole and ends.size <= 2 else found


def _of_pool6(first: str, words: Sequence[str]) -> AddressSet:
    """`FIRST/LENGTH COUNT`; the whole network where the count cannot be read."""
    lowest = literals.host(first.partition("/")[0], {}).v6.lowest
    network = literals.network6(first)
    count = literals.number(words[0], network.v6.size) if words else None
    return AddressSet(v6=IntervalSet.of((lowest, lowest + count - 1))) if count else network


def _policies_with(pool: str, policies: _Policies) -> Iterator[str]:
    for group, settings in policies.groups.items():
        if pool in settings.get("address-pool", ([], 0))[0]:
            yield policies.policy_of(group)
    for name, settings in policies.policies.items():
        if pool in settings.get("address-pools", ([], 0))[0]:
            yield name


def _interfaces(sections: Iterable[Section], policies: _Policies) -> Iterator[Tunnel]:
    """Interfaces that are tunnels themselves."""
    for section in sections:
        name = name_of(section) if section.words[0] == "interface" else ""
        said = [child.words for child in section.children]
        if not name or not any(words[1:3] == ["protection", "ipsec"] for words in said):
            continue
        peer = next((words[2] for words in said if words[1:2] == ["destination"] and len(words) > 2), "")
        group = peer if peer in policies.groups else _SITE_TO_SITE
        yield Tunnel(section.line, name, (name,), filters=policies.filters([policies.policy_of(group)]))
