"""All exports of one computer together, and how their lines are quoted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

from msgspec.structs import replace

from aclproof.parsers.model.notes import Span
from aclproof.parsers.source import Joined
from aclproof.parsers.windows.records import quotation
from aclproof.parsers.windows.records.rule import ProfileSettings, WindowsInput, WindowsRule


class Exports(Joined):
    """All inputs of one computer together, with what was read in them."""

    def __init__(self, inputs: Sequence[WindowsInput]) -> None:
        super().__init__([each.source for each in inputs])
        self.inputs = tuple(inputs)

    def span(self, line: int) -> Span:
        """Quote a line; where a rule or a profile takes several, what they say together."""
        span = super().span(line)
        said = self._said.get(line)
        return replace(span, text=said(), literal=False) if said else span

    @cached_property
    def rules(self) -> Mapping[int, WindowsRule]:
        """The rules by their line in all inputs together."""
        return {self.first(each.source) + rule.line: rule for each in self.inputs for rule in each.rules}

    @cached_property
    def settings(self) -> Sequence[tuple[ProfileSettings, int]]:
        """What the inputs say about profiles, each with its line in all inputs together."""
        return [(record, self.first(each.source) + record.line)
                for each in self.inputs for record in each.profiles]

    @cached_property
    def _said(self) -> Mapping[int, Callable[[], str]]:
        """What the record says that begins on a line of all inputs together."""
        said: dict[int, Callable[[], str]] = {}
        for each in self.inputs:
            if not each.one_line:
                first = self.first(each.source)
                said |= {first + one.line: partial(quotation.of_profile, one) for one in each.profiles}
                said |= {first + rule.line: partial(quotation.of_rule, rule) for rule in each.rules}
        return said
