"""Mutants that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants.alike import QUICK as _QUICK
from tests.mutants.alike import SPEED as _SPEED
from tests.mutants.alike import alike as _all
from tests.mutants.equivalent_nftables import NFTABLES
from tests.mutants.equivalent_proof import PROOF

_SPARED = "only spares work: of one finding alone, no other one is repeated"

_NO_YEAR = "no date has the year or the day 0 or False: both are refused alike"

_NOBODY = "a part of no addresses has no packets"

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
    "parsers/cisco_asa/meaning/access_lists.py": {
        "ListReader.rules: 0 -> 1": "no entry is 0: lines count from 1, and remarks are below 0",
    },
    "linter/engine/algebra.py": _all(
        _QUICK, "split: not boxes -> False", "split: whole in boxes -> False", "minus: not others -> False"),
    "linter/engine/cells.py": {
        **_all("the same packets, in more areas or in fewer",
               *(f"merged: {change}" for change in (
                   "1 -> 2", "1 -> 0", "0 -> 1", "len(areas) < 2 -> False",
                   "len(areas) < 2 -> len(areas) <= 2", "2 -> 3 (no. 2)", "2 -> 1 (no. 2)",
                   "break -> pass"))),
        **_all("only spares work: what is open for good stays so",
               "Cells._live: self._to_the_end -> True",
               "Cells._live: live & ~(state[PERMITTED] & state[DENIED]) -> live"),
        **_all(_NOBODY, "Cells.areas_in: state[slot] -> True", "_Move.__init__: live -> True"),
        **_all("what lies outside the area is not looked at",
               *(f"_take: state[{slot}] & area.inner -> state[{slot}]" for slot in (
                   "PERMITTED", "DENIED", "RETURNED"))),
        "_Row.change: rest -> True": "a part of no columns holds no packets, and is passed over",
        **_all("how much a step counts: what is given up is far from where it matters",
               "Cells.move: len(near) + 1 -> len(near)", "Cells.move: 1 -> 2", "Cells.move: 1 -> 0"),
        **_all(_QUICK, "Cells.move: not hits -> False", "Cells.move: continue -> pass",
               *(f"Cells.move: row.classes & ~wanted -> {each}" for each in (
                   "True", "row.classes | ~wanted", "row.classes")),
               *(f"Cells.move: state[slot] & through -> {each}" for each in (
                   "True", "state[slot] | through", "state[slot]")),
               "Cells.move: not row.parts -> False", "Cells.move: del self._rows[row] -> pass"),
        **_all(_SPEED, *(f"Cells._near: wanted.bit_count() < len(self._rows) -> {each}" for each in (
            "False", "True", "wanted.bit_count() <= len(self._rows)"))),
    },
    "linter/engine/call_order.py": _all(
        "only spares work: what is done is not put off again",
        "in_order: name not in done -> True", "in_order: target not in done -> True"),
    "linter/engine/classes.py": {
        **_all(_QUICK, "Classes.of: mask == self.all -> False", "Classes.of: count == 1 -> False",
               "partition: base and len(sets) == 1 and (sets[0] == base) -> False",
               "_events: numbers != base -> True"),
        "partition: 0 -> -1": "of one alone, the first is the last",
        **_all("before the first end nothing is open",
               "_pieces_by_signature: 0 -> 1", "_pieces_by_signature: 0 -> -1"),
        **_all("where there are no classes, none has a size",
               "_transposed: 0 -> 1 (no. 2)", "_transposed: 0 -> -1 (no. 2)"),
        "bits: 1 -> 0": "the letter that bin() writes before the digits is none",
        **_all(_SPEED, "bits: mask.bit_count() > _CROWDED -> True",
               "bits: mask.bit_count() > _CROWDED -> False",
               "bits: mask.bit_count() > _CROWDED -> mask.bit_count() >= _CROWDED"),
    },
    "linter/engine/changes.py": {
        **_all("of a mark whose bits are all replaced none counts", "_marked: 0 -> 1", "_marked: 0 -> -1"),
        **_all("by no bits, up and down are the same", "_moved: bits > 0 -> bits >= 0", "_moved: 0 -> -1"),
        "rewriting: effect.ports is not None -> True": "where its port is not kept, others are given",
    },
    "linter/engine/evaluate.py": {
        **_all("what no packets are left for takes none",
               "_Frame.end: self.steps = iter(()) -> pass", "_Evaluation.chain: frames[-1].end() -> pass",
               "_Evaluation.chain: frames and (not self._cells.any_in(LIVE)) -> False",
               "_Evaluation._step: True -> False", "_Evaluation._step: entered -> True",
               "_Evaluation._step: taken and sure and (not self._cells.any_in(LIVE)) -> False",
               "_Evaluation._step: taken -> True", "_Evaluation._step: sure -> True",
               "_Evaluation._step: frame.end() -> pass", "_Evaluation._give_back: inner -> True",
               "_Evaluation._note: not taken -> False", "_split: certain -> True", "_split: possible -> True",
               "_Evaluation.stage: self._stage is not None -> True"),
        **_all("turns are told apart by any numbers",
               "_Evaluation.__init__: 0 -> 1", "_Evaluation.__init__: 0 -> -1",
               "_Evaluation._repeat: 1 -> 2", "_Evaluation._note: 0 -> 1", "_Evaluation._note: 0 -> -1"),
        **_all("lines that are noted in parts are put together at the end",
               "_Evaluation._note: by.effect is not None -> True", "_Evaluation._note: changes -> True"),
        **_all("only spares memory: what is told twice is told once in the end",
               "_Evaluation._note: to != LIVE -> True",
               "_Evaluation._note: decides or not known.covers(take.area) -> True",
               "_Evaluation._note: take.elsewhere != take.area.inner -> True",
               "_Evaluation._note: to != LIVE and take.elsewhere != take.area.inner -> "
               "to != LIVE or take.elsewhere != take.area.inner"),
        **_all("packets that stay live are live after it, whichever way",
               "_Evaluation._repeat: to != LIVE or entry.matters -> True",
               "_Evaluation._take: to == LIVE -> False",
               "_Evaluation._step: step.open or rule.effect is not None -> True"),
        "_Evaluation._give_back: frame.area is None -> False": "in the end, what returned is live anyway",
        **_all("what surely returned is live by then",
               "_Evaluation._give_back: area.inner & before -> area.inner",
               "_Evaluation._give_back: area.inner & before -> area.inner | before"),
        "_Evaluation._repeat: not entry.open -> True": "what an open line takes may be elsewhere, all of it",
    },
    "linter/engine/compile.py": {
        **_all(_SPEED, "Program.called_often: 1 -> 2", "Program.called_often: 1 -> 0 (no. 2)"),
        "_Clipper._rule: rule.action is Action.CONTINUE and rule.effect is None -> False":
            "only spares work: such a rule changes nothing",
    },
    "linter/engine/stages.py": {
        "_left: True -> False": "what left a filter that was evaluated rule by rule is not cut any more",
    },
    "linter/engine/overlaps.py": _all(
        "more is looked at, all of which ends too early and is left out",
        "Overlaps.__init__: high - low -> high + low", "Overlaps.__init__: high - low -> high",
        "Overlaps.meeting: low - (1 << size) + 1 -> low - (1 << size) - 1",
        "Overlaps.meeting: low - (1 << size) + 1 -> low - (1 << size)",
        "Overlaps.meeting: 1 -> 2", "Overlaps.meeting: 1 -> 0 (no. 2)"),
    "linter/engine/prefilter.py": {
        **_all("no rule is of kind 0, the place of which is empty", "Axes._meeting_columns: 0 -> 1",
               "Axes._meeting_columns: continue -> pass"),
        **_all(_QUICK, "Axes._meeting_rules: not mask -> False", "Axes._meeting_rules: other is None -> True",
               "Axes._meeting_rules: continue -> pass (no. 2)", "_Addresses.find: addresses.v6 -> True",
               "_Axis.within: high < starts[first] -> False"),
        **_all(_SPEED, *(f"_Axis.meeting: len(numbers.ranges) > _LOPSIDED * len(self._starts) -> {after}"
                         for after in ("False", "True",
                                       "len(numbers.ranges) >= _LOPSIDED * len(self._starts)")),
               "_Axis.meeting: _LOPSIDED * len(self._starts) -> _LOPSIDED"),
        **_all("two halves of a power of two cover it, too",
               "_Axis.within: last - first + 1 -> last - first", "_Axis.within: 1 -> 0"),
        "_Axis._row: row < wanted -> row <= wanted": "a row is made where it is not there",
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
    **PROOF,
    **NFTABLES,
}
"""By the file, and by `function: before -> after` as the command prints it."""
