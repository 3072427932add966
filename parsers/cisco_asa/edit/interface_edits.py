"""Lines that are entered into an interface, where a setting replaces the one before, or into a policy-map."""

from __future__ import annotations

import re

from aclproof.parsers.cisco_asa.edit.editing import Config
from aclproof.parsers.cisco_asa.edit.section_edits import Body
from aclproof.parsers.cisco_asa.text import sections
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.parsers.edited import Line
from aclproof.reason import Reason

_ABBREVIATED = re.compile(r"([A-Za-z-]+?) ?(\d\S*)")
_SETTINGS = {"security-level": 1, "ip": 2, "shutdown": 1, "management-only": 1}
"""By how many words a setting of an interface differs from another."""


def interface_names(config: Config) -> list[str]:
    """The names of all interfaces."""
    rows = [line.text.split() for block in config.starting(("interface",)) for line in block.body]
    return [words[1] for words in rows if words[:1] == ["nameif"] and len(words) > 1]


def interface_header(config: Config, words: tuple[str, ...]) -> tuple[str, ...]:
    """Find an interface by its name, which may be shortened (`gi0/1`); a new one keeps its words."""
    wanted = _ABBREVIATED.fullmatch(" ".join(words[1:]))
    if not wanted:
        raise LineError(Reason("expected the name of an interface"))
    found = []
    for block in config.starting(("interface",)):
        known = _ABBREVIATED.fullmatch(" ".join(block.words[1:]))
        if known and known[2] == wanted[2] and known[1].lower().startswith(wanted[1].lower()):
            found.append(block.words)
    if len(found) > 1:
        raise LineError(Reason("'{line}' may be '{one}' or '{other}'", line=' '.join(words),
                               one=' '.join(found[0]), other=' '.join(found[1])))
    return found[0] if found else words


class InterfaceBody(Body):
    """An interface."""

    def take(self, words: list[str], *, away: bool) -> None:
        """What goes along with a name is not followed, so a name stays."""
        key, size = words[0], _SETTINGS.get(words[0], 0)
        rows = self.rows()
        if key == "nameif":
            self._set_name(words, away=away)
        elif away and key == "shutdown":
            self.remove([row for row in rows if row.words == ["shutdown"]])
        elif size and not away:
            self.remove([row for row in rows if row.words[:size] == words[:size]])
            self.add(words)
        else:
            super().take(words, away=away)

    def _set_name(self, words: list[str], *, away: bool) -> None:
        known = [row.words[1:2] for row in self.rows() if row.words[:1] == ["nameif"]]
        if away or (known and known[0] != words[1:2]):
            raise LineError(Reason("what else goes with the name of an interface is not followed; "
                                   "give the configuration as it is after it"))
        if not known:
            self.add(words)


class PolicyBody(Body):
    """A policy-map: lines belong to the class above them."""

    def take(self, words: list[str], *, away: bool) -> None:
        """A class opens a section of its own."""
        lines = self.blocks[0].body
        if words[0] == "class":
            self._class(words, away=away)
            return
        start, end = self._class_rows()
        found = [line for line in lines[start:end] if line.text.split() == words]
        if away:
            found = found or self._inspections(words)
            lines[:] = [line for line in lines if not any(line is taken for taken in found)]
        elif not found:
            assert self.line is not None
            lines.insert(end, self.line._replace(text="  " + " ".join(words)))

    def _inspections(self, words: list[str]) -> list[Line]:
        """The lines of the open class that inspect this protocol; LineError where one has to be there."""
        start, end = self._class_rows()
        found = [line for line in self.blocks[0].body[start:end]
                 if words[0] == "inspect" and line.text.split()[:2] == words[:2]]
        if not found and words[0] in sections.SAFE["policy-map"]:
            raise LineError(Reason("there is no such line in this class of the policy"))
        return found

    def _class(self, words: list[str], *, away: bool) -> None:
        lines = self.blocks[0].body
        known = any(each.text.split() == words for each in lines)
        if away and not known:
            raise LineError(Reason("the policy has no such class"))
        self.inner = " ".join(words)
        if away:
            start, end = self._class_rows()
            del lines[start - 1:end]
            self.inner = ""
        elif not known:
            self.add(words)

    def _class_rows(self) -> tuple[int, int]:
        """Where the lines of the open class begin and end."""
        lines = self.blocks[0].body
        heads = [at for at, each in enumerate(lines) if each.text.split()[:1] == ["class"]]
        if not self.inner:
            return 0, heads[0] if heads else len(lines)
        start = next(at for at in heads if lines[at].text.split() == self.inner.split())
        return start + 1, next((at for at in heads if at > start), len(lines))
