"""The parts of a migration that every form lays out: to open, to close, to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def heading(migrated: Migrated, section: Section, words: Words) -> str:
    """Write the heading of a section: how many flows it has, and how many of those to open pass already."""
    states = [migrated.state(flow) for flow in section.request.flows]
    passing = states.count("passes") if section.change == "open" else 0
    if not passing:
        return f"{section.title} ({len(states)})"
    return words.count("{title} ({total}, of which {n} passes already)",
                       "{title} ({total}, of which {n} pass already)", passing, title=section.title,
                       total=len(states))


def remarks(migrated: Migrated, words: Words) -> Iterator[str]:
    """Write what each pack assumes, which methods it was not assessed for, and what the states rest on."""
    found = migrated.migration
    for request, pack in _sides(migrated, words):
        if request.assumed:
            yield words("Assumed for {pack}: {settings}", pack=pack, settings=", ".join(
                f"{name} {value}" for name, value in request.assumed.items()))
        if not request.assessed and not request.left_out:
            yield words("Of the chosen methods {pack} has none", pack=pack)
    yield from (sentence for _, sentence in not_assessed(migrated, words))
    if not found.site:
        yield words("As the new pack has none of the chosen methods, nothing is said of what may be closed.")
    if found.after.left_out:
        yield words("What is needed today for a method that the new pack has as well, but was not assessed "
                    "for, is not among what may be closed.")
    if migrated.relied_on:
        yield words("Relied on: {facts}", facts=", ".join(migrated.relied_on))


def not_assessed(migrated: Migrated, words: Words) -> Iterator[tuple[str, str]]:
    """Write the methods that a pack was not assessed for, by reason: their titles, and a sentence."""
    for request, pack in _sides(migrated, words):
        titles = {each.id: words.of(each.title) for each in request.pack.methods}
        methods: dict[str, list[str]] = {}
        for method, reason in request.left_out.items():
            methods.setdefault(reason, []).append(titles[method])
        for reason, lacking in methods.items():
            names = ", ".join(lacking)
            yield names, words("Not assessed for {pack}, as {reason}: {methods}", pack=pack, reason=reason,
                               methods=names)


def _sides(migrated: Migrated, words: Words) -> tuple[tuple[PortRequest, str], ...]:
    """Each pack's request with what to call the pack."""
    before, after = migrated.migration.before, migrated.migration.after
    return ((before, words("the old pack ({pack})", pack=before.pack.id)),
            (after, words("the new pack ({pack})", pack=after.pack.id)))


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
