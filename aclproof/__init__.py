"""Proves whether firewall configurations permit every port that a Configuration Manager client needs.

From Python (docs/python-api.md):

    result = aclproof.check(aclproof.read_site("aclproof.yaml"))

Everything in `__all__` is public, and imported when it is first used: the command line starts without it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as typing has it, whose import takes longer than all that Ctrl-C has to wait for here
if TYPE_CHECKING:
    from aclproof.linter.program import check
    from aclproof.linter.reports import render
    from aclproof.linter.result import (
        DemandResult,
        Evidence,
        Line,
        MethodResult,
        MethodVerdict,
        Missing,
        Result,
        Undecided,
        Verdict,
    )
    from aclproof.linter.site.reader import read as read_site
    from aclproof.linter.site.site import Site
    from aclproof.parsers.source import UnsupportedInputError
    from aclproof.rules.strict_yaml import InputError

__all__ = [
    "DemandResult",
    "Evidence",
    "InputError",
    "Line",
    "MethodResult",
    "MethodVerdict",
    "Missing",
    "Result",
    "Site",
    "Undecided",
    "UnsupportedInputError",
    "Verdict",
    "check",
    "read_site",
    "render",
]
__version__ = "1.0.0rc1"
"""Of the distribution too: to ask for what is installed takes as long as to read a small configuration."""

_HERE = os.path.dirname(__file__)
if not os.path.isdir(os.path.join(_HERE, "linter")):  # a checkout: the rooms lie next to this folder
    __path__.append(os.path.dirname(_HERE))

_ELSEWHERE = {
    "InputError": ("rules.strict_yaml", "InputError"),
    "Site": ("linter.site.site", "Site"),
    "UnsupportedInputError": ("parsers.source", "UnsupportedInputError"),
    "check": ("linter.program", "check"),
    "read_site": ("linter.site.reader", "read"),
    "render": ("linter.reports", "render"),
}
"""Where a public name comes from; the others are results."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, own = _ELSEWHERE.get(name, ("linter.result", name))
    return getattr(import_module(f"{__name__}.{module}"), own)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
