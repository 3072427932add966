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
_MOST_RULES = 2_000_000
"""So many rules are read to try lines, counted once for each line."""
_MOST_ROUNDS = 8

_LIMIT = Reason("more lines open too much than are rewritten in one run")


class Narrowing(Struct, frozen=True):
    """The lines of one firewall that open more than is needed, and what replaces them."""

    firewall: str
    singly: tuple[Rewriting, ...]
    """Each line for itself, in the order of the lines."""
    together: Rewriting
    """All of them that can be replaced, and others that would let the same pass once they are gone."""

    @property
    def several(self) -> bool:
        """Whether there is more than the commands for one line."""
        return len(self.together.surplus) > 1


def narrow_all(site: Analysis, day: date) -> tuple[Narrowing, ...]:
    """Narrow every firewall that has such lines; what is for all of them is proven on all of them at once."""
    found = [each for each in (narrow(name, site, day) for name in site.firewalls) if each.singly]
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
    found = narrow_all(site, day) if "surplus" in audit.checks else ()
    singly = [_written(site, each, one) for each in found for one in each.singly]
    by_line = {(each.firewall, each.spans): each for each in singly}
    together = (_written(site, each, each.together) for each in found if each.several)
    return replace(audit, together=tuple(together), found=tuple(
        replace(each, rewrite=by_line[each.firewall, (each.span,)]) if each.check == "surplus" else each
        for each in audit.found))


def _written(site: Analysis, of: Narrowing, found: Rewriting) -> Rewrite:
    quote = site.firewalls[of.firewall].quote
    return Rewrite(of.firewall, tuple(quote(each.line) for each in found.surplus), found.commands,
                   found.advice, found.refused)


def narrow(name: str, site: Analysis, day: date) -> Narrowing:
    """Find what replaces the lines of a firewall that open more than is needed."""
    found = list(surpluses(name, site))
    rules = sum(len(chain.rules) for chain in site.firewalls[name].chains.values())
    most = max(min(_MOST_LINES, _MOST_RULES // max(rules, 1)), 1)
    singly = [rewrite(name, site, day, [each]) for each in found[:most]]
    singly += [Rewriting((each,), refused=_LIMIT) for each in found[most:]]
    return Narrowing(name, tuple(singly), _together(name, site, day, singly))


def _together(name: str, site: Analysis, day: date, singly: Sequence[Rewriting]) -> Rewriting:
    """Replace all lines for which there are commands, and those that would let the same pass instead."""
    chosen = [surplus for each in singly if not each.refused for surplus in each.surplus]
    if not chosen:
        return Rewriting(())
    known = {surplus.line for each in singly for surplus in each.surplus}
    found = singly[0] if len(singly) == 1 else rewrite(name, site, day, chosen)
    for _ in range(_MOST_ROUNDS):
        others = [each for each in _taking_over(name, found) if each.line not in known]
        if not others:
            break
        chosen += others
        known |= {each.line for each in others}
        further = rewrite(name, site, day, chosen)
        if further.refused:
            break
        found = further
    return found


def _taking_over(name: str, found: Rewriting) -> Iterator[Surplus]:
    """Yield the lines of the files as they were given that open too much once others are gone."""
    if found.after:
        given = found.after.firewalls[name].source.given
        yield from (replace(each, line=line) for each in surpluses(name, found.after)
                    if (line := given(each.line)))
