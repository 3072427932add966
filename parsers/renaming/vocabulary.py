"""What of a make's texts belongs to nobody, and where in them stands what nobody else may read."""

from __future__ import annotations

import re

from msgspec import Struct

_DAYS = """mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb mar
apr may jun jul aug sep oct nov dec january february march april june july august september october
november december utc gmt est cet cest am pm"""
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
    """Regular expressions; their first group is a secret, of which nothing stays."""
    remarks: tuple[str, ...] = ()
    """Regular expressions; their first group is free text, which is replaced as a whole."""
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
    # a number with its unit, a range, a version, a date, a time, a number in hexadecimals, rulers
    shapes=(r"[-+]?(?:[0-9]{1,10}(?:ms|[smhdwkKMGT]|kB|[KMG]B|%)?)+|[0-9]{1,10}-[0-9]{1,10}|"
            r"v?[0-9]{1,3}(?:\.[0-9]{1,4}){1,2}|[0-9]{4}-[01]?[0-9]-[0-3]?[0-9](?:T[0-9:.]+Z?)?|"
            r"[0-9]{1,2}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?|0x[0-9a-fA-F]{1,4}|\W*"),
    removed=(r"(?s)-----BEGIN [^\n]*-----\n(.*?)(?=-----END|\Z)", r"://[^\s/:@]*:([^\s/@]+)@"),
    ranges=(rf"({ADDRESS})\s*-\s*({ADDRESS})",),
    networks=(rf"({ADDRESS})/([0-9]{{1,3}})(?![\w.])", rf"({V4})(?=[/ \t]({V4}))"))
"""What every text may hold."""


def fitting(patterns: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Return where the first groups of patterns are in a text."""
    return [found.span(1) for each in patterns for found in re.finditer(each, text)]
