"""The grammar of `define`, `redefine`, `undefine`, and of `include`."""

from __future__ import annotations

from aclproof.parsers.nftables.text.lexer import GrammarError
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.reason import Reason

DEFINITIONS = frozenset(("define", "redefine", "undefine", "include"))

_MOST = 2**20
"""Words that one variable may stand for."""


def definition(reading: Reading) -> None:
    """Carry one of these commands out."""
    from aclproof.parsers.nftables.text.including import include

    tokens = reading.tokens
    verb = tokens.next()
    if verb == "include":
        include(reading)
        return
    name = name_here(tokens)
    if verb == "undefine":
        if reading.in_block or name not in reading.variables:
            raise GrammarError(Reason("the variable {name} is not known in this file", name=name))
        del reading.variables[name]
        reading.ends_line()
        return
    known = name in reading.variables
    if known and verb == "define":
        raise GrammarError(Reason("the variable {name} is defined twice, which nft refuses", name=name))
    tokens.expect("=")
    found = _value(reading)
    if len(found) > _MOST:
        raise GrammarError(Reason("the variable {name} stands for more than {most} words", name=name,
                                  most=_MOST))
    reading.variables[name] = found
    if known:
        reading.ends_line()
    tokens.expand()


def _value(reading: Reading) -> list[str]:
    """The words up to the end of the definition, over all braces."""
    tokens = reading.tokens
    found: list[str] = []
    depth = 0
    while (word := tokens.word) not in ("", ";") and (depth or word not in ("\n", "}")):
        if word == "\n":
            tokens.load()
            continue
        if word[:1] == "#":
            tokens.at += 1
            continue
        if word == "$":
            raise GrammarError(Reason("the variable {name} is not known in this file",
                                      name=tokens.following))
        depth += (word == "{") - (word == "}")
        found.append(word)
        tokens.at += 1
    return found
