"""What a change does to one list, for every packet, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter.diff.chain_difference import ChainDifference, Packets
from aclproof.linter.diff.full import FullComparison
from aclproof.linter.diff.opened import Opened
from aclproof.linter.reports.diff.labelled import MOST, NOW_DENIED, NOW_PERMITTED, LabelledLines, paragraph
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing import wording
from aclproof.parsers.model.intervals import IntervalSet
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import ANY_PORT, PROTOCOL_NAMES, is_icmp

_ICMP_TAILS = message("type {numbers}"), message("code {numbers}")
_PORT_TAILS = message("from port {numbers}"), message("to port {numbers}")
_OCTET = IntervalSet.of((0, 255))
"""All types and codes of ICMP that there are."""
_NEARLY_ALL = 200
"""More protocols than this are all but those that have a part of their own."""


class FullText:
    """Writes full comparisons in one language."""

    def __init__(self, words: Words) -> None:
        self._words, self._lines = words, LabelledLines(words)

    def lines(self, compared: FullComparison) -> Iterator[str]:
        """Yield the lines of one list."""
        words, about = self._words, {"firewall": compared.firewall, "chain": compared.names.text}
        difference = compared.difference
        if difference is None:
            yield from paragraph(
                words("{firewall}, {chain}: there is a list before only; without one something else decides "
                      "(security levels, a policy), so nothing is compared", **about)
                if compared.names.old else
                words("{firewall}, {chain}: there is a list now only; without one something else decides "
                      "(security levels, a policy), so nothing is compared", **about))
            return
        yield from paragraph(words.count(
            "{firewall}, {chain}: {n} changed rule, for packets that open connections",
            "{firewall}, {chain}: {n} changed rules, for packets that open connections", difference.rules,
            **about))
        yield from self._packets(difference)
        yield from self._not_compared(difference)

    def opened(self, opened: Opened) -> str:
        """Say what one list opens besides what is asked for, by the widest part of it."""
        words = self._words
        place = f"{opened.firewall}, {opened.names.text}" if opened.names else opened.firewall
        flows = [(part, box) for part in opened.packets for box in part.boxes]
        if not opened.names:
            return words("{place}: may open more than any requirement asks, by interfaces, translations, "
                         "inspections or switches that changed", place=place)
        if not flows:
            return words("{place}: may open more than any requirement asks: see --full", place=place)
        part, box = min(flows, key=_narrowness)
        widest = self._flow(part, box)
        if part.protocols.size > _NEARLY_ALL:  # the others have parts of their own, which are not shown
            ends, every = widest.partition("  ")[0], words("nearly every protocol")
            widest = f"{ends}  {every}"
        if len(flows) == 1:
            return words("{place}: opens more than any requirement asks: {flow}", place=place, flow=widest)
        return words.count(
            "{place}: opens more than any requirement asks: {flow}, and {n} more part: see --full",
            "{place}: opens more than any requirement asks: {flow}, and {n} more parts: see --full",
            len(flows) - 1, place=place, flow=widest)

    def _packets(self, difference: ChainDifference) -> Iterator[str]:
        words = self._words
        parts = {NOW_PERMITTED: difference.newly_permitted, NOW_DENIED: difference.newly_denied,
                 "Open or not": difference.undecided_on_one_side}
        for label, packets in parts.items():
            yield from self._of_one_kind(label, packets)
        if not any(parts.values()):
            yield from self._lines.labelled("", words("no packet fares differently") if difference.complete
                                            else words("nothing was found in what was compared"))

    def _of_one_kind(self, label: str, packets: Sequence[Packets]) -> Iterator[str]:
        flows = (self._flow(part, box) for part in packets for box in part.boxes)
        return self._lines.flows(label, flows, sum(len(part.boxes) for part in packets), 2 * MOST)

    def _not_compared(self, difference: ChainDifference) -> Iterator[str]:
        if not difference.complete:
            left_out = wording.few([str(span) for span in difference.left_out], 3, self._words)
            yield from self._lines.labelled("Not compared", self._words.count(
                "{n} changed rule, because the budget of --full did not suffice (--budget): {rules}",
                "{n} changed rules, because the budget of --full did not suffice (--budget): {rules}",
                len(difference.left_out), rules=left_out))

    def _flow(self, part: Packets, box: Box) -> str:
        """A box on one line, with all the protocols that share it."""
        ends = wording.flow(box, words=self._words).partition("  ")[0]
        return f"{ends}  {self._service(part, box)}"

    def _service(self, part: Packets, box: Box) -> str:
        words, one_protocol = self._words, part.protocols.size == 1
        if one_protocol and not is_icmp(box.protocol):
            return wording.service(box, words)
        text = self._protocols(part)
        tails = _ICMP_TAILS if one_protocol else _PORT_TAILS
        for tail, numbers in zip(tails, (box.source_ports, box.destination_ports), strict=True):
            known = numbers & _OCTET if tails is _ICMP_TAILS else numbers
            if numbers != ANY_PORT and known != _OCTET:
                text += f" {words(tail, numbers=wording.ports(known, words=words))}"
        return text

    def _protocols(self, part: Packets) -> str:
        words = self._words
        if part.protocols.size == 256:
            return words("every protocol")
        if part.protocols.size > _NEARLY_ALL:
            return words("every other protocol")
        numbers = [number for low, high in part.protocols.ranges for number in range(low, high + 1)]
        return wording.few([PROTOCOL_NAMES.get(number, str(number)).upper() for number in numbers],
                           words=words)


def _narrowness(flow: tuple[Packets, Box]) -> tuple[int, int]:
    """The smaller, the more packets it holds; IPv4 first, which people read more easily."""
    part, box = flow
    return box.family.value, -box.size * part.protocols.size
