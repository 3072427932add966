"""The door of nftables, and of whole hosts whose iptables dumps are given beside it.

Its patterns are text: `re` compiles each when it is first searched, and most are not in a run.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.names import Named, Shown, first_name
from aclproof.parsers.netfilter.door import NAMES, LinuxHost
from aclproof.parsers.source import Source, files_of
from aclproof.parsers.vendor import HEAD, Commands, LookAlike, Traits, door
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark
    from aclproof.parsers.model.besides import Besides
    from aclproof.parsers.model.comments import Comment
    from aclproof.parsers.model.definitions import Definition
    from aclproof.parsers.model.firewall import Transit
    from aclproof.parsers.model.packets import Packet
    from aclproof.parsers.model.shown_by_device import DeviceAnswer
    from aclproof.parsers.permits import Candidate, MissingPermit, RuleNames
    from aclproof.parsers.removals import DeadRule, Removals
    from aclproof.parsers.renaming.vocabulary import Vocabulary

_CALL = (r"[ \t]*(?:\S+@\S+[#$] *)?(?:sudo +)?(?:/\S*/)?nft +(?:-\S+ +)*"
         r"(?:add|create|insert|delete|flush|replace|-f) ")
_FIREWALLD = (r"(?m)^[ \t]*(?:sudo +)?firewall-(?:offline-)?cmd |"
              r"\A(?:<\?xml[^>]*>\s*)?<(?:zone|policy|direct|service|ipset)\b")
_OPENWRT = r"(?m)^[ \t]*(?:sudo +)?uci +\S|^config +(?:defaults|zone|rule|forwarding|redirect)\b"
_SHELL = rf"(?m)^(?:#!.*sh\b(?=[\s\S]*^{_CALL})|{_CALL})"


class Nftables(LinuxHost):
    """Base chains that the kernel calls by hook and priority, of tables of any family."""

    traits = Traits(
        title="nftables", inputs=Reason("what 'nft list ruleset' prints, as text or with -j"),
        comment_sign="#", suffixes=("nft", "json"), calls_chains=True, logs_by_rules=True,
        routes_shown_by="ip route", permits_name_states=True, permits_name_interfaces=True,
        reads_beside=("iptables",), commands=Reason("nft commands"), many_values_in_a_rule=True,
        prompt=r"^[ \t]*(?:\[[^\]#$\r\n]{1,80}\]|[\w.-]+@[^#$\r\n]{1,80}?|"
               r"[A-Za-z][\w.-]*:?[^#$\s{\"]{0,80}|(?=\$))[ \t]*[#$][ \t]*"
               r"(?=(?:sudo[ \t]|/|nft\b|ip6?tables|$))",
        volatile=(r"packets \d+ bytes \d+", r"expires \S+", r"handle \d+"))
    look_alikes = (
        LookAlike(Reason("a shell script that calls nft"), _SHELL,
                  Reason("run it in an empty network namespace, which leaves the host's rules alone, and "
                         "give what nft prints there: unshare -n sh -c 'sh SCRIPT >&2; nft -a list "
                         "ruleset'")),
        LookAlike(Reason("a setting or command of firewalld"), _FIREWALLD,
                  Reason("what it makes of that only nft shows: give what 'nft -a list ruleset' prints once "
                         "it is loaded")),
        LookAlike(Reason("a setting or command of OpenWrt"), _OPENWRT,
                  Reason("what fw4 makes of that is printed by 'fw4 print' before it is loaded, and by "
                         "'nft -a list ruleset' after it: give that")),
    )

    def recognises(self, source: Source) -> bool:
        """Whether it is a ruleset, as text, as JSON or as a file of commands."""
        from aclproof.parsers.nftables.text.kind import kind

        return bool(kind(source.text))

    def recognises_script(self, source: Source) -> Commands:
        """Distinguish commands from rulesets."""
        from aclproof.parsers.nftables.script import recognise

        return recognise.commands(source)

    def read(self, sources: Sequence[Source]) -> Firewall:
        """Read the inputs of one host."""
        from aclproof.parsers.nftables.meaning import convert

        return convert.parse(sources)

    def probe(self, firewall: Firewall, transit: Transit | None, packet: Packet) -> Sequence[str]:
        """Its route, and what its rules have counted: nothing there simulates a packet."""
        from aclproof.parsers.netfilter import probe

        return (*probe.route(transit, packet), "nft list ruleset")

    def names(self, sources: Sequence[Source]) -> Iterator[Named]:
        """Return sets of addresses, and comments of rules, those of the dumps beside as well."""
        from aclproof.parsers.iptables.meaning import naming as of_iptables
        from aclproof.parsers.nftables.meaning import naming

        yield from naming.names(sources)
        yield from of_iptables.names(sources)

    def fact_kinds(self) -> Iterable[FactKind]:
        """Return what may be asked."""
        from aclproof.parsers.nftables.meaning import fact_kinds

        return fact_kinds.KINDS

    def vocabulary(self) -> Vocabulary:
        """Return what of its texts belongs to nobody."""
        from aclproof.parsers.nftables.vocabulary import VOCABULARY

        return VOCABULARY

    def shown(self, source: Source) -> Shown:
        """Return the name of the host; two rulesets are never parts of one."""
        from aclproof.parsers.nftables import forms
        from aclproof.parsers.nftables.meaning import extent

        found = forms.read(source)
        part = "nft tables" if extent.is_list_of_tables(found) else "nft ruleset"
        return Shown(*first_name(NAMES, source.text[:HEAD]), frozenset({part}))

    def referenced_lines(self, firewall: Firewall) -> Iterator[tuple[int, str]]:
        """Return policies of chains and elements of sets, those of the dumps beside as well."""
        from aclproof.parsers.nftables.meaning import referenced_lines

        return referenced_lines.find(firewall)

    def holds(self, source: Source) -> Hashable:
        """Which tables, with their families; of a dump of iptables beside them what its own room says."""
        from aclproof.parsers.nftables import forms
        from aclproof.parsers.nftables.text.kind import kind

        if not kind(source.text):
            return door("iptables").holds(source)
        return frozenset(forms.read(source).ruleset.tables)

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        """Carry out commands of nft, and of iptables on the dumps beside."""
        from aclproof.parsers.nftables import edit

        return edit.changed(sources, script, into_listing=into_listing)

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterator[Candidate]:
        """Yield commands; their rules have no names."""
        from aclproof.parsers.nftables import permits

        return permits.candidates(firewall, missing, names)

    def removals(self, firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
        """A rule goes by its handle, where the input shows it; those of iptables as there."""
        from aclproof.parsers.nftables import removal

        return removal.removals(firewall, dead)

    def kept_by(self, firewall: Firewall, chain: str, *, whole: bool = False) -> Iterable[str]:
        """Whose a table is, its name shows."""
        from aclproof.parsers.netfilter import managers

        family, *words = chain.split(" ")
        return (each.name for each in managers.of(words[0], ())) if words and "/" not in family \
            else door("iptables").kept_by(firewall, chain, whole=whole)

    def heard(self, transcript: Source) -> Iterator[DeviceAnswer]:
        """Yield traces and counters of nft; the rest of the host is yielded with iptables."""
        from aclproof.parsers.nftables.transcripts import answers

        return answers.answers(transcript)

    def definitions(self, firewall: Firewall) -> Iterator[Definition]:
        """Return chains, sets, maps and objects, and what is in the dumps of iptables beside."""
        from aclproof.parsers.nftables import defined

        return defined.find(firewall)

    def comments(self, firewall: Firewall) -> Iterator[Comment]:
        """Return those of rules, and what a file of rules has after them."""
        from aclproof.parsers.nftables.meaning import naming

        yield from super().comments(firewall)
        yield from naming.beside(files_of(firewall.source))

    def besides(self, firewall: Firewall) -> Mapping[int, Besides]:
        """What statements do that no verdict shows; those of iptables dumps beside as there."""
        from aclproof.parsers.nftables import besides

        return besides.by_line(firewall)


VENDOR = Nftables()
