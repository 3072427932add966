"""The complete result of a check, independent of any format: reports are pure functions of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from aclproof.linter.basis import Assumption, Input, Scope
from aclproof.linter.gap import KNOWN, BaselineUse, Proven, State
from aclproof.linter.questions import Answer, Question
from aclproof.linter.waiver import SOON, Waiver, WaiverUse
from aclproof.parsers.model.notes import Span
from aclproof.parsers.model.packets import Box, Packet
from aclproof.rules.pack import Pack, Requirement

if TYPE_CHECKING:
    from aclproof.linter.agreement import Agreement
    from aclproof.linter.observation import Audit
    from aclproof.linter.testimony import Testimony


class Verdict(Enum):
    """What was proven of a demand."""

    MET = "met"
    MISSING = "missing"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not-applicable"

    @property
    def rank(self) -> int:
        """How bad it is: 0 where nothing is missing, 1 where that is not known, 2 where something is."""
        return _RANK[self]


_RANK = {Verdict.NOT_APPLICABLE: 0, Verdict.MET: 0, Verdict.UNDECIDED: 1, Verdict.MISSING: 2}


class MethodVerdict(Enum):
    """What was proven of a method."""

    WORKS = "works"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    NOT_ASSESSED = "not-assessed"


class Line(Struct, frozen=True):
    """A place that decides: the line itself, or the line that makes a default what it is."""

    firewall: str
    span: Span
    kind: str
    """`rule`, or which default: `implicit-deny`, `security-level`, ..."""
    text: str
    """The line as written, or what the default is."""
    names: tuple[Span, ...] = ()
    """The first lines of the objects and groups that the line names."""


NearKind = Literal["disabled", "expired", "overruled", "below", "translated", "partly", "other-port",
                   "other-source-port", "other-network", "elsewhere", "unbound", "other-profile",
                   "other-interface", "other-protocol", "source-side", "reversed"]
"""What keeps a rule from letting packets through that it almost permits."""


class NearMiss(Struct, frozen=True):
    """A rule that almost lets missing packets through, and what it lacks."""

    kind: NearKind
    rule: Line
    text: str


class Missing(Struct, frozen=True):
    """Packets that one line stops."""

    leg: str
    way: str
    boxes: Sequence[Box]
    blocked_by: Line
    advice: str = ""
    """What the vendor's own knowledge adds to it."""
    near: tuple[NearMiss, ...] = ()
    """The rules that come nearest to permitting them."""
    translated_by: tuple[Line, ...] = ()
    """What firewalls before it made of the packets, in order: they are as this one sees them."""
    reply_cure: str = ""
    """What lets packets after the first of a connection pass, in the vendor's words; empty for first ones."""
    baseline: State | None = None
    """Where the result was compared with a baseline: what became of them."""


