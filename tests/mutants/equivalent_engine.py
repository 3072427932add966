"""Mutants of the engine that no test can kill, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from tests.mutants.alike import QUICK as _QUICK
from tests.mutants.alike import SPEED as _SPEED
from tests.mutants.alike import alike as _all

_NOBODY = "a part of no addresses has no packets"

ENGINE: Mapping[str, Mapping[str, str]] = {
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
    "linter/engine/stepwise.py": _all(
        "the same packets, in fewer parts",
        "_Run._divide: len(matched) + len(rest) > _MOST_PARTS -> True",
        "_Run._divide: len(matched) + len(rest) > _MOST_PARTS -> len(matched) + len(rest) >= _MOST_PARTS"),
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
}
