"""Commands that take entries out of access lists: by their own words, with the number where two are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence, Set

from aclproof.parsers.cisco_asa.edit import listing
from aclproof.parsers.cisco_asa.edit.editing import entry_of
from aclproof.parsers.cisco_asa.permits.config import Config
from aclproof.parsers.cisco_asa.text import contexts
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.removals import ByHand, DeadRule, Removals
from aclproof.reason import Reason

_NUMBERED = Reason("the file enters it at a place ('line N'), and what 'show running-config' prints does not")
_NOT_SHOWN = Reason("not all of the line can be quoted")


def removals(firewall: Firewall, dead: Sequence[DeadRule]) -> Removals:
    """Return a command for each entry, or why it has none; elements of one entry of a listing have one."""
    config = Config(firewall)
    lines: dict[str, set[int]] = {}
    for each in dead:
        lines.setdefault(each.chain, set()).add(each.line)
    work = {chain: _OfList(config, known, some) for chain, some in lines.items()
            if (known := config.access_list(chain))}
    name = config.source.original.context
    notes = (Reason("these commands are for the configuration of {name}", name=name),) \
        if name and not contexts.leads_to(config.source) else ()
    return Removals(tuple(work[each.chain].command(each.line) if each.chain in work else ByHand(_NOT_SHOWN)
                          for each in dead), notes)


class _OfList:
    """One list, of which some lines go."""

    def __init__(self, config: Config, known: AccessList, gone: Set[int]) -> None:
        self._config, self._known, self._gone = config, known, gone
        self._at = 3 if known.ipv6 else 2
        """Where the words of an entry begin."""
        self._entry_of: Mapping[int, int] = {line: entry for entry, some in known.elements.items()
                                             for line in some}
        self._counts = Counter(map(self._key, (line for line in known.entries if line > 0)))

    def command(self, line: int) -> str | ByHand:
        """Return what takes the entry of a line away."""
        entry = self._entry_of.get(line, line)
        words = self._words(entry)
        if entry != line and not self._gone >= set(self._known.elements[entry]):
            return ByHand(Reason("it is one of the entries that the device makes of the groups in '{entry}', "
                                 "and not all of these go", entry=" ".join(words)))
        if not self._config.source.span(entry).literal:
            return ByHand(_NOT_SHOWN)
        if words[self._at:self._at + 1] == ["line"]:
            return ByHand(_NUMBERED)
        twins = self._counts[self._key(entry)] > 1
        number = ["line", str(self._number(entry))] if twins else []
        return " ".join(["no", *words[:self._at], *number, *words[self._at:]])

    def _words(self, line: int) -> list[str]:
        """An entry as it is configured."""
        text = self._config.source.span(line).text
        return (listing.configured(text) if self._config.reader.listing else text).split()

    def _key(self, line: int) -> Hashable:
        return entry_of(" ".join(self._words(line)), self._at, self._config.reader.objects.names).key

    def _number(self, entry: int) -> int:
        """Which entry of its list it is, remarks counted."""
        return next(number for number, each in enumerate(self._known.entries, 1) if each == entry)
