"""What narrows lines that open more than is needed: as text to paste, and as JSON (`aclproof/narrow/v1`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aclproof.linter import harmless
from aclproof.linter.audit.narrowing import Narrowing
from aclproof.linter.audit.rewriting import Rewriting
from aclproof.linter.audit.surplus import Surplus, observed
from aclproof.linter.program import Analysis
from aclproof.linter.reports.fix.text import comment, without_ending
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing.observed import CAUTION, detail
from aclproof.linter.reports.writing.pack_data import own_pack
from aclproof.linter.reports.writing.wording import flow
from aclproof.linter.result import Verdict
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.vendor import door

SCHEMA = "aclproof/narrow/v1"


def render(found: Sequence[Narrowing], site: Analysis, form: str, only: str | None = None,
           words: Words = ENGLISH) -> str:
    """Write the commands for all firewalls, or for one of them."""
    shown = [each for each in found if only in (None, each.firewall)]
    if form == "json":
        return harmless.as_json({"schema": SCHEMA, **own_pack(site.pack),
                                 "firewalls": [_json(each, site) for each in shown]})
    return "".join(f"{line}\n" for line in _Text(site, words).lines(shown, only))


class _Text:
    """Every line is one to enter or a comment, so that the whole can be pasted."""

    def __init__(self, site: Analysis, words: Words) -> None:
        self._site, self._words, self._mark = site, words, "#"

    def lines(self, found: Sequence[Narrowing], only: str | None) -> Iterator[str]:
        words = self._words
        if not found:
            yield from self._comment(words("{firewall}: no line opens more than is needed", firewall=only)
                                     if only else words("no line opens more than is needed"))
            return
        missing = sum(each.verdict is Verdict.MISSING for each in self._site.results)
        for number, each in enumerate(found):
            self._mark = door(self._site.firewalls[each.firewall].vendor).traits.comment_sign
            if missing and not number:
                yield from self._comment(words.count(
                    "{n} requirement is missing: what passes is kept, and nothing else is opened ('aclproof "
                    "fix' without --narrow opens it; do that first)",
                    "{n} requirements are missing: what passes is kept, and nothing else is opened "
                    "('aclproof fix' without --narrow opens them; do that first)", missing))
                yield ""
            yield from self._firewall(each)
            yield ""
        if any(each.together.commands for each in found):
            yield from self._comment(words(CAUTION))

    def _firewall(self, found: Narrowing) -> Iterator[str]:
        words, together = self._words, found.together
        yield from self._comment(words.count(
            "{firewall}: {n} line permits what requirements need, and more",
            "{firewall}: {n} lines permit what requirements need, and more", len(found.lines),
            firewall=found.firewall))
        known = {surplus.line for each in found.lines for surplus in each.surplus}
        for each in found.lines:
            yield from self._line(found.firewall, each.surplus[0], each.refused)
        for surplus in together.surplus:
            if surplus.line not in known:
                yield from self._line(found.firewall, surplus, "")
                yield from self._comment(
                    f"  {words('once the others are gone, it would pass what they passed')}")
        if together.commands:
            yield from self._commands(together)
        elif together.refused and len(together.surplus) > 1:
            yield from self._comment(words("no commands: {why}", why=words.sentence(together.refused)))

    def _line(self, firewall: str, surplus: Surplus, refused: str) -> Iterator[str]:
        """A line as it stands, what it opens, and why nothing is written for it."""
        words, named = self._words, observed(firewall, self._site.firewalls[firewall], surplus)
        yield harmless.visible(f"{self._mark} {named.span}: {named.span.text.strip()}")
        yield from self._comment(f"  {detail(named, words)}")
        if refused:
            yield from self._comment(f"  {words('no commands: {why}', why=words.sentence(refused))}")

    def _commands(self, found: Rewriting) -> Iterator[str]:
        words = self._words
        yield from self._comment(words("enter in this order: permits first, so that nothing is interrupted"))
        for number, snippet in enumerate(found.snippets):
            yield from self._comment(words("for {requirements}",
                                           requirements=", ".join(snippet.requirements)))
            for box in snippet.opens:
                yield from self._comment(f"  {flow(box, words=words)}")
            later = [each.lines for each in found.snippets[number + 1:]]
            yield from (harmless.visible(words.sentence(line) if line.startswith("# ") else line)
                        for line in without_ending(snippet.lines, later))
        yield from self._comment(words("take the lines away:"))
        yield from map(harmless.visible, found.removals)
        notes = dict.fromkeys((*(text for each in found.snippets for text in each.advice), *found.advice))
        for text in notes:
            yield from self._comment(words("note: {text}", text=words.sentence(text)))
        yield from self._comment(words(
            "verified: carried out on a copy; every requirement of the site is as before, and no packet "
            "passes that did not"))

    def _comment(self, text: str) -> Iterator[str]:
        return comment(self._mark, text)


def _json(found: Narrowing, site: Analysis) -> dict[str, object]:
    firewall = site.firewalls[found.firewall]
    return {"firewall": found.firewall, "vendor": firewall.vendor,
            "lines": [_line(firewall, each.surplus[0], each.refused) for each in found.lines],
            "together": _rewriting(firewall, found.together)}


def _line(firewall: Firewall, surplus: Surplus, refused: str = "") -> dict[str, object]:
    span = firewall.quote(surplus.line)
    return {"file": span.file, "line": span.first_line, "text": span.text,
            "needed": sum(box.size for box in surplus.needed), "surplus": surplus.packets,
            "opened": surplus.opened, **({"refused": refused} if refused else {})}


def _rewriting(firewall: Firewall, found: Rewriting) -> dict[str, object]:
    """The lines that go, and the commands in their order; or why there are none."""
    return {"replaces": [_line(firewall, each) for each in found.surplus],
            **({"refused": found.refused} if found.refused else {
                "permits": [{"lines": list(each.lines), "requirements": list(each.requirements),
                             "opens": "; ".join(map(flow, each.opens))} for each in found.snippets],
                "removals": list(found.removals), "remarks": list(found.advice)})}
