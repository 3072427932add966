"""Mutants of the proofs at firewalls that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants.alike import QUICK as _QUICK
from tests.mutants.alike import alike as _all

_NOBODY = "a part of no addresses has no packets"
_OTHER_FAMILY = "no address of IPv6 has the number of one of IPv4: ::/96 is nobody's"

PROOF: Mapping[str, Mapping[str, str]] = {
    "linter/proof/at_host.py": {
        "by_link: not any((each.down for each in firewall.interfaces)) -> False": _QUICK,
        "by_link: rest -> True": _NOBODY,
        "_links: each.down -> True": "of links that are up only the loopback address is left",
        "_links: route.family is family -> True": _OTHER_FAMILY,
    },
    "linter/proof/at_router.py": _all(
        _NOBODY, "by_hook: part.sources -> True", "by_hook: others.sources -> True",
        "by_hook: destinations & mine -> destinations", "by_hook: others.sources -> True (no. 2)",
        "by_hook: others.sources and box.destinations - destinations -> True",
        "by_hook: others.sources and box.destinations - destinations -> "
        "others.sources or box.destinations - destinations",
        "by_hook: box.destinations - destinations -> True",
        "by_hook: box.destinations - destinations -> box.destinations"),
    "linter/proof/hop.py": {
        "_later: not isinstance(request.placed, Segment) -> False": "what has no way leaves by none",
        "_judge: 0 -> -1": "no line stands for the choice, so its stage is not looked at",
        **_all("only spares work: all rules do as well as those that can meet packets",
               "_relevant_rules: part.placed.arrival_chains -> True", "_relevant_rules: twice -> True",
               *(f"_relevant_rules: found[number].keys() & rules.keys() -> found[number].keys(){more}"
                 for more in (" | rules.keys()", ""))),
        "_with_near_misses: isinstance(proof.finding, Judged) -> True":
            "first packets that a rule stops are judged",
        "_confirmed: certain -> True": "only spares work: what is not certain becomes no less so",
        **_all("what is open stays so, for another reason", "_reason_lost: outcome.undecided -> False",
               "_reason_lost: outcome.denied -> True (no. 2)"),
    },
    "linter/proof/dcom.py": {
        **_all("a line of translation is told without a stage",
               "doubt_dcom: 0 -> -1 (no. 2)", "doubt_dcom: 0 -> -1 (no. 3)"),
        "_destination_lines: match.by -> True": "what a table translates it does by a line",
        "_destination_lines: isinstance(rule.effect, Translate) -> True":
            "only rules that translate are asked about",
    },
    "linter/proof/incoming.py": _all(
        "only spares work: what chooses nothing spreads nothing",
        "IncomingFlow.with_pool_doubt: choice.exact -> False",
        "IncomingFlow.with_pool_doubt: continue -> pass"),
    "linter/proof/neighbour_discovery.py": {
        "Neighbours.reason_unreachable: (mine, near) not in self._known -> True":
            "only spares work: what is known is found again",
    },
    "linter/proof/no_host.py": {
        "among: line.mapped.of(family).overlaps(role) -> True":
            "only spares work: addresses that the role has not are not asked about",
        "among: whole & addresses -> whole": "the rest is nobody's as well, and is told twice",
    },
    "linter/proof/hooked.py": {
        "_arrivals: sent.family is box.family -> True": _OTHER_FAMILY,
        "_arrivals: rule.effect.end != 'destination' -> False": "only spares work: nobody asks for it",
        "_translated_replies: before -> True": "where nothing filters, nothing is stopped",
        "_rewrites: isinstance(rule.effect, Translate) -> True": "only rules that translate are asked about",
        "_final: _rewrites(rule, 'destination') -> True": "who keeps his destination goes the same way",
    },
    "linter/proof/met_translations.py": {
        **_all("0.0.0.0 is nobody's address", "cut: 0 -> 1", "cut: 0 -> -1"),
        **_all("without a choice each packet meets one line: the same comes out", "cut: not others -> False",
               "cut: not changed.exact -> True", "cut: choice -> True", "cut: choice -> True (no. 2)"),
    },
    "linter/proof/outgoing.py": {
        "may_translate: firewall.translations -> True":
            "only spares work: without translations one round does for several firewalls",
        "leave: size(unchanged) == size(flow.request.boxes) -> False": "the same packets, cut otherwise",
        **_all("in which order packets wait", "leave: 0 -> 1", "leave: 0 -> -1"),
        "_steps_by_box: 1 -> 0": "each of these lines may have translated them",
        "_certain: flow.known -> True": "what is not known of it leaves it open at this firewall",
        "_certain: len(sources) == 1 -> True":
            "a second line is met only where it is not known whether the first one was",
        "_passing: not stopped -> False": _QUICK,
        "_steps: changed.after != box -> True": "a step that changes nothing",
    },
    "linter/proof/original_ends.py": {
        "original_ends: 0 -> -1": "types and codes are never negative",
    },
    "linter/proof/routed.py": {
        "Segment._choice: 0 -> -1": "no line stands for the choice, so its stage is not looked at",
        "segments: not entry.reason -> True": "of packets from nowhere that is known all is open",
        "_by_list: not named -> False": "without a name the same stages come out",
        "_by_list: placed.transit is None -> False": "between two interfaces there always is a way",
        "_leaving: addresses -> True": _NOBODY,
        **_all("what is rewritten is so by a line",
               "_between: dialled.by -> True", "_place: dialled.by -> True"),
        "_spread: not each.exact -> True": "only spares work: what chooses nothing spreads nothing",
    },
    "linter/proof/taking_part.py": {
        **_all(_QUICK, "of_hosts: not proof.incoming.demand.left_out -> False",
               "_most: proof.incoming.steps -> True",
               *(f"_most: size(boxes) - size((remaining(demand, box) for box in boxes)) -> size(boxes){more}"
                 for more in (" + size((remaining(demand, box) for box in boxes))", ""))),
        "remaining: each.family is box.family -> True": _OTHER_FAMILY,
        "_of_nobody: size(part.boxes) > most -> False": _QUICK,
        "_of_nobody: bool(sent) -> True": "a line that stops or opens packets has some",
        **_all("packets that are left out are not counted", "of_hosts: denials -> True",
               "of_hosts: doubts -> True"),
    },
}
