"""`ipset save`, `ipset list` and restore files: lines in, sets out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from aclproof.parsers.iptables.ipset import entries as ipset_entries
from aclproof.parsers.iptables.ipset.entries import DECIDABLE, IP, NET, OLD_TYPES, PORT, SET, TYPES, Entry
from aclproof.parsers.iptables.ipset.known_options import COMMANDS, EXTENSIONS, OPTIONS
from aclproof.parsers.iptables.text.names import number
from aclproof.parsers.iptables.text.read_once import ReadOnce
from aclproof.parsers.iptables.text.words import RuleError
from aclproof.parsers.model.addresses import Family
from aclproof.parsers.model.intervals import Range
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source
from aclproof.reason import Reason


class IpSet(Struct):
    """A set of addresses, ports or other sets, as the input gives it."""

    name: str
    line: int
    kind: str = ""
    """The type, as ipset 6 and later spell it."""
    family: Family | None = Family.V4
    """Whose packets it can match; None for both."""
    odd: list[Entry] = field(default_factory=list)
    """Members that are more than one address or network."""
    plain: list[Range] = field(default_factory=list)
    """Members that are one address or network and nothing else: there may be millions."""
    ported: dict[ipset_entries.Ports, list[Range]] = field(default_factory=dict)
    """Members that are one address or network with ports, and nothing else."""
    members: list[str] = field(default_factory=list)
    """The sets that a list:set holds."""
    size: int = 0
    """How many members the input has."""
    dynamic: bool = False
    """Members time out: what the input holds was true when it was made."""
    netmask: int | None = None
    reason: str = ""
    """Why the members are not known for sure; empty when they are."""
    changed_by: str = ""
    """The line of a rule that adds or removes members, in words; empty where none does."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What each part of a member is: `ip`, `net`, `port`..."""
        return TYPES[self.kind]

    @property
    def entries(self) -> list[Entry]:
        """All members but sets."""
        ported = (Entry((each, ports)) for ports, found in self.ported.items() for each in found)
        return [*(Entry((each,)) for each in self.plain), *ported, *self.odd]

    def empty(self) -> None:
        """Remove all members."""
        self.plain, self.odd, self.members, self.size = [], [], [], 0
        self.ported = {}

    def doubt(self, reason: str) -> None:
        """Record why the set cannot be relied on; the first reason stays."""
        self.reason = self.reason or reason


_COMMENT = re.compile(r'\scomment "[^"]*"')
_FIELD = re.compile(r"(Name|Type|Revision|Header|Size in memory|References|Number of entries|Members|"
                    r"Default binding|Bindings):\s*(.*)")


class _Lane:
    """The fast lane of a set's members: one address or network in a line, perhaps with ports."""

    def __init__(self, to: IpSet, begin: str, family: Family) -> None:
        self._to, self._begin, self._size = to, begin, len(begin)
        self._read = ipset_entries.plain_reader(family).read
        self._ported = ReadOnce(self._with_ports) if PORT in to.dimensions else None
        """The members that have the same ports."""

    def add(self, text: str) -> bool:
        """Add the member of a line; False where it is another line, or says more."""
        if not text.startswith(self._begin):
            return False
        member, members = text[self._size:], self._to.plain
        if self._ported is not None:
            member, _, ports = member.partition(",")
            alike = None if " " in ports else self._ported[ports]
            if alike is None:
                return False
            members = alike
        found = self._read(member)
        if found is None:
            return False
        members.append(found)
        self._to.size += 1
        return True

    def _with_ports(self, text: str) -> list[Range]:
        assert self._to.family
        return self._to.ported.setdefault(ipset_entries.ports(text, self._to.family), [])


def _lane(to: IpSet, begin: str) -> _Lane | None:
    plain = to.kind in TYPES and to.netmask is None and to.dimensions in (
        (IP,), (NET,), (IP, PORT), (NET, PORT))
    return _Lane(to, begin, to.family) if plain and to.family else None


