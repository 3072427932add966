"""One sentence for each line that a packet meets: why it fits, and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from msgspec import Struct

from aclproof.linter.reports.language.language import Words
from aclproof.linter.reports.trace.rule_text import condition_met, effect_of, packets_of
from aclproof.linter.reports.trace.steps import line
from aclproof.linter.reports.trace.text import ALIKE
from aclproof.linter.trace.records import Hop
from aclproof.linter.trace.tracer import TraceStep
from aclproof.parsers.model.rules import Action, Default, Rule, Stage

_ARRIVAL = "translation"
"""The kind of the default for packets translated to what is not the service that is meant."""


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


class Sentence(Struct, frozen=True):
    """A sentence, and the lines of the configuration that it is about."""

    text: str
    quoted: tuple[str, ...] = ()


class HopNarrator:
    """Writes the sentences of one hop; remembers the chains that the packet was sent through."""

    def __init__(self, hop: Hop, words: Words) -> None:
        self._hop, self._words = hop, words
        self._stage: Stage | None = None
        self._chains: list[str] = []
        """The chain that the filter begins with, and those that were called and have not come back."""

    def sentences(self) -> Iterator[Sentence]:
        """Say everything that happens at this firewall, in order."""
        if self._hop.verdict == "deny":  # what rewrites it later never sees it
            yield from self._translations()
        for step in self._hop.packet_trace.steps if self._hop.packet_trace else ():
            fresh = False
            if step.stage is not self._stage:
                self._stage, self._chains = step.stage, []
                yield Sentence(self._words("The filter '{stage}' is asked.", stage=step.stage.name))
                fresh = True
            yield from self._come_back(step)
            if isinstance(step.by, Rule):
                yield self._rule(step, step.by, first=fresh)
            elif step.by.kind != _ARRIVAL:
                yield self._default(step.by)
        if self._hop.verdict != "deny":
            yield from self._translations()
        unsure = self._hop.verdict in ("undecided", "unseen")
        for because in self._hop.because:
            reason = self._words.sentence(because)
            text = self._words("Open: {because}.", because=reason) if unsure else _as_sentence(reason)
            yield Sentence(text)
        if self._hop.alike:
            yield Sentence(_as_sentence(self._words(ALIKE)))

    def _translations(self) -> Iterator[Sentence]:
        for number in self._hop.translated_by if not self._hop.firewall.on_host else ():
            span = self._hop.firewall.source.span(number)
            yield Sentence(self._words("Line {line} of {file} says what its addresses become.",
                                       line=span.first_line, file=span.file), (span.text,))

    def _come_back(self, step: TraceStep) -> Iterator[Sentence]:
        """Say which called chains ended without a match."""
        while len(self._chains) > 1 and step.chain != self._chains[-1]:
            ended = self._chains.pop()
            yield Sentence(self._words("Nothing more in the chain {chain} fits, and the packet goes back to "
                                       "{back}.", chain=ended, back=self._chains[-1]))
        if not self._chains or step.chain != self._chains[-1]:
            self._chains = [step.chain]

    def _rule(self, step: TraceStep, rule: Rule, *, first: bool) -> Sentence:
        found, reasons = line(self._hop, step), self._reasons(step)
        if found.kind != "rule":
            return Sentence(self._words("Not in the file, and so open: {reasons}.", reasons=reasons))
        packets = packets_of(rule, self._words)
        place = {"line": found.span.first_line, "file": found.span.file, "packets": packets}
        if step.unresolved and self._is_synthetic(step.chain):
            return Sentence(self._words("Line {line} of {file} leaves open {reasons}.", line=place["line"],
                                        file=place["file"], reasons=reasons), (found.text,))
        if step.unresolved:
            fits = self._words("Whether line {line} of {file} fits is open: {reasons}. It is for {packets}. "
                               "If it does not fit, the packet goes on to the next line. If it does:",
                               reasons=reasons, **place)
        else:
            fits = self._words("Line {line} of {file} is the first that fits: it is for {packets}.",
                               **place) if first else \
                self._words("Then line {line} of {file} fits: it is for {packets}.", **place)
            fits = " ".join((fits, *(condition_met(condition, self._words) for condition in rule.conditions)))
        consequence = self._consequence(rule)
        self._move(rule)
        return Sentence(f"{fits} {consequence}", (found.text,))

    def _is_synthetic(self, chain: str) -> bool:
        """Whether a chain is not the file's own, but holds what lines elsewhere do to a list."""
        known = self._hop.firewall.chains.get(chain)
        return known is None or known.synthetic

    def _reasons(self, step: TraceStep) -> str:
        return "; ".join(self._words.sentence(condition.because) for condition in step.unresolved)

    def _move(self, rule: Rule) -> None:
        """Follow the packet from chain to chain."""
        if rule.action is Action.JUMP:
            self._chains.append(rule.target)
        elif rule.action is Action.GOTO:
            self._chains[-1] = rule.target
        elif rule.action is Action.RETURN and len(self._chains) > 1:
            self._chains.pop()

    def _consequence(self, rule: Rule) -> str:
        """Say what the rule does to the packet, and where the packet goes then."""
        words, said = self._words, []
        if rule.effect is not None:
            said.append(effect_of(rule.effect, words))
        match rule.action:
            case Action.PERMIT:
                said.append(words("It permits the packet, and no later line of this filter is asked."))
            case Action.DENY:
                said.append(words("It denies the packet, and nothing after it is asked."))
            case Action.JUMP:
                said.append(words("It sends the packet through the chain {target}.", target=rule.target))
            case Action.GOTO:
                said.append(words("It sends the packet into the chain {target}, for good.",
                                  target=rule.target))
            case Action.RETURN if len(self._chains) > 1:
                said.append(words("It sends the packet back to {chain}.", chain=self._chains[-2]))
            case Action.RETURN:
                said.append(words("It ends the list."))
            case Action.CONTINUE:
                said.append(words("It decides nothing, and the packet goes on."))
            case _:
                assert_never(rule.action)
        return " ".join(said)

    def _default(self, by: Default) -> Sentence:
        sentence = self._words("No line decides, and what then holds is: {default}.",
                               default=self._words.sentence(by.text))
        if by.action is Action.PERMIT:
            return Sentence(f"{sentence} {self._words('The packet passes this filter.')}")
        where = self._words("That follows from line {line} of {file}.", line=by.span.first_line,
                            file=by.span.file)
        return Sentence(f"{sentence} {self._words('The packet is denied.')} {where}",
                        (by.span.text,) if by.span.text else ())
