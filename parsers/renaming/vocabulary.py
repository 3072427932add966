"""What of a make's texts belongs to nobody, and where in them stands what nobody else may read."""

from __future__ import annotations

import re

from msgspec import Struct

_DAYS = """mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb mar
apr may jun jul aug sep oct nov dec january february march april june july august september october
november december utc gmt est cet cest am pm"""
_NUMBER = "(?:[1-9][0-9]{0,5}|0)"
SECRET = r"(?:psk|shared-?key|shkey|passw(?:or)?d|passphrase|pwd|secret|cred\w*|token)"
VALUE = r"(?:\"((?:[^\"\\\n]|\\.)+)\"|'([^'\n]+)'|([^\s|\"',;]+))"
"""What comes after a key, in quotes or not."""
_ENDINGS = "yaml yml cfg conf config txt json csv reg xml log rules nft ipset save listing v4 v6"
"""Of the names of files."""


class Vocabulary(Struct, frozen=True):
    """Of one make; what is in none of these is taken for a name, or a secret."""

    words: frozenset[str]
    """In lower case: keywords, values and names that every machine of the make may have."""
    shapes: str = r"(?!)"
    """A regular expression of whole words that are harmless, such as the names of network cards."""
    parts: str = r"(?!)"
    """A regular expression of names whose parts, between `-` and `_`, are renamed one by one."""
    removed: tuple[str, ...] = ()
    """Regular expressions; the group that takes part is a secret, of which nothing stays."""
    remarks: tuple[str, ...] = ()
    """Regular expressions; the group that takes part is free text, which is replaced as a whole."""
    ranges: tuple[str, ...] = ()
    """Regular expressions of two addresses, each a group, that are the ends of a range."""
    networks: tuple[str, ...] = ()
    """Regular expressions of an address and, as second group, the length of its prefix or its mask."""

    def __or__(self, other: Vocabulary) -> Vocabulary:
        return Vocabulary(
            self.words | other.words, f"{self.shapes}|{other.shapes}", f"{self.parts}|{other.parts}",
            *(tuple(dict.fromkeys((*getattr(self, each), *getattr(other, each)))) for each in _LISTS))


_LISTS = ("removed", "remarks", "ranges", "networks")
V4 = r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.])"
V6 = (r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3})?"
      r"(?![\w:.])")
ADDRESS = f"(?:{V4}|{V6})"
EVERYWHERE = Vocabulary(
    frozenset([*_DAYS.split(), *_ENDINGS.split(), "removed", "true", "false", "null", "aclproof"]),
    # a number, or with its unit, a range, a version, a date, a time, a number in hexadecimals, rulers; a
    # longer number, or one with zeros before it, may be a telephone's or a serial one
    shapes=(rf"[-+]?(?:{_NUMBER}|0[0-9]{{1,2}})|[-+]?(?:[0-9]{{1,9}}(?:ms|[smhdwkKMGT]|kB|[KMG]B|%))+|{_NUMBER}-{_NUMBER}|"
            r"v?(?:[1-9][0-9]{0,2}|0)(?:\.[0-9]{1,4}){1,2}|[0-9]{4}-[01]?[0-9]-[0-3]?[0-9](?:T[0-9:.]+Z?)?|"
            r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?|0x[0-9a-fA-F]{1,4}|\W*"),
    removed=(r"(?s)-----BEGIN [^\n]*-----\n(.*?)(?=-----END|\Z)", r"://[^\s/:@]*:([^\s/@]+)@",
             rf"(?i)(?:{SECRET}[\"']?[ \t]*[:=]|-\w{{0,20}}{SECRET}[ \t])[ \t]*{VALUE}",
             rf"(?i){SECRET}\"?>([^<]+)<"),
    ranges=(rf"({ADDRESS})\s*-\s*({ADDRESS})",),
    networks=(rf"({ADDRESS})/([0-9]{{1,3}})(?![\w.])", rf"({V4})(?=[/ \t]({V4}))"))
"""What every text may hold."""


def fitting(patterns: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Return where the groups of patterns are in a text, of each the one that takes part."""
    return [found.span(found.lastindex or 0) for each in patterns for found in re.finditer(each, text)]