class Reader:
    """What one input says; `states` has one entry for each of its lines."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.states: list[State] = [State.IGNORED] * source.size
        self.reasons: dict[int, str] = {}
        """Lines that were not read, and why."""
        self.sets: dict[str, IpSet] = {}
        self._listed: IpSet | None = None
        self._expected: dict[str, int | None] = {}
        """Sets that a listing names, and how many members it promises; removed once they were read."""
        self._inside = False
        self._stray = ""
        """Why any set may have one more member; empty where none does."""
        self._lane: _Lane | None = None
        """Where the next line may be another member of the same set."""

    def read(self) -> Reader:
        """Read all lines; one that cannot be read casts doubt on its set."""
        for at, text in enumerate(self._source.stream(), 1):
            text = text.strip()
            if self._lane and self._lane.add(text):
                self.states[at - 1] = State.UNDERSTOOD
                continue
            self._lane = None
            if not text or text.startswith("#") or text == "COMMIT":
                self._inside = self._inside and bool(text)
                continue
            try:
                self._line(text, at)
                self.states[at - 1] = State.UNDERSTOOD
                self._lane = self._lane_after(text)
            except RuleError as error:
                self.states[at - 1], self.reasons[at] = State.UNREAD, str(error)
        self._finish()
        return self

    def _line(self, text: str, line: int) -> None:
        if found := _FIELD.fullmatch(text):
            self._field(found[1], found[2], line)
        elif self._inside and self._listed:
            self._add(self._listed, text)
        else:
            self._command(text, line)

    def _lane_after(self, text: str) -> _Lane | None:
        """Return the fast lane for the lines after one that was read, where its set has plain members."""
        if self._inside and self._listed:
            return _lane(self._listed, "")
        verb, *words = text.split(None, 2)
        to = self.sets.get(words[0]) if verb in ("create", "add") else None
        return _lane(to, f"add {to.name} ") if to else None

    def _field(self, name: str, value: str, line: int) -> None:
        if name == "Name":
            self._listed, self._inside = self._new(value, line), False
            self._expected[value] = None
        elif self._listed is None:
            raise RuleError(Reason("'{name}:' stands before the name of a set", name=name))
        elif name == "Type":
            if self._listed.kind:  # the name of another set is lost
                self._listed = self._new(self._listed.name, line)
            _set_type(self._listed, value)
        elif name == "Header":
            _options(self._listed, [word.rstrip(":") for word in value.split()])
        elif name == "Number of entries":
            self._expected[self._listed.name] = number(value, 2**32)
        elif name == "Members":
            self._inside = True
            _check_type(self._listed)
            if self._expected.get(self._listed.name, 0) is None:
                del self._expected[self._listed.name]

    def _command(self, text: str, line: int) -> None:
        self._listed = None
        words = text.split()
        verb = COMMANDS.get(words[0])
        if verb is None or (verb in ("create", "add") and len(words) < 3):
            for name in words[1:]:
                if name in self.sets:
                    self.sets[name].doubt(Reason("line {line} could not be read", line=line))
            raise RuleError(Reason("'{text}' is not understood in a dump of sets",
                                   text=' '.join(words[:2])))
        if verb == "create":
            self._create(words, line)
        elif verb == "add":
            if words[1] not in self.sets:
                self._stray = Reason("line {line} adds to a set that was not created, and may mean this one",
                                     line=line)
                raise RuleError(Reason("the set {name} was not created", name=words[1]))
            self._add(self.sets[words[1]], text.split(None, 2)[2])
        else:
            self._empty(verb, words[1:])

    def _create(self, words: Sequence[str], line: int) -> None:
        name = words[1]
        if name in self.sets and {"-exist", "-!"} & set(words):
            return
        made = self._new(name, line)
        _set_type(made, words[2])
        _options(made, words[3:])
        _check_type(made)

    def _new(self, name: str, line: int) -> IpSet:
        """Make a set; a second one of the same name leaves both in doubt."""
        known = self.sets.get(name)
        made = self.sets[name] = IpSet(name, line)
        if known:
            made.doubt(Reason("lines {first} and {second} both create it", first=known.line, second=line))
        return made

    def _empty(self, verb: str, names: Sequence[str]) -> None:
        for name in names or list(self.sets):
            if name in self.sets and verb == "destroy":
                del self.sets[name]
            elif name in self.sets:
                self.sets[name].empty()

    def _add(self, to: IpSet, text: str) -> None:
        try:
            _add(to, text)
        except RuleError as error:
            to.doubt(Reason("a member could not be read: {reason}", reason=str(error)))
            raise

    def _finish(self) -> None:
        """Doubt listings that leave out members (`ipset list -t`) or end too early."""
        for each in self.sets.values() if self._stray else ():
            each.doubt(self._stray)
        for name, promised in self._expected.items():
            if name in self.sets and not self.sets[name].dynamic:
                found = self.sets[name].size
                if promised is None:
                    self.sets[name].doubt(Reason("the listing does not hold its members"))
                elif found < promised:
                    self.sets[name].doubt(Reason("the listing does not hold all of its {promised} members",
                                                 promised=promised))


def is_dynamic(name: str, sets: Mapping[str, IpSet]) -> bool:
    """Return whether members of a set, or of one in its list, come and go by themselves."""
    known = sets.get(name)
    return known is not None and (
        known.dynamic or any(sets[each].dynamic for each in known.members if each in sets))


def _set_type(to: IpSet, word: str) -> None:
    to.kind = OLD_TYPES.get(word, word)
    if to.kind not in TYPES:
        to.doubt(Reason("'{word}' is not a known type of set", word=word))
        raise RuleError(to.reason)
    if word in OLD_TYPES and PORT in to.dimensions and len(to.dimensions) > 1:
        to.doubt(Reason("whether the ports of a {word} are TCP's alone depends on the version of ipset",
                        word=word))
    if to.kind in ("bitmap:port", "list:set", "hash:mac"):
        to.family = None


def _check_type(to: IpSet) -> None:
    if not to.kind:
        to.doubt(Reason("its type is not told"))
    if to.netmask is not None and to.kind not in ("hash:ip", "bitmap:ip"):
        to.doubt(Reason("a netmask on this type of set is not understood"))


def _options(to: IpSet, words: Sequence[str]) -> None:
    at = 0
    while at < len(words):
        word = words[at].removeprefix("--")
        value = words[at + 1] if at + 1 < len(words) else ""
        option = OPTIONS.get(word)
        at += 2 if option is None or option.valued else 1
        if word == "timeout":
            to.dynamic = True
        elif word == "family" and value in ("inet", "inet6"):
            to.family = Family.V6 if value == "inet6" else Family.V4
        elif word == "netmask" and number(value, 128) is not None:
            to.netmask = number(value, 128)
        elif option is None or option.kind != "harmless":
            to.doubt(Reason("its option '{word}' is not understood", word=word))


def _add(to: IpSet, text: str) -> None:
    words = _COMMENT.sub("", text).split()
    excluded = False
    at = 1
    while at < len(words):
        word = words[at]
        excluded |= word == "nomatch"
        to.dynamic |= word == "timeout" and words[at + 1:at + 2] != ["0"]
        if word in EXTENSIONS or (word in ("before", "after") and to.kind == "list:set"):
            at += 2
        elif word in ("nomatch", "-exist", "-!"):
            at += 1
        else:
            raise RuleError(Reason("'{word}' behind a member is not understood", word=word))
    to.size += 1
    if to.kind not in TYPES or not DECIDABLE.issuperset(to.dimensions):
        return
    if to.dimensions == (SET,):
        to.members.append(words[0])
    else:
        if excluded and NET not in to.dimensions:
            raise RuleError(Reason("{kind} knows no exceptions", kind=to.kind))
        to.odd += ipset_entries.entries(to.kind, to.family or Family.V4, words[0], netmask=to.netmask,
                                            excluded=excluded)
