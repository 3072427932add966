"""What verdicts rest on besides the rules, and what would follow of what is undecided: English sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from aclproof.linter.basis import Assumption
from aclproof.linter.harmless import visible
from aclproof.linter.reports.writing.alike import by_question
from aclproof.linter.reports.writing.conditions import follows
from aclproof.linter.reports.writing.judged_again import agreed, disputed
from aclproof.linter.reports.writing.wording import few, pack_file
from aclproof.linter.result import MethodVerdict, Result, Verdict

Ground = Literal["pack", "stated", "relied-on", "condition", "self-check"]
TITLES: Mapping[Ground, str] = {
    "pack": "Requirement pack", "stated": "Stated as fact", "relied-on": "Relied on",
    "condition": "What would follow", "self-check": "Second judge"}
_FEW = 3
"""So many questions that are alike are still written one by one."""


def grounds(result: Result) -> Iterator[tuple[Ground, str]]:
    """Yield all of them, by kind."""
    yield from (("pack", text) for text in own_pack(result))
    yield from (("stated", text) for text in stated(result))
    yield from (("relied-on", text) for text in relied_on(result))
    for demand in result.demands:
        for caveat in demand.caveats if demand.verdict is Verdict.MET else ():
            yield "relied-on", visible(f"{demand.requirement.id} is met, but: {caveat}.")
    yield from (("condition", text) for text in conditions(result).values())
    yield from (("self-check", text) for text in judged_again(result))


def own_pack(result: Result) -> list[str]:
    """The file of a pack that is not part of the product."""
    text = pack_file(result.pack)
    return [visible(text)] if text else []


def judged_again(result: Result) -> list[str]:
    """How many packets a second judge was asked about, and on which it disagrees."""
    return [visible(f"{text}.") for text in (agreed(result), *disputed(result)) if text]


def stated(result: Result) -> list[str]:
    """The facts of the site file that a verdict rests on."""
    return [visible(f"Stated as fact: {each.key} = {each.value}.")
            for each in result.assumptions if each.origin == "fact"]


def relied_on(result: Result) -> list[str]:
    """The usual answers that were relied on; many that are the same but for their names are one sentence."""
    relied = [each for each in result.assumptions if each.origin == "relied-on"]
    groups = by_question(relied, lambda each: each.question, lambda each: each.value)
    return [text for group in groups
            for text in ([_relied(*group)] if len(group) > _FEW else [_relied(each) for each in group])]


def conditions(result: Result) -> dict[str, str]:
    """What would follow of the undecided methods, by id, and of which answers; nothing of it is proven."""
    return {each.id: visible(f"{each.title} is undecided: {follows(each.conditional)}.")
            for each in result.methods if each.conditional and each.verdict is MethodVerdict.UNDECIDED}


def _relied(first: Assumption, *others: Assumption) -> str:
    same = f" The same of {few([each.key for each in others])}." if others else ""
    shown = f" Shown by: {first.find_out}." if first.find_out else ""
    return visible(f"Relied on: {first.key} = {first.value}: {first.question}.{same}{shown}")
