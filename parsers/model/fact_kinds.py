"""Kinds of facts: what may be asked about configurations of a vendor, before one is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from aclproof.parsers.model.conditions import Condition, IsItself, Membership, Opaque, TimeRange
from aclproof.reason import Reason

Answers = Literal["yes-no", "active-inactive", "met-unmet", "addresses", "either"]
"""What a fact may say: its two words, which addresses are meant, or yes and no where it is about more."""
_WORDS: Mapping[Answers, tuple[str, str]] = {
    "active-inactive": ("inactive", "active"), "met-unmet": ("unmet", "met")}


def word(answers: Answers, value: bool) -> str:
    """Write one of the two answers as a fact is written."""
    return _WORDS.get(answers, ("no", "yes"))[value]


class FactKind(Struct, frozen=True):
    """A question that many configurations raise."""

    form: str
    """Of its key, with `{name}` for what a configuration says."""
    question: Reason
    """With names in capitals for the same."""
    usual: bool | None = None
    find_out: str = ""
    """The command or the place that shows the answer; empty where none is known."""
    answers: Answers = "yes-no"

    @property
    def shown(self) -> str:
        """The form as people read it: `time-range NAME`."""
        return _NAME.sub(lambda found: found[1].upper(), self.form)

    @property
    def fixed(self) -> int:
        """How many letters of a key it says."""
        return len(_NAME.sub("", self.form).strip())

    def fits(self, key: str) -> bool:
        """Return whether a key is of this kind, at some firewall; its form is as well."""
        return is_of(self.form, key)


_NAME = re.compile(r"\{(\w+)\}")


def is_of(form: str, key: str) -> bool:
    """Return whether a key is of a form, at some firewall."""
    return bool(_pattern(form).fullmatch(key))


@lru_cache(maxsize=1024)
def _pattern(form: str) -> re.Pattern[str]:
    parts = "".join(".+" if _NAME.fullmatch(part) else re.escape(part)
                    for part in re.split(r"(\{\w+\})", form))
    return re.compile(f"{parts}( at .+)?", re.DOTALL | re.IGNORECASE)


def answers_of(condition: Condition) -> Answers:
    """Return what a fact may say of a condition."""
    match condition:
        case TimeRange():
            return "active-inactive"
        case Membership() | IsItself():
            return "addresses"
        case Opaque(met_or_not=True):
            return "met-unmet"
        case _:
            return "yes-no"
