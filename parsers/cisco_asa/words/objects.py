"""Objects and object-groups: one namespace, read line by line, resolved when an ACE names them.

A name may be used before it is defined and a group may hold itself in a file edited by hand, so nothing is
resolved before the whole file is read.
"""

from __future__ import annotations

from aclproof.parsers.cisco_asa.words import literals, members
from aclproof.parsers.cisco_asa.words.members import Definition, IcmpTypes, Kind, Member, Ref
from aclproof.parsers.cisco_asa.words.services import TCP_UDP, icmp_service
from aclproof.parsers.cisco_asa.words.unresolved import Addresses, LineError, Open, Services
from aclproof.parsers.model import addresses
from aclproof.parsers.model.addresses import NOWHERE
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.services import ICMP, Service
from aclproof.reason import Reason

_MAX_DEPTH = 64
"""Deeper nesting of groups is left unresolved."""

_GROUP_KINDS: dict[str, Kind] = {
    "network": "network", "service": "service", "protocol": "protocol", "icmp-type": "icmp-type",
    "icmp-object": "icmp-type", "user": "user", "security": "security"}
_OBJECT_KINDS = frozenset({"network", "service"})


class Objects:
    """Everything that a name can mean."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        """The `names` table: alias to address."""
        self.interfaces: dict[str, Addresses] = {}
        """The firewall's own addresses, for `interface NAMEIF` in an ACE."""
        self.definitions: dict[str, Definition] = {}
        self._addresses: dict[str, Addresses] = {}
        self._services: dict[str, Services] = {}
        self._ports: dict[tuple[str, tuple[int, ...]], IntervalSet] = {}
        self._protocols: dict[str, IntervalSet] = {}
        self._icmp_types: dict[tuple[str, int], tuple[IcmpTypes, ...]] = {}

    def open(self, words: list[str], line: int) -> Definition:
        """Read a header: `object network N`, `object-group service N tcp`; a known name is re-opened."""
        if len(words) < 3:
            raise LineError(Reason("an object needs a kind and a name"))
        word, kind_word, name = words[0], words[1], words[2]
        kind = _GROUP_KINDS.get(kind_word)
        if kind is None or (word == "object" and kind not in _OBJECT_KINDS):
            raise LineError(Reason("'{kind}' is not a kind of {word}", kind=kind_word, word=word))
        protocols: tuple[int, ...] = ()
        if word == "object-group" and kind == "service" and len(words) > 3:
            kind = "ports"
            protocols = TCP_UDP if words[3] == "tcp-udp" else (literals.protocol(words[3]),)
        known = self.definitions.get(name)
        if known is not None and (known.kind, known.word, known.protocols) == (kind, word, protocols):
            known.valued = known.translated = False
            return known
        if known is not None:
            reason = Reason("which {name} is meant: the file defines it twice, as different things",
                             name=name)
            known.members.append(members.open_member(known, reason))
            raise LineError(Reason("{name} is a {kind} {word} already", name=name, kind=known.kind,
                                   word=known.word))
        fresh = self.definitions[name] = Definition(name, kind, word, line, protocols)
        return fresh

    def add(self, definition: Definition, words: list[str]) -> None:
        """Read one line of a body; LineError leaves the definition with an open member."""
        try:
            member = members.read(definition, words, self.names)
        except (LineError, IndexError) as error:
            reason = Reason("a line of {word} {name} could not be read", word=definition.word,
                             name=definition.name)
            definition.members.append(members.open_member(definition, reason))
            if isinstance(error, LineError):
                raise
            raise LineError(Reason("the line is cut short")) from None
        if member is None:
            return
        if definition.word == "object":
            definition.ranged = words[0] == "range"
            self._set_value(definition, member)
        else:
            definition.members.append(member)

    def _set_value(self, definition: Definition, member: Member) -> None:
        """An object has one value; a second line replaces it. Two right after each other are none of one
        object: a header is lost."""
        if definition.valued:
            definition.members.append(member)
            definition.doubtful = Reason("two values follow each other in {word} {name}, as if a line "
                                         "between them were lost", word=definition.word, name=definition.name)
            return
        unread = [each for each in definition.members if members.is_open(definition, each)]
        definition.members[:] = [*unread, member]
        definition.valued = True

    def take(self, definition: Definition, words: list[str]) -> bool:
        """Read `no MEMBER`; False where it cannot be read, so that any may be meant."""
        member = self._try(definition, words)
        if member is None:
            self.doubt(definition)
            return False
        if member in definition.members:  # of what is not there nothing is taken away
            definition.members.remove(member)
            definition.valued = False
        return True

    def doubt(self, definition: Definition) -> None:
        """Say that anything may have been taken out of a definition."""
        definition.doubtful = Reason("a line that takes something out of {word} {name} is not followed",
                                     word=definition.word, name=definition.name)

    def goes_on(self, definition: Definition, line: list[str], whole: list[list[str]]) -> bool | None:
        """Put a member right that may go on in the line below; `whole` is what both may be together.

        None where they are nothing together; False where more than one reading is possible: what all of them
        hold is sure, the rest open.
        """
        together = [each for words in whole if (each := self._try(definition, words))
                    and not (isinstance(each, Ref) and each.name not in self.definitions)]
        if not together or not definition.members:
            return None
        alone = self._try(definition, line)
        if alone is None and len(together) == 1:
            definition.members[-1] = together[0]
            return True
        addresses_read = [each for each in (alone, *together) if isinstance(each, Addresses)]
        definition.members[-1] = members.one_of(definition, addresses_read) if addresses_read else \
            members.open_member(definition, Reason("a line of {word} {name} may go on in the next one",
                                                   word=definition.word, name=definition.name))
        return False

    def _try(self, definition: Definition, words: list[str]) -> Member | None:
        try:
            return members.read(definition, words, self.names)
        except (LineError, IndexError):
            return None

    def kind(self, name: str) -> Kind | None:
        """Return what a name is, None when the file does not define it."""
        known = self.definitions.get(name)
        return known.kind if known else None

    def network(self, name: str, word: str = "") -> Addresses:
        """Resolve a network object or group; `word` says which of the two it must be."""
        return self._network(Ref(name, word), ())

    def service(self, name: str, word: str = "") -> Services:
        """Resolve a service object or a service group without a protocol."""
        return self._service(Ref(name, word), ())

    def port_group(self, name: str, protocols: tuple[int, ...], depth: int = 0) -> IntervalSet:
        """Resolve a group of ports for one of `protocols`; LineError when it is none."""
        found = self._ports.get((name, protocols))
        if found is None:
            definition = self._defined(name, "ports", depth)
            if not set(protocols) & set(definition.protocols):
                raise LineError(Reason("object-group {name} is for another protocol", name=name))
            found = self._ports[name, protocols] = IntervalSet.union(
                self.port_group(member.name, protocols, depth + 1) if isinstance(member, Ref) else member
                for member in definition.members if isinstance(member, Ref | IntervalSet))
        return found

    def protocol_group(self, name: str, depth: int = 0) -> IntervalSet:
        """Resolve a group of protocols."""
        found = self._protocols.get(name)
        if found is None:
            members = self._defined(name, "protocol", depth).members
            found = self._protocols[name] = IntervalSet.union(
                self.protocol_group(member.name, depth + 1) if isinstance(member, Ref) else member
                for member in members if isinstance(member, Ref | IntervalSet))
        return found

    def icmp_group(self, name: str, protocol: int, depth: int = 0) -> tuple[IcmpTypes, ...]:
        """Resolve a group of ICMP types for ICMP or ICMPv6."""
        found = self._icmp_types.get((name, protocol))
        if found is None:
            pairs: dict[IcmpTypes, None] = {}
            for member in self._defined(name, "icmp-type", depth).members:
                if isinstance(member, Ref):
                    pairs |= dict.fromkeys(self.icmp_group(member.name, protocol, depth + 1))
                elif isinstance(member, str):
                    pairs[literals.icmp_type(member, protocol)] = None
            found = self._icmp_types[name, protocol] = tuple(pairs)
        return found

    def _defined(self, name: str, kind: Kind, depth: int) -> Definition:
        definition = self.definitions.get(name)
        if definition is None or definition.kind != kind or definition.word != "object-group":
            raise LineError(Reason("object-group {name} is not a group of {kind}", name=name,
                                   kind=kind) if definition
                        else Reason("object-group {name} is not defined in this file", name=name))
        if depth > _MAX_DEPTH:
            raise LineError(Reason("object-group {name} contains itself or is nested too deep", name=name))
        if definition.doubtful or any(isinstance(each, Addresses | Services) for each in definition.members):
            raise LineError(Reason("a line of object-group {name} could not be read", name=name))
        return definition

    def _network(self, ref: Ref, above: tuple[str, ...]) -> Addresses:
        name = ref.name
        definition = self.definitions.get(name)
        reason = _why_unknown(ref, definition, "network", above)
        if reason or definition is None:
            return Addresses(NOWHERE, (Open(f"object {name}", reason),))
        known = self._addresses.get(name)
        if known is not None:
            return known
        parts = []
        for member in definition.members:
            if isinstance(member, Ref):
                parts.append(self._network(member, (*above, name)))
            elif isinstance(member, Addresses):
                parts.append(member)
        whole = Addresses(addresses.join(part.known for part in parts),
                          tuple(dict.fromkeys(one for part in parts for one in part.opens)))
        if definition.doubtful:
            perhaps = Open(f"{definition.word} {name}", definition.doubtful, whole.known)
            whole = Addresses(NOWHERE, (perhaps, *whole.opens))
        self._addresses[name] = whole  # inside a circle it is open, so what is kept errs to that side
        return whole

    def _service(self, ref: Ref, above: tuple[str, ...]) -> Services:
        name = ref.name
        definition = self.definitions.get(name)
        if definition is None and ref.word == "object":
            known_service = built_in(name)
            if known_service:
                return known_service
        reason = _why_unknown(ref, definition, "service", above)
        if reason or definition is None:
            return Services((), (Open(f"object {name}", reason),))
        known = self._services.get(name)
        if known is not None:
            return known
        parts = []
        for member in definition.members:
            if isinstance(member, Ref):
                parts.append(self._service(member, (*above, name)))
            elif isinstance(member, Services):
                parts.append(member)
        whole = Services(tuple(dict.fromkeys(one for part in parts for one in part.known)),
                         tuple(dict.fromkeys(one for part in parts for one in part.opens)))
        if definition.doubtful:
            whole = Services((), (Open(f"{definition.word} {name}", definition.doubtful), *whole.opens))
        self._services[name] = whole
        return whole


