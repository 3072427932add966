"""Verified permits as text to paste, with comments in the firewall's own way, and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from aclproof.linter import harmless
from aclproof.linter.fix.opening import Snippet
from aclproof.linter.fix.search import Fix
from aclproof.linter.reports.language.language import ENGLISH, Words
from aclproof.linter.reports.writing import wording
from aclproof.linter.reports.writing.pack_data import own_pack, pack_field
from aclproof.linter.result import DemandResult, Verdict
from aclproof.parsers.vendor import door

SCHEMA = "aclproof/fix/v1"
_WIDTH = 80


def render(found: Fix, form: str, only: str | None = None, words: Words = ENGLISH) -> str:
    """Write all snippets in the order in which they have to be entered, or those of one firewall."""
    snippets = [each for each in found.snippets if only in (None, each.firewall)]
    if form == "json":
        return harmless.as_json(_json(found, snippets))
    return "".join(f"{line}\n" for line in _text(found, snippets, only, words))


def _text(found: Fix, snippets: Sequence[Snippet], only: str | None, words: Words) -> Iterator[str]:
    """Every line is one to enter or a comment, so that the whole can be pasted."""
    for firewall in dict.fromkeys(each.firewall for each in snippets):
        yield from _firewall(found, firewall, [each for each in snippets if each.firewall == firewall], words)
        yield ""
    marks = {door(each.vendor).traits.comment_sign for each in snippets}
    mark = marks.pop() if len(marks) == 1 else "#"
    if text := wording.pack_file(found.pack, words):
        yield from comment(mark, text)
    if only and found.snippets and not snippets:
        yield from comment(mark, words("{firewall}: nothing to enter", firewall=only))
    for unfixed in found.unfixed:
        wanted = unfixed.demand.requirement
        yield from comment(mark, words("no verified fix for {requirement} {title}:", requirement=wanted.id,
                                        title=words.of(wanted.title)))
        for reason in unfixed.because:
            yield from comment(mark, f"  {words.sentence(reason)}")
    yield from _undecided(found, mark, words)
    if not (found.fixed or found.unfixed or found.undecided):
        yield f"# {_nothing_to_enter(found, words)}"
    if found.warnings:
        yield from comment(mark, wording.left_out(found.warnings, words))
    if found.waived:
        yield from comment(mark, wording.left_out_as_waived(found.waived, words))


def _nothing_to_enter(found: Fix, words: Words) -> str:
    if found.warnings:
        return words("no method fails by what is missing")
    return words("nothing is missing but what is waived") if found.waived else words("nothing is missing")


def _undecided(found: Fix, mark: str, words: Words) -> Iterator[str]:
    """Say once for each question what is not known to be missing, and what would answer it."""
    if found.undecided and not (found.fixed or found.unfixed):
        yield from comment(mark, words("nothing is surely missing, and not everything is proven:"))
    for parts, demands in _by_questions(found.undecided).items():
        yield from comment(mark, words("undecided: {requirements}", requirements=", ".join(
            each.requirement.id for each in demands)))
        for because, facts, find_out in parts:
            yield from comment(mark, f"  {'; '.join(map(words.sentence, because))}")
            answers = [words('facts: {{"{key}": ...}} in the site file', key=key) for key in facts]
            answers += [words("shown by: {command}", command=words.sentence(each)) for each in find_out]
            yield from (f"{mark}   {harmless.visible(text)}" for text in answers)  # to be copied whole


_Questions = tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]
"""Why it is undecided, the facts that would settle it, and what shows the answers."""


def _by_questions(undecided: Sequence[DemandResult]) -> dict[_Questions, list[DemandResult]]:
    found: dict[_Questions, list[DemandResult]] = {}
    for demand in undecided:
        parts = dict.fromkeys((part.because, part.facts, part.find_out) for part in demand.undecided)
        found.setdefault(tuple(parts), []).append(demand)
    return found


def _firewall(found: Fix, firewall: str, snippets: Sequence[Snippet], words: Words) -> Iterator[str]:
    mark = door(snippets[0].vendor).traits.comment_sign
    noted: set[str] = set()
    yield from comment(mark, words("{firewall}: enter in this order", firewall=firewall))
    for number, snippet in enumerate(snippets):
        yield from comment(mark, words("for {requirements}", requirements=", ".join(snippet.requirements)))
        for box in snippet.opens:
            yield from comment(mark, f"  {wording.flow(box, words=words)}")
        for text in dict.fromkeys(snippet.advice):
            if text not in noted:
                yield from comment(mark, words("note: {text}", text=words.sentence(text)))
        noted.update(snippet.advice)
        later = [each.lines for each in snippets[number + 1:]]
        yield from (harmless.visible(words.sentence(line) if line.startswith("# ") else line)
                    for line in without_ending(snippet.lines, later))
    for text in _verified(found, firewall, words):
        yield from comment(mark, text)
    if found.answers:
        yield from comment(mark, words("proven with what the site file states: {facts}", facts=", ".join(
            f"{each.key} = {each.value}" for each in found.answers)))


def without_ending(lines: Sequence[str], later: Sequence[Sequence[str]]) -> Sequence[str]:
    """Leave comments with which later lines end as well to these: all is loaded anew once, at the end."""
    size = 0
    while size < len(lines) and lines[-size - 1].startswith("# ") and any(
            each[-size - 1:] == lines[-size - 1:] for each in later):
        size += 1
    return lines[:len(lines) - size]


def comment(mark: str, text: str) -> Iterator[str]:
    """Cut a comment into lines of our width; words stay whole, so that they can be copied."""
    indent = " " * (len(text) - len(text.lstrip()))
    yield from textwrap.wrap(harmless.visible(text.strip()), _WIDTH, initial_indent=f"{mark} {indent}",
                             subsequent_indent=f"{mark} {indent}  ", break_long_words=False,
                             break_on_hyphens=False)


def _verified(found: Fix, firewall: str, words: Words) -> Iterator[str]:
    """Write what was proven, of all requirements that take lines of this firewall."""
    proven: dict[tuple[tuple[str, ...], Verdict], list[str]] = {}
    for demand in found.fixed:
        places = tuple(dict.fromkeys(each.firewall for each in found.snippets
                                     if demand.requirement.id in each.requirements))
        if firewall in places:
            others = tuple(each for each in places if each != firewall)
            proven.setdefault((others, demand.verdict), []).append(demand.requirement.id)
    for (others, verdict), names in proven.items():
        lines = words("these lines and those for {firewalls}", firewalls=", ".join(others)) if others \
            else words("these lines")
        if any(each.opens_more for each in found.snippets if each.firewall in (firewall, *others)):
            yield words("verified with {lines}: {requirements} no longer stopped; what else is opened, the "
                        "notes say", lines=lines, requirements=", ".join(names))
        elif verdict is Verdict.MET:
            yield words("verified with {lines}: {requirements} met, and nothing is opened that they do not "
                        "need", lines=lines, requirements=", ".join(names))
        else:
            yield words("verified with {lines}: {requirements} no longer stopped, but still undecided, and "
                        "nothing is opened that they do not need", lines=lines, requirements=", ".join(names))


def _json(found: Fix, snippets: Sequence[Snippet]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        **own_pack(found.pack),
        "snippets": [_snippet(found, each) for each in snippets],
        "verified": [{"requirement": each.requirement.id,
                      **pack_field(found.pack, each.requirement.id), "verdict": each.verdict.value}
                     for each in found.fixed],
        "unfixed": [{"requirement": each.demand.requirement.id,
                     **pack_field(found.pack, each.demand.requirement.id), "because": list(each.because)}
                    for each in found.unfixed],
        "undecided": [each.requirement.id for each in found.undecided],
        "warnings": [each.requirement.id for each in found.warnings],
        **({"waived": {each.requirement.id: each.waiver.id for each in found.waived if each.waiver}}
           if found.waived else {}),
        "answers": {each.key: each.value for each in found.answers}}


def _snippet(found: Fix, snippet: Snippet) -> dict[str, object]:
    return {**pack_field(found.pack, snippet.requirements[0]), "firewall": snippet.firewall,
            "vendor": snippet.vendor, "lines": list(snippet.lines),
            "requirements": list(snippet.requirements),
            "opens": "; ".join(map(wording.flow, snippet.opens)), "permits": snippet.permits,
            "remarks": list(snippet.advice)}
