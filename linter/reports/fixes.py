"""Verified permits as text to paste, with comments in the firewall's own way, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from linter.fix.verified import Fix, Snippet
from linter.reports import wording
from linter.result import Verdict

SCHEMA = "aclproof/fix/v1"
_COMMENT = {"cisco-asa": "!", "iptables": "#", "windows": "#"}


def render(found: Fix, form: str, only: str | None = None) -> str:
    """Write all snippets in the order in which they have to be entered, or those of one firewall."""
    snippets = [each for each in found.snippets if only in (None, each.firewall)]
    if form == "json":
        return json.dumps(_json(found, snippets), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in _text(found, snippets))


def _text(found: Fix, snippets: list[Snippet]) -> Iterator[str]:
    for firewall in dict.fromkeys(each.firewall for each in snippets):
        mine = [each for each in snippets if each.firewall == firewall]
        mark = _COMMENT[mine[0].vendor]
        yield f"{mark} {wording.visible(firewall)}: in this order"
        for each in mine:
            yield f"{mark} for {', '.join(each.requirements)}: {wording.flow(each.opening.box)}"
            yield from (wording.visible(line) for line in each.lines)
        yield ""
    for demand in found.fixed:
        rest = "" if demand.verdict is Verdict.MET else f"; the rest of it is {demand.verdict.value}"
        yield f"# verified: {demand.requirement.id} passes with these lines, nothing else is opened{rest}"
    for unfixed in found.unfixed:
        yield f"# no verified fix for {unfixed.demand.requirement.id} {unfixed.demand.requirement.title.en}:"
        yield from (f"#   {wording.visible(reason)}" for reason in unfixed.because)
    if not (found.fixed or found.unfixed):
        yield "# nothing is missing"


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
