"""The door of Windows Firewall."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aclproof.parsers.model.addresses import AddressSet
from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.model.firewall import Firewall, Transit
from aclproof.parsers.model.names import Named, Shown, first_name
from aclproof.parsers.model.rules import Default, Rule, Stage
from aclproof.parsers.source import Source
from aclproof.parsers.vendor import HEAD, Commands, Traits, Vendor
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark
    from aclproof.parsers.model.besides import Besides
    from aclproof.parsers.model.packets import Packet
    from aclproof.parsers.model.shell import Shell
    from aclproof.parsers.model.shown_by_device import DeviceAnswer
    from aclproof.parsers.model.unlogged import Unlogged
    from aclproof.parsers.permits import Candidate, MissingPermit, NotWritable, RuleNames
    from aclproof.parsers.removals import DeadRule, Removals
    from aclproof.parsers.renaming.vocabulary import Vocabulary

_CONTAINERS = (b"PReg", b"regf")
"""How Registry.pol and a hive of the registry begin."""
_COMMAND = (
    r"(?mi)^[ \t@]*(?:call[ \t]+)?(?:Get-NetFirewallRule\b|"
    r"(?:New|Set|Remove|Enable|Disable|Rename|Copy)-Net(?:Firewall|IPsec)\w+|"
    r"(?:\S*\\)?netsh(?:\.exe)?[ \t]+(?:(?:-\w[ \t]+)?advfirewall[ \t]+"
    r"(?:(?:firewall|consec|mainmode)[ \t]+(?:add|set|delete)[ \t]|(?:reset|set|import)\b)|"
    r"firewall[ \t]+(?:add|set|delete|reset)\b))")
"""It is text: `re` compiles it when it is first searched."""


class Windows(Vendor):
    """Rules of one computer, by the profile of its network; what blocks wins."""

    traits = Traits(
        title="Windows Firewall", inputs=Reason("an export of the Windows Firewall"), comment_sign="#",
        commands=Reason("NetFirewallRule cmdlets or netsh commands"), suffixes=("reg", "pol", "wfw"),
        needs_host=True, profiles=("domain", "private", "public"), allow_cannot_beat_block=True,
        many_values_in_a_rule=True, own_end=True, ways=(Reason("inbound"), Reason("outbound")),
        filters_neighbour_discovery=False,  # its core rules let it through
        prompt=r"^[ \t]*(?:\[[^\]\r\n]*\]:[ \t]*)?(?:PS(?:[ \t][^>\r\n]*)?|[A-Za-z]:\\[^>\r\n]*)>+[ \t]*|"
               r"^>>[ \t]*",
        answer=r"(?i:ok)\.|\D{0,60}\d+ \w+\(\w+\)\D{0,60}\.|\w+[ ]+: .*|"
               r"Microsoft Windows \[.*|Windows PowerShell|(?:\(c\)|Copyright) .*")

    def recognises(self, source: Source) -> bool:
        """Recognise an export in any of its forms."""
        from aclproof.parsers.windows import forms  # it has a reader for each of many forms

        return forms.form(source) is not None

    def recognises_script(self, source: Source) -> Commands:
        """Recognise cmdlets and netsh commands that change rules."""
        return Commands.PROGRAM if re.search(_COMMAND, source.text[:HEAD]) else Commands.NONE

    def unpack(self, data: bytes, name: str) -> Source | None:
        """Return a policy file or a hive as the registry export that says the same."""
        if data[:4] not in _CONTAINERS:
            return None
        from aclproof.parsers.windows.registry import binary

        return binary.read_bytes(data, name)

    def read(self, sources: Sequence[Source]) -> Firewall:
        """Read the exports of one computer."""
        from aclproof.parsers.windows.meaning import convert

        return convert.parse(sources)

    def stages(self, firewall: Firewall, transit: Transit) -> tuple[Stage, ...]:
        """Return the one filter of a direction."""
        from aclproof.parsers.windows.meaning import stages

        return stages.stages(firewall, transit)

    def through(self, firewall: Firewall, chain: str) -> tuple[Stage, ...]:
        """Return the filter of one direction, for a profile that is not known."""
        from aclproof.parsers.windows.meaning import stages

        return stages.through(firewall, chain)

    def shell(self) -> Shell:
        """Return PowerShell."""
        from aclproof.parsers.model.shell import POWERSHELL

        return POWERSHELL

    def probe(self, firewall: Firewall, transit: Transit | None, packet: Packet) -> Sequence[str]:
        """What is in force, and in which profile: nothing there simulates a packet."""
        return ("Get-NetConnectionProfile", "Get-NetFirewallProfile -PolicyStore ActiveStore")

    def names(self, sources: Sequence[Source]) -> Iterator[Named]:
        """Return the names and descriptions of rules."""
        from aclproof.parsers.windows.meaning import naming

        return naming.names(sources)

    def fact_kinds(self) -> Iterable[FactKind]:
        """Return what may be asked."""
        from aclproof.parsers.windows.records import fact_kinds

        return fact_kinds.KINDS

    def vocabulary(self) -> Vocabulary:
        """Return what of its texts belongs to nobody."""
        from aclproof.parsers.windows.vocabulary import VOCABULARY

        return VOCABULARY

    def shown(self, source: Source) -> Shown:
        """Return the computer's name, and whether an input holds rules or settings of profiles, or Group
        Policy, which may be given besides both."""
        from aclproof.parsers.windows import forms
        from aclproof.parsers.windows.records import computer

        found = forms.read(source)
        stores = {rule.store for rule in found.rules} | {each.store for each in found.profiles}
        if stores == {"policy"} or (found.whole_policy and not stores):
            parts = {"Group Policy"}
        else:
            parts = {name for name, there in (("rules", found.rules or found.shows or found.broken),
                                              ("profiles", found.profiles)) if there}
        return Shown(*first_name(computer.NAMES, source.text[:HEAD]), frozenset(parts))

    def advice(self, firewall: Firewall, by: Rule | Default, transit: Transit, protocol: int, port: int,
               listener: str) -> str:
        """Say what an administrator of Windows would do."""
        from aclproof.parsers.windows.meaning import advice

        return advice.advice(firewall, by, transit, protocol, port, listener)

    def kept_out(self, firewall: Firewall, line: int, profile: str) -> str:
        """Say that a rule is disabled, or that Group Policy does not let it count."""
        from aclproof.parsers.windows.meaning import kept_out

        return kept_out.reason(firewall, line, profile)

    def referenced_lines(self, firewall: Firewall) -> Iterator[tuple[int, str]]:
        """Return the settings of profiles."""
        from aclproof.parsers.windows.meaning import referenced_lines

        return referenced_lines.find(firewall)

    def holds(self, source: Source) -> Hashable:
        """Rules, settings of profiles or both, from which store and in which form."""
        from aclproof.parsers.windows import forms

        read = forms.read(source)
        return read.kind, bool(read.rules), bool(read.profiles), frozenset(rule.store for rule in read.rules)

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        """Carry out cmdlets and netsh commands."""
        from aclproof.parsers.windows.edit import script as commands

        return commands.changed(sources, script)

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterator[Candidate | NotWritable]:
        """Yield rules to switch on, then new ones."""
        from aclproof.parsers.windows.permits import writer

        return writer.candidates(firewall, missing, names)

    def removals(self, firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
        """A rule goes by its name, as the tool of the computer has it."""
        from aclproof.parsers.windows import removal

        return removal.removals(firewall, dead)

    def besides(self, firewall: Firewall) -> Mapping[int, Besides]:
        """A rule may let through what comes by a NAT edge (Teredo), which no other one does for it."""
        from aclproof.parsers.model.besides import Besides
        from aclproof.parsers.windows.edit import what_if

        return {line: Besides(beyond=True) for line, rule in what_if.written(firewall).items()
                if rule.edge != "No"}

    def heard(self, transcript: Source) -> Iterator[DeviceAnswer]:
        """Yield connections that were tried from the computer, and the settings in force."""
        from aclproof.parsers.windows.transcripts import answers

        return answers.answers(transcript)

    def unlogged(self, firewall: Firewall) -> Iterable[Unlogged]:
        """A profile logs what it stops, or does not."""
        from aclproof.parsers.windows.edit import what_if
        from aclproof.parsers.windows.meaning import unlogged

        return unlogged.find(what_if.exports(firewall))

    def rule_name(self, firewall: Firewall, line: int) -> str:
        """Return a rule's display name."""
        from aclproof.parsers.windows.edit import what_if

        rule = what_if.written(firewall).get(line)
        return rule.name if rule else ""

    def narrowed(self, firewall: Firewall, line: int, remote: AddressSet) -> Firewall | None:
        """Return what would be if a rule that was read had other remote addresses."""
        from aclproof.parsers.windows.edit import what_if

        return what_if.narrowed(firewall, line, remote) if line in what_if.written(firewall) else None


VENDOR = Windows()
