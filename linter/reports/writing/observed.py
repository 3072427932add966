"""What each check of an audit says of a line."""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.linter.observation import CheckId, Observation
from aclproof.linter.reports.language.language import ENGLISH, Words, message
from aclproof.linter.reports.writing.wording import first_flow

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


def detail(each: Observation, words: Words = ENGLISH) -> str:
    """Write what is to be said of a line itself; empty where the check says all."""
    said = words.sentence(each.text)
    if each.surplus:
        said = words("needed: {needed}; besides: {more}", needed=first_flow(each.needed, words),
                     more=first_flow(each.surplus, words))
    perhaps = words("perhaps; it depends on: {what}", what=each.perhaps) if each.perhaps else ""
    return "; ".join(filter(None, (said, perhaps)))
