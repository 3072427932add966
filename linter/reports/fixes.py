"""Verified permits as text to paste, with comments in the firewall's own way, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from linter.fix.verified import Fix, Snippet
from linter.reports import wording
from linter.reports.language import ENGLISH, Words
from linter.result import DemandResult, Verdict

SCHEMA = "aclproof/fix/v1"
_COMMENT = {"cisco-asa": "!", "iptables": "#", "windows": "#"}


def render(found: Fix, form: str, only: str | None = None, words: Words = ENGLISH) -> str:
    """Write all snippets in the order in which they have to be entered, or those of one firewall."""
    snippets = [each for each in found.snippets if only in (None, each.firewall)]
    if form == "json":
        return json.dumps(_json(found, snippets), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in _text(found, snippets, words))


def _text(found: Fix, snippets: list[Snippet], words: Words) -> Iterator[str]:
    for firewall in dict.fromkeys(each.firewall for each in snippets):
        mine = [each for each in snippets if each.firewall == firewall]
        mark = _COMMENT[mine[0].vendor]
        yield f"{mark} {words('{firewall}: in this order', firewall=wording.visible(firewall))}"
        for each in mine:
            opened = words("for {requirements}: {flow}", requirements=", ".join(each.requirements),
                           flow=wording.flow(each.opening.box, words=words))
            yield f"{mark} {opened}"
            yield from (wording.visible(words.sentence(line) if line.startswith("# ") else line)
                        for line in each.lines)
        yield ""
    for demand in found.fixed:
        yield f"# {_verified(demand, words)}"
    for unfixed in found.unfixed:
        wanted = unfixed.demand.requirement
        yield "# " + words("no verified fix for {requirement} {title}:", requirement=wanted.id,
                           title=words.of(wanted.title))
        yield from (f"#   {wording.visible(words.sentence(reason))}" for reason in unfixed.because)
    if not (found.fixed or found.unfixed):
        yield f"# {words('nothing is missing')}"


def _verified(demand: DemandResult, words: Words) -> str:
    if demand.verdict is Verdict.MET:
        return words("verified: {requirement} passes with these lines, nothing else is opened",
                     requirement=demand.requirement.id)
    return words("verified: {requirement} passes with these lines, nothing else is opened; the rest of it is "
                 "undecided", requirement=demand.requirement.id)


def _json(found: Fix, snippets: list[Snippet]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "snippets": [{"firewall": each.firewall, "vendor": each.vendor, "lines": list(each.lines),
                      "requirements": list(each.requirements), "opens": wording.flow(each.opening.box)}
                     for each in snippets],
        "verified": [{"requirement": each.requirement.id, "verdict": each.verdict.value}
                     for each in found.fixed],
        "unfixed": [{"requirement": each.demand.requirement.id, "because": list(each.because)}
                    for each in found.unfixed]}
