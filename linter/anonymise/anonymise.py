"""Writes a site or configurations anew in a folder, reads both, and says whether they mean the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from aclproof import inputs, parsers
from aclproof.linter.anonymise import comparing, texts
from aclproof.linter.anonymise.texts import Text
from aclproof.linter.program import analyse, to_result
from aclproof.linter.result import Result
from aclproof.linter.site.root import MARKS
from aclproof.linter.site.site import Site
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.renaming.renamer import Renamer
from aclproof.parsers.source import UnsupportedInputError
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError

TRIES = (((0, 0), 0), ((8, 0), 0), ((16, 0), 0), ((0, 80), 0), ((16, 80), 0), ((0, 0), 1), ((8, 0), 2),
         ((16, 0), 3), ((16, 80), 4))
"""How many of the last bits of IPv4 and of IPv6 addresses are held, and which names are drawn, one after the
other until both sides mean the same. Where one network is translated into another, host by host, hosts have
to keep their places; and of two translations of one host the name may decide."""


class Meaning(Struct, frozen=True):
    """What inputs say: firewalls, and of a site its result; why not, where they cannot be read."""

    firewalls: tuple[Firewall, ...] = ()
    result: Result | None = None
    unread: str = ""

    @property
    def lines(self) -> int:
        """How many lines the firewalls have."""
        return sum(each.line_counts.total for each in self.firewalls)


class File(Struct, frozen=True):
    """A file as it is written anew."""

    path: str
    """Below the folder of all of them."""
    data: bytes
    text: str
    encoding: str


class Anonymised(Struct, frozen=True):
    """The outcome: the files, and what was found of both sides."""

    files: tuple[File, ...]
    meaning: Meaning
    """Of the original."""
    differs: str
    """What means something else now; empty for nothing."""
    held: tuple[int, int]
    """How many of the last bits of IPv4 and of IPv6 addresses are as they were."""


Read = Callable[[str], Meaning]
"""Reads the inputs in a folder: from the path that each has there."""


def configurations(paths: Sequence[str]) -> Meaning:
    """Read configurations: as parts of one firewall where they are that, else each by itself."""
    try:
        return Meaning((parsers.read(*paths),))
    except UnsupportedInputError as error:
        if len(paths) == 1:
            return Meaning(unread=str(error))
    several = [configurations([path]) for path in paths]
    return Meaning(tuple(firewall for each in several for firewall in each.firewalls),
                   unread=next((each.unread for each in several if each.unread), ""))


def site(found: Site, day: date) -> Meaning:
    """Check a site; InputError or UnsupportedInputError for one that cannot be."""
    analysis = analyse(found, day)
    return Meaning(tuple(analysis.firewalls.values()), to_result(analysis, day))


def anonymised(read: Callable[[], Meaning], again: Callable[[Callable[[str], str]], Meaning], salt: bytes,
               folder: str) -> Anonymised:
    """Rename all that `read` reads, and compare what `again` reads of it; files are tried in a folder.

    `again` gets where a file is then, by the path that it had.
    """
    opened: dict[str, None] = {}
    with inputs.supplied(lambda path: opened.setdefault(os.path.abspath(path))):
        meaning = read()
    given = [texts.read(path) for path in opened if os.path.isfile(path)]
    base = _common(given)
    tries = (_tried(meaning, again, given, base, Renamer(salt, texts.together(given), held, draw), held,
                    os.path.join(folder, str(number))) for number, (held, draw) in enumerate(TRIES))
    first = next(tries)  # which holds nothing: what cannot be compared needs no bits held
    if not first.differs or meaning.unread:
        return first
    return next((each for each in tries if not each.differs), first)


def _common(given: Sequence[Text]) -> str:
    """The folder that all are in; UnsupportedInputError where they are on several drives."""
    try:
        return os.path.commonpath([os.path.dirname(each.path) for each in given])
    except ValueError:
        raise UnsupportedInputError(Reason("the files are on several drives: put them below one "
                                           "folder")) from None


def _tried(meaning: Meaning, again: Callable[[Callable[[str], str]], Meaning], given: Sequence[Text],
           base: str, renamer: Renamer, held: tuple[int, int], folder: str) -> Anonymised:
    renamer.learn(each.text for each in given)

    def below(path: str) -> str:
        parts = os.path.relpath(os.path.abspath(path), base).split(os.sep)
        return os.path.join(*map(renamer.words, parts))

    files = tuple(_file(each, below(each.path), renamer) for each in given)
    if any(os.path.dirname(each.path) for each in files):
        files = (*files, File(MARKS[0], b"", "", "utf-8"))  # paths may lead to other folders below it
    for each in files:
        path = os.path.join(folder, each.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(each.data)
    try:
        now = again(lambda path: os.path.join(folder, below(path)))
    except (UnsupportedInputError, InputError) as error:
        now = Meaning(unread=str(error))
    unread = (now.unread or meaning.unread).replace(os.path.join(folder, ""), "")  # that goes away
    return Anonymised(files, meaning, unread or next(_differences(meaning, now, renamer), ""), held)


def _file(given: Text, path: str, renamer: Renamer) -> File:
    text = renamer.text(given.text, given.vocabulary)
    return File(path, texts.encoded(text, given.encoding), text, given.encoding)


def _differences(old: Meaning, new: Meaning, renamer: Renamer) -> Iterator[str]:
    if len(old.firewalls) != len(new.firewalls):
        yield Reason("the firewalls")
        return
    for one, other in zip(old.firewalls, new.firewalls, strict=True):
        if found := comparing.firewall(one, other, renamer):
            yield found
    if old.result and new.result and (found := comparing.result(old.result, new.result, renamer)):
        yield found
