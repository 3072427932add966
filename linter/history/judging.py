"""Judges a site at commits: it is read and proven as `check` does, from the files of each commit."""

from __future__ import annotations

from datetime import date
from functools import partial
from posixpath import dirname

from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter import errors
from aclproof.linter.history.judgement import Judged, Judgement, Unreadable
from aclproof.linter.history.remembered import Ask, Basis, Remembered
from aclproof.linter.history.snapshot import Snapshot
from aclproof.linter.history.trees import Trees
from aclproof.linter.program import analyse, to_result
from aclproof.linter.questions import Question
from aclproof.linter.result import DemandResult, Line, Result
from aclproof.linter.site import configurations, reader
from aclproof.linter.site.amending import Amendments, amended
from aclproof.linter.site.site import Site, SiteFirewall
from aclproof.linter.verdict.ending import ending
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.notes import Span

_MOST_KEPT = 500
"""So many judgements are kept to be used again: most commits differ from the one before, or not at all."""


class Asked(Struct, frozen=True):
    """What is asked of a site at every commit."""

    day: date
    require: str = "all"
    amendments: Amendments = Amendments()


class Judge:
    """Judges one site at trees, each content once."""

    def __init__(self, site: str, asked: Asked, snapshot: Snapshot, trees: Trees) -> None:
        """`site` is the path of the site file in the repository."""
        self._site, self._asked, self._snapshot, self._trees = site, asked, snapshot, trees
        self._known: Remembered[Judgement] = Remembered(_MOST_KEPT)
        self._firewalls: dict[tuple[tuple[str, ...], str], tuple[Basis, tuple[str, ...], Firewall]] = {}
        """As they were parsed last, by files and context."""
        self.proofs = 0
        """How often something was proven, and not known."""

    def judge(self, tree: str) -> tuple[frozenset[str], Judgement]:
        """Return the files on which the judgement of a tree rests, and the judgement."""
        ask = partial(_ask, self._trees, tree)
        if known := self._known.find(ask):
            basis, judgement = known
            return _files(basis), judgement
        with self._snapshot.showing(tree), self._snapshot.noting() as files:
            self.proofs += 1
            site, judgement = self._judged(ask)
        names = {""} if site is None or site.waivers else {dirname(each) for each in files}
        basis = (*(("content", each) for each in sorted(files)), *(("names", each) for each in sorted(names)),
                 ("limits", ""))
        self._known.keep(basis, ask, judgement)
        return frozenset(files), judgement

    def _judged(self, ask: Ask) -> tuple[Site | None, Judgement]:
        try:
            site = amended(reader.read(self._snapshot.path(self._site)), self._asked.amendments)
            found = analyse(site, self._asked.day, read=partial(self._read, ask))
            return site, self._plain(to_result(found, self._asked.day))
        except errors.user_errors() as error:
            return None, Unreadable(tuple(map(self._snapshot.named, errors.problems(error))))
        except Exception as error:  # a fault of ours at one commit must not hide the others
            if inputs.lacks_memory(error):
                raise
            return None, Unreadable((errors.our_fault(error),), is_fault=True)

    def _read(self, ask: Ask, place: SiteFirewall) -> Firewall:
        """Parse a firewall, unless the tree that was judged before has the same."""
        name = place.configs, place.context
        if known := self._firewalls.get(name):
            basis, answers, firewall = known
            if answers == tuple(ask(*each) for each in basis):
                self._snapshot.note(_files(basis))
                return firewall
        with self._snapshot.noting() as files:
            firewall = configurations.read(place)
        basis = (*(("content", each) for each in sorted(files)),
                 *(("names", each) for each in sorted({*map(dirname, files)})), ("limits", ""))
        self._firewalls[name] = basis, tuple(ask(*each) for each in basis), firewall
        return firewall

    def _plain(self, result: Result) -> Judged:
        """What is kept of a result."""
        return Judged(ending(result, self._asked.require), {each.id: each.verdict for each in result.methods},
                      {each.id: each.title for each in result.pack.methods},
                      {each.requirement.id: self._named(each) for each in result.demands})

    def _named(self, demand: DemandResult) -> DemandResult:
        """A requirement whose lines name files as they are called in the repository."""
        line = self._line
        return replace(
            demand,
            missing=tuple(replace(each, blocked_by=line(each.blocked_by), near=(),
                                  translated_by=tuple(map(line, each.translated_by)))
                          for each in demand.missing),
            undecided=tuple(replace(each, line=line(each.line) if each.line else None,
                                    questions=tuple(map(self._question, each.questions)))
                            for each in demand.undecided),
            evidence=tuple(replace(each, permitted_by=line(each.permitted_by)) for each in demand.evidence),
            waiver=replace(demand.waiver, span=self._span(demand.waiver.span)) if demand.waiver else None,
            usually=None)

    def _question(self, question: Question) -> Question:
        return replace(question, because=self._snapshot.named(question.because))

    def _line(self, line: Line) -> Line:
        return replace(line, span=self._span(line.span), text=self._snapshot.named(line.text), names=())

    def _span(self, span: Span) -> Span:
        return replace(span, file=self._snapshot.named(span.file))


def _ask(trees: Trees, tree: str, what: str, path: str) -> str:
    match what:
        case "content":
            return trees.content(tree, path)
        case "names":
            return trees.names(tree, path)
        case _:
            return trees.limits(tree)


def _files(basis: Basis) -> frozenset[str]:
    return frozenset(path for what, path in basis if what == "content")
