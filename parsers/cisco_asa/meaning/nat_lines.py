"""Lines of address translation that are not whole: broken ones, and those of unknown interfaces."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from aclproof.parsers.cisco_asa.meaning import nat
from aclproof.parsers.cisco_asa.meaning.nat import Nat
from aclproof.parsers.cisco_asa.text import broken
from aclproof.parsers.cisco_asa.text.reader import Reader
from aclproof.parsers.cisco_asa.words.unresolved import LineError
from aclproof.reason import Reason

_UNKNOWN = Reason("an interface that it names is not in the file")


def read(reader: Reader, of_release: nat.Reader, interfaces: Collection[str]) -> list[Nat]:
    """Read all lines, in the device's order; one that cannot be read may translate all between its
    interfaces."""
    lines: list[nat.NatLine] = []
    unclear: set[int] = set()
    for number, words, inside in reader.nat:
        whole = _whole(reader, of_release, (number, words, inside))
        lines.append((number, whole or words, inside))
        if whole is None:
            unclear.add(number)
    found = [_within(each, interfaces) for each in nat.read(lines, _Checked(of_release, unclear, interfaces))]
    for line, because in {each.line: each.because for each in found if each.kind == "unread"}.items():
        reader.unread(line, because, decides=True, counted=True)
    return found


def _whole(reader: Reader, of_release: nat.Reader, line: nat.NatLine) -> list[str] | None:
    """Return the words of a line with what may be its rest; None where more than one reading is possible."""
    number, words, inside = line
    rests = reader.rests.pop(number, [])
    if not rests:
        return words
    texts = list(map(reader.text, rests))
    whole = [text.split() for text in broken.put_together(" ".join(words), texts)]
    readable = [each for each in whole if _try(of_release, (number, each, inside))]
    alone = _try(of_release, line)
    sure = len(readable) == 1 and (not alone or _try(of_release, (number, readable[0], inside)) == alone)
    for rest in rests:
        if sure:
            reader.approximated(rest, broken.READ, counted=False)
        else:
            reader.unread(rest, broken.DOUBT, decides=True)
    return readable[0] if sure else None


def _try(of_release: nat.Reader, line: nat.NatLine) -> Sequence[Nat]:
    found = nat.read([line], of_release)
    return [] if any(each.kind == "unread" for each in found) else found


class _Checked(Struct, frozen=True):
    """Reads the lines that are whole, between interfaces that the file names."""

    of_release: nat.Reader
    unclear: Collection[int]
    interfaces: Collection[str]

    def __call__(self, words: list[str], inside: str, line: int) -> Iterable[Nat]:
        """Return what the line does, in order."""
        if line in self.unclear:
            raise LineError(broken.DOUBT)
        found = list(self.of_release(words, inside, line))
        known = {None, *self.interfaces}
        if self.interfaces and any(not {each.behind, each.towards} <= known for each in found):
            raise LineError(_UNKNOWN)
        return found


def _within(line: Nat, interfaces: Collection[str]) -> Nat:
    """Leave a line that could not be read open between all interfaces that it may mean."""
    if line.kind != "unread" or not interfaces or {line.behind, line.towards} <= {None, *interfaces}:
        return line
    behind, towards = (each if each in interfaces else None for each in (line.behind, line.towards))
    return replace(line, behind=behind, towards=towards, because=_UNKNOWN)
