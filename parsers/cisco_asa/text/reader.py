"""A configuration's lines, each sent to what reads it: vendor words, no meaning yet.

The sub-mode is decided by the command word and not by indentation, which hand-edited and generated files
do not keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.features.row import Effect
from aclproof.parsers.cisco_asa.text import broken, commands, definitions, lists, pix6, sections, taking_away
from aclproof.parsers.cisco_asa.text.account import Account
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.same_entries import SameEntries
from aclproof.parsers.cisco_asa.words.members import Definition
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.notes import State
from aclproof.parsers.source import Source
from aclproof.reason import Reason

_PLAIN = frozenset({"extended", "advanced", "permit", "deny", "remark"})
_VERSION = re.compile(r"(?:ASA|PIX|FWSM|NGFW)(?: Firewall)? Version (\d{1,3})\.(\d{1,3})")
_TWO_COMMANDS = Reason("two commands stand in it, as if the end of a line were lost")


class Reader(Account):
    """Everything that was read from one file, by kind; lists and objects stay unresolved."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.listing = lists.is_listing(source.text)
        self.hostname = ""
        self.version: tuple[int, int] | None = None
        self.platform = "ASA"
        self.version_line = 1
        self.system_space = False  # the configuration that only lists the contexts
        self.context = False  # the configuration of one context
        self.objects = Objects()
        self.same_entries = SameEntries(self.texts, self.objects.names)
        self.lists: dict[tuple[str, bool], AccessList] = {}
        self.section_lines: list[tuple[int, str]] = []
        self.nat: list[tuple[int, list[str], str]] = []
        self.translated = set[str]()  # the objects that have a line of `nat`
        self.flat: dict[str, list[tuple[list[str], int]]] = {}
        """Single-line commands by their first word: access-group, route, service-policy, ..."""
        self.unbindable: set[str] = set()
        """Lists of standard, ethertype or webtype entries."""
        self.rests: dict[int, list[int]] = {}
        """Lines that may be the rest of a line above them, by that one."""
        self.group: Definition | None = None  # the object or group that is open
        self._section = ""
        self._above = 0  # the line right above, where it decides something and the next one may be its rest
        self._skip = False  # inside a section whose body cannot decide anything
        self._lost = False  # and whose header is unknown: it may stand in the middle of another section
        self._readers: dict[str, Callable[[list[str], int, str], None]] = {
            "access-list": self._access_list, "ipv6": self._ipv6, "object": self._definition,
            "object-group": self._definition, "name": self._name, "nat": self._nat, "static": self._nat,
            "nat-control": self._nat, "hostname": self._hostname,
            "no": lambda words, number, _: taking_away.no(self, words, number),
            "clear": lambda words, number, _: taking_away.clear(self, words, number),
            **dict.fromkeys(("alias", "changeto", "conduit", "outbound", "apply", "established"),
                            self._loose),
            "nameif": lambda words, number, _: pix6.nameif(self, words, number),
            "ip": lambda words, number, text: pix6.ip(self, words, number, text),
            **dict.fromkeys(("ASA", "PIX", "FWSM", "NGFW"), self._version_line),
            **dict.fromkeys(sections.HEADERS, self._section_header)}
        returns = "\r" in source.text  # one within a line hides what follows it, or what stands before it
        for number, text in enumerate(self.texts, 1):
            if returns and text and "\r" in text:
                self.leave_all_open(number, _TWO_COMMANDS)
            elif not (text and text.startswith("access-list ") and self._plain_ace(number, text)):
                self._line(number, text)
        self._readers.clear()  # its methods hold the reader: a ring, and with it a million lines

    @property
    def release(self) -> tuple[int, int] | None:
        """The release of the ASA software: Firepower Threat Defense runs one of 9.6 or later."""
        return (9, 6) if self.platform == "FTD" else self.version

    def _line(self, number: int, text: str | None) -> None:
        words = text.split() if text else []
        if not text or not words or text[0] in "!:" or words[0] in ("!", "#"):
            self.counts[State.IGNORED] += 1
            if text and text.strip() == "!":  # with words after it, it is a comment and ends nothing
                self._leave()
            self._above = 0
            return
        if commands.holds_two(text):
            self.leave_all_open(number, _TWO_COMMANDS)
            return
        indented = text[0] == " "
        if self._above and self._is_rest(number, text, words):
            return
        self._above = 0
        if self._in_body(number, text, words, indented):
            return
        reader = self._readers.get(words[0])
        if reader is not None and sections.opens(words):
            self._leave(keep_group="nat" in words[:2])
            reader(words, number, text)
            return
        self._leave()
        self._skip = True
        row = table.find(words)
        self._lost = row is None
        if row is None or broken.lacks_its_end(words):
            self.leave_unknown(number, words, decides=row is not None)
        elif row.effect is Effect.HARMLESS:
            self.counts[State.IGNORED] += 1
        else:
            self.flat_line(words, number, text)

    def skip(self, number: int) -> None:
        """Take a line, and what is indented under it, for one that decides nothing."""
        self._skip = True
        self.counts[State.IGNORED] += 1

    def _is_rest(self, number: int, text: str, words: list[str]) -> bool:
        """Keep a line that may be the rest of the one right above."""
        if not sections.is_decisive(self._section) or self.source.entered(number):
            return False
        above = self.text(self._above)
        mine = definitions.WORDS[self.group.word] if self.group else sections.words_of(self._section)
        command = words[0] in self._readers or words[0] in mine or table.find(words) is not None
        below = "".join(each or "" for each in self.texts[number:number + 1])
        if not broken.is_rest(above, text, command=command, below=below):
            return False
        if self.group is not None and above.split()[0] not in definitions.HEADS:
            return self._is_rest_of_member(self.group, number, above)
        if self._section:
            self.leave_all_open(number, broken.DOUBT)
        else:
            self.rests.setdefault(self._above, []).append(number)
        return True

    def _is_rest_of_member(self, group: Definition, number: int, above: str) -> bool:
        parts = list(map(self.text, range(self._above + 1, number + 1)))
        whole = [text.split() for text in broken.put_together(above, parts)]
        sure = self.objects.goes_on(group, above.split(), whole)
        if sure is None:
            return False
        if sure:
            self.approximated(number, broken.READ, counted=False)
        else:
            self.unread(number, broken.DOUBT, decides=True)
        return True

    def _in_body(self, number: int, text: str, words: list[str], indented: bool) -> bool:
        """Take a line that belongs to the open group or section."""
        command = words[0] in self._readers
        if self.group is not None and definitions.belongs(self.group.word, words, indented, command=command):
            self._member(words, number)
            return True
        if self._section and self._in_section(self._section, number, text, words, indented):
            return True
        if not (self._skip and indented) or words[0] in ("access-list", "access-group"):
            return False
        if commands.decides_in_body(words, text, lost=self._lost):
            self.leave_unknown(number, words, decides=True)
        else:
            self.counts[State.IGNORED] += 1
        return True

    def _in_section(self, section: str, number: int, text: str, words: list[str], indented: bool) -> bool:
        word = words[0]
        said = words[1:] if word == "no" and len(words) > 1 else words
        cut = sections.cut_short(section, said) or (indented and sections.goes_on(section, said))
        key = said[0]
        if key in sections.SAFE[section] and not cut and (indented or sections.is_child(words)):
            self.section_lines.append((number, sections.indented(section, words)))
            self.counts[State.UNDERSTOOD] += 1
            self._above = number
            return True
        if word in ("access-list", "access-group"):
            return False
        if key in sections.BESIDES[section]:
            if " ".join(words[:3]) == "pppoe client route":  # others hold secrets
                self.section_lines.append((number, sections.indented(section, words)))
            self.counts[State.IGNORED] += 1
            return True
        other = key not in sections.SAFE[section] and (key in self._readers or table.find(words) is not None)
        if not indented and (other or not cut):
            return False
        if sections.may_decide(section, self.section_lines, words, indented=indented):
            self.leave_unknown(number, words, decides=True)
        else:
            self.counts[State.IGNORED] += 1
        return True

    def _leave(self, *, keep_group: bool = False) -> None:
        if not keep_group:
            self.group = None
        self._section = ""
        self._skip = self._lost = False

    def _member(self, words: list[str], number: int) -> None:
        assert self.group is not None
        self._above = 0 if words[0].startswith("description") else number
        if words[0] == "no":
            taking_away.member(self, words, number)
            return
        try:
            self.objects.add(self.group, words)
            self.counts[State.UNDERSTOOD] += 1
        except LineError as error:
            if commands.binds(" ".join(words)):  # a translation, and no member
                self.leave_all_open(number, str(error))
            else:
                self.unread(number, str(error), decides=True)

    def _plain_ace(self, number: int, text: str) -> bool:
        """The bulk of a big file: an ACE or remark without `line N`, at the end of its list."""
        words = text.split(None, 3)
        if self.listing or len(words) < 4 or words[2] not in _PLAIN or text.find("access-", 12) > 0:
            return False
        if self.group or self._section or self._skip:
            self._leave()
        access_list = self.lists.get((words[1], False)) or self._list(words[1], ipv6=False)
        access_list.entries.append(-number if words[2] == "remark" else number)
        self._above = number
        return True

    def _access_list(self, words: list[str], number: int, text: str) -> None:
        if lists.is_header(text.strip()):
            self.flat.setdefault("access-list mode", []).append((words, number))
            if lists.announced(text.strip()):
                self._list(words[1].rstrip(";"), ipv6=False).announce(number, lists.announced(text.strip()))
            self.counts[State.IGNORED] += 1
            return
        if len(words) < 3:
            self.leave_all_open(number, Reason("the line is cut short"))
            return
        self._list(words[1], ipv6=False).add(number, words, listing=self.listing)
        self._above = number

    def _ipv6(self, words: list[str], number: int, text: str) -> None:
        if words[1:2] == ["access-list"] and len(words) > 3 and not words[2].endswith(";"):
            self._list(words[2], ipv6=True).add(number, words[1:], listing=self.listing)
            self._above = number
        elif words[1:2] == ["route"]:
            self.flat_line(words, number, text)
        elif words[1:3] == ["local", "pool"]:
            self.flat.setdefault("ip", []).append((words, number))
            self.counts[State.UNDERSTOOD] += 1
        elif len(words) < 2 or table.harmless(words):
            self.counts[State.IGNORED] += 1
        else:
            self.leave_unknown(number, words, decides=commands.nearly(words[1]))

    def _list(self, name: str, *, ipv6: bool) -> AccessList:
        return self.lists.setdefault((name, ipv6), AccessList(name, ipv6))

    def _definition(self, words: list[str], number: int, text: str) -> None:
        if words[1:2] in (["network-object"], ["search"]):
            self.counts[State.IGNORED] += 1
            return
        try:
            self.group = self.objects.open(words, number)
            self.counts[State.UNDERSTOOD] += 1
        except LineError as error:
            self.leave_all_open(number, str(error))  # lines that name it, or a line of the one above
            self._skip = True

    def _name(self, words: list[str], number: int, text: str) -> None:
        if len(words) > 2:
            self.objects.names[words[2]] = words[1]
        self.counts[State.UNDERSTOOD] += 1

    def _nat(self, words: list[str], number: int, text: str) -> None:
        if "source" in words or words[0] != "nat" or (self.group and self.group.word != "object"):
            self.group = None
        inside = self.group.name if self.group else ""
        if self.group is not None:
            taking_away.translation(self, self.group, number)
        self.nat.append((number, words, inside))
        self._above = number
        self.counts[State.UNDERSTOOD] += 1

    def flat_line(self, words: list[str], number: int, text: str) -> None:
        """Keep a command of one line for what reads it."""
        self.flat.setdefault(words[0], []).append((words, number))
        self.counts[State.UNDERSTOOD] += 1
        self._skip = words[0] == "router"
        self._above = number if words[0] in broken.ONE_LINERS else 0

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
            self.context = bool(self.source.context) or text.rstrip().endswith("<context>")
        self.counts[State.UNDERSTOOD] += 1

    def _hostname(self, words: list[str], number: int, text: str) -> None:
        self.hostname = words[1] if len(words) > 1 else ""
        self.counts[State.UNDERSTOOD] += 1

    def _loose(self, words: list[str], number: int, text: str) -> None:
        """`alias` rewrites addresses; after `changeto` names belong to another context."""
        self.leave_all_open(number, Reason("it changes what the lines around it mean"))
