"""The texts of a run: what was read is what is written anew, in the same encoding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from msgspec import Struct

from aclproof import parsers, rules
from aclproof.linter import schemas
from aclproof.parsers import detect
from aclproof.parsers import source as sources
from aclproof.parsers.renaming.vocabulary import Vocabulary
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.vendor import door, doors
from aclproof.reason import Reason

_YAML = (".yaml", ".yml")
_PAGES = ("cp850", "cp437", "cp858", "cp932")
"""Code pages of consoles, which a reader finds out by the words that are shown."""

_FACTS = """translation to port other tables rules than in of members through nat the program is for everybody
drops connections are tracked inspect interface type unknown test user group at own addresses real address
dialled access-group chain object time-range ipset set fqdn map user-group security-group dcom icmp types"""
"""What keys of facts are made of besides names."""

_SAID = "(?:reason|owner|approved-by|ticket)"
"""Keys of a waiver that people write text for."""


class Text(Struct, frozen=True):
    """One file that a run has read."""

    path: str
    text: str
    encoding: str
    vocabulary: Vocabulary


def read(path: str) -> Text:
    """Read one; UnsupportedInputError for what is no text."""
    data, name = sources.data(path)
    if any(each.unpack(data, name) for _, each in doors()):
        raise UnsupportedInputError(Reason(
            "{name}: a binary export, which cannot be written anew; export the same as text ('reg export', "
            "'netsh advfirewall firewall show rule name=all verbose') and give that", name=name))
    text = sources.from_bytes(data, name)
    forms = of_sites() if path.endswith(_YAML) else Vocabulary(frozenset())
    try:
        vendor = detect.vendor(again := sources.from_bytes(data, name))
        parsers.parse(again)
    except UnsupportedInputError:
        return Text(path, text.text, text.encoding, forms if forms.words else every())
    shown, encoding = text.text, text.encoding
    if not shown.isascii() and again.text != shown and again.text.count("\n") == shown.count("\n"):
        shown = again.text
        encoding = next((page for page in _PAGES if data.decode(page, "replace") == shown), "utf-8")
    return Text(path, shown, encoding, door(vendor).vocabulary() | forms)


def encoded(text: str, encoding: str) -> bytes:
    """Write a text as bytes; where a code page lacks a sign, in UTF-8."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def every() -> Vocabulary:
    """Return the words of all makes: for a text that is of none that is known, and for evidence."""
    return reduce(or_, (each.vocabulary() for _, each in doors()))


def together(texts: Iterable[Text]) -> Vocabulary:
    """Return the words of all texts."""
    return reduce(or_, (each.vocabulary for each in texts))


def of_sites() -> Vocabulary:
    """Return what of a site file, a pack or a waiver file belongs to nobody: the words of their forms."""
    words: set[str] = set(_FACTS.split())
    for name in ("site", "waivers", "pack"):
        words.update(_words(schemas.load(name)))
    for name in rules.builtin():
        pack = rules.load(name)
        words |= {pack.id, *(each.id for group in (pack.roles, pack.settings, pack.methods,
                                                     pack.requirements) for each in group),
                  *(str(value) for each in pack.settings for value in (*each.values, each.default))}
    for _, vendor in doors():
        words.update(word for kind in vendor.fact_kinds() for word in kind.form.split())
        words.update(vendor.traits.profiles)
    part = {piece for word in words for piece in word.split("/")}
    return Vocabulary(frozenset(map(str.casefold, words | part)), remarks=(
        r"(?m)(?:^|[ \t])#(.*)$", rf"(?m)^[ \t-]*{_SAID}:[ \t]+([^\s>|].*)$",
        rf"[{{,][ \t]*{_SAID}:[ \t]+(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"'][^\n,}}]*))"))


def _words(schema: object) -> Iterable[str]:
    """Every key of a schema's forms, and every value that these allow."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                yield from value
            if key in ("enum", "const", "default"):
                yield from (str(each) for each in (value if isinstance(value, list) else [value]))
            yield from _words(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _words(each)
