"""What each check of an audit says of a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from aclproof.linter.harmless import visible
from aclproof.linter.observation import Audit, CheckId, Observation, Rewrite, Severity
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.reports.writing.wording import few, first_flow, part_of_it
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.services import TCP, UDP

TITLES: Mapping[CheckId, str] = {
    "shadowed-rule": message("no packet reaches it, and not all that takes its packets before does the same"),
    "covered-rule": message("no packet reaches it: what takes its packets before does the same"),
    "redundant-rule": message("what comes after it does the same with its packets"),
    "any-any": message("it permits everything from everywhere to everywhere"),
    "only-any-any": message("it permits everything, and requirements are met by it alone"),
    "expired-rule": message("its time range has ended"),
    "surplus": message("it permits what requirements need, and more"),
    "reversed-permit": message("it permits what a requirement needs in the other direction"),
    "disabled-rule": message("it is not in force; in force it would permit what a requirement lacks"),
    "unbound-list": message("nothing uses the list"),
    "unused-object": message("no other line names it"),
    "undefined-object": message("it names what the input does not define"),
    "empty-object": message("it has no members"),
    "duplicate-object": message("another one stands for the same"),
    "no-hits": message("it has counted no packet while others of its list have"),
    "contradicting-remark": message("no rule that it is about does what it says"),
    "unlogged-deny": message("what it stops is not logged")}

WITHOUT_ORDER: Mapping[CheckId, str] = {
    **TITLES, "shadowed-rule": message("rules that block take all its packets"),
    "covered-rule": message("other rules do the same with all its packets"),
    "redundant-rule": message("other rules do the same with all its packets")}
"""The same where a rule that blocks wins, wherever it stands."""
CAUTION = message("Something else than the requirements of this site may need these lines, which aclproof "
                  "cannot know: what they count, and who asked for them, helps to tell. The commands are for "
                  "the configuration as it is; after any other change, such as a fix, they have to be found "
                  "anew.")
"""What is to be said where commands replace lines that open too much."""

RELATIONS: Mapping[CheckId, str] = {
    **dict.fromkeys(TITLES, message("because of")), "duplicate-object": message("the same as"),
    "contradicting-remark": message("see"), "unlogged-deny": message("see")}
"""What stands before the other lines of an observation."""
LEVELS: Mapping[Severity, str] = {"warning": message("warning"), "note": message("note")}

_MOST = 8
"""Lines and lists that are named as not told of."""
_MOST_IDS = 2
"""Requirements that are named at a line."""


class Group(Struct, frozen=True):
    """What a check names, under one heading."""

    check: CheckId
    level: Severity
    """The worst of them."""
    title: str
    """What is to be said of each of them, translated."""
    found: tuple[Observation, ...]
    own: bool
    """Whether something is to be said of a line besides: else it is in the title."""


def groups(audit: Audit, words: Words = ENGLISH) -> Iterator[Group]:
    """Yield what each check names; where rules are asked in no order the title is another one."""
    found: dict[tuple[CheckId, str], list[Observation]] = {}
    for each in audit.found:
        found.setdefault((each.check, title(each)), []).append(each)
    for (check, heading), alike in found.items():
        level: Severity = "warning" if any(each.severity == "warning" for each in alike) else "note"
        details = {detail(each, words) for each in alike}
        own = len(details) > 1 or len(alike) == 1
        said = words(heading), "" if own else details.pop()
        yield Group(check, level, "; ".join(filter(None, said)), tuple(alike), own)


def title(each: Observation) -> str:
    """Return what its check says of a line, in English."""
    return (TITLES if each.ordered else WITHOUT_ORDER)[each.check]


def detail(each: Observation, words: Words = ENGLISH) -> str:
    """Write what is to be said of a line itself; empty where the check says all."""
    said = words.sentence(each.text)
    if each.surplus:
        more = first_flow(sorted(each.surplus, key=_rank), words)
        said = words("needed by {requirements}: {needed}; besides ({share}): {more}",
                     requirements=few(each.requirements, _MOST_IDS, words),
                     needed=first_flow(each.needed, words),
                     share=part_of_it(each.size, each.opened, words), more=more)
    hits = "" if each.hits is None else words.count(
        "it has counted {n} packet", "it has counted {n} packets", each.hits)
    perhaps = words("perhaps; it depends on: {what}", what=each.perhaps) if each.perhaps else ""
    return "; ".join(filter(None, (said, hits, perhaps)))


def _rank(opened: Box) -> tuple[bool, int, int]:
    """What somebody wants to know first of what a line opens besides: TCP, then UDP, the largest part."""
    return opened.protocol not in (TCP, UDP), opened.protocol, -opened.size


def replacing(found: Rewrite, words: Words = ENGLISH) -> str:
    """Write what replaces lines, or why nothing does, as the beginning of a list of commands."""
    if found.refused:
        return words("no commands: {why}", why=words.sentence(found.refused))
    return words("to narrow it, in this order; verified:") if len(found.spans) == 1 else words(
        "to narrow lines {lines} of {firewall} at once, in this order; verified:", firewall=found.firewall,
        lines=", ".join(str(each.first_line) for each in found.spans))


def commands(found: Rewrite, words: Words = ENGLISH) -> list[str]:
    """Return the commands as they are entered, with their comments in this language."""
    return [words.sentence(each) if each.startswith("# ") else each for each in found.commands]


def instead(each: Observation) -> str:
    """Write what replaces a line on one line, in English; empty where nothing is to be said."""
    if not each.rewrite:
        return ""
    return replacing(each.rewrite) if each.rewrite.refused else " / ".join(each.rewrite.commands)


def sentence(each: Observation, *, because: bool = True) -> str:
    """Describe a line that is named in English, for programs that show one text.

    `because` adds the lines that are the reason.
    """
    others = few(list(map(str, each.others))) if because else ""
    relation = RELATIONS[each.check].capitalize()
    parts = [f"{each.firewall}: {title(each)}: {each.span.text.strip()}", detail(each),
             f"{relation} {others}" if others else "",
             f"Verified, to narrow it: {instead(each)}" if each.rewrite and each.rewrite.commands else ""]
    return visible(f"{'. '.join(filter(None, parts))}.")


def counted(audit: Audit, words: Words = ENGLISH) -> str:
    """Write how often lines are named, at which level, and what that decides."""
    warnings = sum(each.severity == "warning" for each in audit.found)
    notes = len(audit.found) - warnings
    named = ", ".join((
        *([words.count("{n} warning", "{n} warnings", warnings)] if warnings else ()),
        *([words.count("{n} note", "{n} notes", notes)] if notes else ())))
    parts = [words.count("{named} on {n} line", "{named} on {n} lines", len(
        {(each.firewall, each.span) for each in audit.found}), named=named) if named
        else words("no line is named")]
    if known := sum(each.known for each in audit.found):
        parts.append(words("{n} of them known from the baseline", n=known))
    if audit.fail_on:
        parts.append(words.count("{n} of them fails the run (--fail-on {level})",
                                 "{n} of them fail the run (--fail-on {level})", len(audit.failing),
                                 level=audit.fail_on))
    elif audit.found:
        parts.append(words("no verdict depends on that"))
    return ", ".join(parts)


def left_open(audit: Audit, words: Words = ENGLISH, most: int | None = _MOST) -> Iterator[str]:
    """Yield what the checks do not tell, and why: lines, and whole lists of each firewall."""
    lists: dict[tuple[str, str], list[str]] = {}
    for each in audit.left_out:
        lists.setdefault((each.firewall, each.why), []).append(each.name)
    most = len(audit.not_told) + len(audit.left_out) if most is None else most
    if audit.not_told:
        yield words.count("not told of {n} line, as it would take too long: {lines}",
                          "not told of {n} lines, as it would take too long: {lines}", len(audit.not_told),
                          lines=few([str(span) for _, span in audit.not_told], most, words))
    for (firewall, why), names in lists.items():
        yield words("not looked at for lines that do nothing, on {firewall}: {lists}: {why}",
                    firewall=firewall, lists=few(names, most, words), why=words.sentence(why))
