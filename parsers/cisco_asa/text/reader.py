"""A configuration's lines, each sent to what reads it: vendor words, no meaning yet.

The sub-mode is decided by the command word and not by indentation, which hand-edited and generated files
do not keep.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.features.row import Effect
from aclproof.parsers.cisco_asa.text import commands, sections
from aclproof.parsers.cisco_asa.text.lines import plain
from aclproof.parsers.cisco_asa.text.lists import AccessList, is_listing
from aclproof.parsers.cisco_asa.words.members import Definition
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.notes import Note, State
from aclproof.parsers.model.reason import Reason
from aclproof.parsers.source import Source

GROUP_WORDS = {
    "object": frozenset("host subnet range fqdn service description".split()),
    "object-group": frozenset("""description network-object port-object service-object protocol-object
        icmp-object group-object user user-group security-group""".split())}
"""What belongs to an open definition even without indentation."""
HEADS = frozenset("access-list access-group object object-group nat static".split())
"""Commands that end a definition above them, indented or not, whatever else they say."""
_PLAIN = frozenset({"extended", "advanced", "permit", "deny", "remark"})
_TAKEN_AWAY = frozenset("""access-list access-group object object-group nat static interface name
route""".split())
_VERSION = re.compile(r"(?:ASA|PIX|FWSM|NGFW) Version (\d{1,3})\.(\d{1,3})")
_LIST_HEADER = re.compile(r"access-list (?:\S+; \d+ elements.*|cached ACL log flows.*|mode \S+|"
                          r"(?:alert-interval|deny-flow-max) \d+)$")


class Reader:
    """Everything that was read from one file, by kind; lists and objects stay unresolved."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.texts = plain(source)
        self.listing = is_listing(source.text)
        self.hostname = ""
        self.version: tuple[int, int] | None = None
        self.platform = "ASA"
        self.version_line = 1
        self.system_space = False  # the configuration that only lists the contexts
        self.objects = Objects()
        self.lists: dict[tuple[str, bool], AccessList] = {}
        self.section_lines: list[tuple[int, str]] = []
        self.nat: list[tuple[int, list[str], str]] = []
        self.flat: dict[str, list[tuple[list[str], int]]] = {}
        """Single-line commands by their first word: access-group, route, service-policy, ..."""
        self.notes: list[Note] = []
        self.unbindable: set[str] = set()
        """Lists of standard, ethertype or webtype entries."""
        self.loose: list[int] = []
        """Unread lines that could be a damaged rule of any list."""
        self.counts: Counter[State] = Counter()
        self._group: Definition | None = None
        self._section = ""
        self._skip = False
        """Inside a section whose body cannot decide anything."""
        self._readers: dict[str, Callable[[list[str], int, str], None]] = {
            "access-list": self._access_list, "ipv6": self._ipv6, "object": self._definition,
            "object-group": self._definition, "name": self._name, "nat": self._nat, "static": self._nat,
            "nat-control": self._nat, "hostname": self._hostname, "no": self._no, "clear": self._clear,
            **dict.fromkeys(("alias", "changeto", "conduit", "outbound", "apply",
                                               "established"), self._loose),
            "nameif": self._nameif,
            **dict.fromkeys(("ASA", "PIX", "FWSM", "NGFW"), self._version_line),
            **dict.fromkeys(sections.HEADERS, self._section_header)}
        for number, text in enumerate(self.texts, 1):
            if not (text and text.startswith("access-list ") and self._plain_ace(number, text)):
                self._line(number, text)

    @property
    def release(self) -> tuple[int, int] | None:
        """The release of the ASA software: Firepower Threat Defense runs one of 9.6 or later."""
        return (9, 6) if self.platform == "FTD" else self.version

    def unread(self, line: int, reason: str, *, decides: bool, quote: bool = True,
               counted: bool = False) -> None:
        """Report a line that was not understood; only lines that can hold no secret are quoted.

        `counted` says that the line was taken for understood before.
        """
        self.counts[State.UNDERSTOOD] -= counted
        words = (self.texts[line - 1] or "").split(None, 1)
        hidden = f"{words[0]} ..." if words and commands.nearly(words[0]) else "..."
        span = self.source.span(line) if quote else self.source.place(line, hidden)
        self.counts[State.UNREAD] += 1
        self.notes.append(Note(State.UNREAD, span, reason, decides))

    def _line(self, number: int, text: str | None) -> None:
        words = text.split() if text else []
        if not text or not words or text[0] in "!:" or words[0] in ("!", "#"):
            self.counts[State.IGNORED] += 1
            if text and text.strip() == "!":  # with words after it, it is a comment and ends nothing
                self._leave()
            return
        indented = text[0] == " "
        word = words[0]
        if self._in_body(number, text, words, indented):
            return
        reader = self._readers.get(word)
        if reader is not None and sections.opens(words):
            self._leave(keep_group=word == "nat")
            reader(words, number, text)
            return
        self._leave()
        self._skip = True
        row = table.find(words)
        if row is None:
            self._unknown(number, words, text)
        elif row.effect is Effect.HARMLESS:
            self.counts[State.IGNORED] += 1
        else:
            self._flat(words, number, text)

    def _in_body(self, number: int, text: str, words: list[str], indented: bool) -> bool:
        """Take a line that belongs to the open group or section."""
        word = words[0]
        if self._group is not None and self._is_member(self._group, words, indented):
            self._member(words, number)
            return True
        if self._section and self._in_section(self._section, number, text, words, indented):
            return True
        if not (self._skip and indented) or word in ("access-list", "access-group"):
            return False
        if word == "nameif" or commands.looks_like_rule(text):
            self._unknown(number, words, text)
        else:
            self.counts[State.IGNORED] += 1
        return True

    def _in_section(self, section: str, number: int, text: str, words: list[str], indented: bool) -> bool:
        word = words[0]
        key = words[1] if word == "no" and len(words) > 1 else word
        if key in sections.SAFE[section] and (indented or sections.is_child(words)):
            if word == "no" and key != "forward":
                self.counts[State.IGNORED] += 1
            else:
                self.section_lines.append((number, sections.indented(section, words)))
                self.counts[State.UNDERSTOOD] += 1
            return True
        if not indented or word in ("access-list", "access-group"):
            return False
        if word == "policy-route":  # may send packets out elsewhere than the routes say
            self.flat.setdefault("policy-route", []).append((words, number))
        if sections.slip(section, word):
            self._unknown(number, words, text)
        else:
            self.counts[State.IGNORED] += 1
        return True

    def _is_member(self, group: Definition, words: list[str], indented: bool) -> bool:
        """Whether a line belongs to the open definition, be it as a damaged one."""
        mine = GROUP_WORDS[group.word]
        if words in (["exit"], ["quit"]):
            return False
        if words[0] in mine or (indented and words[0] not in self._readers):
            return True
        sure = indented or words[0] == "no" or any(word.endswith("-object") for word in words)
        return sure and words[0] not in HEADS and not mine.isdisjoint(words)

    def _unknown(self, number: int, words: list[str], text: str) -> None:
        decides = (bool(self._section) or self.counts[State.UNREAD] > commands.PATIENCE
                   or commands.may_decide(words, text))
        if decides:
            self.loose.append(number)
        self.unread(number, Reason("not a command that is known here"), decides=decides, quote=False)

    def _leave(self, *, keep_group: bool = False) -> None:
        if not keep_group:
            self._group = None
        self._section = ""
        self._skip = False

    def _member(self, words: list[str], number: int) -> None:
        assert self._group is not None
        try:
            self.objects.add(self._group, words)
            self.counts[State.UNDERSTOOD] += 1
        except LineError as error:
            self.unread(number, str(error), decides=True)

    def _plain_ace(self, number: int, text: str) -> bool:
        """The bulk of a big file: an ACE or remark without `line N`, at the end of its list."""
        words = text.split(None, 3)
        if self.listing or len(words) < 4 or words[2] not in _PLAIN:
            return False
        if self._group or self._section or self._skip:
            self._leave()
        access_list = self.lists.get((words[1], False)) or self._list(words[1], ipv6=False)
        access_list.entries.append(-number if words[2] == "remark" else number)
        return True

    def _access_list(self, words: list[str], number: int, text: str) -> None:
        if _LIST_HEADER.match(text.strip()):
            self.flat.setdefault("access-list mode", []).append((words, number))
            self.counts[State.IGNORED] += 1
            return
        if len(words) < 3:
            self.loose.append(number)
            self.unread(number, Reason("the line is cut short"), decides=True)
            return
        self._list(words[1], ipv6=False).add(number, words, listing=self.listing)

    def _ipv6(self, words: list[str], number: int, text: str) -> None:
        if words[1:2] == ["access-list"] and len(words) > 3 and not words[2].endswith(";"):
            self._list(words[2], ipv6=True).add(number, words[1:], listing=self.listing)
        elif words[1:2] == ["route"]:
            self._flat(words, number, text)
        else:
            self.counts[State.IGNORED] += 1

    def _list(self, name: str, *, ipv6: bool) -> AccessList:
        return self.lists.setdefault((name, ipv6), AccessList(name, ipv6))

    def _definition(self, words: list[str], number: int, text: str) -> None:
        if words[1:2] in (["network-object"], ["search"]):
            self.counts[State.IGNORED] += 1
            return
        try:
            self._group = self.objects.open(words, number)
            self.counts[State.UNDERSTOOD] += 1
        except LineError as error:
            if text[0] == " ":
                self.loose.append(number)  # perhaps a damaged line of the definition above
            self.unread(number, str(error), decides=True)
            self._skip = True

    def _name(self, words: list[str], number: int, text: str) -> None:
        if len(words) > 2:
            self.objects.names[words[2]] = words[1]
        self.counts[State.UNDERSTOOD] += 1

    def _nat(self, words: list[str], number: int, text: str) -> None:
        inside = self._group.name if self._group and "source" not in words and words[0] == "nat" else ""
        if not inside:
            self._group = None
        self.nat.append((number, words, inside))
        self.counts[State.UNDERSTOOD] += 1

    def _flat(self, words: list[str], number: int, text: str) -> None:
        self.flat.setdefault(words[0], []).append((words, number))
        self.counts[State.UNDERSTOOD] += 1
        self._skip = words[0] == "router"

    def _section_header(self, words: list[str], number: int, text: str) -> None:
        self._section = words[0]
        self.section_lines.append((number, " ".join(words)))
        self.counts[State.UNDERSTOOD] += 1

    def _version_line(self, words: list[str], number: int, text: str) -> None:
        found = _VERSION.match(text)
        if found:
            self.version = (int(found[1]), int(found[2]))
            self.platform = "FTD" if words[0] == "NGFW" else words[0]
            self.version_line = number
            self.system_space = text.rstrip().endswith("<system>")
        self.counts[State.UNDERSTOOD] += 1

    def _hostname(self, words: list[str], number: int, text: str) -> None:
        self.hostname = words[1] if len(words) > 1 else ""
        self.counts[State.UNDERSTOOD] += 1

    def _nameif(self, words: list[str], number: int, text: str) -> None:
        """PIX 6: `nameif ethernet0 outside security0`."""
        if len(words) == 4 and words[3].startswith("security"):
            self.section_lines += [(number, f"interface {words[1]}"), (number, f" nameif {words[2]}"),
                                   (number, f" security-level {words[3].removeprefix('security')}")]
        self.counts[State.UNDERSTOOD] += 1

    def _loose(self, words: list[str], number: int, text: str) -> None:
        """`alias` rewrites addresses; after `changeto` names belong to another context."""
        self.loose.append(number)
        self.unread(number, Reason("it changes what the lines around it mean"), decides=True)

    def _no(self, words: list[str], number: int, text: str) -> None:
        if len(words) > 2 and words[1] in _TAKEN_AWAY:
            self.loose.append(number)
            self.unread(number, Reason("a command that takes something away; give the configuration as it "
                                       "is after it"), decides=True)
        else:
            if words[1:2] == ["sysopt"]:
                self.flat.setdefault("no sysopt", []).append((words[1:], number))
            self._skip = True
            self.counts[State.IGNORED] += 1

    def _clear(self, words: list[str], number: int, text: str) -> None:
        """A generated script clears what it then builds; clearing what is already read cannot be followed."""
        what = words[2:]
        if what[:1] == ["access-list"]:
            for name in [key for key in self.lists if not what[1:] or key[0] == what[1]]:
                self.counts[State.IGNORED] += self.lists.pop(name).size
            self.counts[State.UNDERSTOOD] += 1
        elif what[:1] in (["object"], ["object-group"]) and self.objects.definitions:
            self.loose.append(number)
            self.unread(number, Reason("objects are cleared after they were defined"), decides=True)
        else:
            self.counts[State.IGNORED] += 1
