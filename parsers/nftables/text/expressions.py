"""The grammar of expressions: operators, ranges, prefixes, concatenations, sets, maps and verdicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text.lexer import END, GrammarError, Tokens, is_value, unquoted
from aclproof.parsers.nftables.text.selectors import name_here, number_here, selector
from aclproof.parsers.nftables.text.stateful import STATEFUL, stateful
from aclproof.reason import Reason

_OPERATORS = {"<<": (4, "<<"), "lshift": (4, "<<"), ">>": (4, ">>"), "rshift": (4, ">>"),
              "&": (3, "&"), "and": (3, "&"), "^": (2, "^"), "xor": (2, "^"), "|": (1, "|"), "or": (1, "|")}
_NO_VALUES = frozenset("{ } ( ) [ ] , : ; / = < > & | ^ ! - + @ $ == != <= >=".split())
VERDICTS = frozenset("accept drop continue return queue break".split())
_STATEMENTS = VERDICTS | frozenset("jump goto reject counter log limit quota comment notrack vmap".split())
"""Words that begin something else where a value was to come: nft prints some values as nothing."""


class Member(NamedTuple):
    """An element of a set, or of a map where `value` is given."""

    line: int
    key: Tree
    value: Tree = None
    mapped: bool = False
    options: dict[str, Tree] | None = None

    @property
    def tree(self) -> Tree:
        """As libnftables prints it."""
        key: Tree = {"elem": {"val": self.key, **self.options}} if self.options else self.key
        return [key, self.value] if self.mapped else key


def _plain(tokens: Tokens) -> Tree:
    word = tokens.word
    if word in _NO_VALUES or word in _STATEMENTS or tokens.ended() or not is_value(word):
        raise GrammarError(Reason("a value is missing"))
    tokens.at += 1
    return unquoted(word)


def _value(tokens: Tokens) -> Tree:
    """A constant, or several in brackets."""
    if tokens.word == "(":
        return _bracketed(tokens, _value)
    return _plain(tokens)


def _operand(tokens: Tokens) -> Tree:
    """A constant, what can be asked of a packet, or several in brackets."""
    if tokens.word == "(":
        return _bracketed(tokens, _operand)
    found = selector(tokens)
    return _plain(tokens) if found is None else found


def _bracketed(tokens: Tokens, operand: Callable[[Tokens], Tree]) -> Tree:
    tokens.deeper()
    tokens.expect("(")
    found = _operation(tokens, operand)
    if tokens.word == ",":
        found = _list(tokens, found, operand)
    tokens.expect(")")
    tokens.depth -= 1
    return found


def _operation(tokens: Tokens, operand: Callable[[Tokens], Tree], least: int = 1) -> Tree:
    found = operand(tokens)
    while (operator := _OPERATORS.get(tokens.word)) and operator[0] >= least:
        level, sign = operator
        tokens.at += 1
        found = {sign: [found, _operation(tokens, operand, level + 1)]}
    return found


def _list(tokens: Tokens, first: Tree, operand: Callable[[Tokens], Tree]) -> Tree:
    found = [first]
    while tokens.accept(","):
        tokens.skip_lines()
        found.append(_operation(tokens, operand))
    return found


def left(tokens: Tokens) -> Tree:
    """Read the left side of a comparison: what is asked of a packet, perhaps several things."""
    found = _operation(tokens, _operand)
    if tokens.word != ".":
        return found
    parts = [found]
    while tokens.accept("."):
        parts.append(_operation(tokens, _operand))
    return {"concat": parts}


def _spread(tokens: Tokens, operand: Callable[[Tokens], Tree]) -> Tree:
    """A value, a range or a prefix."""
    found = _operation(tokens, operand)
    if tokens.word == "-":
        tokens.at += 1
        return {"range": [found, _operation(tokens, operand)]}
    if tokens.word == "/" and tokens.following.isdecimal():
        tokens.at += 1
        return {"prefix": {"addr": found, "len": number_here(tokens)}}
    return found


def values(tokens: Tokens, operand: Callable[[Tokens], Tree] = _value) -> Tree:
    """Read a value, a range or a prefix, or a concatenation of such."""
    found = _spread(tokens, operand)
    if tokens.word != ".":
        return found
    parts = [found]
    while tokens.accept("."):
        parts.append(_spread(tokens, operand))
    return {"concat": parts}


def right(tokens: Tokens) -> Tree:
    """Read the right side of a comparison."""
    if tokens.word in ("{", "@"):
        return collection(tokens)
    found = values(tokens)
    return _list(tokens, found, _value) if tokens.word == "," else found


def mask(tokens: Tokens) -> Tree:
    """Read what stands after the slash of `tcp flags syn / fin,syn`."""
    return _list(tokens, _operation(tokens, _value), _value)


def collection(tokens: Tokens) -> Tree:
    """Read a set in braces, or the name of one."""
    if tokens.accept("@"):
        return f"@{name_here(tokens)}"
    found = members(tokens)
    if not found:
        raise GrammarError(Reason("nft refuses a set without elements in a rule"))
    return {"set": [member.tree for member in found]}


def given(tokens: Tokens) -> Tree:
    """Read what is set or translated to: a value, what can be asked of a packet, or a map of one."""
    found = values(tokens, _operand)
    if tokens.accept("map"):
        return {"map": {"key": found, "data": collection(tokens)}}
    return _list(tokens, found, _operand) if tokens.word == "," else found


def verdict(tokens: Tokens) -> Tree:
    """Read a verdict."""
    word = tokens.next()
    if word in ("jump", "goto"):
        return {word: {"target": name_here(tokens)}}
    if word in VERDICTS:
        return {word: None}
    raise GrammarError(Reason("'{word}' is no verdict", word=word))


def members(tokens: Tokens) -> list[Member]:
    """Read the elements of a set in braces; sets inside of it are part of it."""
    tokens.deeper()
    tokens.expect("{")
    found: list[Member] = []
    tokens.skip_lines()
    while not tokens.accept("}"):
        if tokens.word == END:
            raise GrammarError(Reason("the end is missing: '}}' never comes"))
        if tokens.word == "{":
            found += members(tokens)
        else:
            found.append(_member(tokens))
        tokens.skip_lines()
        if tokens.word != "}":
            tokens.expect(",")
            tokens.skip_lines()
    tokens.depth -= 1
    values_by_key = {repr(each.key): each.value for each in found if each.mapped}
    if any(each.mapped and values_by_key[repr(each.key)] != each.value for each in found):
        raise GrammarError(Reason("the kernel refuses two elements of one key with different values"))
    return found


def _member(tokens: Tokens) -> Member:
    line = tokens.line
    key: Tree = tokens.next() if tokens.word == "*" else values(tokens, _operand)
    options = element_options(tokens)
    tokens.skip_lines()
    if not tokens.accept(":"):
        return Member(line, key, options=options)
    tokens.skip_lines()
    word = tokens.word
    value = verdict(tokens) if word in VERDICTS or word in ("jump", "goto") else values(tokens, _operand)
    return Member(line, key, value, True, (options or {}) | (element_options(tokens) or {}) or None)


def element_options(tokens: Tokens) -> dict[str, Tree] | None:
    """Read what an element of a set may have besides its key."""
    found: dict[str, Tree] = {}
    while (word := tokens.word) in ("timeout", "expires", "comment") or word in STATEFUL:
        if word in STATEFUL and (word != "ct" or tokens.following == "count"):
            statement = stateful(tokens)
            found |= {name: tree for name, tree in statement.items() if name not in found}
            continue
        if word == "ct":
            break
        tokens.at += 1
        found[word] = name_here(tokens)
    return found or None
