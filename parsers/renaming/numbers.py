"""Numbers that name one machine or person: hardware addresses, fingerprints, GUIDs, SIDs, telephones."""

from __future__ import annotations

import hmac
import re
import uuid
from itertools import cycle

_MAC = re.compile(r"(?i)[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?:(?:\1[0-9a-f]{2}){4,})?|"
                  r"[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}")
"""A hardware address, of InfiniBand as well, or a fingerprint."""
_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SID = re.compile(r"(?i)S-1(?:-[0-9]+)+")
_LONG_HEX = re.compile(r"(?i)0x[0-9a-f]{5,}")
_LONG = re.compile(r"[0-9]{4,}")
_WELL_KNOWN = 1000
"""Parts of a SID below this are the same in every domain ([MS-DTYP] 2.4.2.4)."""


def keyed(salt: bytes, kind: str, text: str) -> bytes:
    """Return 32 bytes that hang on a text, in a way that only the salt tells; for each kind others."""
    # the name of a file may have bytes that are no character
    return hmac.digest(salt, f"{kind}{text}".encode("utf-8", "surrogatepass"), "sha256")


def renamed(word: str, salt: bytes) -> str:
    """Return another number of the same kind; empty for what is none of these."""
    drawn = keyed(salt, "number", word.casefold())
    if _MAC.fullmatch(word):
        return _mac(word, drawn)
    if _GUID.fullmatch(word):
        made = str(uuid.UUID(bytes=drawn[:16]))
        return made.upper() if word == word.upper() else made
    if _SID.fullmatch(word):
        return _sid(word, salt)
    if _LONG_HEX.fullmatch(word):
        return f"0x{drawn.hex()[:len(word) - 2]:0<{len(word) - 2}}"
    if _LONG.fullmatch(word):
        return _long(word, drawn)
    return ""


def _long(word: str, drawn: bytes) -> str:
    """Keep what is round, in tens or in bits; of the rest the length, and the zeros that come before it."""
    number = int(word)
    if not word.strip("0")[1:] or not number & number - 1 or not number & number + 1:
        return word
    least = 10**(len(str(number)) - 1)
    return f"{least + int.from_bytes(drawn) % (9 * least):0{len(word)}}"


def _mac(word: str, drawn: bytes) -> str:
    digits = re.sub(r"[^0-9A-Fa-f]", "", word)
    if set(digits) <= {"0", "F", "f"}:  # a mask, none or all
        return word
    group = int(digits[:2], 16) & 1
    made = cycle(f"{drawn[0] & 0xFC | 2 | group:02x}{drawn[1:].hex()}")
    return "".join(sign if not sign.isalnum() else next(made) for sign in word)


def _sid(word: str, salt: bytes) -> str:
    """Keep the authority and what is well known; the rest hangs on all that stands before it."""
    parts, made = word.split("-"), []
    for number, part in enumerate(parts):
        before = "-".join(parts[:number + 1]).casefold()
        own = part.isdecimal() and int(part) >= _WELL_KNOWN
        made.append(str(int.from_bytes(keyed(salt, "sid", before)[:4])) if own else part)
    return "-".join(made)
