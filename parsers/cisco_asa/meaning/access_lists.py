"""Access lists as chains: each line's rules, and what is open of lines that could not be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

from aclproof.parsers.cisco_asa.meaning import advanced, broken_rules, ethertype
from aclproof.parsers.cisco_asa.meaning.aces import AceReader
from aclproof.parsers.cisco_asa.meaning.alternatives import ACTIONS, ANY_SERVICES, unread
from aclproof.parsers.cisco_asa.meaning.broken_rules import Reading
from aclproof.parsers.cisco_asa.text import broken, commands
from aclproof.parsers.cisco_asa.text.lists import AccessList
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.text.same_entries import SameEntries
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.model.addresses import ANY
from aclproof.parsers.model.conditions import Condition, Opaque, TimeRange
from aclproof.parsers.model.notes import State
from aclproof.parsers.model.plain_rules import PlainRules
from aclproof.parsers.model.rules import Chain, Rule
from aclproof.reason import Reason, joined

_REASONS: dict[type[Exception], str] = {
    KeyError: Reason("expected permit or deny"), IndexError: Reason("the line is cut short")}
_OTHER_LISTS = frozenset({ethertype.KIND, "webtype"})
_WHOLE_ROW = re.compile(r"\(hitcnt=\d+\)|\(inactive\)| 0x[0-9a-f]+\s*$").search
"""A row of a listing ends so; older ones have no hash."""


def _switched(access_list: AccessList, text: Callable[[int], str]) -> dict[int, bool | None]:
    """Entries that are entered again with or without `inactive`: whether the first is on, None for the rest.

    'To reenable it, enter the entire ACE without the inactive keyword' (ASA CLI guide, access lists).
    """
    if not any("inactive" in text(abs(entry)) for entry in access_list.entries):
        return {}
    entered: dict[tuple[str, ...], list[tuple[int, bool]]] = {}
    for entry in access_list.entries:
        words = text(entry).split() if entry > 0 else []
        if words:
            kept = tuple(word for word in words[1:] if word not in ("extended", "inactive"))
            kept = kept[:1] + kept[3:] if kept[1:2] == ("line",) else kept
            entered.setdefault(kept, []).append((entry, words[-1] != "inactive"))
    found: dict[int, bool | None] = {}
    for same in map(sorted, entered.values()):  # as they were entered, wherever in the list
        if len({on for _, on in same}) > 1:
            found |= {entry: None for entry, _ in same[1:]}
            found[same[0][0]] = same[-1][1]
    return found


class ListReader:
    """Reads the lists of one file."""

    def __init__(self, reader: Reader, time_ranges: dict[str, TimeRange], *, any_is_ipv4: bool) -> None:
        self._reader = reader
        self._same = SameEntries(reader.texts, reader.objects.names)
        self._aces = AceReader(reader.objects, time_ranges, any_is_ipv4=any_is_ipv4)

    def rules(self, access_list: AccessList) -> PlainRules:
        """Return the rules of a list; lines that cannot be read become notes and open rules."""
        reader = self._reader
        remarks = sum(1 for entry in access_list.entries if entry < 0)
        reader.counts[State.IGNORED] += remarks
        reader.counts[State.UNDERSTOOD] += access_list.size - remarks  # taken back below where it is not
        found = PlainRules(rule for line in access_list.doubts
                           for rule in unread([], line, Reason("a command that takes something away")))
        if access_list.shown_twice:
            found.extend(unread([], access_list.shown_twice, Reason(
                "here the list is shown again, perhaps of another time or device")))
        elements = access_list.elements
        gaps = {line for entry in access_list.gaps for line in (entry, *elements.get(entry, [])[:1])}
        partial = {each[0] for each in elements.values()} if access_list.lacking else set()
        switched = _switched(access_list, reader.text)
        moved = self._moved(access_list)
        for line in access_list.lines(reader.text, reader.objects):
            if switched.get(line) is None and line in switched:
                continue
            if line in gaps:
                found.extend(self._lacking(line, []))
            if line in partial:  # what is lacking does what its neighbours do
                found.extend(self._lacking(line, reader.text(line).split()))
            plain = None if line in reader.rests else self._aces.plain(reader.text(line), line)
            rules = [plain] if plain else self._rules(access_list, line)
            if line in switched:
                rules = [rule._replace(enabled=bool(switched[line])) for rule in rules]
            if line in moved:
                rules = [rule._replace(conditions=(*rule.conditions, moved[line])) for rule in rules]
            found.extend(rules)
        if access_list.lacking:
            found.extend(self._lacking(access_list.end, []))
        if ethertype.is_one(access_list, reader.text):
            found.extend(ethertype.rules(access_list, reader.text))
        return found

    def _moved(self, access_list: AccessList) -> dict[int, Condition]:
        """Entries that are entered again at another place, each with the doubt: only the last surely stands.

        A device has an entry once; whether it then moves or stays is in no guide.
        """
        found: dict[int, Condition] = {}
        if not access_list.placed:
            return found
        last: dict[Hashable, int] = {}
        for line in access_list.entries:
            key = self._same.key(self._reader.text(abs(line)).split())
            if key in last and access_list.placed.intersection((line, last[key])):
                found[last[key]] = Opaque("", Reason("whether the entry stands here or where line {line} "
                                                     "enters it again", line=line))
            last[key] = line
        return found

    def _lacking(self, line: int, words: Sequence[str]) -> list[Rule]:
        """What a listing lacks at a line: entries before it, elements next to it, or the end of the list."""
        reason = Reason("what the entries say that the listing lacks here, by their numbers or their count")
        self._reader.remark(line, reason)
        actions = [action for word, action in ACTIONS.items() if word in words[2:]] or ACTIONS.values()
        return [Rule(action, ANY, ANY, ANY_SERVICES, line, (Opaque("", reason),)) for action in actions]

    def _rules(self, access_list: AccessList, line: int) -> list[Rule]:
        reader = self._reader
        words, at = self._words(access_list, reader.text(line))
        kind = words[at] if at < len(words) else ""
        if kind in _OTHER_LISTS:
            if kind != ethertype.KIND:
                reader.unbindable.add(access_list.name)
            reader.counts[State.UNDERSTOOD] -= 1
            reader.counts[State.IGNORED] += 1
            return []
        if line in reader.rests and kind not in ("standard", "advanced"):
            return self._of_broken(access_list, line)
        try:
            if kind == "advanced":
                return advanced.rules(self._aces, words, at + 1, line)
            rules = self._of_words(access_list, words, at, line)
        except (LineError, KeyError, IndexError) as error:
            reason = _REASONS.get(type(error)) or str(error)
            reader.unread(line, reason, decides=True, counted=True)
            return unread(words, line, reason)
        if len(rules) > 1 or (rules and rules[0].conditions):
            self._note_open(rules, line)
        return rules

    def _words(self, access_list: AccessList, text: str) -> tuple[list[str], int]:
        """Return the words of a line, and where its kind or its action is."""
        words = (text.replace("(hitcnt", " (hitcnt") if self._reader.listing else text).split()
        if access_list.ipv6:
            words = words[1:]
        return words, 4 if words[2:3] == ["line"] else 2

    def _of_words(self, access_list: AccessList, words: list[str], at: int, line: int) -> list[Rule]:
        """Read an entry; LineError where it is of no kind at all."""
        kind = words[at] if at < len(words) else ""
        if kind == "extended" or kind in ACTIONS:
            return self._aces.extended(words, at + (kind == "extended"), line, ipv6=access_list.ipv6)
        if kind == "standard":
            self._reader.unbindable.add(access_list.name)
            return self._aces.standard(words, at + 1, line)
        self._reader.loose.append(line)  # perhaps the name is damaged, and the rule is another list's
        raise LineError(Reason("'{kind}' is not a kind of access-list entry", kind=kind))

    def _of_broken(self, access_list: AccessList, line: int) -> list[Rule]:
        """Read an entry that may go on in the next line."""
        reader = self._reader
        head, rests = reader.text(line), reader.rests.pop(line)
        whole = broken.put_together(head, list(map(reader.text, rests)))
        alone = self._reading(access_list, head, line)
        if reader.listing and not _WHOLE_ROW(head):
            alone = None
        known = set(" ".join((head, *map(reader.text, rests))).split())
        together = [found for text in whole if (found := self._reading(access_list, text, line))
                    and not _names_new(found, known)]
        readings = list(dict.fromkeys([alone, *together] if alone else together))
        if together and len(readings) == 1:
            for rest in rests:
                reader.approximated(rest, broken.READ, counted=False)
            return list(readings[0])
        for rest in rests:
            if not together and commands.may_decide(reader.text(rest).split()):
                reader.loose.append(rest)
            reader.unread(rest, broken.DOUBT, decides=True)
        if not readings:
            reader.unread(line, broken.DOUBT, decides=True, counted=True)
            return unread(head.split(), line, broken.DOUBT)
        rules = broken_rules.rules(readings)
        self._note_open(rules, line)
        return rules

    def _reading(self, access_list: AccessList, text: str, line: int) -> Reading | None:
        """Return what an extended entry means, None where it cannot be read to its end."""
        words, at = self._words(access_list, text)
        try:
            rules = self._aces.extended(words, at + (words[at] == "extended"), line, ipv6=access_list.ipv6)
        except (LineError, KeyError, IndexError):
            return None
        unknown = (isinstance(each, Opaque) and not each.key for rule in rules for each in rule.conditions)
        return None if any(unknown) else tuple(rules)

    def _note_open(self, rules: Sequence[Rule], line: int) -> None:
        """Note what stays open of a line."""
        conditions = {condition.because: None for rule in rules for condition in rule.conditions}
        if conditions:
            reason = Reason("open: {conditions}", conditions=joined("; ", conditions))
            self._reader.approximated(line, reason)


def _names_new(reading: Reading, known: set[str]) -> bool:
    """Whether a reading needs a name that only joining two words makes, and that nothing defines."""
    keys = (condition.key.rpartition(" ")[2] for rule in reading for condition in rule.conditions)
    return any(key not in known for key in keys if key)


def chains(reader: Reader, time_ranges: dict[str, TimeRange], *, any_is_ipv4: bool) -> dict[str, Chain]:
    """Read all lists."""
    lists = ListReader(reader, time_ranges, any_is_ipv4=any_is_ipv4)
    found: dict[str, Chain] = {}
    for (name, ipv6), access_list in reader.lists.items():
        rules = lists.rules(access_list)
        if ipv6 or not found.get(name):
            found[chain_name(reader, name, ipv6)] = Chain(name, rules)
    return found


def chain_name(reader: Reader, name: str, ipv6: bool) -> str:
    """An IPv4 and an IPv6 list may share a name."""
    return f"{name} (ipv6)" if ipv6 and (name, False) in reader.lists else name


def account_for_rests(reader: Reader) -> None:
    """Report what may be the rest of a line that was not read as a rule: a remark, another command."""
    for above, rests in reader.rests.items():
        words = reader.text(above).split()
        of_list = words[0] in ("access-list", "ipv6")
        for rest in rests:
            if of_list and not commands.may_decide(reader.text(rest).split()):
                reader.unread(rest, broken.DOUBT, decides=False)
            else:
                reader.leave_all_open(rest, broken.DOUBT)
