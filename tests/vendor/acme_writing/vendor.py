"""The same vendor with more to offer: it takes lines (`N RULE` puts a rule before rule N) and writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.parsers.edited import Edited, Line, Remark
from aclproof.parsers.model.addresses import networks
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.services import PROTOCOL_NAMES
from aclproof.parsers.permits import Candidate, MissingPermit, RuleNames
from aclproof.parsers.source import Source
from aclproof.parsers.vendor import Commands, Vendor
from tests.vendor.acme.vendor import Acme


class WritingAcme(Acme):
    """Offers scripts as well as rules."""

    def recognises_script(self, source: Source) -> Commands:
        return Commands.EDITS if source.text[:1].isdecimal() else Commands.NONE

    def enter(self, sources: Sequence[Source], script: Source, *,
              into_listing: bool = False) -> tuple[Firewall, Sequence[Remark]]:
        old = sources[0]
        lines = [Line(text, old, number) for number, text in enumerate(old.lines(), 1)]
        for number, text in enumerate(script.lines(), 1):
            place, _, rule = text.partition(" ")
            lines.insert(int(place), Line(rule, script, number))
        return self.read([Edited.of(old, script, lines)]), ()

    def candidates(self, firewall: Firewall, missing: Sequence[MissingPermit],
                   names: RuleNames) -> Iterator[Candidate]:
        for permit in sorted(missing, key=lambda each: -each.at):
            box = permit.box
            head = f"{permit.at + 1} permit {PROTOCOL_NAMES[box.protocol]}"
            lines = tuple(
                f"{head} {sender}/{length} {receiver}/{size} {port}"
                for sender, length in networks(box.family, box.sources.ranges)
                for receiver, size in networks(box.family, box.destinations.ranges)
                for port, _ in box.destination_ports.ranges)
            yield Candidate(lines, (permit,), len(lines))


VENDOR: Vendor = WritingAcme()
