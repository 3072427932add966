"""What every vendor offers, and the only table of vendors: a folder and a line here are a new one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from aclproof.parsers.model.names import Shown
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark
    from aclproof.parsers.model.addresses import AddressSet
    from aclproof.parsers.model.besides import Besides
    from aclproof.parsers.model.comments import Comment
    from aclproof.parsers.model.counting import Counting
    from aclproof.parsers.model.definitions import Definition
    from aclproof.parsers.model.fact_kinds import FactKind
    from aclproof.parsers.model.firewall import Firewall, Transit
    from aclproof.parsers.model.names import Named
    from aclproof.parsers.model.packets import Packet
    from aclproof.parsers.model.rules import Default, Rule, Stage
    from aclproof.parsers.model.shell import Shell
    from aclproof.parsers.model.shown_by_device import DeviceAnswer
    from aclproof.parsers.model.unlogged import Unlogged
    from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames
    from aclproof.parsers.removals import DeadRule, Removals
    from aclproof.parsers.renaming.vocabulary import Vocabulary

VENDORS: dict[str, str] = {
    "cisco-asa": "aclproof.parsers.cisco_asa.vendor",
    "nftables": "aclproof.parsers.nftables.vendor",
    "iptables": "aclproof.parsers.iptables.vendor",
    "windows": "aclproof.parsers.windows.vendor",
}
"""Key to the module that holds the vendor's `VENDOR`, in the order in which they are tried on an input."""

NO_WRITER = Reason("aclproof cannot write commands for this make of firewall yet")
"""Why nothing is fixed, or taken away, at a vendor whose room has no writer."""

HEAD = 2**18
"""A vendor shows itself in so many characters; scanning a whole file of millions of lines costs too much."""


class Commands(IntEnum):
    """How surely a text holds a vendor's commands, to change a configuration; the surest vendor has it."""

    NONE = 0
    """It is a whole configuration, or somebody else's text."""
    MAYBE = 1
    """Lines that a whole configuration may hold as well."""
    EDITS = 2
    """Lines that only change something."""
    PROGRAM = 3
    """Lines that name the vendor's own program."""


class LookAlike(Struct, frozen=True):
    """A text that is close to what a vendor's room reads, and is not read."""

    what: str
    pattern: str
    """A regular expression of what shows it."""
    instead: str
    """What to do or to give instead."""


class Traits(Struct, frozen=True, kw_only=True):
    """How a vendor's firewalls differ from others, as data."""

    title: str
    """The vendor's name for people."""
    inputs: str
    """What to give of such a firewall, as the end of a sentence."""
    comment_sign: str
    """What begins a comment among its commands."""
    commands: str = ""
    """What a change script for it holds, for people; empty where its room carries out none."""
    suffixes: tuple[str, ...] = ()
    """How names of its files usually end; a hook looks at them, and nothing is recognised by them."""
    needs_host: bool = False
    """Whether it only guards the computer that it runs on, so a site file says whose it is."""
    routes_shown_by: str = ""
    """The command that shows where its routes lead."""
    bindings_shown_by: str = ""
    """The command that shows which list is bound where; empty where nothing is bound."""
    reads_beside: tuple[str, ...] = ()
    """Vendors whose inputs may be given with its own, as parts of the same machine."""
    contexts: bool = False
    """Whether one device runs several firewalls, and a file may hold the configurations of all."""
    profiles: tuple[str, ...] = ()
    """The profiles that a network has for it, as a site file names them."""
    allow_cannot_beat_block: bool = False
    """Whether a rule that blocks wins over every one that permits, in any order."""
    calls_chains: bool = False
    """Whether rules call other chains, so that the place of a permit has to be searched for."""
    many_values_in_a_rule: bool = False
    """Whether a rule takes any number of addresses and ports, so that a smaller permit saves no line."""
    permits_name_states: bool = False
    """Whether a permit can test the state of the connection, and replies need one of their own."""
    permits_name_interfaces: bool = False
    own_end: bool = False
    """Whether one end of all that it filters is its own computer, so that no rule has to name that."""
    logs_by_rules: bool = False
    """Whether it logs what rules say that log, and nothing else; so a rule that stops packets does not."""
    filters_neighbour_discovery: bool = True
    """Whether its rules for IPv6 also stop neighbour discovery, unless they permit it."""
    ways: tuple[str, str] = ("INPUT", "OUTPUT")
    """What it calls the way into its own computer, and the way out."""
    volatile: tuple[str, ...] = ()
    """Regular expressions of what its lines say of the traffic so far, such as counters."""
    prompt: str = ""
    """Regular expression of what its terminal writes before a command."""
    answer: str = ""
    """Regular expression of a line that its terminal prints after one."""


