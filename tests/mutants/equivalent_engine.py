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
    "linter/engine/entries.py": {
        **_all("only spares memory: what is told twice is told once in the end",
               "Entry.covers: any((_inside(area, take.area) for take in self.takes)) -> "
               "all((_inside(area, take.area) for take in self.takes))",
               "_inside: one & ~other -> one | ~other", "_inside: one & ~other -> one"),
        **_all(_SPEED,
               "grouped: sum((len(each.takes) for each in entries)) <= _MANY -> "
               "sum((len(each.takes) for each in entries)) < _MANY",
               *(f"grouped: _WORTH * len(areas) <= len(takes) and len(areas) <= _MOST_AREAS -> {after}"
                 for after in ("True", "_WORTH * len(areas) <= len(takes) or len(areas) <= _MOST_AREAS")),
               *(f"grouped: _WORTH * len(areas) <= len(takes) -> {after}"
                 for after in ("True", "_WORTH * len(areas) < len(takes)")),
               "grouped: _WORTH * len(areas) -> _WORTH + len(areas)",
               "grouped: _WORTH * len(areas) -> _WORTH", "grouped: len(areas) <= _MOST_AREAS -> True",
               "grouped: len(areas) <= _MOST_AREAS -> len(areas) < _MOST_AREAS"),
        **_all("only which depth is larger counts", "grouped: 1 -> 2", "grouped: 0 -> 1", "grouped: 0 -> -1"),
        **_all("what else was possible for packets of a call is worked out there",
               *(f"grouped: 0 -> {number} (no. {at})" for number in (1, -1) for at in (2, 3))),
        **_all("only spares work: such a line is sure of no packets, or told of to nobody",
               *(f"_deciding: {change}" for change in (
                   "not entry.decides -> False", "entry.open or not entry.decides -> False",
                   "entry.open -> False",
                   "entry.open or not entry.decides -> entry.open and (not entry.decides)"))),
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
        **_all(_SPEED, "Program.called_often: 1 -> 2", "Program.called_often: 1 -> 0 (no. 2)",
               "Program.called_often: simple -> False", "Program.called_often: 2 -> 3",
               "Program.called_often: calls[use] > 1 -> True",
               "Program.called_often: calls[use] > 1 -> calls[use] >= 1",
               *("_order: visits[rows] * min(classes[columns], len(rules)) * (_OVERHEAD + classes[inner]) "
                 f"-> visits[rows] * min(classes[columns], len(rules)){more}" for more in (
                     "", " + (_OVERHEAD + classes[inner])")),
               *(f"_order: visits[rows] * min(classes[columns], len(rules)) -> {after}" for after in (
                   "visits[rows] + min(classes[columns], len(rules))", "visits[rows]")),
               "_order: min(classes[columns], len(rules)) -> max(classes[columns], len(rules))",
               "_order: _OVERHEAD + classes[inner] -> _OVERHEAD - classes[inner]",
               "_order: _OVERHEAD + classes[inner] -> _OVERHEAD",
               "_order: min(permutations(range(3)), key=work) -> max(permutations(range(3)), key=work)",
               *(f"_Services.classes: len(self._sources.members) * len(self._destinations.members) -> {after}"
                 for after in ("len(self._sources.members) + len(self._destinations.members)",
                               "len(self._sources.members)"))),
        "Program.called_often: step.rule.target -> True": "no chain has an empty name",
        **_all("of no classes, a rule takes nothing", "_Axis.number: not numbers -> False",
               "_Clipper._rule: not ports -> False"),
        **_all(_QUICK, "_Axis.number: known is None -> True", "_Services.mask: known is None -> True",
               "_Services.mask: self._seen[ports] = known -> pass",
               "_Clipper.chain: clipped.decides_all -> False", "_Clipper.chain: break -> pass",
               "_Clipper._rule: rule.conditions -> True", "_Clipper._met: key not in memo -> True",
               "_Clipper._services: known is None -> True"),
        "_Clipper._rule: rule.action is Action.CONTINUE and rule.effect is None -> False":
            "only spares work: such a rule changes nothing",
    },
    "linter/engine/stages.py": {
        **_all(_QUICK, *(f"_Traversal.run: at + 1 {change}" for change in (
            "< len(stages) -> True", "< len(stages) -> at + 1 <= len(stages)", "-> at - 1", "-> at")),
               "_Traversal.run: 1 -> 0", "_Traversal._unchanged_apart: same == piece.box -> False",
               "_first_with_effects: any((hit.stage is stage for hit in outcome.effect_hits)) -> True",
               "_cut: not any((part & box for box in boxes)) -> False", "_cut: part & box -> part"),
        **_all("rule by rule the same comes out",
               "_Traversal._tests_its_changes: hit.stage is stage -> True",
               "_Traversal._tests_its_changes: not any((isinstance(effect, Notice) for effect in effects)) "
               "-> False", "_Traversal._tests_its_changes: False -> True"),
        "_Traversal._unchanged_apart: rewriting.shift -> False": "the same packets, cut otherwise",
        "_Traversal._go_on: 1 -> 0": "each of these lines may have translated them",
        "_unresolved: not piece.sure -> True": "what a line with an open test met is not sure",
        "_unresolved: 0 -> -1": "of several questions one is asked first",
        "_pieces: len(parts) <= _MOST_PARTS -> len(parts) < _MOST_PARTS": "the same packets, in fewer parts",
        **_all("one box stands for all of them", "_joined: 0 -> 1", "_joined: 0 -> -1"),
    },
    "linter/engine/space.py": {
        **_all("a bit of no class holds no packets", "Space.everything: 1 << services -> 1 >> services",
               "Space.everything: 1 -> 2", "Space.everything: 1 -> 0"),
        "LazyBoxes._products: 3 -> 4": "what is shifted ends with the shorter one of both",
        **_all("only spares memory: fewer zeros are left out, and as many put back",
               "_shortened: max((mask & -mask).bit_length() - 1, 0) -> "
               "min((mask & -mask).bit_length() - 1, 0)",
               "_shortened: mask & -mask -> mask | -mask", "_shortened: 1 -> 2", "_shortened: few -> True"),
        "_shortened: 0 -> -1": _NOBODY,
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
    "linter/engine/relevant.py": {
        "_of_batch: users -> True": _QUICK,
        **_all("no chain has an empty name, and to what nobody calls nobody comes",
               *(f"_of_batch: {change}" for change in (
                   "mask and rule.target -> True", "mask and rule.target -> mask or rule.target",
                   "mask -> True", "rule.target -> True"))),
    },
    "linter/engine/prefilter.py": {
        **_all(_QUICK, "FirstCandidates.of: 1 << axes.size -> 1 >> axes.size", "FirstCandidates.of: 1 -> 2",
               "FirstCandidates.of: 1 -> 0", "FirstCandidates.of: not wanting -> False",
               "FirstCandidates.of: break -> pass", "Axes._meeting_columns: mask -> True",
               "Axes._meeting_columns: mask -> True (no. 2)", "Axes._meeting_rules: mask is None -> True",
               "Axes._meeting_rules: continue -> pass", "Axes._meeting_rules: not mask -> False (no. 2)",
               "Axes._meeting_rules: other is None -> True (no. 2)", "_Addresses.find: addresses.v4 -> True",
               "_Addresses.find: self[id(addresses)] = mask -> pass",
               "_Services.find: self[id(services)] = mask -> pass",
               *(f"_Axis.{where}: first == len(starts) or high < starts[first] -> False"
                 for where in ("meeting", "within")),
               "_Axis.meeting: high < starts[first] -> False",
               "_Axis.within: first == len(starts) or high < starts[first] -> "
               "first == len(starts) and high < starts[first]",
               "_Axis.within: self._table.get(row) -> False",
               "_Axis._row: max((row for row in self._table if row < wanted)) -> "
               "min((row for row in self._table if row < wanted))",
               "_Axis._row: self._table[wanted] = found -> pass"),
        "first_met: mask & -mask -> mask | -mask": "a power of two is as long as its negative",
        "Axes._meeting_columns: 0 -> -1": "no rule is of kind 0, the place of which is empty",
        **_all(_SPEED, "Axes.meeting: isinstance(rules, PlainRules) -> False",
               "Axes._meeting_columns: not kind -> True",
               "_Axis.meeting: _LOPSIDED * len(self._starts) -> _LOPSIDED + len(self._starts)"),
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
