"""Every form in which Windows Firewall's rules and settings come, and which reader takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from aclproof.parsers.source import Source, UnsupportedInputError
from aclproof.parsers.windows import quoting
from aclproof.parsers.windows.records import computer, contradictions
from aclproof.parsers.windows.records.rule import WindowsInput
from aclproof.reason import Reason

_HEAD = 2**18
"""A tool shows itself in so many characters."""


class Form(NamedTuple):
    """One kind of export."""

    kind: str
    recognises: Callable[[str], bool]
    read: Callable[[Source], WindowsInput]


def forms() -> Iterator[Form]:
    """Yield every form, in the order in which they are tried; its reader is imported when it is its turn."""
    from aclproof.parsers.windows.netsh import legacy, listing, script

    yield Form(legacy.KIND, legacy.recognises, legacy.read)
    yield Form(listing.KIND, listing.recognises, listing.read)
    yield Form(script.KIND, script.recognises, script.read)
    from aclproof.parsers.windows.registry import export as registry

    yield Form(registry.KIND, registry.recognises, registry.read)
    from aclproof.parsers.windows import mmc
    from aclproof.parsers.windows.registry import policy_report

    yield Form(policy_report.KIND, policy_report.recognises, policy_report.read)
    yield Form(mmc.KIND, mmc.recognises, mmc.read)
    from aclproof.parsers.windows.powershell import export as powershell
    from aclproof.parsers.windows.refused import LIKE_RULES, REFUSED

    yield from (Form(each.kind, each.recognises, each.refuse) for each in LIKE_RULES)
    yield Form(powershell.KIND, powershell.recognises, powershell.read)
    yield from (Form(each.kind, each.recognises, each.refuse) for each in REFUSED)


def form(source: Source) -> Form | None:
    """Find the reader of an input by what only its tool writes."""
    head = source.text[:_HEAD]
    return next((each for each in forms() if each.recognises(head)), None)


def read(source: Source) -> WindowsInput:
    """Read an input; UnsupportedInputError when it is no export of Windows Firewall, or cannot be read as
    one."""
    found = form(source)
    if found is None:
        raise UnsupportedInputError(Reason("{name}: no export of Windows Firewall that is known here; "
                                           "docs/export-windows-firewall.md says how to make one",
                                           name=source.name))
    read_ = found.read(source)
    quoting.limit(source)
    return read_


def read_all(sources: Sequence[Source]) -> list[WindowsInput]:
    """Read all inputs of one computer; UnsupportedInputError also where they contradict each other."""
    inputs = [read(each) for each in sources]
    computer.refuse(inputs)
    contradictions.refuse(inputs)
    return inputs
