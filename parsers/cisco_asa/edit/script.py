"""Lines that are entered into an ASA's configuration, one after the other, as the device takes them.

A line that the device would refuse, or whose effect is not followed here, ends it: nothing is passed over
that could decide whether a packet passes. What the device takes without doing what it says is remarked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from aclproof.parsers.cisco_asa.edit import listing
from aclproof.parsers.cisco_asa.edit.definition_edits import GroupBody, ObjectBody, used
from aclproof.parsers.cisco_asa.edit.editing import Block, Config, Mode, list_of
from aclproof.parsers.cisco_asa.edit.interface_edits import InterfaceBody, PolicyBody, interface_header
from aclproof.parsers.cisco_asa.edit.list_edits import ListEdits
from aclproof.parsers.cisco_asa.edit.section_edits import Body, Say, place
from aclproof.parsers.cisco_asa.features import table
from aclproof.parsers.cisco_asa.meaning import convert
from aclproof.parsers.cisco_asa.text.definitions import WORDS as GROUP_WORDS
from aclproof.parsers.cisco_asa.text.lines import plain
from aclproof.parsers.cisco_asa.text.sections import HEADERS, SAFE
from aclproof.parsers.cisco_asa.words.keywords import PROTOCOLS
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.edited import Edited, Line, Remark
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

_OUTSIDE = re.compile(r"(?:conf(?:igure)? t(?:erminal)?|end|en(?:able)?|wr(?:ite)?(?: mem(?:ory)?)?|"
                      r"copy running-config startup-config)$")
_NOT_FOLLOWED = frozenset("""changeto context default erase firewall mode reload rename ASA PIX FWSM alias
filter""".split())
_HARMLESS_CLEARS = frozenset("xlate conn local-host arp".split())
_SINGLE = frozenset("route name static global same-security-traffic service-policy nat-control".split())
"""Single lines that decide something."""
_OF_BODIES = frozenset[str]().union(*GROUP_WORDS.values(), *SAFE.values()) - {
    "ip", "ipv6", "description", "service", "user"}
"""Words that mean nothing outside of a section."""
_LISTING = re.compile(r"^access-list \S+(?:; \d+ elements| line \d+ (?!remark).*\(hitcnt=)", re.MULTILINE)
_BODIES: Mapping[str, Callable[[Config, tuple[str, ...], Say], Body]] = {
    "object": ObjectBody, "object-group": GroupBody, "interface": InterfaceBody, "policy-map": PolicyBody}


def changed(files: Sequence[Source], script: Source, *,
            into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
    """Read a configuration with a script entered; UnsupportedInputError names the first line that cannot be.

    Only if `into_listing`, what 'show access-list' prints takes entries.
    """
    old = files[0]
    leads_to = _leads_to(old) if old.context else ()
    if _LISTING.search(old.text):
        if into_listing:
            return listing.with_rows(old, script, leads_to), ()
        raise UnsupportedInputError(Reason("{name}: what 'show access-list' prints is nothing to enter "
                                           "lines into; give the running configuration", name=old.name))
    session = _Session(Config(old, plain(old)), leads_to)
    for number, text in enumerate(plain(script, entered=True), 1):
        if text and text.strip():
            session.enter(Line(text.rstrip(), script, number))
    edited = Edited.of(old, script, session.config.lines())
    return convert.parse([edited, *files[1:]]), session.remarks


def _leads_to(old: Source) -> tuple[str, ...]:
    """The command that goes before others, which so changes nothing."""
    from aclproof.parsers.cisco_asa.text import contexts

    return contexts.leads_to(old)


class _Session:
    """A terminal in configuration mode."""

    def __init__(self, config: Config, leads_to: Sequence[str]) -> None:
        self.config = config
        self._leads_to = leads_to
        self.remarks: list[Remark] = []
        self._lists = ListEdits(config, self._say)
        self._mode = Mode()
        self._section: Body | None = None
        self._do: dict[str, Callable[[list[str]], None]] = {
            "no": self._no, "clear": self._clear, "nat": self._nat, "sysopt": self._switch,
            "access-group": lambda words: self._lists.bind(words, self._line),
            **dict.fromkeys(("object", "object-group", *HEADERS), self._open)}

    def enter(self, line: Line) -> None:
        """Take one line; UnsupportedInputError names it where it cannot be carried out."""
        self._line = line
        text, words = line.text, line.text.split()
        try:
            if text[0] in "!:#":
                if text.strip() == "!":
                    self._leave()
            elif words in (["exit"], ["quit"]):
                self._exit()
            elif _OUTSIDE.match(text.strip()):
                self._leave()
            elif self._section and self._mode.within(text, words):
                self._section.enter(words, line)
            else:
                self._leave()
                self._mode.within(text, words)
                self._top(words)
        except LineError as error:
            raise UnsupportedInputError(f"{place(line)}: {error}") from None

    def _leave(self) -> None:
        self._mode.header = ()
        self._section = None

    def _exit(self) -> None:
        """Leave the innermost section."""
        if self._section and self._section.inner:
            self._section.inner = ""
        else:
            self._leave()

    def _say(self, text: str) -> None:
        self.remarks.append(Remark(place(self._line), text))

    def _top(self, words: list[str]) -> None:
        name = list_of(words)
        if name:
            self._lists.enter(name, words[name.count(" ") + 1:], self._line)
        elif words[0] in self._do:
            self._do[words[0]](words)
        elif " ".join(words) in self._leads_to:
            return
        elif words[0] in _NOT_FOLLOWED:
            raise LineError(Reason("what '{command}' does is not followed; give the configuration as it is "
                                   "after it", command=words[0]))
        elif words[0] in _OF_BODIES or (words[0] == "service" and words[1:2] and words[1] in PROTOCOLS):
            raise LineError(Reason("'{command}' belongs into a section, and none that takes it is open",
                                   command=words[0]))
        else:
            if not self.config.sections(tuple(words)):
                self._add(words)
            if words[0] not in _SINGLE:
                self._section = Body(self.config, tuple(words), self._say)

    def _add(self, words: Sequence[str], before: Block | None = None) -> None:
        self.config.add(Block(self._line._replace(text=" ".join(words)), tuple(words)), before)
        if words[0] == "name" and len(words) > 2:
            self.config.names[words[2]] = words[1]

    def _open(self, words: list[str]) -> None:
        """Open a section, again or anew."""
        header = tuple(words)
        if len(words) < 2 or (words[0] in _BODIES and words[0][0] == "o" and len(words) < 3):
            raise LineError(Reason("'{word}' needs a kind and a name", word=words[0]))
        if words[0] == "interface":
            header = interface_header(self.config, header)
        elif words[0] in ("object", "object-group"):
            known = [*self.config.named("object", words[2]), *self.config.named("object-group", words[2])]
            if known and known[0].words != header:
                raise LineError(Reason("{name} is there already, as '{header}'", name=words[2],
                                       header=' '.join(known[0].words)))
        if not self.config.sections(header):
            self._add(header)
        self._mode.header = header
        self._section = _BODIES.get(words[0], Body)(self.config, header, self._say)

    def _no(self, words: list[str]) -> None:
        rest = words[1:]
        name = list_of([*rest, ""]) if rest else ""
        if name:
            self._lists.take(name, rest[name.count(" ") + 1:])
        elif rest[:1] in (["object"], ["object-group"]):
            self._take_definition(rest)
        elif rest[:1] == ["sysopt"]:
            self._switch(words)
        elif rest:
            self._take_line(_nat_place(rest)[0] if rest[0] == "nat" else rest)
        else:
            raise LineError(Reason("'no' of what?"))

    def _switch(self, words: list[str]) -> None:
        """Keep a line whose `no` is kept too, as it may be on by itself."""
        what = tuple(words[words[0] == "no":])
        for block in (*self.config.sections(what), *self.config.sections(("no", *what))):
            self.config.remove(block)
        self._add(words)

    def _take_definition(self, words: list[str]) -> None:
        blocks = self.config.named(words[0], words[2]) if len(words) > 2 else []
        blocks = [each for each in blocks if each.words[1] == words[1]]
        if not blocks:
            raise LineError(Reason("there is no {line} that could be taken away", line=' '.join(words[:3])))
        user = used(self.config, words[2], blocks)
        if user and not self.config.forward:
            raise LineError(Reason("{place} uses {kind} {name}, so the device refuses to take it away",
                                   place=place(user), kind=words[0], name=words[2]))
        for block in blocks:
            self.config.remove(block)

    def _take_line(self, words: list[str]) -> None:
        """Take a single line or a section away; a beginning is enough where only one line has it."""
        found = self.config.starting(tuple(words))
        found = [each for each in found if each.words == tuple(words)] or found
        if words[0] == "interface":
            raise LineError(Reason("what else goes with an interface is not followed; give the "
                                   "configuration as it is after it"))
        if len(found) > 1 and words[0] not in HEADERS:
            raise LineError(Reason("{count} lines begin so; write the whole line", count=len(found)))
        if not found and (not table.harmless(words) or words[0] in _SINGLE):
            raise LineError(Reason("there is no such line to take away; write it as it stands in the "
                                   "configuration"))
        for block in found:
            self.config.remove(block)

    def _clear(self, words: list[str]) -> None:
        what = words[2:]
        if words[1:2] and words[1] in _HARMLESS_CLEARS:
            return
        if words[1:2] not in (["configure"], ["conf"]) or not what:
            raise LineError(Reason("of 'clear' only 'clear configure access-list' and 'clear configure "
                                   "access-group' are followed"))
        if what[0] == "access-list":
            self._lists.clear("".join(what[1:2]))
        elif what[0] == "access-group":
            for block in self.config.starting(("access-group",)):
                if not what[1:] or block.words[-1] == what[1]:
                    self.config.remove(block)
        elif not table.harmless(what) or what[0] in _SINGLE:
            raise LineError(Reason("'clear configure {section}' is not followed; take the lines away one by "
                                   "one", section=what[0]))

    def _nat(self, words: list[str]) -> None:
        """A line of twice NAT goes to the end of its section, or to its number there."""
        kept, late, number = _nat_place(words)
        mine = [each for each in self.config.starting(("nat",)) if "source" in each.words
                and ("after-auto" in each.words) == late]
        if any(each.words == tuple(kept) for each in mine):
            self._say(Reason("this translation is there already, so the line changes nothing"))
        else:
            self._add(kept, mine[number - 1] if 0 < number <= len(mine) else None)


def _nat_place(words: list[str]) -> tuple[list[str], bool, int]:
    """Take the number out of a `nat` line: the line as it is kept, whether it comes late, and the number."""
    end = words.index("source") if "source" in words else 0
    numbers = [at for at in range(2, end) if words[at].isascii() and words[at].isdecimal()]
    kept = [each for at, each in enumerate(words) if at not in numbers]
    return kept, "after-auto" in words, int(words[numbers[0]]) if numbers else 0
