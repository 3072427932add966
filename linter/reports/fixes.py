"""Verified permits as text to paste, with comments in the firewall's own way, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence

from linter.fix.verified import Fix, Snippet
from linter.reports import wording
from linter.result import DemandResult, Verdict

SCHEMA = "aclproof/fix/v1"
_COMMENT = {"cisco-asa": "!", "iptables": "#", "windows": "#"}
_WIDTH = 80


def render(found: Fix, form: str, only: str | None = None) -> str:
    """Write all snippets in the order in which they have to be entered, or those of one firewall."""
    snippets = [each for each in found.snippets if only in (None, each.firewall)]
    if form == "json":
        return json.dumps(_json(found, snippets), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in _text(found, snippets, only))


def _text(found: Fix, snippets: Sequence[Snippet], only: str | None) -> Iterator[str]:
    """Every line is one to enter, or a comment where it stands: the whole can be pasted."""
    for firewall in dict.fromkeys(each.firewall for each in snippets):
        mine = [each for each in snippets if each.firewall == firewall]
        mark = _COMMENT[mine[0].vendor]
        yield from _comment(mark, f"{firewall}: enter in this order")
        for each in mine:
            yield from _comment(mark, f"for {', '.join(each.requirements)}")
            for box in each.opens:
                yield from _comment(mark, f"  {wording.flow(box)}")
            for remark in each.remarks:
                yield from _comment(mark, f"note: {remark}")
            yield from map(wording.visible, each.lines)
        yield from (line for text in _verified(found, firewall) for line in _comment(mark, text))
        yield ""
    marks = {_COMMENT[each.vendor] for each in snippets}
    mark = marks.pop() if len(marks) == 1 else "#"
    if only and found.snippets and not snippets:
        yield from _comment(mark, f"{only}: nothing to enter")
    for unfixed in found.unfixed:
        requirement = unfixed.demand.requirement
        yield from _comment(mark, f"no verified fix for {requirement.id} {requirement.title.en}:")
        for reason in unfixed.because:
            yield from _comment(mark, f"  {reason}")
    if not (found.fixed or found.unfixed):
        yield "# nothing is missing"


def _comment(mark: str, text: str) -> Iterator[str]:
    """Cut a comment into lines of our width; words stay whole, so that they can be copied."""
    indent = " " * (len(text) - len(text.lstrip()))
    yield from textwrap.wrap(wording.visible(text.strip()), _WIDTH, initial_indent=f"{mark} {indent}",
                             subsequent_indent=f"{mark} {indent}  ", break_long_words=False,
                             break_on_hyphens=False)


def _verified(found: Fix, firewall: str) -> Iterator[str]:
    """Say what was proven, of all requirements that take lines of this firewall."""
    said: dict[tuple[tuple[str, ...], Verdict], list[DemandResult]] = {}
    for demand in found.fixed:
        places = tuple(dict.fromkeys(each.firewall for each in found.snippets
                                     if demand.requirement.id in each.requirements))
        if firewall in places:
            others = tuple(each for each in places if each != firewall)
            said.setdefault((others, demand.verdict), []).append(demand)
    for (others, verdict), demands in said.items():
        names = ", ".join(each.requirement.id for each in demands)
        be = "is" if len(demands) == 1 else "are"
        these = f"these lines and those for {' and '.join(others)}" if others else "these lines"
        state = f"{be} met" if verdict is Verdict.MET else (
            f"{be} no longer stopped anywhere, but stay{'s' if be == 'is' else ''} undecided")
        yield f"verified: with {these} {names} {state}, and nothing else is opened"


def _json(found: Fix, snippets: Sequence[Snippet]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "snippets": [{"firewall": each.firewall, "vendor": each.vendor, "lines": list(each.lines),
                      "requirements": list(each.requirements),
                      "opens": "; ".join(map(wording.flow, each.opens)), "permits": each.permits,
                      "remarks": list(each.remarks)} for each in snippets],
        "verified": [{"requirement": each.requirement.id, "verdict": each.verdict.value}
                     for each in found.fixed],
        "unfixed": [{"requirement": each.demand.requirement.id, "because": list(each.because)}
                    for each in found.unfixed]}
