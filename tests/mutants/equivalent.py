"""Mutants that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants.alike import QUICK as _QUICK
from tests.mutants.alike import SPEED as _SPEED
from tests.mutants.alike import alike as _all
from tests.mutants.equivalent_engine import ENGINE
from tests.mutants.equivalent_nftables import NFTABLES
from tests.mutants.equivalent_proof import PROOF

_SPARED = "only spares work: of one finding alone, no other one is repeated"

_NO_YEAR = "no date has the year or the day 0 or False: both are refused alike"

EQUIVALENT: Mapping[str, Mapping[str, str]] = {
    "linter/verdict/asking.py": {
        "_with_roles: isinstance(because, Reason) -> True": "whatever a condition asks is a sentence of ours",
    },
    "linter/verdict/beside.py": {
        "beside: not bypassing -> False": "only spares work: without such packets there is nothing to yield",
    },
    "linter/verdict/coverage.py": {
        "coverage: perhaps -> True": "only spares work: without doubts there is nothing to take away",
        "sent: not any((proof.translated for proof in proofs)) -> False": "only spares work: none is kept",
    },
    "linter/verdict/waiving.py": {
        "with_waivers: demand -> True": "of a requirement that is not there, _unfit says so before",
    },
    "linter/verdict/decide.py": {
        "_once: alike[1:] -> True": _SPARED,
        "_once: 1 -> 0": _SPARED,
        "_witness: 0 -> -1": "any packet of a part is one that is not proven to pass",
    },
    "parsers/iptables/meaning/matched.py": _all(
        _QUICK, "Matched.both: self.family is Family.V4 -> True",
        "Matched.both: self.family is Family.V4 -> False",
        "Matched.both: self.family is Family.V4 -> self.family is not Family.V4",
        "Matched.both: other.sources is whole -> False",
        "Matched.both: other.destinations is whole -> False"),
    "parsers/iptables/meaning/understood.py": {
        "Understood.rules: all(found) -> any(found)": "a rule of no source or to nowhere meets nothing",
        **_all(_QUICK, "Understood.one: found is self.everything -> False",
               "Understood.one: found is self.everything -> found is not self.everything",
               "Understood._both: found is self.everything -> False",
               "Understood._both: ends is self.everything -> False"),
    },
    "parsers/iptables/meaning/unseen.py": _all(
        "the value of a mark that is not known is not looked at",
        *(f"_Unseen._may_have_set_marks: 0 -> {other}" for other in ("1", "-1", "1 (no. 2)", "-1 (no. 2)"))),
    "parsers/netfilter/clock.py": _all(
        "a start in the year 1 is in the past as well as none",
        "_moment: datetime.min + _LAST_ZONE < found < datetime.max - _LAST_ZONE -> "
        "datetime.min + _LAST_ZONE <= found < datetime.max - _LAST_ZONE",
        "_moment: datetime.min + _LAST_ZONE < found < datetime.max - _LAST_ZONE -> "
        "datetime.min + _LAST_ZONE < found <= datetime.max - _LAST_ZONE"),
    "parsers/netfilter/equal_rank.py": {
        "leave_open: each.point -> True": "each chain of Linux that is bound has a place",
        **_all(_QUICK, "leave_open: len(listed) > 1 -> True",
               "leave_open: len(listed) > 1 -> len(listed) >= 1",
               "leave_open: 1 -> 0", "_bound: rule.effect is not None -> True",
               "reached: {rule.target for rule in special(chains[work.pop()].rules) if rule.target in "
               "chains} - found -> {rule.target for rule in special(chains[work.pop()].rules) if "
               "rule.target in chains}",
               "_leave_open: not one.effects and (not other.effects) -> False",
               "_leave_open: any((isinstance(each, Translate) for each in mine.effects)) -> True",
               "_leave_open: changed or moved -> True",
               "_replace: any((new is not old for new, old in zip(rules, chains[name].rules, strict=True))) "
               "-> True", "_open: rule.effect is not None -> True",
               "_open: conditions == rule.conditions and effect == rule.effect -> False"),
        **_all(_QUICK, "_translated_twice: len(rules) > len(chains[name].rules) -> True",
               "_translated_twice: len(rules) > len(chains[name].rules) -> "
               "len(rules) >= len(chains[name].rules)",
               "_of_both: not (sources and destinations and services) -> False",
               "_of_both: sources and destinations and services -> sources or destinations or services",
               "_of_both: sources -> True", "_of_both: destinations -> True", "_of_both: services -> True"),
        "_leave_open: both_translate -> True": "what one chain translates is open as a whole then",
        "_perhaps_tracked: Untrack | TrackIn -> TrackIn": "`notrack` of nft asks for a connection, too",
        **_all("the value of a mark that is not known is not looked at",
               *(f"_open_effect: 0 -> {other}" for other in ("1", "-1", "1 (no. 2)", "-1 (no. 2)"))),
    },
    "parsers/netfilter/ip_output.py": {
        "Reader.__init__: self._enslaved = False -> pass": "the head of an interface says it first",
        "Reader._brief: word != 'peer' -> True": "a word that is no address adds none",
    },
    "parsers/netfilter/stages.py": {
        **_all("routing says the same a second time, and each has to let packets pass: the order is open",
               "_at: not rerouted and point.priority > TRANSLATES_DESTINATIONS -> False",
               "_at: True -> False"),
        "_stage: point.table != 'filter' -> True": "an empty filter that accepts everything decides nothing",
        **_all("what is not shown is asked of the first packet in any case",
               "_with_unseen: not stage.once -> stage.once", "_with_unseen: at is None -> True"),
    },
    "parsers/windows/meaning/enforced.py": {
        "for_this: version -> True": "a version that could not be read was answered two lines above",
    },
    "parsers/windows/meaning/port_sets.py": {
        "_numbers: 1 -> 0 (no. 2)": "without a second number the whole match is the first one",
    },
    "parsers/windows/meaning/stages.py": {
        "stages: 0 -> -1": "where no profile denies they all permit, and which of them is quoted is open",
    },
    "parsers/cisco_asa/meaning/time_ranges.py": {
        "_day: 0 -> False": _NO_YEAR, "_day: 0 -> False (no. 2)": _NO_YEAR,
    },
    "parsers/cisco_asa/meaning/aces.py": {
        "AceReader._address: 1 -> 2 (no. 5)": "where one word is, there is one or more",
        "AceReader._address_or_open: -1 -> 1": "with a mask there are two words",
        "AceReader.standard: 1 -> 2 (no. 2)": "where one word is, there is one or more",
    },
    "parsers/cisco_asa/meaning/bindings.py": {
        "_in_force: each.family is Family.V6 -> each.family is not Family.V6":
            "they are told apart either way",
    },
    "parsers/cisco_asa/meaning/access_lists.py": {
        **_all("no entry is 0: lines count from 1, and remarks are below 0",
               "ListReader.rules: 0 -> 1", "ListReader.rules: entry < 0 -> entry <= 0"),
        **_all(_QUICK, "ListReader.rules: plain -> False",
               "_switched: not any(('inactive' in text(abs(entry)) for entry in access_list.entries)) "
               "-> False"),
        "_switched: 'inactive' in text(abs(entry)) -> 'inactive' not in text(abs(entry))":
            "only spares work: entries that are all switched off are not switched",
        "_switched: 1 -> 0 (no. 6)": "what the first one is, is said after it",
        "ListReader.rules: 1 -> 2 (no. 2)": "the same question twice",
    },
    "parsers/model/addresses.py": _all(
        "netaddr reads the common forms alike, and takes longer", "parse: plain is not None -> False",
        "_plain: slash and (not _IPV4_LENGTH.fullmatch(length)) -> True",
        "_plain: slash and (not _IPV4_LENGTH.fullmatch(length)) -> "
        "slash or not _IPV4_LENGTH.fullmatch(length)",
        "_plain: slash -> True", "_plain: not _IPV4_LENGTH.fullmatch(length) -> True",
        "_plain: low % size -> True"),
    "parsers/model/plain_rules.py": _all(
        "only spares memory: equal sets and kinds are kept once",
        "Ends.append: len(ranges) == 1 and (not addresses.v6.ranges) -> False",
        "PlainRules.__iter__: self._made.clear() -> pass", "Ends.append: number is None -> True",
        "Ends.__getitem__: known is None -> True",
        "PlainRules.append: kind is None -> True"),
    "parsers/model/intervals.py": {
        **_all(_QUICK, "IntervalSet.union: each.ranges -> True",
               "IntervalSet.union: len(several) == 1 -> False",
               "IntervalSet.__or__: not self.ranges or not other.ranges -> False",
               "IntervalSet.__or__: not self.ranges or not other.ranges -> "
               "not self.ranges and (not other.ranges)",
               "IntervalSet.__or__: not self.ranges -> False",
               "IntervalSet.__or__: not other.ranges -> False",
               "IntervalSet.__and__: short[0][0] <= long[0][0] and short[0][1] >= long[-1][1] -> False",
               "IntervalSet.__sub__: not other.ranges -> False"),
        "IntervalSet.union: 0 -> -1": "of one alone, the first is the last",
        **_all("a narrower short cut: where it is taken the same comes out",
               "IntervalSet.__and__: short[0][0] <= long[0][0] -> short[0][0] < long[0][0]",
               "IntervalSet.__and__: 0 -> -1", "IntervalSet.__and__: 0 -> 1 (no. 2)",
               "IntervalSet.__and__: 0 -> -1 (no. 2)",
               "IntervalSet.__and__: short[0][1] >= long[-1][1] -> short[0][1] > long[-1][1]",
               "IntervalSet.__and__: 1 -> 0"),
        **_all(_SPEED, "IntervalSet.__and__: len(self.ranges) <= len(other.ranges) -> "
                       "len(self.ranges) < len(other.ranges)",
               "IntervalSet.__and__: len(long) > _LOPSIDED * len(short) -> False",
               "IntervalSet.__and__: len(long) > _LOPSIDED * len(short) -> True",
               "IntervalSet.__and__: len(long) > _LOPSIDED * len(short) -> "
               "len(long) >= _LOPSIDED * len(short)",
               "IntervalSet.__and__: _LOPSIDED * len(short) -> _LOPSIDED + len(short)",
               "IntervalSet.__and__: _LOPSIDED * len(short) -> _LOPSIDED",
               "IntervalSet.overlaps: len(short) > len(long) -> False",
               "IntervalSet.overlaps: len(short) > len(long) -> True",
               "IntervalSet.overlaps: len(short) > len(long) -> len(short) >= len(long)"),
        "_canonical: high > end -> high >= end": "an end is put in the place of an equal one",
    },
    **ENGINE,
    **PROOF,
    **NFTABLES,
}
"""By the file, and by `function: before -> after` as the command prints it."""
