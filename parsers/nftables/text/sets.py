"""The grammar of named sets and maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from aclproof.parsers.nftables.ruleset import Element, NftSet, NftTable, Tree, asks_more, only_counts
from aclproof.parsers.nftables.text import expressions
from aclproof.parsers.nftables.text.datatypes import UNKNOWN, Types, milliseconds, of
from aclproof.parsers.nftables.text.expressions import Member
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens
from aclproof.parsers.nftables.text.normal import element, expression
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.parsers.nftables.text.stateful import STATEFUL, stateful
from aclproof.parsers.nftables.text.variables import DEFINITIONS, definition
from aclproof.reason import Reason

_NAMED_DATA = frozenset("verdict counter quota limit synproxy secmark tunnel".split())
_CONNECTION_OBJECTS = frozenset(("helper", "timeout", "expectation"))
"""Of connection tracking; a map may give their names."""


def set_block(reading: Reading, table: NftTable) -> None:
    """Read a set or a map from its name on."""
    tokens = reading.tokens
    line = tokens.line
    name = name_here(tokens)
    found = table.sets.get(name)
    if found is None:
        found = table.sets[name] = NftSet(name, line, ())
    tokens.expect("{")
    before = _kind(found)
    vanishes = False
    while reading.more():
        at = tokens.line
        try:
            vanishes = _in_set(reading, found) or vanishes
        except GrammarError as error:
            found.whole = False
            reading.unread(at, Reason("in the set {name}: {reason}", name=name, reason=str(error)))
            tokens.rest()
    if before[0] and before != _kind(found):
        reading.unread(line, Reason("the set {name} is there already, and is another one", name=name))
    if vanishes:
        found.flags |= {"timeout"}  # as nft has it
        found.elements[:] = [each if each.timeout else replace(each, timeout=True)
                             for each in found.elements]


def _kind(found: NftSet) -> tuple[Sequence[str], Sequence[str], bool]:
    """What the kernel compares where a set is named again."""
    return found.types, found.maps_to, "interval" in found.flags


def _in_set(reading: Reading, found: NftSet) -> bool:
    """Read one piece of a set; whether it says that all elements vanish after some time."""
    tokens = reading.tokens
    word = tokens.word
    if word in DEFINITIONS:
        definition(reading)
    elif word in STATEFUL:
        found.limited |= not only_counts(stateful(tokens))
    elif word in _WITH_A_WORD:
        tokens.at += 1
        said = name_here(tokens)
        if word == "size" and said.isdecimal():
            found.size = int(said)
        return word == "timeout" and bool(milliseconds(said))
    elif word in _PIECES:
        tokens.at += 1
        _PIECES[word](tokens, found)
    else:
        raise GrammarError(Reason("'{word}' is not known in a set", word=word))
    return False


def _type(tokens: Tokens, found: NftSet) -> None:
    found.types = _types(tokens)
    if tokens.accept(":"):
        found.maps_to = _types(tokens)


def _typeof(tokens: Tokens, found: NftSet) -> None:
    found.types = _asked(tokens)
    if tokens.accept(":"):
        found.maps_to = _asked(tokens, data=True)


def _set_flags(tokens: Tokens, found: NftSet) -> None:
    found.flags |= _flags(tokens)


def _elements(tokens: Tokens, found: NftSet) -> None:
    tokens.expect("=")
    add_elements(found, expressions.members(tokens))


_WITH_A_WORD = frozenset(("timeout", "gc-interval", "size", "policy", "comment"))
_PIECES: Mapping[str, Callable[[Tokens, NftSet], None]] = {
    "type": _type, "typeof": _typeof, "flags": _set_flags, "elements": _elements,
    "auto-merge": lambda tokens, found: setattr(found, "merges", True)}


def _flags(tokens: Tokens) -> frozenset[str]:
    found = {name_here(tokens)}
    while tokens.accept(","):
        found.add(name_here(tokens))
    return frozenset(found)


def _types(tokens: Tokens) -> Types:
    """`ipv4_addr . inet_service`, `verdict`, `ct helper`."""
    tokens.accept("interval")
    if tokens.word == "ct" and tokens.following in _CONNECTION_OBJECTS:
        tokens.at += 2
        return (f"ct {tokens.peek(-1)}",)
    found = [name_here(tokens)]
    while tokens.accept("."):
        found.append(name_here(tokens))
    return tuple(found)


def _asked(tokens: Tokens, *, data: bool = False) -> Types:
    tokens.accept("interval")
    if data and (tokens.word in _NAMED_DATA or tokens.following in _CONNECTION_OBJECTS):
        return _types(tokens)
    return types_of(expression(expressions.left(tokens)))


def types_of(tree: Tree) -> Types:
    """Return the words that `type` would have for what is asked of a packet."""
    return tuple("time" if kind == "ct_time" else kind for kind in of(tree))


def add_elements(found: NftSet, members: list[Member], vanish: bool = False) -> None:
    """Put elements into a set, their values written by its types; all `vanish` where the set says so."""
    keys, values = found.types or UNKNOWN, found.maps_to or UNKNOWN
    for member in members:
        key = expression(member.key, keys)
        value = expression(member.value, values) if member.mapped else None
        own = vanishes(member.options)
        found.elements.append(Element(member.line, key, value, vanish or own, own))
        found.limited |= asks_more(member.options)


def vanishes(options: dict[str, Tree] | None) -> bool:
    """Whether an element with these options is there for some time only."""
    if not options or not options.keys() & {"timeout", "expires"}:
        return False
    written = element({"val": "", **options}, UNKNOWN)
    inner = written["elem"] if isinstance(written, dict) else {}
    return any(inner.get(name) not in (None, 0, "never") for name in ("timeout", "expires"))
