"""The door of Cisco ASA, with PIX, FWSM and Firepower Threat Defense.

Its patterns are text: `re` compiles each when it is first searched, and most are not in a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aclproof.parsers.cisco_asa.text.prompt import PROMPT, stamp
from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.names import HOST_NAME, Named, Shown, first_name
from aclproof.parsers.model.rules import Default, Rule, Stage
from aclproof.parsers.model.services import is_icmp
from aclproof.parsers.source import Source, UnsupportedInputError, files_of
from aclproof.parsers.vendor import HEAD, Commands, Traits, Vendor
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark
    from aclproof.parsers.model.besides import Besides
    from aclproof.parsers.model.comments import Comment
    from aclproof.parsers.model.counting import Counting
    from aclproof.parsers.model.definitions import Definition
    from aclproof.parsers.model.packets import Packet
    from aclproof.parsers.model.shell import Shell
    from aclproof.parsers.model.shown_by_device import DeviceAnswer
    from aclproof.parsers.model.unlogged import Unlogged
    from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames
    from aclproof.parsers.removals import DeadRule, Removals
    from aclproof.parsers.renaming.vocabulary import Vocabulary

_CONFIGURATION = (
    r"(?m)^(?:ASA|PIX|FWSM|NGFW) Version |^: Saved|^ *nameif \S+|^access-group \S+ |"
    r"^ ?(?:object-group|object) (?:network|service|protocol|icmp-type) |"
    r"^access-list \S+(?:; \d+ elements| (?:line \d+ )?extended )")
_LIST = (
    r"(?m)^(?:<--- More --->)?[ \r]*(?:\S+[#>] ?)?access-list \S+ (?:line \d+ )?"
    r"(?:extended|standard|permit|deny|remark|advanced)\b")
_ROUTER = r"(?m)^ip access-list (?:standard|extended) |^version 1[0-9]\.\d|^ ip access-group \S+ (?:in|out)"
_ROUTER_WORDS = ("ip access-list ", "version 1", "ip access-group ")
_WILDCARD = r"(?m)^access-list (\d+) (?:permit|deny) .*\b0\.\d+\.\d+\.(?:255|127|63|31|15|7|3|1)\b"
_EDIT = (
    r"(?m)^(?:\S*[#>] ?)?[ \t]*(?:no (?:access-list|access-group|object|object-group|nat|route|"
    r"(?:network|service|port|protocol|icmp|group)-object) |clear conf(?:igure)? |access-list \S+ line \d+ |"
    r"conf(?:igure)? t(?:erminal)?[ \t\r]*$)")
_WHOLE = r"(?m)^(?:: Saved|(?:ASA|PIX|FWSM|NGFW) Version |Cryptochecksum:)"
_NAMEIF = r"(?m)^[ \t]*nameif \S"
_BRIEF = r"(?m)^access-list \S+; \d+ elements[^\n]*\r?\n\s*(?:(?:0x)?[0-9a-f]{8}\s+){2}"
_LISTED = r"(?m)\(hitcnt=|^access-list \S+; \d+ elements"
_WORDS = ("Version ", ": Saved", "nameif ", "access-group ", "object", "access-list ")
"""One of them is in every configuration and listing. Words are found much faster than patterns."""
_NAMES = (
    rf"(?m)^hostname (?P<name>{HOST_NAME})[ \t\r]*$",
    rf"(?m)^(?P<name>{HOST_NAME})(?:/[\w./-]+)?[#>] ?(?:sh(?:ow?)?|more|ter(?:m\w*)?) ")
"""Of the device: as it is configured, else as its prompt shows it."""


class CiscoAsa(Vendor):
    """Named interfaces, access lists bound to them, security levels, NAT."""

    traits = Traits(
        title="Cisco ASA", inputs=Reason("a Cisco ASA running-config or 'show access-list' output"),
        comment_sign="!", commands=Reason("lines for an ASA"), suffixes=("cfg", "conf"),
        contexts=True, routes_shown_by="show route", bindings_shown_by="show running-config access-group",
        filters_neighbour_discovery=False, prompt=PROMPT,
        volatile=(r"\(hitcnt=\d+\)", r"\s0x[0-9a-f]+$"))  # counter and hash of `show access-list`

    def recognises(self, source: Source) -> bool:
        """Recognise an ASA by its commands; UnsupportedInputError for a router's, whose lists look alike."""
        text = source.text
        stamped = stamp(text)
        if stamped:
            text = re.sub(f"(?m)^{stamped.pattern}", "", text)
        head = text[:HEAD]
        brief = re.search(_BRIEF, head) if " elements" in head else None
        if brief:
            raise UnsupportedInputError(Reason("{brief}: 'show access-list ... brief' prints hashes of the "
                                               "entries, not what they say; give what 'show access-list' "
                                               "prints, or better 'show running-config'",
                                               brief=source.where(brief)))
        router = re.search(_ROUTER, head) if any(word in head for word in _ROUTER_WORDS) else None
        if re.search(_CONFIGURATION, head) and not router:
            return True
        listed = "access-list " in text
        router = router or (re.search(_WILDCARD, text) if listed else None)
        if router:
            raise UnsupportedInputError(Reason("{router}: a router configuration (its masks are wildcards, "
                                               "not netmasks); aclproof reads Cisco ASA configurations",
                                               router=source.where(router)))
        if not any(word in text for word in _WORDS):
            return False
        return bool(re.search(_CONFIGURATION, text) or (listed and re.search(_LIST, text)))

    def recognises_script(self, source: Source) -> Commands:
        """Distinguish lines to be entered from a whole configuration; lines without an edit may be either."""
        head = source.text[:HEAD]
        if re.search(_WHOLE, head) or re.search(_LISTED, head):
            return Commands.NONE
        if re.search(_EDIT, source.text):
            return Commands.EDITS
        lines = re.search(_CONFIGURATION, head) or re.search(_LIST, head)
        return Commands.MAYBE if lines and not re.search(_NAMEIF, source.text) else Commands.NONE

    def read(self, sources: Sequence[Source]) -> Firewall:
        """Read a running configuration or a listing."""
        from aclproof.parsers.cisco_asa.meaning import convert

        return convert.parse(sources)

    def removals(self, firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
        """An entry goes by its own words after `no`."""
        from aclproof.parsers.cisco_asa import removal

        return removal.removals(firewall, dead)

    def leads_to(self, firewall: Firewall) -> tuple[str, ...]:
        """A context that is one of several in a file is entered first."""
        source, = files_of(firewall.source)
        if not source.original.context:
            return ()
        from aclproof.parsers.cisco_asa.text import contexts

        return contexts.leads_to(source)

    def definitions(self, firewall: Firewall) -> Iterable[Definition]:
        """Return objects, groups, lists and time ranges of a configuration that is shown to its end."""
        from aclproof.parsers.cisco_asa import defined

        return defined.find(firewall)

    def hits(self, firewall: Firewall, line: int) -> int | None:
        """As `show access-list` prints it."""
        _, shown, rest = firewall.source.span(line).text.partition("(hitcnt=")
        count = rest.partition(")")[0]
        return int(count) if shown and count.isdecimal() else None

    def besides(self, firewall: Firewall) -> Mapping[int, Besides]:
        """An entry may log what it matches, and name the rule of Snort for it."""
        from aclproof.parsers.cisco_asa import besides

        return besides.by_line(firewall)

    def comments(self, firewall: Firewall) -> Iterable[Comment]:
        """A remark is an entry of a list, and about those after it."""
        from aclproof.parsers.cisco_asa import comments

        return comments.find(firewall)

    def unlogged(self, firewall: Firewall) -> Iterable[Unlogged]:
        """An entry that denies leaves a message, unless something switches that off."""
        from aclproof.parsers.cisco_asa import unlogged

        return unlogged.find(firewall)

    def counting(self, firewall: Firewall) -> Counting:
        """As `show version` and `show clock` print it."""
        from aclproof.parsers.cisco_asa.text import times

        assert isinstance(firewall.source, Source)
        return times.counting(firewall.source)

    def counted_singly(self, firewall: Firewall) -> Mapping[str, Reason]:
        """Of some lists each entry is a tunnel, or a translation, of its own."""
        from aclproof.parsers.cisco_asa import besides

        return besides.counted_singly(firewall)

    def heard(self, transcript: Source) -> Iterable[DeviceAnswer]:
        """Yield what `packet-tracer` and some `show` commands answered."""
        from aclproof.parsers.cisco_asa.transcripts import heard

        return heard.heard(transcript)

    def shell(self) -> Shell:
        """Return the ASA's own terminal."""
        from aclproof.parsers.model.shell import ASA

        return ASA

    def probe(self, firewall: Firewall, transit: Transit | None, packet: Packet) -> Sequence[str]:
        """The device simulates a packet that comes in by an interface."""
        from aclproof.parsers.cisco_asa import probe

        return probe.commands(transit, packet)

    def second_opinion(self, source: Source) -> Iterable[int]:
        """Yield the lines that ciscoconfparse puts under another line."""
        from aclproof.parsers.cisco_asa.text import reader, second_opinion, sections

        lines = reader.Reader(source).section_lines
        try:
            return second_opinion.differing(sections.tree(lines), lines)
        except ValueError as error:
            raise UnsupportedInputError(f"{source.name}: {error}") from None

    def stages(self, firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
        """Return the filters from one interface to another."""
        from aclproof.parsers.cisco_asa.meaning import stages

        return stages.stages(firewall, transit)

    def through(self, firewall: Firewall, chain: str) -> tuple[Stage, ...]:
        """Return one access list as a filter."""
        from aclproof.parsers.cisco_asa.meaning import stages

        return stages.through(firewall, chain)

    def names(self, sources: Sequence[Source]) -> Iterator[Named]:
        """Return objects, groups, the `names` table and interfaces."""
        from aclproof.parsers.cisco_asa.meaning import naming

        return naming.names(sources)

    def fact_kinds(self) -> Iterable[FactKind]:
        """Return what may be asked."""
        from aclproof.parsers.cisco_asa.features import fact_kinds

        return fact_kinds.kinds()

    def vocabulary(self) -> Vocabulary:
        """Return what of its texts belongs to nobody."""
        from aclproof.parsers.cisco_asa.vocabulary import VOCABULARY

        return VOCABULARY

    def shown(self, source: Source) -> Shown:
        """Return the host name, or the contexts that are in one file."""
        from aclproof.parsers.cisco_asa.text import contexts

        return Shown(*first_name(_NAMES, source.text[:HEAD]), contexts=contexts.names(source.lines()))

    def advice(self, firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
               listener: str) -> str:
        """Say what an ASA's administrator would do."""
        from aclproof.parsers.cisco_asa.meaning import advice

        return advice.advice(by, transit, protocol, port, listener)

    def reply_cure(self, protocol: int) -> str:
        """Only answers of ICMP need anything."""
        from aclproof.parsers.cisco_asa.meaning import advice

        return advice.ECHO_REPLY if is_icmp(protocol) else super().reply_cure(protocol)

    def referenced_lines(self, firewall: Firewall) -> Iterator[tuple[int, str]]:
        """Return definitions, bindings, interfaces, routes and NAT."""
        from aclproof.parsers.cisco_asa.edit import referenced_lines

        return referenced_lines.find(firewall)

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        """Enter lines in configuration mode."""
        from aclproof.parsers.cisco_asa.edit import script as session

        return session.changed(sources, script, into_listing=into_listing)

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterator[Candidate | NotWritable]:
        """Yield members of groups, lists to bind, new entries."""
        from aclproof.parsers.cisco_asa.permits import writer

        return writer.candidates(firewall, missing, names)


VENDOR = CiscoAsa()
