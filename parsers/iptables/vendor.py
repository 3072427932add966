"""The door of iptables and ip6tables, with ipset.

Its patterns are text: `re` compiles each when it is first searched, and most are not in a run.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.names import Named, Shown, first_name
from aclproof.parsers.netfilter.door import NAMES, LinuxHost
from aclproof.parsers.source import Joined, Source, files_of
from aclproof.parsers.vendor import HEAD, Commands, LookAlike, Traits
from aclproof.reason import Reason

if TYPE_CHECKING:
    from aclproof.parsers.edited import Remark
    from aclproof.parsers.model.besides import Besides
    from aclproof.parsers.model.definitions import Definition
    from aclproof.parsers.model.firewall import Transit
    from aclproof.parsers.model.packets import Packet
    from aclproof.parsers.model.shown_by_device import DeviceAnswer
    from aclproof.parsers.permits import Candidate, MissingPermit, RuleNames
    from aclproof.parsers.removals import DeadRule, Removals
    from aclproof.parsers.renaming.vocabulary import Vocabulary

_SHELL_LINE = (
    r"(?:#!.*sh\b| *(?:\S+@\S+[#$] *)?(?:sudo )?(?:(?:/\S*/)?ip6?tables|\$\{?IP6?T\w*\}?) +"
    r"(?:-t +\w+ +)?-(?:[ADIRPNFX]|-(?:append|delete|insert|replace|policy|new-chain|flush)) )")
_SHELL = f"(?m)^{_SHELL_LINE}"
_SHELL_AFTER_A_FEED = f"\n{_SHELL_LINE}"
"""The same, found much faster in a text of many lines."""
_COMMAND = r"(?m)^[ \t]*(?:sudo[ \t]+)?(?:/\S*/)?ip6?tables(?:-legacy|-nft)?[ \t]+-"


def _calls(source: Source) -> bool:
    """Whether it has commands that change rules, other than before all rules are shown at a prompt."""
    from aclproof.parsers.netfilter import terminal

    return bool(re.search(_SHELL_AFTER_A_FEED, f"\n{source.text}")) and any(
        re.match(_SHELL_LINE, line) for line in terminal.lines(source))


class Iptables(LinuxHost):
    """Chains that the kernel calls by hook, of either family."""

    traits = Traits(
        title="iptables", inputs=Reason("what iptables-save prints"), comment_sign="#",
        commands=Reason("iptables commands"), suffixes=("rules", "v4", "v6", "ipset"), calls_chains=True,
        logs_by_rules=True, routes_shown_by="ip route", permits_name_states=True,
        permits_name_interfaces=True,
        volatile=(
            r"^(?:\d+[KMGTP]?\s+)+(?=[A-Za-z])",  # number of the line, packets and bytes of `iptables -L -v`
            r"\[\d+:\d+\]", r"(?:-c|--set-counters) \d+ \d+"),  # of iptables-save
        prompt=r"^[ \t]*(?:\[[^\]#$\r\n]{1,80}\]|[\w.-]+@[^#$\r\n]{1,80}?|"
               r"[A-Za-z][\w.-]*:?[^#$\s]{0,80}|(?=\$))[ \t]*[#$][ \t]*(?=(?:sudo[ \t]|/|ip6?tables|$))")
    look_alikes = (
        LookAlike(Reason("a shell script that calls iptables"), _SHELL,
                  Reason("run it in an empty network namespace, which leaves the host's rules alone, and "
                         "give what iptables-save prints there: unshare -n sh -c 'sh SCRIPT >&2; "
                         "iptables-save'")),
        LookAlike(Reason("a command of ufw"), r"(?m)^[ \t]*(?:sudo +)?ufw +\S",
                  Reason("what it makes of that is in the rules: give what iptables-save prints after it")),
    )

    def recognises(self, source: Source) -> bool:
        """Whether it is a dump, a listing or sets; a shell script is none, whatever it feeds to others."""
        from aclproof.parsers.iptables.text import kinds

        form = kinds.kind(source.text)
        return form in ("listing", "ipset") or bool(form and not _calls(source))

    def recognises_script(self, source: Source) -> Commands:
        """Distinguish commands from what iptables-save prints."""
        from aclproof.parsers.iptables.text import kinds

        head = source.text[:HEAD]
        return Commands.PROGRAM if re.search(_COMMAND, head) and not kinds.is_save(head) else Commands.NONE

    def read(self, sources: Sequence[Source]) -> Firewall:
        """Read the dumps of one host, and the sets that they name."""
        from aclproof.parsers.iptables.meaning import convert

        return convert.parse(sources)

    def probe(self, firewall: Firewall, transit: Transit | None, packet: Packet) -> Sequence[str]:
        """Its route, and what its rules have counted: nothing there simulates a packet."""
        from aclproof.parsers.netfilter import probe

        tool = "iptables" if packet.family.last < 2**32 else "ip6tables"
        return (*probe.route(transit, packet), f"{tool} -vnxL")

    def names(self, sources: Sequence[Source]) -> Iterator[Named]:
        """Return the comments of rules."""
        from aclproof.parsers.iptables.meaning import naming

        return naming.names(sources)

    def fact_kinds(self) -> Iterable[FactKind]:
        """Return what may be asked."""
        from aclproof.parsers.iptables.text import fact_kinds

        return fact_kinds.KINDS

    def vocabulary(self) -> Vocabulary:
        """Return what of its texts belongs to nobody."""
        from aclproof.parsers.iptables.vocabulary import VOCABULARY

        return VOCABULARY

    def shown(self, source: Source) -> Shown:
        """Return the name of the host, and which families or sets an input holds."""
        from aclproof.parsers.iptables import forms

        found = forms.read(source, rules=False)
        parts = {ruleset.family.name for ruleset in found.rulesets}
        parts |= {name for name, there in (("ipset", found.sets), ("nft tables", found.native),
                                           ("routes", found.places)) if there}
        return Shown(*first_name(NAMES, source.text[:HEAD]), frozenset(parts))

    def referenced_lines(self, firewall: Firewall) -> Iterator[tuple[int, str]]:
        """Return policies of chains and members of sets."""
        from aclproof.parsers.iptables.meaning import referenced_lines

        return referenced_lines.find(firewall)

    def holds(self, source: Source) -> Hashable:
        """Rules of which family, in which form, or sets."""
        from aclproof.parsers.iptables import forms

        read = forms.read(source, rules=False)
        return tuple((each.family, each.form) for each in read.rulesets), bool(read.sets)

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        """Carry out commands."""
        from aclproof.parsers.iptables import edit

        return edit.changed(sources, script, into_listing=into_listing)

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterator[Candidate]:
        """Yield commands; their rules have no names."""
        from aclproof.parsers.iptables import permits

        return permits.candidates(firewall, missing)

    def removals(self, firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
        """A rule goes by its own words, or by its number: where an earlier one has the same, in listings."""
        from aclproof.parsers.iptables import removal

        return removal.removals(firewall, dead)

    def kept_by(self, firewall: Firewall, chain: str, *, whole: bool = False) -> Iterable[str]:
        """Yield the programs that made chains of the host and share its tables, and the chain's own."""
        from aclproof.parsers.iptables.meaning.chain_id import ChainId
        from aclproof.parsers.netfilter import managers

        names = {ChainId.of(name).chain for name in firewall.chains}
        return dict.fromkeys((*(each.name for each in managers.of("", () if whole else names)),
                              *managers.of_chain(ChainId.of(chain).chain)))

    def heard(self, transcript: Source) -> Iterator[DeviceAnswer]:
        """Yield what the host answered, whatever makes its rules; nothing that nft prints."""
        from aclproof.parsers.iptables.transcripts import answers

        return answers.answers(transcript)

    def definitions(self, firewall: Firewall) -> Iterator[Definition]:
        """Return chains, and the ipsets that are given beside the rules."""
        from aclproof.parsers.iptables import defined, forms

        joined = Joined(files_of(firewall.source))
        return defined.find([forms.read(source) for source in joined.sources], joined)

    def besides(self, firewall: Firewall) -> Mapping[int, Besides]:
        """What targets and matches do that no verdict shows."""
        from aclproof.parsers.iptables import besides

        return besides.by_line(firewall, files_of(firewall.source))


VENDOR = Iptables()
