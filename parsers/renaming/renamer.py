"""Writes texts anew: what is known to be harmless stays, all else gets another name, the same one each time.

That is the licence to prove, turned round: what is not known to belong to nobody is taken for a secret.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from aclproof.parsers.model.addresses import Family, write
from aclproof.parsers.renaming import numbers
from aclproof.parsers.renaming.address_map import AddressMap
from aclproof.parsers.renaming.vocabulary import ADDRESS, EVERYWHERE, Vocabulary, fitting

REMOVED = "removed"
"""What stands where a secret was."""
CHUNK = re.compile(r"[^\s\"'|;,=(){}\[\]<>]+")
"""A word of a text, with what may be part of one."""
_SEEN = re.compile(rf"({ADDRESS})(?=(/|[ \t]+(?:25[0-9]|2[0-4][0-9]|192|128)\.)?)")
"""An address, and whether the length of its prefix, or its mask, comes after it."""
_PARTS = ("\\", "/", "%", "@", "#")
"""What parts a word before it is looked at whether a part is an address."""
_RANGE = re.compile(rf"({ADDRESS})-({ADDRESS})")
_SHORT = re.compile(r"(?<![\w.])([0-9]{1,3}(?:\.[0-9]{1,3}){1,2})/([0-9]{1,2})(?![\w.])")
"""`10.12/16`, as iptables takes it."""
_GROUPS = re.compile(r"[23Ff][0-9A-Fa-f]{3}(?::[0-9A-Fa-f]{1,4}){2,6}")
"""The first groups of an IPv6 address."""
_FIRST = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){1,2}")
"""The first bytes of an IPv4 address, or a version."""
_VERSION = re.compile(r"(?i)version\W{1,4}([0-9]+(?:\.[0-9]+)+)")
_NUMBERS = re.compile(r"[0-9]+(?:[-_][0-9]+){2}")
"""Within a name: an address, a date."""
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_DATA = re.compile(r"(?:[0-9A-Fa-f]{2}[,\\\s]*){9,}|[0-9A-Fa-f]{2}(?:[,\\\s]+[0-9A-Fa-f]{2})*")
_AROUND = re.compile(r"(?s)((?:\^M)?[-+!*.~^&#$?`_]*)(.*?)([-+!*.~^&#$?`_]*)")
_STEM = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]*)[+*](?![\w*])")
_MAX_V4 = Family.V4.last


class Renamer:
    """Renames for one salt; `learn` is told all texts before the first one is written."""

    def __init__(self, salt: bytes, vocabulary: Vocabulary, held: tuple[int, int] = (0, 0),
                 draw: int = 0) -> None:
        """Take the words of all texts; `held`: how many of the last bits of IPv4 and IPv6 addresses stay.

        Each draw gives other names: a make may decide by the order of names.
        """
        self._salt, self._draw, self.vocabulary = salt, "\0" * draw, EVERYWHERE | vocabulary
        self.addresses = AddressMap(salt, held)
        self._harmless = re.compile(self.vocabulary.shapes)
        self._in_parts = re.compile(self.vocabulary.parts)
        self._stems: set[str] = set()
        self._seen: set[int] = set()
        """The first bytes of IPv4 addresses of the texts: a number that has them is one, or a part of one."""
        self._versions: set[str] = set()
        self._known: dict[str, str] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Take what the names and ranges of some texts have to keep."""
        for text in texts:
            text = _SHORT.sub(_long, text)
            self._stems.update(each.casefold() for each in _STEM.findall(text)
                               if each.casefold() not in self.vocabulary.words)
            self._versions.update(_VERSION.findall(text))
            for each, mask in _SEEN.findall(text):
                if found := address(each):
                    if found[0] is Family.V4:
                        self._seen.update((found[1] >> 8, found[1] >> 16))
                    zeros = (found[1] & -found[1]).bit_length() - 1 & ~7
                    if zeros > 0 and not mask:  # it looks like a network
                        self.addresses.keep(*found, found[1] | (1 << zeros) - 1)
            for low, high in _pairs(self.vocabulary.ranges, text):
                if (first := address(low)) and (last := address(high)) and first[0] is last[0] \
                        and first[1] <= last[1]:
                    self.addresses.keep(first[0], first[1], last[1])
            for low, length in _pairs(self.vocabulary.networks, text):
                if first := address(low):
                    self._network(*first, length)

    def _network(self, family: Family, number: int, length: str) -> None:
        bits = family.last.bit_length()
        if length.isdecimal():
            rest = bits - min(int(length), bits)
        elif mask := address(length):
            rest = (mask[1] ^ family.last).bit_length()
            if mask[1] != family.last >> rest << rest:
                if mask[1] >> 24 in (0, 255) and mask[1] & mask[1] + 1:  # a mask with holes, or a second host
                    self.addresses.hold(family, mask[1])
                    self.addresses.keep(family, number, number | mask[1] ^ family.last)
                return
        low = number >> rest << rest
        self.addresses.keep(family, low, low | (1 << rest) - 1)

    def text(self, text: str, own: Vocabulary = EVERYWHERE) -> str:
        """Write a text anew; lines stay lines, and what is around words stays. `own` knows its secrets."""
        places = EVERYWHERE | own
        gone = [(*span, self._removed) for span in fitting(places.removed, text)]
        gone += [(*span, self._remark) for span in fitting(places.remarks, text)]
        written, at = [], 0
        for first, end, how in sorted(gone, key=lambda each: (each[0], -each[1])):
            first = max(first, at)
            if first < end:
                written += [self.words(text[at:first]), how(text[first:end])]
                at = end
        return "".join([*written, self.words(text[at:])])

    def _removed(self, text: str) -> str:
        if _DATA.fullmatch(text):
            return re.sub(r"[0-9A-Fa-f]", "0", text)
        return re.sub(r"[^\s\"'](?:.*[^\s\"'])?", REMOVED, text)

    def _remark(self, text: str) -> str:
        said = text.strip()
        return text if self._says_nothing(said) else re.sub(
            r"\S(?:.*\S)?", lambda line: f"remark-{self._letters(line[0], 8)}", text)

    def _says_nothing(self, text: str) -> bool:
        """Whether a remark has words of the make only, and no number."""
        return all(self.harmless(each) and not any(map(str.isdigit, each)) for each in CHUNK.findall(text))

    def words(self, text: str) -> str:
        """Write a text anew that has no secrets but names."""
        return CHUNK.sub(lambda found: self.word(found[0]), text)

    def harmless(self, word: str) -> bool:
        """Whether a word belongs to nobody."""
        return len(word) == 1 or word.casefold() in self.vocabulary.words or (bool(
            self._harmless.fullmatch(word)) and not self._is_address(word))

    def _is_address(self, word: str) -> bool:
        """Whether a number is an address of the texts."""
        try:
            number = int(word, 0)
        except ValueError:
            partial = _FIRST.fullmatch(word) and word not in self._versions
            first = address(f"{word}{'.0' * (3 - word.count('.'))}") if partial else None
            return first is not None and first[1] >> 24 - 8 * word.count(".") in self._seen
        return number > _MAX_V4 >> 8 and number >> 8 in self._seen

    def word(self, word: str) -> str:
        """Return a word as it is, or another one."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._word(word)
        return known

    def _word(self, word: str) -> str:
        if self.harmless(word):
            return word
        kinds = (self._number, self._cut, self._address, self._pieces)
        return next(filter(None, (kind(word) for kind in kinds)), "") or self.name(word)

    def _number(self, word: str) -> str:
        if not self._is_address(word):
            return numbers.renamed(word, self._salt)
        if "." in word:
            return self._beginning(word, ".")
        image = self.addresses(Family.V4, int(word, 0))
        return f"0x{image:0{len(word) - 2}x}" if word[:2].lower() == "0x" else str(image)

    def _cut(self, word: str) -> str:
        """Rename what stands between signs that no address has."""
        if _SHORT.fullmatch(word):
            return self.word(_SHORT.sub(_long, word))
        sign = next((each for each in _PARTS if each in word), "")
        if sign == "%" and _ESCAPED.search(word) and not address(word):
            return self.name(word)
        return sign.join(map(self.word, word.split(sign))) if sign else ""

    def _address(self, word: str) -> str:
        if found := address(word):
            image = self.addresses(*found)
            return word if image == found[1] else write(found[0], image)
        first, _, port = word.rpartition(".")
        if port.isdecimal() and address(first):  # as tcpdump writes it
            return f"{self.word(first)}.{port}"
        ends = _RANGE.fullmatch(word)
        return f"{self.word(ends[1])}-{self.word(ends[2])}" if ends else ""

    def _beginning(self, word: str, sign: str) -> str:
        """Map the first parts of an address."""
        number = word.count(sign)
        found = address(word + ("::" if sign == ":" else ".0" * (3 - number)))
        assert found is not None, word
        image = ipaddress.ip_address(self.addresses(*found).to_bytes(found[0].last.bit_length() // 8))
        return sign.join(image.exploded.split(sign)[:number + 1])

    def _pieces(self, word: str) -> str:
        """Rename the pieces of a word that is no address, each by itself."""
        before, core, after = _AROUND.fullmatch(word).groups()  # type: ignore[union-attr]
        if before or after:
            return f"{before}{self.word(core) if core else ''}{after}"
        if _GROUPS.fullmatch(word):
            return self._beginning(word, ":")
        if _GROUPS.match(word):
            return self.name(word)
        if ":" in word:
            first, _, rest = word.partition(":")
            return f"{self.word(first)}:{self.word(rest)}"
        pieces = word.split(".")
        if len(pieces) > 1 and not any(map(str.isdecimal, pieces)):
            return ".".join(map(self.word, pieces))
        if len(pieces) > 1 and pieces[-1].casefold() in self.vocabulary.words:  # of a file
            return f"{self.name('.'.join(pieces[:-1]))}.{pieces[-1]}"
        if re.search("[-_]", word) and self._in_parts.fullmatch(word) and not _NUMBERS.search(word):
            return re.sub(r"[^-_]+", lambda found: self.word(found[0]), word)
        return ""

    def name(self, name: str) -> str:
        """Return another name; two that differ in capitals only still do, and one that begins as a pattern
        of names does (`dmz+`) still does."""
        stem = next((each for each in sorted(self._stems, key=len, reverse=True)
                     if name.casefold().startswith(each) and name.casefold() != each), "")
        if stem:
            rest = name[len(stem):]
            image = self.word(rest) if rest.isdecimal() else self._letters(rest, 6)
            return self.name(name[:len(stem)]) + image
        letters = "n" + self._letters(name.casefold(), 8)
        if name == name.casefold():
            return letters
        if name == name.upper():
            return letters.upper()
        drawn = numbers.keyed(self._salt, "capitals" + self._draw, name)
        return "".join(sign.upper() if byte & 1 else sign for sign, byte in zip(letters, drawn, strict=False))

    def _letters(self, text: str, size: int) -> str:
        number = int.from_bytes(numbers.keyed(self._salt, "name" + self._draw, text))
        return "".join(chr(ord("a") + number // 26**place % 26) for place in range(size))


def _long(found: re.Match[str]) -> str:
    return f"{found[1]}{'.0' * (3 - found[1].count('.'))}/{found[2]}"


def address(text: str) -> tuple[Family, int] | None:
    """Read one address; None for what is none."""
    try:
        found = ipaddress.ip_address(text) if "." in text or ":" in text else None
    except ValueError:
        found = None
    if found is None:
        return None
    return Family(found.version), int(found)


def _pairs(patterns: Iterable[str], text: str) -> Iterable[tuple[str, str]]:
    return (pair for each in patterns for pair in re.findall(each, text))
