"""All rules of one computer while a script changes them, whatever exports they were read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from aclproof.parsers.edited import Remark
from aclproof.parsers.model.notes import LineCounts
from aclproof.parsers.source import Source
from aclproof.parsers.windows.netsh.batch import CommandError
from aclproof.parsers.windows.records.rule import CHANGE_SCRIPT, WindowsInput, WindowsRule
from aclproof.reason import Reason


class RuleStore:
    """All rules of a computer while they are changed."""

    def __init__(self, inputs: Sequence[WindowsInput], script: Source) -> None:
        self._inputs, self._script = inputs, script
        self._old: list[list[WindowsRule]] = [list(each.rules) for each in inputs]
        self._new: list[WindowsRule] = []
        self.system = max((each.system for each in inputs if each.system), default=None)
        """The version of Windows, where an export tells it."""
        self.remarks: list[Remark] = []
        self.touched = False

    def all(self, *, of_policy: bool = False) -> list[WindowsRule]:
        """The rules that commands may change: those of the computer, or those of Group Policy."""
        return [each for rules in (*self._old, self._new) for each in rules
                if (each.store == "policy") is of_policy]

    def add(self, rule: WindowsRule) -> None:
        """Add a rule; CommandError when its id is taken."""
        if rule.id and any(each.id.lower() == rule.id.lower() for each in self.all()):
            raise CommandError(Reason("there is a rule named '{id}' already, so Windows refuses the "
                                      "command", id=rule.id))
        self._new.append(rule)
        self.touched = True

    def remove(self, chosen: Sequence[WindowsRule]) -> None:
        """Take rules away."""
        gone = set(map(id, chosen))
        for rules in (*self._old, self._new):
            rules[:] = [each for each in rules if id(each) not in gone]
        self.touched = True

    def change(self, chosen: Sequence[WindowsRule], line: int,
               how: Callable[[WindowsRule], WindowsRule]) -> None:
        """Put other rules in the place of these: they are quoted by the line that changed them."""
        self.remove(chosen)
        self._new += [replace(how(rule), line=line) for rule in chosen]

    def say(self, line: int, text: str) -> None:
        """Remark on a line of the script."""
        self.remarks.append(Remark(self._script.place(line), text))

    def inputs(self) -> list[WindowsInput]:
        """Return the exports as they are now, and the script as one that adds to them."""
        size = len(self._script.lines())
        own = len({each.line for each in self._new})
        counts = LineCounts(own, size - own)
        old = [replace(each, rules=tuple(rules)) for each, rules in zip(self._inputs, self._old, strict=True)]
        return [*old, WindowsInput(self._script, CHANGE_SCRIPT, counts, tuple(self._new), one_line=True)]

