"""What configurations leave to something outside of them: facts to confirm, as comments of a site file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aclproof.linter.draft.wording import Wording
from aclproof.linter.harmless import yaml_text
from aclproof.linter.questions import FILL_IN
from aclproof.linter.site.fact_keys import told_apart
from aclproof.parsers.model.conditions import Condition, IsItself, Membership, Opaque, TimeRange
from aclproof.parsers.model.fact_kinds import answers_of, word
from aclproof.parsers.model.firewall import Firewall
from aclproof.reason import Reason

_MOST = 12


def lines(firewalls: Mapping[str, Firewall], words: Wording) -> Iterator[str]:
    """Write the facts that the configurations ask for: first what is usually so, then what people know."""
    say = words.sentence
    asked = _asked(told_apart(firewalls).values())
    usual = [each for each in asked.values() if isinstance(each, Opaque)]
    others = [each for each in asked.values() if not isinstance(each, Opaque)]
    if not asked:
        yield say(Reason("# What a configuration leaves undecided; 'aclproof check' names it, as in:"))
        yield "# facts:"
        yield f'#   "time-range NAME": {FILL_IN}'
        return
    yield say(Reason("# What the configurations cannot show: confirm each, and take its '#' away."))
    yield "# facts:"
    for condition in (*usual, *others)[:_MOST]:
        yield f"#   {yaml_text(condition.key)}: {_answer(condition)}     # {_question(condition, words)}"
    if len(asked) > _MOST:
        yield "#   " + say(Reason("and {number} more, which 'aclproof check' names where they matter",
                                  number=len(asked) - _MOST))


def _asked(firewalls: Iterable[Firewall]) -> dict[str, Condition]:
    """The questions that a fact answers and that a site file can settle beforehand, each key once."""
    found: dict[str, Condition] = {}
    for firewall in firewalls:
        for _, condition in firewall.conditions():
            if condition.key and condition.key not in found and _can_be_told(condition):
                found[condition.key] = condition
    return found


def _can_be_told(condition: Condition) -> bool:
    if isinstance(condition, Opaque):
        return condition.usual is not None
    return isinstance(condition, TimeRange | Membership | IsItself)


def _answer(condition: Condition) -> str:
    """The usual answer, or a word that no site file takes."""
    if isinstance(condition, Opaque):
        return word(answers_of(condition), bool(condition.usual))
    return FILL_IN if isinstance(condition, TimeRange) else f"[{FILL_IN}]"


def _question(condition: Condition, words: Wording) -> str:
    """What is asked, what may be answered, and what shows the answer."""
    match condition:
        case Opaque(usual=usual):
            other = Reason("usual; otherwise '{answer}'", answer=word(answers_of(condition), not usual))
        case TimeRange():
            other = Reason("'active' or 'inactive', as seen at the time of the installation")
        case _:
            other = Reason("the addresses, such as [10.1.1.1, 10.2.0.0/16]")
    asked = Reason("{question} ({answers})", question=condition.because, answers=other)
    shown = condition.find_out if isinstance(condition, Opaque) else ""
    return words.sentence(Reason("{question}; shown by: {command}", question=asked, command=shown)
                          if shown else asked)
