"""What each check of an audit says of a line."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.observation import CheckId, Observation, Rewrite
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.reports.writing.wording import first_flow, part_of_it

TITLES: Mapping[CheckId, str] = {
    "shadowed-rule": message("no packet reaches it, and not all that takes its packets before does the same"),
    "covered-rule": message("no packet reaches it: what takes its packets before does the same"),
    "redundant-rule": message("what comes after it does the same with its packets"),
    "any-any": message("it permits everything from everywhere to everywhere"),
    "only-any-any": message("it permits everything, and requirements are met by it alone"),
    "expired-rule": message("its time range has ended"),
    "surplus": message("it permits what requirements need, and more"),
    "reversed-permit": message("it permits what a requirement needs in the other direction"),
    "disabled-rule": message("it is not in force, and with it less would be missing"),
    "unbound-list": message("nothing uses the list"),
    "unused-object": message("no other line names it"),
    "no-hits": message("it has counted no packet since the counters were cleared, while others have")}
CAUTION = message("Something else than the requirements of this site may need these lines, which aclproof "
                  "cannot know: what they count, and who asked for them, helps to tell. The commands are for "
                  "the configuration as it is; after any other change, such as a fix, they have to be found "
                  "anew.")
"""What is to be said where commands replace lines that open too much."""


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
    """Write what replaces a line as one sentence, in English; empty where nothing is to be said."""
    if not each.rewrite:
        return ""
    return replacing(each.rewrite) if each.rewrite.refused else " / ".join(each.rewrite.commands)


def detail(each: Observation, words: Words = ENGLISH) -> str:
    """Write what is to be said of a line itself; empty where the check says all."""
    said = words.sentence(each.text)
    if each.surplus:
        said = words("needed: {needed}; besides ({share}): {more}", needed=first_flow(each.needed, words),
                     share=part_of_it(each.size, each.opened, words), more=first_flow(each.surplus, words))
    counted = "" if each.hits is None else words.count(
        "it has counted {n} packet", "it has counted {n} packets", each.hits)
    perhaps = words("perhaps; it depends on: {what}", what=each.perhaps) if each.perhaps else ""
    return "; ".join(filter(None, (said, counted, perhaps)))