class Undecided(Struct, frozen=True):
    """Packets that are not proven to pass or to be stopped, and the questions that would settle it."""

    leg: str
    way: str
    boxes: Sequence[Box]
    questions: tuple[Question, ...]
    line: Line | None
    firewall: str = ""
    """The one that leaves them open; empty where it is none of the site's."""
    baseline: State | None = None
    """Where the result was compared with a baseline: what became of them."""

    @property
    def because(self) -> tuple[str, ...]:
        """Why they are open, each reason once."""
        return tuple(dict.fromkeys(each.because for each in self.questions))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that would settle it."""
        return tuple(dict.fromkeys(each.key for each in self.questions if each.key))

    @property
    def find_out(self) -> tuple[str, ...]:
        """The commands or places that show the answers."""
        return tuple(dict.fromkeys(each.find_out for each in self.questions if each.find_out))


class Evidence(Struct, frozen=True):
    """Packets that one line lets through."""

    leg: str
    way: str
    boxes: Sequence[Box]
    permitted_by: Line


class Sent(Struct, frozen=True):
    """The first packets, as they are sent, of all that one firewall stops or leaves open in one direction."""

    firewall: str
    leg: str
    verdict: Proven
    boxes: Sequence[Box]


class Coverage(Struct, frozen=True):
    """How many of the required first packets surely pass everywhere, with all that follows them."""

    permitted: int
    required: int
    stopped: int
    """They, or what follows them, surely do not pass somewhere; the rest is undecided."""


class HopVerdict(Enum):
    """What one firewall on the path does with a demand."""

    PASSES = "passes"
    STOPS = "stops"
    OPEN = "undecided"
    BESIDE = "beside"
    """Both ends lie behind one of its interfaces: the packets do not cross it."""
    UNSEEN = "unseen"
    """Firewalls before it do not let anything through that could be followed to it."""


class Hop(Struct, frozen=True):
    """A firewall on the path of a demand."""

    firewall: str
    verdict: HopVerdict
    ways: tuple[str, ...]


class DemandResult(Struct, frozen=True):
    """One requirement of this site, with its verdict and the reasons for it."""

    requirement: Requirement
    methods: tuple[str, ...]
    verdict: Verdict
    boxes: Sequence[Box]
    hops: tuple[Hop, ...]
    """The firewalls that it passes, in order."""
    coverage: Coverage
    missing: tuple[Missing, ...]
    undecided: tuple[Undecided, ...]
    evidence: tuple[Evidence, ...]
    caveats: tuple[str, ...]
    """Assumptions the verdict depends on besides the rules."""
    witness: Packet | None
    """One packet that shows the verdict, unless everything is met."""
    waiver: Waiver | None = None
    """The accepted gap where it is missing or undecided: the verdict stays what was proven."""
    unordered: bool = False
    """Whether it was judged nowhere, because the order of the firewalls on its way is not known."""
    usually: DemandResult | None = None
    """What would be proven of it if every question had its usual answer; None where it is settled, or where
    that settles nothing."""
    baseline: State | None = None
    """Where it is missing or undecided and was compared with a baseline: the worst of its parts."""
    reason: str = ""
    """Why it is not applicable, where that is not its condition."""
    sent: tuple[Sent, ...] = ()
    """Of the parts that some firewall sees translated: the same packets as they are sent."""
    assumed: bool = False
    """Whether it is undecided without the usual answers that the site assumes."""

    @property
    def known(self) -> bool:
        """Whether a baseline has all that is missing or undecided of it, and nobody answers for it."""
        return self.baseline in KNOWN and not self.waiver

    @property
    def tolerated(self) -> bool:
        """Whether it is waived or known: it stays unproven, and the exit code leaves it out."""
        return self.waiver is not None or self.known

    @property
    def unproven(self) -> bool:
        """Whether it is missing or undecided, and not tolerated."""
        return self.verdict in (Verdict.MISSING, Verdict.UNDECIDED) and not self.tolerated

    @property
    def is_warning(self) -> bool:
        """Whether the pack only warns of it: then it decides about no method and no exit code."""
        return self.requirement.severity == "warning"

    @property
    def status(self) -> str:
        """The verdict as reports write it: `waived` or `known` where it is tolerated."""
        return "waived" if self.waiver else "known" if self.known else self.verdict.value


class Conditional(Struct, frozen=True):
    """What would follow of a method that is undecided: computed, and never counted as proven."""

    verdict: MethodVerdict
    """WORKS or BLOCKED."""
    answers: tuple[Answer, ...]
    """If all of this is so; without any it follows whatever the answers are."""
    otherwise: MethodVerdict | None = None
    """What surely follows if any one of them is not so; None where that is not known."""


class MethodResult(Struct, frozen=True):
    """One method."""

    id: str
    title: str
    verdict: MethodVerdict
    requirements: tuple[str, ...]
    reason: str
    """Why it is not assessed; else empty."""
    conditional: Conditional | None = None
    """What would follow where it is undecided; None where no answers were found that settle it."""


class FixLines(Struct, frozen=True):
    """A verified permit in the words of one firewall."""

    firewall: str
    vendor: str
    lines: tuple[str, ...]
    requirements: tuple[str, ...]


class Result(Struct, frozen=True):
    """The whole answer to one `check`."""

    pack: Pack
    inputs: tuple[Input, ...]
    assumptions: tuple[Assumption, ...]
    methods: tuple[MethodResult, ...]
    demands: tuple[DemandResult, ...]
    scope: Scope
    later: tuple[Question, ...] = ()
    """Questions that come up once others have their usual answers."""
    waivers: tuple[WaiverUse, ...] = ()
    fixes: tuple[FixLines, ...] | None = None
    """In the order in which they have to be entered; None where they were not requested."""
    baseline: BaselineUse | None = None
    """What it was compared with."""
    audit: Audit | None = None
    """What else was asked of the configurations, where something was."""
    testimony: Testimony | None = None
    """What devices and hosts said, where transcripts were given."""
    agreement: Agreement | None = None
    """What came of judging single packets again, where that was asked for."""

    def count(self, verdict: Verdict) -> int:
        """How many demands ended so and are not tolerated."""
        return sum(1 for each in self.demands if each.verdict is verdict and not each.tolerated)

    @property
    def waived(self) -> tuple[DemandResult, ...]:
        """The demands that are waived."""
        return tuple(each for each in self.demands if each.waiver)

    @property
    def known(self) -> tuple[DemandResult, ...]:
        """The demands that a baseline has."""
        return tuple(each for each in self.demands if each.known)

    def ending(self) -> tuple[WaiverUse, ...]:
        """The waivers that will end soon."""
        return tuple(each for each in self.waivers
                     if 0 <= each.waiver.days_left(self.scope.as_of) <= SOON)

    def with_verdict(self, verdict: MethodVerdict) -> tuple[MethodResult, ...]:
        """The methods that ended so."""
        return tuple(each for each in self.methods if each.verdict is verdict)
