"""What a run over many sites keeps of each: enough for every report of all, and no model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from aclproof.linter.observation import CheckId
from aclproof.rules.joined import bare
from aclproof.rules.pack import Text

End = Literal["proven", "accepted", "unproven", "missing", "unreadable", "failed"]
"""As `Ending` has it; `accepted`: not all is proven, and what is not is waived, known from a baseline, met by
usual answers that the site assumes, or need not be (`--require any`); `unreadable`: an input is wrong;
`failed`: our fault, or its worker died."""
WORST: tuple[End, ...] = ("proven", "accepted", "unproven", "missing", "unreadable", "failed")
"""From the best to the worst."""
UNREAD: tuple[End, ...] = ("unreadable", "failed")
"""Ends of sites of which nothing was proven."""


class MethodOutcome(Struct, frozen=True):
    """One method at one site."""

    id: str
    title: Text
    verdict: str
    """Of MethodVerdict."""
    warnings: int = 0
    unchecked: int = 0
    """Requirements of what supports it that lack addresses."""
    pack: str = ""

    @property
    def name(self) -> str:
        """`PACK/METHOD`, whether or not the site has other packs: packs have methods of one id."""
        return f"{self.pack}/{bare(self.id)}"

    @property
    def own_title(self) -> Text:
        """The title without the pack, which a site of several packs has in it."""
        end = f" ({self.pack})"
        return Text(self.title.en.removesuffix(end), self.title.de.removesuffix(end))


class Cause(Struct, frozen=True):
    """A line that stops packets, or a question that leaves them open, and which requirements it concerns.

    Or a line that a check of an audit names.
    """

    kind: Literal["line", "question"] | CheckId
    firewall: str
    place: str
    """File and line; empty for a question."""
    text: str
    said: str
    """The text in the language of the run."""
    requirements: tuple[str, ...]
    services: tuple[str, ...] = ()
    """What each of them needs open, such as `TCP 445`."""
    only_warned: bool = False
    """Whether the pack only warns of all of them."""


class Named(Struct, frozen=True):
    """How many lines the checks of an audit name at one site."""

    lines: Mapping[str, int]
    """By check, of all that were made."""
    failing: Mapping[str, int] = field(default_factory=dict)
    """By check, of those that let the run fail."""
    known: int = 0
    """Those that a baseline has."""
    new: Mapping[str, int] = field(default_factory=dict)
    """By check, of those that it does not have, where there is one."""
    gone: int = 0
    """Those that it has, and no check names any more."""


class Outcome(Struct, frozen=True):
    """What came of one site."""

    site: str
    """The site file as it was named."""
    end: End
    problems: tuple[str, ...] = ()
    """What is wrong, where it was not proven at all."""
    methods: tuple[MethodOutcome, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Requirements by what was proven of them, and `waived`; those that are only warned of count as well.
    `assumed`: how many of those that are met are so by usual answers which the site assumes."""
    causes: tuple[Cause, ...] = ()
    """Those that concern most requirements first; of lines that checks name the first ones."""
    expired: tuple[str, ...] = ()
    """Waivers that no longer apply."""
    files: tuple[str, ...] = ()
    """Its inputs: no report may overwrite them."""
    known: str | None = None
    """What a baseline is to have of it, as that writes it; None where none is written."""
    cured: tuple[str, ...] = ()
    """Of each gap that the baseline has and the site has not any more: the requirement."""
    unmet: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Requirements that are not met: `missing`, `undecided`, `waived`, `known`; `warning`: only warned of;
    and those that are `assumed`."""
    assumed: tuple[str, ...] = ()
    """The usual answers that the site assumes, each as a fact is written."""
    new: tuple[str, ...] = ()
    """Requirements that are missing or undecided, and new since the baseline or grown."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """Of each of these what it is, and the first packets, in the language of the run."""
    named: Named | None = None
    """What the checks of an audit name; None where none was made."""
    judged_again: int = 0
    """Packets that a second judge was asked about, and judged alike."""
    pieces: Mapping[str, str] = field(default_factory=dict)
    """What reports of all sites hold of it, by format."""


def worst(ends: Mapping[End, int]) -> End:
    """Return the worst end of some sites; `unreadable` of none: then nothing was proven."""
    return next((each for each in reversed(WORST) if ends.get(each)), "unreadable")
