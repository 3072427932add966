"""Remarks that contradict all of the rules that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import assert_never

from msgspec import Struct

from aclproof.linter.audit.remarks import days, doing, ends, services, words
from aclproof.linter.audit.remarks.claims import Acts, Claim, EndsOn, HasAddress, HasPorts, Serves
from aclproof.linter.audit.remarks.known import Known
from aclproof.linter.audit.subject import Alone
from aclproof.linter.observation import Observation
from aclproof.parsers.model.comments import Comment
from aclproof.parsers.model.conditions import TimeRange
from aclproof.parsers.model.rules import Action, Rule
from aclproof.parsers.vendor import door
from aclproof.reason import Reason


def contradicting(subject: Alone) -> Iterator[Observation]:
    """What a remark says and none of its rules does; nothing of one that may be read in another way."""
    firewall = subject.firewall
    comments = list(door(firewall.vendor).comments(firewall))
    known = Known(firewall, {line for each in comments for line in each.rules})
    for comment in comments:
        rules = known.rules(comment)
        about = _About(rules, known, subject.day)
        others = tuple(firewall.quote(rule.line) for rule in rules if rule.enabled)
        for line, claim in _claims(comment) if others else ():
            if why := about.against(claim):
                span = firewall.quote(line)
                rest = tuple(each for each in dict.fromkeys(others) if each != span)
                yield Observation("contradicting-remark", subject.name, span, rest, why)


class _About(Struct, frozen=True):
    """The rules that a remark is about."""

    rules: Sequence[Rule]
    known: Known
    day: date

    def against(self, claim: Claim) -> str:
        """Say what the rules do that contradicts a claim; empty where one may do as it says."""
        match claim:
            case Acts():
                return self._acts(claim)
            case HasPorts():
                return self._ports(claim)
            case Serves():
                return self._serves(claim)
            case HasAddress():
                return self._addresses(claim)
            case EndsOn():
                return self._ends(claim)
            case _:
                assert_never(claim)

    def _acts(self, claim: Acts) -> str:
        does = doing.one_action(self.rules)
        if does is None or any(rule.line in self.known.used_otherwise for rule in self.rules):
            return ""
        if claim.permits and does is Action.DENY:
            return Reason("it says '{said}', but the rules deny", said=claim.said)
        if not claim.permits and does is Action.PERMIT:
            return Reason("it says '{said}', but the rules permit", said=claim.said)
        return ""

    def _ports(self, claim: HasPorts) -> str:
        if doing.has_ports(self.rules, claim.protocols, claim.ports) or doing.leave_over(self.rules) \
                or claim.ports & self.known.translated_ports:
            return ""
        return Reason("it says '{said}', but the rules are for {services}", said=claim.said,
                      services=doing.service_text(self.rules))

    def _serves(self, claim: Serves) -> str:
        found = [services.fits(name, each) for rule in self.rules for each in rule.services
                 for name in claim.names]
        if not found or any(each is not False for each in found):
            return ""
        return Reason("it says '{said}', but the rules are for {services}", said=claim.said,
                      services=doing.service_text(self.rules))

    def _addresses(self, claim: HasAddress) -> str:
        """Private and public addresses may be two of one host, whatever is shown of translations."""
        if doing.has_addresses(self.rules, claim) or claim.addresses & self.known.translated \
                or doing.leave_over(self.rules) or ends.are_private(claim.addresses) not in map(
                    ends.are_private, doing.single_ends(self.rules)):
            return ""
        return Reason("it says '{said}', but the rules have other addresses: {ends}", said=claim.said,
                      ends=doing.ends_text(self.rules))

    def _ends(self, claim: EndsOn) -> str:
        lasting = any(rule.enabled and not any(isinstance(each, TimeRange) and each.active(self.day) is False
                                               for each in rule.conditions) for rule in self.rules)
        return Reason("it says '{said}', but the rules are in force on {day}",
                      said=claim.said, day=self.day) if lasting and claim.day < self.day else ""


def _claims(comment: Comment) -> Iterator[tuple[int, Claim]]:
    """What the lines of a remark clearly say, each once."""
    whole = " \n".join(text for _, text in comment.lines)
    if words.is_doubtful(whole):
        return
    said: set[Claim] = set()
    for line, text in comment.lines:
        for claim in _of_line(text, whole, last=line == comment.lines[-1][0]):
            if claim not in said:
                said.add(claim)
                yield line, claim


def _of_line(text: str, whole: str, *, last: bool) -> Iterator[Claim]:
    """A day is looked for in the last line only: after an older one its rules may be gone."""
    if not words.limits(whole) and not words.says_both(whole):
        yield from words.acts(text, services.NAMES)
    if not words.maps(whole):
        yield from services.ports(text)
        yield from ends.addresses(text)
        yield from () if any(services.ports(whole)) else services.served(text, whole)
    if last:
        yield from days.ends(text)
