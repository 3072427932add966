"""`policy-route route-map`: which packets an interface's route map may send out elsewhere than the routes do.

From 9.4 on, for the first packet of a connection that comes in there, and not where a translation chooses the
way (GEN, policy-based routing). A list that is not known to the end counts as one that permits all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aclproof.parsers.cisco_asa.meaning.hardware import name_of
from aclproof.parsers.cisco_asa.meaning.network import Network
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.sections import Section
from aclproof.parsers.cisco_asa.words import literals
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY, Family
from aclproof.parsers.model.policy_routes import Clause, PolicyRoute
from aclproof.parsers.model.rules import Action, Chain, Rule
from aclproof.parsers.model.services import ANY_SERVICE

_NO_WAY = frozenset({("ip", "df"), ("ip", "dscp"), ("ipv6", "dscp")})
"""What `set` may change besides the way."""


def used(sections: Sequence[Section]) -> Iterator[tuple[Section, str, int]]:
    """Yield the interfaces that route by policy, with the name of the route map and its line."""
    for section in sections:
        if section.words[0] != "interface":
            continue
        said = [child for child in section.children if "policy-route" in child.words[:2]
                and "route-map" in child.words[:3]]
        if said and said[-1].words[0] != "no":
            yield section, " ".join(said[-1].words[2:]), said[-1].line


def policy_routes(reader: Reader, sections: Sequence[Section], known: Network,
                  lists: Mapping[str, Chain]) -> tuple[PolicyRoute, ...]:
    """Read what each interface in use routes by policy."""
    incomplete = bool(reader.cut or reader.left_out or reader.lost_lists or reader.loose
                      or reader.flat.get("no route-map"))
    maps = _Maps(reader, sections, known, lists)
    return tuple(PolicyRoute(name_of(section), line, (_everything(0),) if incomplete else maps.clauses(name))
                 for section, name, line in used(sections) if name_of(section) in known.found)


def _everything(line: int) -> Clause:
    return Clause(True, ((Rule(Action.PERMIT, ANY, ANY, (ANY_SERVICE,), line),),))


class _Maps:
    """The route maps of a file."""

    def __init__(self, reader: Reader, sections: Sequence[Section], known: Network,
                 lists: Mapping[str, Chain]) -> None:
        self._reader, self._known, self._lists = reader, known, lists
        self._entries: dict[str, dict[int, list[Section]]] = {}
        self._unclear: set[str] = set()
        for section in sections:
            if section.words[0] == "route-map":
                self._enter(section)

    def _enter(self, section: Section) -> None:
        match section.words[1:]:
            case [name, "permit" | "deny", number] if number.isdecimal() and len(number) < 6:
                self._entries.setdefault(name, {}).setdefault(int(number), []).append(section)
            case [name, *_]:
                self._unclear.add(name)
            case _:
                pass

    def clauses(self, name: str) -> tuple[Clause, ...]:
        """Read a route map; one that is not in the file may do anything."""
        entries = self._entries.get(name)
        if not entries or name in self._unclear:
            return (_everything(0),)
        return tuple(clause for _, same in sorted(entries.items()) for clause in self._clause(same))

    def _clause(self, same: Sequence[Section]) -> Iterator[Clause]:
        actions = {section.words[2] for section in same}
        children = [child for section in same for child in section.children]
        matches = [child.words for child in children if child.words[0] == "match"]
        changed = any(child.words[0] == "no" for child in children) or len(actions) > 1
        everything = _everything(same[0].line)
        if changed:
            yield everything
        elif actions == {"permit"}:
            ways = self._ways([child.words[1:] for child in children if child.words[0] == "set"])
            lists = self._matched(matches)
            yield Clause(True, everything.lists if lists is None else lists, ways)
        elif len(matches) <= 1:
            lists = self._matched(matches) if matches else everything.lists
            if lists is not None:
                yield Clause(False, lists)

    def _matched(self, matches: Sequence[Sequence[str]]) -> tuple[Sequence[Rule], ...] | None:
        """The lists of which one has to permit a packet; None where that is not known."""
        names: list[str] = []
        for words in matches:
            if words[1:3] in (["ip", "address"], ["ipv6", "address"]) and "prefix-list" not in words:
                names += words[3:]
        found = [self._lists.get(name) for name in names]
        if not found or set(names) & self._reader.unbindable or f"{names[0]} (ipv6)" in self._lists:
            return None
        return None if None in found else tuple(each.rules for each in found if each)

    def _ways(self, said: Sequence[Sequence[str]]) -> frozenset[str] | None:
        """The interfaces by which lines of `set` send packets out; None where that is not known."""
        ways: set[str] = set()
        for words in said:
            if tuple(words[:2]) in _NO_WAY:
                continue
            found = self._way(words)
            if not found:
                return None
            ways |= found
        return frozenset(ways)

    def _way(self, words: Sequence[str]) -> set[str]:
        match [each for each in words if each != "default"]:
            case ["interface", *names] if names and set(names) <= self._known.found.keys():
                return set(names)
            case ["ip", "next-hop", "verify-availability", gateway, *_]:
                return self._leading_to([gateway])
            case ["ip", "next-hop", *gateways] if gateways:
                return self._leading_to(gateways)
            case _:
                return set()

    def _leading_to(self, gateways: Sequence[str]) -> set[str]:
        """The interfaces in whose networks gateways are; none where one is in no network, or in several."""
        ways: set[str] = set()
        for gateway in gateways:
            try:
                number = literals.ipv4(gateway, self._reader.objects.names)
            except LineError:
                return set()
            at = {route.interface for route in self._known.routes if route.family is Family.V4
                  and route.metric == 0 and not route.tunnel and number in route.addresses}
            if len(at) != 1:
                return set()
            ways |= at
        return ways