def _why_unknown(ref: Ref, definition: Definition | None, kind: Kind, above: tuple[str, ...]) -> str:
    name = ref.name
    if definition is None:
        return Reason("what {name} stands for: it is not defined in this file", name=name)
    if definition.kind != kind or ref.word not in ("", definition.word):
        if not ref.word:
            return Reason("what {name} stands for: it is a {kind} {word}, not a {wanted_kind}", name=name,
                          kind=definition.kind, word=definition.word, wanted_kind=kind)
        return Reason("what {name} stands for: it is a {kind} {word}, not a {wanted_kind} {wanted_word}",
                      name=name, kind=definition.kind, word=definition.word, wanted_kind=kind,
                      wanted_word=ref.word)
    if definition.word == "object" and not definition.members:
        return Reason("what {name} stands for: the object has no value in this file", name=name)
    if name in above or len(above) > _MAX_DEPTH:
        return Reason("what {name} stands for: it contains itself or is nested too deep", name=name)
    return ""


def built_in(name: str) -> Services | None:
    """Return a service that ASA knows without a definition: a protocol, or `icmp-` with a type; or None."""
    try:
        if name.startswith("icmp-"):
            return Services((icmp_service(ICMP, [name.removeprefix("icmp-")]),))
        number = literals.protocol(name)
        return None if name.isdecimal() else Services((Service(IntervalSet.of((number, number))),))
    except LineError:
        return None
