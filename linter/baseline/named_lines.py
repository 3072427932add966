"""The lines that the checks of an audit name, as a baseline remembers them.

Like a gap, a line that a check names is not known by its number: its check, its firewall and its text count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aclproof.linter.engine.canonical import canonical, within
from aclproof.linter.gap import KNOWN, Seen, State
from aclproof.linter.observation import Audit
from aclproof.linter.verdict.fingerprint import lines_of, settled


def seen_by(audit: Audit) -> tuple[Seen, ...]:
    """Return what an audit names, sorted."""
    return tuple(sorted(_seen(audit), key=lambda each: each.key))


def compare(audit: Audit, known: Sequence[Seen]) -> Audit:
    """Say of every line that is named whether a baseline has it."""
    before = {each.key: each for each in known}
    found = zip(audit.found, _seen(audit), strict=True)
    return replace(audit, found=tuple(replace(each, baseline=_state(seen, before.get(seen.key)))
                                      for each, seen in found))


def gone(audit: Audit, known: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return what a baseline has of the checks that were made, and they name no more."""
    now = {each.key for each in _seen(audit)}
    not_told = {(firewall, settled(span.text)) for firewall, span in audit.not_told}
    return tuple(each for each in known if each.check in audit.checks and each.key not in now
                 and each.key[1:3] not in not_told)


def shrunk(audit: Audit, known: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return what is left of these lines, of the checks that were made: the audit was compared with them."""
    left_out = {each.key for each in gone(audit, known)}
    now = {seen.key: seen for each, seen in zip(audit.found, _seen(audit), strict=True)
           if each.baseline in KNOWN}
    return tuple(now.get(each.key, each) for each in known
                 if each.check in audit.checks and each.key not in left_out)


def _seen(audit: Audit) -> Iterator[Seen]:
    for key, each in zip(lines_of(audit.found), audit.found, strict=True):
        yield Seen(key, canonical(each.surplus), bool(each.perhaps))


def _state(now: Seen, before: Seen | None) -> State:
    """What only may have been so, and surely is, has grown: as a gap does that was undecided."""
    if before is None:
        return "new"
    if now == before:
        return "unchanged"
    sure = before.perhaps and not now.perhaps
    return "shrunk" if within(now.surplus, before.surplus) and not sure else "grown"
