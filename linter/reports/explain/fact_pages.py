"""The page of a fact: what it asks, what may be answered, and what shows the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aclproof.linter.harmless import yaml_text
from aclproof.linter.reports.explain.rows import bullets, page_rows
from aclproof.linter.reports.language.language import Words, message
from aclproof.parsers.model.conditions import Condition, Opaque
from aclproof.parsers.model.fact_kinds import Answers, FactKind, answers_of, word
from aclproof.parsers.model.firewall import Firewall

_ANSWERS: Mapping[Answers, str] = {"yes-no": message("yes or no (present or none)"),
                                   "active-inactive": message("active or inactive"),
                                   "met-unmet": message(
                                       "met (the rule holds for them) or unmet (it does not)"),
                                   "addresses": message("addresses, such as [10.1.1.1, 10.2.0.0/16]"),
                                   "either": message("addresses, such as [10.1.1.1, 10.2.0.0/16]; yes or no "
                                                     "where it is about ports as well")}
_EXAMPLES: Mapping[Answers, str] = {"yes-no": "yes", "active-inactive": "active", "met-unmet": "met",
                                    "addresses": "[10.1.1.1]", "either": "[10.1.1.1]"}
_MOST_LINES = 10


def of_kind(kind: FactKind, key: str, words: Words, width: int) -> str:
    """Write what is known of a key by its kind."""
    usual = "" if kind.usual is None else words(word(kind.answers, kind.usual))
    rows = {words("Asks"): words.sentence(kind.question), words("Answers"): words(_ANSWERS[kind.answers]),
            words("Usually"): usual, words("Shown by"): words.command(kind.find_out)}
    return f"{key}\n\n{page_rows(rows, width)}{_example(key, kind.answers, kind.usual, words)}"


def of_configurations(key: str, asked: Sequence[tuple[Firewall, int, Condition]], kind: FactKind | None,
                      words: Words, width: int) -> str:
    """Write what configurations ask by a key, and the lines that depend on it."""
    condition = asked[0][2]
    answers = answers_of(condition)
    usual = condition.usual if isinstance(condition, Opaque) else None
    shown = condition.find_out if isinstance(condition, Opaque) else ""
    find_out = shown or (kind.find_out if kind else "")
    rows = {words("Asks"): words.sentence(condition.because), words("Answers"): words(_ANSWERS[answers]),
            words("Usually"): "" if usual is None else words(word(answers, usual)),
            words("Shown by"): words.command(find_out)}
    spans = [firewall.quote(line) for firewall, line, _ in asked if line]
    lines = list(dict.fromkeys(f"{span}  {span.text}" for span in spans))
    more = len(lines) - _MOST_LINES
    told = f"\n{words('Lines that depend on it:')}\n{bullets(lines[:_MOST_LINES])}" if lines else ""
    rest = bullets([words("and {number} more", number=more)]) if more > 0 else ""
    return f"{key}\n\n{page_rows(rows, width)}{told}{rest}{_example(key, answers, usual, words)}"


def _example(key: str, answers: Answers, usual: bool | None, words: Words) -> str:
    value = word(answers, False) if usual is False else _EXAMPLES[answers]
    heading = words("In the site file, or as --fact on the command line:")
    return f"\n{heading}\n  facts:\n    {yaml_text(key)}: {value}\n"
