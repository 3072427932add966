"""What replaces each line that opens more than is needed, and all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from aclproof.linter.audit.rewriting import Rewriting, rewrite, worse
from aclproof.linter.audit.surplus import Surplus, surpluses
from aclproof.linter.observation import Audit, Rewrite
from aclproof.linter.program import Analysis, reanalyse
from aclproof.reason import Reason

_MOST_LINES = 64
_MOST_RULES = 400_000
"""So many rules are read to try lines, counted once for each line."""
_MOST_ROUNDS = 8

_LIMIT = Reason("more lines open too much than are rewritten in one run")


class Narrowing(Struct, frozen=True):
    """The lines of one firewall that open more than is needed, and what replaces them."""

    firewall: str
    lines: tuple[Rewriting, ...]
    """Each line, in their order: what replaces it alone where that was asked for, or why nothing does."""
    together: Rewriting
    """All of them that can be replaced, and others that would let the same pass once they are gone."""

    @property
    def several(self) -> bool:
        """Whether there is more than the commands for one line."""
        return len(self.together.surplus) > 1


def narrow_all(site: Analysis, day: date, *, singly: bool = False) -> tuple[Narrowing, ...]:
    """Narrow every firewall that has such lines; what is for all of them is proven on all of them at once.

    `singly`: each line alone as well.
    """
    narrowed = (narrow(name, site, day, singly=singly) for name in site.firewalls)
    found = [each for each in narrowed if each.lines]
    changed = {each.firewall: each.together.after.firewalls[each.firewall] for each in found
               if each.together.after}
    if len(changed) > 1:
        refused = worse(site, reanalyse(site, day, {**site.firewalls, **changed}))
        if refused:
            found = [replace(each, together=Rewriting(each.together.surplus, refused=refused))
                     for each in found]
    return tuple(found)


def with_rewrites(audit: Audit, site: Analysis, day: date) -> Audit:
    """Add to the lines that open too much what replaces them."""
    found = narrow_all(site, day, singly=True) if "surplus" in audit.checks else ()
    singly = [_written(site, each, one) for each in found for one in each.lines]
    by_line = {(each.firewall, each.spans): each for each in singly}
    together = (_written(site, each, each.together) for each in found if each.several)
    return replace(audit, together=tuple(together), found=tuple(
        replace(each, rewrite=by_line[each.firewall, (each.span,)]) if each.check == "surplus" else each
        for each in audit.found))


def _written(site: Analysis, of: Narrowing, found: Rewriting) -> Rewrite:
    quote = site.firewalls[of.firewall].quote
    return Rewrite(of.firewall, tuple(quote(each.line) for each in found.surplus), found.commands,
                   found.advice, found.refused)


def narrow(name: str, site: Analysis, day: date, *, singly: bool = False) -> Narrowing:
    """Find what replaces the lines of a firewall that open more than is needed."""
    work = _Lines(name, site, day)
    found = list(surpluses(name, site))
    together = work.together(found) if found else Rewriting(())
    if not singly and not together.refused:
        return Narrowing(name, tuple(Rewriting((each,)) for each in found), together)
    rules = sum(len(chain.rules) for chain in site.firewalls[name].chains.values())
    most = max(min(_MOST_LINES, _MOST_RULES // max(rules, 1)), 1)
    alone = [work.alone(each) for each in found[:most]]
    alone += [Rewriting((each,), refused=_LIMIT) for each in found[most:]]
    fine = [each.surplus[0] for each in alone if not each.refused]
    if together.refused:
        together = work.together(fine) if fine else Rewriting(())
    return Narrowing(name, tuple(alone), together)


class _Lines:
    """Rewrites lines of one firewall."""

    def __init__(self, name: str, site: Analysis, day: date) -> None:
        self._name, self._site, self._day = name, site, day
        self._known = {each.line for each in surpluses(name, site)}

    def alone(self, surplus: Surplus) -> Rewriting:
        """Rewrite one line; the site with it, which takes room, is let go."""
        return replace(rewrite(self._name, self._site, self._day, [surplus]), after=None)

    def together(self, surplus: Sequence[Surplus]) -> Rewriting:
        """Rewrite some lines, and those that would let the same pass instead."""
        chosen, known = list(surplus), set(self._known)
        found = rewrite(self._name, self._site, self._day, chosen)
        for _ in range(_MOST_ROUNDS):
            others = [each for each in self._taking_over(found) if each.line not in known]
            if not others:
                break
            chosen += others
            known |= {each.line for each in others}
            further = rewrite(self._name, self._site, self._day, chosen)
            if further.refused:
                break
            found = further
        return found

    def _taking_over(self, found: Rewriting) -> Iterator[Surplus]:
        """Yield the lines of the files as they were given that open too much once others are gone."""
        if found.after:
            given = found.after.firewalls[self._name].source.given
            yield from (replace(each, line=line) for each in surpluses(self._name, found.after)
                        if (line := given(each.line)))
