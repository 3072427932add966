"""`include`: files of the same folder, read as all inputs are."""

from __future__ import annotations

from aclproof.parsers.nftables.text.lexer import GrammarError
from aclproof.parsers.nftables.text.reading import Reading
from aclproof.parsers.nftables.text.selectors import name_here
from aclproof.reason import Reason


def include(reading: Reading) -> None:
    """Read the files that a pattern names, before what follows."""
    name = name_here(reading.tokens)
    raise GrammarError(Reason("the file {name} is not read", name=name))
