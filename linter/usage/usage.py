"""What hangs on each line: the site is proven once more without it, and the verdicts are compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from aclproof.linter import any_any
from aclproof.linter.engine.algebra import minus
from aclproof.linter.program import Analysis, reanalyse
from aclproof.linter.proof.hop import TOO_MUCH
from aclproof.linter.proof.records import Proof, line, quoted
from aclproof.linter.proof.routed import Unplaced
from aclproof.linter.result import DemandResult, Verdict
from aclproof.linter.usage.carriers import Carriers, carriers
from aclproof.linter.usage.named import definitions, with_names
from aclproof.linter.usage.records import LIMIT, Dependent, FirewallUsage, LineUse, Role, Share, Usage
from aclproof.linter.usage.removal import OF_THE_LIST, taken_away, without
from aclproof.linter.verdict.coverage import KeptBack, kept_back
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.model.packets import Box
from aclproof.parsers.model.rules import Action
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError

_MOST_LINES = 128
_MOST_RULES = 2_000_000
"""So many rules are looked at to try lines, counted once for each line."""
_DEFAULT = Reason("it is no rule, but what happens where no rule decides")

_NO_FIT = Reason("without it the site file says something else than the firewall")


def usage(analysis: Analysis, day: date, names: Collection[str] = (),
          lines: Collection[int] | None = None) -> Usage:
    """Find what hangs on the lines of some firewalls of a site, or of all; as of the day of the analysis.

    Of `lines` only what hangs on these, as far as they permit or translate packets.
    """
    wanted = [each.name for each in analysis.site.firewalls if not names or each.name in names]
    passing = {name: _passing(name, analysis) for name in wanted}
    found = {name: carriers(analysis.asking[name], passing[name]) for name in wanted}
    if lines is not None:
        found = {name: Carriers({number: use for number, use in each.lines.items() if number in lines})
                 for name, each in found.items()}
    trials = _Trials(analysis, day)
    losses = {name: {number: trials.loss(name, number, passing[name]) for number in sorted(each.lines)}
              for name, each in found.items()}
    for name, each in found.items():  # after all lines that are known to carry something
        losses[name] |= {number: trials.loss(name, number, passing[name]) for number in each.steering}
    site = analysis.site.origin.file if analysis.site.origin else ""
    return Usage(site, tuple(_Told(analysis, name, each, losses[name]).usage()
                             for name, each in found.items()))


def _passing(name: str, analysis: Analysis) -> dict[str, list[Proof]]:
    """The proofs at a firewall, of the requirements of which it does not stop every request."""
    found: dict[str, list[Proof]] = {}
    for result in analysis.results:
        proofs = analysis.proofs.get(result.requirement.id, ())
        requests = kept_back(proofs, name).get("request", KeptBack())
        if result.verdict is Verdict.MET or minus(result.boxes, requests.stopped):
            found[result.requirement.id] = [proof for proof in proofs if proof.name == name]
    return found


class _Loss(Struct, frozen=True):
    """How much of each requirement does not pass without a line; those of which all does are left out."""

    shares: Mapping[str, Share]
    not_tried: str = ""


class _Trials:
    """Proves the site without one line after the other, as often as that may be."""

    def __init__(self, analysis: Analysis, day: date) -> None:
        self._analysis, self._day = analysis, day
        rules = sum(len(chain.rules) for each in analysis.asking.values() for chain in each.chains.values())
        self._left = min(_MOST_LINES, _MOST_RULES // max(rules, 1))

    def loss(self, name: str, number: int, requirements: Collection[str]) -> _Loss:
        """Return what is lost of some requirements without a line of a firewall."""
        analysis = self._analysis
        if not self._left:
            return _Loss({}, LIMIT)
        firewalls, after = analysis.asking, without(analysis.asking[name], number)
        if after is OF_THE_LIST:
            firewalls, after = analysis.firewalls, taken_away(analysis.firewalls[name], number)
        if isinstance(after, Reason):
            return _Loss({}, after)
        self._left -= 1
        try:
            found = reanalyse(analysis, self._day, {**firewalls, name: after})
        except InputError:  # what it says about interfaces no longer fits
            return _Loss({}, _NO_FIT)
        if _given_up(found) > _given_up(analysis):
            return _Loss({}, TOO_MUCH)
        later = {each.requirement.id: each for each in found.results}
        shares = {each.requirement.id: self._share(name, each, later[each.requirement.id], found)
                  for each in analysis.results if each.requirement.id in requirements}
        return _Loss({key: share for key, share in shares.items() if share != "none"})

    def _share(self, name: str, before: DemandResult, after: DemandResult, found: Analysis) -> Share:
        if before.verdict is Verdict.MET:
            if after.verdict is Verdict.MET:
                return "none"
            return "part" if after.coverage.permitted else "all"
        was, now = (each.proofs[before.requirement.id] for each in (self._analysis, found))
        return _more_kept_back(before.boxes, kept_back(was, name), kept_back(now, name))


def _more_kept_back(boxes: Sequence[Box], before: Mapping[str, KeptBack],
                    after: Mapping[str, KeptBack]) -> Share:
    """Compare what a firewall stops and leaves open of a requirement that is not met, leg by leg."""
    found: Share = "none"
    for leg, now in after.items():
        was = before.get(leg, KeptBack())
        if now.exceeds(was):
            if not minus(boxes, now.all):
                return "all"
            found = "part"
    return found


def _given_up(analysis: Analysis) -> int:
    """How many evaluations took too long: what they leave open says nothing about a line."""
    return sum(isinstance(proof.finding, Unplaced) and proof.finding.reason == TOO_MUCH
               for proofs in analysis.proofs.values() for proof in proofs)


class _Told:
    """Puts together what was found at one firewall."""

    def __init__(self, analysis: Analysis, name: str, found: Carriers, losses: Mapping[int, _Loss]) -> None:
        self._name, self._firewall = name, analysis.asking[name]
        self._found, self._losses, self._known = found, losses, definitions(self._firewall)
        self._any_any = set(any_any.lines(self._firewall))
        self._results = {each.requirement.id: each for each in analysis.results}

    def usage(self) -> FirewallUsage:
        firewall, losses = self._firewall, self._losses
        lines = {number: use for number in sorted(losses) for use in self._use(number)}
        untried = [number for number in self._found.steering if losses[number].not_tried]
        other = {number: permits for number, permits in _numbers(firewall).items()
                 if number not in lines and number not in untried}
        return FirewallUsage(self._name, firewall, (*lines.values(), *self._defaults()),
                             [firewall.quote(number) for number in other], sum(other.values()),
                             [firewall.quote(number) for number in untried])

    def _use(self, number: int) -> Iterator[LineUse]:
        """What hangs on a line; nothing where it was only tried whether something does."""
        loss, roles = self._losses[number], self._found.lines.get(number, {})
        dependents = [self._dependent(key, tuple(roles.get(key, ())) or ("leads",), loss)
                      for key in self._results if key in roles or key in loss.shares]
        if dependents:
            here = with_names(quoted(self._name, self._firewall, number), self._firewall, self._known)
            yield LineUse(here, tuple(dependents), loss.not_tried, number in self._any_any)

    def _dependent(self, requirement: str, roles: tuple[Role, ...], loss: _Loss) -> Dependent:
        result = self._results[requirement]
        share: Share = "not-tried" if loss.not_tried else loss.shares.get(requirement, "none")
        return Dependent(requirement, result.methods, result.verdict, roles, share)

    def _defaults(self) -> Iterator[LineUse]:
        untried = _Loss({}, _DEFAULT)
        for default, requirements in self._found.defaults.items():
            yield LineUse(line(self._name, self._firewall, default), tuple(
                self._dependent(key, ("permits",), untried) for key in requirements), _DEFAULT)


def _numbers(firewall: Firewall) -> dict[int, bool]:
    """The lines of the rules of all lists and of translations, and whether they permit what they match."""
    found = {rule.line: rule.action is Action.PERMIT and rule.enabled
             for chain in firewall.lists.values() for rule in chain.rules if rule.in_file}
    found |= {each.line: False for each in firewall.translations}
    return dict(sorted(found.items()))
