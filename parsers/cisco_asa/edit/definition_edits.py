"""Lines that are entered into an object, which has one value, or into a group, which has members."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from aclproof.parsers.cisco_asa.edit.editing import Block, Config
from aclproof.parsers.cisco_asa.edit.section_edits import Body, Say, place
from aclproof.parsers.cisco_asa.words import members
from aclproof.parsers.cisco_asa.words.objects import Objects
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.edited import Line
from aclproof.reason import Reason

_VALUES = frozenset("host subnet range fqdn service".split())
_REFERENCES = frozenset({"object", "object-group", "group-object"})


def used(config: Config, name: str, apart: Sequence[Block]) -> Line | None:
    """Find a line that names an object or a group, outside of its own definition."""
    for block in config.blocks:
        if any(block is each for each in apart):
            continue
        for line in block.lines():
            if name in line.text and _refers(line.text.split(), name):
                return line
    return None


def _refers(words: Sequence[str], name: str) -> bool:
    if words[:1] in (["nat"], ["static"]):
        return name in words[1:]
    header = words[:1] in (["object"], ["object-group"])
    return not header and any(word in _REFERENCES and words[at + 1] == name
                              for at, word in enumerate(words[:-1]))


class ObjectBody(Body):
    """An object of a network or of a service."""

    def take(self, words: list[str], *, away: bool) -> None:
        """A value, or a translation, replaces the one before."""
        key = words[0]
        if key not in _VALUES | {"nat", "description"}:
            raise LineError(Reason("'{key}' does not belong into an object", key=key))
        if away and key in _VALUES:
            raise LineError(Reason("an object keeps its value until another one is entered"))
        known = [row for row in self.rows() if row.words[:1] == [key] or (
            key in _VALUES and row.words[:1] and row.words[0] in _VALUES)]
        if away and not known and key != "description":
            raise LineError(Reason("the object has no '{key}' to take away", key=key))
        self.remove(known)
        if not away:
            self.add(words)


class GroupBody(Body):
    """An object-group of any kind."""

    def __init__(self, config: Config, header: tuple[str, ...], say: Say) -> None:
        super().__init__(config, header, say)
        self._members: dict[Hashable, list[Line]] | None = None

    def take(self, words: list[str], *, away: bool) -> None:
        """A member is the same one in other words, too."""
        if words[0] == "description":
            self.remove([row for row in self.rows() if row.words[:1] == ["description"]])
            if not away:
                self.add(words)
            return
        wanted = self._member(words)
        found = self._known().setdefault(wanted, [])
        if not away and found:
            self.say(Reason("the group has this member already ({place}), so the line changes nothing",
                            place=place(found[0])))
        elif not away:
            self._check_reference(words)
            self.add(words)
            found.append(self.blocks[0].body[-1])
        elif not found:
            raise LineError(Reason("the group has no such member to take away"))
        else:
            gone = found.pop()
            self.remove([row for row in self.rows() if row.line is gone])
            self._refuse_empty()

    def _known(self) -> dict[Hashable, list[Line]]:
        """The members by what they mean."""
        if self._members is None:
            self._members = {}
            for _, line, words in self.rows():
                if words and words[0] != "description" and words[0][0] != "!":
                    try:
                        self._members.setdefault(self._member(words), []).append(line)
                    except LineError:
                        self._members.setdefault(line.text, []).append(line)
        return self._members

    def _member(self, words: list[str]) -> Hashable:
        """What a member means; LineError when it is none."""
        try:
            found = members.read(Objects().open(list(self.header), 0), words, self.config.names)
        except IndexError:
            raise LineError(Reason("the line is cut short")) from None
        return tuple(words) if found is None or isinstance(found, str) else found

    def _check_reference(self, words: list[str]) -> None:
        kind = "object-group" if words[0] == "group-object" else "object" if words[1:2] == ["object"] else ""
        if kind and not self.config.forward and not self.config.named(kind, words[-1]):
            raise LineError(Reason("there is no {kind} {name} (yet), so the device refuses the line",
                                   kind=kind, name=words[-1]))

    def _refuse_empty(self) -> None:
        """A group that is used must not become empty."""
        left = any(self._known().values())
        user = None if left else used(self.config, self.header[2], self.blocks)
        if user and not self.config.forward:
            raise LineError(Reason("object-group {name} would become empty, and {place} uses it, so the "
                                   "device refuses the line", name=self.header[2], place=place(user)))
