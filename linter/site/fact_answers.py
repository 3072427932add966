"""What facts may say: which words answer which kind of question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from aclproof.linter.site.own_facts import FACT_KINDS
from aclproof.parsers.model.addresses import spell_all
from aclproof.parsers.model.conditions import Fact
from aclproof.parsers.model.fact_kinds import FactKind, word
from aclproof.parsers.vendor import doors
from aclproof.reason import Reason

_FEW_SIGNS = 4
_PLAIN = {"yes": True, "true": True, "no": False, "false": False}
_MET = {"met": True, "unmet": False}
_OTHERS = {"active": True, "present": True, "inactive": False, "none": False}
WORDS: Mapping[str, bool] = _PLAIN | _MET | _OTHERS
"""The words of a fact that is no list of addresses."""


def fact_kinds() -> Iterable[FactKind]:
    """Return the kinds of facts of all vendors, each once, and then those of none."""
    kinds = {kind.form: kind for _, each in doors() for kind in each.fact_kinds()}
    return (*kinds.values(), *FACT_KINDS)


def kind_of(key: str) -> FactKind | None:
    """Return the kind that a fact's key, or a form of keys, is of; None where there is none.

    A kind of which hardly a word is fixed is none: it fits anything.
    """
    kinds = _by_form()
    return kinds.get(key.lower()) or next((kind for kind in kinds.values() if kind.fits(key)
                                           and kind.fixed > _FEW_SIGNS), None)


@cache
def _by_form() -> Mapping[str, FactKind]:
    """By what people read, those first that say most of a key."""
    return {kind.shown.lower(): kind for kind in sorted(fact_kinds(), key=lambda kind: -kind.fixed)}


def answer(key: str, text: str) -> bool:
    """Read the word of a fact; ValueError with what it may be where it is none, or none for this fact.

    `present` and `none` would turn what `met` and `unmet` say into its contrary.
    """
    if text in _PLAIN:
        return _PLAIN[text]
    if text in WORDS:
        kind = kind_of(key)
        words = _MET if kind and kind.answers == "met-unmet" else _OTHERS
        if text in words:
            return words[text]
        if words is _MET:
            raise ValueError(Reason("'{text}' could mean either: write met (the rule holds for the packets) "
                                    "or unmet (it does not)", text=text))
    raise ValueError(Reason("expected yes, no, active, inactive, present, none or a list of addresses"))


def spelled(key: str, fact: Fact) -> str:
    """Write a fact as it is written in a site file."""
    if not isinstance(fact, bool):
        return ", ".join(spell_all(fact))
    kind = kind_of(key)
    return word(kind.answers if kind else "yes-no", fact)
