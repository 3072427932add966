"""From hints to guesses: for each role the addresses with the most evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from aclproof.linter.draft.hints import GROUP, PRODUCT, WEIGHT, Hint
from aclproof.parsers.model.addresses import Family, spell
from aclproof.parsers.model.intervals import Range

_MOST = 16
"""So many addresses of a role are proposed, at the most."""
_MOST_WEAK = 3
"""More servers than this that only a port suggests are no guess."""


class Guess(Struct, frozen=True):
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
    def by_name(self) -> int:
        """The weight of the best name that suggests it; 0 where none does."""
        return max((each.weight for each in self.hints if each.weight >= GROUP), default=0)

    @property
    def named(self) -> bool:
        """Whether a name suggests it."""
        return self.by_name > 0

    def overlaps(self, other: Guess) -> bool:
        """Whether the two share an address."""
        return self.family is other.family and self.addresses[0] <= other.addresses[1] \
            and other.addresses[0] <= self.addresses[1]


class Choice(Struct, frozen=True):
    """What is proposed for the roles, and what else was seen."""

    chosen: Mapping[str, tuple[Guess, ...]]
    others: Mapping[str, tuple[Guess, ...]]


def choose(hints: Iterable[Hint], near: str) -> Choice:
    """Propose addresses for every role with a hint; only those of the `near` role are networks."""
    guesses = _exclusive(_guesses(hints), near)
    named = [guess for of_role in guesses.values() for guess in of_role if guess.named]
    chosen: dict[str, list[Guess]] = {}
    for role, of_role in guesses.items():
        if role != near:
            chosen[role] = _servers(of_role, [guess for guess in named if guess.role != role])
    servers = [guess for of_role in chosen.values() for guess in of_role]
    chosen[near] = _clients(guesses.get(near, []), servers)
    others: dict[str, tuple[Guess, ...]] = {}
    for role, of_role in guesses.items():
        rest = [guess for guess in _ranked(of_role) if guess not in chosen[role]]
        others[role] = tuple(rest[:_MOST])
    return Choice({role: tuple(of_role) for role, of_role in chosen.items() if of_role}, others)


def _guesses(hints: Iterable[Hint]) -> dict[str, list[Guess]]:
    """By role; the hints for the same addresses together, the strongest first."""
    by_range: dict[tuple[str, Family, Range], list[Hint]] = {}
    for hint in hints:
        by_range.setdefault((hint.role, hint.family, hint.addresses), []).append(hint)
    guesses: dict[str, list[Guess]] = {}
    for (role, family, addresses), found in by_range.items():
        found.sort(key=lambda hint: -hint.weight)
        guesses.setdefault(role, []).append(Guess(role, family, addresses, tuple(found)))
    return guesses


def _exclusive(guesses: Mapping[str, list[Guess]], near: str) -> dict[str, list[Guess]]:
    """Leave out servers whose names say something better of another role: membership in a group of all site
    systems says least, the product's name less than that of a role, unless the role had no server then."""
    best: dict[tuple[Family, Range], int] = {}
    for role, of_role in guesses.items():
        for guess in of_role if role != near else ():
            server = guess.family, guess.addresses
            best[server] = max(best.get(server, 0), guess.by_name)
    kept: dict[str, list[Guess]] = {}
    for role, of_role in guesses.items():
        own = [each for each in of_role if role == near or not each.named
               or each.by_name >= best[each.family, each.addresses]]
        if not any(each.named for each in own):
            own += [each for each in of_role if each.by_name == PRODUCT and each not in own]
        kept[role] = own if role == near else _of_group(own, _own_ports(guesses, role, near))
    return kept


def _of_group(own: list[Guess], elsewhere: Collection[tuple[Family, Range]]) -> list[Guess]:
    """Of members of a group of all site systems those with more evidence; of equal ones those that are
    not `elsewhere`."""
    members = [each for each in own if each.named]
    if any(each.by_name > GROUP for each in members):
        return own
    best = [each for each in members if each.score == max(other.score for other in members)]
    free = [each for each in best if (each.family, each.addresses) not in elsewhere]
    return [*(free or best), *(each for each in own if not each.named)]


def _own_ports(guesses: Mapping[str, list[Guess]], besides: str, near: str) -> set[tuple[Family, Range]]:
    """The servers that alone have the telling ports of another role."""
    found: set[tuple[Family, Range]] = set()
    for role, of_role in guesses.items():
        ranked = [each for each in _ranked(of_role) if not each.named]
        if role not in (besides, near) and ranked and ranked[0].score >= WEIGHT["strong"] and (
                len(ranked) == 1 or ranked[1].score < ranked[0].score):
            found.add((ranked[0].family, ranked[0].addresses))
    return found


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
