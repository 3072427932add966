"""From hints to guesses: for each role the addresses with the most evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aclproof.linter.draft.hints import CLIENT, NAME, Hint
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.intervals import Range

_MOST = 16
"""So many addresses of a role are proposed, at the most."""
_MOST_WEAK = 3
"""More servers than this that only a port suggests are no guess."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Addresses that may play a role, and the hints, the strongest first."""

    role: str
    family: Family
    addresses: Range
    hints: tuple[Hint, ...]

    @property
    def text(self) -> str:
        """The addresses as a site file has them."""
        return spell(self.family, [self.addresses])[0]

    @property
    def score(self) -> int:
        """The weight of its hints: each kind counts once."""
        return sum({each.kind: each.weight for each in self.hints}.values())

    @property
    def named(self) -> bool:
        """Whether a name suggests it."""
        return any(each.weight == NAME for each in self.hints)

    def overlaps(self, other: Guess) -> bool:
        """Whether the two share an address."""
        return self.family is other.family and self.addresses[0] <= other.addresses[1] \
            and other.addresses[0] <= self.addresses[1]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed for the roles, and what else was seen."""

    chosen: Mapping[str, tuple[Guess, ...]]
    others: Mapping[str, tuple[Guess, ...]]


def choose(hints: Iterable[Hint]) -> Choice:
    """Propose addresses for every role with a hint."""
    by_range: dict[tuple[str, Family, Range], list[Hint]] = {}
    for each in hints:
        by_range.setdefault((each.role, each.family, each.addresses), []).append(each)
    guesses: dict[str, list[Guess]] = {}
    for (role, family, addresses), found in by_range.items():
        found.sort(key=lambda each: -each.weight)
        guesses.setdefault(role, []).append(Guess(role, family, addresses, tuple(found)))
    named = [each for some in guesses.values() for each in some if each.named]
    chosen = {role: _servers(some, [each for each in named if each.role != role])
              for role, some in guesses.items() if role != CLIENT}
    servers = [each for some in chosen.values() for each in some]
    chosen[CLIENT] = _clients(guesses.get(CLIENT, []), servers)
    others = {role: tuple(each for each in _ranked(some) if each not in chosen[role])[:_MOST]
              for role, some in guesses.items()}
    return Choice({role: tuple(some) for role, some in chosen.items() if some}, others)


def _ranked(guesses: Iterable[Guess]) -> list[Guess]:
    return sorted(guesses, key=lambda each: -each.score)


def _servers(guesses: Sequence[Guess], elsewhere: Sequence[Guess]) -> list[Guess]:
    """All that a name suggests; else the best, as long as these are few and not named otherwise."""
    named = [each for each in _ranked(guesses) if each.named]
    if named:
        return named[:_MOST]
    free = [each for each in _ranked(guesses) if not any(each.overlaps(other) for other in elsewhere)]
    best = [each for each in free if each.score == free[0].score]
    return best if len(best) <= _MOST_WEAK else []


def _clients(guesses: Sequence[Guess], servers: Sequence[Guess]) -> list[Guess]:
    """The networks with the most evidence, and all others that a name suggests; none with a server in it."""
    free = [each for each in _ranked(guesses) if not any(each.overlaps(server) for server in servers)]
    kept: list[Guess] = []
    for guess in free:
        if (guess.named or guess.score == free[0].score) and len(kept) < _MOST and \
                not any(guess.overlaps(other) for other in kept):
            kept.append(guess)
    return kept
