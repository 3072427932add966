"""The parts of a migration that every form lays out: to open, to close, to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from aclproof.linter.demands.migration import Migration
from aclproof.linter.demands.port_request import Flow, PortRequest
from aclproof.linter.reports.language.language import Words, message
from aclproof.linter.reports.writing.wording import pack_file
from aclproof.linter.result import Verdict

State = Literal["", "passes", "stopped", "undecided"]
_TITLES = {"open": message("To open before the change"), "close": message("May be closed after the change"),
           "keep": message("Needed before and after")}
_STATES = {"passes": message("passes already"), "stopped": message("does not pass yet"),
           "undecided": message("not known whether it passes")}
_STATE_OF: Mapping[Verdict, State] = {Verdict.MET: "passes", Verdict.MISSING: "stopped",
                                      Verdict.UNDECIDED: "undecided"}
_WORST = (Verdict.MISSING, Verdict.UNDECIDED, Verdict.MET)


class Migrated(Struct, frozen=True):
    """A migration, and what the firewalls of the site say of the new pack."""

    migration: Migration
    verdicts: Mapping[str, Verdict]
    """Of the new pack's requirements, by id; empty where the site has no firewalls."""
    relied_on: tuple[str, ...] = ()
    """Facts that these rest on, though nobody has stated them."""

    def state(self, flow: Flow) -> State:
        """Whether the firewalls let a flow of the new pack through; empty where that was not asked."""
        found = {self.verdicts.get(each.id) for each in flow.requirements}
        return next((_STATE_OF[verdict] for verdict in _WORST if verdict in found), "")


class Section(Struct, frozen=True):
    """Flows that have one thing to be done."""

    change: Literal["open", "close", "keep"]
    title: str
    request: PortRequest
    """Its flows are those of the section."""


def sections(migrated: Migrated, words: Words) -> tuple[Section, ...]:
    """Return all three, also those without flows."""
    found = migrated.migration
    return (Section("open", words(_TITLES["open"]), found.after),
            Section("close", words(_TITLES["close"]), found.before),
            Section("keep", words(_TITLES["keep"]), found.kept))


def state_text(state: State, words: Words) -> str:
    """Write whether a flow passes; empty where that was not asked."""
    return words(_STATES[state]) if state else ""


def headline(migrated: Migrated, words: Words) -> str:
    """Write from which pack to which, and which files they are where they are not built in."""
    found = migrated.migration
    packs = words("From {old} ({old_id}) to {new} ({new_id})", old=words.of(found.before.pack.title),
                 old_id=found.before.pack.id, new=words.of(found.after.pack.title),
                 new_id=found.after.pack.id)
    files = [pack_file(each.pack, words) for each in (found.before, found.after)]
    return " ".join((f"{packs}.", *filter(None, files))) if any(files) else packs