class Vendor(ABC):
    """The door of a vendor's room. What a room does not offer keeps the answer that is given here.

    The module that holds it is loaded early; each method imports what it needs.
    """

    traits: ClassVar[Traits]
    look_alikes: ClassVar[Sequence[LookAlike]] = ()

    @abstractmethod
    def recognises(self, source: Source) -> bool:
        """Whether an input is such a configuration; UnsupportedInputError for a look-alike."""

    def recognises_script(self, source: Source) -> Commands:
        """How surely a text holds commands that change such a configuration."""
        return Commands.NONE

    def unpack(self, data: bytes, name: str) -> Source | None:
        """Return the text of a container that is no text itself, None for all other bytes."""
        return None

    @abstractmethod
    def read(self, sources: Sequence[Source]) -> Firewall:
        """Read all files of one firewall; UnsupportedInputError when they are none."""

    @abstractmethod
    def stages(self, firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
        """Return the filters on one way through it; KeyError for an interface that does not exist."""

    @abstractmethod
    def through(self, firewall: Firewall, chain: str) -> tuple[Stage, ...]:
        """Return the filters of one named chain, where the file does not say where it is bound."""

    def names(self, sources: Sequence[Source]) -> Iterable[Named]:
        """Return what the configuration calls things."""
        return ()

    def fact_kinds(self) -> Iterable[FactKind]:
        """Return what may be asked about its configurations: every key of their conditions is of a kind."""
        return ()

    def shown(self, source: Source) -> Shown:
        """Return what an input shows of its machine: the name, and which part of the configuration it is."""
        return Shown()

    def advice(self, firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
               listener: str) -> str:
        """Say what the vendor's own knowledge adds about opening a service that a line stops, or nothing.

        `port` is the ICMP type where there is no port; `listener` is the program at the destination.
        """
        return ""

    def kept_out(self, firewall: Firewall, line: int, profile: str) -> str:
        """Say why the rule of a line is not in force, or not in a profile; nothing for the common reasons."""
        return ""

    def reply_cure(self, protocol: int) -> str:
        """Say what to do where packets after the first of a connection are stopped."""
        return Reason("accept what belongs to a connection (state ESTABLISHED)")

    def referenced_lines(self, firewall: Firewall) -> Iterable[tuple[int, str]]:
        """Return the lines that are no rules and decide what rules mean, each with the name it is about.

        The name is empty for a line that may concern any packet.
        """
        return ()

    def holds(self, source: Source) -> Hashable:
        """Return what part of a configuration a file holds, to tell which file a newer one replaces.

        None where that cannot be told; UnsupportedInputError for a file that cannot be read.
        """
        return None

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        """Read some files with a script carried out on them; UnsupportedInputError for what cannot be.

        The files are as they were given: later scripts hold the lines of earlier ones. A listing is no
        configuration, so a script for one is refused; but new permits are tried `into_listing` as well.
        """
        raise UnsupportedInputError(Reason("{name}: aclproof cannot carry out commands for {title} yet; "
                                           "give the configuration as it is after them", name=script.name,
                                           title=self.traits.title))

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterable[Candidate | NotWritable]:
        """Yield lines for some of the missing permits, best first; the last ones for a permit are its own.

        They are requested again once a candidate was entered, with what is missing then.
        """
        from aclproof.parsers.permits import NotWritable

        return (NotWritable(tuple(missing), NO_WRITER),)

    def removals(self, firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
        """Return the commands that take some rules away, which are given from the last to the first."""
        from aclproof.parsers.removals import ByHand, Removals

        return Removals((ByHand(NO_WRITER),) * len(dead))

    def leads_to(self, firewall: Firewall) -> tuple[str, ...]:
        """Return the commands that go before all others: of several firewalls in a device they choose one."""
        return ()

    def kept_by(self, firewall: Firewall, chain: str, *, whole: bool = False) -> Iterable[str]:
        """Yield the programs that keep rules of a list, or the `whole` list, and write them anew."""
        return ()

    def definitions(self, firewall: Firewall) -> Iterable[Definition]:
        """Return what lines may name, and what they name without a definition, as far as the input shows."""
        return ()

    def hits(self, firewall: Firewall, line: int) -> int | None:
        """Return how many packets a rule has counted, as its line shows it; None where it does not."""
        return None

    def besides(self, firewall: Firewall) -> Mapping[int, Besides]:
        """Say by line what rules do and ask that no verdict shows; nothing of those that are left out."""
        return {}

    def unlogged(self, firewall: Firewall) -> Iterable[Unlogged]:
        """Yield what stops packets and is not logged, where a switch decides that and not a rule before."""
        return ()

    def comments(self, firewall: Firewall) -> Iterable[Comment]:
        """Yield what people wrote beside rules; what several have in common is about them all."""
        from aclproof.parsers.model.comments import Comment
        from aclproof.parsers.source import files_of

        lines: dict[str, list[int]] = {}
        for each in self.names(files_of(firewall.source)):
            if each.kind == "rule" and each.about:
                lines.setdefault(each.about, []).append(each.line)
        return (Comment(((found[0], text),), tuple(found)) for text, found in lines.items())

    def counting(self, firewall: Firewall) -> Counting:
        """Say what the input shows of the time in which its rules counted packets."""
        from aclproof.parsers.model.counting import UNKNOWN

        return UNKNOWN

    def counted_singly(self, firewall: Firewall) -> Mapping[str, Reason]:
        """Say by list why each of its entries counts for itself, and not only what the list permits."""
        return {}

    def shell(self) -> Shell:
        """Return where its commands are entered."""
        from aclproof.parsers.model.shell import LINUX

        return LINUX

    def probe(self, firewall: Firewall, transit: Transit | None, packet: Packet) -> Sequence[str]:
        """Return commands that show what it does with a packet, or what of that it tells; empty for none.

        They change nothing. The transit is None where its interfaces are not known.
        """
        return ()

    def heard(self, transcript: Source) -> Iterable[DeviceAnswer]:
        """Yield what a transcript of commands and answers shows; nothing of what is another vendor's."""
        return ()

    def vocabulary(self) -> Vocabulary:
        """Return what of its texts belongs to nobody, and where in them secrets stand."""
        from aclproof.parsers.renaming.vocabulary import EVERYWHERE

        return EVERYWHERE

    def second_opinion(self, source: Source) -> Iterable[int]:
        """Yield the lines that another program reads otherwise; UnsupportedInputError where it gives up."""
        return ()

    def rule_name(self, firewall: Firewall, line: int) -> str:
        """Return the name that a rule has for people, besides its line."""
        return ""

    def narrowed(self, firewall: Firewall, line: int, remote: AddressSet) -> Firewall | None:
        """Return what would be if a rule had other remote addresses, None where that is not known."""
        return None


def door(key: str) -> Vendor:
    """Open a vendor's room by its key in the table."""
    vendor: Vendor = import_module(VENDORS[key]).VENDOR
    return vendor


def of_machine(keys: Collection[str]) -> str:
    """Return the vendor that reads inputs of all these as one machine; empty where none does."""
    return next((key for key in keys if set(keys) <= {key, *door(key).traits.reads_beside}), "")


def doors() -> Iterator[tuple[str, Vendor]]:
    """Yield every vendor with its key, in the order of the table."""
    return ((key, door(key)) for key in VENDORS)
