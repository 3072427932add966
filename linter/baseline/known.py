"""What a baseline knows of one site, held against a finished result, and what it is to know after that."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from aclproof.linter.baseline import comparing
from aclproof.linter.baseline.gaps import gaps_of
from aclproof.linter.gap import Known
from aclproof.linter.result import Result


def compare(result: Result, known: Known, file: str) -> Result:
    """Say what of a result a baseline knows, and what of it is there no more.

    `file` is the baseline.
    """
    compared = comparing.compare(result, known.gaps, file)
    if result.audit is None or compared.baseline is None:
        return compared
    from aclproof.linter.baseline import named_lines

    return replace(compared, audit=named_lines.compare(result.audit, known.seen), baseline=replace(
        compared.baseline, gone=named_lines.gone(result.audit, known.seen)))


def after(result: Result, known: Known | None = None) -> Known:
    """Return what a baseline is to have of a result: all of it, or of what it was compared with what is left.

    Lines are those of the checks that were made.
    """
    gaps = gaps_of(result) if known is None else comparing.shrunk(known.gaps, result)
    if result.audit is None:
        return Known(gaps)
    from aclproof.linter.baseline import named_lines

    return Known(gaps, named_lines.seen_by(result.audit) if known is None else
                 named_lines.shrunk(result.audit, known.seen))


def with_others(now: Known, before: Known | None, checks: Collection[str]) -> Known:
    """Return what is known now, with the lines that a baseline had of checks that were not made."""
    others = tuple(each for each in before.seen if each.check not in checks) if before else ()
    return Known(now.gaps, (*now.seen, *others))
