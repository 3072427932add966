"""One sentence for each line that a packet meets: why it fits, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.trace.steps import line
from aclproof.linter.reports.trace.text import ALIKE
from aclproof.linter.reports.writing.wording import address_words, few, ports
from aclproof.linter.trace.records import Hop
from aclproof.linter.trace.tracer import TraceStep
from aclproof.parsers.model.addresses import ANY, ANY4, ANY6, AddressSet
from aclproof.parsers.model.conditions import Condition, Membership
from aclproof.parsers.model.effects import CopyMark, Divert, Effect, SetMark, Translate, Untrack
from aclproof.parsers.model.packets import icmp_kind
from aclproof.parsers.model.rules import Action, Default, Rule, Stage
from aclproof.parsers.model.services import ANY_PORT, ANY_PROTOCOL, PROTOCOL_NAMES, Service, is_icmp

_MOST = 4
"""So many networks of a rule are read out."""


_EVERYWHERE = ((ANY, message("any address")), (ANY4, message("any IPv4 address")),
               (ANY6, message("any IPv6 address")))
_ARRIVAL = "translation"
"""The default that stands for: this was said not to be the service that is meant."""


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the lines of the configuration that it is about."""

    sentence: str
    quoted: tuple[str, ...] = ()


class Teller:
    """Tells one hop; keeps in mind through which chains the packet was sent."""

    def __init__(self, hop: Hop, words: Words) -> None:
        self._hop, self._words = hop, words
        self._stage: Stage | None = None
        self._chains: list[str] = []
        """The chain that the filter begins with, and those that were called and have not come back."""

    def _synthetic(self, chain: str) -> bool:
        """Whether a chain is not the file's own, but holds what lines elsewhere do to a list."""
        known = self._hop.firewall.chains.get(chain)
        return known is None or known.synthetic

    def told(self) -> Iterator[Told]:
        """Tell everything that happens at this firewall, in order."""
        for step in self._hop.packet_trace.steps if self._hop.packet_trace else ():
            fresh = False
            if step.stage is not self._stage:
                self._stage, self._chains = step.stage, []
                yield Told(self._words("The filter '{stage}' is asked.", stage=step.stage.name))
                fresh = True
            yield from self._come_back(step)
            if isinstance(step.by, Rule):
                yield self._rule(step, step.by, first=fresh)
            elif step.by.kind != _ARRIVAL:
                yield self._default(step.by)
        for number in self._hop.translated_by if not self._hop.firewall.on_host else ():
            span = self._hop.firewall.source.span(number)
            yield Told(self._words("Line {line} of {file} says what its addresses become.",
                                   line=span.first_line, file=span.file), (span.text,))
        unsure = self._hop.verdict in ("undecided", "unseen")
        for because in self._hop.because:
            told = self._words.sentence(because)
            yield Told(self._words("Open: {because}.", because=told) if unsure else _as_sentence(told))
        if self._hop.alike:
            yield Told(_as_sentence(self._words(ALIKE)))

    def _come_back(self, step: TraceStep) -> Iterator[Told]:
        """Say where called chains ended without a word."""
        while len(self._chains) > 1 and step.chain != self._chains[-1]:
            ended = self._chains.pop()
            yield Told(self._words("Nothing more in the chain {chain} fits, and the packet goes back to "
                                   "{back}.", chain=ended, back=self._chains[-1]))
        if not self._chains or step.chain != self._chains[-1]:
            self._chains = [step.chain]

    def _rule(self, step: TraceStep, rule: Rule, *, first: bool) -> Told:
        found = line(self._hop, step)
        if found.kind != "rule":
            reasons = "; ".join(self._words.sentence(each.because) for each in step.unresolved)
            return Told(self._words("Not in the file, and so open: {reasons}.", reasons=reasons))
        place = {"line": found.span.first_line, "file": found.span.file, "packets": self._packets(rule)}
        if step.unresolved and self._synthetic(step.chain):
            reasons = "; ".join(self._words.sentence(each.because) for each in step.unresolved)
            return Told(self._words("Line {line} of {file} leaves open {reasons}.", line=place["line"],
                                    file=place["file"], reasons=reasons), (found.text,))
        if step.unresolved:
            reasons = "; ".join(self._words.sentence(each.because) for each in step.unresolved)
            fits = self._words("Whether line {line} of {file} fits is open: {reasons}. It is for {packets}. "
                               "If it does not fit, the packet goes on to the next line. If it does:",
                               reasons=reasons, **place)
        else:
            fits = self._words("Line {line} of {file} is the first that fits: it is for {packets}.",
                               **place) if first else \
                self._words("Then line {line} of {file} fits: it is for {packets}.", **place)
            fits = " ".join((fits, *map(self._asked, rule.conditions)))
        deed = self._deed(step, rule)
        self._move(rule)
        return Told(f"{fits} {deed}", (found.text,))

    def _asked(self, condition: Condition) -> str:
        """Tell of a condition that the packet meets."""
        because = self._words.sentence(condition.because).partition(";")[0]
        if isinstance(condition, Membership):
            return self._words("It asks {because}: this one is as it has to be.", because=because)
        if getattr(condition, "negated", False):
            return self._words("It asks {because}: no, as it has to be.", because=because)
        return self._words("It asks {because}: yes, as it has to be.", because=because)

    def _move(self, rule: Rule) -> None:
        """Follow the packet from chain to chain."""
        if rule.action is Action.JUMP:
            self._chains.append(rule.target)
        elif rule.action is Action.GOTO:
            self._chains[-1] = rule.target
        elif rule.action is Action.RETURN and len(self._chains) > 1:
            self._chains.pop()

    def _deed(self, step: TraceStep, rule: Rule) -> str:
        words, told = self._words, []
        if rule.effect is not None:
            told.append(self._effect(rule.effect))
        match rule.action:
            case Action.PERMIT:
                told.append(words("It permits the packet, and no later line of this filter is asked."))
            case Action.DENY:
                told.append(words("It denies the packet, and nothing after it is asked."))
            case Action.JUMP:
                told.append(words("It sends the packet through the chain {target}.", target=rule.target))
            case Action.GOTO:
                told.append(words("It sends the packet into the chain {target}, for good.",
                                  target=rule.target))
            case Action.RETURN if len(self._chains) > 1:
                told.append(words("It sends the packet back to {chain}.", chain=self._chains[-2]))
            case Action.RETURN:
                told.append(words("It ends the list."))
            case Action.CONTINUE:
                told.append(words("It decides nothing, and the packet goes on."))
            case _:
                assert_never(rule.action)
        return " ".join(told)

    def _effect(self, effect: Effect) -> str:
        words = self._words
        match effect:
            case SetMark(whose="packet"):
                return words("It marks the packet.")
            case SetMark():
                return words("It marks the connection.")
            case CopyMark():
                return words("It copies a mark between the packet and its connection.")
            case Untrack():
                return words("It keeps the packet out of connection tracking.")
            case Translate(end="destination"):
                return words("It translates where the packet goes to.")
            case Translate():
                return words("It translates where the packet comes from, on leaving.")
            case Divert(because=because):
                return words("It takes the packet off its way: {because}.", because=words.sentence(because))
            case _:
                assert_never(effect)

    def _default(self, by: Default) -> Told:
        sentence = self._words("No line decides, and what then holds is: {default}.",
                               default=self._words.sentence(by.text))
        if by.action is Action.PERMIT:
            return Told(f"{sentence} {self._words('The packet passes this filter.')}")
        where = self._words("That follows from line {line} of {file}.", line=by.span.first_line,
                            file=by.span.file)
        return Told(f"{sentence} {self._words('The packet is denied.')} {where}",
                    (by.span.text,) if by.span.text else ())

    def _packets(self, rule: Rule) -> str:
        services = few([self._service(each) for each in dict.fromkeys(rule.services)], _MOST, self._words)
        source, destination = self._addresses(rule.sources), self._addresses(rule.destinations)
        return self._words("{services} from {source} to {destination}", services=services, source=source,
                           destination=destination)

    def _addresses(self, addresses: AddressSet) -> str:
        for known, word in _EVERYWHERE:
            if addresses == known:
                return self._words(word)
        return few(address_words(addresses), _MOST, self._words)

    def _service(self, one: Service) -> str:
        words = self._words
        if one.protocols == ANY_PROTOCOL:
            return words("any protocol")
        numbers = [number for low, high in one.protocols.ranges for number in range(low, high + 1)]
        names = "/".join(PROTOCOL_NAMES.get(number, str(number)).upper() for number in numbers)
        if all(map(is_icmp, numbers)):
            kinds = [words.sentence(icmp_kind(numbers[0], kind)) for kind, _ in one.source_ports.ranges]
            return names if one.source_ports == ANY_PORT else f"{names} {few(kinds, _MOST, words)}"
        if one.destination_ports != ANY_PORT:
            names = words("{protocol} port {ports}", protocol=names,
                          ports=ports(one.destination_ports, words=words))
        if one.source_ports == ANY_PORT:
            return names
        return words("{packets}, source port {ports}", packets=names,
                     ports=ports(one.source_ports, words=words))
