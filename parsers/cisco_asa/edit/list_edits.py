"""Entries that go into access lists and out of them, and the `access-group` lines that bind these."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import islice, pairwise

from aclproof.parsers.cisco_asa.edit.editing import Block, Config, entry_of
from aclproof.parsers.cisco_asa.edit.interface_edits import interface_names
from aclproof.parsers.cisco_asa.edit.section_edits import Say, place
from aclproof.parsers.cisco_asa.words.objects import built_in
from aclproof.parsers.cisco_asa.words.same_entry import Entry
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.edited import Line
from aclproof.reason import Reason, joined


class ListEdits:
    """The lists of a configuration while lines are entered; a list is named `access-list NAME`."""

    def __init__(self, config: Config, say: Say) -> None:
        self._config, self._say = config, say

    def enter(self, name: str, words: list[str], line: Line) -> None:
        """Put an entry in: at its number, remarks counted, or at the end."""
        number, words = _number(words)
        self._check_names(words)
        line = line._replace(text=f"{name} {' '.join(words)}")
        entries, keys = self._config.entries(name), self._config.keys(name)
        key = self._key(line.text, name)
        at = self._config.place_of(name, key)
        if at is None or words[:1] == ["remark"]:
            to = min(number - 1, len(entries)) if number else len(entries)
            entries.insert(to, line)
            keys.insert(to, key)
            self._config.counts(name)[key.key] += 1
        elif keys[at].inactive is not key.inactive:
            entries[at], keys[at] = line, key
        else:
            remark = Reason("{name} has this entry already ({place}), so the line changes nothing", name=name,
                            place=place(entries[at]))
            if number not in (0, at + 1):
                remark = Reason("{remark}; take the old one away first to move it", remark=remark)
            self._say(remark)

    def take(self, name: str, words: list[str]) -> None:
        """Take an entry out, by its words and perhaps its number."""
        number, words = _number(words)
        if not words:
            raise LineError(Reason("an entry is taken away by its words; a whole list by 'clear configure "
                                   "{name}'", name=name))
        entries, keys = self._config.entries(name), self._config.keys(name)
        key = self._key(f"{name} {' '.join(words)}", name).key
        places = self._places(name, key, number)
        if len(places) != 1:
            raise LineError(_not_found(name, number, places))
        self._config.counts(name)[key] -= 1
        del entries[places[0]], keys[places[0]]
        self._unbind(name)
        if not entries:
            self._config.drop_list(name)

    def _places(self, name: str, key: Hashable, number: int) -> list[int]:
        """Where a list has an entry; a script that takes many takes the last one first."""
        keys = self._config.keys(name)
        if number:
            return [number - 1] if number <= len(keys) and keys[number - 1].key == key else []
        count = self._config.counts(name)[key]
        found = (at for at in range(len(keys) - 1, -1, -1) if keys[at].key == key)
        return list(islice(found, count))

    def clear(self, only: str) -> None:
        """Take whole lists away: one, or all."""
        names = [name for name in self._config.lists if only in ("", name.split()[-1])]
        if only and not names:
            raise LineError(Reason("there is no access-list {name}", name=only))
        for name in names:
            self._config.drop_list(name)
            self._unbind(name)

    def bind(self, words: list[str], line: Line) -> None:
        """Put a list to work; a place takes one of a family."""
        if len(words) < 3 or words[2] not in ("in", "out", "global"):
            raise LineError(Reason("expected 'access-group NAME in|out interface IF' or 'access-group "
                                   "NAME global'"))
        heads = [head for head in (f"access-list {words[1]}", f"ipv6 access-list {words[1]}")
                 if self._config.filters(head)]
        if not heads and not self._config.forward:
            raise LineError(Reason("there is no access-list {name} with a permit or a deny (yet), so the "
                                   "device refuses the line", name=words[1]))
        if words[2] != "global":
            self._check_interface(words[3:])
        for block in self._config.starting(("access-group",)):
            same_family = self._is_ipv6(block.words[1]) == self._is_ipv6(words[1])
            if same_family and _spot(block.words) == _spot(words):
                self._config.remove(block)
        self._config.add(Block(line._replace(text=" ".join(words)), tuple(words)))

    def _check_interface(self, words: list[str]) -> None:
        known = interface_names(self._config)
        if words[:1] != ["interface"] or len(words) < 2 or (known and words[1] not in known):
            raise LineError(Reason("expected 'interface' and one of {known}", known=joined(", ", known)))

    def _is_ipv6(self, name: str) -> bool:
        return f"ipv6 access-list {name}" in self._config.lists

    def _key(self, text: str, name: str) -> Entry:
        return entry_of(text, name.count(" ") + 1, self._config.names)

    def _check_names(self, words: Sequence[str]) -> None:
        """What an entry names must exist, unless the device lets it come later."""
        if self._config.forward or words[:1] == ["remark"]:
            return
        for word, name in pairwise(words):
            if word in ("object", "object-group") and not self._config.named(word, name) and not (
                    word == "object" and built_in(name)):
                raise LineError(Reason("there is no {word} {name} (yet), so the device refuses the line",
                                       word=word, name=name))

    def _unbind(self, name: str) -> None:
        """A list without a permit or a deny binds nothing: the device takes its `access-group` lines away."""
        if self._config.forward or any(self._config.filters(each) for each in self._config.lists
                                       if each.split()[-1] == name.split()[-1]):
            return
        for block in self._config.starting(("access-group", name.split()[-1])):
            self._config.remove(block)
            self._say(Reason("{name} has no permit or deny left, so the device takes '{line}' away as "
                             "well; it has to be entered again", name=name, line=" ".join(block.words)))


def _number(words: list[str]) -> tuple[int, list[str]]:
    """Take `line N` off the words of an entry."""
    if words[:1] != ["line"]:
        return 0, words
    if len(words) < 2 or not (words[1].isascii() and words[1].isdecimal()) or int(words[1]) < 1:
        raise LineError(Reason("expected 'line N' with N from 1, and the entry behind it"))
    return int(words[1]), words[2:]


def _spot(words: Sequence[str]) -> tuple[str, ...]:
    """Where a list is bound."""
    return ("global",) if words[2:3] == ["global"] else (*words[2:5], *(
        each for each in words if each == "control-plane"))


def _not_found(name: str, number: int, places: Sequence[int]) -> Reason:
    """Why an entry cannot be taken out: there is none, or more than one."""
    if places:
        return Reason("{name} has more than one such entry; say which with 'line N'", name=name)
    if number:
        return Reason("{name} has no such entry as line {number}", name=name, number=number)
    return Reason("{name} has no such entry", name=name)
