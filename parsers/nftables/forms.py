"""Which form an input has, read by the reader of that form."""

from __future__ import annotations

from aclproof.parsers.edited import Edited
from aclproof.parsers.nftables.form import Form
from aclproof.parsers.nftables.script import entering
from aclproof.parsers.nftables.text import json_reader, reader
from aclproof.parsers.nftables.text.kind import kind
from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.reason import Reason

__all__ = ["Form", "read"]


def read(source: Source) -> Form:
    """Read one input; UnsupportedInputError where it is none of nftables."""
    if isinstance(source, Edited) and source.old:
        form = read(source.old)
        entering.carry_out(form, source)
        return form
    match kind(source.text):
        case "json":
            return json_reader.read(source)
        case "text":
            return reader.read(source)
        case _:
            raise UnsupportedInputError(Reason("{name}: no rules of nftables; give what 'nft -a list "
                                               "ruleset' prints", name=source.name))
